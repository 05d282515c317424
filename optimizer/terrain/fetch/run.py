"""Fetches what a box needs: looks what that is, asks how large it is, gets what is not there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from optimizer.errors import OutsideError, UsageError
from optimizer.progress import Shown, progress
from optimizer.terrain.box import Box
from optimizer.terrain.fetch.folder import Folder
from optimizer.terrain.fetch.homes import KINDS, Homes
from optimizer.terrain.fetch.survey import Needed, Survey, check_extent, survey, tiles_of
from optimizer.terrain.fetch.transfer import AbsentError, Web

__all__ = ["Request", "Result", "fetch", "look_ahead"]

#: Tiles, and bytes, beyond which it is asked whether that was meant.
_MANY_TILES = 25
_MUCH = 3e9


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Parameters
    ----------
    box : tuple of float
        West, south, east, north in degrees.
    kinds : tuple of str
        Some of `KINDS`.
    extracts : tuple of str
        Ids of extracts, instead of a choice.
    is_sure : bool
        Whether a large box is meant.
    """

    box: Box
    kinds: tuple[str, ...] = KINDS
    extracts: tuple[str, ...] = ()
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a folder holds, or would hold, for a box.

    Parameters
    ----------
    needed : tuple of Needed
        What the box needs and its homes have.
    absent : tuple of Needed
        Tiles that their homes do not have.
    sizes : dict of str to int or None
        By name: bytes; None where they are not known.
    here : frozenset of str
        Names of what was there already.
    remarks : tuple of str
        What the user should know.
    """

    needed: tuple[Needed, ...]
    absent: tuple[Needed, ...]
    sizes: dict[str, int | None]
    here: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()


def _now() -> datetime:
    return datetime.now(UTC)


def look_ahead(request: Request, homes: Homes, web: Web, path: Path) -> Result:
    """Find out what would be fetched, without writing anything.

    Parameters
    ----------
    request : Request
        What is asked for.
    homes : dict of str to Home
        Where things live.
    web : Web
        Asks for catalogues and sizes; where that fails, sizes are unknown and a remark says so.
    path : Path
        Folder where it would stand.

    Returns
    -------
    Result
        What the box needs.
    """
    check_extent(request.box)
    folder = Folder(path, _now)
    remarks: list[str] = []
    sizes: dict[str, int | None] = {}
    try:
        found = survey(
            homes, request.box, request.kinds, folder.catalogues(web, keep=False), request.extracts
        )
        here = folder.standing(found.needed)
        found, asked = _sizes(found, here, web, folder.record.absent)
        sizes |= asked
    except OutsideError as error:
        remarks.append(f"not everything could be asked: {error}")
        found = Survey(tuple(_all_tiles(request, homes)))
        here = folder.standing(found.needed)
        if "osm" in request.kinds:
            index = homes["osm"].url(homes["osm"].catalogue)
            remarks.append(f"which extract of OpenStreetMap holds the box stands in {index}")
    return Result(
        needed=found.needed,
        absent=found.absent,
        sizes={**sizes, **here},
        here=frozenset(here),
        remarks=(*found.remarks, *remarks),
    )


def fetch(
    request: Request,
    homes: Homes,
    web: Web,
    path: Path,
    *,
    shown: Shown = progress,
    now: Callable[[], datetime] = _now,
) -> Result:
    """Fetch what a box needs.

    Parameters
    ----------
    request : Request
        What is asked for.
    homes : dict of str to Home
        Where things live.
    web : Web
        Gets them.
    path : Path
        Folder where they are to stand; nothing is written elsewhere.
    shown : callable
        Shows how far it is.
    now : callable
        Gives the time that is noted.

    Returns
    -------
    Result
        What the folder holds for the box.

    Raises
    ------
    UsageError
        If the box is too large, or so large that it must be confirmed, or all sea.
    OutsideError
        If something could not be had; what was had stays, and is not fetched again.
    """
    check_extent(request.box)
    _confirm_tiles(request, homes)
    folder = Folder(path, now)
    found = survey(
        homes, request.box, request.kinds, folder.catalogues(web, keep=True), request.extracts
    )
    here = folder.standing(found.needed)
    found, asked = _sizes(found, here, web, folder.record.absent)
    if "elevation" in request.kinds and not any(o.home.kind == "elevation" for o in found.needed):
        raise UsageError(
            f"there is no elevation for the box {','.join(map(str, request.box))}: it is all sea,"
            " or ground that is not released; pass --without elevation, or another box"
        )
    missing = [one for one in found.needed if one.name not in here]
    total = sum(asked[one.name] or one.home.typical_mb * 1e6 for one in missing)
    _confirm_bytes(request, total, len(missing), path)
    if missing:
        files = f"{len(missing)} file{'s' if len(missing) > 1 else ''}"
        with shown(f"Fetching {files}, {total / 1e6:,.0f} MB", total) as advance:
            for one in missing:
                folder.get(one, web, advance)
    folder.close(found.absent, homes)
    return Result(
        needed=found.needed,
        absent=found.absent,
        sizes={one.name: folder.record.files[one.name].bytes for one in found.needed},
        here=frozenset(here),
        remarks=(*found.remarks, *folder.remarks),
    )


def _all_tiles(request: Request, homes: Homes) -> list[Needed]:
    kinds = [kind for kind in request.kinds if kind != "osm"]
    return [tile for kind in kinds for tile in tiles_of(homes[kind], request.box)]


def _confirm_tiles(request: Request, homes: Homes) -> None:
    tiles = _all_tiles(request, homes)
    if len(tiles) > _MANY_TILES and not request.is_sure:
        guess = sum(one.home.typical_mb for one in tiles) / 1e3
        raise UsageError(
            f"the box needs {len(tiles)} tiles, about {guess:.1f} GB, besides OpenStreetMap: if"
            " that is meant, pass --yes; --dry-run lists them"
        )


def _confirm_bytes(request: Request, total: float, files: int, path: Path) -> None:
    if total > _MUCH and not request.is_sure:
        raise UsageError(
            f"{files} files of {total / 1e9:.1f} GB would be fetched: if that is meant, pass --yes;"
            " --dry-run lists them, --extract names a smaller extract of OpenStreetMap"
        )
    stands = next(one for one in (path, *path.absolute().parents) if one.is_dir())
    free = shutil.disk_usage(stands).free
    if total > free:
        raise OutsideError(
            f"{path} has room for {free / 1e9:.1f} GB; {total / 1e9:.1f} GB would be fetched"
        )


def _sizes(
    found: Survey, here: dict[str, int], web: Web, known_absent: Sequence[str]
) -> tuple[Survey, dict[str, int | None]]:
    """Ask for the sizes of what is not here; part from the rest what its home does not have."""
    sizes: dict[str, int | None] = {}
    absent = list(found.absent)
    # Elevation stands before land cover: where it has a tile there is land.
    for one in found.needed:
        if one.name in here:
            continue
        if one.name in known_absent and not one.is_listed:
            absent.append(one)
            continue
        try:
            sizes[one.name] = web.size(one.url)
        except AbsentError as error:
            if not _may_be_absent(one, found.needed, absent):
                raise OutsideError(f"{error}, and it should be there") from error
            absent.append(one)
    needed = tuple(one for one in found.needed if one not in absent)
    return replace(found, needed=needed, absent=tuple(absent)), sizes


def _may_be_absent(one: Needed, needed: Sequence[Needed], absent: Sequence[Needed]) -> bool:
    """Tell whether a tile may be sea: no catalogue names it, and no elevation stands on it."""
    if one.is_listed or one.tile is None:
        return False
    if one.home.kind == "elevation":
        return True
    under = [
        other
        for other in {*needed, *absent}
        if other.home.kind == "elevation"
        and other.tile is not None
        and other.tile.overlaps(one.tile.box)
    ]
    return bool(under) and all(other in absent for other in under)
