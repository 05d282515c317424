"""What a route visits, in the one form that routes are compared in."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Shape", "Visit", "tidy", "tidy_trip"]

#: A visit: index of the site, and (demand, units) in the order of the demands. Units below zero are
#: taken aboard there, where they stand ready, and handed over at a later visit of the trip.
Visit = tuple[int, tuple[tuple[int, int], ...]]
#: Visits by trip.
Shape = tuple[tuple[Visit, ...], ...]


def tidy(trips: Sequence[Sequence[Visit]]) -> Shape:
    """Bring visits into the one form that routes are compared in.

    Parameters
    ----------
    trips : sequence of sequence of Visit
        Visits by trip, in order.

    Returns
    -------
    tuple
        Without empty trips and visits; visits to one site that follow each other are one, and a
        demand is named once a visit.
    """
    shape = (tidy_trip(trip) for trip in trips)
    return tuple(trip for trip in shape if trip)


def tidy_trip(trip: Sequence[Visit]) -> tuple[Visit, ...]:
    """Bring the visits of one trip into the form that `tidy` gives them.

    Parameters
    ----------
    trip : sequence of Visit
        Visits in order.

    Returns
    -------
    tuple of Visit
        Visits; empty if nothing is dropped.
    """
    visits: list[tuple[int, dict[int, int]]] = []
    for site, drops in trip:
        if not any(quantity for _, quantity in drops):
            continue
        if not visits or visits[-1][0] != site:
            visits.append((site, {}))
        served = visits[-1][1]
        for need, quantity in drops:
            if quantity:
                served[need] = served.get(need, 0) + quantity
    return tuple((site, tuple(sorted(served.items()))) for site, served in visits)
