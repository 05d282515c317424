"""The map alone, in a real browser: what is seen, clicked, drawn and said."""

from __future__ import annotations

import json
import math
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.map.face import map_words
from optimizer.datasets import data_path
from optimizer.terrain.theatre import Theatre
from optimizer.units import to_mgrs

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "tests/dashboard/map/demo.py"
READY = '[data-testid="map"][data-ground="ready"]'

#: A road that two convoys share for four stretches before they part, and come home on.
SHARED = [[2.10, 44.80], [2.12, 44.81], [2.14, 44.80], [2.16, 44.81], [2.18, 44.80]]
EAST, NORTH = [2.24, 44.80], [2.18, 44.86]


def _feature(shape: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature", "id": properties.pop("feature", None),
        "geometry": {"type": shape, "coordinates": coordinates}, "properties": properties,
    }  # fmt: skip


def _site(name: str, position: list[float], status: str, kind: str = "unit_infantry") -> Any:
    return _feature(
        "Point", position, site=name, name=f"unité {name}", kind=kind, status=status,
        role="base" if kind == "base" else "unit",
    )  # fmt: skip


def _leg(convoy: str, number: int, line: Any, origin: str, destination: str) -> Any:
    return _feature(
        "LineString", line, feature=f"leg:{convoy}/1/{number}", convoy=convoy,
        name=f"convoi {convoy}", origin=origin, destination=destination, schematic=False,
    )  # fmt: skip


def scene() -> dict[str, Any]:
    """Return a plan small enough to know where everything is."""
    ring = [[2.20, 44.72], [2.26, 44.72], [2.26, 44.76], [2.20, 44.76], [2.20, 44.72]]
    features = {
        "sites": [
            _site("B", SHARED[0], "no_demand", "base"),
            _site("E", EAST, "delivered"),
            _site("N", NORTH, "undelivered"),
            _site("P", [2.10, 44.88], "partly_delivered"),
        ],
        "routes": [
            _leg("C1", 1, [*SHARED, EAST], "B", "E"),
            _leg("C1", 2, [EAST, *SHARED[::-1]], "E", "B"),
            _leg("C2", 1, [*SHARED, NORTH], "B", "N"),
        ],
        "areas": [_feature("Polygon", [ring], area="Z1", name="zone Z1", kind="no_go")],
        "changes": [
            _feature("Point", [2.05, 44.75], change="X1", name="pont X1", kind="bridge_out"),
        ],
    }
    return {name: {"type": "FeatureCollection", "features": f} for name, f in features.items()}


Start = Callable[..., str]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a server with the map alone; base layers are made once for all of them."""
    folder = tmp_path_factory.mktemp("ground")
    running = []

    def started(plan: dict[str, Any] | None = None, theatre: str = "sarvenne") -> str:
        layers = folder / f"layers-{len(running)}.json"
        layers.write_text(json.dumps(scene() if plan is None else plan), encoding="utf-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [
                sys.executable, DEMO, "--layers", layers, "--theatre", theatre, "--port", str(port),
                "--folder", folder,
            ],
            cwd=ROOT,
        )  # fmt: skip
        running.append(process)
        url = f"http://127.0.0.1:{port}/"
        for _ in range(300):
            try:
                urllib.request.urlopen(url, timeout=2).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return url
        pytest.fail("the server of the map does not answer")

    yield started
    for process in running:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def url(start: Start) -> str:
    return start()


@pytest.fixture
def map_page(url: str, watch: Any, page: Page) -> Page:
    """The map, drawn, with a watch for requests abroad and errors."""
    del watch
    page.goto(url)
    page.wait_for_selector(READY, timeout=60_000)
    page.wait_for_timeout(200)
    return page


def where(page: Page, kind: str, name: Any) -> tuple[float, float]:
    at = page.evaluate("([kind, name]) => window.convoi_map.where(kind, name)", [kind, name])
    return at["x"], at["y"]


def event(page: Page) -> dict[str, Any]:
    """Return what the map told last."""
    last: dict[str, Any] = page.evaluate("window.convoi_map.map.last")
    return last


def selected(page: Page) -> str | None:
    return page.get_by_test_id("map").get_attribute("data-selected")


def fill(page: Page, store: str, data: Any) -> None:
    page.evaluate(
        "([store, data]) => window.dash_clientside.set_props(store, { data })", [store, data]
    )


def zoom(page: Page) -> float:
    return float(page.evaluate("window.convoi_map.map.map.getZoom()"))


def test_a_click_on_a_site_selects_it_and_tells(map_page: Page) -> None:
    map_page.mouse.click(*where(map_page, "site", "E"))
    assert selected(map_page) == "site:E"
    told = event(map_page)
    assert (told["type"], told["kind"], told["id"]) == ("select", "site", "E")
    map_page.mouse.click(*where(map_page, "site", "N"))
    assert event(map_page)["n"] == told["n"] + 1


def test_a_click_on_a_line_selects_its_convoy_and_on_bare_ground_nothing(map_page: Page) -> None:
    map_page.mouse.click(*where(map_page, "leg", "leg:C2/1/1"))
    assert (selected(map_page) or "").startswith("convoy:")
    map_page.mouse.click(*where(map_page, "position", [2.02, 44.84]))
    assert selected(map_page) == ""
    assert event(map_page)["id"] is None


def test_others_stand_back_while_one_is_selected(map_page: Page) -> None:
    pane = "window.convoi_map.map.map.getPane('routePane').style.opacity"
    fill(map_page, "map-selection", {"kind": "convoy", "id": "C2"})
    expect(map_page.get_by_test_id("map")).to_have_attribute("data-selected", "convoy:C2")
    assert float(map_page.evaluate(pane)) < 0.5
    map_page.locator(".convoi-map-window").focus()
    map_page.keyboard.press("Escape")
    assert selected(map_page) == ""
    assert float(map_page.evaluate(pane)) == 1


def test_those_who_share_a_road_are_drawn_side_by_side_on_their_right(map_page: Page) -> None:
    # Three use the first stretches: C1 and C2 outward, C1 homeward. At the middle of the second
    # stretch, from (2.12, 44.81) to (2.14, 44.80), the road goes down to the right.
    found = map_page.evaluate(
        """() => {
          const { plan, map } = window.convoi_map.map, zoom = map.getZoom();
          const middle = map.project([44.805, 2.13], zoom);
          return Object.fromEntries(plan.legs.map((leg) => {
            const { points } = plan.whole(leg, zoom);
            let best = null, least = Infinity;
            for (let i = 0; i + 3 < points.length; i += 2)
              for (let t = 0; t <= 1; t += 0.002) {
                const x = points[i] + t * (points[i + 2] - points[i]) - middle.x;
                const y = points[i + 1] + t * (points[i + 3] - points[i + 1]) - middle.y;
                if (x * x + y * y < least) { least = x * x + y * y; best = [x, y]; }
              }
            return [leg.id, best];
          }));
        }"""
    )
    # South-west of the road is the right of those who go east, north-east of those who come back.
    outward = sorted((found["leg:C1/1/1"], found["leg:C2/1/1"]), key=lambda at: at[0])
    homeward = found["leg:C1/1/2"]
    assert outward[0][0] < outward[1][0] + 0.2 < homeward[0]
    gaps = [math.dist(outward[0], outward[1]), math.dist(outward[1], homeward)]
    # 2.3, 3.1 or 4 pixels apart, by the zoom.
    assert all(2 < gap < 4.5 for gap in gaps)


def test_what_is_selected_elsewhere_comes_into_sight(map_page: Page) -> None:
    map_page.evaluate("window.convoi_map.map.map.setView([44.95, 2.6], 14, { animate: false })")
    fill(map_page, "map-selection", {"kind": "site", "id": "P"})
    expect(map_page.get_by_test_id("map")).to_have_attribute("data-selected", "site:P")
    x, y = where(map_page, "site", "P")
    assert 0 < x < 1280
    assert 0 < y < 720
    assert zoom(map_page) == 14, "a site in sight needs no other scale"


def test_an_area_is_drawn_and_told(map_page: Page) -> None:
    corners = [(420, 140), (560, 130), (540, 240)]
    expected = [
        map_page.evaluate(
            "([x, y]) => { const p = window.convoi_map.map.map.containerPointToLatLng([x, y]);"
            " return [p.lng, p.lat]; }",
            list(corner),
        )
        for corner in corners
    ]
    fill(map_page, "map-mode", "draw_area")
    expect(map_page.get_by_test_id("map-hint")).to_contain_text("sommets")
    for corner in [*corners, corners[0]]:
        map_page.mouse.click(*corner)
        map_page.wait_for_timeout(350)
    told = event(map_page)
    assert told["type"] == "area_drawn"
    # A pixel is about 40 m here, which is 0.0005 degrees.
    for found, meant in zip(told["polygon"], expected, strict=True):
        assert found == pytest.approx(meant, abs=0.0006)
    expect(map_page.get_by_test_id("map")).to_have_attribute("data-mode", "look")


def test_escape_gives_drawing_up(map_page: Page) -> None:
    fill(map_page, "map-mode", "draw_area")
    expect(map_page.get_by_test_id("map")).to_have_attribute("data-mode", "draw_area")
    map_page.mouse.click(420, 140)
    map_page.keyboard.press("Escape")
    expect(map_page.get_by_test_id("map")).to_have_attribute("data-mode", "look")
    assert event(map_page)["type"] == "escape"
    # Nothing of it is left that would take the next click.
    map_page.mouse.click(*where(map_page, "site", "E"))
    assert selected(map_page) == "site:E"


def test_a_bridge_is_picked_with_its_edge_and_load_class(map_page: Page) -> None:
    theatre = Theatre.open(data_path("terrain", "sarvenne"))
    roads = theatre.frame("roads")
    bridges = roads[roads["bridge"] & roads["class"].isin(["primary", "secondary"])]
    bridge = bridges.iloc[0]
    middle = bridge.geometry.interpolate(0.5, normalized=True)
    lon, lat = theatre.to_earth.transform(middle.x, middle.y)
    map_page.evaluate(f"window.convoi_map.map.map.setView([{lat}, {lon}], 15, {{animate: false}})")
    fill(map_page, "map-mode", "pick_bridge")
    expect(map_page.get_by_test_id("map-hint")).to_contain_text("pont")
    x, y = where(map_page, "position", [lon, lat])
    map_page.mouse.click(x + 2, y + 2)
    told = event(map_page)
    assert told["type"] == "bridge_picked"
    assert (told["road"], told["way"], told["bridge"]) == (bridge["id"], bridge["way"], True)
    assert (told["wheeled"], told["tracked"]) == (bridge["mlc_wheeled"], bridge["mlc_tracked"])
    # The middle of the bridge is told, not where the pointer happened to be; packed to a metre.
    assert (told["lon"], told["lat"]) == pytest.approx((lon, lat), abs=2e-5)


def test_who_picks_a_bridge_sees_bridges_and_the_map_stays(map_page: Page) -> None:
    drawn = "window.convoi_map.map.overlay.hits.filter((hit) => hit.kind === 'bridge').length"
    # To who only looks, bridges would clutter a map that shows everything.
    assert map_page.evaluate(drawn) == 0
    before = zoom(map_page)
    fill(map_page, "map-mode", "pick_bridge")
    map_page.wait_for_function(f"{drawn} > 0")
    # A band over the map takes some of its height; under the hand nothing moves.
    map_page.evaluate("document.querySelector('.convoi-map-frame').style.height = '300px'")
    map_page.wait_for_function("window.convoi_map.map.map.getSize().y === 300")
    assert zoom(map_page) == before
    # As far off as a large theatre is seen at once.
    map_page.evaluate("window.convoi_map.map.map.setZoom(10, {animate: false})")
    map_page.wait_for_function(f"window.convoi_map.map.map.getZoom() === 10 && {drawn} > 0")
    # A pixel is 110 m there and the bridge is shorter: its mark stands for it, not for the road.
    marks = map_page.evaluate("""() => {
      const { map } = window.convoi_map, at = map.element.getBoundingClientRect();
      const origin = map.map.getPixelOrigin(), corner = map.overlay.corner;
      return map.overlay.hits.filter((hit) => hit.kind === "bridge").map(({ x, y, bridge }) => {
        const layer = [x + corner.x - origin.x, y + corner.y - origin.y];
        const point = map.map.layerPointToContainerPoint(layer);
        return [bridge.id, at.left + point.x + 2, at.top + point.y + 1];
      }).filter(([, x, y]) => map.map.getContainer().contains(document.elementFromPoint(x, y)));
    }""")
    assert marks
    for bridge, x, y in marks:
        map_page.mouse.move(x, y)
        map_page.wait_for_function(
            f"(window.convoi_map.map.candidate || {{}}).id === {bridge!r}", timeout=5000
        )


def test_the_shape_of_an_area_is_changed_or_left(map_page: Page) -> None:
    map_page.mouse.click(*where(map_page, "area", "Z1"))
    assert selected(map_page) == "area:Z1"
    map_page.get_by_test_id("map-edit").click()
    map_page.keyboard.press("Escape")
    assert event(map_page)["type"] == "select", "nothing was told of a shape that was given up"
    map_page.get_by_test_id("map-edit").click()
    corner = where(map_page, "position", [2.26, 44.76])
    map_page.mouse.move(*corner)
    map_page.mouse.down()
    map_page.mouse.move(corner[0] + 30, corner[1] - 20, steps=5)
    map_page.mouse.up()
    map_page.keyboard.press("Enter")
    told = event(map_page)
    assert (told["type"], told["id"], len(told["polygon"])) == ("area_edited", "Z1", 4)
    moved = [p for p in told["polygon"] if p not in ([2.20, 44.72], [2.26, 44.72], [2.20, 44.76])]
    assert len(moved) == 1
    assert moved[0][0] > 2.26
    assert moved[0][1] > 44.76


def test_an_area_is_deleted_by_its_button(map_page: Page) -> None:
    fill(map_page, "map-selection", {"kind": "area", "id": "Z1"})
    map_page.get_by_test_id("map-delete").click()
    told = event(map_page)
    assert (told["type"], told["id"]) == ("area_deleted", "Z1")
    assert selected(map_page) == ""


def test_the_position_under_the_pointer_is_told_and_copied(
    map_page: Page, context: BrowserContext
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    lon, lat = 2.04, 44.86
    map_page.mouse.click(*where(map_page, "position", [lon, lat]))
    readout = map_page.get_by_test_id("map-mgrs")
    shown = readout.locator("span").first.inner_text()
    # Pixels are some 40 m wide: the same square, and less than 60 m off.
    meant = to_mgrs(lon, lat)
    zone, square, *figures = shown.split()
    assert zone + square == meant[:5]
    assert [int(v) for v in figures] == pytest.approx([int(meant[5:10]), int(meant[10:])], abs=60)
    readout.click()
    expect(readout).to_contain_text("Copié")
    assert map_page.evaluate("navigator.clipboard.readText()") == shown


def test_keys_move_the_map_and_pick_what_is_in_its_middle(map_page: Page) -> None:
    window = map_page.locator(".convoi-map-window")
    assert window.get_attribute("role") == "application"
    window.focus()
    before = zoom(map_page)
    map_page.keyboard.press("+")
    assert zoom(map_page) > before
    map_page.keyboard.press("-")
    assert zoom(map_page) == before
    x, _ = where(map_page, "site", "E")
    map_page.keyboard.press("ArrowRight")
    map_page.wait_for_timeout(400)
    assert where(map_page, "site", "E")[0] < x
    map_page.evaluate("window.convoi_map.map.map.setView([44.86, 2.18], 12, { animate: false })")
    map_page.keyboard.press("Enter")
    assert selected(map_page) == "site:N"
    expect(map_page.locator(".convoi-map-said")).to_have_text("Sélection : unité N")


def test_words_follow_the_language(map_page: Page) -> None:
    expect(map_page.get_by_test_id("map-legend").locator("summary")).to_have_text("Légende")
    fill(map_page, "map-words", dict(map_words("en")))
    expect(map_page.get_by_test_id("map-legend").locator("summary")).to_have_text("Legend")
    map_page.get_by_test_id("map-legend").locator("summary").click()
    for text in ("delivered in part", "not delivered", "no-go area", "bridge out", "primary road"):
        expect(map_page.get_by_test_id("map-legend")).to_contain_text(text)
    expect(map_page.get_by_test_id("map-zoom-in")).to_have_attribute("aria-label", "Zoom in")


def test_the_night_has_its_own_relief(map_page: Page) -> None:
    with map_page.expect_response(lambda r: "relief-dark.webp" in r.url) as answer:
        map_page.evaluate("document.documentElement.dataset.mantineColorScheme = 'dark'")
    assert answer.value.status == 200
    expect(map_page.get_by_test_id("map")).to_have_attribute("data-theme", "dark")


def test_what_is_under_the_pointer_is_named(map_page: Page) -> None:
    map_page.mouse.move(*where(map_page, "site", "N"))
    expect(map_page.get_by_test_id("map-tip")).to_have_text("unité N\nnon livré")


def test_many_sites_are_gathered_and_come_apart(start: Start, watch: Any, page: Page) -> None:
    del watch
    plan = scene()
    plan["sites"]["features"] = [
        _site(f"S{i}", [2.1 + 0.02 * (i % 12), 44.7 + 0.02 * (i // 12)],
              "undelivered" if i == 17 else "delivered")
        for i in range(120)
    ]  # fmt: skip
    page.goto(start(plan))
    page.wait_for_selector(READY, timeout=60_000)
    hits = "window.convoi_map.map.overlay.hits"
    gathered = page.evaluate(f"{hits}.filter((h) => h.kind === 'cluster')")
    alone = page.evaluate(f"{hits}.filter((h) => h.kind === 'site').length")
    assert len(gathered) > 3
    assert sum(h["count"] for h in gathered) + alone == 120
    first = gathered[-1]
    before = zoom(page)
    corner = page.evaluate("(() => { const { corner, view } = window.convoi_map.map.overlay;"
                           " const o = view.map.getPixelBounds().min;"
                           " return [corner.x - o.x, corner.y - o.y]; })()")  # fmt: skip
    page.mouse.click(first["x"] + corner[0], first["y"] + corner[1])
    assert zoom(page) > before
    assert selected(page) in {None, ""}


def test_without_ground_the_plan_is_drawn_and_said_so(start: Start, watch: Any, page: Page) -> None:
    del watch
    page.goto(start(theatre="nowhere"))
    hint = page.get_by_test_id("map-hint")
    expect(hint).to_contain_text("n'a pas de terrain")
    page.mouse.click(*where(page, "site", "E"))
    assert selected(page) == "site:E"
    # What a page holds until a server under load has answered is told as such.
    page.evaluate("window.dash_clientside.set_props('map-ground', {data: 'awaited'})")
    expect(hint).to_have_text("Dessin du terrain…")
    page.evaluate("window.dash_clientside.set_props('map-ground', {data: null})")
    expect(hint).to_contain_text("n'a pas de terrain")


def test_ground_that_cannot_be_had_is_said(url: str, page: Page) -> None:
    page.route("**/ground/**", lambda route: route.fulfill(status=503, body="no"))
    page.goto(url)
    expect(page.get_by_test_id("map")).to_have_attribute("data-ground", "failed")
    expect(page.get_by_test_id("map-hint")).to_contain_text("ne peut pas être dessiné")
    page.mouse.click(*where(page, "site", "E"))
    assert selected(page) == "site:E"


def test_nothing_heavy_is_loaded_for_the_map(url: str, watch: Any, page: Page) -> None:
    del watch
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    page.wait_for_selector(READY, timeout=60_000)
    assert [u for u in asked if "plotly" in u] == []
    assert page.evaluate("typeof window.Plotly") == "undefined"
    # No canvas of the map has a context of WebGL.
    assert page.evaluate(
        "[...document.querySelectorAll('.convoi-map canvas')].every((c) => c.getContext('2d'))"
    )
