"""What changed from one plan to another: figures beside each other, and a line for each change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from briefing.facts.model import Count, Quantity, Time, Value
from briefing.wording.values import Writer
from dashboard.i18n import Words
from dashboard.viewmodels.remarks import Remark, remarks_of
from optimizer.plan.model import Plan

__all__ = ["Comparison", "Difference", "compared"]

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
        Every main figure, changed or not, and a line for each change; those about figures are left
        to the table.
    """
    remarks = remarks_of(before, after, writer, words)
    return Comparison(tuple(_figures(before, after, writer, words)), remarks)


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
