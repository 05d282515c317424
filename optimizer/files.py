"""Files: what is no document is refused early; what is written stands whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from optimizer.errors import FileError, OutsideError, UsageError

__all__ = [
    "MAX_BYTES",
    "check_source",
    "check_target",
    "read_text",
    "user_folder",
    "write_bytes",
    "write_text",
]

#: A scenario with 500 sites and 4 matrices of 500 x 500 has about 6 MB.
MAX_BYTES = 32 * 2**20

#: First bytes of what is often taken for something else.
_SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or a workbook",
    b"\x1f\x8b": "a gzip archive",
    b"SQLite format 3": "a GeoPackage or another SQLite database",
    b"II*\x00": "a TIFF raster",
    b"MM\x00*": "a TIFF raster",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}


def read_text(path: Path) -> str:
    """Read a text file in UTF-8.

    Parameters
    ----------
    path : Path
        File of at most `MAX_BYTES`.

    Returns
    -------
    str
        Its text, without a byte order mark.

    Raises
    ------
    FileError
        If it is missing, a folder, not a regular file, unreadable, too large, empty, or not text in
        UTF-8.
    """
    with _told(path):
        check_source(path)
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FileError(
                f"{path} has {size / 2**20:.0f} MB; the most that is read is"
                f" {MAX_BYTES / 2**20:.0f} MB"
            )
        raw = path.read_bytes()
    return _decode(raw, path)


def check_source(path: Path) -> None:
    """Refuse what is no file that can be read, before anything else opens it.

    Parameters
    ----------
    path : Path
        File to be read.

    Raises
    ------
    FileError
        If it is missing, a folder, not a regular file, or unreadable.
    """
    with _told(path):
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileError(f"{path} is a folder; name a file")
        if not stat.S_ISREG(mode):
            raise FileError(f"{path} is not a regular file")
        path.open("rb").close()


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell why a file cannot be read."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileError(f"{path} does not exist") from error
    except PermissionError as error:
        raise FileError(f"{path} may not be read: permission denied") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise FileError(f"{path} cannot be read: {error}") from error


def _decode(raw: bytes, path: Path) -> str:
    for signature, what in _SIGNATURES.items():
        if raw.startswith(signature):
            raise FileError(f"{path} is {what}, not a document in UTF-8")
    nul = raw.find(b"\x00")
    if nul >= 0:
        raise FileError(f"{path} is not text: byte {nul + 1} is NUL")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"{path}:{line}: byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        ) from error
    if not text.strip():
        raise FileError(f"{path} is empty")
    return text


def check_target(path: Path, *sources: Path) -> None:
    """Refuse a file that cannot be written, before any work is done for it.

    Parameters
    ----------
    path : Path
        File to be written or replaced.
    *sources : Path
        Files that it is made from.

    Raises
    ------
    UsageError
        If it is a folder, its folder is missing, or it is one of the sources.
    OutsideError
        If its folder may not be written to.
    """
    folder = path.parent
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file to write")
    if not folder.is_dir():
        raise UsageError(
            f"{path} cannot be written: there is no folder {folder}; make it, or write elsewhere"
        )
    if any(path.exists() and source.exists() and path.samefile(source) for source in sources):
        raise UsageError(f"{path} is the file to be read; name another file to write")
    device = path.exists() and not path.is_file()
    if not os.access(path if device else folder, os.W_OK):
        raise OutsideError(f"{path} cannot be written: {folder} may not be written to")


def write_text(path: Path, text: str) -> None:
    """Write a text file as one whole: a reader sees the old one or the new one, never a part.

    Parameters
    ----------
    path : Path
        Where it is to stand.
    text : str
        Its text.

    Raises
    ------
    UsageError
        If it is a folder, or its folder is missing.
    OutsideError
        If it cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes | memoryview) -> None:
    """Write a file as one whole: a reader sees the old one or the new one, never a part.

    Parameters
    ----------
    path : Path
        Where it is to stand.
    content : bytes or memoryview
        What it holds.

    Raises
    ------
    UsageError
        If it is a folder, or its folder is missing.
    OutsideError
        If it cannot be written.
    """
    check_target(path)
    # A link is followed, so that the file that it names is replaced and not the link.
    path = path.resolve()
    try:
        if path.exists() and not path.is_file():
            # A pipe or a device such as /dev/null is written to, never replaced.
            path.write_bytes(content)
            return
        # Not by tempfile, whose files only their owner can read: a document is no secret of his,
        # and to ask for the umask is to change it, for every thread of a server.
        scratch = path.with_name(f".{path.name[:100]}-{secrets.token_hex(8)}")
        try:
            with scratch.open("xb") as file:
                file.write(content)
                # On the disk before it has the name: a power cut leaves the old one or the new one.
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(path)
        except BaseException:
            scratch.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {error.strerror or error}") from error


def user_folder(variable: str, default: str) -> Path:
    """Return the folder that this user keeps a kind of files in (XDG Base Directory Specification).

    Parameters
    ----------
    variable : str
        Variable of the environment that names it, such as ``XDG_STATE_HOME``.
    default : str
        Where it lies below the home folder if the variable names none.

    Returns
    -------
    Path
        Absolute; the specification says that a relative path is to be ignored.
    """
    named = Path(os.environ.get(variable, ""))
    return named if named.is_absolute() else Path.home() / default
