"""The map of a plan shows every way, every site and how far it was served, and names them."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely

from briefing.pictures.fonts import text_width
from briefing.pictures.labels import Room
from briefing.pictures.map import WIDTH, _ratios
from briefing.pictures.naming import Label, draw_names, forms_of
from briefing.wording.names import clean_line
from briefing.wording.statement import Sentence, Span
from optimizer.faults import Language
from optimizer.plan.model import Plan
from optimizer.scenario.model import Change, ChangeKind, Position
from optimizer.terrain.theatre import Theatre
from optimizer.units import to_mgrs

#: The 205 mm that a document gives to a map, which it draws as wide as its text, 176 mm for 170:
#: higher, and the legend would be drawn smaller than it is set.
PAGE_HIGH = 205 / 25.4 * 72 * 170 / 176

Box = tuple[float, float, float, float]


def test_every_convoy_that_moves_has_a_way_with_arrows_and_its_letter(
    kit: Any, woven: Plan, woven_map: ET.Element
) -> None:
    ways = {way.get("data-convoy"): way for way in kit.every(woven_map, "g", "route")}
    assert set(ways) == {route.convoy for route in woven.routes if route.trips}
    for way in ways.values():
        lines = [p.get("d", "") for p in kit.every(way, "path") if p.get("stroke-width")]
        assert any(len(re.findall(r"[\d.]+ [\d.]+", line)) > 5 for line in lines)
        assert kit.every(way, "path", "arrow")
    (plates,) = kit.every(woven_map, "g", "plates")
    letters = {kit.text(text) for text in kit.every(plates, "text")}
    assert letters == set("ABCDEFGHJ"[: len(ways)])


def test_a_convoy_that_does_not_move_is_not_on_the_map(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    still = woven.routes[0].model_copy(update={"trips": ()})
    plan = woven.model_copy(update={"routes": (still, *woven.routes[1:])})
    ways = kit.every(kit.map(plan, sarvenne), "g", "route")
    assert still.convoy not in {way.get("data-convoy") for way in ways}


def test_every_site_has_a_symbol_and_how_far_it_was_served(
    kit: Any, woven: Plan, woven_map: ET.Element
) -> None:
    asked: Counter[str] = Counter()
    brought: Counter[str] = Counter()
    for demand in woven.scenario.demands:
        asked[demand.site] += demand.quantity
    for route in woven.routes:
        for trip in route.trips:
            for stop in trip.stops:
                brought[stop.site] += sum(drop.quantity for drop in stop.drops)
    told = {}
    for sign in kit.every(woven_map, "g", "site"):
        (symbol,) = kit.every(sign, "svg")
        assert len(list(symbol)) > 0
        told[sign.get("data-site")] = sign.get("data-service")
    assert told == {
        site.id: "nothing_asked"
        if not asked[site.id]
        else "full"
        if brought[site.id] == asked[site.id]
        else "part"
        if brought[site.id]
        else "none"
        for site in woven.scenario.sites
    }
    # The plan was woven so that each state is there to be told.
    assert {"full", "part", "none"} <= set(told.values())


def test_how_far_a_site_was_served_differs_in_shape(kit: Any, woven_map: ET.Element) -> None:
    shapes = {}
    for state in ("full", "part", "none"):
        badge = next(iter(kit.every(woven_map, "g", f"service-{state}")))
        shapes[state] = tuple(child.tag for child in badge)
    assert len(set(shapes.values())) == 3


def test_kinds_of_areas_differ_in_hatching_and_edge_without_colour(
    kit: Any, woven: Plan, woven_map: ET.Element
) -> None:
    kinds = {area.id: area.kind.value for area in woven.scenario.areas}
    looks: dict[str, set[Any]] = {}
    for area in woven_map.iter("{http://www.w3.org/2000/svg}g"):
        if area.get("data-area") is None:
            continue
        _, hatching, edge = kit.every(area, "path")
        angles = set()
        for x0, y0, x1, y1 in re.findall(
            r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", hatching.get("d", "")
        ):
            dx, dy = float(x1) - float(x0), float(y1) - float(y0)
            if abs(dx) + abs(dy) > 5:
                angles.add(round((dy / dx if dx else 99) * 2) / 2)
        look = (frozenset(angles), hatching.get("stroke-dasharray"), edge.get("stroke-dasharray"))
        looks.setdefault(kinds[str(area.get("data-area"))], set()).add(look)
    assert set(looks) == {"no_go", "slow", "exposure"}
    assert all(len(found) == 1 for found in looks.values()), looks
    assert len(set.union(*looks.values())) == 3


def _boxes(kit: Any, root: ET.Element) -> dict[str, list[Box]]:
    """Rectangles of the lines of each name, from its own attributes."""
    (labels,) = kit.every(root, "g", "labels")
    boxes: dict[str, list[Box]] = {}
    for number, text in enumerate(kit.every(labels, "text")):
        size, weight = float(text.get("font-size")), text.get("font-weight", "normal")
        lines = [part for part in kit.every(text, "tspan") if part.get("x")]
        for line in lines or [text]:
            x, y = float(line.get("x")), float(line.get("y"))
            words = kit.text(line).strip()
            box = (x, y - size * 0.72, x + text_width(words, size, weight), y + size * 0.2)
            boxes.setdefault(f"{number} {kit.text(text)}", []).append(box)
    return boxes


def _shared(a: Box, b: Box) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return max(wide, 0) * max(high, 0)


def test_names_do_not_cover_each_other(kit: Any, woven: Plan, woven_map: ET.Element) -> None:
    boxes = _boxes(kit, woven_map)
    sites = {clean_line(site.label) for site in woven.scenario.sites}
    assert sites <= {name.partition(" ")[2] for name in boxes}
    for (one, mine), (other, theirs) in itertools.combinations(boxes.items(), 2):
        size = min(sum(_shared(b, b) for b in part) for part in (mine, theirs))
        common = sum(_shared(a, b) for a in mine for b in theirs)
        assert common <= 0.05 * size, (one, other)


def test_names_and_symbols_stay_on_the_sheet(kit: Any, woven_map: ET.Element) -> None:
    for name, boxes in _boxes(kit, woven_map).items():
        assert all(box[0] > 8 and box[2] < WIDTH - 8 for box in boxes), name


def test_a_map_is_as_wide_as_a_page_and_no_higher(woven_map: ET.Element) -> None:
    width, height = (float(woven_map.get(k, "").removesuffix("pt")) for k in ("width", "height"))
    assert width == WIDTH == 482
    assert height <= PAGE_HIGH
    assert woven_map.get("viewBox") == f"0 0 482 {height:g}"


def test_the_legend_is_set_in_a_size_that_crews_read(kit: Any, woven_map: ET.Element) -> None:
    (legend,) = kit.every(woven_map, "g", "legend")
    sizes = [float(t.get("font-size")) for t in kit.every(legend, "text") if t.get("data-claim")]
    assert len(sizes) > 10
    assert min(sizes) >= 7


@pytest.mark.parametrize(("convoys", "most"), [(1, 0.86), (18, 0.74), (200, 0.6)])
def test_the_more_convoys_the_legend_names_the_lower_the_map(convoys: int, most: float) -> None:
    # 575 pt less 9 above and 160 for the foot, 11 pt for each row of three, over a width of 458 pt.
    assert _ratios(convoys)[1] == pytest.approx(most, abs=0.02)


def test_a_map_is_far_below_a_megabyte_and_a_half(kit: Any, woven: Plan, sarvenne: Theatre) -> None:
    assert len(kit.svg(woven, sarvenne, kit.map_of(woven))) < 700_000


def test_lines_of_the_grid_bear_the_figures_of_mgrs(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    """Sarvenne lies in UTM zone 31, so a line of the grid is upright, and its figure is exact."""
    root = kit.map(woven, sarvenne)
    (frame,) = kit.every(root, "rect", "frame")
    left, top, wide = (float(frame.get(k)) for k in ("x", "y", "width"))
    figures = [
        (float(t.get("x")), kit.text(t))
        for t in kit.every(root, "text", "furniture")
        if float(t.get("y", "inf")) < top and re.fullmatch(r"\d\d", kit.text(t))
    ]
    assert len(figures) >= 4
    # Two figures 5 km apart give the scale; the position of a site must then fit its reference.
    (x0, a), (x1, b) = figures[0], figures[-1]
    km_a_point = (int(b) - int(a)) / (x1 - x0)
    moved = {s.get("data-site") for s in kit.every(root, "g", "site")}
    site = next(s for s in woven.scenario.sites if s.id == "PF-BRATOUR" and s.id in moved)
    assert site.position is not None
    reference = to_mgrs(*site.position.lonlat, precision=4)
    easting_km = int(reference[5:9]) / 100
    symbol = next(s for s in kit.every(root, "g", "site") if s.get("data-site") == site.id)
    inner = kit.every(symbol, "svg")[0]
    x = float(inner.get("x")) + float(inner.get("width")) / 2
    assert int(a) + (x - x0) * km_a_point == pytest.approx(easting_km, abs=0.05)
    assert left <= x <= left + wide


def test_roads_bridges_and_sources_of_the_ground_are_there(
    kit: Any, sarvenne: Theatre, woven_map: ET.Element
) -> None:
    said = {kit.text(text) for text in kit.every(woven_map, "text", "furniture")}
    assert {"primary road", "track", "bridge"} <= said
    assert len(said & set(sarvenne.frame("places")["name"])) > 30
    assert any(text.startswith("Sources: Invented ground") for text in said)
    (relief,) = kit.every(woven_map, "image")
    assert relief.get("href", "").startswith("data:image/jpeg;base64,")


def test_the_same_plan_gives_the_same_map_to_the_byte(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    first = kit.svg(woven, sarvenne, kit.map_of(woven))
    second = kit.pictures(woven, sarvenne).svg(kit.map_of(woven))
    assert first == second


def test_both_languages_show_the_same_facts_in_other_words(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    facts, words = {}, {}
    for language in ("en", "fr"):
        root = kit.map(woven, sarvenne, language)
        facts[language] = [t.get("data-fact") for t in kit.every(root, "tspan", "fact")]
        words[language] = {kit.text(t) for t in kit.every(root, "text", "furniture")}
    assert facts["en"] == facts["fr"]
    assert {"served in full", "no-go area"} <= words["en"]
    assert {"servi en totalité", "zone interdite"} <= words["fr"]


def test_without_its_ground_a_map_has_the_ways_and_says_what_it_lacks(
    kit: Any, woven: Plan
) -> None:
    root = kit.map(woven, None)
    assert not kit.every(root, "image")
    assert len(kit.every(root, "g", "route")) == len(woven.routes)
    assert any("Without relief" in kit.text(text) for text in kit.every(root, "text"))
    # Whoever has other ground than the plan was made on has none.
    other = kit.pictures(woven, Theatre.open("tests/plans/two-bridges"))
    assert other.svg(kit.map_of(woven)) == kit.svg(woven, None, kit.map_of(woven))


def test_without_positions_a_map_is_a_schema_and_has_no_scale(kit: Any, positionless: Plan) -> None:
    root = kit.map(positionless, None)
    assert len(kit.every(root, "g", "site")) == len(positionless.scenario.sites)
    assert len(kit.every(root, "g", "route")) == len(positionless.routes)
    assert not kit.every(root, "g", "scale")
    assert not kit.every(root, "g", "north")
    assert any("neither distance nor direction" in kit.text(t) for t in kit.every(root, "text"))


def test_a_site_without_a_position_among_others_is_named_below_the_map(
    kit: Any, woven: Plan
) -> None:
    *others, lost = woven.scenario.sites
    sites = (*others, lost.model_copy(update={"position": None}))
    scenario = woven.scenario.model_copy(update={"sites": sites})
    root = kit.map(woven.model_copy(update={"scenario": scenario}), None)
    assert lost.id not in {s.get("data-site") for s in kit.every(root, "g", "site")}
    (note,) = [t for t in kit.every(root, "text") if t.get("data-claim") == "picture.not_shown"]
    assert lost.label in kit.text(note)


def test_changes_without_position_are_shown_on_the_road_they_name(
    kit: Any, bridges: tuple[Plan, Theatre]
) -> None:
    plan, theatre = bridges
    root = kit.map(plan, theatre)
    shown = {g.get("data-change") for g in root.iter("{http://www.w3.org/2000/svg}g")} - {None}
    # Two name a road of the theatre, one has a position.
    assert shown == {"assessed", "works", "north-out"}
    labels = {kit.text(text) for text in kit.every(root, "text", "say")}
    assert {"MLC\u00a025", "15\u00a0km/h"} <= labels


def test_what_is_stated_of_one_bridge_stands_side_by_side(
    kit: Any, bridges: tuple[Plan, Theatre]
) -> None:
    plan, theatre = bridges
    assessed = plan.scenario.changes[0]
    spacing = Change(id="apart", kind=ChangeKind.SPACING, road="s1", spacing_m=50, speed_kmh=13)
    scenario = plan.scenario.model_copy(update={"changes": (assessed, spacing)})
    root = kit.map(plan.model_copy(update={"scenario": scenario}), theatre)
    discs = [
        next(group.iter("{http://www.w3.org/2000/svg}circle"))
        for group in root.iter("{http://www.w3.org/2000/svg}g")
        if group.get("data-change")
    ]
    (left, right), (upper, lower) = ([float(d.get(axis)) for d in discs] for axis in ("cx", "cy"))
    # Each is 9.2 points wide.
    assert right - left >= 9.2
    assert upper == lower
    labels = {kit.text(text) for text in kit.every(root, "text", "say")}
    assert {"50\u00a0m", "13\u00a0km/h"} <= labels


def test_among_very_many_sites_names_without_room_are_left_out_and_it_says_so(
    kit: Any, woven: Plan
) -> None:
    """Every site four times, a hundred metres apart: 84 names for the room of 21."""
    sites = [
        site.model_copy(
            update={
                "id": f"{site.id}{n}" if n else site.id,
                "position": site.position.model_copy(
                    update={"lon": site.position.lon + n * 0.0012}
                ),
            }
        )
        for n in range(4)
        for site in woven.scenario.sites
        if site.position is not None and site.position.lon is not None
    ]
    scenario = woven.scenario.model_copy(update={"sites": tuple(sites)})
    root = kit.map(woven.model_copy(update={"scenario": scenario}), None)
    assert len(kit.every(root, "g", "site")) == len(sites) == 84
    (labels,) = kit.every(root, "g", "labels")
    said = Counter(kit.text(text) for text in kit.every(labels, "text"))
    assert 40 < sum(said.values()) < 84 + 4
    # A base, an area and a change are named whatever the crowd.
    bases = {base.site for base in scenario.bases}
    needed = {clean_line(site.label) for site in scenario.sites if site.id in bases}
    needed |= {clean_line(area.label) for area in scenario.areas}
    assert needed <= set(said)
    assert any("names that found no room" in kit.text(text) for text in kit.every(root, "text"))


@pytest.mark.parametrize(
    "places",
    [
        ((2.0, 48.0), (150.0, -30.0), (-70.0, -20.0), (-120.0, 50.0)),
        ((179.9, -17.0), (-179.9, -17.1), (179.95, -16.9), (-179.95, -17.0)),
        ((10.0, 88.0), (100.0, 88.2), (-70.0, 88.1), (-120.0, 88.0)),
        ((0.0, 0.0), (180.0, 0.0), (90.0, 0.0), (-90.0, 0.0)),
        ((1.0, 45.0),) * 4,
    ],
    ids=["continents", "antimeridian", "pole", "opposite", "one place"],
)
def test_sites_may_lie_anywhere(
    kit: Any, positionless: Plan, places: tuple[tuple[float, float], ...]
) -> None:
    sites = tuple(
        site.model_copy(update={"position": Position(lon=lon, lat=lat)})
        for site, (lon, lat) in zip(positionless.scenario.sites, places, strict=True)
    )
    scenario = positionless.scenario.model_copy(update={"sites": sites})
    plan = positionless.model_copy(update={"scenario": scenario})
    pictures = kit.pictures(plan, None)
    svg = pictures.svg(kit.map_of(plan))
    root = kit.read(svg)
    for sign in kit.every(root, "g", "site"):
        (symbol,) = kit.every(sign, "svg")
        assert 0 < float(symbol.get("x")) < WIDTH
    for text in (svg, pictures.svg(kit.strip_of(plan.routes[0].convoy))):
        assert not re.search(r'[" ](nan|-?inf)\b', text)
    # Across the antimeridian a kilometre is a kilometre: 20 km, not the way round the globe.
    scales = [kit.text(t) for s in kit.every(root, "g", "scale") for t in kit.every(s, "text")]
    if places[0] == (179.9, -17.0):
        assert scales[-1] == "5 km"


def test_a_line_leads_to_the_name_of_an_area_only_where_it_stands_off_it() -> None:
    area = shapely.box(40, 40, 60, 60)
    forms = forms_of([Sentence("name", (Span("Marsh"),))])
    free, full = Room((0, 0, 200, 200)), Room((0, 0, 200, 200))
    full.take((25, 25, 85, 75))
    lines = np.zeros((0, 2))
    for room, led in ((free, False), (full, True)):
        drawn, _ = draw_names([Label((50, 50, 50, 50), forms, area=area)], room, lines)
        assert ("<path" in drawn) is led


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", r"; true north: \d\.\d° (east|west); contour interval: \d+ m"),
        ("fr", r" ; nord géographique : \d,\d° (est|ouest) ; équidistance des courbes : \d+ m"),
    ],
)
def test_north_and_contours_are_told_apart_below_the_map(
    kit: Any, woven: Plan, sarvenne: Theatre, language: Language, told: str
) -> None:
    texts = kit.every(kit.map(woven, sarvenne, language), "text")
    notes = " ".join(kit.text(text) for text in texts)
    assert re.search(told, re.sub(r"[\u00a0\u202f\s]+", " ", notes))
