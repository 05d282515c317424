"""Reads what a theatre needs from OpenStreetMap files, keeping the references to nodes."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from optimizer.errors import FileError
from optimizer.terrain.build.crs import Bounds
from optimizer.terrain.build.tables import highway_table, landcover_code
from optimizer.terrain.build.values import parse_length_m, parse_population

__all__ = ["OsmArea", "OsmData", "OsmPlace", "OsmWay", "read_osm", "sorted_by_id"]

SUFFIXES = (".osm.pbf", ".pbf", ".osm.gz", ".osm.bz2", ".osm")
#: Waterways that are drawn as lines and may bar the way.
_WATERWAYS = {"river", "canal", "stream", "ditch", "drain", "brook", "tidal_channel", "wadi"}
#: Files of neighbouring regions that are fetched within so long fit together.
_SAME_STATE = timedelta(days=31)
_AREA_KEYS = ("natural", "landuse", "leisure", "water", "waterway", "amenity", "aeroway", "place")
_KEYS = (*_AREA_KEYS, "highway", "mountain_pass", "ford")
#: OSM ``place`` -> kind of ``places``.
_PLACES = {
    "city": "city",
    "town": "town",
    "village": "village",
    "hamlet": "hamlet",
    "isolated_dwelling": "locality",
    "farm": "locality",
    "locality": "locality",
    "suburb": "suburb",
    "borough": "suburb",
    "quarter": "suburb",
    "neighbourhood": "suburb",
}


@dataclass(frozen=True, slots=True)
class OsmWay:
    """A line.

    Parameters
    ----------
    id : int
        Way in OpenStreetMap.
    nodes : ndarray of int64, shape (points,)
        References of its nodes, in order.
    lonlat : ndarray of float64, shape (points, 2)
        Degrees; NaN where the file lacks the node.
    tags : mapping
        Its tags.
    """

    id: int
    nodes: NDArray[np.int64]
    lonlat: NDArray[np.float64]
    tags: Mapping[str, str]

    @property
    def located(self) -> int:
        """Number of nodes that the file has."""
        return int(np.isfinite(self.lonlat[:, 0]).sum())


@dataclass(frozen=True, slots=True)
class OsmArea:
    """A closed way or a multipolygon that says what covers the ground.

    Parameters
    ----------
    id : int
        Area's number: twice the way's, or twice the relation's plus one.
    shape : BaseGeometry
        Longitude and latitude in degrees.
    tags : mapping
        Its tags.
    """

    id: int
    shape: BaseGeometry
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OsmPlace:
    """A named point.

    Parameters
    ----------
    id : int
        Node in OpenStreetMap.
    name, kind : str
        As in the layer ``places``.
    population : int
        0 where not mapped.
    lon, lat : float
        Degrees.
    """

    id: int
    name: str
    kind: str
    population: int
    lon: float
    lat: float


@dataclass(slots=True)
class OsmData:
    """What was read, from all files together.

    Attributes
    ----------
    roads, waterways, coastlines : dict
        Ways by id.
    areas : dict
        Areas by number.
    places : dict
        Places by node.
    fords : dict of int to float
        Nodes that are fords, and how deep in metres; NaN where not mapped.
    boxes : list of tuple
        West, south, east, north in degrees, from the headers that state one.
    dates : dict
        Time of the data by file, as in its header, else empty.
    dropped : dict
        Ways dropped, by reason.
    warnings : list of str
        What is odd and yet no error.
    """

    roads: dict[int, OsmWay] = field(default_factory=dict)
    waterways: dict[int, OsmWay] = field(default_factory=dict)
    coastlines: dict[int, OsmWay] = field(default_factory=dict)
    areas: dict[int, OsmArea] = field(default_factory=dict)
    places: dict[int, OsmPlace] = field(default_factory=dict)
    fords: dict[int, float] = field(default_factory=dict)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    dates: dict[Path, str] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def drop(self, reason: str) -> None:
        """Count a thing that is left out.

        Parameters
        ----------
        reason : str
            Key of the count.
        """
        self.dropped[reason] = self.dropped.get(reason, 0) + 1


def read_osm(paths: Sequence[Path], box: Bounds | None = None) -> OsmData:
    """Read OpenStreetMap files; what stands in several is taken once, from the most complete.

    Parameters
    ----------
    paths : sequence of Path
        ``.osm.pbf``, ``.osm.gz``, ``.osm.bz2`` or ``.osm``.
    box : tuple of float, optional
        West, south, east, north in degrees: what is wanted of the files. A road is taken whole if
        it comes inside; of the rest what lies around it is taken as well, since the
        grid over a box in degrees is somewhat larger. By default everything.

    Returns
    -------
    OsmData
        Roads, water, land cover and places.

    Raises
    ------
    FileError
        If a file is missing, cut short, empty, or not what its name says.
    """
    data = OsmData()
    for path in paths:
        _check_name(path)
        try:
            _read_one(path, data, box)
        except (RuntimeError, ValueError) as error:  # what osmium raises for damaged files
            if "order" in str(error):
                raise FileError(
                    f"{path} is not sorted ({error}): nodes, ways and relations must stand in this"
                    " order, each by number; sort it, for instance with osmium sort"
                ) from error
            raise FileError(
                f"{path} is not a whole OpenStreetMap file ({error}): it was cut short or is not"
                " what its name says; fetch it again"
            ) from error
    if box is not None:
        data.boxes = [box]
    _compare_dates(data)
    return data


def _around(box: Bounds) -> Bounds:
    """Return the box and what a grid over it may reach beside it."""
    west, south, east, north = box
    aside = 0.2 * max(east - west, north - south)
    return west - aside, south - aside, east + aside, north + aside


def _reaches(lonlat: NDArray[np.float64], box: Bounds) -> bool:
    """Tell whether a line comes into a box, or nearly: a stretch of it lies around a corner."""
    west, south, east, north = box
    # A straight line may cross the box without a node in it. Where a node is missing, the one
    # beside it counts alone.
    one, other = (lonlat[:-1], lonlat[1:]) if len(lonlat) > 1 else (lonlat, lonlat)
    low, high = np.fmin(one, other), np.fmax(one, other)
    reaches = (low[:, 0] <= east) & (high[:, 0] >= west)
    reaches &= (low[:, 1] <= north) & (high[:, 1] >= south)
    return bool(reaches.any())


def _compare_dates(data: OsmData) -> None:
    known = sorted((date, path) for path, date in data.dates.items() if date)
    if not known:
        return
    (first, older), (last, newer) = known[0], known[-1]
    with contextlib.suppress(
        ValueError, TypeError
    ):  # what is no date is shown in the manifest as it is
        apart = datetime.fromisoformat(last) - datetime.fromisoformat(first)
        if apart > _SAME_STATE:
            data.warnings.append(
                f"{newer} is {apart.days} days newer than {older}: what was removed in between is"
                " still there"
            )


def _check_name(path: Path) -> None:
    if not path.is_file():
        raise FileError(f"{path} is not there, or not a file")
    if not path.name.endswith(SUFFIXES):
        raise FileError(
            f"{path}: the name does not tell an OpenStreetMap file; it must end in .osm.pbf,"
            " .osm.gz, .osm.bz2 or .osm"
        )


def _read_one(path: Path, data: OsmData, box: Bounds | None) -> None:
    reader = osmium.FileProcessor(path)
    header = reader.header
    if header.box().valid():
        low, high = header.box().bottom_left, header.box().top_right
        data.boxes.append((low.lon, low.lat, high.lon, high.lat))
    data.dates[path] = header.get("osmosis_replication_timestamp", "")
    area_keys = osmium.filter.KeyFilter(*_AREA_KEYS)
    stream = (
        reader.with_locations().with_areas(area_keys).with_filter(osmium.filter.KeyFilter(*_KEYS))
    )
    around = None if box is None else _around(box)
    for thing in stream:
        kind = thing.type_str()
        if kind == "n":
            _take_node(thing, data, around)
        elif kind == "w":
            _take_way(thing, data, box, around)
        elif kind == "a":
            _take_area(thing, data, around)
    if not any(True for _ in osmium.FileProcessor(path, osmium.osm.WAY)):
        raise FileError(
            f"{path} holds no ways: it is empty, or was cut short before them; fetch it again"
        )
    if path.name.endswith(".pbf") and not any(
        True for _ in osmium.FileProcessor(path, osmium.osm.RELATION)
    ):
        # Files are sorted: nodes, ways, relations. A cut between two blocks leaves a valid file.
        data.warnings.append(
            f"{path} holds no relations: an extract of a region has some; was it cut short?"
        )


def _take_node(node: Any, data: OsmData, around: Bounds | None) -> None:  # noqa: ANN401 - osmium has no type stubs
    if around is not None:
        place = node.location
        if not place.valid() or not _reaches(np.array([[place.lon, place.lat]]), around):
            return
    tags = node.tags
    if tags.get("ford", "no") != "no":
        depth_m = parse_length_m(tags.get("depth", ""))
        data.fords[node.id] = math.nan if depth_m is None else depth_m
    name = tags.get("name", "")
    kind = _PLACES.get(tags.get("place", ""), "")
    if not kind and tags.get("natural") == "peak":
        kind = "peak"
    if not kind and (tags.get("natural") == "saddle" or tags.get("mountain_pass") == "yes"):
        kind = "pass"
    if name and kind and node.location.valid():
        population = parse_population(tags.get("population", ""))
        data.places[node.id] = OsmPlace(
            node.id, name, kind, population, node.location.lon, node.location.lat
        )


def _take_way(
    way: Any,  # noqa: ANN401 - as above
    data: OsmData,
    box: Bounds | None,
    around: Bounds | None,
) -> None:
    tags = way.tags
    highway, waterway = tags.get("highway", ""), tags.get("waterway", "")
    if highway:
        row = highway_table().get(highway)
        if row is None:
            data.drop("roads_of_unknown_class")
        elif not row.keep:
            data.drop("roads_of_dropped_class")
        else:
            _keep(data.roads, _way(way), box)
    if waterway in _WATERWAYS:
        _keep(data.waterways, _way(way), around)
    if tags.get("natural") == "coastline":
        _keep(data.coastlines, _way(way), around)


def _way(way: Any) -> OsmWay:  # noqa: ANN401 - as above
    missing = (float("nan"), float("nan"))
    refs, points = [], []
    for node in way.nodes:
        refs.append(node.ref)
        place = node.location
        points.append((place.lon, place.lat) if place.valid() else missing)
    return OsmWay(
        way.id,
        np.array(refs, np.int64),
        np.array(points, np.float64).reshape(-1, 2),
        {tag.k: tag.v for tag in way.tags},
    )


def _keep(ways: dict[int, OsmWay], way: OsmWay, box: Bounds | None) -> None:
    if box is not None and not _reaches(way.lonlat, box):
        return
    other = ways.get(way.id)
    if other is None or way.located > other.located:
        ways[way.id] = way


_WKB = osmium.geom.WKBFactory()


def _take_area(area: Any, data: OsmData, around: Bounds | None) -> None:  # noqa: ANN401 - as above
    tags = {tag.k: tag.v for tag in area.tags}
    if landcover_code(tags) is None or area.id in data.areas:
        return
    try:
        shape = shapely.from_wkb(_WKB.create_multipolygon(area), on_invalid="ignore")
    except RuntimeError:  # a ring that does not close
        shape = None
    if shape is None or shape.is_empty:
        data.drop("areas_with_broken_rings")
        return
    if around is not None and not shapely.box(*around).intersects(shapely.box(*shape.bounds)):
        return
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    data.areas[area.id] = OsmArea(area.id, shape, tags)


def sorted_by_id(things: Mapping[int, Any]) -> Iterable[Any]:
    """Yield values in the order of their numbers, whatever the order of the files.

    Parameters
    ----------
    things : mapping
        By number.

    Returns
    -------
    iterable
        The values.
    """
    return (things[key] for key in sorted(things))
