"""The command ``convoi scenario generate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from optimizer.terrain.theatre import Theatre

__all__ = ["generate"]


@click.command()
@click.option("--theatre", required=True, metavar="T", help="Name of a theatre, or its folder.")
@click.option("--sites", type=int, required=True, help="Sites besides the bases.")
@click.option("--vehicles", type=int, required=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--tightness",
    type=float,
    default=0.7,
    show_default=True,
    help="What is demanded over what the fleet can carry; above 1 something stays undelivered.",
)
@click.option("--bases", type=int, help="By default 1, or 2 from 25 sites on.")
@click.option("--horizon-h", type=float, default=18.0, show_default=True)
@click.option(
    "--off-road",
    type=float,
    default=0.15,
    show_default=True,
    help="Share of the sites that stand beside the roads.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Scenario to write, .yaml or .json.",
)
def generate(
    *,
    theatre: str,
    sites: int,
    vehicles: int,
    seed: int,
    tightness: float,
    bases: int | None,
    horizon_h: float,
    off_road: float,
    output: Path,
) -> None:
    """Make a scenario of any size on a theatre; the same call makes the same scenario."""
    from optimizer.files import check_target
    from optimizer.generate.generate import generate_scenario
    from optimizer.generate.tightness import tightness as measured
    from optimizer.generate.wish import Wish
    from optimizer.progress import progress
    from optimizer.scenario.write import dump_scenario

    wish = Wish(
        sites=sites,
        vehicles=vehicles,
        seed=seed,
        tightness=tightness,
        bases=bases,
        horizon_h=horizon_h,
        off_road_share=off_road,
    )
    check_target(output)
    with progress("Making the scenario"):
        scenario = generate_scenario(_theatre(theatre), wish)
    dump_scenario(scenario, output)
    counted = (
        _counted(sites, "site"),
        _counted(len(scenario.bases), "base"),
        _counted(len(scenario.demands), "demand"),
        _counted(vehicles, "vehicle"),
    )
    click.echo(f"{output}: {', '.join(counted)}, tightness {measured(scenario):.2f}")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _theatre(name: str) -> Theatre:
    from optimizer.datasets import theatre_roots
    from optimizer.errors import UsageError
    from optimizer.terrain.theatre import Theatre, find_theatre

    if Path(name).is_dir():
        return Theatre.open(name)
    found = find_theatre(name)
    if found is None:
        looked = ", ".join(str(root) for root in theatre_roots())
        raise UsageError(f"{name!r} is no folder and no theatre of that name is in {looked}")
    return found
