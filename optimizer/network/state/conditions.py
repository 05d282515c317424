"""What holds for every profile at once: state of the ground, visibility, areas and changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.network.state.areas import Areas
from optimizer.network.state.changes import Changes
from optimizer.network.state.exposure import GroundExposure
from optimizer.network.state.fords import Fords
from optimizer.scenario.model import GroundState, Light
from optimizer.terrain.tables import sight_m, visibility_cap_kmh

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
        Speed that the visibility and the light allow on roads.
    light : Light
        Light that convoys move by.
    fords : Fords
        How deep the fords are.
    areas : Areas
        Areas on the ground.
    changes : Changes
        What the planner knows of the roads.
    gap_m : float
        Gap between the vehicles of a convoy on the march.
    exposure : GroundExposure or None
        What the ground itself adds to exposure.
    """

    state: GroundState
    cap_kmh: float | None
    light: Light
    fords: Fords
    areas: Areas
    changes: Changes
    gap_m: float
    exposure: GroundExposure | None

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
        rule = scenario.rules.exposure
        weather = scenario.weather
        return cls(
            state=weather.ground,
            cap_kmh=visibility_cap_kmh(sight_m(weather.light.value, weather.visibility_m)),
            light=weather.light,
            fords=Fords.of(roads, weather.at_fords),
            areas=Areas.of(scenario.areas if stated else (), theatre),
            changes=Changes.of(scenario.changes if stated else (), roads, theatre),
            gap_m=scenario.rules.gap_m,
            exposure=None if rule is None else GroundExposure.of(rule, roads, theatre),
        )
