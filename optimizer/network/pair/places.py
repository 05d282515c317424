"""Places of a pair: sites of a scenario, positions, points of a layer."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from optimizer.errors import UsageError
from optimizer.scenario.model import Position, Scenario, Site
from optimizer.units import from_mgrs

if TYPE_CHECKING:
    import geopandas as gpd

    from optimizer.terrain.theatre import Theatre

__all__ = ["place_of", "scenario_between", "with_places"]

#: Ids of the sites that positions become.
_NAMES = ("from", "to")


def place_of(text: str) -> Position:
    """Return the position that a text states.

    Parameters
    ----------
    text : str
        ``lon,lat`` in degrees, or an MGRS reference.

    Returns
    -------
    Position
        Position.

    Raises
    ------
    ValueError
        If it states none.
    """
    if "," in text:
        try:
            lon, lat = (float(part) for part in text.split(","))
            return Position(lon=lon, lat=lat)
        except ValueError as error:
            raise ValueError(
                f"{text!r} is no position: write longitude,latitude in degrees"
            ) from error
    from_mgrs(text)
    return Position(mgrs=text)


def with_places(
    scenario: Scenario | None, theatre: Theatre, places: Sequence[str]
) -> tuple[Scenario, list[str]]:
    """Return a scenario that has every place as a site, and the id of each.

    Parameters
    ----------
    scenario : Scenario or None
        Scenario whose sites may be named; None for the bare theatre.
    theatre : Theatre
        Theatre.
    places : sequence of str
        One place, or two: each the id of a site, ``lon,lat`` or an MGRS reference.

    Returns
    -------
    scenario : Scenario
        The scenario, with new sites behind its own.
    ids : list of str
        Sites that the places are.

    Raises
    ------
    UsageError
        If a place is no site and no position, or lies outside the theatre.
    """
    known = {} if scenario is None else {site.id: site for site in scenario.sites}
    added: dict[str, Site] = {}
    ids = []
    for name, text in zip(_NAMES, places, strict=False):
        if text in known:
            ids.append(text)
            position = known[text].position
        else:
            try:
                position = place_of(text)
            except ValueError as error:
                raise UsageError(_unknown(text, list(known), str(error))) from error
            while name in known:
                name += "-"  # noqa: PLW2901 - a name that no site has
            added[name] = Site(id=name, label=text, position=position)
            ids.append(name)
        if position is None or not _inside(theatre, position):
            raise UsageError(
                f"{text} lies outside theatre {theatre.manifest.name!r}: name a place on its ground"
                f"{_turned(theatre, position)}"
            )
    if scenario is None:
        return _bare(theatre, tuple(added.values())), ids
    return scenario.model_copy(update={"sites": (*scenario.sites, *added.values())}), ids


def _turned(theatre: Theatre, position: Position | None) -> str:
    """Tell who named the latitude first so; nothing where that does not help."""
    if position is None or abs(position.lonlat[0]) > 90:  # noqa: PLR2004 - no latitude
        return ""
    lat, lon = position.lonlat
    if not _inside(theatre, Position(lon=lon, lat=lat)):
        return ""
    return f" (longitude comes first: {lon:g},{lat:g} lies on it)"


def scenario_between(theatre: Theatre, places: gpd.GeoDataFrame) -> Scenario:
    """Return a scenario whose sites are given points, and that states nothing else.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    places : GeoDataFrame
        Points in any CRS, with a column ``id``.

    Returns
    -------
    Scenario
        For `optimizer.network.of_scenario.ground_of`.
    """
    shapes = places.to_crs("EPSG:4326").geometry
    return _bare(
        theatre,
        tuple(
            Site(id=str(name), position=Position(lon=point.x, lat=point.y))
            for name, point in zip(places["id"], shapes, strict=True)
        ),
    )


def _bare(theatre: Theatre, sites: tuple[Site, ...]) -> Scenario:
    day = "2000-01-01T00:00Z", "2000-01-02T00:00Z"
    bed = {"id": "bed", "capacity_kg": 1}
    return Scenario.model_validate(
        {
            "format": "convoi/scenario/1",
            "id": "between",
            "theatre": {"name": theatre.manifest.name},
            "horizon": dict(zip(("start", "end"), day, strict=True)),
            "sites": [site.model_dump(exclude_unset=True) for site in sites],
            "bases": [{"site": sites[0].id}],
            "vehicle_types": [{"id": "any", "mobility": "heavy_truck", "compartments": [bed]}],
            "fleet": [{"type": "any", "base": sites[0].id}],
        }
    )


def _unknown(text: str, known: Sequence[str], why: str) -> str:
    if "," in text:
        return why
    near = difflib.get_close_matches(text, known, n=1)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    what = f"no site{meant} and no position" if known else "no position"
    name = "a site, " if known else ""
    return f"{text!r} is {what}; name {name}longitude,latitude in degrees or an MGRS reference"


def _inside(theatre: Theatre, position: Position) -> bool:
    x, y = theatre.to_ground.transform(*position.lonlat)
    if not (abs(x) < float("inf") and abs(y) < float("inf")):
        return False
    return theatre.grid.contains(*theatre.grid.cell(x, y))
