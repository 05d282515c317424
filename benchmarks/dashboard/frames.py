"""How long a frame of the map takes with 500 sites and 100 routes, drawn without a graphics card.

A headless Chromium drags and zooms the map with all layers on; the page notes the time between
frames. Chromium draws 60 frames a second at most, so no frame is shorter than 16.7 ms. Selection is
measured from the click to the frame that shows it::

    python benchmarks/dashboard/frames.py > benchmarks/dashboard/results/frames.json
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from dash import Dash, dcc, html
from fastapi import FastAPI
from playwright.sync_api import Page, sync_playwright
from scene import plan_layers

from dashboard.map import ids
from dashboard.map.face import connect, map_view, scripts, styles
from dashboard.map.ground import ground_layers
from dashboard.map.routes import map_router
from optimizer.terrain.theatre import Theatre, find_theatre

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
#: The smallest screen that the dashboard is made for.
WIDTH, HEIGHT = 1280, 720
TARGETS_MS = {"median": 20.0, "p95": 80.0, "selection": 150.0}

RECORDER = """
window.frames_ms = [];
(function next(before) {
  requestAnimationFrame((now) => { if (before) window.frames_ms.push(now - before); next(now); });
})(0);
"""

#: From the click on the window to the frame after the one in which the selection was drawn.
SELECT = """
({ x, y }) => new Promise((done) => {
  const target = document.elementFromPoint(x, y);
  const start = performance.now();
  for (const type of ["mousedown", "mouseup", "click"])
    target.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: x, clientY: y, view: window }));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})
"""  # noqa: E501 - one statement of the page


def page_of(theatre: Theatre, plan: dict[str, Any], folder: Path) -> FastAPI:
    """Return a server with nothing but the map."""
    server = FastAPI()
    server.include_router(map_router(folder))
    app = Dash(
        "frames", server=server, external_scripts=scripts(), external_stylesheets=styles(),
        assets_folder="none", update_title="",
    )  # fmt: skip
    view = map_view("fr", ground_layers(theatre))
    for child in view.children:
        if isinstance(child, dcc.Store) and child.id == ids.PLAN:
            child.data = plan
    app.layout = html.Div(view, style={"position": "fixed", "inset": 0})
    connect(app)
    return server


@contextmanager
def served(server: FastAPI) -> Iterator[str]:
    """Serve on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runner = uvicorn.Server(uvicorn.Config(server, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=runner.run, daemon=True)
    thread.start()
    while not runner.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        runner.should_exit = True
        thread.join(10)


def drag(page: Page, seconds: float) -> None:
    """Drag the map to and fro, as a hand does."""
    until = time.monotonic() + seconds
    way = 1
    while time.monotonic() < until:
        page.mouse.move(WIDTH / 2 - way * 250, HEIGHT / 2 - way * 90)
        page.mouse.down()
        page.mouse.move(WIDTH / 2 + way * 250, HEIGHT / 2 + way * 90, steps=35)
        page.mouse.up()
        way = -way
        page.wait_for_timeout(250)


def wheel(page: Page, notches: int) -> None:
    """Zoom in and out again, a notch of the wheel at a time."""
    page.mouse.move(WIDTH / 2, HEIGHT / 2)
    for step in [-120] * notches + [120] * notches:
        page.mouse.wheel(0, step)
        page.wait_for_timeout(420)


def measured(page: Page, act: Any, *arguments: Any) -> np.ndarray:  # noqa: ANN401 - passed on
    """Return the milliseconds between frames while something is done."""
    page.evaluate("window.frames_ms.length = 0")
    act(page, *arguments)
    return np.array(page.evaluate("window.frames_ms"))


def figures(frames: np.ndarray) -> dict[str, float | int]:
    """Return what is told of a series of frames."""
    return {
        "frames": len(frames),
        "median_ms": round(float(np.median(frames)), 1),
        "p95_ms": round(float(np.percentile(frames, 95)), 1),
        "max_ms": round(float(frames.max()), 1),
    }


def selections(page: Page) -> list[float]:
    """Return the milliseconds of selecting sites and convoys that are in sight."""
    found = []
    seen = page.evaluate(
        """() => window.convoi_map.map.overlay.hits.filter((h) => h.kind === "site").slice(0, 40)
               .map((h) => h.id)"""
    )
    seen = [("site", name) for name in seen[:20]]
    seen += [("convoy", f"C{number}") for number in range(10)]
    for kind, name in seen:
        at = page.evaluate("([kind, id]) => window.convoi_map.where(kind, id)", [kind, name])
        if at and 0 < at["x"] < WIDTH - 60 and 0 < at["y"] < HEIGHT - 60:
            found.append(page.evaluate(SELECT, at))
            page.wait_for_timeout(150)
    return found


def machine() -> dict[str, str | int | float]:
    """Describe this machine."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "cpu": model,
        "cores": os.cpu_count() or 0,
        "system": platform.system(),
        # Others at work on the same cores lengthen frames; below the number of cores it is quiet.
        "load_average": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    """Measure, print the result as JSON, and tell by the exit code whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--theatre", default="sarvenne")
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--routes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--screenshots", type=Path)
    chosen = parser.parse_args()
    theatre = find_theatre(chosen.theatre)
    if theatre is None:
        sys.exit(f"there is no theatre {chosen.theatre!r}")
    plan = plan_layers(theatre, chosen.sites, chosen.routes, chosen.seed)
    vertices = sum(len(f["geometry"]["coordinates"]) for f in plan["routes"]["features"])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = page_of(theatre, plan, Path(folder))
        with served(server) as url:
            browser = playwright.chromium.launch(
                executable_path=chosen.chromium, args=[*ARGUMENTS], headless=True
            )
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.add_init_script(RECORDER)
            page.goto(url)
            page.wait_for_selector('[data-testid="map"][data-ground="ready"]', timeout=120_000)
            page.wait_for_timeout(1500)
            series: dict[str, np.ndarray] = {}
            times = []
            for zoom in (11, 13, 15):
                page.evaluate(f"window.convoi_map.map.map.setZoom({zoom}, {{animate: false}})")
                page.wait_for_timeout(900)
                series[f"drag at zoom {zoom}"] = measured(page, drag, chosen.seconds)
                times += selections(page)
                page.keyboard.press("Escape")
                if chosen.screenshots:
                    page.screenshot(path=chosen.screenshots / f"frames-{zoom}.png")
            page.evaluate("window.convoi_map.map.fit()")
            page.wait_for_timeout(900)
            series["zoom by the wheel"] = measured(page, wheel, 4)
            version = browser.version
            browser.close()
    every = np.concatenate(list(series.values()))
    result = {
        "measured": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "chromium": version,
        "theatre": theatre.manifest.name,
        "sites": chosen.sites,
        "routes": chosen.routes,
        "route_vertices": vertices,
        "seed": chosen.seed,
        "viewport": [WIDTH, HEIGHT],
        "all": figures(every),
        **{name: figures(frames) for name, frames in series.items()},
        "selection": {"count": len(times), "max_ms": round(max(times), 1),
                      "median_ms": round(float(np.median(times)), 1)},
        "targets_ms": TARGETS_MS,
    }  # fmt: skip
    print(json.dumps(result, indent=1))
    met = (
        result["all"]["median_ms"] <= TARGETS_MS["median"]
        and result["all"]["p95_ms"] <= TARGETS_MS["p95"]
        and result["selection"]["max_ms"] <= TARGETS_MS["selection"]
    )
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
