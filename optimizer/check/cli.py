"""The command ``convoi scenario check``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from optimizer.faults import Language

__all__ = ["check"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--lang", "language", type=click.Choice(["en", "fr"]), default="en", show_default=True
)
@click.option("--json", "for_program", is_flag=True, help="Write one JSON object.")
@click.option("--no-ground", is_flag=True, help="Check the document alone.")
@click.option(
    "--theatre",
    type=click.Path(path_type=Path),
    metavar="T/",
    help="Folder of the theatre, instead of looking for it by name.",
)
@click.pass_context
def check(
    context: click.Context,
    *,
    file: Path,
    language: Language,
    for_program: bool,
    no_ground: bool,
    theatre: Path | None,
) -> None:
    """Tell every fault and warning of a scenario, where it stands and how to mend it.

    Exit code 0 without faults (warnings are none), 1 with faults, 2 if the file cannot be read.
    """
    from optimizer.check.check import check_file
    from optimizer.check.report import as_json, as_lines
    from optimizer.network.mesh.store import default_store
    from optimizer.progress import progress

    with progress("Checking the scenario"):
        report = check_file(file, ground=not no_ground, theatre=theatre, store=default_store())
    if for_program:
        click.echo(json.dumps(as_json(report), ensure_ascii=False, indent=2))
    else:
        for line in as_lines(report, language):
            click.echo(line)
    if report.errors:
        context.exit(1)
