"""Places labels on a sheet so that none covers another, nor a symbol."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from briefing.pictures.svg import Box

__all__ = ["Placed", "Room", "Wanted", "distances", "place_all"]

Points = NDArray[np.float64]
#: Sides of a point at which a label may stand, the best first, and what each costs.
_SIDES = ((1, 0), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1), (0, 1), (0, -1))
#: Points between a symbol and its label; farther ones have a leader line.
_GAPS = (1.2, 9.0, 18.0, 30.0, 45.0)
#: What counts: a square point of another label, of a symbol, a point of a route, a step outwards.
_OVER_LABEL, _OVER_LINE, _FARTHER, _SIDE = 6.0, 0.35, 9.0, 0.6
_ROUNDS = 3
#: A label that is not nearer to its own symbol than to any other, by so many points, is astray.
_NEARER_PT, _ASTRAY = 0.2, 200.0


class Room:
    """Rectangles of a sheet that are taken.

    Parameters
    ----------
    frame : tuple of float
        Left, top, right, bottom of the sheet.
    """

    def __init__(self, frame: Box) -> None:
        self.frame = frame
        self._taken: list[Box] = []
        self._array: NDArray[np.float64] | None = None

    def take(self, box: Box) -> None:
        """Take a rectangle.

        Parameters
        ----------
        box : tuple of float
            Left, top, right, bottom.
        """
        self._taken.append(box)
        self._array = None

    def inside(self, box: Box) -> bool:
        """Tell whether a rectangle lies on the sheet.

        Parameters
        ----------
        box : tuple of float
            Left, top, right, bottom.

        Returns
        -------
        bool
            True if it does.
        """
        left, top, right, bottom = self.frame
        return (
            left + 1 <= box[0]
            and top + 1 <= box[1]
            and box[2] <= right - 1
            and box[3] <= bottom - 1
        )

    def covered(self, box: Box) -> float:
        """Return how much of what is taken a rectangle covers.

        Parameters
        ----------
        box : tuple of float
            Left, top, right, bottom.

        Returns
        -------
        float
            Square points.
        """
        return float(self.covered_by_each(np.array([box]))[0])

    def covered_by_each(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much of what is taken each of several rectangles covers.

        Parameters
        ----------
        boxes : ndarray of float64, shape (rectangles, 4)
            Left, top, right, bottom.

        Returns
        -------
        ndarray of float64, shape (rectangles,)
            Square points.
        """
        if self._array is None:
            self._array = np.array(self._taken).reshape(-1, 4)
        covered: NDArray[np.float64] = _shared(boxes[:, None], self._array[None]).sum(axis=1)
        return covered

    def hits(self, box: Box) -> bool:
        """Tell whether a rectangle covers anything that is taken.

        Parameters
        ----------
        box : tuple of float
            Left, top, right, bottom.

        Returns
        -------
        bool
            True if it does.
        """
        return self.covered(box) > 0


def _shared(box: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the area that rectangles have in common, of any shape that broadcasts."""
    wide = np.minimum(box[..., 2], others[..., 2]) - np.maximum(box[..., 0], others[..., 0])
    high = np.minimum(box[..., 3], others[..., 3]) - np.maximum(box[..., 1], others[..., 1])
    area: NDArray[np.float64] = np.clip(wide, 0, None) * np.clip(high, 0, None)
    return area


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label that is to be placed.

    Parameters
    ----------
    box : tuple of float
        The symbol that it belongs to.
    sizes : tuple of tuple of float
        Width and height of each form that it can take, the best first.
    """

    box: Box
    sizes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label stands.

    Parameters
    ----------
    box : tuple of float
        Left, top, right, bottom of the text.
    form : int
        Which of its forms it takes.
    side : int
        1 where the text stands right of the symbol, -1 left, 0 above or below.
    leader : bool
        Whether it is so far away that a line must lead to it.
    covers : float
        How much of what is taken, and of other labels, it covers, square points.
    """

    box: Box
    form: int
    side: int
    leader: bool
    covers: float = 0.0


def place_all(
    wanted: Sequence[Wanted],
    room: Room,
    lines: Points,
    *,
    symbols: Points | None = None,
    gaps: Sequence[float] = _GAPS,
) -> list[Placed]:
    """Place every label, where together they cover least.

    Each is placed in turn, those with most neighbours first, and then again with all others in
    place, until nothing changes.

    Parameters
    ----------
    wanted : sequence of Wanted
        The labels.
    room : Room
        What is taken; the labels are added to it.
    lines : ndarray of float64, shape (points, 2)
        Points along routes, which labels had better not cover.
    symbols : ndarray of float64, shape (symbols, 2), optional
        Middles of symbols; a label stands nearer to those in its own box than to any other.
    gaps : sequence of float
        Points between a symbol and its label; all but the first have a leader line.

    Returns
    -------
    list of Placed
        One a label, in the order given: none is left out.
    """
    choices = [list(_choices(want, room, gaps)) for want in wanted]
    boxes = [np.array([placed.box for placed, _ in choice]) for choice in choices]
    density = _Density(lines, room.frame)
    over = [room.covered_by_each(each) for each in boxes]
    fixed = [
        np.array([cost for _, cost in choice])
        + _OVER_LABEL * covers
        + _OVER_LINE * density.of(each)
        for choice, covers, each in zip(choices, over, boxes, strict=True)
    ]
    around = np.zeros((0, 2)) if symbols is None else symbols
    astray = [_astray(want.box, each, around) for want, each in zip(wanted, boxes, strict=True)]
    fixed = [cost + _ASTRAY * far for cost, far in zip(fixed, astray, strict=True)]
    middles = np.array([((w.box[0] + w.box[2]) / 2, (w.box[1] + w.box[3]) / 2) for w in wanted])
    middles = middles.reshape(-1, 2)
    crowd = [int((np.hypot(*(middles - m).T) < 60).sum()) for m in middles]  # noqa: PLR2004 - points
    order = sorted(range(len(wanted)), key=lambda n: (-crowd[n], n))
    chosen: dict[int, int] = {}
    for _ in range(_ROUNDS):
        before = dict(chosen)
        for n in order:
            others = [boxes[m][c] for m, c in chosen.items() if m != n]
            cost = fixed[n].copy()
            if others:
                cost += _OVER_LABEL * _shared(boxes[n][:, None], np.array(others)[None]).sum(axis=1)
            chosen[n] = int(np.argmin(cost))
        if chosen == before:
            break
    result = []
    for n, choice in enumerate(choices):
        mine = boxes[n][chosen[n]]
        rest = np.array([boxes[m][c] for m, c in chosen.items() if m != n]).reshape(-1, 4)
        covers = float(over[n][chosen[n]] + _shared(mine, rest).sum())
        placed = choice[chosen[n]][0]
        led = placed.leader or bool(astray[n][chosen[n]])
        result.append(dataclasses.replace(placed, covers=covers, leader=led))
    for placed in result:
        left, top, right, bottom = placed.box
        room.take((left - 1, top - 0.6, right + 1, bottom + 0.6))
    return result


def distances(boxes: NDArray[np.float64], points: Points) -> NDArray[np.float64]:
    """Return how far points lie from rectangles.

    Parameters
    ----------
    boxes : ndarray of float64, shape (boxes, 4)
        Left, top, right, bottom of each.
    points : ndarray of float64, shape (points, 2)
        Points.

    Returns
    -------
    ndarray of float64, shape (boxes, points)
        0 inside and on the edge.
    """
    nearest = np.clip(points[None], boxes[:, None, :2], boxes[:, None, 2:])
    return np.asarray(np.hypot(*np.moveaxis(points[None] - nearest, -1, 0)), np.float64)


def _astray(own: Box, boxes: NDArray[np.float64], symbols: Points) -> NDArray[np.bool_]:
    """Tell which rectangles lie no nearer to symbols in their own box than to another one."""
    mine = distances(np.array([own]), symbols)[0] == 0
    away = distances(boxes, symbols)
    nearest = away[:, ~mine].min(axis=1, initial=np.inf)
    astray: NDArray[np.bool_] = away[:, mine].min(axis=1, initial=np.inf) + _NEARER_PT > nearest
    return astray


def _choices(want: Wanted, room: Room, gaps: Sequence[float]) -> Iterator[tuple[Placed, float]]:
    left, top, right, bottom = want.box
    x, y = (left + right) / 2, (top + bottom) / 2
    for form, (width, height) in enumerate(want.sizes):
        for step, gap in enumerate(gaps):
            for rank, (dx, dy) in enumerate(_SIDES):
                at_x = {1: right + gap, -1: left - gap - width, 0: x - width / 2}[dx]
                at_y = {1: bottom + gap, -1: top - gap - height, 0: y - height / 2}[dy]
                if dx and dy:
                    # At a corner the text may slide in under the symbol's edge.
                    at_x -= dx * min(3.0, gap)
                    at_y -= dy * min(2.0, gap)
                box = _pushed((at_x, at_y, at_x + width, at_y + height), room.frame)
                cost = form * 14 + step * _FARTHER + rank * _SIDE
                yield Placed(box, form, dx, step > 0), cost


def _pushed(box: Box, frame: Box) -> Box:
    """Push a rectangle back onto the sheet."""
    left, top, right, bottom = box
    dx = max(frame[0] + 1.5 - left, 0) + min(frame[2] - 1.5 - right, 0)
    dy = max(frame[1] + 1.5 - top, 0) + min(frame[3] - 1.5 - bottom, 0)
    return left + dx, top + dy, right + dx, bottom + dy


class _Density:
    """How many points lie in rectangles, counted by whole points of the sheet."""

    def __init__(self, points: Points, frame: Box) -> None:
        left, top, right, bottom = frame
        wide, high = int(right - left) + 2, int(bottom - top) + 2
        self._corner = np.array((left, top))
        counts = np.zeros((wide + 1, high + 1))
        if len(points):
            cells = (points - self._corner).astype(np.int64)
            inside = ((cells >= 0) & (cells < (wide, high))).all(axis=1)
            np.add.at(counts, tuple(cells[inside].T + 1), 1)
        self._sums = counts.cumsum(axis=0).cumsum(axis=1)

    def of(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how many points lie in each rectangle."""
        most = np.array(self._sums.shape) - 1
        low = np.clip(np.round(boxes[:, :2] - self._corner), 0, most).astype(np.int64)
        high = np.clip(np.round(boxes[:, 2:] - self._corner), 0, most).astype(np.int64)
        sums = self._sums
        found: NDArray[np.float64] = (
            sums[high[:, 0], high[:, 1]]
            - sums[low[:, 0], high[:, 1]]
            - sums[high[:, 0], low[:, 1]]
            + sums[low[:, 0], low[:, 1]]
        )
        return found
