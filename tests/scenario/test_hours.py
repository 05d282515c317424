"""Hours: where the horizon is cut, which window a leg lies in, and what the scenario is then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from optimizer.scenario.hours import FOREVER_S, Hours, hours_of
from optimizer.scenario.model import Scenario

START = datetime.fromisoformat("2026-06-15T06:00:00+00:00")
HORIZON_S = 1000


def at(second: float) -> str:
    return (START + timedelta(seconds=second)).isoformat()


def scenario_of(*windows: list[tuple[float, float]], **rest: Any) -> Scenario:
    """A scenario of which each change holds in such windows; no window is always."""
    return Scenario.model_validate(
        {
            "format": "convoi/scenario/1",
            "id": "hours",
            "theatre": {"name": "any"},
            "horizon": {"start": at(0), "end": at(HORIZON_S)},
            "sites": [{"id": "B"}],
            "bases": [{"site": "B"}],
            "vehicle_types": [
                {
                    "id": "v",
                    "mobility": "wheels",
                    "compartments": [{"id": "bed", "capacity_kg": 1}],
                }
            ],
            "fleet": [{"type": "v", "base": "B"}],
            "changes": [
                {
                    "id": f"C{number}",
                    "kind": "bridge_out",
                    "road": f"s{number}",
                    "windows": [{"start": at(a), "end": at(b)} for a, b in each],
                }
                for number, each in enumerate(windows)
            ],
        }
        | rest
    )


def closed(hours: Hours, window: int) -> list[str]:
    return [change.id for change in hours.in_window(window).changes]


def test_without_hours_there_is_one_window_and_the_scenario_as_it_is() -> None:
    scenario = scenario_of([])
    hours = hours_of(scenario)
    assert (hours.vary, hours.starts_s, len(hours.windows)) == (False, (0,), 1)
    assert hours.in_window(hours.window(-50, 5000)) is scenario
    assert hours.latest_s(0, 10) == FOREVER_S


def test_the_horizon_is_cut_where_something_begins_or_ends_to_hold() -> None:
    hours = hours_of(scenario_of([], [(100, 200), (300, 400)], [(150, 350)]))
    assert hours.starts_s == (0, 100, 150, 200, 300, 350, 400)
    told = [closed(hours, hours.window(start, start + 1)) for start in hours.starts_s]
    assert told == [
        ["C0"],
        ["C0", "C1"],
        ["C0", "C1", "C2"],
        ["C0", "C2"],
        ["C0", "C1", "C2"],
        ["C0", "C1"],
        ["C0"],
    ]
    # Two parts in which the same holds are one window.
    assert hours.window(0, 1) == hours.window(400, 401) == 0


def test_what_holds_at_any_moment_of_a_leg_holds_for_all_of_it() -> None:
    hours = hours_of(scenario_of([(100, 200)], [(300, 400)]))
    assert closed(hours, hours.window(90, 350)) == ["C0", "C1"]
    # Whoever is in as it closes, or leaves as it opens, is not concerned.
    assert closed(hours, hours.window(50, 100)) == []
    assert closed(hours, hours.window(200, 300)) == []
    assert closed(hours, hours.window(50, 101)) == ["C0"]
    assert closed(hours, hours.window(199, 250)) == ["C0"]


def test_parts_of_seconds_are_counted_as_closed() -> None:
    hours = hours_of(scenario_of([(100.5, 199.5)]))
    assert hours.starts_s == (0, 100, 200)


def test_a_window_that_is_none_is_taken_for_everything() -> None:
    hours = hours_of(scenario_of([(100, 200)], [(300, 400)]))
    assert closed(hours, 99) == ["C0", "C1"]


def test_what_lies_outside_the_horizon_cuts_nothing() -> None:
    hours = hours_of(scenario_of([(-300, -100)], [(-100, 2000)]))
    assert hours.starts_s == (0,)
    assert closed(hours, 0) == ["C1"]
    assert [change.windows for change in hours.in_window(0).changes] == [()]


def test_matrices_of_ones_own_know_no_hours() -> None:
    table = {"mobility": "wheels", "sites": ["B"], "time_s": [[0]], "distance_m": [[0]]}
    hours = hours_of(scenario_of([(100, 200)], theatre=None, matrices=[table]))
    assert not hours.vary


def test_always_is_what_no_hour_opens() -> None:
    hours = hours_of(scenario_of([], [(100, 200)]))
    assert [change.id for change in hours.always().changes] == ["C0"]


spans = st.tuples(st.integers(-50, 1050), st.integers(0, 400)).map(lambda s: (s[0], s[0] + s[1]))


@given(
    st.lists(st.lists(spans, min_size=1, max_size=3), min_size=1, max_size=4),
    st.integers(0, 1000),
    st.integers(0, 300),
)
def test_a_window_tells_what_holds_second_by_second(
    windows: list[list[tuple[int, int]]], begin: int, length: int
) -> None:
    assume(begin + length <= HORIZON_S)
    hours = hours_of(scenario_of(*windows))
    seconds = range(begin, max(begin + 1, begin + length))
    expected = [
        f"C{number}"
        for number, each in enumerate(windows)
        if any(first <= second < last for first, last in each for second in seconds)
    ]
    assert closed(hours, hours.window(begin, begin + length)) == expected


@given(
    st.lists(st.lists(spans, min_size=1, max_size=3), min_size=1, max_size=4),
    st.integers(0, 1000),
    st.integers(0, 300),
)
def test_the_latest_begin_is_the_last_of_the_same_window(
    windows: list[list[tuple[int, int]]], begin: int, length: int
) -> None:
    hours = hours_of(scenario_of(*windows))
    window = hours.window(begin, begin + length)
    other: Callable[[int], bool] = lambda s: hours.window(s, s + length) != window  # noqa: E731
    expected = next((s - 1 for s in range(begin + 1, 1500) if other(s)), FOREVER_S)
    assert hours.latest_s(begin, begin + length) == expected
