"""Words that people wrote, made fit to stand among ours: no controls, no reordered text.

Apostrophes inside words and spaces before French marks are set as ours are; no word is changed.
"""

from __future__ import annotations

import re
import unicodedata

from briefing.wording.numbers import NARROW

__all__ = ["LONGEST", "clean_line", "clean_lines"]

#: A name longer than this is cut where it stands in a sentence or a table.
LONGEST = 120

_ELLIPSIS = "…"
_APOSTROPHE = "\u2019"
#: Joiners that Persian and the scripts of India need inside words.
_JOINERS = frozenset("\u200c\u200d")
_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"
#: An apostrophe inside a word, and a space between which and its mark no line may end.
_SET = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])| (?=[:;!?»%])|(?<=«) ")
#: More marks than this on one letter spill over the lines above and below.
_MARKS_MAX = 4


def _clean(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category[0] == "Z" or char in "\t\n\r\f\v\x1c\x1d\x1e\x1f\x85":
            kept.append(" ")
        elif category[0] == "C" and char not in _JOINERS:
            continue
        elif category[0] == "M":
            marks += 1
            if marks <= _MARKS_MAX:
                kept.append(char)
            continue
        else:
            kept.append(char)
        marks = 0
    return "".join(kept).strip()


def _isolated(text: str) -> str:
    """Keep what is written from right to left from reordering the figures beside it."""
    if any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def clean_line(text: str, longest: int | None = LONGEST) -> str:
    """Return a name on one line, without controls, cut if it is very long.

    Parameters
    ----------
    text : str
        What a person wrote.
    longest : int, optional
        Characters that may stand; None for all.

    Returns
    -------
    str
        The name; ``"?"`` if nothing of it can be seen.
    """
    line = _SET.sub(
        lambda found: _APOSTROPHE if found[0] == "'" else NARROW, " ".join(_clean(text).split())
    )
    if longest is not None and len(line) > longest:
        line = line[: longest - 1].rstrip() + _ELLIPSIS
    return _isolated(line) if line.strip("".join(_JOINERS)) else "?"


def clean_lines(text: str) -> tuple[str, ...]:
    """Return a text line by line, each without controls, none cut, empty ones left out.

    Parameters
    ----------
    text : str
        What a person wrote.

    Returns
    -------
    tuple of str
        Its lines.
    """
    lines = (clean_line(line, longest=None) for line in text.splitlines() if _clean(line))
    return tuple(lines)
