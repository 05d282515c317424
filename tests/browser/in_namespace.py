"""Run inside a namespace without network: the demo from the wheel, and a browser that looks at it.

Prints one line of JSON that tells what was seen. Arguments: the command ``convoi``, Chromium, and
an empty folder.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect, sync_playwright

PATIENCE_MS = 120_000
STOP_S = 20


def _serve(convoi: str, folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the demo and return where it says that it is."""
    home = folder.parent / "home"
    home.mkdir()
    demo = subprocess.Popen(
        [convoi, "demo", "--no-browser", "--iterations", "5"],
        cwd=folder,
        env={"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert demo.stdout is not None
    said = []
    for line in demo.stdout:
        said.append(line)
        if found := re.search(r"Convoi is at (\S+),", line):
            # Read on, or the server would wait for a reader.
            threading.Thread(target=demo.stdout.read, daemon=True).start()
            return demo, found[1]
    raise SystemExit("the demo ended:\n" + "".join(said))


def main(convoi: str, chromium: str, arguments: list[str], folder: Path) -> None:
    """Look at the page of the demo and tell what is there."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    demo, url = _serve(convoi, folder)
    abroad: list[str] = []
    errors: list[str] = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
            page = browser.new_context(locale="en-GB").new_page()
            page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
            page.on(
                "request",
                lambda r: (
                    abroad.append(r.url)
                    if urlsplit(r.url).hostname not in {"127.0.0.1", None}
                    else None
                ),
            )
            page.goto(url)
            expect(page.get_by_test_id("verdict")).to_have_text("Verified", timeout=PATIENCE_MS)
            ground = page.get_by_test_id("map")
            expect(ground).to_have_attribute("data-ground", "ready", timeout=PATIENCE_MS)
            page.evaluate("document.fonts.ready")
            seen = {
                "interfaces": [name for _, name in socket.if_nameindex()],
                "title": page.get_by_role("heading", level=1).inner_text(),
                "order": page.get_by_test_id("briefing").get_by_role("heading").first.inner_text(),
                "demanded": page.get_by_test_id("figure-delivered").inner_text(),
                "sites": ground.get_attribute("data-sites"),
                "fonts": page.evaluate("document.fonts.check('14px \"IBM Plex Sans\"')"),
                "abroad": abroad,
                "errors": errors,
            }
            browser.close()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(STOP_S)
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[4:], Path(sys.argv[3]))
