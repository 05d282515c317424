"""Components as text: what a person named comes out as text, never as an element."""

from __future__ import annotations

from html.parser import HTMLParser

import dash_mantine_components as dmc
import pytest
from dash import html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.markup import markup


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")))
def test_no_text_becomes_an_element_or_leaves_its_attribute(text: str) -> None:
    found = _read(markup(html.Button(text, title=text, **{"data-select": text})))
    assert found.tags == ["button"]
    assert found.text == text
    assert dict(found.attributes) == {"title": text, "data-select": text}


def test_names_of_react_become_those_of_html() -> None:
    drawn = markup(html.Div(html.Hr(), className="a b", tabIndex=0, style={"left": "3%"}))
    assert drawn == '<div class="a b" style="left:3%" tabindex="0"><hr></div>'


def test_what_only_a_browser_can_draw_is_refused() -> None:
    with pytest.raises(TypeError, match="Button"):
        markup(html.Div(dmc.Button("x")))
