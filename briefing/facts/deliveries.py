"""Facts about what is asked for and delivered: in all, by good, by site, and what falls short."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from briefing.facts.index import Index
from briefing.facts.model import (
    Count,
    FactTable,
    Name,
    Names,
    OutOf,
    Quantity,
    Ratio,
    Subject,
)
from briefing.facts.reasons import add_reasons
from optimizer.plan.metrics import delivered_of
from optimizer.plan.model import Plan, Reason, ReasonKind
from optimizer.scenario.model import Demand

__all__ = ["add_deliveries"]


def add_deliveries(table: FactTable, index: Index, plan: Plan, about: Subject) -> None:
    """Add what is asked for and delivered, and every demand that falls short.

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
    delivered = delivered_of(plan.routes)
    _add_masses(table, index, plan, about, delivered)
    _add_goods(table, index, plan, delivered)

    def left(demand: Demand) -> int:
        return demand.quantity - delivered[demand.id]

    def most_urgent(demand: Demand) -> tuple[int, float]:
        return demand.priority, -index.mass_kg(demand.good, left(demand))

    short = sorted((d for d in plan.scenario.demands if left(d) > 0), key=most_urgent)
    table.add(about, "demands", Count(len(plan.scenario.demands)))
    table.add(about, "demands_short", Count(len(short)))
    table.add(about, "short", OutOf(Count(len(short)), Count(len(plan.scenario.demands))))
    table.add(about, "sites", Count(len({demand.site for demand in plan.scenario.demands})))
    if short:
        # Everything up to this priority is served in full, if anything of it was asked for.
        whole = [d.priority for d in plan.scenario.demands if d.priority < short[0].priority]
        table.add(about, "whole_priority", Count(max(whole)) if whole else None)
    for demand in short:
        _add_short(table, index, demand, left(demand))
    _add_shortfalls(table, index, plan, [demand.id for demand in short])


def _add_short(table: FactTable, index: Index, demand: Demand, missing: int) -> None:
    subject, good = Subject("demand", demand.id, at=("site", demand.site)), demand.good
    table.add(subject, "id", Name(demand.id))
    table.add(subject, "site", Name(index.place(demand.site)))
    ready = demand.pickup
    table.add(subject, "pickup", Name(index.place(ready)) if ready is not None else None)
    table.add(subject, "priority", Count(demand.priority))
    table.add(subject, "good", index.label(good))
    table.add(subject, "wanted", index.amount(good, demand.quantity))
    table.add(subject, "delivered", index.amount(good, demand.quantity - missing))
    table.add(subject, "missing", index.amount(good, missing))
    table.add(subject, "missing_supply", index.supply(good, missing))
    table.add(subject, "missing_kg", Quantity(index.mass_kg(good, missing), "kg"))


def _add_shortfalls(table: FactTable, index: Index, plan: Plan, short: list[str]) -> None:
    """Add demands that fall short together, for the same reasons, in the order of the first."""
    reasons = {entry.demand: _told(entry.reasons) for entry in plan.undelivered}
    delivered = delivered_of(plan.routes)
    together: dict[str, list[str]] = {}
    stated: dict[str, tuple[Reason, ...]] = {}
    for demand in short:
        given = reasons.get(demand, ())
        key = "\n".join(reason.model_dump_json() for reason in given)
        together.setdefault(key, []).append(demand)
        stated[key] = given
    for number, (key, demands) in enumerate(together.items(), start=1):
        sites = {index.demand(demand).site for demand in demands}
        at = ("site", sites.pop()) if len(sites) == 1 else None
        subject = Subject("shortfall", str(number), at=at)
        table.add(subject, "demands", Names(tuple(demands)))
        table.add(subject, "reason", Count(number))
        table.add(subject, "number", Count(len(demands)))
        asked = [index.demand(demand) for demand in demands]
        missing_kg = sum(index.mass_kg(d.good, d.quantity - delivered[d.id]) for d in asked)
        table.add(subject, "missing_kg", Quantity(missing_kg, "kg"))
        for one in asked:
            table.add(Subject("demand", one.id), "reason", Count(number))
        add_reasons(table, index, subject, stated[key])


def _told(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Leave out of reasons what nobody tells, so that demands told alike stand together.

    Of several remedies that were seen to serve, each alone, only their names are told.
    """
    seen = [reason for reason in reasons if reason.kind is ReasonKind.OBSERVED]
    if len(seen) < 2:  # noqa: PLR2004 - several
        return reasons
    return tuple(r.model_copy(update={"params": {}}) if r in seen else r for r in reasons)


def _add_goods(table: FactTable, index: Index, plan: Plan, delivered: Mapping[str, int]) -> None:
    wanted: Counter[str] = Counter()
    brought: Counter[str] = Counter()
    for demand in plan.scenario.demands:
        wanted[demand.good] += demand.quantity
        brought[demand.good] += min(demand.quantity, delivered.get(demand.id, 0))
    for good, quantity in wanted.items():
        subject = Subject("good", good)
        table.add(subject, "label", index.label(good))
        table.add(subject, "wanted", index.amount(good, quantity))
        table.add(subject, "delivered", index.amount(good, brought[good]))
        table.add(subject, "missing", index.amount(good, quantity - brought[good]))


def _add_masses(
    table: FactTable, index: Index, plan: Plan, about: Subject, delivered: Mapping[str, int]
) -> None:
    wanted_kg: defaultdict[Subject, float] = defaultdict(float)
    missing_kg: defaultdict[Subject, float] = defaultdict(float, {about: 0.0})
    for demand in plan.scenario.demands:
        left = max(0, demand.quantity - delivered.get(demand.id, 0))
        for subject in (about, Subject("site", demand.site), Subject("good", demand.good)):
            wanted_kg[subject] += index.mass_kg(demand.good, demand.quantity)
            missing_kg[subject] += index.mass_kg(demand.good, left)
    for subject, missing in missing_kg.items():
        wanted = wanted_kg[subject]
        table.add(subject, "demanded_kg", Quantity(wanted, "kg"))
        table.add(subject, "delivered_kg", Quantity(wanted - missing, "kg"))
        brought = OutOf(Quantity(wanted - missing, "kg"), Quantity(wanted, "kg"))
        table.add(subject, "delivered", brought if subject == about else None)
        table.add(subject, "undelivered_kg", Quantity(missing, "kg"))
        table.add(subject, "delivered_share", Ratio(1 - missing / wanted if wanted else 1.0))
