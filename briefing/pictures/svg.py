"""The little SVG that the pictures need, as strings that browsers and typst (usvg) both draw.

No clip paths, patterns, styles or references: whatever has an id could meet its like in a page that
holds many pictures. Lengths are points. All text is escaped here and nowhere else.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from briefing.wording.names import clean_line
from briefing.wording.statement import Sentence, Span

__all__ = [
    "FONT",
    "Anchor",
    "Box",
    "Style",
    "attributes",
    "element",
    "furniture",
    "group",
    "number",
    "path_of",
    "said",
    "said_lines",
    "svg_of",
    "whole_path",
]

FONT = "IBM Plex Sans, sans-serif"

Anchor = Literal["start", "middle", "end"]
#: Attributes of an element.
Style = dict[str, str | float | None]
#: Left, top, right, bottom in points.
Box = tuple[float, float, float, float]


def number(value: float, places: int = 2) -> str:
    """Write a number as short as it can be.

    Parameters
    ----------
    value : float
        The number.
    places : int
        Decimals at most.

    Returns
    -------
    str
        For instance ``"0.5"``, ``"12"``.
    """
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def attributes(**given: str | float | None) -> str:
    """Write attributes; an underscore stands for a hyphen, None for no attribute.

    Parameters
    ----------
    **given : str, float or None
        Values by name.

    Returns
    -------
    str
        Each with a space before it.
    """
    parts = []
    for name, value in given.items():
        if value is None:
            continue
        text = value if isinstance(value, str) else number(value)
        parts.append(f" {name.rstrip('_').replace('_', '-')}={quoteattr(text)}")
    return "".join(parts)


def element(name: str, content: str | None = None, /, **given: str | float | None) -> str:
    """Write an element.

    Parameters
    ----------
    name : str
        Its name.
    content : str, optional
        SVG inside it.
    **given : str, float or None
        Attributes.

    Returns
    -------
    str
        The element.
    """
    head = f"<{name}{attributes(**given)}"
    return f"{head}/>" if content is None else f"{head}>{content}</{name}>"


def group(content: Iterable[str], /, **given: str | float | None) -> str:
    """Write a group, or nothing if nothing is in it.

    Parameters
    ----------
    content : iterable of str
        Elements.
    **given : str, float or None
        Attributes.

    Returns
    -------
    str
        The group.
    """
    inner = "".join(content)
    return element("g", inner, **given) if inner else ""


def svg_of(width: float, height: float, content: Iterable[str], *, paper: bool = True) -> str:
    """Write a whole picture in its natural size.

    Parameters
    ----------
    width, height : float
        Points.
    content : iterable of str
        Elements.
    paper : bool
        Whether it lies on white paper; without, what is on the page shows through.

    Returns
    -------
    str
        A self-contained SVG document.
    """
    sheet = element("rect", width=width, height=height, fill="#ffffff") if paper else ""
    return element(
        "svg",
        sheet + "".join(content),
        xmlns="http://www.w3.org/2000/svg",
        width=f"{number(width)}pt",
        height=f"{number(height)}pt",
        viewBox=f"0 0 {number(width)} {number(height)}",
        font_family=FONT,
        role="img",
    )


def path_of(lines: Iterable[NDArray[np.float64]], *, closed: bool = False, places: int = 2) -> str:
    """Return the data of a path.

    Parameters
    ----------
    lines : iterable of ndarray of float64, shape (points, 2)
        Its parts.
    closed : bool
        Whether each is a ring.
    places : int
        Decimals of a point.

    Returns
    -------
    str
        Data.
    """
    parts = []
    for line in lines:
        first, *rest = (f"{number(x, places)} {number(y, places)}" for x, y in line.tolist())
        kept = [b for a, b in itertools.pairwise((first, *rest)) if a != b]
        parts.append(f"M{first}L{' '.join(kept)}{'z' if closed else ''}" if kept else "")
    return "".join(parts)


def whole_path(lines: Iterable[NDArray[np.float64]], *, closed: bool = False) -> str:
    """Return the data of a path in whole numbers, each relative to the one before: short.

    Parameters
    ----------
    lines : iterable of ndarray of float64, shape (points, 2)
        Its parts; steps shorter than one are left out.
    closed : bool
        Whether each is a ring.

    Returns
    -------
    str
        Data.
    """
    parts = []
    least = 3 if closed else 2
    for line in lines:
        points = np.round(line).astype(np.int64)
        steps = np.diff(points, axis=0)
        moving = steps.any(axis=1)
        if moving.sum() < least - 1:
            continue
        start = points[0]
        text = " ".join(f"{a} {b}" for a, b in steps[moving].tolist()).replace(" -", "-")
        parts.append(f"M{start[0]} {start[1]}l{text}{'z' if closed else ''}")
    return "".join(parts)


def furniture(x: float, y: float, text: str, /, **given: str | float | None) -> str:
    """Write text that is no fact of the plan: names of the ground, numbers of the grid.

    Parameters
    ----------
    x, y : float
        Where its base line begins, or what ``text_anchor`` says.
    text : str
        Any text.
    **given : str, float or None
        Attributes.

    Returns
    -------
    str
        A text element of class ``furniture``.
    """
    words = escape(clean_line(text, longest=None))
    return element("text", words, class_="furniture", x=x, y=y, **given)


def _span(span: Span, words: str | None = None) -> str:
    inner = escape(span.text) if words is None else words
    if span.fact is None:
        return inner
    return element("tspan", inner, class_="fact", data_fact=span.fact)


def _facts(sentence: Sentence) -> str | None:
    return " ".join(dict.fromkeys(s.fact for s in sentence.spans if s.fact is not None)) or None


def said(x: float, y: float, sentence: Sentence, /, **given: str | float | None) -> str:
    """Write a sentence, each value of it with its fact.

    Parameters
    ----------
    x, y : float
        Where its base line begins, or what ``text_anchor`` says.
    sentence : Sentence
        What the voice says.
    **given : str, float or None
        Attributes.

    Returns
    -------
    str
        A text element: of class ``say`` with facts, of class ``furniture`` without any.
    """
    facts = _facts(sentence)
    return element(
        "text",
        "".join(_span(span) for span in sentence.spans),
        class_="furniture" if facts is None else "say",
        data_claim=sentence.claim,
        data_facts=facts,
        x=x,
        y=y,
        **given,
    )


def said_lines(
    lefts: Sequence[float],
    y: float,
    sentence: Sentence,
    lines: Sequence[str],
    step: float,
    /,
    **given: str | float | None,
) -> str:
    """Write a sentence over several lines; together they are its text.

    Parameters
    ----------
    lefts : sequence of float
        Where each line begins.
    y : float
        Base line of the first line.
    sentence : Sentence
        What the voice says.
    lines : sequence of str
        Its text in pieces, see `briefing.pictures.fonts.wrap`.
    step : float
        From one line to the next.
    **given : str, float or None
        Attributes.

    Returns
    -------
    str
        A text element.
    """
    if len(lines) == 1:
        return said(lefts[0], y, sentence, **given)
    facts = _facts(sentence)
    return element(
        "text",
        "".join(_broken(sentence, lefts, y, lines, step)),
        class_="furniture" if facts is None else "say",
        data_claim=sentence.claim,
        data_facts=facts,
        **given,
    )


def _broken(
    sentence: Sentence, lefts: Sequence[float], y: float, lines: Sequence[str], step: float
) -> Iterator[str]:
    """Yield the spans of a sentence, the first piece of each line put where the line begins."""
    number, left_of_line = 0, len(lines[0])
    fresh = True
    for span in sentence.spans:
        rest, pieces = span.text, []
        while rest:
            if not left_of_line:
                number, fresh = number + 1, True
                left_of_line = len(lines[number])
            piece, rest = rest[:left_of_line], rest[left_of_line:]
            left_of_line -= len(piece)
            words = escape(piece)
            if fresh:
                words = element("tspan", words, x=lefts[number], y=y + number * step)
            pieces.append(words)
            fresh = False
        yield _span(span, "".join(pieces))
