"""Signs of a strip map, in black: they must be told apart on a poor print."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from briefing.pictures.areas import change_sign
from briefing.pictures.looks import INK
from briefing.pictures.mark import MarkKind
from briefing.pictures.svg import element, furniture, group, path_of
from optimizer.scenario.model import ChangeKind

__all__ = ["compass", "icon"]

Draw = Callable[[float, float], str]


def _stroke(points: list[tuple[float, float]], width: float = 1.1, colour: str = INK) -> str:
    return element("path", d=path_of([np.array(points)]), fill="none", stroke=colour,
                   stroke_width=width, stroke_linecap="round", stroke_linejoin="round")  # fmt: skip


def _disc(x: float, y: float, r: float = 4.2) -> str:
    return element("circle", cx=x, cy=y, r=r, fill="#ffffff", stroke=INK, stroke_width=0.7)


def _head(x: float, y: float, dx: float, dy: float, size: float = 2.6) -> str:
    """Draw a small solid arrowhead whose tip is at a point."""
    length = math.hypot(dx, dy)
    dx, dy = dx / length, dy / length
    shape = [(x, y), (x - dx * size - dy * size * 0.6, y - dy * size + dx * size * 0.6),
             (x - dx * size + dy * size * 0.6, y - dy * size - dx * size * 0.6)]  # fmt: skip
    return element("path", d=path_of([np.array(shape)], closed=True), fill=INK)


def _bridge(x: float, y: float) -> str:
    rails = [
        _stroke([(x + side * 3.4, y - 4.0), (x + side * 2.2, y - 2.4), (x + side * 2.2, y + 2.4),
                 (x + side * 3.4, y + 4.0)], 1.0)
        for side in (-1, 1)
    ]  # fmt: skip
    water = element("rect", x=x - 5, y=y - 2.4, width=10, height=4.8, fill="#ffffff")
    return (
        water
        + element("rect", x=x - 1.2, y=y - 4.2, width=2.4, height=8.4, fill=INK)
        + "".join(rails)
    )


def _ford(x: float, y: float) -> str:
    waves = []
    for dy in (-2.0, 0.4, 2.8):
        d = f"M{x - 4.6:.2f} {y + dy:.2f}q1.15 -1.6 2.3 0t2.3 0t2.3 0t2.3 0"
        waves.append(element("path", d=d, fill="none", stroke=INK, stroke_width=0.9))
    back = element("rect", x=x - 5, y=y - 4, width=10, height=8, fill="#ffffff")
    return back + "".join(waves)


def _turned(side: float) -> Draw:
    def draw(x: float, y: float) -> str:
        bend = [(x - side * 1.4, y + 2.8), (x - side * 1.4, y - 0.4), (x + side * 0.6, y - 0.4)]
        return _disc(x, y) + _stroke(bend) + _head(x + side * 3.2, y - 0.4, side, 0)

    return draw


def _straight(x: float, y: float) -> str:
    return _disc(x, y) + _stroke([(x, y + 2.8), (x, y)]) + _head(x, y - 3.2, 0, -1)


def _back(x: float, y: float) -> str:
    d = f"M{x - 1.6:.2f} {y + 2.6:.2f}V{y - 0.6:.2f}a1.6 1.6 0 0 1 3.2 0V{y + 0.4:.2f}"
    bend = element("path", d=d, fill="none", stroke=INK, stroke_width=1.1, stroke_linecap="round")
    return _disc(x, y) + bend + _head(x + 1.6, y + 2.8, 0, 1)


def _off_road(x: float, y: float) -> str:
    dots = _stroke([(x - 2.4, y + 1.4), (x - 0.8, y - 1.4), (x + 0.8, y + 1.4), (x + 2.4, y - 1.4)])
    return _disc(x, y) + dots


def _warning(x: float, y: float, mark: str) -> str:
    corners = [(x, y - 4.4), (x + 4.8, y + 3.6), (x - 4.8, y + 3.6)]
    shape = element("path", d=path_of([np.array(corners)], closed=True), fill="#ffffff", stroke=INK,
                    stroke_width=0.9, stroke_linejoin="round")  # fmt: skip
    return shape + furniture(x, y + 2.6, mark, font_size=5.8, font_weight="bold",
                             text_anchor="middle", fill=INK)  # fmt: skip


def _enter(x: float, y: float) -> str:
    return _warning(x, y, "!")


def _leave(x: float, y: float) -> str:
    corners = [(x, y - 4.4), (x + 4.8, y + 3.6), (x - 4.8, y + 3.6)]
    shape = element("path", d=path_of([np.array(corners)], closed=True), fill="#ffffff", stroke=INK,
                    stroke_width=0.9, stroke_linejoin="round")  # fmt: skip
    return shape + _stroke([(x - 4.4, y + 3.4), (x + 3.6, y - 3.4)], 0.9)


_ICONS: Mapping[MarkKind, Draw] = {
    MarkKind.BRIDGE: _bridge,
    MarkKind.FORD: _ford,
    MarkKind.LEFT: _turned(-1),
    MarkKind.RIGHT: _turned(1),
    MarkKind.STRAIGHT: _straight,
    MarkKind.TAKE: _straight,
    MarkKind.REJOIN: _straight,
    MarkKind.BACK: _back,
    MarkKind.OFF_ROAD: _off_road,
    MarkKind.ENTER: _enter,
    MarkKind.LEAVE: _leave,
}


def icon(x: float, y: float, kind: MarkKind, change: ChangeKind | None = None) -> str:
    """Draw the sign of something met on the way.

    Parameters
    ----------
    x, y : float
        Its middle.
    kind : MarkKind
        What is met.
    change : ChangeKind, optional
        Of a change.

    Returns
    -------
    str
        Elements, at most 10 points high.
    """
    drawn = _ICONS[kind](x, y) if change is None else change_sign(x, y, change, 4.4)
    return group([drawn], class_=f"mark-{kind.value}")


def compass(x: float, y: float, bearing_deg: float, r: float = 4.6) -> str:
    """Draw where a leg leads: an arrow in a ring whose top is north.

    Parameters
    ----------
    x, y : float
        Its middle.
    bearing_deg : float
        Degrees clockwise from north.
    r : float
        Radius, points.

    Returns
    -------
    str
        Elements.
    """
    a = math.radians(bearing_deg)
    dx, dy = math.sin(a), -math.cos(a)
    return group(
        [
            element("circle", cx=x, cy=y, r=r, fill="#ffffff", stroke=INK, stroke_width=0.6),
            element("path", d=f"M{x:.2f} {y - r:.2f}v-1.6", stroke=INK, stroke_width=0.9),
            _stroke([(x - dx * r * 0.7, y - dy * r * 0.7), (x + dx * r * 0.2, y + dy * r * 0.2)]),
            _head(x + dx * r * 0.8, y + dy * r * 0.8, dx, dy, 3.0),
        ],
        class_="heading",
    )
