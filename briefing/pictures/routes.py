"""Draws the ways of convoys: bundles of lines with arrows, and letters that name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from briefing.pictures.bundles import Lane, Strand, spacing
from briefing.pictures.courses import Ways
from briefing.pictures.labels import Room
from briefing.pictures.looks import INK, Look
from briefing.pictures.svg import Box, element, furniture, group, number, path_of

__all__ = ["arrow", "draw_lines", "draw_plates", "plate"]

Points = NDArray[np.float64]
#: Points from arrow to arrow along a line, and from the place of one convoy's to the next one's.
_ARROWS_APART, _STAGGER = 62.0, 8.0
#: On a straight shorter than this an arrow says nothing.
_LEAST_LANE = 7.0
_PLATES_APART = 120.0
_PLATE_STEP = 6.0
PLATE_SIZE = 6.0


def _width(sharing: int) -> float:
    return min(1.5, spacing(sharing) * 0.8)


def draw_lines(
    ways: Ways,
    strands: Mapping[int, Sequence[Strand]],
    looks: Mapping[int, Look],
    ids: Mapping[int, str],
) -> str:
    """Draw the line of every convoy.

    Parameters
    ----------
    ways : Ways
        Ways of the plan.
    strands : mapping of int to sequence of Strand
        Lines by convoy.
    looks : mapping of int to Look
        How each looks.
    ids : mapping of int to str
        Their ids, which end up as ``data-convoy``.

    Returns
    -------
    str
        Elements.
    """
    casings = []
    for sharing in sorted({len(s.convoys) for s in ways.stretches}):
        courses = [
            shapely.get_coordinates(shapely.LineString(s.points).simplify(0.3))
            for s in ways.stretches
            if len(s.convoys) == sharing
        ]
        wide = spacing(sharing) * (sharing - 1) + _width(sharing) + 1.6
        casings.append(element("path", d=path_of(courses, places=1), stroke_width=wide))
    under = group(casings, fill="none", stroke="#ffffff", stroke_opacity=0.72,
                  stroke_linejoin="round", stroke_linecap="round")  # fmt: skip
    lines = []
    for convoy in sorted(strands):
        mine, look = strands[convoy], looks[convoy]
        parts = [*_line(mine, look), *_arrows(mine, look, convoy)]
        lines.append(group(parts, class_="route", data_convoy=ids[convoy]))
    return under + "".join(lines)


def _line(strands: Sequence[Strand], look: Look) -> Iterator[str]:
    for strand in strands:
        # A bundle has thinner lines, and a line changes its width where it leaves one.
        for sharing, points in _runs(strand):
            wide = _width(sharing)
            dashes = " ".join(number(dash * wide) for dash in look.dashes) or None
            yield element(
                "path",
                d=path_of([points], places=1),
                fill="none",
                stroke=look.colour,
                stroke_width=wide,
                stroke_dasharray=dashes,
                stroke_linejoin="round",
                stroke_linecap="butt" if dashes else "round",
            )


def _runs(strand: Strand) -> Iterator[tuple[int, Points]]:
    """Yield the lanes of a strand, those of the same width as one."""
    run: list[Points] = []
    wide: float | None = None
    sharing = 1
    for lane in strand.lanes:
        if wide is not None and _width(lane.sharing) != wide:
            yield sharing, np.vstack([*run, lane.points[:1]])
            run = []
        wide, sharing = _width(lane.sharing), lane.sharing
        run.append(lane.points)
    if run and sum(map(len, run)) > 1:
        yield sharing, np.vstack(run)


def arrow(x: float, y: float, direction: Points, size: float, colour: str) -> str:
    """Draw an arrowhead with a white rim.

    Parameters
    ----------
    x, y : float
        Its middle.
    direction : ndarray of float64, shape (2,)
        Where it points.
    size : float
        Its length, points.
    colour : str
        Fill.

    Returns
    -------
    str
        A path of class ``arrow``.
    """
    ahead = direction / max(float(np.hypot(*direction)), 1e-9)
    side = np.array((-ahead[1], ahead[0]))
    middle = np.array((x, y))
    shape = np.array(
        [
            middle + ahead * size * 0.55,
            middle - ahead * size * 0.45 + side * size * 0.42,
            middle - ahead * size * 0.2,
            middle - ahead * size * 0.45 - side * size * 0.42,
        ]
    )
    return element("path", class_="arrow", d=path_of([shape], closed=True), fill=colour,
                   stroke="#ffffff", stroke_width=0.45, stroke_linejoin="round")  # fmt: skip


def _at(points: Points, along: float) -> tuple[Points, Points]:
    """Return the position so far along a line, and the direction there over a few points."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    reached = np.concatenate(([0.0], np.cumsum(steps)))

    def position(distance: float) -> Points:
        return np.array([np.interp(distance, reached, points[:, i]) for i in (0, 1)])

    return position(along), position(along + 1.5) - position(along - 1.5)


def _length(points: Points) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def _arrows(strands: Sequence[Strand], look: Look, convoy: int) -> Iterator[str]:
    drawn = False
    longest: tuple[float, Lane | None] = (0.0, None)
    since = _ARROWS_APART * 0.55 - (convoy % 6) * _STAGGER
    for strand in strands:
        for lane in strand.lanes:
            length = _length(lane.points)
            if length > longest[0] and lane.ways:
                longest = (length, lane)
            along = max(_ARROWS_APART - since, _LEAST_LANE / 2)
            while length >= _LEAST_LANE and along <= length - _LEAST_LANE / 2:
                yield from _heads(lane.points, lane.ways, along, look, lane.sharing)
                drawn = True
                since = -along
                along += _ARROWS_APART
            since += length
    if not drawn and longest[1] is not None:
        lane = longest[1]
        yield from _heads(lane.points, lane.ways, longest[0] / 2, look, lane.sharing)


def _heads(
    points: Points, ways: frozenset[bool], along: float, look: Look, sharing: int
) -> Iterator[str]:
    """Draw one head, or two back to back where the convoy drives both ways."""
    size = 5.4 if sharing < 3 else 4.4 if sharing < 5 else 3.6  # noqa: PLR2004 - a bundle of four has thinner lines
    (x, y), direction = _at(points, along)
    ahead = direction / max(float(np.hypot(*direction)), 1e-9)
    for way in sorted(ways):
        sign = 1.0 if way else -1.0
        shift = sign * size * 0.62 if len(ways) > 1 else 0.0
        yield arrow(x + ahead[0] * shift, y + ahead[1] * shift, direction * sign, size, look.colour)


def plate(x: float, y: float, look: Look, size: float = PLATE_SIZE) -> str:
    """Draw the letter of a convoy on a small plate.

    Parameters
    ----------
    x, y : float
        Its middle.
    look : Look
        How the convoy looks.
    size : float
        Size of the letter, points.

    Returns
    -------
    str
        Elements.
    """
    width, height = _plate_size(look, size)
    back = element("rect", x=x - width / 2, y=y - height / 2, width=width, height=height,
                   rx=height / 2, fill="#ffffff", stroke=look.colour, stroke_width=0.9)  # fmt: skip
    letter = furniture(x, y + size * 0.35, look.letter, font_size=size, font_weight="bold",
                       text_anchor="middle", fill=INK)  # fmt: skip
    return back + letter


def _plate_size(look: Look, size: float) -> tuple[float, float]:
    height = size * 1.42
    return height + (len(look.letter) - 1) * size * 0.7, height


def draw_plates(
    strands: Mapping[int, Sequence[Strand]], looks: Mapping[int, Look], room: Room
) -> str:
    """Name every convoy along its line, best where it drives alone.

    Parameters
    ----------
    strands : mapping of int to sequence of Strand
        Lines by convoy.
    looks : mapping of int to Look
        How each looks.
    room : Room
        What is taken; the plates are added to it.

    Returns
    -------
    str
        Elements.
    """
    parts = []
    for convoy in sorted(strands):
        look = looks[convoy]
        width, height = _plate_size(look, PLATE_SIZE)
        set_at: list[Points] = []
        for _, spot in _spots(strands[convoy]):
            if any(float(np.hypot(*(spot - other))) < _PLATES_APART for other in set_at):
                continue
            box = _box(spot, width, height)
            if room.inside(box) and not room.hits(box):
                room.take(box)
                set_at.append(spot)
        if not set_at:
            found = [spot for _, spot in _spots(strands[convoy])]
            if not found:
                continue
            # Everywhere is something: where least of it is covered.
            spot = min(found, key=lambda s: room.covered(_box(s, width, height)))
            room.take(_box(spot, width, height))
            set_at.append(spot)
        parts += [plate(float(x), float(y), look) for x, y in set_at]
    return group(parts, class_="plates")


def _box(middle: Points, width: float, height: float) -> Box:
    x, y = middle.tolist()
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _spots(strands: Sequence[Strand]) -> list[tuple[int, Points]]:
    """Return where a plate may stand, where the convoy drives alone first."""
    spots = []
    for strand in strands:
        for lane in strand.lanes:
            length = _length(lane.points)
            count = int(length // _PLATE_STEP)
            # From the middle outwards, so that a plate stands well inside its stretch.
            steps = sorted((abs(n + 0.5 - count / 2), n) for n in range(count))
            middles = [(n + 0.5) * length / count for _, n in steps]
            spots += [(lane.sharing, _at(lane.points, along)[0]) for along in middles]
    return sorted(spots, key=lambda spot: spot[0])
