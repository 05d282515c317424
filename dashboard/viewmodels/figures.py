"""The figures that a planner looks at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from briefing.facts.model import FactTable, Quantity, Ratio, Subject, Supply, Value
from briefing.wording.values import Writer
from dashboard.i18n import Words
from optimizer.plan.model import Plan

__all__ = ["Figure", "Tone", "figures_of"]

Tone = Literal["plain", "good", "warn", "bad"]

#: Less time in hand than this is worth a warning: a flat tyre takes longer.
_TIGHT_S = 15 * 60


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the plan.

    Parameters
    ----------
    key : str
        Its name, a key of the catalogue under ``figure``.
    label : str
        What it is.
    value : str
        The figure, with its unit.
    detail : str
        A second line.
    tone : {"plain", "good", "warn", "bad"}
        How it stands; never told by colour alone.
    share : float or None
        Part of a whole, drawn as a bar.
    """

    key: str
    label: str
    value: str
    detail: str = ""
    tone: Tone = "plain"
    share: float | None = None


def figures_of(plan: Plan, table: FactTable, writer: Writer, words: Words) -> tuple[Figure, ...]:
    """Return the figures of a plan.

    Parameters
    ----------
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
    tuple of Figure
        What is delivered, what is not, what moves, how far, on what fuel, with what slack, until
        when.
    """
    about = Subject("plan", plan.id)

    def told(label: str, missing: str = "\u2013") -> str:
        fact = table.get(about, label)
        return missing if fact is None else writer.write(fact.value)

    def value(label: str) -> Value | None:
        fact = table.get(about, label)
        return None if fact is None else fact.value

    share = value("delivered_share")
    part = share.share if isinstance(share, Ratio) else 0.0
    whole = {"delivered": told("delivered_kg"), "demanded": told("demanded_kg")}
    return (
        Figure(
            "delivered",
            words("figure.delivered"),
            told("delivered_share"),
            words("figure.delivered_detail", **whole),
            _tone_of_share(part),
            part,
        ),
        _missing(plan, words, told("undelivered_kg"), value("undelivered_kg"), writer),
        Figure(
            "movement",
            words("figure.movement"),
            told("convoys", "0"),
            words(
                "figure.movement_detail",
                vehicles=told("vehicles", "0"),
                trips=told("trips", "0"),
            ),
        ),
        Figure(
            "distance",
            words("figure.distance"),
            told("distance"),
            words("figure.distance_detail", driving=_driving(plan, writer)),
        ),
        Figure("fuel", words("figure.fuel"), *_fuel(table, about, writer)),
        _slack(words, told("least_slack"), told("tightest_site", ""), value("least_slack")),
        Figure(
            "last_back",
            words("figure.last_back"),
            told("last_back"),
            told("last_convoy", ""),
        ),
    )


def _tone_of_share(share: float) -> Tone:
    return "good" if share >= 1 else "plain"


def _missing(plan: Plan, words: Words, told: str, missing: Value | None, writer: Writer) -> Figure:
    none = not (isinstance(missing, Quantity) and missing.amount > 0)
    by_priority = [
        words("figure.priority", priority=priority, mass=writer.write(Quantity(kg, "kg")))
        for priority, kg in sorted(plan.metrics.undelivered_kg_by_priority.items())
        if kg > 0
    ]
    return Figure(
        "undelivered",
        words("figure.undelivered"),
        words("figure.nothing") if none else told,
        " · ".join(by_priority) or words("figure.all_priorities"),
        "good" if none else "bad",
    )


def _driving(plan: Plan, writer: Writer) -> str:
    return writer.write(Quantity(plan.metrics.travel_s, "s"))


def _fuel(table: FactTable, about: Subject, writer: Writer) -> tuple[str, str]:
    facts = [table.get(part, "drawn") for part in table.children(about, "fuel")]
    drawn = [f.value for f in facts if f is not None and isinstance(f.value, Supply)]
    # "1,246 l of diesel": the amount is the figure, what it is of stands under it.
    amounts = [writer.write(Quantity(supply.quantity, "l")) for supply in drawn]
    return " + ".join(amounts) or "\u2013", " + ".join(writer.write(s.good) for s in drawn)


def _slack(words: Words, told: str, site: str, slack: Value | None) -> Figure:
    tight = isinstance(slack, Quantity) and slack.amount < _TIGHT_S
    return Figure("slack", words("figure.slack"), told, site, "warn" if tight else "plain")
