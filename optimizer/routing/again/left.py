"""The problem that is left where a part of what is done is decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from optimizer.errors import ConflictError
from optimizer.routing.again.redrive import DecidedTrip
from optimizer.routing.evaluate.held import docks_suffice
from optimizer.routing.model.docks import Dock, Hold
from optimizer.routing.model.group import Group
from optimizer.routing.model.problem import Problem
from optimizer.scenario.convoys import Convoy
from optimizer.scenario.model import Id

__all__ = ["left_of"]

_Trips = Mapping[Id, tuple[DecidedTrip, ...]]


def left_of(whole: Problem, trips: _Trips, kept: AbstractSet[Id], until_s: int) -> Problem:
    """State what is left.

    Parameters
    ----------
    whole : Problem
        Everything that is asked for.
    trips : mapping of str to tuple of DecidedTrip
        What is decided, by convoy.
    kept : set of str
        Convoys that do nothing more than what is decided.
    until_s : int
        Nothing else begins before it.

    Returns
    -------
    Problem
        Demands without what is brought to them, stocks without what is drawn, and convoys from when
        they are free.

    Raises
    ------
    ConflictError
        If what is decided brings more than is asked for, draws more than there is, or needs more
        places at once than there are.
    """
    brought, drawn = _brought(whole, trips), _drawn(whole, trips)
    for index, need in enumerate(whole.needs):
        if brought[index] > need.quantity:
            raise ConflictError(
                f"decided trips bring {brought[index]} to demand {need.id}, which asks for"
                f" {need.quantity} now"
            )
    for (base, good), units in drawn.items():
        held = whole.stock.get((base, good), 0)
        if units > held:
            raise ConflictError(
                f"decided trips draw {units} of {whole.goods[good].good.id} from"
                f" {whole.sites[base]}, where the scenario states {held}; stocks are those at the"
                " start of the horizon"
            )
    taken = tuple(_held(whole, trips))
    for dock, places in whole.places.items():
        if not docks_suffice({dock: places}, taken):
            raise ConflictError(
                "decided trips, as they are driven now, need more places at"
                f" {whole.sites[dock.site]} at once than the {places} that the scenario states"
            )
    return replace(
        whole,
        needs=tuple(
            replace(need, quantity=need.quantity - brought[index])
            for index, need in enumerate(whole.needs)
        ),
        stock={place: units - drawn[place] for place, units in whole.stock.items()},
        groups=tuple(
            left
            for group in whole.groups
            for left in _groups(whole, group, trips, kept, until_s)
            if left.span[0] <= left.span[1] and left.trips_max > 0
        ),
        held=taken,
    )


def _brought(whole: Problem, trips: _Trips) -> Counter[int]:
    """Return the units that decided trips bring, by demand."""
    brought: Counter[int] = Counter()
    for decided in trips.values():
        for trip in decided:
            for index in trip.stops:
                for drop in trip.given.stops[index].drops:
                    brought[whole.need_index[drop.demand]] += drop.quantity
    return brought


def _drawn(whole: Problem, trips: _Trips) -> Counter[tuple[int, int]]:
    """Return what decided trips draw, loads and fuel, by base and good."""
    drawn: Counter[tuple[int, int]] = Counter()
    for group in whole.groups:
        for convoy in group.convoys:
            for trip in trips.get(convoy.id, ()):
                for item in trip.given.load:
                    drawn[group.base, whole.good_index[item.good]] += item.quantity
                for fuel, litres in group.fuel_l(trip.fuel_m).items():
                    drawn[group.base, whole.good_index[fuel]] += litres
    return drawn


def _held(whole: Problem, trips: _Trips) -> Iterator[Hold]:
    """Yield what decided trips hold of the docks."""
    for group in whole.groups:
        for convoy in group.convoys:
            for trip in trips.get(convoy.id, ()):
                begin = trip.times.loading_start
                yield Hold(Dock(loading=True, site=group.base), begin, begin + group.loading_s)
                sites = [whole.sites.index(trip.given.stops[n].site) for n in trip.stops]
                for site, start, lasts_s in zip(
                    sites, trip.times.starts, trip.handling_s, strict=True
                ):
                    yield Hold(Dock(loading=False, site=site), start, start + lasts_s)


def _groups(
    whole: Problem, group: Group, trips: _Trips, kept: AbstractSet[Id], until_s: int
) -> Iterator[Group]:
    """Yield the convoys of a group that have not begun together, and each other one by itself."""
    first = max(group.span[0], until_s)
    free = tuple(convoy for convoy in group.convoys if convoy.id not in trips)
    if free:
        yield replace(group, convoys=free, span=(first, group.span[1]))
    for convoy in group.convoys:
        if convoy.id in trips and convoy.id not in kept:
            yield _begun(
                whole, replace(group, span=(first, group.span[1])), convoy, trips[convoy.id]
            )


def _begun(whole: Problem, group: Group, convoy: Convoy, decided: Sequence[DecidedTrip]) -> Group:
    """Return what is left of a convoy's shift and trips."""
    shift_end = decided[0].times.loading_start + whole.shift_s
    return replace(
        group,
        convoys=(convoy,),
        span=(max(group.span[0], decided[-1].times.end), min(group.span[1], shift_end)),
        trips_max=group.trips_max - len(decided),
        moves=True,
    )
