"""By how much each arrival of a route could be later."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optimizer.routing.evaluate.times import Limits, TripTimes
from optimizer.routing.model.ways import Spell

__all__ = ["slacks"]


def slacks(
    times: Sequence[TripTimes],
    handling_s: Sequence[Sequence[int]],
    limits: Limits,
    closes: Sequence[Sequence[int]],
    latest_s: Callable[[int, Spell], int],
) -> list[list[int]]:
    """Return by how much each arrival could be later, as ``docs/reference/plan.md`` defines it.

    Parameters
    ----------
    times : sequence of TripTimes
        Times of the trips.
    handling_s : sequence of sequence of int
        How long handling takes, by trip and stop.
    limits : Limits
        What bounds the route.
    closes : sequence of sequence of int
        End of the window that each start lies in, by trip and stop.
    latest_s : callable
        By when a leg that begins at a time, in a spell, could begin at the latest on the same way.

    Returns
    -------
    list of list of int
        Seconds, by trip and stop.
    """
    latest = min(limits.span[1], times[0].loading_start + limits.shift_s)
    found: list[list[int]] = []
    for trip, handled, ends in zip(
        reversed(times), reversed(handling_s), reversed(closes), strict=True
    ):
        rides = trip.rides
        home = rides[-1]
        depart = min(latest_s(*home), latest - limits.pass_s - home.spell.travel_s)
        slack = []
        for index in reversed(range(len(handled))):
            ride = rides[index]
            arrive = min(ends[index], depart - handled[index]) - limits.pass_s
            slack.append(arrive - ride.arrive)
            depart = min(latest_s(*ride), arrive - ride.spell.travel_s)
        found.append(slack[::-1])
        latest = depart - limits.loading_s
    return found[::-1]
