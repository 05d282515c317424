"""The command ``convoi terrain critical``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.errors import UsageError

if TYPE_CHECKING:
    from optimizer.faults import Language

__all__ = ["critical"]

_SUFFIXES = (".geojson", ".csv", ".json")


@click.command()
@click.argument("file", metavar="SCENARIO", type=click.Path(path_type=Path))
@click.option(
    "--class",
    "mobility",
    multiple=True,
    metavar="C",
    help="Of convoys with this mobility class only; repeat it for several.  [default: all convoys]",
)
@click.option("--bridges", "bridges_only", is_flag=True, help="Close bridges only.")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    metavar="N",
    help="Tell the worst N only.  [default: 10 on a terminal, all in files and with --json]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="F",
    help="Also write the roads (.geojson), each road and pair (.csv) or all (.json).",
)
@click.option(
    "--at",
    "clock",
    metavar="TIME",
    help="When to ask, where areas or changes hold by the hour; otherwise all of them do.",
)
@click.option(
    "--theatre",
    "folder",
    type=click.Path(path_type=Path),
    metavar="T/",
    help="Folder of the theatre, instead of looking for it by name.",
)
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True)
def critical(
    *,
    file: Path,
    mobility: tuple[str, ...],
    bridges_only: bool,
    most: int | None,
    as_json: bool,
    output: Path | None,
    folder: Path | None,
    clock: str | None,
    lang: Language,
) -> None:
    """Tell which roads and bridges cost most if lost.

    For each kind of convoy every road on a best path by time is closed, one at a time, and each
    pair of sites loses time or its way. The worst is what cuts most pairs off, then what costs
    most time in all.
    """
    import json

    from optimizer.files import check_target, write_text
    from optimizer.network.critical.ask import ask
    from optimizer.network.critical.report import csv_text, document, geojson, table
    from optimizer.network.from_theatre import TheatreGround
    from optimizer.network.mesh.store import default_store
    from optimizer.scenario.hours import scenario_at
    from optimizer.scenario.read import load_scenario
    from optimizer.terrain.tables import mobility_class
    from optimizer.terrain.theatre import theatre_of

    if output is not None:
        if output.suffix.lower() not in _SUFFIXES:
            raise UsageError(f"{output}: name a file that ends in {', '.join(_SUFFIXES)}")
        check_target(output, file)
    for name in mobility:
        mobility_class(name)
    scenario = scenario_at(load_scenario(file), clock)
    theatre = theatre_of(scenario, folder, beside=file.parent)
    if theatre is None:
        raise UsageError(f"{file} has matrices of its own and no roads; name one with a theatre")
    ground = TheatreGround(scenario, theatre, store=default_store())
    found = ask(ground, scenario, mobility, bridges_only=bridges_only)
    roads = ground.layers.roads
    if output is not None:
        kind = output.suffix.lower()
        if kind == ".geojson":
            text = geojson(found, roads, theatre, most)
        elif kind == ".json":
            told = document(found, scenario, roads, theatre, most)
            text = json.dumps(told, ensure_ascii=False) + "\n"
        else:
            text = csv_text(found, roads, most)
        write_text(output, text)
    if as_json:
        click.echo(json.dumps(document(found, scenario, roads, theatre, most), ensure_ascii=False))
    else:
        click.echo(table(found, scenario, roads, theatre, most=most or 10, lang=lang))
        if output is not None:
            click.echo(("\nÉcrit : " if lang == "fr" else "\nWritten: ") + str(output))
