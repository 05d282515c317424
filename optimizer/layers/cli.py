"""The commands ``convoi scenario export`` and ``convoi scenario import``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from optimizer.faults import Language
    from optimizer.scenario.model import Area, Change

__all__ = ["export_layers", "import_layers"]


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="GeoPackage to write, .gpkg.",
)
def export_layers(*, file: Path, output: Path) -> None:
    """Write areas and changes of a scenario as layers that QGIS opens and edits.

    The layer areas holds polygons, the layer changes points; each field is a column.
    """
    from optimizer.layers.write import write_layers
    from optimizer.scenario.read import load_scenario

    scenario = load_scenario(file)
    write_layers(scenario, output)
    areas, changes = len(scenario.areas), len(scenario.changes)
    click.echo(f"{output}: {_counted(areas, 'area')}, {_counted(changes, 'change')}")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("layers", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Scenario to write, .yaml or .json.",
)
@click.option(
    "--lang", "language", type=click.Choice(["en", "fr"]), default="en", show_default=True
)
def import_layers(*, file: Path, layers: Path, output: Path, language: Language) -> None:
    """Put the layers areas and changes of a GeoPackage in place of those of a scenario.

    A layer that is not in the GeoPackage leaves its part as it is. Exit code 1 if something in the
    layers is wrong; then nothing is written.
    """
    from optimizer.errors import RefusedError
    from optimizer.files import check_target
    from optimizer.layers.read import read_layers
    from optimizer.layers.replace import with_layers
    from optimizer.layers.told import as_line
    from optimizer.scenario.read import load_scenario
    from optimizer.scenario.write import dump_scenario

    check_target(output, file)
    before = load_scenario(file)
    drawn = read_layers(layers)
    after, complaints = with_layers(before, drawn)
    if after is None:
        raise RefusedError("\n".join(as_line(told, layers, language) for told in complaints))
    dump_scenario(after, output)
    for name, old, new in (
        ("areas", before.areas, after.areas),
        ("changes", before.changes, after.changes),
    ):
        told = _difference(old, new) if name in drawn.entries else f"as in {file}"
        click.echo(f"{output}: {name}: {told}")


def _difference(before: Sequence[Area | Change], after: Sequence[Area | Change]) -> str:
    old, new = ({entry.id: entry for entry in entries} for entries in (before, after))
    kept = sum(old.get(name) == entry for name, entry in new.items())
    added, removed = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    changed = len(new) - kept - added
    return f"{kept} as before, {changed} changed, {added} new, {removed} removed"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
