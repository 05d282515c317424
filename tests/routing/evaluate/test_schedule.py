"""Times of a route: as early as possible, then as little waiting as possible."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from optimizer.routing.evaluate.schedule import lay_out
from optimizer.routing.evaluate.slack import slacks
from optimizer.routing.evaluate.times import ANY_TIME, Call, Limits, Ride, Run, TripTimes
from optimizer.routing.model.ways import Spell
from optimizer.scenario.hours import FOREVER_S

DAY = (0, 1000)
OPEN = (DAY,)


def always(travel_s: int) -> tuple[Spell, ...]:
    return (Spell(-FOREVER_S, FOREVER_S, travel_s, 0),)


def run_of(*calls: Call, home_s: int = 20) -> Run:
    return Run(calls, always(home_s))


def limits(shift_s: int = 1000, span: tuple[int, int] = DAY) -> Limits:
    return Limits(span, shift_s, loading_s=10, pass_s=0)


def call(
    travel_s: int,
    *windows: tuple[int, int],
    handling_s: int = 5,
    due: int | None = None,
) -> Call:
    return Call(always(travel_s), windows or OPEN, handling_s, due)


def times_of(found: tuple[TripTimes, ...] | str) -> tuple[TripTimes, ...]:
    assert not isinstance(found, str), found
    return found


def test_a_trip_leaves_late_rather_than_waits_at_a_site() -> None:
    # 10 s of loading and 20 s of driving for an opening at 100: loading begins at 70.
    [trip] = times_of(lay_out([run_of(call(20, (100, 200)))], limits()))
    assert (trip.loading_start, trip.starts, trip.end) == (70, (100,), 125)
    assert [(ride.depart, ride.arrive) for ride in trip.rides] == [(80, 100), (105, 125)]


@pytest.mark.parametrize(
    ("shift_s", "loading"),
    [
        (1000, 40),  # 30 s before the latest loading, 70, of the test above
        (60, 70),  # from 70 to the end at 125 are 55 s; a shift of 60 has no room for the reserve
    ],
)
def test_a_trip_that_waits_keeps_a_reserve_where_the_shift_has_room(
    shift_s: int, loading: int
) -> None:
    bounds = Limits(DAY, shift_s, loading_s=10, pass_s=0, reserve_s=30)
    [trip] = times_of(lay_out([run_of(call(20, (100, 200)))], bounds))
    assert (trip.loading_start, trip.starts, trip.end) == (loading, (100,), 125)


def test_nothing_on_time_becomes_late_for_less_waiting() -> None:
    # Without the due the first stop would wait for the second's opening until 95.
    run = run_of(call(20, due=50), call(5, (120, 200)), home_s=10)
    [trip] = times_of(lay_out([run], limits()))
    assert trip.starts == (50, 120)


def test_a_later_trip_does_not_hold_back_an_earlier_one() -> None:
    # The second trip waits for its window at the base; the first is driven at once.
    runs = [run_of(call(20)), run_of(call(20, (500, 600)))]
    first, second = times_of(lay_out(runs, limits()))
    assert (first.loading_start, second.loading_start) == (0, 470)


def test_the_whole_route_is_pressed_together_only_for_the_shift() -> None:
    # From 0 to 525 are more than 200 s; the first trip is put off until just before the second.
    runs = [run_of(call(20)), run_of(call(20, (500, 600)))]
    first, second = times_of(lay_out(runs, limits(shift_s=200)))
    assert first.end == second.loading_start == 470
    assert lay_out(runs, limits(shift_s=109)) == "shift"


def test_a_later_window_makes_a_shorter_route() -> None:
    # The first window of the first stop leaves 300 s of waiting before the second stop; the one at
    # 400 leaves none.
    run = run_of(call(20, (30, 40), (400, 500)), call(20, (350, 600)))
    [trip] = times_of(lay_out([run], limits(shift_s=130)))
    assert trip.starts[0] >= 400
    assert trip.end - trip.loading_start <= 130


def test_the_tail_counts_at_every_arrival() -> None:
    lay = lay_out([run_of(call(20))], Limits(DAY, 1000, loading_s=10, pass_s=7))
    # 10 loading, 20 + 7, 5 handling, 20 + 7.
    assert times_of(lay)[0].end - times_of(lay)[0].loading_start == 69


def test_what_ends_after_the_span_misses_its_window() -> None:
    run = run_of(call(20))
    assert lay_out([run], limits(span=(0, 54))) == "window"
    assert times_of(lay_out([run], limits(span=(0, 55))))[0].end == 55


def arrival(spells: tuple[Spell, ...], ready: int) -> int | None:
    """The earliest arrival, whatever the departure."""
    return min(
        (max(ready, s.opens) + s.travel_s for s in spells if max(ready, s.opens) <= s.closes),
        default=None,
    )


def first_arrival(run: Run, loadings: range, loading_s: int) -> int | None:
    """The earliest arrival of a trip at its first place: loaded in a window, and off at once."""
    return min(
        (
            loading + loading_s + spell.travel_s
            for loading in loadings
            if any(a <= loading <= b for a, b in run.loading)
            for spell in run.calls[0].spells
            if spell.opens <= loading + loading_s <= spell.closes
        ),
        default=None,
    )


def brute(runs: list[Run], bounds: Limits) -> int | None:
    """The earliest end over every first departure, all that follows as early as possible."""
    best = None
    for begin in range(bounds.span[0], bounds.span[1]):
        if not any(a <= begin <= b for a, b in runs[0].loading):
            continue
        now = ready = begin
        for run in runs:
            for number, stop in enumerate(run.calls):
                if number:
                    head_in = arrival(stop.spells, ready)
                else:
                    last = begin + 1 if run is runs[0] else bounds.span[1]
                    head_in = first_arrival(run, range(now, last), bounds.loading_s)
                if head_in is None:
                    break
                tail_in = head_in + bounds.pass_s
                fitting = [max(tail_in, a) for a, b in stop.windows if tail_in <= b]
                if not fitting:
                    break
                ready = min(fitting) + stop.handling_s
            else:
                home = arrival(run.home, ready)
                if home is not None:
                    now = home + bounds.pass_s
                    continue
            break
        else:
            if (
                now <= bounds.span[1]
                and now - begin <= bounds.shift_s
                and (best is None or now < best)
            ):
                best = now
    return best


def some_windows(rng: random.Random, most: int) -> list[tuple[int, int]]:
    marks = sorted(rng.sample(range(200), 2 * rng.randint(1, most)))
    return list(zip(marks[::2], marks[1::2], strict=True))


def some_spells(rng: random.Random, *, by_the_hour: bool) -> tuple[Spell, ...]:
    if not by_the_hour or rng.random() < 0.4:
        return always(rng.randint(1, 20))
    return tuple(
        Spell(first, last, rng.randint(1, 40), number)
        for number, (first, last) in enumerate(some_windows(rng, 3))
    )


@pytest.mark.parametrize("places", [False, True])
@pytest.mark.parametrize("by_the_hour", [False, True])
@pytest.mark.parametrize("seed", range(100))
def test_a_layout_is_found_exactly_where_there_is_one(
    seed: int, *, by_the_hour: bool, places: bool
) -> None:
    rng = random.Random(seed)
    runs = [
        Run(
            tuple(
                Call(
                    some_spells(rng, by_the_hour=by_the_hour),
                    tuple(some_windows(rng, 3)),
                    rng.randint(0, 9),
                    None,
                )
                for _ in range(rng.randint(1, 3))
            ),
            some_spells(rng, by_the_hour=by_the_hour),
            tuple(some_windows(rng, 3)) if places else ANY_TIME,
        )
        for _ in range(rng.randint(1, 2))
    ]
    bounds = Limits((0, 260), rng.choice([60, 90, 120, 260]), rng.randint(0, 9), rng.randint(0, 3))
    found = lay_out(runs, bounds)
    expected = brute(runs, bounds)
    assert isinstance(found, str) == (expected is None)
    if isinstance(found, str):
        return
    assert found[-1].end - found[0].loading_start <= bounds.shift_s
    assert found[-1].end <= bounds.span[1]
    for trip, run in zip(found, runs, strict=True):
        ready = trip.loading_start + bounds.loading_s
        assert trip.rides[0].depart == ready
        assert any(a <= trip.loading_start <= b for a, b in run.loading)
        for stop, ride, start in zip(run.calls, trip.rides, trip.starts, strict=False):
            assert_rides(ride, stop.spells, ready)
            tail_in = ride.arrive + bounds.pass_s
            # At once, or at the opening of a window.
            assert start == tail_in or (start > tail_in and start in {a for a, _ in stop.windows})
            assert any(a <= start <= b for a, b in stop.windows)
            ready = start + stop.handling_s
        assert_rides(trip.rides[-1], run.home, ready)
        assert trip.end == trip.rides[-1].arrive + bounds.pass_s


def assert_rides(ride: Ride, spells: tuple[Spell, ...], ready: int) -> None:
    assert ride.spell in spells
    assert ride.spell.opens <= ride.depart <= ride.spell.closes
    # At once, or as its way opens.
    assert ride.depart == ready or (ride.depart > ready and ride.depart == ride.spell.opens)


def test_nobody_goes_round_by_a_detour_to_wait_at_its_end() -> None:
    # The detour takes 50 s at any time; from 60 on the bridge is open and takes 10. Both are there
    # before the stop opens at 100, so the convoy leaves as late as the bridge lets it: at 90.
    spells = (Spell(-FOREVER_S, 59, 50, 0), Spell(60, FOREVER_S, 10, 1))
    [trip] = times_of(lay_out([Run((Call(spells, ((100, 200),), 5, None),), always(10))], limits()))
    assert [ride.spell.window for ride in trip.rides] == [1, 0]
    assert trip.rides[0].depart == 90


def test_a_convoy_waits_at_a_stop_for_its_way_to_open() -> None:
    # Handled from 30 to 35; the way home is closed until 80.
    home = (Spell(80, FOREVER_S, 20, 1),)
    run = Run((call(20, (0, 30)),), home)
    [trip] = times_of(lay_out([run], limits()))
    assert (trip.loading_start, trip.starts, trip.rides[1].depart, trip.end) == (0, (30,), 80, 100)


def trip_at(loading_start: int, *rides: Ride, end: int, starts: tuple[int, ...]) -> TripTimes:
    departs, spells = zip(*rides, strict=True)
    return TripTimes(loading_start, end, starts, departs, spells)


def spell_end(depart: int, spell: Spell) -> int:
    assert spell.opens <= depart
    return spell.closes


def handled(runs: Sequence[Run]) -> list[list[int]]:
    return [[call.handling_s for call in run.calls] for run in runs]


def ride(depart: int) -> Ride:
    return Ride(depart, *always(20))


def test_slack_is_how_much_later_an_arrival_may_be() -> None:
    # Loading at 0, stops at 30 and 55, home at 80; the second window closes at 70.
    runs = [run_of(call(20), call(20, (40, 70)))]
    times = (trip_at(0, ride(10), ride(35), ride(60), end=80, starts=(30, 55)),)
    assert slacks(times, handled(runs), limits(), [[1000, 70]], spell_end) == [[15, 15]]
    # The shift ends 90 s after the first loading: 10 s are left at the end.
    assert slacks(times, handled(runs), limits(shift_s=90), [[1000, 70]], spell_end) == [[10, 10]]


def test_waiting_and_gaps_between_trips_absorb_delay() -> None:
    # First trip 0 to 55, second from 100; its stop waits from 130 to 150.
    runs = [run_of(call(20)), run_of(call(20, (150, 160)))]
    times = (
        trip_at(0, ride(10), ride(35), end=55, starts=(30,)),
        trip_at(100, ride(110), ride(155), end=175, starts=(150,)),
    )
    # The second may start 10 s later than it does and waits 20 s; 45 s more lie between the trips.
    assert slacks(times, handled(runs), limits(), [[1000], [160]], spell_end) == [[75], [30]]


def test_slack_ends_where_a_way_closes() -> None:
    # The stop at 30 may be left until 40, 5 s later than it is: its way home closes then.
    home = Spell(-FOREVER_S, 40, 20, 0)
    run = Run((call(20),), (home,))
    times = (trip_at(0, ride(10), Ride(35, home), end=55, starts=(30,)),)
    assert slacks(times, handled([run]), limits(), [[1000]], spell_end) == [[5]]
