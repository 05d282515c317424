"""What was fetched into a folder: from where, when, on what terms; the builder reads it as well."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from optimizer.errors import FileError
from optimizer.files import read_text, write_text

__all__ = ["RECORD", "Fetched", "Record", "fetched_of", "read_record", "sha256_of", "write_record"]

#: Name of the record in its folder.
RECORD = "fetched.json"
_FORMAT = "convoi/fetched/1"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched.

    Parameters
    ----------
    name : str
        In the folder of the record.
    kind : str
        ``elevation``, ``landcover``, ``osm``, or ``catalogue``.
    url : str
        Where it came from.
    bytes : int
        Size.
    sha256 : str
        Digest.
    checked : str
        Checksum of the home's own that it has, such as ``md5 ...``; empty where there is none.
    fetched : str
        When, as ISO 8601.
    title, licence, attribution, date : str
        What it is, and what goes with it.
    """

    name: str
    kind: str
    url: str
    bytes: int
    sha256: str
    checked: str = ""
    fetched: str = ""
    title: str = ""
    licence: str = ""
    attribution: str = ""
    date: str = ""

    def stands_in(self, folder: Path) -> bool:
        """Tell whether the file stands in a folder as it was fetched.

        Parameters
        ----------
        folder : Path
            Folder of the record.

        Returns
        -------
        bool
            Whether name, size and digest fit.
        """
        path = folder / self.name
        return (
            path.is_file() and path.stat().st_size == self.bytes and sha256_of(path) == self.sha256
        )


@dataclass(slots=True)
class Record:
    """What a folder holds.

    Parameters
    ----------
    files : dict of str to Fetched
        By name.
    absent : list of str
        Tiles that their homes do not have.
    """

    files: dict[str, Fetched] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)


def sha256_of(path: Path) -> str:
    """Return the digest of a file.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_record(folder: Path) -> Record:
    """Read the record of a folder.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    Record
        Empty if there is none.

    Raises
    ------
    FileError
        If it is damaged.
    """
    path = folder / RECORD
    if not path.exists():
        return Record()
    try:
        document = json.loads(read_text(path))
        if document["format"] != _FORMAT:
            raise FileError(f"{path} has the format {document['format']!r}, not {_FORMAT!r}")
        files = [Fetched(**told) for told in document["files"]]
        return Record({file.name: file for file in files}, list(document["absent"]))
    except (ValueError, KeyError, TypeError) as error:
        raise FileError(
            f"{path} is damaged ({error}); delete it, and what is there is fetched again"
        ) from error


def write_record(folder: Path, record: Record) -> None:
    """Write the record of a folder.

    Parameters
    ----------
    folder : Path
        The folder.
    record : Record
        What it holds.
    """
    document = {
        "format": _FORMAT,
        "files": [asdict(record.files[name]) for name in sorted(record.files)],
        "absent": sorted(record.absent),
    }
    write_text(folder / RECORD, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def fetched_of(path: Path, sha256: str) -> Fetched | None:
    """Return what the record beside a file says of it.

    Parameters
    ----------
    path : Path
        A file.
    sha256 : str
        Its digest.

    Returns
    -------
    Fetched or None
        None if no record stands there, or it means another file.
    """
    try:
        told = read_record(path.parent).files.get(path.name)
    except FileError:
        return None
    return told if told is not None and told.sha256 == sha256 else None
