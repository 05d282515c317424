"""Finds what the build hook makes for documents: fonts, and the symbol of each kind of site.

``tools/hatch_build.py`` fills ``briefing/_built``; a wheel carries it.
"""

from __future__ import annotations

import functools
from pathlib import Path

from optimizer.errors import OutsideError, UsageError

__all__ = ["font_folder", "symbol_svg"]

_BUILT = Path(__file__).resolve().parent / "_built"


def _folder(name: str) -> Path:
    folder = _BUILT / name
    if not folder.is_dir():
        raise OutsideError(
            f"{folder} is missing: fonts and symbols are made when Convoi is built. In a checkout,"
            " run `make`, or `python tools/hatch_build.py` in its environment"
        )
    return folder


def font_folder() -> Path:
    """Return the folder with the fonts of documents.

    It holds IBM Plex Sans (regular, italic, medium, semibold, bold, bold italic) and IBM Plex Mono
    (regular, medium) as TrueType files under the OFL. Their figures are all equally wide.

    Returns
    -------
    Path
        Folder of ``.ttf`` files.

    Raises
    ------
    OutsideError
        If Convoi was not built.
    """
    return _folder("fonts")


@functools.cache
def symbol_svg(kind: str) -> str:
    """Return the map symbol of a kind of site: of APP-6 where there is one.

    Parameters
    ----------
    kind : str
        Kind in ``data/symbols.csv``.

    Returns
    -------
    str
        An ``<svg>`` element with width, height and viewBox; a frame is 40 units high. The site lies
        in the middle of the picture.

    Raises
    ------
    UsageError
        If there is no such kind.
    OutsideError
        If Convoi was not built.
    """
    folder = _folder("symbols")
    known = sorted(path.stem for path in folder.glob("*.svg"))
    # Looked up among what there is, so that no kind can name another file.
    if kind not in known:
        raise UsageError(f"there is no kind of site {kind!r}; there are {', '.join(known)}")
    return (folder / f"{kind}.svg").read_text(encoding="utf-8").strip()
