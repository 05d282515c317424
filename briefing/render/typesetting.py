"""Calls typst: which fonts there are, what conformance is asked for, what no font can show."""

from __future__ import annotations

import functools
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.built import font_folder
from optimizer.errors import OutsideError

if TYPE_CHECKING:
    import typst

__all__ = ["typeset_pdf"]

_FOLDER = Path(__file__).resolve().parent / "typst"
#: What typst says of text that no font has, with the text as Rust writes strings.
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_FORBIDDEN = re.compile(r'the PDF contains the codepoint `"((?:[^"\\]|\\.)*)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_REPLACEMENT = "\ufffd"
#: Typst keeps what it worked out for its last so many compilations, against the next that is alike.
_KEPT = 10
#: With the fonts of Convoi, with those of the machine, and then as often as something is replaced.
_ATTEMPTS = 8


def typeset_pdf(data: str, made: datetime) -> bytes:
    """Set a document.

    A name may hold characters that the fonts of Convoi lack: the fonts of the machine are then
    asked, and what they lack too is shown as U+FFFD. PDF/A allows no text without a shape.

    Parameters
    ----------
    data : str
        What the template is given, as JSON.
    made : datetime
        Creation time of the file.

    Returns
    -------
    bytes
        A PDF that conforms to PDF/A-2a and PDF/UA-1.

    Raises
    ------
    OutsideError
        If typst is not installed or cannot set it.
    """
    try:
        import typst  # noqa: F401, PLC0415 - an extra: everything but PDF works without it
    except ImportError as error:
        raise OutsideError(
            "typst is not installed, and PDF needs it: install convoi[briefing], or ask for HTML"
        ) from error
    try:
        return _attempted(data, made)
    finally:
        _forget()


def _attempted(data: str, made: datetime) -> bytes:
    import typst  # noqa: PLC0415 - an extra: everything but PDF works without it

    system = False
    for _ in range(_ATTEMPTS):
        try:
            return _compiled(data, made, system=system)
        except typst.TypstError as error:
            lacking = _lacking(error.diagnostic)
            if not lacking:
                raise OutsideError(f"the PDF cannot be set: {error.message}") from error
            if system:
                for text in lacking:
                    data = data.replace(text, _REPLACEMENT)
            system = True
    raise OutsideError("the PDF cannot be set: it holds characters that no font has")


def _compiled(data: str, made: datetime, *, system: bool) -> bytes:
    import typst  # noqa: PLC0415 - an extra: everything but PDF works without it

    return typst.compile(
        _FOLDER / "document.typ",
        # Nothing outside this folder can be read by the template.
        root=_FOLDER,
        font_paths=_fonts(system=system),
        sys_inputs={"data": data},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(made.timestamp()),
    )


def _forget() -> None:
    """Set empty documents until typst has forgotten the last one.

    The cards of a brigade leave 150 MB behind, which a server would keep ten times over. A tenth
    of a second is less than anybody notices.
    """
    import typst  # noqa: PLC0415 - an extra: everything but PDF works without it

    for _ in range(_KEPT + 1):
        typst.compile(b"", font_paths=_fonts(system=False))


@functools.cache
def _fonts(*, system: bool) -> typst.Fonts:
    import typst  # noqa: PLC0415 - an extra: everything but PDF works without it

    try:
        folders = [str(font_folder())]
    except OutsideError:
        # Not built: the fonts inside typst do for a draft.
        folders = []
    return typst.Fonts(include_system_fonts=system, font_paths=folders)


def _lacking(diagnostic: str) -> list[str]:
    """Return the texts that typst could not show, the longest first."""
    found = [*_MISSING.findall(diagnostic), *_FORBIDDEN.findall(diagnostic)]
    texts = {_ESCAPE.sub(_unescaped, text) for text in found}
    return sorted((text for text in texts if text), key=len, reverse=True)


def _unescaped(match: re.Match[str]) -> str:
    code, char = match.groups()
    return chr(int(code, 16)) if code else _CONTROLS.get(char, char)
