"""The commands of this room: ``convoi brief`` and ``convoi export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.faults import Language

__all__ = ["brief", "export"]

DOCUMENTS = ("movement-order",)
BRIEF_FORMATS = ("md",)
WRITERS = ("bank",)
EXPORT_FORMATS = ("geojson",)
LAYERS = ("sites", "routes", "areas", "changes")


def _one_of(option: str, given: str, known: Sequence[str]) -> str:
    if given in known:
        return given
    there = " and ".join(known) if len(known) > 1 else f"{known[0]} alone"
    raise UsageError(f"{option} {given!r} does not exist; this version has {there}")


def _deliver(text: str, output: str, plan_file: Path) -> None:
    if output == "-":
        click.echo(text.encode("utf-8"), nl=False)
        return
    from optimizer.files import check_target, write_text

    path = Path(output)
    check_target(path, plan_file)
    write_text(path, text)


_plan = click.argument("plan_file", metavar="PLAN.json", type=click.Path(path_type=Path))
_output = click.option(
    "-o", "--output", default="-", show_default=True, help="File to write; - is standard output."
)


@click.command()
@_plan
@click.option(
    "--document",
    default="movement-order",
    show_default=True,
    metavar="KIND",
    help=f"What to write: {', '.join(DOCUMENTS)}.",
)
@click.option(
    "--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="Language."
)
@click.option(
    "--format",
    "form",
    default="md",
    show_default=True,
    metavar="FORMAT",
    help=f"How to write it: {', '.join(BRIEF_FORMATS)}.",
)
@click.option(
    "--write",
    "writer",
    default="bank",
    show_default=True,
    metavar="WRITER",
    help=f"Who words it: {', '.join(WRITERS)} (the phrase bank alone).",
)
@_output
def brief(
    *, plan_file: Path, document: str, lang: Language, form: str, writer: str, output: str
) -> None:
    """Write a document of a plan that people act on, in English or French."""
    _one_of("--document", document, DOCUMENTS)
    _one_of("--format", form, BRIEF_FORMATS)
    _one_of("--write", writer, WRITERS)
    from briefing.documents.movement_order import movement_order
    from briefing.facts import facts_of
    from briefing.render.markdown import to_markdown
    from briefing.wording import voice
    from optimizer.plan.read import load_plan

    plan = load_plan(plan_file)
    spoken = voice(lang, plan.scenario.display_zone)
    _deliver(to_markdown(movement_order(facts_of(plan)), spoken), output, plan_file)


@click.command()
@_plan
@click.option(
    "--format",
    "form",
    default="geojson",
    show_default=True,
    metavar="FORMAT",
    help=f"What to write: {', '.join(EXPORT_FORMATS)}.",
)
@click.option(
    "--layer", type=click.Choice(LAYERS), help="One layer alone; by default all in one file."
)
@_output
def export(*, plan_file: Path, form: str, layer: str | None, output: str) -> None:
    """Write a plan as map layers for the tools that people already own."""
    _one_of("--format", form, EXPORT_FORMATS)
    from briefing.facts import facts_of
    from briefing.render.geojson import geojson_text
    from optimizer.plan.read import load_plan

    plan = load_plan(plan_file)
    _deliver(geojson_text(plan, facts_of(plan), layer), output, plan_file)
