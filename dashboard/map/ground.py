"""The base layers of a theatre: which files there are, how each is made, and where it is served."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dashboard.map import vectors
from dashboard.map.mercator import Mercator
from dashboard.map.relief import relief
from optimizer.errors import OutsideError, UsageError
from optimizer.files import write_bytes
from optimizer.terrain.credits import attributions
from optimizer.terrain.theatre import Theatre

__all__ = ["FILES", "VERSION", "GroundFiles", "ground_layers"]

#: To be raised whenever the same theatre would give another file: browsers keep files for ever.
VERSION = "1"


def _json(make: Callable[[Theatre], dict[str, Any]]) -> Callable[[Theatre], bytes]:
    def made(theatre: Theatre) -> bytes:
        text = json.dumps(make(theatre), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8")

    return made


#: File -> what makes its content.
FILES: Mapping[str, Callable[[Theatre], bytes]] = {
    "relief-light.webp": functools.partial(relief, shade="light"),
    "relief-dark.webp": functools.partial(relief, shade="dark"),
    "contours.json": _json(vectors.contours),
    "water.json": _json(vectors.water),
    "roads.json": _json(vectors.roads),
    "bridges.json": _json(vectors.bridges),
    "places.json": _json(vectors.places),
}


def ground_layers(theatre: Theatre) -> dict[str, Any]:
    """Say where the base layers of a theatre are served: what the store ``map-ground`` holds.

    Nothing is made by this; the files are made when they are asked for.

    Parameters
    ----------
    theatre : Theatre
        The ground.

    Returns
    -------
    dict
        ``name``, ``title``, ``attribution``; ``urls`` by file name without its ending;
        ``bounds``: west, south, east, north in metres of EPSG:3857; ``extent``: in degrees.
    """
    manifest, mercator = theatre.manifest, Mercator.of(theatre)
    root = f"/ground/{VERSION}/{manifest.name}/{manifest.digest}"
    return {
        "name": manifest.name,
        "title": manifest.title,
        "attribution": attributions(manifest.sources),
        "urls": {file.partition(".")[0]: f"{root}/{file}" for file in FILES},
        "bounds": [mercator.west, mercator.south, mercator.east, mercator.north],
        "extent": list(manifest.extent),
    }


class GroundFiles:
    """Files of base layers in a folder, each made once, when it is first asked for.

    Parameters
    ----------
    folder : Path
        Where they are kept, by theatre and digest; made when it is missing.
    find : callable
        Takes name and digest; returns the theatre, or None.
    """

    def __init__(self, folder: Path, find: Callable[[str, str], Theatre | None]) -> None:
        self._folder = folder
        # Theatres keep the layers that they have read, so one is used for all of its files.
        self._find = functools.lru_cache(maxsize=4)(find)
        self._locks: dict[Path, threading.Lock] = {}
        self._guard = threading.Lock()

    def file(self, name: str, digest: str, file: str) -> Path:
        """Return a file of a theatre; it is made if it is not there.

        Parameters
        ----------
        name, digest : str
            Of the theatre.
        file : str
            Key of `FILES`.

        Returns
        -------
        Path
            A complete file.

        Raises
        ------
        UsageError
            If there is no such theatre or file.
        OutsideError
            If it cannot be written.
        """
        if file not in FILES:
            raise UsageError(f"there is no layer {file!r}; there are {', '.join(FILES)}")
        theatre = self._find(name, digest)
        if theatre is None:
            raise UsageError(f"there is no theatre {name!r} with the digest {digest[:12]}...")
        # Name and digest are those of the theatre that was found, so they are safe as file names.
        path = self._folder / VERSION / theatre.manifest.name / theatre.manifest.digest / file
        with self._lock(path):
            if not path.is_file():
                _write(path, FILES[file](theatre))
        return path

    def _lock(self, path: Path) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(path, threading.Lock())


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError(f"{path.parent} cannot be made: {error.strerror or error}") from error
    # Whole or not at all: another process may make the same one.
    write_bytes(path, content)
