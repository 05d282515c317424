"""The command ``convoi terrain synth``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["synth"]


@click.command()
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    required=True,
    metavar="N",
    help="Number of the ground: the same number gives the same ground.",
)
@click.option(
    "--size-km",
    type=click.FloatRange(min=1.0),
    required=True,
    metavar="N",
    help="Side of the square map in kilometres.",
)
@click.option(
    "--resolution",
    type=click.FloatRange(min=5.0),
    default=30.0,
    metavar="M",
    help="Side of a cell, by default 30 m.",
)
@click.option("--name", metavar="N", help="Name of the theatre, by default the folder's.")
@click.option("--replace", is_flag=True, help="Replace the theatre that stands there.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="THEATRE/",
    help="Folder to write.",
)
def synth(
    *, seed: int, size_km: float, resolution: float, name: str | None, replace: bool, output: Path
) -> None:
    """Make believable ground from a seed."""
    from optimizer.progress import progress
    from optimizer.terrain.synth.build import make_theatre

    with progress(f"Making {output.name}", 1.0) as advance:
        theatre = make_theatre(
            output,
            seed=seed,
            size_km=size_km,
            resolution_m=resolution,
            name=name,
            replace=replace,
            advance=advance,
        )
    m, s = theatre.manifest, theatre.manifest.statistics
    places = theatre.frame("places")["kind"].value_counts()
    settled = ", ".join(
        f"{places[kind]} {kind if places[kind] == 1 else plural}"
        for kind, plural in (
            ("city", "cities"),
            ("town", "towns"),
            ("village", "villages"),
            ("hamlet", "hamlets"),
        )
        if kind in places
    )
    click.echo(
        f"{theatre.folder}: {m.name}, {size_km:g} x {size_km:g} km,"
        f" {m.width} x {m.height} cells of {m.resolution_m:g} m, {m.crs}"
    )
    click.echo(f"places: {settled}")
    click.echo(f"roads: {s['road_km']} km; bridges: {s['bridges']}, fords: {s['ford_edges']}")
    click.echo(f"grades of edges, 95th percentile: {s['grade_p95_percent']} %")
    click.echo(f"digest {m.digest}")
