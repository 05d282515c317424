"""Matrices that a scenario brings itself."""

from __future__ import annotations

import pytest

from optimizer.network.of_scenario import ground_of
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario


def scenario() -> Scenario:
    both = ["a", "b"]
    return Scenario.model_validate(
        {
            "format": "convoi/scenario/1",
            "id": "given",
            "horizon": {"start": "2026-03-01T06:00:00Z", "end": "2026-03-02T06:00:00Z"},
            "sites": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
            "bases": [{"site": "a"}],
            "vehicle_types": [
                {
                    "id": "v",
                    "mobility": "van",
                    "compartments": [{"id": "bed", "capacity_kg": 100}],
                }
            ],
            "fleet": [{"type": "v", "base": "a"}],
            "matrices": [
                {
                    "mobility": "van",
                    "sites": both[::-1],
                    "time_s": [[0, 70], [60, 0]],
                    "distance_m": [[0, 500], [400, 0]],
                },
                {
                    "mobility": "cart",
                    "sites": both,
                    "time_s": [[0, 90], [None, 0]],
                    "distance_m": [[0, 300], [None, 0]],
                    "fuel_m": [[0, 450], [0, 0]],
                    "exposure_milli": [[0, 7], [0, 0]],
                },
            ],
        }
    )


def quantities(mobility: tuple[str, ...], origin: str, end: str) -> tuple[int, ...]:
    ground = ground_of(scenario(), None)
    course = ground.course(Profile(mobility=mobility), Criterion.TIME, origin, end)
    assert course.path is None
    return course.time_s, course.distance_m, course.fuel_m, course.exposure_milli


def test_rows_and_columns_follow_the_sites_of_the_table() -> None:
    # Fuel that is not given is the distance, exposure that is not given is none.
    assert quantities(("van",), "a", "b") == (60, 400, 400, 0)
    assert quantities(("van",), "b", "a") == (70, 500, 500, 0)


def test_a_convoy_of_two_classes_has_the_largest_of_each_quantity() -> None:
    assert quantities(("cart", "van"), "a", "b") == (90, 400, 450, 7)


@pytest.mark.parametrize(
    ("mobility", "origin", "end"),
    [
        (("cart",), "b", "a"),  # null in the table
        (("cart", "van"), "b", "a"),  # null for one of the two
        (("van",), "a", "c"),  # a site that the table does not have
        (("lorry",), "a", "b"),  # a class without a table
    ],
)
def test_what_is_not_given_is_no_way(mobility: tuple[str, ...], origin: str, end: str) -> None:
    ground = ground_of(scenario(), None)
    matrix = ground.matrix(Profile(mobility=mobility), Criterion.FUEL)
    pair = matrix.sites.index(origin), matrix.sites.index(end)
    assert matrix.unreachable[pair].code == "not_given"
    for values in (matrix.time_s, matrix.distance_m, matrix.fuel_m, matrix.exposure_milli):
        assert values[pair] == -1
    with pytest.raises(ValueError, match="no way"):
        ground.course(Profile(mobility=mobility), Criterion.TIME, origin, end)


def test_the_way_to_where_one_is_takes_nothing() -> None:
    assert quantities(("lorry",), "c", "c") == (0, 0, 0, 0)
