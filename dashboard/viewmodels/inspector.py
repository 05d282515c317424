"""What is known of the thing that is selected: its facts, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from briefing.facts.model import Fact, FactTable, Subject
from briefing.wording.values import Writer
from dashboard.i18n import Words
from dashboard.viewmodels.tale import selection_of
from optimizer.plan.model import Plan
from optimizer.units import to_mgrs

__all__ = ["Card", "Line", "card_of", "facts_behind", "related_to"]

_CONVOY = (
    "base",
    "vehicles",
    "load_class",
    "length",
    "trips",
    "carried",
    "distance",
    "driving",
    "first_loading",
    "first_departure",
    "back",
    "least_slack",
    "tightest_site",
)
_SITE = ("demanded_kg", "delivered_kg", "undelivered_kg", "delivered_share")
_DEMAND = ("site", "good", "priority", "wanted", "delivered", "missing")


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: what it says, its value, its id, and what it selects."""

    label: str
    value: str
    fact: str = ""
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one thing."""

    kind: str
    id: str
    title: str
    lines: tuple[Line, ...]


def card_of(
    kind: str, name: str, plan: Plan, *, table: FactTable, writer: Writer, words: Words
) -> Card:
    """Return what is known of something on the map.

    Parameters
    ----------
    kind : str
        ``"convoy"``, ``"site"``, ``"demand"``, ``"area"`` or ``"change"``.
    name : str
        Its id.
    plan : Plan
        The plan.
    table : FactTable
        Its facts.
    writer : Writer
        Writes values.
    words : Words
        Labels.

    Returns
    -------
    Card
        Title and facts; without lines for what the plan does not know.
    """
    labels: Mapping[str, tuple[str, ...]] = {
        "convoy": _CONVOY,
        "site": _SITE,
        "demand": _DEMAND,
    }
    about = _subject(kind, name, plan)
    facts = table.of(about)
    chosen: Iterable[str] = labels.get(kind, tuple(facts))
    here = f"{kind}:{name}"
    lines = [_line(facts[label], writer, words, here) for label in chosen if label in facts]
    if kind == "site":
        lines = [*_site_lines(name, plan, words), *lines]
    return Card(kind, name, _title(kind, name, plan), tuple(lines))


def facts_behind(
    ids: Iterable[str], table: FactTable, writer: Writer, words: Words
) -> tuple[Line, ...]:
    """Return the facts that a sentence rests on.

    Parameters
    ----------
    ids : iterable of str
        Ids of facts.
    table : FactTable
        Facts of the plan.
    writer : Writer
        Writes values.
    words : Words
        Labels.

    Returns
    -------
    tuple of Line
        In the order of the sentence.
    """
    wanted = list(ids)
    found = {fact.id: fact for fact in table if fact.id in set(wanted)}
    return tuple(_line(found[name], writer, words) for name in wanted if name in found)


def related_to(plan: Plan) -> dict[str, list[str]]:
    """Return what goes together: a convoy with base and stops, a demand with site and convoys.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    dict
        For each ``kind:id`` the others that are shown beside it.
    """
    pairs: set[tuple[str, str]] = set()
    for demand in plan.scenario.demands:
        pairs.add((f"demand:{demand.id}", f"site:{demand.site}"))
        if demand.pickup is not None:
            pairs.add((f"demand:{demand.id}", f"site:{demand.pickup}"))
    for route in plan.routes:
        convoy = f"convoy:{route.convoy}"
        for trip in route.trips:
            pairs.add((convoy, f"site:{trip.base}"))
            for stop in trip.stops:
                pairs.add((convoy, f"site:{stop.site}"))
                pairs.update((convoy, f"demand:{drop.demand}") for drop in stop.drops)
    related: dict[str, list[str]] = {}
    for one, other in sorted(pairs):
        related.setdefault(one, []).append(other)
        related.setdefault(other, []).append(one)
    return related


def _subject(kind: str, name: str, plan: Plan) -> Subject:
    inside = kind in {"area", "change"}
    return Subject(kind, name, Subject("plan", plan.id) if inside else None)


def _line(fact: Fact, writer: Writer, words: Words, here: str | None = None) -> Line:
    """Tell a fact; behind a sentence also whose it is, and where that lies."""
    label = words.maybe(f"fact.{fact.label}") or fact.label.replace("_", " ")
    if here is not None:
        return Line(label, writer.write(fact.value), fact.id)
    if fact.label == "id":
        # What has a name of its own needs no word for that: "Demand", and which.
        label = words.maybe(f"inspector.{fact.subject.kind}") or label
    elif fact.subject.kind != "plan":
        label = f"{label} · {fact.subject.id}"
    return Line(label, writer.write(fact.value), fact.id, selection_of(fact))


def _title(kind: str, name: str, plan: Plan) -> str:
    scenario = plan.scenario
    labels: dict[str, dict[str, str]] = {
        "convoy": {convoy.id: convoy.label for convoy in scenario.convoys},
        "site": {site.id: site.label for site in scenario.sites},
        "area": {area.id: area.label for area in scenario.areas},
        "change": {change.id: change.label for change in scenario.changes},
    }
    return labels.get(kind, {}).get(name) or name


def _site_lines(name: str, plan: Plan, words: Words) -> Iterator[Line]:
    site = next((site for site in plan.scenario.sites if site.id == name), None)
    if site is None:
        return
    if site.position is not None:
        yield Line(words("fact.mgrs"), to_mgrs(*site.position.lonlat, precision=4))
    if site.note:
        yield Line(words("fact.note"), site.note)
