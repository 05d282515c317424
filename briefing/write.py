"""Writes what was rendered: all of it or nothing."""

from __future__ import annotations

import os
from pathlib import Path

from optimizer.errors import FileError, OutsideError

__all__ = ["write_text"]


def write_text(path: Path, text: str) -> None:
    """Write a text file; either all of it stands at the end, or what was there before.

    Parameters
    ----------
    path : Path
        File to write or replace.
    text : str
        Its content; written as UTF-8.

    Raises
    ------
    FileError
        If its folder does not exist, or the path is a folder.
    OutsideError
        If it cannot be written.
    """
    if path.is_dir():
        raise FileError(f"{path} is a folder; name a file to write")
    if not path.parent.is_dir():
        raise FileError(f"{path} cannot be written: there is no folder {path.parent}")
    scratch = path.with_name(f".{path.name[:80]}.{os.getpid()}")
    try:
        scratch.write_bytes(text.encode("utf-8"))
        scratch.replace(path)
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        scratch.unlink(missing_ok=True)
