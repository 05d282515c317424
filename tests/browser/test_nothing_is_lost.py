"""Nothing is lost: edits, plans and a search on its way outlive a reload and a killed server."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from person import Person
from playwright.sync_api import Page, expect
from scenarios import village

pytestmark = pytest.mark.slow

#: What a browser and Dash say of a server that is not there; nothing else may be said.
GONE = ("net::ERR_", "Failed to fetch", "the server did not respond")


def _draw(person: Person) -> None:
    """Draw a square around the first unit."""
    page = person.page
    person.tab("Ground")
    page.get_by_role("button", name="Draw an area").click()
    expect(person.map).to_have_attribute("data-mode", "draw_area")
    x, y = person.where("site", "U1")
    for east, south in ((-25, -25), (25, -25), (25, 25), (-25, 25), (-25, -25)):
        page.mouse.move(x + east, y + south, steps=3)
        page.mouse.click(x + east, y + south)
    expect(page.locator(".ground-list li")).to_have_count(1)


def test_a_reload_and_a_killed_server_lose_nothing(
    serve: Any, watch: Any, page: Page, tmp_path: Path
) -> None:
    server = serve(tmp_path / "state")
    person = Person(page, server.url)
    person.open(village(tmp_path))
    person.ask(iterations=30)
    person.planned()
    _draw(person)
    # A second plan, whose search goes on until somebody ends it.
    person.ask(seconds=600)
    best = page.locator(".solve-best")
    expect(best).to_contain_text("Best so far")

    page.reload()
    expect(best).to_contain_text("Best so far")
    person.tab("Ground")
    expect(page.locator(".ground-list li")).to_have_count(1)

    # The server vanishes under the open page, as when the power goes, and is started again.
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    lost = page.get_by_test_id("lost")
    expect(lost).to_contain_text("The server does not answer.")
    serve(tmp_path / "state", urlsplit(server.url).port)
    expect(lost).to_be_hidden()
    # Without a word from anybody the page follows the search on.
    expect(page.get_by_test_id("solve-told")).to_have_attribute("data-stage", "search")
    told = [error for error in watch.errors if not any(gone in error for gone in GONE)]
    assert not told
    page.reload()
    watch.errors.clear()
    expect(best).to_contain_text("Best so far")
    page.get_by_role("button", name="Accept now").click()
    person.planned()
    expect(page.get_by_test_id("edited-banner")).to_have_count(0)
    # Both plans are there to be compared, and the work is among those that can be continued.
    person.tab("Changes")
    expect(page.get_by_test_id("comparison")).to_contain_text("No-go area 1")
    person.start()
    works = page.get_by_test_id("start").get_by_role("link", name="Seven units around a base")
    expect(works).to_contain_text("2 plans")
    works.click()
    expect(person.verdict).to_have_text("Verified")
