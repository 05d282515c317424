"""Where elevation, land cover and extracts live: a data file, or a copy of it for mirrors."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from optimizer.datasets import data_path
from optimizer.errors import FileError
from optimizer.files import read_text

__all__ = ["KINDS", "Home", "Homes", "read_homes"]

#: What is fetched, in this order.
KINDS = ("elevation", "landcover", "osm")
_REQUIRED = {
    "elevation": ("base", "path", "side"),
    "landcover": ("base", "path", "side"),
    "osm": ("base", "catalogue"),
}
_NAME = re.compile(r"[A-Za-z0-9{}_-][A-Za-z0-9{}._-]*")
_TEXTS = (
    *("title", "base", "path", "catalogue", "checksum", "date", "legend", "page", "described"),
    *("licence", "licence_page", "attribution", "terms"),
)


@dataclass(frozen=True, slots=True)
class Home:
    """Where one kind of data lives, and on what terms; its fields are those of ``homes.toml``."""

    kind: str
    title: str = ""
    base: str = ""
    path: str = ""
    side: int = 1
    catalogue: str = ""
    checksum: str = ""
    typical_mb: float = 0.0
    date: str = ""
    legend: str = ""
    page: str = ""
    described: str = ""
    licence: str = ""
    licence_page: str = ""
    attribution: str = ""
    terms: str = ""

    def url(self, path: str) -> str:
        """Return an address under this home.

        Parameters
        ----------
        path : str
            Path under its base.

        Returns
        -------
        str
            Address.
        """
        return f"{self.base.rstrip('/')}/{path.lstrip('/')}"


Homes = dict[str, Home]


def read_homes(path: Path | None = None) -> Homes:
    """Read where things live.

    Parameters
    ----------
    path : Path, optional
        A file like ``data/terrain_tables/homes.toml``; by default that one. What it leaves out of a
        home is taken from there.

    Returns
    -------
    dict of str to Home
        The homes by kind: ``elevation``, ``landcover``, ``osm``.

    Raises
    ------
    FileError
        If the file is none, or what it says cannot be.
    """
    own = data_path("terrain_tables", "homes.toml")
    told = _tables(own)
    if path is not None:
        given = _tables(path)
        told = {kind: told[kind] | given.get(kind, {}) for kind in KINDS}
    return {kind: _home(kind, told[kind], path or own) for kind in KINDS}


def _tables(path: Path) -> dict[str, dict[str, Any]]:
    try:
        document = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"{path} is not TOML: {error}") from error
    for kind, table in document.items():
        if kind not in KINDS or not isinstance(table, dict):
            raise FileError(f"{path}: {kind!r} is no home; there are {', '.join(KINDS)}")
    return document


def _home(kind: str, table: dict[str, Any], path: Path) -> Home:
    place = f"{path}: [{kind}]"
    for key, value in table.items():
        if key in _TEXTS:
            right = isinstance(value, str)
        elif key == "side":
            right = type(value) is int and 1 <= value <= 90  # noqa: PLR2004 - degrees
        elif key == "typical_mb":
            right = isinstance(value, int | float) and value >= 0
        else:
            raise FileError(f"{place} has a key {key!r} that means nothing")
        if not right:
            raise FileError(f"{place} {key} = {value!r} cannot be; see homes.toml in data/")
    lacking = [key for key in _REQUIRED[kind] if not table.get(key)]
    if lacking:
        raise FileError(f"{place} lacks {', '.join(lacking)}")
    home = Home(kind, **table)
    address = urlsplit(home.base)
    if address.scheme not in {"https", "http"} or not address.hostname:
        raise FileError(f"{place} base = {home.base!r} is no address that begins with https://")
    # The last part of either becomes the name of a file.
    name = home.path.rpartition("/")[2]
    if home.path and not (_NAME.fullmatch(name) and "{lat}" in name and "{lon}" in name):
        raise FileError(f"{place} path = {home.path!r} must end in a name with {{lat}} and {{lon}}")
    if home.catalogue and not _NAME.fullmatch(home.catalogue.rpartition("/")[2]):
        raise FileError(f"{place} catalogue = {home.catalogue!r} must end in the name of a file")
    return home
