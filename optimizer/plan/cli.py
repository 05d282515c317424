"""``convoi diff``: what changed between two plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from optimizer.faults import Language

__all__ = ["diff"]


@click.command()
@click.argument("before", metavar="PLAN_A.json", type=click.Path(path_type=Path))
@click.argument("after", metavar="PLAN_B.json", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Write the changes as JSON.")
def diff(
    before: Path,
    after: Path,
    lang: Language,
    as_json: bool,  # noqa: FBT001 - a flag of click
) -> None:
    """Tell what changed from PLAN_A to PLAN_B: convoys, demands, figures, and what was asked."""
    from optimizer.plan.diff import diff_plans
    from optimizer.plan.diff_text import diff_document, diff_text
    from optimizer.plan.read import load_plan

    found = diff_plans(load_plan(before), load_plan(after))
    if as_json:
        click.echo(json.dumps(diff_document(found), ensure_ascii=False, indent=2))
    else:
        click.echo(diff_text(found, lang), nl=False)
