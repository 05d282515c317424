"""The commands of this room: ``convoi brief`` and ``convoi export``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.facts.release import Release
    from optimizer.faults import Language
    from optimizer.plan.model import Plan
    from optimizer.terrain.theatre import Theatre

__all__ = ["brief", "export"]

# Said here once more, so that `convoi brief --help` imports nothing; a test compares.
DOCUMENTS = ("movement-order", "convoy-card", "decision-note")
BRIEF_FORMATS = ("md", "html", "pdf")
WRITERS = ("bank",)
EXPORT_FORMATS = ("geojson",)
LAYERS = ("sites", "routes", "areas", "changes")

# The endings of names under which Markdown, which is plain text, opens well.
PLAIN_TEXT = ("", "txt", "text", "markdown")


def _one_of(option: str, given: str, known: Sequence[str]) -> str:
    if given in known:
        return given
    there = " and ".join(known) if len(known) > 1 else f"{known[0]} alone"
    raise UsageError(f"{option} {given!r} does not exist; this version has {there}")


def _check_output(output: str, plan_file: Path, form: str) -> None:
    """Refuse a file that cannot be written before any work is done for it."""
    if output != "-":
        from optimizer.files import check_target

        check_target(Path(output), plan_file)
    elif form == "pdf" and sys.stdout.isatty():
        raise UsageError("a PDF is not for a terminal: name a file with -o, or pipe it on")


def _deliver(content: bytes, output: str) -> None:
    if output == "-":
        click.echo(content, nl=False)
        return
    from optimizer.files import write_bytes

    write_bytes(Path(output), content)


def _form(given: str | None, output: str) -> str:
    """Return the format asked for, or the one that the name of the file ends with."""
    if given is not None:
        return _one_of("--format", given, BRIEF_FORMATS)
    ending = Path(output).suffix.removeprefix(".").lower()
    if ending in BRIEF_FORMATS:
        return ending
    if ending not in PLAIN_TEXT:
        raise UsageError(
            f"{output}: a document is written as {', '.join(BRIEF_FORMATS)}; end the name with one"
            " of these, or state --format"
        )
    return BRIEF_FORMATS[0]


def _theatre(plan: Plan, folder: Path | None) -> Theatre | None:
    """Return the ground of a plan, from a folder or where it is found by name and digest."""
    if plan.theatre is None:
        return None
    from optimizer.terrain.theatre import Theatre, find_theatre

    name, digest = plan.theatre.name, plan.theatre.digest
    if folder is None:
        found = find_theatre(name, digest)
        if found is None:
            click.echo(
                f"theatre {name} ({digest[:12]}...) is not here: pictures have no relief; name its"
                " folder with --theatre",
                err=True,
            )
        return found
    found = Theatre.open(folder)
    if found.manifest.digest != digest:
        raise UsageError(
            f"{folder} holds theatre {found.manifest.name!r} with digest"
            f" {found.manifest.digest[:12]}...; the plan was made on {name!r} with digest"
            f" {digest[:12]}..."
        )
    return found


def _release(name: str | None, at: str | None) -> Release | None:
    """Return who released a document and when, None for a draft."""
    if name is None:
        if at is not None:
            raise UsageError("--released-at goes with --released-by")
        return None
    from briefing.facts.release import Release

    try:
        return Release(name, datetime.fromisoformat(at) if at else datetime.now(UTC))
    except ValueError as error:
        raise UsageError(
            f"--released-by {name!r} at {at or 'now'!r}: {error}; right is a name, and a time such"
            " as 2026-06-15T04:30+02:00"
        ) from error


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
    metavar="FORMAT",
    help=f"How to write it: {', '.join(BRIEF_FORMATS)}; by default as the file's name ends.",
)
@click.option(
    "--write",
    "writer",
    default="bank",
    show_default=True,
    metavar="WRITER",
    help=f"Who words it: {', '.join(WRITERS)} (the phrase bank alone).",
)
@click.option(
    "--theatre",
    "theatre_folder",
    type=click.Path(path_type=Path),
    help="Folder of the theatre; by default it is found by name and digest.",
)
@click.option(
    "--before",
    "before_file",
    metavar="PLAN.json",
    type=click.Path(path_type=Path),
    help="Plan to compare with; the decision note tells what changed.",
)
@click.option(
    "--released-by", metavar="NAME", help="Who releases the document; until then it is a draft."
)
@click.option(
    "--released-at",
    metavar="TIME",
    help="When, as ISO 8601 with offset; by default now.",
)
@_output
def brief(
    *,
    plan_file: Path,
    document: str,
    lang: Language,
    form: str | None,
    writer: str,
    theatre_folder: Path | None,
    before_file: Path | None,
    released_by: str | None,
    released_at: str | None,
    output: str,
) -> None:
    """Write a document of a plan that people act on, in English or French."""
    _one_of("--document", document, DOCUMENTS)
    _one_of("--write", writer, WRITERS)
    chosen = _form(form, output)
    _check_output(output, plan_file, chosen)
    release = _release(released_by, released_at)
    from briefing.write import write
    from optimizer.plan.read import load_plan

    plan = load_plan(plan_file)
    before = None if before_file is None else load_plan(before_file)
    written = write(
        plan,
        document=document,
        language=lang,
        form=chosen,
        release=release,
        before=before,
        theatre=_theatre(plan, theatre_folder),
    )
    _deliver(written.content, output)


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
    _check_output(output, plan_file, form)
    from briefing.facts import facts_of
    from briefing.render.geojson import geojson_text
    from optimizer.plan.read import load_plan

    plan = load_plan(plan_file)
    _deliver(geojson_text(plan, facts_of(plan), layer).encode("utf-8"), output)
