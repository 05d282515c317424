"""The HTML file: complete in itself, for screen and paper, its sentences tied to facts and map."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from briefing.documents import DOCUMENTS
from briefing.facts import Release
from briefing.render.svg import inline_svg
from briefing.wording import LANGUAGES
from briefing.write import write
from optimizer.faults import Language
from optimizer.plan.model import Plan

RELEASE = Release("Capitaine Roca", datetime.fromisoformat("2026-06-14T20:00:00+02:00"))


def _html(plan: Plan, language: Language = "fr", **more: Release) -> str:
    written = write(plan, document="movement-order", language=language, form="html", **more)
    return written.content.decode("utf-8")


class _Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag]


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_asks_for_nothing_and_runs_nothing(
    plan: Plan, kind: str, language: Language
) -> None:
    html = write(plan, document=kind, language=language, form="html").content.decode("utf-8")
    elements = _Elements(html)
    assert elements.of("html")[0]["lang"] == language
    assert not {"script", "link", "iframe", "object", "form", "base"} & {
        t for t, _ in elements.found
    }
    for tag, attrs in elements.found:
        assert not any(key.startswith("on") for key in attrs), (tag, attrs)
        for key in ("src", "href", "xlink:href", "action"):
            assert (attrs.get(key) or "#").startswith(("#", "data:image/")), (tag, attrs)
    policy = [m["content"] for m in elements.of("meta") if "http-equiv" in m]
    assert policy
    assert str(policy[0]).startswith("default-src 'none'; ")
    # No address in the style sheet either; that of SVG is a name and is never fetched.
    assert set(re.findall(r"https?://[^\"'\s<>)]*", html)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "@import" not in html
    assert not re.search(r"url\((?!#|'#|&quot;#)", html)


def test_headings_and_tables_have_their_structure(shortfall: Plan) -> None:
    elements = _Elements(_html(shortfall))
    levels = [int(tag[1]) for tag, _ in elements.found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    # No level is left out on the way down.
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(attrs.get("scope") == "col" for attrs in elements.of("th"))
    assert len(elements.of("table")) == len(elements.of("thead")) > 3


def test_a_draft_says_so_until_a_named_person_has_released_it(everything: Plan) -> None:
    draft, released = _html(everything), _html(everything, release=RELEASE)
    assert '<p class="watermark" aria-hidden="true">PROJET</p>' in draft
    assert '<p class="banner">' in draft
    assert "watermark" not in released.partition("</style>")[2]
    assert "PROJET" not in released
    assert "Capitaine Roca" in released.partition("<footer>")[2]


def test_marking_and_foot_stand_on_every_printed_page(everything: Plan) -> None:
    style = _html(everything, "en").partition("</style>")[0]
    boxes = dict(re.findall(r"@((?:top|bottom)-[a-z]+) \{ content: (\"[^\"]*\") \}", style))
    assert boxes["top-center"] == boxes["bottom-center"]
    assert r"EXERCISE\000020\00002d\000020RESTRICTED" in boxes["top-center"]
    assert "DRAFT" in boxes["bottom-left"]
    assert everything.id.replace("-", r"\00002d") in boxes["bottom-left"]
    # and at both ends of what is seen on a screen
    body = _html(everything, "en").partition("<body")[2]
    assert body.count('<p class="marking">') == 2


def test_without_a_marking_none_is_made_up(shortfall: Plan) -> None:
    html = _html(shortfall)
    assert '<p class="marking">' not in html
    assert "@top-center { content" not in html


def test_sentences_know_their_facts_and_their_place_on_the_map(shortfall: Plan) -> None:
    html = _html(shortfall, "en")
    said = re.search(r'<span class="say" data-claim="march\.slack[^"]*"[^>]*>', html)
    assert said
    assert "convoy:ROUGE#least_slack" in said[0]
    assert 'data-place="convoy:ROUGE"' in said[0]
    area = re.search(r'<span class="say" data-claim="situation\.area"[^>]*>', html)
    assert area
    assert 'data-place="area:flooded"' in area[0]


def test_what_nobody_stated_is_a_ruled_blank(shortfall: Plan) -> None:
    assert len(re.findall(r'<div class="blank"><dt>.*?</dt><dd></dd></div>', _html(shortfall))) > 4


SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 viewBox="0 0 9 9" onload="x()"><defs><clipPath id="c"><rect width="9"/></clipPath></defs>
<script>alert(1)</script><g clip-path="url(#c)"><use xlink:href="#c"/>
<image href="data:image/png;base64,AA=="/><image href="http://evil.example/x.png"/>
<foreignObject><p>x</p></foreignObject><text>A &amp; B</text></g></svg>"""


def test_a_drawing_keeps_its_ids_to_itself_and_nothing_that_acts() -> None:
    shown = inline_svg(SVG, "p1-", 'Map "A"')
    assert 'id="p1-c"' in shown
    assert 'clip-path="url(#p1-c)"' in shown
    assert 'href="#p1-c"' in shown
    assert "data:image/png;base64,AA==" in shown
    assert "A &amp; B" in shown
    assert 'role="img"' in shown
    assert 'aria-label="Map &quot;A&quot;"' in shown
    for acting in ("script", "onload", "evil.example", "foreignObject"):
        assert acting not in shown
