"""Places names on a map so that none covers another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation
from numpy.typing import NDArray

__all__ = ["Label", "place_labels"]

#: Where a name may stand beside its point: horizontal and vertical side; the best first.
_SIDES = ((1, 0), (1, 1), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1), (-1, -1))
_ALIGN_X: Mapping[int, Literal["left", "center", "right"]] = {1: "left", 0: "center", -1: "right"}
_ALIGN_Y: Mapping[int, Literal["bottom", "center", "top"]] = {1: "bottom", 0: "center", -1: "top"}


@dataclass(frozen=True, slots=True)
class Label:
    """A name at a point.

    Parameters
    ----------
    text : str
        What it says.
    x, y : float
        Position in metres.
    rank : float
        The lower, the earlier it is placed; what finds no room is left out.
    size : float
        Points.
    colour, weight, slant : str
        Of the text.
    marker : str
        Matplotlib marker at the point, empty for none.
    marker_size : float
        Points.
    room : float
        Points kept free around the text.
    """

    text: str
    x: float
    y: float
    rank: float = 0.0
    size: float = 6.0
    colour: str = "#2b2b2b"
    weight: str = "normal"
    slant: str = "normal"
    marker: str = ""
    marker_size: float = 2.2
    room: float = 0.8


def place_labels(
    axes: Axes, renderer: RendererBase, labels: Sequence[Label], *, zorder: float = 20.0
) -> int:
    """Write labels in the order of their ranks, each on the first side of its point that is free.

    Parameters
    ----------
    axes : Axes
        The map, its limits set.
    renderer : RendererBase
        Measures the texts.
    labels : sequence of Label
        The names.
    zorder : float
        Layer.

    Returns
    -------
    int
        How many found room.
    """
    frame = axes.get_window_extent(renderer)
    inside = np.array([frame.x0 + 2, frame.y0 + 2, frame.x1 - 2, frame.y1 - 2])
    taken = np.zeros((0, 4))
    points = float(np.asarray(renderer.points_to_pixels(1.0)))
    placed = 0
    for label in sorted(labels, key=lambda item: (item.rank, item.text, item.x, item.y)):
        x, y = axes.transData.transform((label.x, label.y))
        if not (frame.x0 <= x <= frame.x1 and frame.y0 <= y <= frame.y1):
            continue
        half = label.marker_size / 2 * points if label.marker else 0.0
        dot = np.array([x - half, y - half, x + half, y + half])
        if label.marker and _hits(dot, taken):
            continue
        text = _text(axes, label, zorder)
        gap = half + 1.4 * points
        size = text.get_window_extent(renderer)
        boxes = _boxes((x, y), (size.width, size.height), gap, centred=not label.marker)
        pad = label.room * points
        box = next(((b, s) for b, s in boxes if _fits(b, pad, taken, inside)), None)
        if box is None:
            text.remove()
            continue
        _move(text, axes, box[1], gap / points)
        taken = np.vstack((taken, box[0] + [-pad, -pad, pad, pad], dot))
        if label.marker:
            axes.plot(
                [label.x],
                [label.y],
                label.marker,
                ms=label.marker_size,
                mfc="#ffffff" if label.marker == "o" else label.colour,
                mec=label.colour,
                mew=0.5,
                zorder=zorder - 1,
                clip_on=True,
            )
        placed += 1
    return placed


def _text(axes: Axes, label: Label, zorder: float) -> Text:
    return axes.text(
        label.x,
        label.y,
        label.text,
        fontsize=label.size,
        color=label.colour,
        fontweight=label.weight,
        fontstyle=label.slant,
        zorder=zorder,
        path_effects=[withStroke(linewidth=label.size / 4, foreground="#ffffffd8")],
    )


def _boxes(
    at: tuple[float, float], size: tuple[float, float], gap: float, *, centred: bool
) -> Iterator[tuple[NDArray[np.float64], tuple[int, int]]]:
    """Yield where a text may stand, in pixels, and on which side of its point that is."""
    width, height = size
    for side in ((0, 0), *_SIDES) if centred else _SIDES:
        dx, dy = side
        slack = _slack(gap, side)
        left = at[0] + dx * slack - (1 - dx) / 2 * width
        bottom = at[1] + dy * slack - (1 - dy) / 2 * height
        yield np.array([left, bottom, left + width, bottom + height]), side


def _slack(gap: float, side: tuple[int, int]) -> float:
    return gap * 0.6 if side[0] and side[1] else gap


def _fits(
    box: NDArray[np.float64],
    pad: float,
    taken: NDArray[np.float64],
    inside: NDArray[np.float64],
) -> bool:
    if (box[:2] < inside[:2]).any() or (box[2:] > inside[2:]).any():
        return False
    return not _hits(box + np.array([-pad, -pad, pad, pad]), taken)


def _hits(box: NDArray[np.float64], taken: NDArray[np.float64]) -> bool:
    apart = (
        (taken[:, 0] >= box[2])
        | (taken[:, 2] <= box[0])
        | (taken[:, 1] >= box[3])
        | (taken[:, 3] <= box[1])
    )
    return bool((~apart).any())


def _move(text: Text, axes: Axes, side: tuple[int, int], gap: float) -> None:
    """Shift a text from its point to one side, by a gap in points."""
    dx, dy = side
    slack = _slack(gap, side) / 72
    shift = ScaledTranslation(dx * slack, dy * slack, axes.figure.dpi_scale_trans)
    text.set_transform(axes.transData + shift)
    text.set_horizontalalignment(_ALIGN_X[dx])
    text.set_verticalalignment(_ALIGN_Y[dy])
