"""What plan and scenario name exists, once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from optimizer.scenario.convoys import goods_of, vehicles_of
from optimizer.scenario.model import Scenario
from optimizer.verify.case import Case, Violation, violation

__all__ = ["in_plan", "in_scenario"]


def in_scenario(scenario: Scenario) -> Iterator[Violation]:
    """Yield the ids that a scenario names and does not have, or has twice.

    With any of these a plan cannot be followed, so they are told alone.

    Parameters
    ----------
    scenario : Scenario
        Scenario of a plan.

    Yields
    ------
    Violation
        One for each place.
    """
    sites = {site.id for site in scenario.sites}
    types = {kind.id for kind in scenario.vehicle_types}
    named = list(_named_by_supply(scenario, sites))
    for number, entry in enumerate(scenario.fleet):
        named += _known(entry.type, types, f"/scenario/fleet/{number}/type")
        named += _known(entry.base, sites, f"/scenario/fleet/{number}/base")
    yield from named
    yield from _once((site.id for site in scenario.sites), "/scenario/sites")
    yield from _once((demand.id for demand in scenario.demands), "/scenario/demands")
    yield from _once((base.site for base in scenario.bases), "/scenario/bases")
    yield from _once((convoy.id for convoy in scenario.convoys), "/scenario/convoys")
    yield from _once((table.mobility for table in scenario.matrices), "/scenario/matrices")
    if not named:
        yield from _of_vehicles(scenario)


def _named_by_supply(scenario: Scenario, sites: Container[str]) -> Iterator[Violation]:
    goods = goods_of(scenario)
    for number, base in enumerate(scenario.bases):
        yield from _known(base.site, sites, f"/scenario/bases/{number}/site")
        for index, stock in enumerate(base.stock):
            yield from _known(stock.good, goods, f"/scenario/bases/{number}/stock/{index}/good")
    for number, demand in enumerate(scenario.demands):
        yield from _known(demand.site, sites, f"/scenario/demands/{number}/site")
        if demand.pickup is not None:
            yield from _known(demand.pickup, sites, f"/scenario/demands/{number}/pickup")
        yield from _known(demand.good, goods, f"/scenario/demands/{number}/good")


def _of_vehicles(scenario: Scenario) -> Iterator[Violation]:
    ids = [vehicle.id for vehicle in vehicles_of(scenario)]
    yield from _once(ids, "/scenario/fleet")
    taken: set[str] = set()
    for number, convoy in enumerate(scenario.convoys):
        for index, vehicle in enumerate(convoy.vehicles):
            pointer = f"/scenario/convoys/{number}/vehicles/{index}"
            yield from _known(vehicle, set(ids), pointer)
            if vehicle in taken:
                yield violation("vehicle.twice", pointer, vehicle=vehicle)
            taken.add(vehicle)


def in_plan(case: Case) -> Iterator[Violation]:
    """Yield the ids that a plan names and its scenario does not have, or that it names twice.

    Parameters
    ----------
    case : Case
        Case.

    Yields
    ------
    Violation
        One for each place.
    """
    plan = case.plan
    yield from _once((route.id for route in plan.routes), "/routes")
    for number, route in enumerate(plan.routes):
        here = f"/routes/{number}"
        yield from _known(route.convoy, case.convoys, f"{here}/convoy")
        for index, trip in enumerate(route.trips):
            yield from _known(trip.base, case.bases, f"{here}/trips/{index}/base")
            for place, item in enumerate(trip.load):
                pointer = f"{here}/trips/{index}/load/{place}/good"
                yield from _known(item.good, case.goods, pointer)
            for place, stop in enumerate(trip.stops):
                pointer = f"{here}/trips/{index}/stops/{place}"
                yield from _known(stop.site, case.sites, f"{pointer}/site")
                for position, drop in enumerate(stop.drops):
                    yield from _known(
                        drop.demand, case.demands, f"{pointer}/drops/{position}/demand"
                    )
                for position, item in enumerate(stop.pickups):
                    here_too = f"{pointer}/pickups/{position}"
                    yield from _known(item.demand, case.demands, f"{here_too}/demand")
                    yield from _known(item.good, case.goods, f"{here_too}/good")
    for number, missing in enumerate(plan.undelivered):
        yield from _known(missing.demand, case.demands, f"/undelivered/{number}/demand")


def _known(name: str, names: Container[str], pointer: str) -> Iterator[Violation]:
    if name not in names:
        yield violation("id.unknown", pointer, id=name)


def _once(names: Iterable[str], pointer: str) -> Iterator[Violation]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield violation("id.twice", f"{pointer}/{number}", id=name)
        seen.add(name)
