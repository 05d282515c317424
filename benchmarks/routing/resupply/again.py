"""A plan that goes on from the one before, after a road is lost, beside one that is made anew.

Run as ``python -m benchmarks.routing.resupply.again RECIPE --closures 10 --time-limit 10``. The
ways over the new ground are computed before the time counts, for both alike.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from benchmarks.routing.resupply.given import wish_of
from benchmarks.routing.resupply.levels import decided, levels_of
from benchmarks.routing.resupply.ours import WORKERS
from optimizer.errors import NotFoundError
from optimizer.generate.generate import generate_scenario
from optimizer.network.mesh.store import default_store
from optimizer.network.of_scenario import ground_of
from optimizer.plan.model import Plan, RoadPart
from optimizer.routing import Parent, SolveOptions, solve
from optimizer.scenario.model import Change, ChangeKind, Scenario
from optimizer.terrain.theatre import Theatre, find_theatre
from optimizer.verify import verify

__all__ = ["Line", "compared", "main", "roads_of", "without"]

#: Part of the time of the plan that is made anew which the other gets.
SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one closure.

    Parameters
    ----------
    name : str
        Name of the recipe.
    road : str
        Road that is lost.
    seed : int
        Seed of both.
    warm_s, cold_s : float
        Time limit of the plan that goes on, and of the one that is made anew.
    level : str
        The first level that differs, or ``tie``.
    better : str
        ``warm``, ``cold`` or ``tie``.
    warm, cold : dict of str to float
        Levels in their order.
    """

    name: str
    road: str
    seed: int
    warm_s: float
    cold_s: float
    level: str
    better: str
    warm: dict[str, float]
    cold: dict[str, float]


def roads_of(plan: Plan) -> list[str]:
    """Return the roads that a plan drives on.

    Parameters
    ----------
    plan : Plan
        Plan over a theatre.

    Returns
    -------
    list of str
        Ids, in order.
    """
    legs = (leg for route in plan.routes for trip in route.trips for leg in trip.legs)
    parts = (part for leg in legs if leg.path is not None for part in leg.path.parts)
    return sorted({part.edge for part in parts if isinstance(part, RoadPart)})


def without(scenario: Scenario, road: str) -> Scenario:
    """Return a scenario in which a road is cut.

    Parameters
    ----------
    scenario : Scenario
        Scenario over a theatre.
    road : str
        Id of the road.

    Returns
    -------
    Scenario
        With one change more.
    """
    cut = Change(id=f"cut-{road}", kind=ChangeKind.ROAD_CUT, road=road)
    return scenario.model_copy(update={"changes": (*scenario.changes, cut)})


def compared(
    name: str, scenario: Scenario, theatre: Theatre, before: Plan, line: tuple[str, int, float]
) -> Line:
    """Plan after the loss of a road in both ways.

    Parameters
    ----------
    name : str
        Name of the recipe.
    scenario : Scenario
        What was asked for.
    theatre : Theatre
        Its ground.
    before : Plan
        The plan before.
    line : tuple of str, int and float
        The road, the seed, and the time limit of the plan that is made anew.

    Returns
    -------
    Line
        What came of it; both plans were verified.
    """
    road, seed, cold_s = line
    warm_s = SHARE * cold_s
    cut = without(scenario, road)
    ground = ground_of(cut, theatre, store=default_store())

    def planned(seconds: float, parent: Parent | None) -> Plan:
        options = SolveOptions(seed=seed, time_limit_s=seconds, workers=WORKERS)
        plan = solve(cut, ground, options=options, parent=parent)
        broken = verify(plan, theatre)
        if broken:
            raise AssertionError(f"{name} without {road}: {broken[0].text('en')}")
        return plan

    # The first to ask makes the ways; for neither do they count.
    warm = levels_of(cut, planned(warm_s, Parent(before)))
    cold = levels_of(cut, planned(cold_s, None))
    level, sign = decided(warm, cold)
    better = {-1: "warm", 0: "tie", 1: "cold"}[sign]
    return Line(name, road, seed, warm_s, cold_s, level, better, warm, cold)


@click.command()
@click.argument("recipes", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--closures", type=int, default=10, show_default=True)
@click.option("--time-limit", type=float, default=10.0, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File of JSON lines.")
def main(
    *, recipes: tuple[Path, ...], closures: int, time_limit: float, seed: int, out: Path | None
) -> None:
    """Lose one road after the other of a plan, and plan again in both ways."""
    lines: list[Line] = []
    for recipe in recipes:
        name, wish = wish_of(recipe)
        theatre = find_theatre(name)
        if theatre is None:
            raise NotFoundError(f"{recipe}: there is no theatre {name!r}")
        scenario = generate_scenario(theatre, wish)
        ground = ground_of(scenario, theatre, store=default_store())
        options = SolveOptions(seed=seed, time_limit_s=time_limit, workers=WORKERS)
        before = solve(scenario, ground, options=options)
        rng = random.Random(seed)  # noqa: S311 - no secret
        for road in rng.sample(roads_of(before), closures):
            line = compared(recipe.stem, scenario, theatre, before, (road, seed, time_limit))
            lines.append(line)
            told = json.dumps(asdict(line))
            click.echo(told)
            if out is not None:
                with out.open("a", encoding="utf-8") as file:
                    file.write(told + "\n")
    held = sum(line.better != "cold" for line in lines)
    click.echo(f"as good or better in a quarter of the time: {held} of {len(lines)}")


if __name__ == "__main__":
    main()
