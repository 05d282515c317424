"""Whatever people wrote stands in a picture as text; every value in it is a fact."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pypdf
import pytest
import typst

from briefing.facts import Fact, facts_of
from briefing.wording import voice
from briefing.wording.names import clean_line
from optimizer.plan.model import Plan
from optimizer.terrain.theatre import Theatre

NASTY = [
    "</text><script>alert(1)</script>",
    "<image href='http://evil.example/x.png'/>",
    '" onload="alert(1)',
    "&lt;b&gt; &#x3c; &amp; ]]> <!-- --> <![CDATA[",
    'url(http://evil.example) {{ x }} #let x = read("/etc/passwd")',
    "left\u202eright\u2066x",
    "nul\0bell\x07esc\x1b[31m \ufffe",
    "p\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301q",
    "مستشفى",
    "x" * 200,
    " \u200b ",
    "1234 5678 MLC 70",
]
#: All that a picture is made of; nothing else is known to every renderer.
ELEMENTS = {"svg", "g", "path", "rect", "circle", "text", "tspan", "image"}


@pytest.fixture(scope="module")
def hostile(woven: Plan) -> Plan:
    def named(things: Any, start: int) -> tuple[Any, ...]:
        return tuple(
            thing.model_copy(update={"label": NASTY[(start + n) % len(NASTY)]})
            for n, thing in enumerate(things)
        )

    scenario = woven.scenario.model_copy(
        update={
            "sites": named(woven.scenario.sites, 0),
            "areas": named(woven.scenario.areas, 3),
            "changes": named(woven.scenario.changes, 7),
            "convoys": named(woven.scenario.convoys, 1),
        }
    )
    return woven.model_copy(update={"scenario": scenario})


def _all(
    kit: Any, plan: Plan, theatre: Theatre | None, language: str = "en"
) -> tuple[Any, list[str]]:
    pictures = kit.drawer(plan, theatre, language)
    wanted = [kit.map_of(plan), *(kit.strip_of(r.convoy) for r in plan.routes[:2])]
    return pictures, [kit.svg(plan, theatre, picture, language) for picture in wanted]


@pytest.mark.parametrize("ground", [True, False])
def test_hostile_names_are_only_text(
    kit: Any, hostile: Plan, sarvenne: Theatre, *, ground: bool
) -> None:
    _, svgs = _all(kit, hostile, sarvenne if ground else None)
    for svg in svgs:
        root = kit.read(svg)
        for element in root.iter():
            assert element.tag.rpartition("}")[2] in ELEMENTS
            for name, value in element.attrib.items():
                assert not name.lower().startswith("on")
                assert "url(" not in value
                assert name != "href" or value.startswith("data:image/jpeg;base64,")
        assert "\u202e" not in svg
        assert "\0" not in svg


def test_hostile_names_stand_whole_and_as_they_are(
    kit: Any, hostile: Plan, sarvenne: Theatre
) -> None:
    _, (svg, *_) = _all(kit, hostile, sarvenne)
    (labels,) = kit.every(kit.read(svg), "g", "labels")
    said = [kit.text(text) for text in kit.every(labels, "text")]
    for site in hostile.scenario.sites:
        assert clean_line(site.label) in said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_value_in_a_picture_is_that_of_a_fact(
    kit: Any, woven: Plan, sarvenne: Theatre, language: Any
) -> None:
    table = facts_of(woven, theatre=sarvenne)
    spoken = voice(language, woven.scenario.display_zone)
    pictures, svgs = _all(kit, woven, sarvenne, language)
    known: dict[str, Fact] = {fact.id: fact for fact in (*table, *pictures.facts)}
    count = 0
    for svg in svgs:
        for element in kit.every(kit.read(svg), "tspan", "fact"):
            fact = known[element.get("data-fact")]
            # A strip map tells times without month and year, which its card tells.
            told = {spoken.writer.write(fact.value), spoken.writer.short(fact.value)}
            assert kit.text(element) in told, fact.id
            count += 1
    assert count > 100


def test_the_facts_of_pictures_are_none_that_the_plan_tells_already(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    told = {fact.id for fact in facts_of(woven, theatre=sarvenne)}
    pictures, _ = _all(kit, woven, sarvenne)
    more = [fact.id for fact in pictures.facts]
    assert len(more) == len(set(more))
    assert told.isdisjoint(more)


def test_no_figure_stands_outside_a_fact_but_as_furniture(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    _, svgs = _all(kit, woven, sarvenne)
    for svg in svgs:
        root = kit.read(svg)
        for text in kit.every(root, "text"):
            if "furniture" in text.get("class", "").split():
                continue
            assert text.get("class") == "say"
            outside = kit.text(text)
            for fact in kit.every(text, "tspan", "fact"):
                outside = outside.replace(kit.text(fact), "", 1)
            assert not re.search(r"\d", outside), kit.text(text)
            stated = list(
                dict.fromkeys(f.get("data-fact") for f in kit.every(text, "tspan", "fact"))
            )
            assert text.get("data-facts", "").split() == stated


def test_typst_draws_the_pictures_with_their_names_as_text(
    kit: Any, hostile: Plan, woven: Plan, sarvenne: Theatre, tmp_path: Any
) -> None:
    """Typst refuses an SVG that is not well formed, and leaves out what it does not know."""
    for plan, theatre in ((woven, sarvenne), (hostile, None)):
        _, svgs = _all(kit, plan, theatre)
        for number, svg in enumerate(svgs):
            (tmp_path / f"{number}.svg").write_text(svg, encoding="utf-8")
        pages = "#pagebreak()\n".join(f'#image("{n}.svg")\n' for n in range(len(svgs)))
        source = tmp_path / "pictures.typ"
        source.write_text(f"#set page(width: auto, height: auto)\n{pages}", encoding="utf-8")
        target = tmp_path / "pictures.pdf"
        typst.compile(str(source), output=str(target), format="pdf", pdf_standards="a-2b")
        read = pypdf.PdfReader(target)
        assert len(read.pages) == len(svgs)
        if plan is woven:
            text = "".join(page.extract_text() for page in read.pages).replace("\n", "")
            assert "plateforme logistique de" in text
            assert plan.routes[0].convoy in text


def test_a_picture_is_well_formed_where_a_name_has_no_visible_letter(
    kit: Any, hostile: Plan
) -> None:
    root: ET.Element = kit.map(hostile, None)
    (labels,) = kit.every(root, "g", "labels")
    assert "?" in {kit.text(text) for text in kit.every(labels, "text")}
