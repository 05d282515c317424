"""The map of a plan: ground, areas, ways of convoys, sites and how far they were served."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from briefing.facts.model import Names, Subject
from briefing.pictures.areas import change_sign, draw_area
from briefing.pictures.bundles import Strand, strands_of
from briefing.pictures.courses import LegCourse, course_of, moving, sampled, ways_of
from briefing.pictures.foot import draw_foot, draw_margin
from briefing.pictures.grid import draw_frame, draw_grid
from briefing.pictures.ground import GroundDrawn, draw_ground
from briefing.pictures.keys import sections_of
from briefing.pictures.labels import Room
from briefing.pictures.looks import INK, look_of
from briefing.pictures.naming import Label, draw_names, forms_of, leader
from briefing.pictures.orient import oriented
from briefing.pictures.places import draw_places
from briefing.pictures.routes import draw_lines, draw_plates
from briefing.pictures.sheet import LonLat, Sheet, projection_of, sheet_of
from briefing.pictures.sites import (
    SYMBOL_SCALE,
    badge,
    draw_symbol,
    service_of,
    spread_symbols,
    symbol,
)
from briefing.pictures.speech import Speech
from briefing.pictures.svg import Style, element, group, svg_of
from briefing.wording.statement import Sentence
from optimizer.plan.model import Plan
from optimizer.scenario.model import AreaKind, Change, ChangeKind
from optimizer.terrain.theatre import Theatre

__all__ = ["WIDTH", "draw_map"]

Points = NDArray[np.float64]

#: Natural width of the map: that of the text on a page of A4, in points (170 mm).
WIDTH = 482.0
_SIDE, _TOP = 12.0, 9.0
#: Least and greatest height of the frame as a share of its width: with its legend, a page.
_RATIOS = (0.6, 1.02)
#: What the frame and its foot have of a page, so that the legend is not drawn smaller than it is;
#: of it, what stands under the frame but for the names of convoys, and a row of three of those.
_PAGE_PT, _FOOT_PT, _ROW_PT = 575.0, 160.0, 11.0
_SAMPLE_PT = 2.0
#: Of more sites the symbols are smaller.
_FULL_SIZE_TO = 60
#: Room of the sign of a change, points.
_SIGN = 9.6
_CHANGE_INK = "#7d1420"
_AREA_INK: Mapping[AreaKind, str] = {
    AreaKind.NO_GO: "#7d1420",
    AreaKind.NO_FLY: "#16397a",
    AreaKind.SLOW: "#5e3d00",
    AreaKind.EXPOSURE: "#45206a",
}


def draw_map(plan: Plan, speech: Speech, theatre: Theatre | None) -> str:
    """Draw the map of a plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    speech : Speech
        Says what is written on it.
    theatre : Theatre or None
        Its ground; without it, routes are the plan's own lines and the map says so.

    Returns
    -------
    str
        An SVG document, 482 points (170 mm) wide and at most a page high.
    """
    return _Map(plan, speech, theatre).svg()


class _Map:
    def __init__(self, plan: Plan, speech: Speech, theatre: Theatre | None) -> None:
        sites = plan.scenario.sites
        self._plan, self._speech = plan, speech
        self._places = {s.id: s.position.lonlat for s in sites if s.position is not None}
        self._to_scale = bool(self._places)
        self._lost = tuple(s.label or s.id for s in sites if s.id not in self._places)
        if not self._to_scale:
            self._places = _ring(plan)
        self._theatre = theatre if self._to_scale else None
        self._routes = moving(plan)
        self._looks = {place: look_of(place) for place in range(len(self._routes))}
        self._projection = projection_of(self._theatre, list(self._places.values()))
        self._changes = tuple(self._located())
        courses = [
            (place, self._projection.points(course), schematic)
            for place, route in enumerate(self._routes)
            for trip in route.trips
            for leg in trip.legs
            for course, schematic in [course_of(leg, self._places)]
            if len(course) > 1
        ]
        at = self._projection.points(list(self._places.values()))
        shown = [at, *(xy for _, xy in self._changes), *(xy for _, xy, _ in courses)]
        ratios = _ratios(len(self._routes))
        sheet = sheet_of(shown, WIDTH - 2 * _SIDE, ratios, (_SIDE, _TOP))
        self._sheet = sheet if self._theatre is None else sheet.moved_onto(self._theatre)
        self._area_kinds: set[AreaKind] = set()
        self._courses = [LegCourse(n, self._sheet.place(xy), flat) for n, xy, flat in courses]

    def _located(self) -> Iterator[tuple[Change, Points]]:
        """Yield the changes that have a place, in metres."""
        for change in self._plan.scenario.changes:
            if change.near is not None and self._to_scale:
                yield change, self._projection.points([change.near.lonlat])
            elif change.road is not None and self._theatre is not None:
                roads = self._theatre.frame("roads")
                mine = (roads["id"] == change.road) | (roads["way"] == change.road)
                if change.kind in {ChangeKind.BRIDGE_OUT, ChangeKind.SPACING}:
                    mine &= roads["bridge"]
                if mine.any():
                    shapes = roads.geometry.to_numpy()[mine.to_numpy(bool)]
                    longest = shapes[int(np.argmax(shapely.length(shapes)))]
                    middle = shapely.line_interpolate_point(longest, 0.5, normalized=True)
                    yield change, shapely.get_coordinates(middle)

    def svg(self) -> str:
        """Return the map."""
        sheet, room = self._sheet, Room(self._sheet.frame)
        ways = oriented(ways_of(self._courses))
        strands = strands_of(ways)
        ground = draw_ground(self._theatre, sheet) if self._theatre is not None else None
        labels: list[Label] = []
        leaders, symbols = self._symbols(room, labels)
        signs = self._signs(room, labels)
        plates = draw_plates(strands, self._looks, room)
        areas = self._areas(labels)
        names, left_out = draw_names(labels, room, _samples(strands))
        ids = {place: route.convoy for place, route in enumerate(self._routes)}
        content = [
            _blank(sheet) if ground is None else ground.svg,
            areas,
            draw_grid(sheet, self._projection) if self._to_scale else "",
            draw_lines(ways, strands, self._looks, ids),
            "" if self._theatre is None else draw_places(self._theatre, sheet, room),
            leaders,
            signs,
            plates,
            symbols,
            names,
            draw_frame(sheet),
        ]
        margin, top = self._margin(ground)
        changed = {change.kind for change, _ in self._changes}
        sections = sections_of(
            self._plan,
            self._speech,
            self._looks,
            ground=ground,
            ways=ways,
            stated=(self._area_kinds, changed),
            width=WIDTH - 2 * _SIDE,
        )
        remarks = list(self._remarks(ground))
        if left_out:
            remarks.append(self._speech.words("names_left_out"))
        foot, bottom = draw_foot(remarks, sections, _SIDE, top, WIDTH - 2 * _SIDE)
        return svg_of(WIDTH, bottom, [*content, margin, foot])

    def _margin(self, ground: GroundDrawn | None) -> tuple[str, float]:
        if not self._to_scale:
            return "", self._sheet.frame[3] + 6
        interval_m = None if ground is None else ground.contour_interval_m
        language = self._speech.voice.language
        return draw_margin(self._sheet, self._projection, language, self._theatre, interval_m)

    def _symbols(self, room: Room, labels: list[Label]) -> tuple[str, str]:
        """Return what leads from symbols to their places, and the symbols; add their labels."""
        sites = [s for s in self._plan.scenario.sites if s.id in self._places]
        bases = {base.site for base in self._plan.scenario.bases}
        at = self._sheet.place(self._projection.points([self._places[s.id] for s in sites]))
        scale = SYMBOL_SCALE * float(np.clip(math.sqrt(_FULL_SIZE_TO / len(sites)), 0.45, 1.0))
        drawn = [symbol(site.kind, scale) for site in sites]
        leaders, shapes = [], []
        for site, (px, py), (x, y), sign in zip(
            sites, at.tolist(), spread_symbols(at, drawn, room), drawn, strict=True
        ):
            if (x, y) != (px, py):
                rim: Style = {"fill": INK, "stroke": "#ffffff", "stroke_width": 0.5}
                dot = element("circle", class_="moved", cx=px, cy=py, r=1.1, **rim)
                leaders.append(leader(px, py, x, y) + dot)
            service = service_of(self._speech.table, site.id)
            across, down = sign.width / 2, sign.height / 2
            mark = badge(x + across - 0.6, y - down + 0.4, service, 2.7 * scale / SYMBOL_SCALE)
            known: Style = {"data_site": site.id, "data_service": service.value}
            shapes.append(group([draw_symbol(x, y, sign), mark], class_="site", **known))
            name = self._speech.name(Subject("site", site.id), site.label or site.id)
            weight = "bold" if site.id in bases else "normal"
            box = (x - across, y - down, x + across, y + down)
            needed = site.id in bases
            labels.append(Label(box, forms_of([name], weight=weight), needed=needed))
        return group(leaders), "".join(shapes)

    def _signs(self, room: Room, labels: list[Label]) -> str:
        parts = []
        there: Counter[tuple[float, float]] = Counter()
        for change, metres in self._changes:
            ((x, y),) = self._sheet.place(metres).tolist()
            # What is stated of one bridge stands side by side.
            there[x, y] += 1
            x += _SIGN * (there[x, y] - 1)
            box = (x - 4.6, y - 4.6, x + 4.6, y + 4.6)
            room.take(box)
            parts.append(group([change_sign(x, y, change.kind)], data_change=change.id))
            about = Subject("change", change.id, Subject("plan", self._plan.id))
            says = [self._speech.name(about, change.label or change.id)]
            labelled = ("wheeled", "tracked", "spacing", "speed")
            figures = [self._speech.fact(about, label) for label in labelled]
            says += [self._speech.value(figure) for figure in figures if figure is not None]
            labels.append(Label(box, forms_of(says, colour=_CHANGE_INK)))
        return "".join(parts)

    def _areas(self, labels: list[Label]) -> str:
        parts = []
        for area in self._plan.scenario.areas if self._to_scale else ():
            ring = self._sheet.place(self._projection.points(list(area.polygon)))
            drawn, seen = draw_area(ring, area.kind, self._sheet)
            if not drawn:
                continue
            self._area_kinds.add(area.kind)
            parts.append(group([drawn], data_area=area.id))
            ((x, y),) = shapely.get_coordinates(shapely.point_on_surface(seen)).tolist()
            about = Subject("area", area.id, Subject("plan", self._plan.id))
            name = self._speech.name(about, area.label or area.id)
            forms = forms_of([name], weight="bold", colour=_AREA_INK[area.kind])
            labels.append(Label((x, y, x, y), forms, area=seen))
        return "".join(parts)

    def _remarks(self, ground: GroundDrawn | None) -> Iterator[Sentence]:
        if not self._to_scale:
            yield self._speech.words("without_places")
            return
        if ground is None:
            yield self._speech.words("without_ground")
        if any(course.schematic for course in self._courses):
            yield self._speech.words("schematic")
        if self._lost:
            about = Subject("plan", self._plan.id)
            names = self._speech.must(about, "sites_without_position", Names(self._lost))
            yield self._speech.words("not_shown", sites=names)


def _ratios(convoys: int) -> tuple[float, float]:
    """Return the least and greatest height of the frame, less where many convoys are named."""
    least, most = _RATIOS
    room = _PAGE_PT - _TOP - _FOOT_PT - math.ceil(convoys / 3) * _ROW_PT
    return least, min(most, max(least, room / (WIDTH - 2 * _SIDE)))


def _ring(plan: Plan) -> dict[str, LonLat]:
    """Give sites without positions places: bases in the middle, the others around them."""
    bases = list(dict.fromkeys(base.site for base in plan.scenario.bases))
    others = [site.id for site in plan.scenario.sites if site.id not in bases]
    places = {base: ((n - (len(bases) - 1) / 2) * 0.05, 0.0) for n, base in enumerate(bases)}
    for n, site in enumerate(others):
        angle = math.tau * n / len(others) + 0.3
        places[site] = (0.2 * math.cos(angle), 0.13 * math.sin(angle))
    return places


def _blank(sheet: Sheet) -> str:
    left, top, _, _ = sheet.frame
    size: Style = {"width": sheet.width, "height": sheet.height}
    return element("rect", x=left, y=top, fill="#fbfaf6", **size)


def _samples(strands: Mapping[int, Sequence[Strand]]) -> Points:
    """Return points along the lines of all convoys, at even steps."""
    rows = [
        sampled(strand.points, _SAMPLE_PT)
        for convoy in sorted(strands)
        for strand in strands[convoy]
    ]
    return np.vstack(rows) if rows else np.zeros((0, 2))
