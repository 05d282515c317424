"""Serves the base layers of theatres, the scripts of the map and the symbols of sites."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, Response

from briefing.built import symbol_svg
from dashboard.map.ground import GroundFiles
from optimizer.datasets import read_table
from optimizer.errors import OutsideError, UsageError
from optimizer.terrain.theatre import find_theatre

__all__ = ["SCRIPTS", "STYLES", "map_router", "web_file", "web_url"]

_HERE = Path(__file__).resolve().parent
_BUILT = _HERE.parent / "_built"

#: In the order in which the page needs them.
SCRIPTS = ("leaflet.js", "leaflet-geoman.js", "supercluster.js", "mgrs.js", "convoi_map.js")
STYLES = ("fonts/fonts.css", "leaflet.css", "leaflet-geoman.css", "convoi_map.css")

_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
#: What has a digest in its address never changes, and nobody else's cache need keep it.
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_ASK_AGAIN = {"Cache-Control": "private, no-cache"}


def web_file(name: str) -> Path:
    """Return a script, style sheet, picture or font of the map.

    Parameters
    ----------
    name : str
        Path inside ``dashboard/_built``, or a file of this room.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If there is none of that name.
    OutsideError
        If Convoi was not built.
    """
    if not _BUILT.is_dir():
        raise OutsideError(
            f"{_BUILT} is missing: scripts and fonts are fetched when Convoi is built. In a"
            " checkout, run `make`, or `python tools/hatch_build.py` in its environment"
        )
    path = _files().get(name)
    if path is None:
        raise UsageError(f"the map has no file {name!r}")
    return path


@functools.cache
def _files() -> Mapping[str, Path]:
    """Return what may be served, by name: nothing else can be asked for."""
    built = {p.relative_to(_BUILT).as_posix(): p for p in _BUILT.rglob("*") if p.suffix in _TYPES}
    return built | {p.name: p for p in _HERE.iterdir() if p.suffix in {".js", ".css"}}


def web_url(name: str) -> str:
    """Return the address of a file, which changes with its content.

    Parameters
    ----------
    name : str
        As for `web_file`.

    Returns
    -------
    str
        Path on this server.
    """
    digest = hashlib.sha256(web_file(name).read_bytes()).hexdigest()[:12]
    return f"/map/web/{name}?v={digest}"


def map_router(folder: Path) -> APIRouter:
    """Return the routes of the map.

    Parameters
    ----------
    folder : Path
        Where base layers are kept once they are made.

    Returns
    -------
    APIRouter
        ``/ground/...`` for base layers, ``/map/web/...`` for scripts, ``/map/symbols.json`` for the
        symbols of all kinds of sites. To be included before Dash, which answers everything.
    """
    router = APIRouter(include_in_schema=False)
    files = GroundFiles(folder, find_theatre)

    # Not async: FastAPI runs it in a thread, and making a layer takes a second or two.
    @router.get("/ground/{version}/{name}/{digest}/{file}")
    def ground(version: str, name: str, digest: str, file: str) -> Response:
        del version  # part of the address only, so that an old file is not taken for a new one
        try:
            path = files.file(name, digest, file)
        except UsageError as error:
            raise HTTPException(404, str(error)) from error
        except OutsideError as error:
            raise HTTPException(503, str(error)) from error
        return FileResponse(path, media_type=_TYPES[path.suffix], headers=_FOR_EVER)

    @router.get("/map/web/{name:path}")
    def web(name: str, request: Request) -> Response:
        try:
            path = web_file(name)
        except (UsageError, OutsideError) as error:
            raise HTTPException(404, str(error)) from error
        headers = _FOR_EVER if "v" in request.query_params else _ASK_AGAIN
        return FileResponse(path, media_type=_TYPES[path.suffix], headers=headers)

    @router.get("/map/symbols.json")
    def symbols() -> dict[str, str]:
        return {row["kind"]: symbol_svg(row["kind"]) for row in read_table("symbols.csv")}

    return router
