"""The tables of how each mobility class moves, as frozen objects.

What the figures are used for is said in ``docs/reference/mobility.md``; where they come from, in
each row of ``data/mobility/*.csv``. Values are read, never computed here.
"""

from __future__ import annotations

import functools
import math
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from optimizer.datasets import read_table
from optimizer.errors import FileError, UsageError
from optimizer.terrain.media import Flight, Medium, Sailing

__all__ = [
    "OFF_ROAD",
    "ByState",
    "MobilityClass",
    "bridge_default",
    "default",
    "exposure_shares",
    "exposure_tables",
    "ford_factor",
    "light_factor",
    "medium_of",
    "mobility_class",
    "mobility_classes",
    "sight_m",
    "visibility_cap_kmh",
]

#: What stands for open ground among the highway values of ``light.csv``.
OFF_ROAD = "off_road"

_T = TypeVar("_T")

_FOLDER = "mobility"
#: The row that stands for a highway value, a surface or a land cover without a row of its own.
_OTHER_HIGHWAY, _OTHER_SURFACE, _OTHER_COVER = "road", "unknown", 0
_DAY = "day"


@dataclass(frozen=True, slots=True)
class ByState:
    """A figure for each state of the ground, and the fuel that goes with it.

    Parameters
    ----------
    dry, wet, snow : float
        A factor (surfaces) or a speed in km/h (land cover); 0 is closed.
    fuel : float
        Fuel of a metre, as a multiple of a flat paved metre.
    """

    dry: float
    wet: float
    snow: float
    fuel: float

    def of(self, state: str) -> float:
        """Return the figure for a state of the ground.

        Parameters
        ----------
        state : {"dry", "wet", "snow"}
            State.

        Returns
        -------
        float
            Its figure.
        """
        figures: dict[str, float] = {"dry": self.dry, "wet": self.wet, "snow": self.snow}
        return figures[state]


@dataclass(frozen=True, slots=True)
class MobilityClass:
    """How a kind of vehicle moves.

    Parameters
    ----------
    id : str
        Such as ``heavy_truck``.
    name_en, name_fr : str
        For people.
    medium : Medium
        What it moves in. To what flies or goes on water all roads and all open ground are closed.
    tracked : bool
        Whether its load class is a tracked one.
    max_slope_up, max_slope_down : float
        Steepest grade over open ground, rise over horizontal distance, both positive.
    max_side_slope : float
        Steepest slope to the side over open ground.
    cross_stream : bool
        Whether it crosses cells with a stream.
    stream_factor : float
        Factor of the speed on such cells.
    ford_depth_m : float
        Deepest ford that it passes.
    ignores_oneway : bool
        Whether it goes against one-way roads.
    leave_road_s : float
        What it costs to leave or to join a road at a connector.
    fuel_per_grade : float
        What a rise adds to the fuel of a metre.
    road_kmh : mapping of str to float
        Speed by highway value; 0 is closed.
    surface : mapping of str to ByState
        Factor of the road speed by surface.
    slope : tuple of (float, float)
        Grade and factor, by rising grade.
    landcover : mapping of int to ByState
        Speed over open ground in km/h by land cover code.
    flight : Flight or None
        How it flies; of an aircraft alone.
    sailing : Sailing or None
        How it goes on water; of a boat alone.
    """

    id: str
    name_en: str
    name_fr: str
    medium: Medium
    tracked: bool
    max_slope_up: float
    max_slope_down: float
    max_side_slope: float
    cross_stream: bool
    stream_factor: float
    ford_depth_m: float
    ignores_oneway: bool
    leave_road_s: float
    fuel_per_grade: float
    road_kmh: Mapping[str, float]
    surface: Mapping[str, ByState]
    slope: tuple[tuple[float, float], ...]
    landcover: Mapping[int, ByState]
    flight: Flight | None = None
    sailing: Sailing | None = None

    def road_speed_kmh(self, highway: str) -> float:
        """Return the speed on a straight, flat, dry, paved road.

        Parameters
        ----------
        highway : str
            OSM highway value; one without a row counts as ``road``.

        Returns
        -------
        float
            km/h; 0 is closed.
        """
        return self.road_kmh.get(highway, self.road_kmh[_OTHER_HIGHWAY])

    def surface_of(self, surface: str) -> ByState:
        """Return the factors and the fuel of a surface.

        Parameters
        ----------
        surface : str
            Surface; one without a row counts as ``unknown``.

        Returns
        -------
        ByState
            Factors of the road speed.
        """
        return self.surface.get(surface, self.surface[_OTHER_SURFACE])

    def cover_of(self, code: int) -> ByState:
        """Return the speeds and the fuel over a land cover.

        Parameters
        ----------
        code : int
            Code of ``terrain_tables/landcover.csv``; one without a row counts as 0, unmapped.

        Returns
        -------
        ByState
            Speeds in km/h.
        """
        return self.landcover.get(code, self.landcover[_OTHER_COVER])


#: Ground that is closed, to those who do not move on it.
_CLOSED = ByState(dry=0.0, wet=0.0, snow=0.0, fuel=1.0)
_NO_ROAD: Mapping[str, float] = {_OTHER_HIGHWAY: 0.0}
_NO_SURFACE: Mapping[str, ByState] = {_OTHER_SURFACE: _CLOSED}
_NO_COVER: Mapping[int, ByState] = {_OTHER_COVER: _CLOSED}
_LEVEL = ((0.0, 1.0),)


@functools.cache
def mobility_classes() -> Mapping[str, MobilityClass]:
    """Return every mobility class, in the order of ``classes.csv``.

    Returns
    -------
    mapping of str to MobilityClass
        Classes by id.

    Raises
    ------
    FileError
        If a table is damaged.
    """
    roads: dict[str, dict[str, float]] = {}
    for row in _rows("road_speed.csv"):
        roads.setdefault(row["class"], {})[row["highway"]] = float(row["kmh"])
    surfaces: dict[str, dict[str, ByState]] = {}
    for row in _rows("surface.csv"):
        surfaces.setdefault(row["class"], {})[row["surface"]] = _by_state(row)
    covers: dict[str, dict[int, ByState]] = {}
    for row in _rows("landcover.csv"):
        covers.setdefault(row["class"], {})[int(row["code"])] = _by_state(row)
    slopes: dict[str, list[tuple[float, float]]] = {}
    for row in _rows("slope.csv"):
        slopes.setdefault(row["class"], []).append((float(row["grade"]), float(row["factor"])))

    flights = {row["class"]: _of_row(Flight, row) for row in _rows("air.csv")}
    sailings = {row["class"]: _of_row(Sailing, row) for row in _rows("water.csv")}

    def read(row: Mapping[str, str]) -> MobilityClass:
        name, medium = row["class"], Medium(row["medium"])
        on_ground = medium is Medium.GROUND
        return MobilityClass(
            id=name,
            name_en=row["name_en"],
            name_fr=row["name_fr"],
            medium=medium,
            tracked=row["tracked"] == "1",
            # Water is level: what the elevation says of the cells beside each other is its banks.
            max_slope_up=float(row["max_slope_up"]) if on_ground else math.inf,
            max_slope_down=float(row["max_slope_down"]) if on_ground else math.inf,
            max_side_slope=float(row["max_side_slope"]) if on_ground else math.inf,
            cross_stream=row["cross_stream"] == "1",
            stream_factor=float(row["stream_factor"]),
            ford_depth_m=float(row["ford_depth_m"]),
            ignores_oneway=row["ignores_oneway"] == "1",
            leave_road_s=float(row["leave_road_s"]),
            fuel_per_grade=float(row["fuel_per_grade"]),
            road_kmh=types.MappingProxyType(roads[name] if on_ground else _NO_ROAD),
            surface=types.MappingProxyType(surfaces[name] if on_ground else _NO_SURFACE),
            slope=tuple(sorted(slopes[name])) if on_ground else _LEVEL,
            landcover=types.MappingProxyType(covers[name] if on_ground else _NO_COVER),
            flight=flights[name] if medium is Medium.AIR else None,
            sailing=sailings[name] if medium is Medium.WATER else None,
        )

    return types.MappingProxyType(
        _checked(lambda: {r["class"]: read(r) for r in _rows("classes.csv")})
    )


def mobility_class(name: str) -> MobilityClass:
    """Return a mobility class.

    Parameters
    ----------
    name : str
        Its id.

    Returns
    -------
    MobilityClass
        The class.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    classes = mobility_classes()
    if name not in classes:
        raise UsageError(f"no mobility class {name!r}; there are {', '.join(classes)}")
    return classes[name]


def medium_of(mobility: Iterable[str]) -> Medium | None:
    """Return what mobility classes move in together.

    Parameters
    ----------
    mobility : iterable of str
        Ids of classes.

    Returns
    -------
    Medium or None
        None if they move in different media, and so cannot go together.

    Raises
    ------
    UsageError
        If there is no such class.
    """
    media = {mobility_class(name).medium for name in mobility}
    return media.pop() if len(media) == 1 else None


@functools.cache
def bridge_default(highway: str) -> tuple[float, float]:
    """Return the load class assumed for a bridge that nobody assessed.

    Parameters
    ----------
    highway : str
        OSM highway value of the road that it carries; one without a row counts as ``road``.

    Returns
    -------
    tuple of float
        Wheeled and tracked MLC.
    """
    table = _checked(
        lambda: {
            row["highway"]: (float(row["mlc_wheeled"]), float(row["mlc_tracked"]))
            for row in _rows("bridge_default.csv")
        }
    )
    return table.get(highway, table[_OTHER_HIGHWAY])


def visibility_cap_kmh(visibility_m: float | None) -> float | None:
    """Return the speed that the visibility allows on roads.

    Parameters
    ----------
    visibility_m : float or None
        Visibility; None where it is not stated.

    Returns
    -------
    float or None
        km/h; None if it does not bind.
    """
    if visibility_m is None:
        return None
    rows = _checked(
        lambda: sorted((float(r["below_m"]), float(r["kmh"])) for r in _rows("visibility.csv"))
    )
    return next((kmh for below_m, kmh in rows if visibility_m < below_m), None)


@functools.cache
def ford_factor(water: str) -> float:
    """Return how deep fords are, as a multiple of their ordinary depth.

    Parameters
    ----------
    water : str
        Level of the waters, or state of the ground: a row of ``ford.csv``.

    Returns
    -------
    float
        Factor.
    """
    rows = _checked(lambda: {r["water"]: float(r["factor"]) for r in _rows("ford.csv")})
    return rows[water]


def sight_m(light: str, visibility_m: float | None) -> float | None:
    """Return how far a driver sees.

    Parameters
    ----------
    light : {"day", "night", "blackout"}
        Light; by night the lights reach as far as ``defaults.csv`` says.
    visibility_m : float or None
        Visibility by day; None where it is not stated.

    Returns
    -------
    float or None
        Metres; None for farther than counts.
    """
    if light == _DAY:
        return visibility_m
    reach_m = default(f"sight_{light}_m")
    return reach_m if visibility_m is None else min(reach_m, visibility_m)


def light_factor(light: str, mobility: str, highway: str) -> float:
    """Return the factor of the speed by the light.

    Parameters
    ----------
    light : {"day", "night", "blackout"}
        Light.
    mobility : str
        Mobility class.
    highway : str
        OSM highway value, or `OFF_ROAD`; one without a row counts as ``road``.

    Returns
    -------
    float
        1 by day, and for a class without rows.
    """
    rows = _light_factors().get((light, mobility), {})
    return rows.get(highway, rows.get(_OTHER_HIGHWAY, 1.0))


@functools.cache
def _light_factors() -> Mapping[tuple[str, str], Mapping[str, float]]:
    def read() -> Mapping[tuple[str, str], Mapping[str, float]]:
        factors: dict[tuple[str, str], dict[str, float]] = {}
        for row in _rows("light.csv"):
            of = factors.setdefault((row["light"], row["class"]), {})
            of[row["highway"]] = float(row["factor"])
        return factors

    return _checked(read)


@functools.cache
def exposure_shares(table: str) -> tuple[float, ...]:
    """Return how much of a stretch is in view, by land cover.

    Parameters
    ----------
    table : str
        Name of a table in ``exposure.csv``.

    Returns
    -------
    tuple of float
        By land cover code, 256 of them; a code without a row counts as 0, unmapped.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    names = exposure_tables()
    if table not in names:
        raise UsageError(f"no table of exposure {table!r}; there are {', '.join(names)}")
    rows = _rows("exposure.csv")
    shares = _checked(
        lambda: {int(row["code"]): float(row["share"]) for row in rows if row["table"] == table}
    )
    return tuple(shares.get(code, shares[_OTHER_COVER]) for code in range(256))


def exposure_tables() -> tuple[str, ...]:
    """Return the names of the tables of exposure by land cover.

    Returns
    -------
    tuple of str
        In alphabetical order.
    """
    return tuple(sorted({row["table"] for row in _rows("exposure.csv")}))


def default(key: str) -> float:
    """Return a figure that holds for every class.

    Parameters
    ----------
    key : str
        A key of ``defaults.csv``.

    Returns
    -------
    float
        Its value.
    """
    return _defaults()[key]


@functools.cache
def _defaults() -> Mapping[str, float]:
    return _checked(lambda: {row["key"]: float(row["value"]) for row in _rows("defaults.csv")})


def _rows(name: str) -> tuple[dict[str, str], ...]:
    return read_table(_FOLDER, name)


def _of_row(kind: Callable[..., _T], row: Mapping[str, str]) -> _T:
    return kind(**{name: float(row[name]) for name in row if name not in {"class", "source"}})


def _by_state(row: Mapping[str, str]) -> ByState:
    return ByState(float(row["dry"]), float(row["wet"]), float(row["snow"]), float(row["fuel"]))


def _checked(read: Callable[[], _T]) -> _T:
    try:
        return read()
    except (KeyError, ValueError) as error:
        raise FileError(f"a table of data/{_FOLDER} is damaged: {error}") from error
