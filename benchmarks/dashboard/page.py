"""How long the page takes to be useful, and a selection to be seen everywhere.

Serves the dashboard as a person would, opens a plan in it, and loads start page and workbench in
fresh browsers, with nothing cached. A page is useful when what one came for is drawn: the scenarios
to choose from; figures, timeline, document and routes of a plan. A selection is measured from the
click to the frame after the one in which map, timeline, table and document all show it::

    python benchmarks/dashboard/page.py PLAN [--chromium PATH] [--output FILE]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
#: The smallest screen that the dashboard is made for.
SIZE = {"width": 1280, "height": 720}
TARGETS_MS = {"useful": 2000, "selection": 150}
PATIENCE_MS = 120_000
STOP_S = 20

#: Notes when each of several things was first there, in milliseconds since the address was opened.
NOTER = """
window.there = {};
const wanted = {
  start: () => document.querySelector("[data-testid=start] .card"),
  figures: () => document.querySelector("[data-testid=figure-delivered]"),
  timeline: () => document.querySelector(".lane"),
  briefing: () => document.querySelector("[data-testid=briefing] .say"),
  routes: () => document.querySelector("#map[data-settled=true]:not([data-routes='0'])"),
  ground: () => document.querySelector("#map[data-ground=ready][data-settled=true]"),
};
(function look() {
  for (const [name, found] of Object.entries(wanted))
    if (!(name in window.there) && found()) window.there[name] = performance.now();
  requestAnimationFrame(look);
})();
"""

#: From a click to the frame after the one in which a convoy is marked everywhere.
SELECT = """
([selector, convoy]) => new Promise((done) => {
  const target = document.querySelector(selector);
  const marked = () =>
    document.querySelector("#map").dataset.selected === `convoy:${convoy}` &&
    document.querySelector(`[data-testid="lane-${convoy}"]`).classList.contains("is-selected") &&
    [...document.querySelectorAll(`#routes [row-id="${convoy}"]`)].every((row) => row.classList.contains("ag-row-selected"));
  const before = document.querySelector(".inspector-card");
  if (before) before.dataset.old = "yes";
  let shown = null;
  const start = performance.now();
  target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window }));
  (function look() {
    if (shown === null && marked()) shown = performance.now();
    const card = document.querySelector(".inspector-card:not([data-old])");
    if (shown !== null && card) return done({ shown: shown - start, card: performance.now() - start });
    if (performance.now() - start > 20000) return done({ shown, card: null });
    requestAnimationFrame(look);
  })();
})
"""  # noqa: E501 - statements of the page


def machine() -> dict[str, Any]:
    """Describe this machine, and what else it had to do."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "cpu": model,
        "cores": os.cpu_count() or 0,
        "system": platform.system(),
        # Of others as well; below 0 this process and its children go before them.
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "niceness": os.nice(0),
    }


@contextlib.contextmanager
def served(state: Path) -> Iterator[str]:
    """Serve the dashboard in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["serve", "--no-browser", "--port", str(port), "--state", str(state)]
    process = subprocess.Popen(
        [sys.executable, "-m", "convoi", *command],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    said = process.stdout
    if said is None or not said.readline():  # a line says that it is ready
        sys.exit("the server does not start")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_S)
        said.close()


def fresh(browser: Browser) -> Page:
    """Return a page of a browser that has nothing in its cache."""
    return browser.new_context(viewport=SIZE, locale="en-GB").new_page()  # type: ignore[arg-type] # a mapping of two


def useful(browser: Browser, url: str, wanted: tuple[str, ...]) -> dict[str, float]:
    """Open an address and return when each thing was there, and the first paint."""
    page = fresh(browser)
    page.add_init_script(NOTER)
    page.goto(url, wait_until="commit")
    page.wait_for_function(
        "names => names.every(name => name in window.there)", arg=[*wanted], timeout=PATIENCE_MS
    )
    there = page.evaluate("window.there")
    paint = "performance.getEntriesByName('first-contentful-paint')[0]"
    page.wait_for_function(paint)
    there["first paint"] = page.evaluate(f"{paint}.startTime")
    page.context.close()
    return {name: there[name] for name in ("first paint", *wanted)}


def selections(page: Page) -> list[dict[str, float]]:
    """Select convoys by lane, by row and by sentence, and return how long each took."""
    lanes = page.locator(".lane").evaluate_all("all => all.map(e => e.dataset.testid.slice(5))")
    page.get_by_role("tab", name="Routes").click()
    page.locator("#routes [row-id]").first.wait_for()
    page.wait_for_timeout(500)
    found = []
    for number, convoy in enumerate(lanes):
        rows = page.locator(f'#routes [row-id="{convoy}"] .ag-cell').count()
        by_row = f'#routes [row-id="{convoy}"] .ag-cell'
        said = f'[data-testid=briefing] .say[data-places^="convoy:{convoy}"]'
        ways = [f'[data-testid="lane-{convoy}"] .lane-name']
        ways += [by_row] if rows else []
        ways += [said] if page.locator(said).count() else []
        found.append(page.evaluate(SELECT, [ways[number % len(ways)], convoy]))
        page.wait_for_timeout(250)
    return found


def told(values: list[float]) -> dict[str, float]:
    """Return what is told of a series."""
    return {
        "count": len(values),
        "median_ms": round(median(values), 1),
        "max_ms": round(max(values), 1),
    }


def main() -> None:
    """Measure, write the result as JSON, and tell by the exit code whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan", type=Path, help="a plan.json, such as convoi demo writes")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    began = machine()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chosen.chromium, args=[*ARGUMENTS])
        with served(Path(folder)) as url:
            page = fresh(browser)
            page.goto(url)
            page.locator("input[type=file]").set_input_files(chosen.plan)
            page.get_by_test_id("verdict").get_by_text("Verified").wait_for(timeout=PATIENCE_MS)
            work = page.url
            page.locator("#map[data-ground=ready]").wait_for(timeout=PATIENCE_MS)
            times = selections(page)
            starts = [useful(browser, url, ("start",)) for _ in range(chosen.times)]
            parts = ("figures", "timeline", "briefing", "routes", "ground")
            benches = [useful(browser, work, parts) for _ in range(chosen.times)]
        version = browser.version
        browser.close()
    bench_useful = [max(b[part] for part in parts[:-1]) for b in benches]
    result = {
        "measured": datetime.now(UTC).date().isoformat(),
        "machine": began,
        "load_average_after": machine()["load_average"],
        "chromium": version,
        "plan": re.sub(r"\.json$", "", chosen.plan.name),
        "viewport": [SIZE["width"], SIZE["height"]],
        "start": {name: told([s[name] for s in starts]) for name in ("first paint", "start")},
        "workbench": {
            "useful": told(bench_useful),
            **{name: told([b[name] for b in benches]) for name in ("first paint", *parts)},
        },
        "selection": {
            "seen everywhere": told([one["shown"] for one in times]),
            "facts told by the server": told([one["card"] for one in times]),
        },
        "targets_ms": TARGETS_MS,
    }
    text = json.dumps(result, indent=1)
    print(text)
    if chosen.output is not None:
        chosen.output.write_text(text + "\n", encoding="utf-8")
    met = (
        result["start"]["start"]["median_ms"] <= TARGETS_MS["useful"]
        and result["workbench"]["useful"]["median_ms"] <= TARGETS_MS["useful"]
        and result["selection"]["seen everywhere"]["median_ms"] <= TARGETS_MS["selection"]
    )
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
