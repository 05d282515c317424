"""Which circle of a small map a number belongs to."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.pictures.fonts import text_width
from briefing.pictures.labels import Room
from briefing.pictures.sheet import Sheet
from briefing.pictures.stations import LETTERS, Station, draw_stations
from briefing.wording.statement import Sentence, Span

WIDE, HIGH = 150.0, 90.0
SHEET = Sheet(0.0, 0.0, WIDE, HIGH, 0.0, 0.0, 1.0)
Box = tuple[float, float, float, float]

# Three points from one to the next at least: what lies nearer has one label without a frame.
spots = st.lists(
    st.tuples(st.integers(3, int(WIDE) // 3 - 3), st.integers(3, int(HIGH) // 3 - 3)).map(
        lambda at: (3 * at[0], 3 * at[1])
    ),
    min_size=2,
    max_size=9,
    unique=True,
)


def _drawn(at: list[tuple[int, int]]) -> ET.Element:
    stations = [
        Station(np.array([x, y], float), (Sentence("leg.number", (Span(f"1.{n}", None),)),))
        for n, (x, y) in enumerate(at, 1)
    ]
    line = np.array(at, float)
    svg = draw_stations(SHEET, stations, [line], Room((0.0, 0.0, WIDE, HIGH)))
    return ET.fromstring(f'<svg xmlns:xlink="http://www.w3.org/1999/xlink">{svg}</svg>')  # noqa: S314


def _boxes(root: ET.Element) -> dict[str, Box]:
    found = {}
    for text in root.iter("text"):
        said, x, y = "".join(text.itertext()), float(text.get("x", "")), float(text.get("y", ""))
        found[said] = (x, y - LETTERS + 0.9, x + text_width(said, LETTERS, "bold"), y + 0.9)
    return found


def _away(box: Box, at: tuple[float, float]) -> float:
    left, top, right, bottom = box
    return math.hypot(at[0] - min(max(at[0], left), right), at[1] - min(max(at[1], top), bottom))


@settings(max_examples=60, deadline=None)
@given(at=spots)
@example(at=[(9, 9), (9, 12), (9, 15), (15, 9)])  # the frame of 1.2 and 1.3 just holds 1.1
def test_a_number_is_nearest_to_its_own_circle_or_to_one_in_the_same_frame(
    at: list[tuple[int, int]],
) -> None:
    root = _drawn(at)
    boxes = _boxes(root)
    # Each number is there, once.
    assert sorted(boxes) == sorted(f"1.{n}" for n in range(1, len(at) + 1))
    signs = {f"1.{n}": (float(x), HIGH - y) for n, (x, y) in enumerate(at, 1)}
    frames = [
        tuple(float(rect.get(key, "")) for key in ("x", "y", "width", "height"))
        for rect in root.iter("rect")
        if rect.get("stroke-dasharray")
    ]

    def together(one: str, other: str) -> bool:
        return one == other or any(
            all(x <= a <= x + w and y <= b <= y + h for a, b in (signs[one], signs[other]))
            for x, y, w, h in frames
        )

    for name in boxes:
        mine = [other for other in boxes if together(name, other)]
        left, top, right, bottom = zip(*(boxes[other] for other in mine), strict=True)
        label = (min(left), min(top), max(right), max(bottom))
        least = min(_away(label, signs[other]) for other in mine)
        for other in set(boxes) - set(mine):
            assert _away(label, signs[other]) > least, (name, other)


def test_places_too_near_for_labels_of_their_own_have_one_and_a_frame() -> None:
    # Six circles in a ring, ten points from one to the next: no label finds room within it.
    ring = [(75 + round(11 * math.cos(n)), 45 + round(11 * math.sin(n))) for n in range(6)]
    root = _drawn(ring)
    assert sorted(_boxes(root)) == [f"1.{n}" for n in range(1, 7)]
    assert any(rect.get("stroke-dasharray") for rect in root.iter("rect"))
