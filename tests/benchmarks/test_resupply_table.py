"""Plans are compared level by level, and the table tells by which level, and how times grow."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from benchmarks.routing.resupply.levels import decided
from benchmarks.routing.resupply.table import exponent, table
from benchmarks.routing.resupply.task import ResupplyLine

LEVELS = {"undelivered 1": 0.0, "undelivered 2": 50.0, "time": 900.0}


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        (LEVELS, ("tie", 0)),
        # A kilogram of priority 1 outweighs whatever comes after it.
        ({"undelivered 1": 1.0, "undelivered 2": 0.0, "time": 0.0}, ("undelivered 1", -1)),
        ({**LEVELS, "undelivered 2": 49.0, "time": 9999.0}, ("undelivered 2", 1)),
        ({**LEVELS, "time": 899.0}, ("time", 1)),
        (None, ("no plan", -1)),
    ],
)
def test_the_first_level_that_differs_decides(
    theirs: dict[str, float] | None, found: tuple[str, int]
) -> None:
    assert decided(LEVELS, theirs) == found


def test_nobody_is_better_where_neither_has_a_plan() -> None:
    assert decided(None, None) == ("tie", 0)
    assert decided(None, LEVELS) == ("no plan", 1)


def line(solver: str, sites: int = 40, seed: int = 1, **more: object) -> dict[str, object]:
    head = {"name": f"s{sites}", "family": "resupply", "time_limit": 10.0, "levels": LEVELS}
    head |= {"sites": sites, "demands": 3, "convoys": 2, "outcome": "solved", "seconds": 10.1}
    head |= {"first_s": sites / 100, "first_verified": True, "peak_mb": 300, "load": 0.5}
    return asdict(ResupplyLine(**{**head, "solver": solver, "seed": seed, **more}))  # type: ignore[arg-type]  # fields by name


def test_the_table_counts_who_is_better_and_by_which_level() -> None:
    worse = {**LEVELS, "undelivered 2": 51.0}
    told = table(
        [
            line("convoi"),
            line("ortools", levels=worse, mended=4),
            line("convoi", seed=2),
            line("ortools", seed=2, outcome="refused", levels=None),
            line("convoi", seed=3),
            line("ortools", seed=3),
            # Failed runs are no answers, and a run without another beside it is no comparison.
            line("convoi", seed=4),
            line("ortools", seed=4, outcome="failed", levels=None),
        ]
    )
    rows = [text for text in told.splitlines() if text.startswith("| s40 ")]
    assert rows == [
        "| s40 | 40 | 3 | 2 | 1 | convoi | undelivered 2 | 2: 50 | 2: 51 | 4 |",
        "| s40 | 40 | 3 | 2 | 2 | convoi | no plan | 2: 50 | refused | 0 |",
        "| s40 | 40 | 3 | 2 | 3 | tie | tie | 2: 50 | 2: 50 | 0 |",
    ]
    assert "| undelivered 2 | 1 | 0 | 0 |" in told
    assert "| all | 2 | 0 | 1 |" in told
    assert told.startswith("8 runs, limit 10 s, load of the machine at their begin 0.5 to 0.5.")


def test_growth_is_the_slope_between_logarithms() -> None:
    # Ten times the sites, a hundred times the seconds.
    assert exponent([(10, 1), (100, 100)]) == pytest.approx(2)
    assert exponent([(10, 1), (10, 3)]) is None
    none = line("convoi", 1000, first_s=None, first_verified=False)
    told = table([line("convoi", 100), line("convoi", 400), none])
    assert "| 10 | 400 | 1 of 1 | 4.0 to 4.0 | 10.1 | 300 |" in told
    assert "| 10 | 1000 | 0 of 1 | none | 10.1 | 300 |" in told
    assert "the first plan grows as sites to the 1.00" in told


def test_a_first_plan_that_does_not_verify_is_none() -> None:
    told = table([line("convoi", first_verified=False)])
    assert "| 10 | 40 | 0 of 1 | none | 10.1 | 300 |" in told
