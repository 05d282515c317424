"""Facts about what is demanded, delivered and not delivered, and why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from briefing.facts.index import Index
from briefing.facts.model import (
    Count,
    FactTable,
    Name,
    Quantity,
    Ratio,
    Subject,
    Term,
    Terms,
    Unit,
    Value,
)
from optimizer.plan.metrics import delivered_of
from optimizer.plan.model import Plan, Reason, ReasonKind
from optimizer.scenario.model import Demand

__all__ = ["add_deliveries"]


def add_deliveries(table: FactTable, index: Index, plan: Plan, about: Subject) -> None:
    """Add what is demanded and delivered: in all, by good, by site, and each demand left short.

    Parameters
    ----------
    table : FactTable
        Table that is added to.
    index : Index
        The scenario of the plan.
    plan : Plan
        The plan.
    about : Subject
        The plan as a subject.
    """
    dropped = delivered_of(plan.routes)
    by_mass = _Masses()
    units: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for demand in plan.scenario.demands:
        wanted_kg = index.mass_kg(demand.good, demand.quantity)
        missing_kg = index.mass_kg(demand.good, max(0, demand.quantity - dropped[demand.id]))
        for key in (about, Subject("site", demand.site), Subject("good", demand.good)):
            by_mass.count(key, wanted_kg, missing_kg)
        units[demand.good][0] += demand.quantity
        units[demand.good][1] += min(demand.quantity, dropped[demand.id])
    by_mass.count(about, 0, 0)
    by_mass.add_to(table)
    for good, (wanted, delivered) in units.items():
        subject = Subject("good", good)
        table.add(subject, "label", index.label(good))
        table.add(subject, "wanted", index.amount(good, wanted))
        table.add(subject, "delivered", index.amount(good, delivered))
        table.add(subject, "missing", index.amount(good, wanted - delivered))

    def most_urgent(demand: Demand) -> tuple[int, float]:
        left = demand.quantity - dropped[demand.id]
        return demand.priority, -index.mass_kg(demand.good, left)

    short = [d for d in plan.scenario.demands if dropped[d.id] < d.quantity]
    table.add(about, "demands", Count(len(plan.scenario.demands)))
    table.add(about, "demands_short", Count(len(short)))
    reasons = {entry.demand: entry.reasons for entry in plan.undelivered}
    for demand in sorted(short, key=most_urgent):
        subject = Subject("demand", demand.id)
        missing = demand.quantity - dropped[demand.id]
        table.add(subject, "id", Name(demand.id))
        table.add(subject, "site", Name(index.place(demand.site)))
        table.add(subject, "priority", Count(demand.priority))
        table.add(subject, "good", index.label(demand.good))
        table.add(subject, "wanted", index.amount(demand.good, demand.quantity))
        table.add(subject, "delivered", index.amount(demand.good, dropped[demand.id]))
        table.add(subject, "missing", index.amount(demand.good, missing))
        table.add(subject, "missing_supply", index.supply(demand.good, missing))
        table.add(subject, "missing_kg", Quantity(index.mass_kg(demand.good, missing), "kg"))
        given = reasons.get(demand.id, ())
        for number, reason in enumerate(given, start=1):
            _add_reason(table, index, Subject("reason", f"{demand.id}/{number}", subject), reason)
        _add_remedies(table, subject, [r for r in given if r.kind is ReasonKind.OBSERVED])


class _Masses:
    """Demanded and missing kilograms by subject."""

    def __init__(self) -> None:
        self._kg: dict[Subject, list[float]] = {}

    def count(self, subject: Subject, wanted_kg: float, missing_kg: float) -> None:
        sums = self._kg.setdefault(subject, [0.0, 0.0])
        sums[0] += wanted_kg
        sums[1] += missing_kg

    def add_to(self, table: FactTable) -> None:
        for subject, (wanted_kg, missing_kg) in self._kg.items():
            table.add(subject, "demanded_kg", Quantity(wanted_kg, "kg"))
            table.add(subject, "delivered_kg", Quantity(wanted_kg - missing_kg, "kg"))
            table.add(subject, "undelivered_kg", Quantity(missing_kg, "kg"))
            share = 1 - missing_kg / wanted_kg if wanted_kg else 1.0
            table.add(subject, "delivered_share", Ratio(share))


def _add_reason(table: FactTable, index: Index, about: Subject, reason: Reason) -> None:
    table.add(about, "kind", Term(f"reason_kind.{reason.kind.value}"))
    table.add(about, "code", Name(reason.code))
    table.add(about, "seed", None if reason.seed is None else Name(str(reason.seed)))
    if reason.budget is not None:
        table.add(about, *_budget(reason.budget))
    for key, value in _parameters(index, reason.params).items():
        table.add(about, key, value)


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


#: Units of the limits that close a road.
_BARRIERS: Mapping[str, Unit] = {"load_class": "MLC", "weight": "t", "height": "m", "width": "m"}


def _parameters(index: Index, params: Mapping[str, str | int | float]) -> dict[str, Value]:
    """Give the parameters of a reason their types; one that is not known is a name."""
    values: dict[str, Value] = {}
    for key, given in params.items():
        found = (
            _named(index, key, given) if isinstance(given, str) else _measured(key, given, params)
        )
        if key == "available" and isinstance(given, int) and "good" in params:
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
