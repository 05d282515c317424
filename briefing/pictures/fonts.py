"""How wide a text is, in the font that pictures are set in."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from PIL import ImageFont

from briefing.built import font_folder
from optimizer.errors import ConvoiError

__all__ = ["text_width", "wrap"]

#: Points at which widths are measured, large enough that hinting does not matter.
_MEASURED_PT = 200.0
#: Without the font that is built, that of matplotlib stands in; it is so much wider.
_STAND_IN = 0.92
#: A space at which a line may end: none before a unit, none between "of", "x" or the letter of a
#: road and its number.
_BREAK = re.compile(
    r"(?<!\bof)(?<!\bde)(?<!\bx)(?<!\b[A-Z]) (?!(?:l|kg|t|m|km|x)(?![\w'\u2019]))"
    r"|(?:(?<=\bof)|(?<=\bde)|(?<=\bx)|(?<=\b[A-Z])) (?!\d)"
)


@functools.cache
def _font(weight: str) -> tuple[ImageFont.FreeTypeFont, float]:
    name = {"bold": "Bold", "italic": "Italic"}.get(weight, "Regular")
    try:
        path, factor = font_folder() / f"IBMPlexSans-{name}.ttf", 1.0
    except ConvoiError:
        path, factor = _stand_in(weight), _STAND_IN
    font = ImageFont.truetype(str(path), _MEASURED_PT, layout_engine=ImageFont.Layout.BASIC)
    return font, factor / _MEASURED_PT


def _stand_in(weight: str) -> Path:
    import matplotlib as mpl  # noqa: PLC0415 - a tenth of a second that is rarely paid

    name = "DejaVuSans-Bold.ttf" if weight == "bold" else "DejaVuSans.ttf"
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


@functools.lru_cache(maxsize=10_000)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return how wide a line of text is.

    Parameters
    ----------
    text : str
        The text.
    size : float
        Points.
    weight : {"normal", "bold", "italic"}
        Cut of the font.

    Returns
    -------
    float
        Points.
    """
    font, factor = _font(weight)
    return float(font.getlength(text)) * factor * size


def _words(text: str, width: float, size: float, weight: str) -> Iterator[str]:
    """Yield the words, those wider than a line in pieces.

    "of 12", "20 l" and "D 57" are read in one breath: they stay together.
    """
    for word in _BREAK.split(text):
        rest = word
        while len(rest) > 1 and text_width(rest, size, weight) > width:
            fit = next(
                (n for n in range(len(rest) - 1, 1, -1) if _fits(rest[:n], width, size, weight)), 1
            )
            # An id is best cut after one of its own joints.
            joint = max(rest.rfind(mark, 0, fit) for mark in "-_./") + 1
            fit = joint if 2 * joint > fit else fit
            yield rest[:fit]
            rest = rest[fit:]
        yield rest + " "


def _fits(text: str, width: float, size: float, weight: str) -> bool:
    return text_width(text, size, weight) <= width


def wrap(text: str, width: float, size: float, weight: str = "normal") -> tuple[str, ...]:
    """Break a text into lines; joined without anything between they are the text again.

    Parameters
    ----------
    text : str
        The text.
    width : float
        Points that a line may take.
    size : float
        Points.
    weight : {"normal", "bold", "italic"}
        Cut of the font.

    Returns
    -------
    tuple of str
        Lines; a word that is wider than a line is cut.
    """
    lines = [""]
    for word in _words(text, width, size, weight):
        if lines[-1] and text_width((lines[-1] + word).rstrip(), size, weight) > width:
            lines.append("")
        lines[-1] += word
    lines[-1] = lines[-1][:-1]
    return tuple(lines)
