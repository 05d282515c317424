"""The watch itself sees what it is there to see; a story that it lets pass proves something."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page


def test_a_request_abroad_is_aborted_and_counted(page: Page, watch: Any) -> None:
    page.set_content("<img src='http://198.51.100.7/picture.png' alt='abroad'>")
    page.wait_for_function("document.images[0].complete")
    assert watch.abroad == ["http://198.51.100.7/picture.png"]
    assert page.evaluate("document.images[0].naturalWidth") == 0
    watch.abroad.clear()
    watch.errors.clear()  # the browser tells of the picture that did not come


def test_an_error_on_the_console_or_in_a_script_is_noted(page: Page, watch: Any) -> None:
    page.set_content("<script>console.error('told'); setTimeout(() => nowhere(), 0)</script>")
    page.wait_for_timeout(200)
    assert len(watch.errors) == 2
    assert "told" in watch.errors[0]
    assert "nowhere" in watch.errors[1]
    watch.errors.clear()
