"""The command ``convoi terrain build``."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.terrain.box import BOX

__all__ = ["build"]

_FILE = click.Path(path_type=Path)


@click.command()
@click.option(
    "--osm",
    type=_FILE,
    multiple=True,
    metavar="F",
    help="OpenStreetMap extract: .osm.pbf, .osm.gz, .osm. May be repeated.",
)
@click.option(
    "--dem",
    type=_FILE,
    multiple=True,
    metavar="F",
    help="Elevation: .hgt, .hgt.zip or GeoTIFF. May be repeated; the first wins in overlaps.",
)
@click.option(
    "--landcover",
    type=_FILE,
    multiple=True,
    metavar="F",
    help="Land cover raster (GeoTIFF). May be repeated; the first wins in overlaps.",
)
@click.option(
    "--legend",
    metavar="NAME",
    help="What its codes mean: theatre, nlcd, nlcd-level1, worldcover, esri, corine, corine-grid.",
)
@click.option(
    "--bbox",
    type=BOX,
    metavar="W,S,E,N",
    help="What of the ground is wanted, in degrees; by default all of it.",
)
@click.option("--resolution", type=float, metavar="M", help="Side of a cell, by default 30 m.")
@click.option("--name", metavar="N", help="Name of the theatre, by default that of the folder.")
@click.option("--replace", is_flag=True, help="Replace the theatre that stands there.")
@click.option(
    "-o", "--output", type=_FILE, required=True, metavar="THEATRE/", help="Folder to write."
)
def build(
    *,
    osm: tuple[Path, ...],
    dem: tuple[Path, ...],
    landcover: tuple[Path, ...],
    legend: str | None,
    bbox: tuple[float, float, float, float] | None,
    resolution: float | None,
    name: str | None,
    output: Path,
    replace: bool,
) -> None:
    """Build a theatre from OpenStreetMap, elevation, or both."""
    from optimizer.errors import UsageError
    from optimizer.progress import progress
    from optimizer.terrain.build.assemble import STEPS, build_theatre
    from optimizer.terrain.build.statistics import summary
    from optimizer.terrain.write import check_target

    if legend is not None and not landcover:
        raise UsageError("--legend says what the codes of --landcover mean; pass both")
    check_target(output, replace=replace)
    with progress(f"Building {output.name}", STEPS) as advance:
        built = build_theatre(
            output,
            osm=osm,
            dem=dem,
            land=landcover,
            legend=legend,
            box=bbox,
            resolution_m=resolution,
            name=name,
            replace=replace,
            advance=advance,
        )
    for warning in built.warnings:
        click.echo(f"warning: {warning}", err=True)
    for line in summary(built.theatre):
        click.echo(line)
