"""The stations of a convoy on its small map: a sign each, and the legs that lead there."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from briefing.pictures.courses import sampled
from briefing.pictures.fonts import text_width
from briefing.pictures.labels import Placed, Room, Wanted, distances, place_all
from briefing.pictures.looks import INK
from briefing.pictures.naming import between, leader
from briefing.pictures.sheet import Sheet
from briefing.pictures.svg import Box, Style, element, group, said
from briefing.wording.statement import Sentence

__all__ = ["LETTERS", "Station", "draw_stations"]

Points = NDArray[np.float64]
#: Nothing is written smaller: crews read by a torch.
LETTERS = 7.0
#: Radius of the sign of a station; signs that cover half of each other have one label.
_SIGN = 2.6
#: How much nearer to its own signs than to any other a label stands, points.
_CLEAR = 1.5
#: Between the numbers of a label, and how many stand beside each other at most.
_GAP, _ABREAST = 2.6, 3
#: From a sign to its label, points.
_GAPS = (1.0, 4.5, 8.0, 12.0, 17.0, 24.0)


@dataclass(frozen=True, slots=True)
class Station:
    """A site that a convoy comes to.

    Parameters
    ----------
    at : ndarray of float64, shape (2,)
        Metres.
    says : tuple of Sentence
        The legs that lead there; none at a base, which is told by its sign.
    """

    at: Points
    says: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Label:
    """What is written at signs that lie in one place, in rows."""

    box: Box
    rows: tuple[tuple[Sentence, ...], ...]

    @property
    def is_wide(self) -> bool:
        """Whether the signs do not cover each other."""
        left, top, right, bottom = self.box
        return max(right - left, bottom - top) > 3 * _SIGN

    @property
    def frame(self) -> Box:
        """What is drawn around its signs where they do not cover each other."""
        left, top, right, bottom = self.box
        return left - 1, top - 1, right + 1, bottom + 1

    def wanted(self) -> Wanted:
        wide = max(sum(map(_width, row)) + _GAP * (len(row) - 1) for row in self.rows)
        return Wanted(self.box, ((wide + 1, (LETTERS + 0.4) * len(self.rows)),))


def _width(sentence: Sentence) -> float:
    return text_width(sentence.text, LETTERS, "bold")


def draw_stations(
    sheet: Sheet, stations: Sequence[Station], courses: Sequence[Points], room: Room
) -> str:
    """Draw stations, and write at each which legs lead there.

    Parameters
    ----------
    sheet : Sheet
        The small map.
    stations : sequence of Station
        The stations.
    courses : sequence of ndarray of float64, shape (points, 2)
        Courses of the legs, metres.
    room : Room
        What is taken on the map; signs are added to it.

    Returns
    -------
    str
        Elements.
    """
    at = np.vstack([sheet.place(station.at.reshape(1, 2)) for station in stations])
    signs = []
    for (x, y), station in zip(at.tolist(), stations, strict=True):
        signs.append(_sign(x, y, base=not station.says))
        room.take((x - _SIGN, y - _SIGN, x + _SIGN, y + _SIGN))
    samples = np.vstack([sampled(sheet.place(course), 2.0) for course in courses])
    groups = _in_one_place(at, stations)
    while True:
        labels = [_label(at[group], [stations[n] for n in group]) for group in groups]
        wanted = [label.wanted() for label in labels]
        # A try that is dropped takes no room.
        placed = place_all(wanted, copy.deepcopy(room), samples, symbols=at, gaps=_GAPS)
        pair = _misread(groups, labels, placed, at)
        if pair is None:
            break
        # Where there is no room for a label of its own, two places have one, and a frame.
        merged = [n for place in pair for n in groups[place]]
        groups = [*(group for n, group in enumerate(groups) if n not in pair), merged]
    frames = [_frame(label.frame) for label in labels if label.is_wide]
    leaders = [
        leader(*between(label.box, place.box))
        for label, place in zip(labels, placed, strict=True)
        if place.leader
    ]
    texts = [
        text for label, place in zip(labels, placed, strict=True) for text in _texts(label, place)
    ]
    return group(frames) + group(leaders) + group(signs) + group(texts)


def _in_one_place(at: Points, stations: Sequence[Station]) -> list[list[int]]:
    """Put stations together whose signs cover half of each other; bases stand in no group."""
    left = [n for n, station in enumerate(stations) if station.says]
    groups = []
    while left:
        here = [n for n in left if np.hypot(*(at[n] - at[left[0]])) < _SIGN]
        left = [n for n in left if n not in here]
        groups.append(here)
    return groups


def _label(at: Points, stations: Sequence[Station]) -> _Label:
    says = [one for station in stations for one in station.says]
    says.sort(key=lambda one: [int(part) for part in one.text.split(".")])
    rows = tuple(tuple(says[n : n + _ABREAST]) for n in range(0, len(says), _ABREAST))
    (x0, y0), (x1, y1) = at.min(axis=0) - _SIGN, at.max(axis=0) + _SIGN
    return _Label((float(x0), float(y0), float(x1), float(y1)), rows)


def _misread(
    groups: Sequence[Sequence[int]], labels: Sequence[_Label], placed: Sequence[Placed], at: Points
) -> tuple[int, int] | None:
    """Return two groups whose numbers might be taken for each other's.

    The label of the first stands no nearer to its own signs than to one of the second's, or its
    frame would hold one of them.
    """
    for one, (label, place) in enumerate(zip(labels, placed, strict=True)):
        held = distances(np.array([label.frame]), at)[0] == 0
        inside = {n for n, group in enumerate(groups) if n != one and held[group].any()}
        if inside:
            return one, min(inside)
        away = distances(np.array([place.box]), at)[0]
        least = [float(away[group].min()) for group in groups]
        other = min((n for n in range(len(groups)) if n != one), key=least.__getitem__, default=one)
        if other != one and least[other] < least[one] + _CLEAR:
            return one, other
    return None


def _frame(box: Box) -> str:
    left, top, right, bottom = box
    return element(
        "rect", x=left, y=top, width=right - left, height=bottom - top, rx=3.5,
        fill="none", stroke=INK, stroke_width=0.6, stroke_dasharray="1.5 1",
    )  # fmt: skip


def _texts(label: _Label, place: Placed) -> Iterator[str]:
    halo: Style = {
        "stroke": "#ffffff",
        "stroke_width": 1.6,
        "stroke_opacity": 0.9,
        "stroke_linejoin": "round",
        "paint_order": "stroke",
    }
    style: Style = {"font_size": LETTERS, "font_weight": "bold", "fill": INK}
    y = place.box[1] + LETTERS - 0.9
    for row in label.rows:
        x = place.box[0] + 0.5
        for sentence in row:
            yield said(x, y, sentence, **style, **halo)
            x += _width(sentence) + _GAP
        y += LETTERS + 0.4


def _sign(x: float, y: float, *, base: bool) -> str:
    r = _SIGN
    if base:
        return element(
            "rect", x=x - r, y=y - r, width=2 * r, height=2 * r,
            fill=INK, stroke="#ffffff", stroke_width=0.6,
        )  # fmt: skip
    return element("circle", cx=x, cy=y, r=r, fill="#ffffff", stroke=INK, stroke_width=1.1)
