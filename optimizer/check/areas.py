"""Areas against the ground: those that lie outside it change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from optimizer.faults import Fault, Severity
from optimizer.scenario.model import Scenario
from optimizer.scenario.places import pointer
from optimizer.terrain.theatre import Theatre

__all__ = ["Shapes", "areas", "shapes_of"]

Shapes = Mapping[str, BaseGeometry]


def shapes_of(scenario: Scenario, theatre: Theatre) -> Shapes:
    """Return the areas as polygons in the theatre's CRS.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    theatre : Theatre
        Its theatre.

    Returns
    -------
    mapping of str to geometry
        Polygon by id of the area.
    """
    return {
        area.id: shapely.Polygon([theatre.to_ground.transform(*corner) for corner in area.polygon])
        for area in scenario.areas
    }


def areas(scenario: Scenario, theatre: Theatre, shapes: Shapes) -> Iterator[Fault]:
    """Find areas that lie wholly outside the theatre.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    theatre : Theatre
        Its theatre.
    shapes : mapping of str to geometry
        The areas in the theatre's CRS.

    Yields
    ------
    Fault
        A warning for each.
    """
    grid = theatre.grid
    east = grid.west_m + grid.width * grid.resolution_m
    south = grid.north_m - grid.height * grid.resolution_m
    ground = shapely.box(grid.west_m, south, east, grid.north_m)
    for i, area in enumerate(scenario.areas):
        if not ground.intersects(shapes[area.id]):
            place = pointer("areas", i, "polygon")
            yield Fault("ground.area_outside", place, {"area": area.id}, Severity.WARNING)
