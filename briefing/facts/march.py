"""Facts about convoys: vehicles, trips, legs, stops, loads, drops and pickups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from briefing.facts.index import Index
from briefing.facts.medium import medium
from briefing.facts.model import (
    Count,
    FactTable,
    Name,
    Names,
    Quantity,
    Subject,
    Supplies,
    Term,
    Time,
    Way,
)
from optimizer.plan.model import Item, Route, Stop, Trip

__all__ = ["NO_SLACK_S", "add_march"]

#: Less than this is no time in hand: date-time groups tell no seconds.
NO_SLACK_S = 60


def add_march(table: FactTable, index: Index, route: Route) -> None:
    """Add everything that one convoy does.

    Parameters
    ----------
    table : FactTable
        Table that is added to.
    index : Index
        The scenario of the plan.
    route : Route
        The convoy's route.
    """
    convoy = index.convoy(route.convoy)
    entry = index.entry(route.convoy)
    about = Subject("convoy", route.convoy)
    table.add(about, "id", Name(route.convoy))
    table.add(about, "label", Name(entry.label) if entry and entry.label else None)
    for label in ("commander", "deputy"):
        told = str(getattr(entry, label, "")).strip()
        table.add(about, label, Name(told) if told else None)
    table.add(about, "base", Name(index.place(convoy.base)))
    table.add(about, "medium", Term(f"medium.{medium(route.profile).value}"))
    table.add(about, "vehicles", Count(len(route.vehicles)))
    _add_load_class(table, about, convoy.profile.load_class)
    table.add(about, "length", Quantity(convoy.length_m, "m"))
    table.add(about, "pass_time", Quantity(convoy.pass_s, "s") if convoy.pass_s else None)
    if len(route.vehicles) > 1:
        density = len(route.vehicles) * 1000 / convoy.length_m
        table.add(about, "density", Quantity(round(density, 1), "veh/km"))
    for position, name in enumerate(route.vehicles, start=1):
        _add_vehicle(table, index, about, name, position)
    for trip in route.trips:
        _add_trip(table, index, about, trip, convoy.pass_s)
    _add_totals(table, index, about, route)


def _add_vehicle(table: FactTable, index: Index, convoy: Subject, name: str, position: int) -> None:
    kind = index.vehicle(name).type
    about = Subject("vehicle", name, convoy)
    table.add(about, "id", Name(name))
    table.add(about, "position", Count(position))
    table.add(about, "type", Name(kind.label or kind.id))
    _add_load_class(table, about, kind.load_class)


def _add_load_class(table: FactTable, about: Subject, load_class: float | None) -> None:
    table.add(about, "load_class", None if load_class is None else Quantity(load_class, "MLC"))


def _add_totals(table: FactTable, index: Index, about: Subject, route: Route) -> None:
    trips = route.trips
    table.add(about, "trips", Count(len(trips)))
    if not trips:
        return
    table.add(about, "first_loading", Time(min(t.loading_start for t in trips)))
    table.add(about, "first_departure", Time(min(t.depart for t in trips)))
    table.add(about, "back", Time(max(t.end for t in trips)))
    legs = [leg for trip in trips for leg in trip.legs]
    table.add(about, "distance", Quantity(sum(leg.distance_m for leg in legs), "m"))
    table.add(about, "driving", Quantity(sum(leg.travel_s for leg in legs), "s"))
    carried = sum(_mass_kg(index, trip.load) for trip in trips)
    carried += sum(_mass_kg(index, stop.pickups) for trip in trips for stop in trip.stops)
    table.add(about, "carried", Quantity(carried, "kg"))
    stops = [stop for trip in trips for stop in trip.stops]
    table.add(about, "stops", Count(len(stops)))
    table.add(about, "sites", Count(len({stop.site for stop in stops})))
    exposure = sum(leg.exposure_milli for leg in legs) / 1000
    table.add(about, "exposure", Quantity(exposure, "exposure") if exposure else None)
    if stops:
        tightest = min(stops, key=lambda stop: stop.slack_s)
        table.add(about, "least_slack", Quantity(tightest.slack_s, "s"))
        table.add(about, "tightest_site", Name(index.place(tightest.site)))
        table.add(about, "tightest_due", Time(tightest.arrive))


def _add_trip(table: FactTable, index: Index, convoy: Subject, trip: Trip, pass_s: int) -> None:
    about = Subject("trip", f"{convoy.id}/{trip.number}", convoy)
    table.add(about, "number", Count(trip.number))
    table.add(about, "base", Name(index.place(trip.base)))
    table.add(about, "loading_start", Time(trip.loading_start))
    table.add(about, "depart", Time(trip.depart))
    table.add(about, "end", Time(trip.end))
    table.add(about, "distance", Quantity(sum(leg.distance_m for leg in trip.legs), "m"))
    on_board = _mass_kg(index, trip.load)
    table.add(about, "load", Quantity(on_board, "kg") if trip.load else None)
    for good, litres in trip.fuel_l.items():
        fuel = Subject("fuel", f"{about.id}/{good}", about)
        table.add(fuel, "drawn", index.supply(good, litres))
    for vehicle, items in _by_vehicle(trip.load).items():
        _add_items(table, index, Subject("loading", f"{about.id}/{vehicle}", about), vehicle, items)
    called = Names(tuple(index.place(stop.site) for stop in trip.stops))
    table.add(about, "sites", called if called.texts else None)
    reached_m = 0
    for number, leg in enumerate(trip.legs, start=1):
        reached_m += leg.distance_m
        part = Subject("leg", f"{about.id}/{number}", about)
        table.add(part, "step", Name(f"{trip.number}.{number}"))
        stop = trip.stops[number - 1] if number <= len(trip.stops) else None
        table.add(part, "number", Count(number))
        table.add(part, "way", Way(index.place(leg.origin), index.place(leg.destination)))
        table.add(part, "origin", Name(index.place(leg.origin)))
        table.add(part, "destination", Name(index.place(leg.destination)))
        table.add(part, "distance", Quantity(leg.distance_m, "m"))
        table.add(part, "reached", Quantity(reached_m, "m"))
        table.add(part, "depart", Time(leg.depart))
        table.add(part, "head_due", Time(leg.arrive))
        table.add(part, "tail_clear", Time(leg.arrive + timedelta(seconds=pass_s)))
        table.add(part, "driving", Quantity(leg.travel_s, "s"))
        table.add(part, "load", Quantity(on_board, "kg"))
        if stop is not None:
            _add_stop(table, index, part, stop, leaves=trip.legs[number].depart)
            on_board += _mass_kg(index, stop.pickups) - _mass_kg(index, stop.drops)


def _mass_kg(index: Index, items: Iterable[Item]) -> float:
    return sum(index.mass_kg(item.good, item.quantity) for item in items)


def _add_item(table: FactTable, index: Index, about: Subject, item: Item) -> None:
    table.add(about, "vehicle", Name(item.vehicle))
    table.add(about, "compartment", Name(item.compartment))
    table.add(about, "good", index.label(item.good))
    table.add(about, "supply", index.supply(item.good, item.quantity))
    table.add(about, "mass", Quantity(index.mass_kg(item.good, item.quantity), "kg"))


def _told_s(at: datetime) -> int:
    """Return a time without its seconds, as date-time groups tell it: a reader may subtract."""
    return int(at.replace(second=0, microsecond=0).timestamp())


def _add_stop(
    table: FactTable, index: Index, leg: Subject, stop: Stop, *, leaves: datetime
) -> None:
    about = Subject("stop", leg.id, leg)
    table.add(about, "site", Name(index.place(stop.site)))
    wait_s = _told_s(stop.start) - _told_s(stop.start - timedelta(seconds=stop.wait_s))
    table.add(about, "wait", Quantity(wait_s, "s") if wait_s else None)
    table.add(about, "begin", Time(stop.start))
    table.add(about, "leave", Time(stop.depart))
    # Some ways are open by the hour only.
    held_s = _told_s(leaves) - _told_s(stop.depart)
    table.add(about, "held", Quantity(held_s, "s") if held_s else None)
    table.add(about, "slack", Quantity(stop.slack_s, "s"))
    for number, drop in enumerate(stop.drops, start=1):
        part = Subject("drop", f"{about.id}/{number}", about)
        demand = index.demand(drop.demand)
        due = demand.due
        late_s = 0 if due is None else int((stop.start - due).total_seconds())
        table.add(part, "demand", Name(drop.demand))
        ready = demand.pickup
        table.add(part, "pickup", Name(index.place(ready)) if ready is not None else None)
        table.add(part, "late", Quantity(late_s, "s") if late_s > 0 else None)
        _add_item(table, index, part, drop)
    for number, taken in enumerate(stop.pickups, start=1):
        part = Subject("pickup", f"{about.id}/{number}", about)
        table.add(part, "demand", Name(taken.demand))
        _add_item(table, index, part, taken)
    for kind, done in (("handover", stop.drops), ("takeover", stop.pickups)):
        for vehicle, items in _by_vehicle(done).items():
            one = Subject(kind, f"{about.id}/{vehicle}", about)
            _add_items(table, index, one, vehicle, items)


def _by_vehicle(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.vehicle, []).append(item)
    return found


def _add_items(
    table: FactTable, index: Index, about: Subject, vehicle: str, items: Sequence[Item]
) -> None:
    """Add what one vehicle loads for a trip, or hands over or takes aboard at a stop, in all."""
    units: Counter[str] = Counter()
    for item in items:
        units[item.good] += item.quantity
    table.add(about, "vehicle", Name(vehicle))
    # The whole of a handover or a loading is a stop or a trip, and that of a trip is its convoy.
    whole = about.parent
    while whole is not None and whole.kind != "convoy":
        whole = whole.parent
    place = table.get(Subject("vehicle", vehicle, whole), "position")
    table.add(about, "position", place.value if place else None)
    supplies = Supplies(tuple(index.supply(good, number) for good, number in units.items()))
    table.add(about, "supplies", supplies)
    mass_kg = sum(index.mass_kg(good, number) for good, number in units.items())
    table.add(about, "mass", Quantity(mass_kg, "kg"))
