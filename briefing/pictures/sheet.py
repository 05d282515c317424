"""The sheet of a map: which ground it shows, and where a position of the ground lies on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from briefing.pictures.svg import Box
from optimizer.terrain.theatre import Theatre
from optimizer.units import to_mgrs

__all__ = ["LonLat", "Projection", "Sheet", "projection_of", "sheet_of"]

LonLat = tuple[float, float]
Points = NDArray[np.float64]

#: UTM ends here; beyond is the polar stereographic grid, which has no zones.
_UTM_TO_LAT = 80.0
#: A zone is six degrees wide, and serves a little beyond.
_ZONE_DEG = 4.0
#: Ground around what the plan shows, as a share of its larger side, and in metres at least.
_MARGIN_SHARE, _MARGIN_M = 0.06, 120.0


@dataclass(frozen=True, slots=True)
class Projection:
    """A projected reference system in metres.

    Parameters
    ----------
    crs : str
        Such as ``"EPSG:32631"``, or a definition that PROJ reads.
    to_ground : Transformer
        From longitude and latitude to metres.
    to_earth : Transformer
        Back.
    """

    crs: str
    to_ground: Transformer
    to_earth: Transformer

    def points(self, positions: Sequence[LonLat]) -> Points:
        """Project positions.

        Parameters
        ----------
        positions : sequence of tuple of float
            Longitude and latitude in degrees.

        Returns
        -------
        ndarray of float64, shape (positions, 2)
            Metres.
        """
        array = np.asarray(positions, np.float64).reshape(-1, 2)
        x, y = self.to_ground.transform(array[:, 0], array[:, 1])
        return np.column_stack((x, y))


def utm_of(lon: float, lat: float) -> str | None:
    """Return the UTM reference system of a position, with the exceptions of the grid zones.

    Parameters
    ----------
    lon, lat : float
        Degrees.

    Returns
    -------
    str or None
        None near the poles.
    """
    if abs(lat) >= _UTM_TO_LAT:
        return None
    zone = int(to_mgrs(lon, lat, 0)[:-3])
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def projection_of(theatre: Theatre | None, positions: Sequence[LonLat]) -> Projection:
    """Return the reference system that a map is drawn in.

    Parameters
    ----------
    theatre : Theatre or None
        Its own system is taken.
    positions : sequence of tuple of float
        What is shown, at least one: without a theatre, the UTM zone of its middle is taken, or a
        projection of its own where that holds too little.

    Returns
    -------
    Projection
        The system.
    """
    if theatre is not None:
        return Projection(theatre.manifest.crs, theatre.to_ground, theatre.to_earth)
    lon, lat, far = _middle(positions)
    utm = None if far > _ZONE_DEG else utm_of(lon, lat)
    # What no zone holds is drawn with true directions and distances from its middle.
    crs = utm or f"+proj=aeqd +lon_0={lon:.6f} +lat_0={lat:.6f} +datum=WGS84 +units=m"
    return Projection(
        crs,
        Transformer.from_crs("EPSG:4326", crs, always_xy=True),
        Transformer.from_crs(crs, "EPSG:4326", always_xy=True),
    )


def _middle(positions: Sequence[LonLat]) -> tuple[float, float, float]:
    """Return the middle of positions on the globe, and how far the farthest lies, in degrees."""
    lon, lat = np.radians(np.asarray(positions, np.float64)).T
    globe = np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
    middle = globe.mean(axis=0)
    # Opposite positions have no middle; the first serves as well as any.
    middle = middle / np.hypot.reduce(middle) if np.hypot.reduce(middle) > 0.01 else globe[0]  # noqa: PLR2004
    far = np.degrees(np.arccos(np.clip(globe @ middle, -1, 1)).max())
    here = np.degrees(np.arctan2(middle[1], middle[0])), np.degrees(np.arcsin(middle[2]))
    return float(here[0]), float(here[1]), float(far)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A piece of ground and the frame that it fills.

    Parameters
    ----------
    west, south, east, north : float
        Metres.
    left, top : float
        Upper left corner of the frame, points.
    scale : float
        Points a metre.
    """

    west: float
    south: float
    east: float
    north: float
    left: float
    top: float
    scale: float

    @property
    def width(self) -> float:
        """Width of the frame, points."""
        return (self.east - self.west) * self.scale

    @property
    def height(self) -> float:
        """Height of the frame, points."""
        return (self.north - self.south) * self.scale

    @property
    def frame(self) -> Box:
        """The frame: left, top, right, bottom in points."""
        return self.left, self.top, self.left + self.width, self.top + self.height

    @property
    def metres_a_point(self) -> float:
        """Ground that a point shows, metres."""
        return 1 / self.scale

    def place(self, metres: Points) -> Points:
        """Return where positions lie on the sheet.

        Parameters
        ----------
        metres : ndarray of float64, shape (positions, 2)
            Metres.

        Returns
        -------
        ndarray of float64, shape (positions, 2)
            Points, the second downwards.
        """
        return np.column_stack(
            (
                self.left + (metres[:, 0] - self.west) * self.scale,
                self.top + (self.north - metres[:, 1]) * self.scale,
            )
        )

    def moved_onto(self, theatre: Theatre) -> Sheet:
        """Move the sheet, so far as it can be, to where the theatre has ground.

        Parameters
        ----------
        theatre : Theatre
            The ground.

        Returns
        -------
        Sheet
            Of the same size and scale.
        """
        grid = theatre.grid
        east_m = grid.west_m + grid.width * grid.resolution_m
        south_m = grid.north_m - grid.height * grid.resolution_m
        dx = _shift(self.west, self.east, grid.west_m, east_m)
        dy = _shift(self.south, self.north, south_m, grid.north_m)
        return dataclasses.replace(
            self,
            west=self.west + dx,
            east=self.east + dx,
            south=self.south + dy,
            north=self.north + dy,
        )

    def holds(self, metres: Points) -> bool:
        """Tell whether a position lies inside the frame.

        Parameters
        ----------
        metres : ndarray of float64, shape (2,)
            Metres.

        Returns
        -------
        bool
            True if it does.
        """
        x, y = metres.tolist()
        return bool(self.west <= x <= self.east and self.south <= y <= self.north)


def _shift(low: float, high: float, least: float, most: float) -> float:
    if high - low > most - least:
        return (least + most - low - high) / 2
    return max(least - low, 0.0) + min(most - high, 0.0)


def sheet_of(
    shown: Iterable[Points], width: float, ratios: tuple[float, float], corner: tuple[float, float]
) -> Sheet:
    """Lay a sheet around what is to be shown.

    Parameters
    ----------
    shown : iterable of ndarray of float64, shape (positions, 2)
        Metres; at least one position.
    width : float
        Width of the frame, points.
    ratios : tuple of float
        Least and greatest ratio of height to width.
    corner : tuple of float
        Upper left corner of the frame, points.

    Returns
    -------
    Sheet
        With some ground around; ground is added on two sides until the ratio fits.
    """
    every = np.vstack(list(shown))
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    margin = max(_MARGIN_SHARE * max(east - west, north - south), _MARGIN_M)
    across, up = east - west + 2 * margin, north - south + 2 * margin
    least, most = ratios
    across, up = max(across, up / most), max(up, across * least)
    x, y = (west + east) / 2, (south + north) / 2
    return Sheet(
        float(x - across / 2), float(y - up / 2), float(x + across / 2), float(y + up / 2),
        *corner, float(width / across),
    )  # fmt: skip
