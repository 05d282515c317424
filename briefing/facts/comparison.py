"""Facts about what a plan changes over another one: each figure before, now, and the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from briefing.facts.index import Index
from briefing.facts.model import (
    Count,
    Difference,
    FactTable,
    Name,
    Names,
    Quantity,
    Subject,
    Supplies,
    Term,
    Time,
    Value,
)
from optimizer.plan.diff_scenario import scenario_changes
from optimizer.plan.metrics import delivered_of
from optimizer.plan.model import Plan
from optimizer.scenario.model import Demand

__all__ = ["FOREMOST", "add_comparison"]

#: Figures of a plan that are compared, in the order in which they are told.
_FIGURES = (
    "delivered_kg",
    "undelivered_kg",
    "demands_short",
    "late_demands",
    "convoys",
    "vehicles",
    "trips",
    "distance",
    "exposure",
    "first_loading",
    "last_back",
    "least_slack",
)
#: So many demands are named in a sentence, the most urgent; a table tells the others.
FOREMOST = 3
#: Parts of a scenario that are told by name; others by the part that they belong to.
_NAMED = ("areas", "changes", "sites", "demands", "convoys")
#: Of the paper and not of the question.
_PAPER = frozenset({"documents", "id", "title", "note", "sources"})


def add_comparison(
    table: FactTable, index: Index, plan: Plan, before: Plan, earlier: FactTable
) -> None:
    """Add what a plan changes over another one.

    Parameters
    ----------
    table : FactTable
        Table that is added to; the figures of the plan are in it.
    index : Index
        The scenario of the plan.
    plan : Plan
        The plan.
    before : Plan
        The plan that it is compared with.
    earlier : FactTable
        Facts of that plan.
    """
    about = Subject("plan", plan.id)
    part = Subject("comparison", before.id, about)
    table.add(part, "before", Name(before.id))
    table.add(part, "made", Time(before.provenance.created))
    (old,) = earlier.children(None, "plan")
    for label in _FIGURES:
        was, now = (
            fact.value if fact else None
            for fact in (earlier.get(old, label), table.get(about, label))
        )
        _add_figure(table, part, label, was, now)
    _add_fuel(table, part, plan, before)
    _add_demands(table, index, part, plan, before)
    old_convoys = {route.convoy for route in before.routes if route.trips}
    new_convoys = {route.convoy for route in plan.routes if route.trips}
    _names(table, part, "convoys_added", sorted(new_convoys - old_convoys))
    _names(table, part, "convoys_gone", sorted(old_convoys - new_convoys))
    _add_question(table, index, part, plan, before)


def _add_figure(
    table: FactTable, part: Subject, label: str, was: Value | None, now: Value | None
) -> None:
    zero: Value | None = None
    match was or now:
        case Quantity(unit=unit) if label != "least_slack":
            zero = Quantity(0, unit)
        case Count():
            zero = Count(0)
    was, now = was or zero, now or zero
    grew = _difference(was, now)
    if was is None and now is None:
        return
    figure = Subject("figure", label, part)
    table.add(figure, "name", Term(f"figure.{label}"))
    table.add(figure, "before", was)
    table.add(figure, "now", now)
    table.add(figure, "difference", grew)


def _difference(was: Value | None, now: Value | None) -> Difference | None:
    match was, now:
        case Quantity(amount=old, unit=unit), Quantity(amount=new):
            return Difference(new - old, unit)
        case Count(number=old), Count(number=new):
            return Difference(new - old)
        case Time(at=datetime() as old), Time(at=datetime() as new):
            # Of the minutes that date-time groups tell: a reader who subtracts finds the same.
            old, new = (at.replace(second=0, microsecond=0) for at in (old, new))
            return Difference((new - old).total_seconds(), "s")
        case _:
            return None


def _add_fuel(table: FactTable, part: Subject, plan: Plan, before: Plan) -> None:
    was, now = (
        sum(litres for r in one.routes for t in r.trips for litres in t.fuel_l.values())
        for one in (before, plan)
    )
    _add_figure(table, part, "fuel", Quantity(was, "l"), Quantity(now, "l"))


def _add_demands(table: FactTable, index: Index, part: Subject, plan: Plan, before: Plan) -> None:
    """Add which demands are newly served in full and which newly fall short."""
    now, was = delivered_of(plan.routes), delivered_of(before.routes)
    asked_before = {d.id: d.quantity for d in before.scenario.demands}
    both = [d for d in plan.scenario.demands if d.id in asked_before]

    def is_whole(demand: Demand) -> bool:
        return now[demand.id] >= demand.quantity

    def most_urgent(demand: Demand) -> tuple[int, float]:
        return demand.priority, -index.mass_kg(demand.good, _told(demand, now))

    turned = [
        d for d in sorted(both, key=most_urgent) if is_whole(d) != (was[d.id] >= asked_before[d.id])
    ]
    for turn, demands in (
        ("served_now", [d for d in turned if is_whole(d)]),
        ("short_now", [d for d in turned if not is_whole(d)]),
    ):
        if demands:
            _add_turn(table, index, Subject("turn", turn, part), demands, (was, now))


def _add_turn(
    table: FactTable,
    index: Index,
    about: Subject,
    demands: Sequence[Demand],
    delivered: tuple[Mapping[str, int], Mapping[str, int]],
) -> None:
    """Add how many demands turned, each of them, and where the most urgent few are."""
    was, now = delivered
    table.add(about, "number", Count(len(demands)))
    table.add(about, "sites", Count(len({demand.site for demand in demands})))
    for demand in demands:
        at = ("site", demand.site)
        one = Subject("turned", f"{about.id}/{demand.id}", about, at=at)
        table.add(one, "id", Name(demand.id))
        table.add(one, "site", Name(index.place(demand.site)))
        table.add(one, "good", index.label(demand.good))
        table.add(one, "priority", Count(demand.priority))
        table.add(one, "wanted", index.amount(demand.good, demand.quantity))
        table.add(one, "before", index.amount(demand.good, was[demand.id]))
        table.add(one, "now", index.amount(demand.good, now[demand.id]))
    together: dict[tuple[str, int], list[Demand]] = {}
    for demand in demands[:FOREMOST]:
        together.setdefault((demand.site, demand.priority), []).append(demand)
    for (site, priority), some in together.items():
        place = Subject("foremost", f"{about.id}/{site}/{priority}", about, at=("site", site))
        told = tuple(index.supply(d.good, _told(d, now)) for d in some)
        table.add(place, "site", Name(index.place(site)))
        table.add(place, "priority", Count(priority))
        table.add(place, "supplies", Supplies(told))


def _told(demand: Demand, delivered: Mapping[str, int]) -> int:
    """Return how much of a demand is missing; all of it where nothing is."""
    return max(0, demand.quantity - delivered[demand.id]) or demand.quantity


def _add_question(table: FactTable, index: Index, part: Subject, plan: Plan, before: Plan) -> None:
    """Add what was asked differently."""
    found: dict[str, dict[str, None]] = {"added": {}, "removed": {}, "modified": {}}
    others: dict[str, None] = {}
    old = Index(before)
    for place, what, _, _ in scenario_changes(before, plan):
        top, _, rest = place.partition("/")
        if top in _PAPER:
            continue
        if top not in _NAMED or not rest:
            others[f"asked.{top}"] = None
            continue
        name, _, inner = rest.partition("/")
        known = old if what == "removed" and not inner else index
        found["modified" if inner else what][known.called(top, name)] = None
    for what, names in found.items():
        _names(table, part, f"asked_{what}", names)
    for key in others:
        table.add(Subject("asked", key, part), "what", Term(key))
    same = not others and not any(found.values())
    table.add(part, "same_question", Term("same_question") if same else None)


def _names(table: FactTable, part: Subject, label: str, names: Iterable[str]) -> None:
    told = tuple(names)
    table.add(part, label, Names(told) if told else None)
