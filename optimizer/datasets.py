"""Finds the files of ``data/`` in a checkout and in an installed wheel.

The wheel carries ``data/`` as ``optimizer/_data``; a checkout has it beside the package. Theatres
are found by name or digest in configured folders and in ``data/terrain``.
"""

from __future__ import annotations

import csv
import functools
import os
from collections.abc import Iterator
from pathlib import Path

from optimizer.errors import FileError

__all__ = ["data_path", "read_table", "theatre_folders", "theatre_roots"]


@functools.cache
def _data_root() -> Path:
    package = Path(__file__).resolve().parent
    for folder in (package / "_data", package.parent / "data"):
        if folder.is_dir():
            return folder
    raise FileError(f"the data folder of Convoi is missing: neither {package / '_data'} nor data/")


def data_path(*parts: str) -> Path:
    """Return the path of a bundled file or folder.

    Parameters
    ----------
    *parts : str
        Path inside ``data/``.

    Returns
    -------
    Path
        Where it lies on this machine.

    Raises
    ------
    FileError
        If nothing bundled has that name.
    """
    path = _data_root().joinpath(*parts)
    if not path.exists():
        raise FileError(f"no bundled data {'/'.join(parts)!r}")
    return path


@functools.cache
def read_table(*parts: str) -> tuple[dict[str, str], ...]:
    """Read a bundled CSV file; lines that start with ``#`` are remarks.

    Parameters
    ----------
    *parts : str
        Path inside ``data/``.

    Returns
    -------
    tuple of dict
        One dict a row, by column name, values stripped.
    """
    with data_path(*parts).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return tuple({key: (value or "").strip() for key, value in row.items()} for row in rows)


def theatre_roots() -> tuple[Path, ...]:
    """Return the folders in which theatres are looked for, the configured ones first.

    ``CONVOI_THEATRES`` names folders of theatres, separated as in ``PATH``; after them come
    ``./theatres`` and the bundled ``data/terrain``.

    Returns
    -------
    tuple of Path
        Folders; they need not exist.
    """
    configured = [Path(p) for p in os.environ.get("CONVOI_THEATRES", "").split(os.pathsep) if p]
    return (*configured, Path.cwd() / "theatres", _data_root() / "terrain")


def theatre_folders() -> Iterator[Path]:
    """Yield the theatres that can be found by name, those of the first root first.

    Yields
    ------
    Path
        A folder that holds a ``theatre.json``.
    """
    for root in theatre_roots():
        if (root / "theatre.json").is_file():
            yield root
        if root.is_dir():
            yield from sorted(p.parent for p in root.glob("*/theatre.json"))
