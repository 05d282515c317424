"""Writes a figure as PNG, whole or not at all."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

from matplotlib.figure import Figure

from optimizer.errors import OutsideError, UsageError

__all__ = ["check_name", "save_png"]


def check_name(path: Path) -> None:
    """Refuse a name that is no PNG's, before any work is done for it.

    Parameters
    ----------
    path : Path
        Picture to be written.

    Raises
    ------
    UsageError
        If it does not end in ``.png``.
    """
    if path.suffix.lower() != ".png":
        raise UsageError(f"{path}: a map is written as PNG; the name must end in .png")


def save_png(figure: Figure, path: Path) -> None:
    """Write a figure to a temporary name, then rename it.

    Parameters
    ----------
    figure : Figure
        What is drawn.
    path : Path
        Must end in ``.png``.

    Raises
    ------
    UsageError
        If the name is no PNG's.
    OutsideError
        If it cannot be written.
    """
    check_name(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.stem}-", dir=path.parent) as scratch:
            work = Path(scratch) / path.name
            # Without the writer's version, so that the same map is the same file.
            with warnings.catch_warnings():
                # Names in scripts that the font lacks are drawn as boxes; the map is still good.
                warnings.filterwarnings("ignore", message="Glyph .* missing from font")
                figure.savefig(work, dpi=figure.dpi, metadata={"Software": None})
            work.replace(path)
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {error.strerror or error}") from error
