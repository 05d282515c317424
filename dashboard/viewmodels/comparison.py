"""What changed from one plan to another: figures beside each other, and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from briefing.facts.model import Count, Quantity, Time, Value
from briefing.wording.values import Writer
from dashboard.i18n import Words
from optimizer.plan.diff import Change, PlanDiff, diff_plans
from optimizer.plan.diff_text import diff_text
from optimizer.plan.model import Plan

__all__ = ["Comparison", "Difference", "Remark", "compared"]

Better = Literal["better", "worse", "same"]

#: Metric, and what it is measured in; for all of them less is better, but for what is delivered.
_METRICS: dict[str, str] = {
    "delivered_kg": "kg",
    "lateness_s": "s",
    "exposure_milli": "exposure",
    "travel_s": "s",
    "distance_m": "m",
    "convoys": "count",
    "vehicles": "count",
    "trips": "count",
    "least_slack_s": "s",
}
_MORE_IS_BETTER = {"delivered_kg", "least_slack_s"}
_NEUTRAL = {"convoys", "vehicles", "trips"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of both plans."""

    label: str
    before: str
    after: str
    change: str
    better: Better


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about one change, and what it selects on the page."""

    subject: str
    text: str
    place: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed."""

    figures: tuple[Difference, ...]
    remarks: tuple[Remark, ...]


def compared(before: Plan, after: Plan, writer: Writer, words: Words) -> Comparison:
    """Compare two plans.

    Parameters
    ----------
    before, after : Plan
        Plans of one work.
    writer : Writer
        Writes values.
    words : Words
        Labels.

    Returns
    -------
    Comparison
        Every main figure, changed or not, and a sentence for each change; those about figures are
        left to the table.
    """
    diff = diff_plans(before, after)
    remarks = tuple(
        Remark(
            change.subject,
            _said(replace(diff, changes=(change,)), (after, before), words),
            _place(change),
        )
        for change in diff.changes
        if change.subject != "metric"
    )
    return Comparison(tuple(_figures(before, after, writer, words)), remarks)


def _said(diff: PlanDiff, plans: Sequence[Plan], words: Words) -> str:
    """Say one change; what stands on the ground by its name, of which the id says nothing."""
    text = diff_text(diff, words.language).splitlines()[-1].strip()
    (change,) = diff.changes
    section, _, rest = change.id.partition("/")
    if change.subject != "scenario" or section not in {"areas", "changes"}:
        return text
    name = rest.partition("/")[0]
    things = [one for plan in plans for one in getattr(plan.scenario, section)]
    label = next((one.label for one in things if one.id == name and one.label), None)
    return text if label is None else text.replace(f"{section}/{name}", label, 1)


def _place(change: Change) -> str | None:
    if change.subject == "scenario":
        section, _, name = change.id.partition("/")
        kinds = {"areas": "area", "changes": "change", "sites": "site", "demands": "demand"}
        return f"{kinds[section]}:{name.partition('/')[0]}" if section in kinds else None
    return f"{change.subject}:{change.id}"


def _figures(before: Plan, after: Plan, writer: Writer, words: Words) -> Iterator[Difference]:
    old, new = before.metrics, after.metrics
    missing = [sum(metrics.undelivered_kg_by_priority.values()) for metrics in (old, new)]
    yield _difference("undelivered_kg", "kg", missing, writer, words)
    for name, unit in _METRICS.items():
        was, now = getattr(old, name), getattr(new, name)
        if was is not None and now is not None:
            yield _difference(name, unit, (was, now), writer, words)
    fuel = [sum(metrics.fuel_l.values()) for metrics in (old, new)]
    yield _difference("fuel_l", "l", fuel, writer, words)
    if old.finish is not None and new.finish is not None:
        later = (new.finish - old.finish).total_seconds()
        yield Difference(
            words("compare.finish"),
            writer.write(Time(old.finish)),
            writer.write(Time(new.finish)),
            _signed(later, "s", writer),
            _better("finish", later),
        )


def _difference(
    name: str, unit: str, amounts: Sequence[float], writer: Writer, words: Words
) -> Difference:
    was, now = amounts
    return Difference(
        words(f"compare.{name}"),
        _told(was, unit, writer),
        _told(now, unit, writer),
        _signed(now - was, unit, writer),
        _better(name, now - was),
    )


def _told(amount: float, unit: str, writer: Writer) -> str:
    value: Value
    match unit:
        case "kg" | "m" | "s" | "l":
            value = Quantity(amount, unit)
        case "exposure":
            value = Quantity(amount / 1000, unit)
        case _:
            value = Count(round(amount))
    return writer.write(value)


def _signed(change: float, unit: str, writer: Writer) -> str:
    if not round(change, 3):
        return "="
    sign = "+" if change > 0 else "\u2212"
    return f"{sign}{_told(abs(change), unit, writer)}"


def _better(name: str, change: float) -> Better:
    if name in _NEUTRAL or not round(change, 3):
        return "same"
    return "better" if (change > 0) == (name in _MORE_IS_BETTER) else "worse"
