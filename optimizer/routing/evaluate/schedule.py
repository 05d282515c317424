"""Times of a route: as early as possible, then as little waiting as possible.

A route is first laid out from the earliest possible loading. That fixes when each trip ends. Then
every trip leaves as late as it can without ending later and without making anything late that was
on time, less a reserve: waiting is done at the base, but a convoy that waits anyway is not sent
so late that a flat tyre costs it its window. Only where the shift would be too long is the reserve
given up, and then the whole route pressed together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.routing.evaluate.times import Limits, Run, TripTimes

__all__ = ["lay_out"]


def lay_out(runs: Sequence[Run], limits: Limits) -> tuple[TripTimes, ...] | str:
    """Find the times of a route.

    Parameters
    ----------
    runs : sequence of Run
        Its trips.
    limits : Limits
        What bounds it.

    Returns
    -------
    tuple of TripTimes or str
        Times, or the limit that no times keep: ``"window"`` or ``"shift"``.
    """
    early = _forward(runs, limits, limits.span[0])
    if isinstance(early, str):
        return early
    for reserve_s in (limits.reserve_s, 0):
        times = _leave_late(runs, limits, early, reserve_s)
        if times[-1].end - times[0].loading_start <= limits.shift_s:
            return times
    for candidate in _other_layouts(runs, limits, early):
        if candidate[-1].end - candidate[0].loading_start <= limits.shift_s:
            return candidate
    return "shift"


def _forward(runs: Sequence[Run], limits: Limits, begin: int) -> tuple[TripTimes, ...] | str:
    """Lay a route out as early as possible from a given begin."""
    times = []
    now = begin
    for run in runs:
        loading_start = now
        now += limits.loading_s
        starts = []
        for call in run.calls:
            ready = now + call.travel_s + limits.pass_s
            for opening, closing in call.windows:
                if ready <= closing:
                    start = max(ready, opening)
                    break
            else:
                return "window"
            starts.append(start)
            now = start + call.handling_s
        now += run.home_s + limits.pass_s
        if now > limits.span[1]:
            return "window"
        times.append(TripTimes(loading_start, now, tuple(starts)))
    return tuple(times)


def _latest_loading(
    run: Run, limits: Limits, end: int, starts: Sequence[int] | None = None
) -> int | None:
    """Return the latest loading from which a trip ends by `end`; None if there is none.

    With `starts`, nothing that begins in time there becomes late, and nothing late later.
    """
    depart = end - limits.pass_s - run.home_s
    for index in reversed(range(len(run.calls))):
        call = run.calls[index]
        latest = depart - call.handling_s
        if starts is not None and call.due is not None:
            latest = min(latest, max(starts[index], call.due))
        fitting = [min(latest, close) for opening, close in call.windows if opening <= latest]
        if not fitting:
            return None
        depart = max(fitting) - limits.pass_s - call.travel_s
    return depart - limits.loading_s


def _leave_late(
    runs: Sequence[Run], limits: Limits, times: tuple[TripTimes, ...], reserve_s: int = 0
) -> tuple[TripTimes, ...]:
    """Let each trip leave as late as its own end and its dues allow, less the reserve."""
    late = []
    for run, trip in zip(runs, times, strict=True):
        loading = _latest_loading(run, limits, trip.end, trip.starts)
        begin = (
            trip.loading_start if loading is None else max(trip.loading_start, loading - reserve_s)
        )
        moved = _forward([run], limits, begin)
        late.append(trip if isinstance(moved, str) else moved[0])
    return tuple(late)


def _press(
    runs: Sequence[Run], limits: Limits, times: tuple[TripTimes, ...], *, keep_dues: bool
) -> tuple[TripTimes, ...] | None:
    """Begin the whole route as late as its last end allows."""
    end = times[-1].end
    for run, trip in zip(reversed(runs), reversed(times), strict=True):
        loading = _latest_loading(run, limits, end, trip.starts if keep_dues else None)
        if loading is None:
            return None
        end = loading
    moved = _forward(runs, limits, max(end, limits.span[0]))
    return None if isinstance(moved, str) else _leave_late(runs, limits, moved)


def _other_layouts(
    runs: Sequence[Run], limits: Limits, early: tuple[TripTimes, ...]
) -> Iterator[tuple[TripTimes, ...]]:
    """Yield layouts that take less time from begin to end, the earliest first."""
    for keep_dues in (True, False):
        pressed = _press(runs, limits, early, keep_dues=keep_dues)
        if pressed is not None:
            yield pressed
    # With several windows a later begin can make a shorter route: try each later window in turn as
    # the one that a stop does not wait for.
    begins = set()
    for number, run in enumerate(runs):
        for index, call in enumerate(run.calls):
            for opening, _ in call.windows[1:]:
                begin = _begin_for(runs, limits, (number, index), opening)
                if begin is not None and begin > limits.span[0]:
                    begins.add(begin)
    for begin in sorted(begins):
        moved = _forward(runs, limits, begin)
        if not isinstance(moved, str):
            yield _leave_late(runs, limits, moved)
            pressed = _press(runs, limits, moved, keep_dues=False)
            if pressed is not None:
                yield pressed


def _begin_for(
    runs: Sequence[Run], limits: Limits, stop: tuple[int, int], opening: int
) -> int | None:
    """Return the latest begin from which a stop is reached at an opening."""
    number, index = stop
    run = runs[number]
    head = Run(run.calls[:index], run.calls[index].travel_s)
    end: int | None = _latest_loading(head, limits, opening)
    for earlier in reversed(runs[:number]):
        if end is None:
            return None
        end = _latest_loading(earlier, limits, end)
    return end
