"""Facts about what a plan changes over another one: each figure before, now, and the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    Term,
    Time,
    Value,
)
from optimizer.plan.diff_scenario import scenario_changes
from optimizer.plan.metrics import delivered_of
from optimizer.plan.model import Plan

__all__ = ["add_comparison"]

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
    _add_demands(table, part, plan, before)
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
            return Difference((new - old).total_seconds(), "s")
        case _:
            return None


def _add_fuel(table: FactTable, part: Subject, plan: Plan, before: Plan) -> None:
    was, now = (
        sum(litres for r in one.routes for t in r.trips for litres in t.fuel_l.values())
        for one in (before, plan)
    )
    _add_figure(table, part, "fuel", Quantity(was, "l"), Quantity(now, "l"))


def _add_demands(table: FactTable, part: Subject, plan: Plan, before: Plan) -> None:
    """Add which demands are newly served in full and which newly fall short."""
    whole_before, whole_now = _served(before), _served(plan)
    both = whole_before.keys() & whole_now.keys()
    asked = [d.id for d in plan.scenario.demands if d.id in both]
    better = [d for d in asked if whole_now[d] and not whole_before[d]]
    worse = [d for d in asked if whole_before[d] and not whole_now[d]]
    _names(table, part, "served_now", better)
    _names(table, part, "short_now", worse)


def _served(plan: Plan) -> Mapping[str, bool]:
    delivered = delivered_of(plan.routes)
    return {d.id: delivered[d.id] >= d.quantity for d in plan.scenario.demands}


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
