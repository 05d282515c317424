"""Sites: their symbols, and how far each was served, in shape as well as in colour."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from briefing.built import symbol_svg
from briefing.facts.model import FactTable, Quantity, Subject
from briefing.pictures.labels import Room
from briefing.pictures.looks import FULL, INK, NONE, PART
from briefing.pictures.svg import Box, element, furniture, group, path_of
from optimizer.datasets import read_table
from optimizer.errors import ConvoiError

__all__ = [
    "SYMBOL_SCALE",
    "Service",
    "Symbol",
    "badge",
    "draw_symbol",
    "service_of",
    "spread_symbols",
    "symbol",
]

#: Points a unit of the symbols' own size: a frame 40 units high is 9.2 points high.
SYMBOL_SCALE = 0.23
#: Without symbols, the letters of ``data/symbols.csv`` stand in a frame so wide and high.
_PLAIN = (15.0, 10.0)
_HEAD = re.compile(
    r'<svg[^>]*?\swidth="([\d.]+)"\sheight="([\d.]+)"\sviewBox="([^"]+)"[^>]*>(.*)</svg>', re.DOTALL
)


class Service(enum.Enum):
    """How far a site was served."""

    FULL = "full"
    PART = "part"
    NONE = "none"
    NOTHING_ASKED = "nothing_asked"


def service_of(table: FactTable, site: str) -> Service:
    """Return how far a site was served.

    Parameters
    ----------
    table : FactTable
        Facts of the plan.
    site : str
        Its id.

    Returns
    -------
    Service
        From its masses.
    """
    about = Subject("site", site)
    amounts = []
    for label in ("demanded_kg", "delivered_kg", "undelivered_kg"):
        fact = table.get(about, label)
        amounts.append(fact.value.amount if fact and isinstance(fact.value, Quantity) else 0.0)
    demanded, delivered, missing = amounts
    if not demanded:
        return Service.NOTHING_ASKED
    if not missing:
        return Service.FULL
    return Service.PART if delivered else Service.NONE


def badge(x: float, y: float, service: Service, r: float = 2.7) -> str:
    """Draw how far a site was served: a disc with a tick, a half disc, a square with a cross.

    Parameters
    ----------
    x, y : float
        Middle.
    service : Service
        How far.
    r : float
        Half its width, points.

    Returns
    -------
    str
        Elements; nothing where nothing was asked for.
    """
    if service is Service.NOTHING_ASKED:
        return ""
    if service is Service.FULL:
        tick = np.array(
            [
                (x - r * 0.5, y + r * 0.02),
                (x - r * 0.12, y + r * 0.42),
                (x + r * 0.52, y - r * 0.42),
            ]
        )
        parts = [
            element("circle", cx=x, cy=y, r=r, fill=FULL, stroke="#ffffff", stroke_width=0.6),
            _mark(tick),
        ]
    elif service is Service.PART:
        half = f"M{x - r:.2f} {y:.2f}A{r:.2f} {r:.2f} 0 0 0 {x + r:.2f} {y:.2f}z"
        parts = [
            element("circle", cx=x, cy=y, r=r + 0.3, fill="#ffffff"),
            element("path", d=half, fill=PART),
            element("circle", cx=x, cy=y, r=r, fill="none", stroke=INK, stroke_width=0.7),
        ]
    else:
        a = r * 0.45
        parts = [
            element("rect", x=x - r * 0.95, y=y - r * 0.95, width=r * 1.9, height=r * 1.9,
                    fill=NONE, stroke="#ffffff", stroke_width=0.6),
            _mark(np.array([(x - a, y - a), (x + a, y + a)])),
            _mark(np.array([(x - a, y + a), (x + a, y - a)])),
        ]  # fmt: skip
    return group(parts, class_=f"service-{service.value}")


def _mark(points: NDArray[np.float64]) -> str:
    return element("path", d=path_of([points]), fill="none", stroke="#ffffff", stroke_width=0.9,
                   stroke_linecap="round", stroke_linejoin="round")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol in its own size.

    Parameters
    ----------
    width, height : float
        Points.
    inner : str
        SVG inside it.
    view : str
        Its view box.
    """

    width: float
    height: float
    inner: str
    view: str


def symbol(kind: str, scale: float = SYMBOL_SCALE) -> Symbol:
    """Return the symbol of a kind of site.

    Parameters
    ----------
    kind : str
        As the scenario calls it; of a kind that nobody knows, that of ``other``.
    scale : float
        Points a unit of the symbols' own size.

    Returns
    -------
    Symbol
        Of APP-6, or a frame with letters where Convoi was not built.
    """
    rows = {row["kind"]: row for row in read_table("symbols.csv")}
    known = kind if kind in rows else "other"
    try:
        match = _HEAD.fullmatch(symbol_svg(known))
    except ConvoiError:
        match = None
    if match is None:
        return _plain(rows[known]["code"], scale / SYMBOL_SCALE)
    width, height, view, inner = match.groups()
    # Letters inside a symbol belong to it.
    inner = inner.replace("<text ", '<text class="furniture" ')
    return Symbol(float(width) * scale, float(height) * scale, inner, view)


def _plain(code: str, scale: float) -> Symbol:
    width, height = _PLAIN
    frame = element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, fill="#c9e9f7",
                    stroke=INK, stroke_width=1)  # fmt: skip
    letters = furniture(width / 2, height / 2 + 1.7, code, font_size=4.6, font_weight="bold",
                        text_anchor="middle", fill=INK)  # fmt: skip
    return Symbol(width * scale, height * scale, frame + letters, f"0 0 {width} {height}")


def draw_symbol(x: float, y: float, drawn: Symbol) -> str:
    """Draw a symbol with a white rim.

    Parameters
    ----------
    x, y : float
        Its middle.
    drawn : Symbol
        The symbol.

    Returns
    -------
    str
        Elements.
    """
    left, top = x - drawn.width / 2, y - drawn.height / 2
    return element("svg", drawn.inner, x=left, y=top, width=drawn.width, height=drawn.height,
                   viewBox=drawn.view, overflow="visible")  # fmt: skip


def spread_symbols(
    places: NDArray[np.float64], symbols: Sequence[Symbol], room: Room
) -> list[tuple[float, float]]:
    """Return where symbols stand: at their places, or beside where they would cover each other.

    Parameters
    ----------
    places : ndarray of float64, shape (sites, 2)
        Points of the sheet.
    symbols : sequence of Symbol
        One a site.
    room : Room
        What is taken; the symbols are added to it.

    Returns
    -------
    list of tuple of float
        Middles; one that is not at its place is told by a line to it.
    """
    middles = []
    for (x, y), drawn in zip(places.tolist(), symbols, strict=True):
        spots = [(x, y), *_around(x, y)]
        boxes = [_box(spot, drawn) for spot in spots]
        free = [n for n, box in enumerate(boxes) if room.inside(box) and not room.hits(box)]
        n = free[0] if free else min(range(len(spots)), key=lambda k: room.covered(boxes[k]))
        room.take(boxes[n])
        middles.append(spots[n])
    return middles


def _around(x: float, y: float) -> list[tuple[float, float]]:
    angles = np.radians(np.arange(-90, 270, 30))
    return [
        (x + radius * float(np.cos(a)), y + radius * float(np.sin(a)))
        for radius in (10.0, 15.0, 21.0, 28.0)
        for a in angles
    ]


def _box(middle: tuple[float, float], drawn: Symbol) -> Box:
    x, y = middle
    # The badge stands out at the upper right corner.
    return (
        x - drawn.width / 2 - 0.4, y - drawn.height / 2 - 1.6,
        x + drawn.width / 2 + 1.8, y + drawn.height / 2 + 0.4,
    )  # fmt: skip
