"""Sites against the ground: outside the theatre, in water, in an area that nobody may enter."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from optimizer.check.areas import Shapes
from optimizer.faults import Fault, Severity
from optimizer.scenario.model import AreaKind, Scenario
from optimizer.scenario.places import pointer
from optimizer.terrain.theatre import Theatre

__all__ = ["placed_sites", "sites"]

_RIVER, _LAKE = 2, 3


def placed_sites(scenario: Scenario, theatre: Theatre) -> dict[str, tuple[float, float]]:
    """Return where the sites lie in the theatre's CRS.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    theatre : Theatre
        Its theatre.

    Returns
    -------
    dict of str to (float, float)
        Position (x, y) in metres of each site that has one.
    """
    return {
        site.id: theatre.to_ground.transform(*site.position.lonlat)
        for site in scenario.sites
        if site.position is not None
    }


def sites(scenario: Scenario, theatre: Theatre, shapes: Shapes) -> Iterator[Fault]:
    """Check where each site lies.

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
        One warning for each site that lies badly.
    """
    water = theatre.raster("water")
    no_go = (a for a in scenario.areas if a.kind is AreaKind.NO_GO and not a.windows)
    closed = {area.id: shapes[area.id] for area in no_go}
    places = placed_sites(scenario, theatre)
    for i, site in enumerate(scenario.sites):
        if site.id not in places:
            continue
        place, cell = pointer("sites", i, "position"), theatre.grid.cell(*places[site.id])
        if not theatre.grid.contains(*cell):
            yield _warning(
                "ground.site_outside", place, site=site.id, theatre=theatre.manifest.name
            )
        elif water[cell] == _LAKE:
            yield _warning("ground.site_in_lake", place, site=site.id)
        elif (area := _area_at(places[site.id], closed)) is not None:
            yield _warning("ground.site_in_no_go", place, site=site.id, area=area)
        elif water[cell] == _RIVER:
            yield _warning("ground.site_in_river", place, site=site.id)


def _area_at(position: tuple[float, float], areas: dict[str, BaseGeometry]) -> str | None:
    point = shapely.Point(position)
    return next((name for name, shape in areas.items() if shape.intersects(point)), None)


def _warning(code: str, place: str, **params: str) -> Fault:
    return Fault(code, place, params, Severity.WARNING)
