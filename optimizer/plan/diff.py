"""What changed between two plans: for convoys, for demands, in the metrics, in what was asked.

A difference is a flat list of changes, each about one thing: what it is, its id, what happened to
it, and what it was before and is after. `optimizer.plan.diff_text` puts it into words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from optimizer.plan.diff_scenario import scenario_changes
from optimizer.plan.model import Plan, Route
from optimizer.scenario.convoys import goods_of

__all__ = ["Change", "PlanDiff", "diff_plans"]

Value = str | int | float | datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was.

    Parameters
    ----------
    subject : str
        ``"scenario"``, ``"convoy"``, ``"demand"`` or ``"metric"``.
    id : str
        Of the convoy or demand; name of the metric; place in the scenario, such as ``sites/alpha``.
    what : str
        What happened: a key of ``data/messages/diff.toml`` after the subject.
    before, after : str, int, float, datetime or None
        What it was and what it is; None where there is nothing.
    """

    subject: str
    id: str
    what: str
    before: Value = None
    after: Value = None


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """What changed from one plan to another.

    Parameters
    ----------
    before, after : str
        Ids of the plans.
    zone : str
        Zone that times are shown in.
    changes : tuple of Change
        The scenario first, then convoys, demands and metrics.
    """

    before: str
    after: str
    zone: str
    changes: tuple[Change, ...]

    def of(self, subject: str) -> tuple[Change, ...]:
        """Return the changes of one subject.

        Parameters
        ----------
        subject : str
            As in `Change`.

        Returns
        -------
        tuple of Change
            In order.
        """
        return tuple(change for change in self.changes if change.subject == subject)


def diff_plans(before: Plan, after: Plan) -> PlanDiff:
    """Compare two plans.

    Parameters
    ----------
    before, after : Plan
        Plans, of the same scenario or of two.

    Returns
    -------
    PlanDiff
        Everything that is not the same; empty for the same answer to the same question.
    """
    changes = [
        *(Change("scenario", *found) for found in scenario_changes(before, after)),
        *_convoys(before, after),
        *_demands(before, after),
        *_metrics(before, after),
    ]
    return PlanDiff(before.id, after.id, after.scenario.display_zone, tuple(changes))


def _convoys(before: Plan, after: Plan) -> Iterator[Change]:
    old = {route.convoy: route for route in before.routes}
    new = {route.convoy: route for route in after.routes}
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            yield Change("convoy", name, "stays", _way(old[name]))
        elif name not in old:
            yield Change("convoy", name, "goes", None, _way(new[name]))
        else:
            yield from _convoy(name, (old[name], before), (new[name], after))


def _convoy(name: str, before: tuple[Route, Plan], after: tuple[Route, Plan]) -> Iterator[Change]:
    old, new = before[0], after[0]
    for what, was, now in (
        ("vehicles", ", ".join(old.vehicles), ", ".join(new.vehicles)),
        ("trips", len(old.trips), len(new.trips)),
        ("way", _way(old), _way(new)),
        ("departs", old.trips[0].depart, new.trips[0].depart),
        ("returns", old.trips[-1].end, new.trips[-1].end),
        ("load", _load_kg(*before), _load_kg(*after)),
    ):
        if was != now:
            yield Change("convoy", name, what, was, now)
    if _way(old) == _way(new) and _ground(old) != _ground(new):
        yield Change("convoy", name, "path")


def _way(route: Route) -> str:
    """Write the sites of a route, trip by trip."""
    return "; ".join(
        ", ".join([trip.base, *(stop.site for stop in trip.stops), trip.base])
        for trip in route.trips
    )


def _ground(route: Route) -> list[object]:
    return [leg.path for trip in route.trips for leg in trip.legs]


def _load_kg(route: Route, plan: Plan) -> float:
    goods = goods_of(plan.scenario)
    items = [item for trip in route.trips for item in trip.load]
    return round(sum(item.quantity * goods[item.good].unit_mass_kg for item in items), 1)


def _demands(before: Plan, after: Plan) -> Iterator[Change]:
    old, new = _deliveries(before), _deliveries(after)
    asked = {d.id for d in before.scenario.demands} & {d.id for d in after.scenario.demands}
    for demand in after.scenario.demands:
        if demand.id not in asked:
            continue  # told as a change of the scenario
        was, now = old.get(demand.id, []), new.get(demand.id, [])
        had, has = sum(row[2] for row in was), sum(row[2] for row in now)
        if had != has:
            what = "delivered" if not had else "dropped" if not has else "quantity"
            yield Change("demand", demand.id, what, had, has)
        if was and now:
            yield from _moved(demand.id, was, now)
        if not has or had > has:
            yield from _reasons(demand.id, before, after)


def _moved(
    demand: str,
    was: Sequence[tuple[str, datetime, int]],
    now: Sequence[tuple[str, datetime, int]],
) -> Iterator[Change]:
    convoys = [", ".join(dict.fromkeys(row[0] for row in rows)) for rows in (was, now)]
    if convoys[0] != convoys[1]:
        yield Change("demand", demand, "moved", *convoys)
    first, last = ([pick(row[1] for row in rows) for rows in (was, now)] for pick in (min, max))
    if last[0] != last[1]:
        yield Change("demand", demand, "retimed", *last)
    elif first[0] != first[1]:
        yield Change("demand", demand, "begun", *first)


def _reasons(demand: str, before: Plan, after: Plan) -> Iterator[Change]:
    codes = [
        ", ".join(
            f"{reason.code} ({reason.kind})" if reason.code != reason.kind else reason.code
            for item in plan.undelivered
            if item.demand == demand
            for reason in item.reasons
        )
        for plan in (before, after)
    ]
    if codes[0] != codes[1] and codes[1]:
        yield Change("demand", demand, "reason", codes[0] or None, codes[1])


def _deliveries(plan: Plan) -> Mapping[str, list[tuple[str, datetime, int]]]:
    """Return convoy, start and units of every drop, by demand."""
    found: dict[str, list[tuple[str, datetime, int]]] = {}
    for route in plan.routes:
        for trip in route.trips:
            for stop in trip.stops:
                for drop in stop.drops:
                    row = (route.convoy, stop.start, drop.quantity)
                    found.setdefault(drop.demand, []).append(row)
    return found


def _metrics(before: Plan, after: Plan) -> Iterator[Change]:
    old, new = before.metrics, after.metrics
    for name in type(old).model_fields:
        was, now = getattr(old, name), getattr(new, name)
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            for key in sorted({*was, *now}, key=str):
                if was.get(key, 0) != now.get(key, 0):
                    yield Change("metric", f"{name}/{key}", name, was.get(key, 0), now.get(key, 0))
        elif was != now:
            yield Change("metric", name, name, was, now)
