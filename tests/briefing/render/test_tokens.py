"""Ids stand whole on a line, as far as there is room for them."""

from __future__ import annotations

import pytest

from briefing.render.tokens import NARROW, WIDE, whole_words


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("Convoy CV-/OUEST-1, from A.", WIDE, ["Convoy ", "CV-/OUEST-1,", " from A."]),
        ("(CV-1) CV-2", WIDE, ["", "(CV-1)", " ", "CV-2", ""]),
        ("nothing to keep", WIDE, ["nothing to keep"]),
        ("LOG-HELI-LOURD", NARROW, ["LOG-HELI-LOURD"]),
        ("LOG-HELI-LOURD", WIDE, ["", "LOG-HELI-LOURD", ""]),
        ("-" * WIDE, WIDE, ["-" * WIDE]),
        ("", WIDE, [""]),
    ],
)
def test_a_short_word_with_a_joint_stands_whole(text: str, most: int, parts: list[str]) -> None:
    assert whole_words(text, most) == parts
    assert "".join(parts) == text
