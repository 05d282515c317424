"""The command ``convoi terrain path``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.errors import UsageError

if TYPE_CHECKING:
    from optimizer.network.by_medium import GroundByMedium
    from optimizer.scenario.model import Scenario
    from optimizer.terrain.theatre import Theatre

__all__ = ["path"]

_SUFFIXES = (".geojson", ".csv", ".json")


@click.command()
@click.argument("given", metavar="THEATRE|SCENARIO", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "origin",
    required=True,
    metavar="P",
    help="Where it begins: the id of a site, longitude,latitude, or an MGRS reference.",
)
@click.option("--to", "destination", required=True, metavar="P", help="Where it ends, likewise.")
@click.option(
    "--class",
    "mobility",
    required=True,
    multiple=True,
    metavar="C",
    help="Mobility class, such as heavy_truck; repeat it for those who go together.",
)
@click.option("--load-class", type=click.FloatRange(min=0), metavar="MLC", help="Load class.")
@click.option("--weight", type=click.FloatRange(min=0), metavar="T", help="Gross weight, t.")
@click.option("--height", type=click.FloatRange(min=0), metavar="M", help="Height, m.")
@click.option("--width", type=click.FloatRange(min=0), metavar="M", help="Width, m.")
@click.option(
    "--vehicles",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    metavar="N",
    help="How many march together, which costs time on a bridge that they cross at a spacing.",
)
@click.option(
    "--criterion",
    "criteria",
    multiple=True,
    type=click.Choice(["time", "distance", "fuel", "exposure"]),
    help="What paths are best for; repeat it for several. Alternatives and profile are for the"
    " first.  [default: all four]",
)
@click.option("--front", is_flag=True, help="Every best compromise of time and exposure.")
@click.option(
    "--alternatives",
    type=click.IntRange(0, 20),
    default=0,
    metavar="K",
    help="Up to so many other paths that really differ.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1),
    default=0.6,
    show_default=True,
    metavar="S",
    help="Most of an alternative's length that it may share with any one better path.",
)
@click.option("--profile", "along", is_flag=True, help="What the path goes over, point by point.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="F",
    help="Also write the paths (.geojson, .csv), the profile (.csv with --profile) or all (.json).",
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
    help="Folder of the scenario's theatre, instead of looking for it by name.",
)
def path(
    *,
    given: Path,
    origin: str,
    destination: str,
    mobility: tuple[str, ...],
    load_class: float | None,
    weight: float | None,
    height: float | None,
    width: float | None,
    vehicles: int,
    criteria: tuple[str, ...],
    front: bool,
    alternatives: int,
    share: float,
    along: bool,
    as_json: bool,
    output: Path | None,
    folder: Path | None,
    clock: str | None,
) -> None:
    """Tell one way in full: the best paths, compromises, alternatives, and what lies along it.

    Over a theatre alone the ground is dry and nothing is closed; over a scenario its areas, changes
    and weather count.
    """
    import json

    from optimizer.files import check_target, write_text
    from optimizer.network.pair.report import document, geojson, profile_csv, routes_csv, table
    from optimizer.network.pair.tell import tell, tell_best
    from optimizer.scenario.convoys import Profile
    from optimizer.scenario.model import Criterion
    from optimizer.terrain.media import Medium
    from optimizer.terrain.tables import medium_of

    if output is not None:
        if output.suffix.lower() not in _SUFFIXES:
            raise UsageError(f"{output}: name a file that ends in {', '.join(_SUFFIXES)}")
        check_target(output, given)
    on_ground = medium_of(mobility) is Medium.GROUND
    if not on_ground and (front or alternatives or along):
        raise UsageError(
            "--front, --alternatives and --profile tell of ways on the ground; of what flies or"
            " goes on water ask for the best paths alone"
        )
    profile = Profile(
        mobility=tuple(dict.fromkeys(mobility)),
        load_class=load_class,
        gross_weight_t=weight,
        height_m=height,
        width_m=width,
        vehicles=vehicles,
    )
    ground, theatre, ids = _ground(given, folder, (origin, destination), clock)
    chosen = tuple(dict.fromkeys(Criterion(c) for c in criteria)) or tuple(Criterion)
    if on_ground:
        told = tell(
            ground.land,
            profile,
            *ids,
            criteria=chosen,
            front=front,
            alternatives=alternatives,
            share=share,
            along=along,
        )
    else:
        told = tell_best(ground, profile, ids[0], ids[1], criteria=chosen)
    if output is not None:
        kind = output.suffix.lower()
        if kind == ".geojson":
            text = geojson(told)
        elif kind == ".json":
            text = json.dumps(document(told, theatre), ensure_ascii=False) + "\n"
        else:
            text = profile_csv(told, theatre) if along else routes_csv(told)
        write_text(output, text)
    if as_json:
        click.echo(json.dumps(document(told, theatre), ensure_ascii=False))
    else:
        click.echo(table(told, (origin, destination), alternatives, share))
        if output is not None:
            click.echo(f"\nWritten: {output}")


def _ground(
    given: Path, folder: Path | None, places: tuple[str, str], clock: str | None
) -> tuple[GroundByMedium, Theatre, list[str]]:
    """Return the ground of a theatre or scenario that has both places as sites."""
    from optimizer.network.by_medium import GroundByMedium
    from optimizer.network.pair.places import with_places
    from optimizer.scenario.hours import scenario_at
    from optimizer.scenario.read import load_scenario
    from optimizer.terrain.theatre import Theatre, theatre_of

    scenario: Scenario | None = None
    if given.is_dir():
        if folder is not None:
            raise UsageError(f"{given} is a folder: --theatre is for a scenario")
        if clock is not None:
            raise UsageError(f"{given} is a folder: --at is for a scenario, which states hours")
        theatre: Theatre | None = Theatre.open(given)
    else:
        scenario = scenario_at(load_scenario(given), clock)
        theatre = theatre_of(scenario, folder, beside=given.parent)
    if theatre is None:
        raise UsageError(f"{given} has matrices of its own and no ground; name one with a theatre")
    scenario, ids = with_places(scenario, theatre, places)
    if ids[0] == ids[1]:
        raise UsageError(f"both ends are {ids[0]}; name two places")
    return GroundByMedium(scenario, theatre), theatre, ids
