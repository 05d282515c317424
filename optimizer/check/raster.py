"""Whether the raster of exposure that a scenario names was read."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.faults import Fault
from optimizer.scenario.model import Scenario
from optimizer.scenario.places import pointer
from optimizer.terrain.planned import raster_named
from optimizer.terrain.theatre import Theatre

__all__ = ["raster"]


def raster(scenario: Scenario, theatre: Theatre) -> Iterator[Fault]:
    """Tell of a raster that a scenario names where no file of it is known.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    theatre : Theatre
        Its theatre, with the raster on it where the scenario came from a file.

    Yields
    ------
    Fault
        At most one.
    """
    name = raster_named(scenario)
    if name is not None and theatre.planned is None:
        place = pointer("rules", "exposure", "raster")
        yield Fault("ground.raster_unplaced", place, {"raster": name})
