"""When the head of a convoy passes a point on its way.

The plan tells when a leg begins and ends. In between, each stretch of road takes its share of the
time, at the speeds that the plan was made with; what a leg spends off the roads is what is left,
shared by distance where it leaves them more than once.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from briefing.facts.off_road import cell_steps
from optimizer.network.state.conditions import Conditions
from optimizer.network.state.roads import Roads
from optimizer.network.state.speeds import EdgeSums, edge_sums
from optimizer.plan.model import Leg, LinkPart, Part, RoadPart
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Scenario
from optimizer.terrain.tables import default, mobility_class
from optimizer.terrain.theatre import Theatre

__all__ = ["Passing"]


class Passing:
    """Tells times on the way, over one theatre and under one scenario.

    Parameters
    ----------
    theatre : Theatre
        The theatre that the plan was made on.
    roads : Roads
        Its roads.
    scenario : Scenario
        Scenario of the plan.
    """

    def __init__(self, theatre: Theatre, roads: Roads, scenario: Scenario) -> None:
        self._roads = roads
        self._at = {name: edge for edge, name in enumerate(roads.id)}
        self._conditions = Conditions.of(scenario, roads, theatre)
        self._cell_m = theatre.grid.resolution_m
        self._contingency = 1 + scenario.time_contingency
        self._sums: dict[tuple[tuple[str, ...], int], EdgeSums] = {}

    def head_at(self, leg: Leg, profile: Profile, number: int) -> datetime | None:
        """Return when the head comes to a part of a leg's path.

        Parameters
        ----------
        leg : Leg
            The leg.
        profile : Profile
            Profile of the convoy.
        number : int
            Which part of the path, counted from 0.

        Returns
        -------
        datetime or None
            None where that cannot be told: the plan does not give the path.
        """
        if leg.path is None:
            return None
        parts = leg.path.parts
        taken = [self._seconds(part, profile) for part in parts]
        before, after = (
            sum(seconds for seconds in told if seconds is not None)
            for told in (taken[:number], taken[number:])
        )
        rest = max(0.0, leg.travel_s / self._contingency - before - after)
        off = [
            self._metres(part) if seconds is None else 0.0
            for part, seconds in zip(parts, taken, strict=True)
        ]
        seconds = before + (rest * sum(off[:number]) / sum(off) if any(off) else 0.0)
        return leg.depart + timedelta(seconds=round(seconds * self._contingency))

    def _seconds(self, part: Part, profile: Profile) -> float | None:
        match part:
            case RoadPart(edge=name, from_m=start, to_m=end) if name in self._at:
                edge, sums = self._at[name], self._of(profile)
                side = sums.forward if end >= start else sums.against
                whole = float(side[edge, 0])
                share = abs(end - start) / float(self._roads.length_m[edge])
                return whole * share if math.isfinite(whole) else None
            case LinkPart(place="site", start=start_xy, end=end_xy):
                return math.dist(start_xy, end_xy) / (default("link_kmh") / 3.6)
            case _:
                return None

    def _metres(self, part: Part) -> float:
        """Return how long a part is whose time is not known: a metre at least."""
        match part:
            case RoadPart(from_m=start, to_m=end):
                return max(abs(end - start), 1.0)
            case LinkPart(start=start_xy, end=end_xy):
                return max(math.dist(start_xy, end_xy), 1.0)
            case _:
                return max(cell_steps(part) * self._cell_m, 1.0)

    def _of(self, profile: Profile) -> EdgeSums:
        key = (profile.mobility, profile.vehicles)
        if key not in self._sums:
            classes = [mobility_class(name) for name in profile.mobility]
            self._sums[key] = edge_sums(self._roads, classes, self._conditions, profile.vehicles)
        return self._sums[key]
