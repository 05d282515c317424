"""``convoi verify``: exit 0 if a plan keeps all rules, 1 if it breaks one, 2 if not proved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from optimizer.faults import Language
    from optimizer.plan.model import Plan
    from optimizer.terrain.theatre import Theatre
    from optimizer.verify import Violation

__all__ = ["verify"]

_WORDS = {
    True: {
        "en": "The plan keeps every rule.",
        "fr": "Le plan respecte toutes les règles.",
    },
    False: {
        "en": "The plan breaks rules. Violations: {broken}.",
        "fr": "Le plan enfreint des règles. Infractions : {broken}.",
    },
    None: {
        "en": "What could be checked keeps every rule, but the plan is not proved.",
        "fr": "Ce qui a pu être contrôlé respecte les règles, mais le plan n'est pas prouvé.",
    },
}


@click.command()
@click.argument("plan_file", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.option(
    "--scenario",
    "scenario_file",
    type=click.Path(path_type=Path),
    help="Scenario that the plan must answer; by default the one inside the plan.",
)
@click.option(
    "--parent",
    "parent_file",
    type=click.Path(path_type=Path),
    metavar="OLD.json",
    help="Plan that it goes on from, to compare what was driven before it was made.",
)
@click.option(
    "--theatre",
    "theatre_folder",
    type=click.Path(path_type=Path),
    help="Folder of the theatre; by default it is found by name and digest.",
)
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Write the violations as JSON.")
@click.pass_context
def verify(
    context: click.Context,
    *,
    plan_file: Path,
    scenario_file: Path | None,
    parent_file: Path | None,
    theatre_folder: Path | None,
    lang: Language,
    as_json: bool,
) -> None:
    """Recompute a plan and name everything in it that breaks a rule.

    Exit code 0: every rule was checked and holds. 1: a rule is broken. 2: no rule is known to be
    broken, but not all could be checked, or a file is wrong.
    """
    from optimizer.plan.read import load_plan
    from optimizer.progress import progress
    from optimizer.scenario.read import load_scenario
    from optimizer.terrain.planned import raster_named, with_raster
    from optimizer.verify import proved
    from optimizer.verify import verify as find_violations

    plan = load_plan(plan_file)
    scenario = None if scenario_file is None else load_scenario(scenario_file)
    parent = None if parent_file is None else load_plan(parent_file)
    asked = plan.scenario if scenario is None else scenario
    theatre = _theatre(plan, theatre_folder)
    folder = (plan_file if scenario_file is None else scenario_file).parent
    if theatre is not None and (folder / (raster_named(asked) or "")).is_file():
        theatre = with_raster(theatre, asked, folder)
    with progress("Verifying the plan"):
        found = find_violations(plan, theatre, scenario, parent)
    verdict = proved(found)
    if as_json:
        click.echo(
            json.dumps(_document(verdict=verdict, found=found), ensure_ascii=False, indent=2)
        )
    else:
        for violation in found:
            place = violation.pointer or "/"
            click.echo(f"{place}: {violation.text(lang)} [{violation.code}]")
        click.echo(_WORDS[verdict][lang].format(broken=len(found)))
    context.exit({True: 0, False: 1, None: 2}[verdict])


def _theatre(plan: Plan, folder: Path | None) -> Theatre | None:
    from optimizer.terrain.theatre import Theatre, find_theatre

    if folder is not None:
        return Theatre.open(folder)
    if plan.theatre is None:
        return None
    return find_theatre(plan.theatre.name, plan.theatre.digest)


def _document(*, verdict: bool | None, found: tuple[Violation, ...]) -> dict[str, object]:
    return {
        "proved": verdict,
        "violations": [
            {
                "code": violation.code,
                "severity": violation.severity.value,
                "pointer": violation.pointer,
                "params": dict(violation.params),
                "text": {lang: violation.text(lang) for lang in ("en", "fr")},
            }
            for violation in found
        ],
    }
