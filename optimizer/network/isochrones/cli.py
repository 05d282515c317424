"""The command ``convoi terrain show``: a theatre as a map, with isochrones if asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from optimizer.terrain.show.draw import Overlay
    from optimizer.terrain.theatre import Theatre

__all__ = ["show"]

#: As many as the colours of a map can be told apart.
_MOST_HOURS = 6


@click.command()
@click.argument("theatre", type=click.Path(path_type=Path), metavar="THEATRE/")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="F.png",
    help="Picture to write, by default the theatre's name with .png.",
)
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option("--title", metavar="TEXT", help="By default the theatre's own.")
@click.option("--width", type=int, default=2000, show_default=True, metavar="PX")
@click.option(
    "--class",
    "mobility",
    metavar="C",
    help="Draw how far a mobility class gets, on dry ground with nothing closed; with --from.",
)
@click.option(
    "--from",
    "origin",
    metavar="P",
    help="Where it sets out: longitude,latitude, or an MGRS reference.",
)
@click.option(
    "--hours", default="1,2,4", show_default=True, metavar="H,...", help="In how many hours."
)
def show(
    *,
    theatre: Path,
    output: Path | None,
    lang: str,
    title: str | None,
    width: int,
    mobility: str | None,
    origin: str | None,
    hours: str,
) -> None:
    """Draw a theatre as a map: relief, water, roads, bridges, names, scale and north.

    With --class and --from it also shows how far the class gets in some hours, by roads and over
    open ground (isochrones).
    """
    from optimizer.progress import progress
    from optimizer.terrain.show.draw import draw_map
    from optimizer.terrain.show.save import check_name, save_png
    from optimizer.terrain.theatre import Theatre

    if (mobility is None) != (origin is None):
        raise UsageError("isochrones are for a class from a place: give both --class and --from")
    times = _hours(hours)
    ground = Theatre.open(theatre)
    target = output or Path(f"{ground.manifest.name}.png")
    check_name(target)
    overlays = []
    if mobility is not None and origin is not None:
        overlays.append(_overlay(ground, mobility, origin, times, lang))
    with progress(f"Drawing {ground.manifest.name}", 2) as advance:
        figure = draw_map(ground, overlays=overlays, title=title, lang=lang, width_px=width)
        advance(1)
        save_png(figure, target)
        advance(1)
    click.echo(str(target))


def _hours(text: str) -> list[float]:
    try:
        hours = sorted({float(part) for part in text.split(",")})
    except ValueError:
        hours = []
    if not hours or not 0 < hours[0] <= hours[-1] < float("inf") or len(hours) > _MOST_HOURS:
        raise UsageError(
            f"--hours {text}: write up to {_MOST_HOURS} numbers above 0 with commas between,"
            " such as 0.5,1,2"
        )
    return hours


def _overlay(
    theatre: Theatre, mobility: str, origin: str, hours: list[float], lang: str
) -> Overlay:
    import numpy as np

    from optimizer.network.answers.isochrones import reach_of
    from optimizer.network.from_theatre import TheatreGround
    from optimizer.network.isochrones.overlay import isochrones
    from optimizer.network.pair.places import with_places
    from optimizer.scenario.convoys import Profile
    from optimizer.scenario.model import Criterion
    from optimizer.terrain.tables import mobility_class

    mobility_class(mobility)
    profile = Profile(mobility=(mobility,))
    scenario, _ = with_places(None, theatre, (origin,))
    ground = TheatreGround(scenario, theatre)
    layers = ground.layers
    reach = reach_of(layers, profile, ground.mesh(profile, Criterion.TIME), 0)
    if not (np.isfinite(reach.cell_s).any() or np.isfinite(reach.edge_s).any()):
        raise RefusedError(
            f"nothing is reached from {origin}: it lies on no road that {mobility} may take, and"
            " the ground there is closed to it"
        )
    x, y = layers.sites.xy[0]
    return isochrones(
        reach, hours, layers.roads, theatre.grid, place=(float(x), float(y)), lang=lang
    )
