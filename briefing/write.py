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
    # A link is followed, so that the file that it names is replaced and not the link.
    target = path.resolve()
    if target.is_dir():
        raise FileError(f"{path} is a folder; name a file to write")
    if not target.parent.is_dir():
        raise FileError(f"{path} cannot be written: there is no folder {target.parent}")
    try:
        if target.exists() and not target.is_file():
            # A pipe or a device such as /dev/null is written to, never replaced.
            target.write_bytes(text.encode("utf-8"))
        else:
            _replace(target, text)
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {error.strerror or error}") from error


def _replace(target: Path, text: str) -> None:
    scratch = target.with_name(f".{target.name[:80]}.{os.getpid()}")
    try:
        scratch.write_bytes(text.encode("utf-8"))
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)
