"""The command ``convoi terrain fetch``."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.terrain.box import BOX, Box

if TYPE_CHECKING:
    from optimizer.terrain.fetch.homes import Homes
    from optimizer.terrain.fetch.run import Result

__all__ = ["fetch"]


@click.command()
@click.option(
    "--bbox",
    type=BOX,
    required=True,
    metavar="W,S,E,N",
    help="West, south, east, north in degrees, such as 1.4,42.4,1.8,42.7.",
)
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(["elevation", "landcover", "osm"]),
    help="What is not wanted. May be repeated.",
)
@click.option(
    "--extract",
    "extracts",
    multiple=True,
    metavar="ID",
    help="Extract of OpenStreetMap, such as andorra, instead of the choice. May be repeated.",
)
@click.option(
    "--sources",
    type=click.Path(path_type=Path),
    metavar="F.toml",
    help="Other homes, such as a mirror on the premises.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be fetched; write nothing.")
@click.option("--yes", "is_sure", is_flag=True, help="A large box is meant.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FOLDER",
    help="Folder to fill; nothing is written elsewhere.",
)
def fetch(
    *,
    bbox: Box,
    without: tuple[str, ...],
    extracts: tuple[str, ...],
    sources: Path | None,
    dry_run: bool,
    is_sure: bool,
    output: Path,
) -> None:
    """Get elevation, land cover and OpenStreetMap for a box from the internet.

    The only command that reaches beyond this machine, and only when it is typed: Copernicus GLO-30,
    ESA WorldCover and an extract of Geofabrik. What came is kept: the same call goes on where it
    was cut, and fetches nothing twice.
    """
    from optimizer.errors import OutsideError, UsageError
    from optimizer.terrain.fetch.homes import KINDS, read_homes

    kinds = tuple(kind for kind in KINDS if kind not in without)
    if not kinds:
        raise UsageError("--without leaves nothing to fetch")
    if extracts and "osm" not in kinds:
        raise UsageError("--extract names what --without osm leaves out; pass one of the two")
    homes = read_homes(sources)
    try:
        importlib.import_module("httpx2")
    except ModuleNotFoundError as error:
        raise OutsideError(
            "httpx2 is not installed: this needs the extra [api] of Convoi"
            " (pip install 'convoi[api]')"
        ) from error
    from optimizer.terrain.fetch import run
    from optimizer.terrain.fetch.folder import SOURCES
    from optimizer.terrain.fetch.transfer import Web

    request = run.Request(bbox, kinds, extracts, is_sure)
    if dry_run:
        with Web(tries=1) as web:
            found = run.look_ahead(request, homes, web, output)
        _list(found)
    else:
        with Web() as web:
            found = run.fetch(request, homes, web, output)
        fresh = len(found.needed) - len(found.here)
        size = sum(size or 0 for size in found.sizes.values())
        click.echo(
            f"{output}: {len(found.needed)} files, {size / 1e6:,.1f} MB;"
            f" {fresh} fetched, {len(found.here)} were there"
        )
        click.echo(f"sources and licences: {output / SOURCES}")
    for one in found.absent:
        click.echo(f"no tile {one.name}: sea, or not released", err=True)
    for remark in found.remarks:
        click.echo(f"warning: {remark}", err=True)
    if not dry_run:
        click.echo("next:")
        click.echo(_next(found, homes, bbox, output))


def _list(found: Result) -> None:
    for one in found.needed:
        size = found.sizes.get(one.name)
        known = "size unknown" if size is None else f"{size / 1e6:,.1f} MB"
        click.echo(f"{one.url}  {known}{'  (there)' if one.name in found.here else ''}")
    fresh = [one for one in found.needed if one.name not in found.here]
    told = [found.sizes.get(one.name) for one in fresh]
    total = sum(size or 0 for size in told) / 1e6
    unknown = sum(size is None for size in told)
    click.echo(
        f"{len(fresh)} files would be fetched, {total:,.1f} MB"
        + (f" and {unknown} of unknown size" if unknown else "")
    )


def _next(found: Result, homes: Homes, box: Box, folder: Path) -> str:
    """Return the command that builds a theatre of what was fetched."""
    options = {"elevation": "--dem", "landcover": "--landcover", "osm": "--osm"}
    words = [
        f"{options[one.home.kind]} {shlex.quote(str(folder / one.name))}" for one in found.needed
    ]
    if any(one.home.kind == "landcover" for one in found.needed) and homes["landcover"].legend:
        words.append(f"--legend {shlex.quote(homes['landcover'].legend)}")
    words.append(f"--bbox={','.join(f'{side:.10g}' for side in box)}")
    name = folder.resolve().name
    theatre = name if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name) else "ground"
    words.append(f"-o theatres/{theatre}")
    return " \\\n  ".join(["convoi terrain build", *words])
