"""The command ``convoi matrix``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from optimizer.errors import UsageError

__all__ = ["matrix"]

_SUFFIXES = (".json", ".csv")


@click.command()
@click.argument("file", metavar="SCENARIO", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="F.json|F.csv",
    type=click.Path(path_type=Path),
    help="Where to write the matrices; the suffix decides the form.",
)
@click.option(
    "--criterion",
    type=click.Choice(["time", "distance", "fuel", "exposure"]),
    help="What paths are best for.  [default: that of the scenario's rules]",
)
@click.option(
    "--theatre",
    type=click.Path(path_type=Path),
    metavar="T/",
    help="Folder of the theatre, instead of looking for it by name.",
)
def matrix(*, file: Path, output: Path, criterion: str | None, theatre: Path | None) -> None:
    """Write time, distance, fuel and exposure between all sites.

    One matrix for each kind of convoy: its mobility classes and its limits of load class, weight,
    height and width. Times are without the scenario's contingency. A pair without a way is null, or
    empty in CSV, and says why.
    """
    from optimizer.files import check_target, write_text
    from optimizer.network.matrices import matrices_csv, matrices_document, matrices_on
    from optimizer.network.mesh.store import default_store
    from optimizer.network.of_scenario import ground_of
    from optimizer.scenario.model import Criterion
    from optimizer.scenario.read import load_scenario
    from optimizer.terrain.theatre import theatre_of

    if output.suffix.lower() not in _SUFFIXES:
        raise UsageError(f"{output}: name a file that ends in {' or '.join(_SUFFIXES)}")
    check_target(output, file)
    scenario = load_scenario(file)
    chosen = Criterion(criterion) if criterion else scenario.rules.criterion
    found = theatre_of(scenario, theatre, beside=file.parent)
    ground = ground_of(scenario, found, store=default_store())
    told = matrices_on(scenario, ground, chosen)
    if output.suffix.lower() == ".csv":
        write_text(output, matrices_csv(told))
    else:
        document = matrices_document(scenario, told, chosen)
        write_text(output, json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
    apart = sum(len(m.unreachable) for m in told.values())
    click.echo(
        f"{len(told)} {'matrix' if len(told) == 1 else 'matrices'} of {len(scenario.sites)} sites"
        f" by {chosen.value} in {output}; {apart} pairs without a way"
    )
