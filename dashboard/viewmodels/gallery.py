"""The start page: bundled scenarios, and the works that can be continued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dashboard.i18n import Words
from dashboard.work import Work
from optimizer.scenario.convoys import convoys_of, vehicles_of
from optimizer.scenario.model import Scenario

__all__ = ["Choice", "Continued", "choice_of", "continued_of"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A scenario that can be begun with."""

    name: str
    title: str
    figures: tuple[tuple[str, str], ...]
    says: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Continued:
    """A work that can be continued."""

    id: str
    title: str
    when: str
    state: str
    tone: str


def choice_of(name: str, scenario: Scenario, words: Words) -> Choice:
    """Return the card of a scenario.

    Parameters
    ----------
    name : str
        Name of its file.
    scenario : Scenario
        The scenario.
    words : Words
        Labels.

    Returns
    -------
    Choice
        The card.
    """
    theatre = scenario.theatre.name if scenario.theatre else words("start.own_matrices")
    figures = (
        (words("start.sites"), str(len(scenario.sites))),
        (words("start.demands"), str(len(scenario.demands))),
        (words("start.vehicles"), str(len(vehicles_of(scenario)))),
        (words("start.convoys"), str(len(convoys_of(scenario)))),
        (words("start.theatre"), theatre),
    )
    says = words.maybe(f"start.says_{name}") or ""
    return Choice(name, scenario.title or scenario.id, figures, says, scenario.illustrative)


def continued_of(works: Iterable[Work], now: datetime, words: Words) -> tuple[Continued, ...]:
    """Return the list of works.

    Parameters
    ----------
    works : iterable of Work
        Works, the one changed last first.
    now : datetime
        The time.
    words : Words
        Words for times and states.

    Returns
    -------
    tuple of Continued
        One a work.
    """
    return tuple(_continued(work, now, words) for work in works)


_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


def _continued(work: Work, now: datetime, words: Words) -> Continued:
    state = work.last.state if work.last is not None else "none"
    tone = {"done": "good", "cancelled": "warn", "failed": "bad"}.get(state, "plain")
    seconds = (now - work.changed).total_seconds()
    if seconds < _MINUTE_S:
        when = words("start.just_now")
    elif seconds < _HOUR_S:
        when = words("start.minutes_ago", number=int(seconds // _MINUTE_S))
    elif seconds < _DAY_S:
        when = words("start.hours_ago", number=int(seconds // _HOUR_S))
    else:
        when = words("start.days_ago", number=int(seconds // _DAY_S))
    edits = f" · {words('start.edits', number=len(work.edits))}" if work.edits else ""
    plans = f" · {words('start.plans', number=len(work.plans))}" if work.plans else ""
    told = f"{work.id} · {words(f'state.{state}')}{plans}{edits}"
    return Continued(work.id, work.title, when, told, tone)
