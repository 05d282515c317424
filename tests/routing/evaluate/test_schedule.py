"""Times of a route: as early as possible, then as little waiting as possible."""

from __future__ import annotations

import random

import pytest

from optimizer.routing.evaluate.schedule import lay_out
from optimizer.routing.evaluate.slack import slacks
from optimizer.routing.evaluate.times import Call, Limits, Run, TripTimes

DAY = (0, 1000)
OPEN = (DAY,)


def limits(shift_s: int = 1000, span: tuple[int, int] = DAY) -> Limits:
    return Limits(span, shift_s, loading_s=10, pass_s=0)


def call(
    travel_s: int,
    *windows: tuple[int, int],
    handling_s: int = 5,
    due: int | None = None,
) -> Call:
    return Call(travel_s, windows or OPEN, handling_s, due)


def times_of(found: tuple[TripTimes, ...] | str) -> tuple[TripTimes, ...]:
    assert not isinstance(found, str), found
    return found


def test_a_trip_leaves_late_rather_than_waits_at_a_site() -> None:
    # 10 s of loading and 20 s of driving for an opening at 100: loading begins at 70.
    [trip] = times_of(lay_out([Run((call(20, (100, 200)),), 20)], limits()))
    assert trip == TripTimes(loading_start=70, end=125, starts=(100,))


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
    [trip] = times_of(lay_out([Run((call(20, (100, 200)),), 20)], bounds))
    assert trip == TripTimes(loading_start=loading, end=125, starts=(100,))


def test_nothing_on_time_becomes_late_for_less_waiting() -> None:
    # Without the due the first stop would wait for the second's opening until 95.
    run = Run((call(20, due=50), call(5, (120, 200))), 10)
    [trip] = times_of(lay_out([run], limits()))
    assert trip.starts == (50, 120)


def test_a_later_trip_does_not_hold_back_an_earlier_one() -> None:
    # The second trip waits for its window at the base; the first is driven at once.
    runs = [Run((call(20),), 20), Run((call(20, (500, 600)),), 20)]
    first, second = times_of(lay_out(runs, limits()))
    assert (first.loading_start, second.loading_start) == (0, 470)


def test_the_whole_route_is_pressed_together_only_for_the_shift() -> None:
    # From 0 to 525 are more than 200 s; the first trip is put off until just before the second.
    runs = [Run((call(20),), 20), Run((call(20, (500, 600)),), 20)]
    first, second = times_of(lay_out(runs, limits(shift_s=200)))
    assert first.end == second.loading_start == 470
    assert lay_out(runs, limits(shift_s=109)) == "shift"


def test_a_later_window_makes_a_shorter_route() -> None:
    # The first window of the first stop leaves 300 s of waiting before the second stop; the one at
    # 400 leaves none.
    run = Run((call(20, (30, 40), (400, 500)), call(20, (350, 600))), 20)
    [trip] = times_of(lay_out([run], limits(shift_s=130)))
    assert trip.starts[0] >= 400
    assert trip.end - trip.loading_start <= 130


def test_the_tail_counts_at_every_arrival() -> None:
    lay = lay_out([Run((call(20),), 20)], Limits(DAY, 1000, loading_s=10, pass_s=7))
    # 10 loading, 20 + 7, 5 handling, 20 + 7.
    assert times_of(lay)[0].end - times_of(lay)[0].loading_start == 69


def test_what_ends_after_the_span_misses_its_window() -> None:
    run = Run((call(20),), 20)
    assert lay_out([run], limits(span=(0, 54))) == "window"
    assert times_of(lay_out([run], limits(span=(0, 55))))[0].end == 55


def brute(runs: list[Run], bounds: Limits) -> int | None:
    """The earliest end over every begin of the first trip, later trips as early as possible."""
    best = None
    for begin in range(bounds.span[0], bounds.span[1]):
        now = begin
        for run in runs:
            now += bounds.loading_s
            for stop in run.calls:
                ready = now + stop.travel_s + bounds.pass_s
                fitting = [max(ready, a) for a, b in stop.windows if ready <= b]
                if not fitting:
                    break
                now = min(fitting) + stop.handling_s
            else:
                now += run.home_s + bounds.pass_s
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


@pytest.mark.parametrize("seed", range(60))
def test_a_layout_is_found_exactly_where_there_is_one(seed: int) -> None:
    rng = random.Random(seed)

    def windows() -> list[tuple[int, int]]:
        marks = sorted(rng.sample(range(200), 2 * rng.randint(1, 3)))
        return list(zip(marks[::2], marks[1::2], strict=True))

    runs = [
        Run(
            tuple(
                Call(rng.randint(1, 20), tuple(windows()), rng.randint(0, 9), None)
                for _ in range(rng.randint(1, 3))
            ),
            rng.randint(1, 20),
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
        now = trip.loading_start + bounds.loading_s
        for stop, start in zip(run.calls, trip.starts, strict=True):
            now += stop.travel_s + bounds.pass_s
            # At once, or at the opening of a window.
            assert start == now or (start > now and start in {a for a, _ in stop.windows})
            assert any(a <= start <= b for a, b in stop.windows)
            now = start + stop.handling_s
        assert trip.end == now + run.home_s + bounds.pass_s


def test_slack_is_how_much_later_an_arrival_may_be() -> None:
    # Loading at 0, stops at 30 and 55, home at 80; the second window closes at 70.
    runs = [Run((call(20), call(20, (40, 70))), 20)]
    times = (TripTimes(0, 80, (30, 55)),)
    assert slacks(times, runs, limits(), [[1000, 70]]) == [[15, 15]]
    # The shift ends 90 s after the first loading: 10 s are left at the end.
    assert slacks(times, runs, limits(shift_s=90), [[1000, 70]]) == [[10, 10]]


def test_waiting_and_gaps_between_trips_absorb_delay() -> None:
    # First trip 0 to 55, second from 100; its stop waits from 130 to 150.
    runs = [Run((call(20),), 20), Run((call(20, (150, 160)),), 20)]
    times = (TripTimes(0, 55, (30,)), TripTimes(100, 175, (150,)))
    # The second may start 10 s later than it does and waits 20 s; 45 s more lie between the trips.
    assert slacks(times, runs, limits(), [[1000], [160]]) == [[75], [30]]
