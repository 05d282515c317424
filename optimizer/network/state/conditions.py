"""What holds for every profile at once: state of the ground, visibility, areas and changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.network.state.areas import Areas
from optimizer.network.state.changes import Changes
from optimizer.scenario.model import GroundState
from optimizer.terrain.tables import visibility_cap_kmh

if TYPE_CHECKING:
    from optimizer.network.state.roads import Roads
    from optimizer.scenario.model import Scenario
    from optimizer.terrain.theatre import Theatre

__all__ = ["Conditions"]


@dataclass(frozen=True)
class Conditions:
    """The conditions of a scenario.

    Parameters
    ----------
    state : GroundState
        State of the ground.
    cap_kmh : float or None
        Speed that the visibility allows on roads.
    areas : Areas
        Areas on the ground.
    changes : Changes
        What the planner knows of the roads.
    """

    state: GroundState
    cap_kmh: float | None
    areas: Areas
    changes: Changes

    @classmethod
    def of(
        cls, scenario: Scenario, roads: Roads, theatre: Theatre, *, stated: bool = True
    ) -> Conditions:
        """Return the conditions of a scenario.

        Parameters
        ----------
        scenario : Scenario
            Scenario.
        roads : Roads
            Roads of the theatre.
        theatre : Theatre
            Theatre.
        stated : bool
            Whether its areas and changes count.

        Returns
        -------
        Conditions
            What holds for every profile.
        """
        return cls(
            state=scenario.weather.ground,
            cap_kmh=visibility_cap_kmh(scenario.weather.visibility_m),
            areas=Areas.of(scenario.areas if stated else (), theatre),
            changes=Changes.of(scenario.changes if stated else (), roads, theatre),
        )
