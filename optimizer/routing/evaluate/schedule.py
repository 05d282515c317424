"""Times of a route: as early as possible, then as little waiting as possible.

A route is first laid out from the earliest possible loading. That fixes when each trip ends. Then
every trip leaves as late as it can without ending later and without making anything late that was
on time, less a reserve: waiting is done at the base, but a convoy that waits anyway is not sent
so late that a flat tyre costs it its window. Only where the shift would be too long is the reserve
given up, and then the whole route pressed together.

Where a leg cannot begin at any time, because of what is closed by the hour, the convoy leaves when
that lets it begin its next handling first: a detour is not taken for a bridge that opens soon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.routing.evaluate.times import ANY_TIME, Limits, Run, TripTimes
from optimizer.routing.model.spans import Span
from optimizer.routing.model.ways import Spell

__all__ = ["forward", "lay_out", "no_later"]


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
    early = forward(runs, limits, limits.span[0])
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


def no_later(
    runs: Sequence[Run], limits: Limits, times: Sequence[TripTimes]
) -> tuple[TripTimes, ...] | None:
    """Let each trip begin no earlier than it does, and wait for nothing on its way but its windows.

    Parameters
    ----------
    runs : sequence of Run
        Trips of a route.
    limits : Limits
        What bounds it.
    times : sequence of TripTimes
        Times that they can keep.

    Returns
    -------
    tuple of TripTimes or None
        Times of which no start and no end is later; None if those given cannot be kept.
    """
    moved: list[TripTimes] = []
    for run, trip in zip(runs, times, strict=True):
        alone = forward([run], limits, trip.loading_start)
        if isinstance(alone, str) or alone[0].end > trip.end:
            return None
        moved += alone
    return tuple(moved)


def forward(runs: Sequence[Run], limits: Limits, begin: int) -> tuple[TripTimes, ...] | str:
    """Lay trips out as early as possible from a given begin.

    Parameters
    ----------
    runs : sequence of Run
        Trips.
    limits : Limits
        What bounds them; of `span` its end.
    begin : int
        When the first loading may begin.

    Returns
    -------
    tuple of TripTimes or str
        Times, or ``"window"`` where there are none.
    """
    times = []
    now = begin
    for run in runs:
        trip = (_steadily if run.steady else _by_the_hour)(run, limits, now)
        if trip is None or trip.end > limits.span[1]:
            return "window"
        times.append(trip)
        now = trip.end
    return tuple(times)


def _steadily(run: Run, limits: Limits, begin: int) -> TripTimes | None:
    """Lay a trip out whose legs may begin at any time: as `_by_the_hour`, but quick."""
    pass_s = limits.pass_s
    if run.loading is not ANY_TIME:
        opens = _first_in(run.loading, begin)
        if opens is None:
            return None
        begin = opens
    depart = begin + limits.loading_s
    starts, departs = [], [depart]
    for call, spell in zip(run.calls, run.steady, strict=False):
        ready = depart + spell.travel_s + pass_s
        for opening, closing in call.windows:
            if ready <= closing:
                start = max(ready, opening)
                break
        else:
            return None
        starts.append(start)
        depart = start + call.handling_s
        departs.append(depart)
    end = depart + run.steady[-1].travel_s + pass_s
    return TripTimes(begin, end, tuple(starts), tuple(departs), run.steady)


def _by_the_hour(run: Run, limits: Limits, begin: int) -> TripTimes | None:
    """Lay a trip out whose legs may have to wait for their ways."""
    now = begin + limits.loading_s
    departs, spells, starts = [], [], []
    stops = [(call.spells, call.windows, call.handling_s) for call in run.calls]
    leaving = _moved(run.loading, limits.loading_s)
    # At its base a convoy may arrive at any time; that it is home in time is looked at apart.
    for leg, windows, handling_s in [*stops, (run.home, ANY_TIME, 0)]:
        reached = _reach(leg, windows, now, limits.pass_s, leaving)
        leaving = ANY_TIME
        if reached is None:
            return None
        start, depart, spell = reached
        departs.append(depart)
        spells.append(spell)
        starts.append(start)
        now = start + handling_s
    # Whoever must wait for the first leg to open loads later.
    loading_start = departs[0] - limits.loading_s
    return TripTimes(loading_start, now, tuple(starts[:-1]), tuple(departs), tuple(spells))


def _first_in(windows: Sequence[Span], time: int) -> int | None:
    """Return the first time from a given one on that lies in a window."""
    return next((max(time, opening) for opening, last in windows if time <= last), None)


def _moved(windows: tuple[Span, ...], by_s: int) -> tuple[Span, ...]:
    """Return windows that open and close later."""
    if windows is ANY_TIME:
        return windows
    return tuple((opening + by_s, last + by_s) for opening, last in windows)


def _reach(
    spells: Sequence[Spell],
    windows: Sequence[Span],
    ready: int,
    pass_s: int,
    leaving: Sequence[Span],
) -> tuple[int, int, Spell] | None:
    """Return when handling can begin first, and when who leaves in which spell, the quickest.

    Whoever leaves does so in one of the windows `leaving`.
    """
    found = []
    for spell in spells:
        depart: int | None = max(ready, spell.opens)
        if depart is not None and leaving is not ANY_TIME:
            depart = _first_in(leaving, depart)
        if depart is not None and depart <= spell.closes:
            tail_in = depart + spell.travel_s + pass_s
            start = _first_in(windows, tail_in)
            if start is not None:
                found.append((start, spell.travel_s, depart, spell))
    if not found:
        return None
    start, _, depart, spell = min(found)
    return start, depart, spell


def _latest_depart(spells: Sequence[Spell], arrive: int) -> int | None:
    """Return the latest departure from which the head arrives by a given time."""
    best = None
    for opens, closes, travel_s, _ in spells:
        depart = arrive - travel_s
        depart = min(depart, closes)
        if depart >= opens and (best is None or depart > best):
            best = depart
    return best


def _latest_leaving(run: Run, limits: Limits, arrive: int) -> int | None:
    """Return the latest loading from which a trip's head arrives at its first place in time."""
    first = run.calls[0].spells if run.calls else run.home
    if run.loading is ANY_TIME:
        depart = _latest_depart(first, arrive)
        return None if depart is None else depart - limits.loading_s
    found = []
    for opening, last in run.loading:
        by_s = limits.loading_s
        for opens, closes, travel_s, _ in first:
            depart = min(arrive - travel_s, closes, last + by_s)
            if depart >= max(opens, opening + by_s):
                found.append(depart - by_s)
    return max(found, default=None)


def _latest_loading(
    run: Run, limits: Limits, end: int, starts: Sequence[int] | None = None
) -> int | None:
    """Return the latest loading from which a trip ends by `end`; None if there is none.

    With `starts`, nothing that begins in time there becomes late, and nothing late later.
    """
    arrive = end - limits.pass_s
    legs = [*(call.spells for call in run.calls), run.home]
    for index in reversed(range(len(run.calls))):
        depart = _latest_depart(legs[index + 1], arrive)
        if depart is None:
            return None
        call = run.calls[index]
        latest = depart - call.handling_s
        if starts is not None and call.due is not None:
            latest = min(latest, max(starts[index], call.due))
        fitting = [min(latest, close) for opening, close in call.windows if opening <= latest]
        if not fitting:
            return None
        arrive = max(fitting) - limits.pass_s
    return _latest_leaving(run, limits, arrive)


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
        moved = forward([run], limits, begin)
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
    moved = forward(runs, limits, max(end, limits.span[0]))
    return None if isinstance(moved, str) else _leave_late(runs, limits, moved)


def _other_layouts(
    runs: Sequence[Run], limits: Limits, early: tuple[TripTimes, ...]
) -> Iterator[tuple[TripTimes, ...]]:
    """Yield layouts that take less time from begin to end, the earliest first."""
    for keep_dues in (True, False):
        pressed = _press(runs, limits, early, keep_dues=keep_dues)
        if pressed is not None:
            yield pressed
    # With several windows, of stops, ways or loading, a later begin can make a shorter route: try
    # each later one in turn as the one that nobody waits for.
    begins = {
        begin
        for number, run in enumerate(runs)
        for index, opening in _openings(run, limits)
        if (begin := _begin_for(runs, limits, (number, index), opening)) is not None
    }
    for begin in sorted(begin for begin in begins if begin > limits.span[0]):
        moved = forward(runs, limits, begin)
        if not isinstance(moved, str):
            yield _leave_late(runs, limits, moved)
            pressed = _press(runs, limits, moved, keep_dues=False)
            if pressed is not None:
                yield pressed


def _openings(run: Run, limits: Limits) -> Iterator[tuple[int, int]]:
    """Yield legs of a trip, and when the tail is in if it comes as a later window opens.

    A leg of number -1 stands for loading that begins as a window for it opens.
    """
    yield from ((-1, opening) for opening, _ in run.loading if opening > limits.span[0])
    for index, call in enumerate(run.calls):
        yield from ((index, opening) for opening, _ in call.windows[1:])
    for index, spells in enumerate((*(call.spells for call in run.calls), run.home)):
        for spell in spells:
            if limits.span[0] < spell.opens <= limits.span[1]:
                yield index, spell.opens + spell.travel_s + limits.pass_s


def _begin_for(
    runs: Sequence[Run], limits: Limits, leg: tuple[int, int], opening: int
) -> int | None:
    """Return the latest begin from which the tail is in after a leg by an opening."""
    number, index = leg
    run = runs[number]
    end: int | None = opening
    if index >= 0:
        spells = run.calls[index].spells if index < len(run.calls) else run.home
        end = _latest_loading(Run(run.calls[:index], spells, run.loading), limits, opening)
    for earlier in reversed(runs[:number]):
        if end is None:
            return None
        end = _latest_loading(earlier, limits, end)
    return end
