"""Facts about where a convoy leaves the roads and drives over open ground."""

from __future__ import annotations

import numpy as np

from briefing.facts.model import FactTable, Names, Quantity, Subject
from briefing.facts.ways import courses_of
from optimizer.plan.model import GroundPart, Part, Route

__all__ = ["add_off_road", "cell_steps"]


def add_off_road(table: FactTable, route: Route, cell_m: float) -> None:
    """Add on which legs a convoy drives over open ground, and how far in all.

    Parameters
    ----------
    table : FactTable
        Table that is added to; the convoy is in it.
    route : Route
        The convoy's route.
    cell_m : float
        Width of a cell of its ground, metres.
    """
    convoy = Subject("convoy", route.convoy)
    far = {
        course.step: cell_m * sum(map(cell_steps, course.leg.path.parts if course.leg.path else ()))
        for course in courses_of(route)
    }
    steps = tuple(step for step, metres in far.items() if metres)
    if steps:
        table.add(convoy, "off_road_steps", Names(steps))
        table.add(convoy, "off_road", Quantity(sum(far.values()), "m"))


def cell_steps(part: Part) -> float:
    """Return how far a part of a path leads over open ground.

    Parameters
    ----------
    part : Part
        A part of a path.

    Returns
    -------
    float
        In widths of a cell; none on a road.
    """
    if not isinstance(part, GroundPart):
        return 0.0
    return float(np.hypot(*np.diff(np.array(part.cells, np.float64), axis=0).T).sum())
