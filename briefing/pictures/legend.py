"""The legend of a map: keys and what they mean, in columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from briefing.pictures.fonts import wrap
from briefing.pictures.looks import INK
from briefing.pictures.svg import said, said_lines
from briefing.wording.statement import Sentence

__all__ = ["GAP", "SIZE", "Entry", "Section", "draw_legend"]

#: What is set is read: nothing in a legend is smaller than 7 pt, nor is it drawn smaller.
SIZE = 7.0
_TITLE = 7.6
_ROW, _LINE, GAP = 11.0, 8.0, 6.0
_TITLE_ROW, _AFTER = 11.6, 3.6


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and what it means.

    Parameters
    ----------
    draw : callable
        Draws the key, given the left end and the middle of its row.
    says : Sentence
        What it means.
    """

    draw: Callable[[float, float], str]
    says: Sentence


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under a title.

    Parameters
    ----------
    title : Sentence
        Its title.
    entries : tuple of Entry
        In order, down the columns.
    columns : int
        How many.
    key : float
        Width of its keys, points.
    """

    title: Sentence
    entries: tuple[Entry, ...]
    columns: int
    key: float = 24.0


def draw_legend(
    sections: Sequence[Section], left: float, top: float, width: float
) -> tuple[str, float]:
    """Draw a legend.

    Parameters
    ----------
    sections : sequence of Section
        Sections, one under the other; empty ones are left out.
    left, top, width : float
        Upper left corner and width, points.

    Returns
    -------
    str, float
        Elements, and where the legend ends.
    """
    parts, y = [], top
    for section in sections:
        if not section.entries:
            continue
        parts.append(
            said(left, y + 6.8, section.title, font_size=_TITLE, font_weight="bold", fill=INK)
        )
        y += _TITLE_ROW
        y, drawn = _columns(section, left, y, width)
        parts += drawn
        y += _AFTER
    return "".join(parts), y


def _columns(section: Section, left: float, top: float, width: float) -> tuple[float, list[str]]:
    count = min(section.columns, len(section.entries))
    wide = width / section.columns
    rows = -(-len(section.entries) // count)
    parts: list[str] = []
    deepest = top
    for column in range(count):
        x, y = left + column * wide, top
        for entry in section.entries[column * rows : (column + 1) * rows]:
            lines = wrap(entry.says.text, wide - section.key - GAP, SIZE)
            high = max(_ROW, len(lines) * _LINE + 1.5)
            middle = y + high / 2
            parts.append(entry.draw(x, middle))
            first = middle + SIZE * 0.35 - (len(lines) - 1) * _LINE / 2
            parts.append(
                said_lines(
                    [x + section.key] * len(lines),
                    first,
                    entry.says,
                    lines,
                    _LINE,
                    font_size=SIZE,
                    fill=INK,
                )
            )
            y += high
        deepest = max(deepest, y)
    return deepest, parts
