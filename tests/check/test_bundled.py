"""The bundled scenarios lie well on the bundled theatre."""

from __future__ import annotations

import pytest

from optimizer.check.areas import areas, shapes_of
from optimizer.check.changes import changes
from optimizer.check.sites import sites
from optimizer.datasets import data_path
from optimizer.scenario.read import load_scenario
from optimizer.terrain.theatre import theatre_of


@pytest.mark.parametrize("name", ["brigade", "flood"])
def test_sites_areas_and_changes_lie_where_they_mean_something(name: str) -> None:
    scenario = load_scenario(data_path("scenarios", f"{name}.yaml"))
    theatre = theatre_of(scenario)
    assert theatre is not None
    shapes = shapes_of(scenario, theatre)
    assert list(sites(scenario, theatre, shapes)) == []
    assert list(areas(scenario, theatre, shapes)) == []
    assert list(changes(scenario, theatre)) == []
