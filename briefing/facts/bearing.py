"""What bridges bear, by the hours that a scenario states."""

from __future__ import annotations

from optimizer.network.state.changes import Changes
from optimizer.network.state.restrictions import LoadClasses
from optimizer.network.state.roads import Roads
from optimizer.scenario.hours import hours_of
from optimizer.scenario.model import Scenario
from optimizer.terrain.theatre import Theatre

__all__ = ["Bearing"]


class Bearing:
    """The load classes of a theatre's roads in each window of a scenario's hours.

    Parameters
    ----------
    theatre : Theatre
        The theatre that the plan was made on.
    roads : Roads
        Its roads.
    scenario : Scenario
        Scenario of the plan.

    Attributes
    ----------
    hours : Hours
        Which areas and changes hold when.
    """

    def __init__(self, theatre: Theatre, roads: Roads, scenario: Scenario) -> None:
        self._theatre = theatre
        self._roads = roads
        self.hours = hours_of(scenario)
        self._known: dict[int, tuple[Changes, LoadClasses]] = {}

    def during(self, window: int) -> tuple[Changes, LoadClasses]:
        """Return what the planner states of the roads, and what they bear.

        Parameters
        ----------
        window : int
            Window of a leg.

        Returns
        -------
        tuple of Changes and LoadClasses
            By edge.
        """
        if window not in self._known:
            stated = self.hours.in_window(window).changes
            changes = Changes.of(stated, self._roads, self._theatre)
            self._known[window] = changes, LoadClasses.of(self._roads, changes)
        return self._known[window]
