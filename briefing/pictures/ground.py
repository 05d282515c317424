"""The ground under a plan: relief as an embedded picture; contours, water and roads as lines.

Colours and widths are those of ``convoi terrain show``, paler, so that the plan stands out.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass

import contourpy
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from briefing.pictures.sheet import Sheet
from briefing.pictures.svg import element, group, number, whole_path
from optimizer.terrain.show.ground import contour_interval_m, ground_picture, resampled
from optimizer.terrain.show.style import BRIDGE, CONTOUR, TIER_OF, TIERS, WATER, Tier
from optimizer.terrain.theatre import Theatre

__all__ = ["PALE", "GroundDrawn", "draw_ground", "pale", "tier_of"]

#: Pixels of the relief a point of the sheet: about 160 an inch.
_PIXELS = 2.2
_JPEG_QUALITY = 80
#: Share of white in the relief, and in the colours of roads.
PALE = 0.30
#: Coordinates of lines are whole tenths of a point.
_FINE = 10.0
#: How far a line may leave its true course, tenths of a point.
_LENIENCE = 1.6
_CONTOURS_APART = 1.9
#: More cells along a side than a contour can show.
_CONTOUR_CELLS = 620
_RIVERS = {"river": 0.9, "canal": 0.7, "stream": 0.35}
#: Metres a point beyond which streams are left out.
_STREAMS_TO = 150.0
#: Lines of roads against those of a sheet ten inches wide.
_THIN = 0.72
_BRIDGE_LENGTH = 2.6
_BRIDGED_TIERS = frozenset({"trunk", "primary", "secondary", "tertiary", "local"})

Lines = list[NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class GroundDrawn:
    """What was drawn of the ground.

    Parameters
    ----------
    svg : str
        Elements.
    contour_interval_m : float or None
        None where there is no relief.
    tiers : tuple of Tier
        Roads that are on the map, the most important first.
    bridges, fords : bool
        Whether there is any.
    """

    svg: str
    contour_interval_m: float | None
    tiers: tuple[Tier, ...]
    bridges: bool
    fords: bool


def pale(colour: str, share: float = PALE) -> str:
    """Mix a colour with white.

    Parameters
    ----------
    colour : str
        ``#rrggbb``.
    share : float
        Share of white.

    Returns
    -------
    str
        ``#rrggbb``.
    """
    bands = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(b + (255 - b) * share):02x}" for b in bands)


def tier_of(highway: str) -> str:
    """Return the tier of roads that an OSM highway value is drawn in.

    Parameters
    ----------
    highway : str
        Such as ``"primary_link"``.

    Returns
    -------
    str
        Name of a tier of `optimizer.terrain.show.style`.
    """
    return TIER_OF.get(highway.removesuffix("_link"), "service")


def draw_ground(theatre: Theatre, sheet: Sheet) -> GroundDrawn:
    """Draw the ground of a sheet.

    Parameters
    ----------
    theatre : Theatre
        The ground; the sheet lies in its reference system and may reach beyond it.
    sheet : Sheet
        The sheet.

    Returns
    -------
    GroundDrawn
        Elements from the bottom to the top.
    """
    window = _window(theatre, sheet)
    parts: list[str] = []
    interval = None
    if window is not None:
        parts.append(_relief(theatre, sheet, window))
        if theatre.has_relief:
            interval, lines = _contours(theatre, sheet, window)
            parts.append(lines)
    parts.append(_water(theatre, sheet))
    roads = _Roads(theatre, sheet)
    parts.append(roads.svg())
    return GroundDrawn("".join(parts), interval, roads.tiers, roads.bridged, roads.forded)


Window = tuple[slice, slice]


def _window(theatre: Theatre, sheet: Sheet) -> Window | None:
    grid = theatre.grid
    top, left = grid.cell(sheet.west, sheet.north)
    bottom, right = grid.cell(sheet.east, sheet.south)
    rows = slice(max(top, 0), min(bottom + 1, grid.height))
    columns = slice(max(left, 0), min(right + 1, grid.width))
    if rows.stop - rows.start < 2 or columns.stop - columns.start < 2:  # noqa: PLR2004
        return None
    return rows, columns


def _clipped(theatre: Theatre, sheet: Sheet, window: Window) -> tuple[Window, tuple[float, ...]]:
    """Return the cells that lie wholly on the sheet, and where they lie on it, in points."""
    grid, r = theatre.grid, theatre.grid.resolution_m
    rows, columns = window
    west, north = grid.west_m + columns.start * r, grid.north_m - rows.start * r
    first_row = rows.start + int(north > sheet.north)
    first_column = columns.start + int(west < sheet.west)
    last_row = rows.stop - int(grid.north_m - rows.stop * r < sheet.south)
    last_column = columns.stop - int(grid.west_m + columns.stop * r > sheet.east)
    box = np.array(
        [
            (grid.west_m + first_column * r, grid.north_m - first_row * r),
            (grid.west_m + last_column * r, grid.north_m - last_row * r),
        ]
    )
    (left, top), (right, bottom) = sheet.place(box)
    return (slice(first_row, last_row), slice(first_column, last_column)), (
        float(left), float(top), float(right), float(bottom),
    )  # fmt: skip


def _relief(theatre: Theatre, sheet: Sheet, window: Window) -> str:
    cells, (left, top, right, bottom) = _clipped(theatre, sheet, window)
    shape = (max(round((bottom - top) * _PIXELS), 2), max(round((right - left) * _PIXELS), 2))
    colours = ground_picture(theatre, cells, shape).astype(np.float64)
    whiter = np.round(colours + (255 - colours) * PALE).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(whiter).save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return element(
        "image",
        x=left, y=top, width=right - left, height=bottom - top,
        preserveAspectRatio="none", href=f"data:image/jpeg;base64,{data}",
    )  # fmt: skip


def _fine_group(content: Iterator[str], sheet: Sheet) -> str:
    """Put lines that are in tenths of a point from the corner of the frame where they belong."""
    shift = f"translate({number(sheet.left)} {number(sheet.top)}) scale({number(1 / _FINE)})"
    return group(content, transform=shift, fill="none", stroke_linejoin="round")


def _fine(sheet: Sheet, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Cut shapes to the sheet and move them to tenths of a point, simplified."""
    cut = shapely.clip_by_rect(shapes, sheet.west, sheet.south, sheet.east, sheet.north)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return (xy - [sheet.west, sheet.north]) * [sheet.scale * _FINE, -sheet.scale * _FINE]

    moved = shapely.transform(cut, move)
    result: NDArray[np.object_] = shapely.simplify(moved, _LENIENCE, preserve_topology=False)
    return result


def _lines(shapes: NDArray[np.object_]) -> Lines:
    parts = shapely.get_parts(shapes)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    return [shapely.get_coordinates(part) for part in parts if not part.is_empty]


def _contours(theatre: Theatre, sheet: Sheet, window: Window) -> tuple[float, str]:
    cells, (left, top, right, bottom) = _clipped(theatre, sheet, window)
    z = theatre.raster("elevation")[cells]
    # What stands apart at 1.6 points there stands a little wider here.
    interval = contour_interval_m(
        z, theatre.grid.resolution_m, sheet.metres_a_point * _CONTOURS_APART / 1.6
    )
    reduced = min(1.0, _CONTOUR_CELLS / max(z.shape))
    shape = (max(int(z.shape[0] * reduced), 2), max(int(z.shape[1] * reduced), 2))
    smooth = gaussian_filter(resampled(z, shape), 0.8)
    x = (left - sheet.left + (np.arange(shape[1]) + 0.5) * (right - left) / shape[1]) * _FINE
    y = (top - sheet.top + (np.arange(shape[0]) + 0.5) * (bottom - top) / shape[0]) * _FINE
    maker = contourpy.contour_generator(x, y, smooth, name="serial", line_type="Separate")
    first, last = np.ceil(smooth.min() / interval), np.floor(smooth.max() / interval)

    def drawn() -> Iterator[str]:
        plain: Lines = []
        index: Lines = []
        for step in range(int(first), int(last) + 1):
            kept = plain if step % 5 else index
            for line in maker.lines(step * interval):
                course = shapely.LineString(np.asarray(line)).simplify(_LENIENCE * 1.2)
                if course.length > 40:  # noqa: PLR2004 - four points: shorter ones are specks
                    kept.append(shapely.get_coordinates(course))
        for lines, width, opacity in ((plain, 0.2, 0.38), (index, 0.4, 0.55)):
            data = whole_path(lines)
            if data:
                yield element(
                    "path",
                    d=data,
                    stroke=CONTOUR,
                    stroke_width=width * _FINE,
                    stroke_opacity=opacity,
                )

    return interval, _fine_group(drawn(), sheet)


def _within(frame: gpd.GeoDataFrame, sheet: Sheet) -> NDArray[np.bool_]:
    box = shapely.box(sheet.west, sheet.south, sheet.east, sheet.north)
    found: NDArray[np.bool_] = shapely.intersects(frame.geometry.to_numpy(), box)
    return found


def _water(theatre: Theatre, sheet: Sheet) -> str:
    frame = theatre.frame("waters")
    frame = frame[_within(frame, sheet)]
    kinds = frame["kind"].to_numpy(dtype=object)
    shapes = _fine(sheet, frame.geometry.to_numpy())
    flat = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 - areas
    line = pale(WATER["line"], 0.1)

    def drawn() -> Iterator[str]:
        for kind, width in _RIVERS.items():
            if kind == "stream" and sheet.metres_a_point > _STREAMS_TO:
                continue
            if data := whole_path(_lines(shapes[~flat & (kinds == kind)])):
                yield element("path", d=data, stroke=line, stroke_width=width * _FINE,
                              stroke_linecap="round")  # fmt: skip
        rings = [
            shapely.get_coordinates(ring)
            for area in shapely.get_parts(shapes[flat])
            if area.geom_type == "Polygon"
            for ring in (area.exterior, *area.interiors)
        ]
        if data := whole_path(rings, closed=True):
            yield element("path", d=data, fill=pale(WATER["fill"], 0.1), fill_rule="evenodd",
                          stroke=line, stroke_width=0.25 * _FINE)  # fmt: skip

    return _fine_group(drawn(), sheet)


class _Roads:
    """Roads of a sheet by tier."""

    def __init__(self, theatre: Theatre, sheet: Sheet) -> None:
        frame = theatre.frame("roads")
        frame = frame[_within(frame, sheet)]
        self._sheet = sheet
        self._tier = np.array([tier_of(str(value)) for value in frame["class"]], dtype=object)
        self._bridge = frame["bridge"].to_numpy(np.bool_)
        self._tunnel = frame["tunnel"].to_numpy(np.bool_)
        self._ford = frame["ford"].to_numpy(np.bool_)
        self._shapes = frame.geometry.to_numpy()
        self._thin = float(np.clip((60.0 / sheet.metres_a_point) ** 0.3, 0.6, 1.5)) * _THIN
        shown = [t for t in reversed(TIERS) if sheet.metres_a_point <= t.coarsest_m]
        self.tiers = tuple(tier for tier in shown if (self._tier == tier.name).any())
        names = {tier.name for tier in self.tiers}
        visible = np.array([name in names for name in self._tier], bool)
        self._bridge = (
            self._bridge & np.array([name in _BRIDGED_TIERS for name in self._tier], bool) & visible
        )
        self._ford = self._ford & visible & (self._tier != "path")
        self.bridged, self.forded = bool(self._bridge.any()), bool(self._ford.any())

    def svg(self) -> str:
        return _fine_group(self._drawn(), self._sheet)

    def _courses(self, chosen: NDArray[np.bool_]) -> Lines:
        """Return the lines of edges, joined end to end so that dashes and caps are few."""
        shapes = shapely.line_merge(shapely.multilinestrings(self._shapes[chosen]))
        return _lines(np.atleast_1d(_fine(self._sheet, np.array([shapes], object))))

    def _path(self, lines: Lines, **style: str | float) -> Iterator[str]:
        if data := whole_path(lines):
            yield element("path", d=data, **style)

    def _drawn(self) -> Iterator[str]:
        tiers = list(reversed(self.tiers))
        courses = {t.name: self._courses((self._tier == t.name) & ~self._tunnel) for t in tiers}
        tunnels = {t.name: self._courses((self._tier == t.name) & self._tunnel) for t in tiers}
        for tier in tiers:
            if tier.casing:
                wide = tier.casing_width * self._thin * _FINE
                casing = pale(tier.casing, 0.15)
                yield from self._path(courses[tier.name], stroke=casing, stroke_width=wide,
                                      stroke_linecap="round")  # fmt: skip
                yield from self._path(tunnels[tier.name], stroke=casing, stroke_width=wide,
                                      stroke_dasharray="15 10", stroke_opacity=0.7)  # fmt: skip
        for tier in tiers:
            yield from self._fill(tier, courses[tier.name])
        for tier in tiers:
            yield from self._bridges(tier)
        yield from self._fords()

    def _fill(self, tier: Tier, lines: Lines) -> Iterator[str]:
        wide = tier.width * self._thin * _FINE
        if tier.dashes:
            dashes = " ".join(number(dash * wide, 0) for dash in tier.dashes)
            yield from self._path(lines, stroke=tier.fill, stroke_width=wide,
                                  stroke_dasharray=dashes, stroke_opacity=0.75)  # fmt: skip
        else:
            yield from self._path(lines, stroke=pale(tier.fill, 0.25), stroke_width=wide,
                                  stroke_linecap="round")  # fmt: skip

    def _bridges(self, tier: Tier) -> Iterator[str]:
        mine = self._shapes[self._bridge & (self._tier == tier.name)]
        shown = _lines(_fine(self._sheet, mine))
        decks = [_lengthened(line, _BRIDGE_LENGTH * _FINE) for line in shown]
        yield from self._path(
            decks, stroke=BRIDGE, stroke_width=(tier.casing_width + 1.1) * self._thin * _FINE
        )
        yield from self._path(
            decks, stroke="#ffffff", stroke_width=(tier.width + 0.2) * self._thin * _FINE
        )

    def _fords(self) -> Iterator[str]:
        if not self.forded:
            return
        middle = shapely.line_interpolate_point(self._shapes[self._ford], 0.5, normalized=True)
        for x, y in shapely.get_coordinates(_fine(self._sheet, middle)).tolist():
            yield element("rect", x=x - 9, y=y - 9, width=18, height=18, fill="#ffffff",
                          stroke=WATER["text"], stroke_width=4)  # fmt: skip


def _lengthened(line: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    """Draw a short bridge out along its own direction, so that its parapets show."""
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    chord = line[-1] - line[0]
    reach = float(np.hypot(*chord))
    if length >= least or reach == 0:
        return line
    extra = (least - length) / 2 * chord / reach
    return np.vstack((line[0] - extra, line[1:-1], line[-1] + extra))
