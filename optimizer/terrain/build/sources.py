"""States where the layers of a theatre come from, for its manifest."""

from __future__ import annotations

from pathlib import Path

import rasterio

from optimizer.terrain.build.dem import Dem
from optimizer.terrain.credits import UNSTATED
from optimizer.terrain.fetched import fetched_of, sha256_of
from optimizer.terrain.theatre import Source

__all__ = ["dem_source", "landcover_source", "osm_source"]


def _named(path: Path, digest: str | None = None) -> str:
    return f"{path.name} (SHA-256 {(digest or sha256_of(path))[:16]})"


def osm_source(path: Path, date: str, *, landcover: bool) -> Source:
    """Describe an OpenStreetMap file.

    Parameters
    ----------
    path : Path
        The file.
    date : str
        Time of its data, from its header.
    landcover : bool
        Whether the land cover comes from it as well.

    Returns
    -------
    Source
        For the manifest.
    """
    return Source(
        what="roads, water, places" + (", land cover" if landcover else ""),
        name=_named(path),
        licence="ODbL 1.0",
        attribution="© OpenStreetMap contributors",
        date=date,
    )


def dem_source(dem: Dem) -> Source:
    """Describe an elevation file.

    Parameters
    ----------
    dem : Dem
        The file.

    Returns
    -------
    Source
        For the manifest.
    """
    if dem.public_domain:
        return Source(
            what="elevation",
            name=f"SRTM {_named(dem.path)}",
            licence="public domain",
            attribution="SRTM, NASA/USGS",
            date="2000-02",
        )
    return _raster_source("elevation", dem.path)


def landcover_source(path: Path) -> Source:
    """Describe a land cover raster.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Source
        For the manifest.
    """
    return _raster_source("land cover", path)


def _raster_source(what: str, path: Path) -> Source:
    digest = sha256_of(path)
    fetched = fetched_of(path, digest)
    if fetched is not None:
        return Source(
            what=what,
            name=f"{fetched.title}, {_named(path, digest)}",
            licence=fetched.licence or UNSTATED,
            attribution=fetched.attribution or path.stem,
            date=fetched.date,
        )
    with rasterio.open(path) as source:
        tags = source.tags()
    copyright_ = tags.get("TIFFTAG_COPYRIGHT", "").strip()
    return Source(
        what=what,
        name=_named(path, digest),
        licence=copyright_ or UNSTATED,
        attribution=copyright_ or path.stem,
        date=tags.get("TIFFTAG_DATETIME", "").strip(),
    )
