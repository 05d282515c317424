"""Facts about why something is undelivered: each reason with its figures typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from briefing.facts.index import Index
from briefing.facts.model import (
    Count,
    FactTable,
    Name,
    Quantity,
    Shortage,
    Subject,
    Term,
    Terms,
    Unit,
    Value,
)
from optimizer.plan.model import Reason, ReasonKind

__all__ = ["add_reasons"]


def add_reasons(table: FactTable, index: Index, about: Subject, reasons: Sequence[Reason]) -> None:
    """Add the reasons of one shortfall.

    Parameters
    ----------
    table : FactTable
        Table that is added to.
    index : Index
        The scenario of the plan.
    about : Subject
        The shortfall.
    reasons : sequence of Reason
        Why.
    """
    for number, reason in enumerate(reasons, start=1):
        _add_reason(table, index, Subject("reason", f"{about.id}/{number}", about), reason)
    _add_remedies(table, about, [r for r in reasons if r.kind is ReasonKind.OBSERVED])


def _add_reason(table: FactTable, index: Index, about: Subject, reason: Reason) -> None:
    table.add(about, "kind", Term(f"reason_kind.{reason.kind.value}"))
    table.add(about, "code", Name(reason.code))
    table.add(about, "seed", None if reason.seed is None else Name(str(reason.seed)))
    if reason.budget is not None:
        table.add(about, *_budget(reason.budget))
    given = _parameters(index, reason.params)
    for key, value in given.items():
        table.add(about, key, value)
    match given.get("range", given.get("limit")), given.get("needed"):
        case Quantity() as allowed, Quantity() as needed:
            table.add(about, "shortage", Shortage(allowed, needed))


def _add_remedies(table: FactTable, about: Subject, observed: Sequence[Reason]) -> None:
    """Add what would serve a demand, each alone, and the most that was spent to see it."""
    if len(observed) > 1:
        table.add(about, "remedies", Terms(tuple(f"lifted.{reason.code}" for reason in observed)))
    seeds = {reason.seed for reason in observed if reason.seed is not None}
    spent = [_budget(reason.budget) for reason in observed if reason.budget is not None]
    kinds = {label for label, _ in spent}
    if len(seeds) == len(kinds) == 1:
        table.add(about, "seed", Name(str(seeds.pop())))
        table.add(about, *max(spent, key=lambda budget: _size(budget[1])))


def _size(value: Value) -> float:
    match value:
        case Count(number=size) | Quantity(amount=size):
            return size
        case _:
            return 0


def _budget(text: str) -> tuple[str, Value]:
    """Give a budget, ``2000 iterations`` or ``20 s``, its type; another one is a name."""
    number, _, unit = text.partition(" ")
    if unit == "iterations" and number.isdecimal():
        return "iterations", Count(int(number))
    if unit == "s" and number.replace(".", "", 1).isdecimal():
        return "time", Quantity(float(number), "s")
    return "budget", Name(text)


#: Units of the limits that close a way.
_BARRIERS: Mapping[str, Unit] = {
    "load_class": "MLC",
    "weight": "t",
    "height": "m",
    "width": "m",
    "ford": "m",
    "ceiling": "m",
    "visibility": "m",
}


def _parameters(index: Index, params: Mapping[str, str | int | float]) -> dict[str, Value]:
    """Give the parameters of a reason their types; one that is not known is a name."""
    values: dict[str, Value] = {}
    for key, given in params.items():
        if key == "available" and given == 0:
            continue  # "only none" is not said
        found = (
            _named(index, key, given) if isinstance(given, str) else _measured(key, given, params)
        )
        if key in {"available", "most"} and isinstance(given, int) and "good" in params:
            found = key, index.supply(str(params["good"]), given)
        label, value = found or (f"param_{key}", Name(str(given)))
        values[label] = value
    return values


def _named(index: Index, key: str, given: str) -> tuple[str, Value] | None:
    match key:
        case "site":
            return key, Name(index.place(given))
        case "good":
            return key, index.labels(given.split(", "))
        case "change" | "area":
            return "barrier", Name(index.statement(given))
        case "cause":
            return key, Term(f"cause.{given}")
        case "kind":
            return "compartment_kind", Name(given)
        case _:
            return None


def _measured(
    key: str, given: float, params: Mapping[str, str | int | float]
) -> tuple[str, Value] | None:
    barrier = _BARRIERS.get(str(params.get("cause")))
    match key:
        case "needed_km" | "range_km":
            return key.removesuffix("_km"), Quantity(given * 1000, "m")
        case "needed_min":
            return "needed_time", Quantity(given * 60, "s")
        case "limit" | "needed" if barrier is not None:
            return key, Quantity(given, barrier)
        case _:
            return None
