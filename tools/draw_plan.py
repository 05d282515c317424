"""Draw a plan's routes over its theatre, for the README and for looking at routes.

Run with: python tools/draw_plan.py PLAN.json -o MAP.png [--theatre FOLDER] [--width PX]
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
from matplotlib.lines import Line2D

from optimizer import load_plan, theatre_of
from optimizer.errors import UsageError
from optimizer.terrain.show.draw import Overlay, draw_map
from optimizer.terrain.show.save import save_png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from optimizer.plan.model import Plan
    from optimizer.terrain.theatre import Theatre

# Okabe and Ito's colours without yellow, which pales on a map: told apart by colour-blind people.
COLOURS = ("#d55e00", "#0072b2", "#cc79a7", "#009e73", "#56b4e9", "#000000", "#e69f00")


def routes(plan: Plan, theatre: Theatre) -> Overlay:
    """Return the routes and sites of a plan as an overlay."""

    def draw(axes: Axes) -> None:
        for route, colour in zip(plan.routes, itertools.cycle(COLOURS)):
            paths = (leg.path for trip in route.trips for leg in trip.legs)
            for path in (path for path in paths if path is not None):
                x, y = theatre.to_ground.transform(*np.array(path.polyline).T)
                axes.plot(x, y, color="white", linewidth=2.6, alpha=0.7, zorder=10)
                axes.plot(x, y, color=colour, linewidth=1.5, alpha=0.9, zorder=11)
        bases = {base.site for base in plan.scenario.bases}
        for site in plan.scenario.sites:
            if site.position is not None:
                x, y = theatre.to_ground.transform(*site.position.lonlat)
                shape, size = ("s", 7) if site.id in bases else ("o", 4.5)
                axes.plot(
                    x, y, shape, markersize=size, color="white", markeredgecolor="black", zorder=12
                )

    keys = (
        (Line2D([], [], color=COLOURS[0], linewidth=1.5), "route"),
        (Line2D([], [], marker="s", color="white", markeredgecolor="black"), "base"),
        (Line2D([], [], marker="o", color="white", markeredgecolor="black"), "site"),
    )
    return Overlay(draw, keys=keys)


@click.command()
@click.argument("plan_file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@click.option("--theatre", "folder", type=click.Path(path_type=Path))
@click.option("--width", type=int, default=1600)
@click.option("--title")
def main(plan_file: Path, output: Path, folder: Path | None, width: int, title: str | None) -> None:
    """Draw the routes of a plan."""
    plan = load_plan(plan_file)
    theatre = theatre_of(plan.scenario, folder)
    if theatre is None:
        raise UsageError(f"{plan_file} was made on matrices of its own: there is no map")
    shown = title or plan.scenario.title
    save_png(
        draw_map(theatre, overlays=[routes(plan, theatre)], title=shown, width_px=width), output
    )


if __name__ == "__main__":
    main()
