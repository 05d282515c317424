"""What is assumed of the ground where nobody mapped or assessed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optimizer.scenario.convoys import convoys_of
from optimizer.scenario.model import Light
from optimizer.terrain.media import Medium
from optimizer.terrain.tables import mobility_class

if TYPE_CHECKING:
    from optimizer.network.mesh.layers import Layers
    from optimizer.scenario.model import Scenario

__all__ = ["assumptions"]


def assumptions(layers: Layers, scenario: Scenario) -> tuple[str, ...]:
    """Return the assumptions that the ways of a scenario rest on, each as ``code:figures``.

    Parameters
    ----------
    layers : Layers
        Roads and open ground under the conditions of the scenario.
    scenario : Scenario
        Scenario: what no vehicle of it is bound by is not assumed.

    Returns
    -------
    tuple of str
        Codes of ``docs/reference/plan.md``, in its order.
    """
    roads, theatre = layers.roads, layers.theatre
    assumed = np.zeros(len(roads), np.bool_)
    for profile in {convoy.profile for convoy in convoys_of(scenario)}:
        if profile.load_class is not None:
            for name in profile.mobility:
                if mobility_class(name).medium is not Medium.GROUND:
                    continue
                tracked = mobility_class(name).tracked
                bridges = layers.load_classes
                assumed |= bridges.tracked_assumed if tracked else bridges.wheeled_assumed
    unknown = roads.surface == "unknown"
    shares = {
        "bridge_class_assumed": str(int(assumed.sum())),
        "unknown_surface": _share(
            float(roads.length_m[unknown].sum()), float(roads.length_m.sum())
        ),
        "unmapped_cover": _share(
            int((theatre.raster("landcover") == 0).sum()), theatre.raster("landcover").size
        ),
    }
    found = [f"{code}:{figure}" for code, figure in shares.items() if float(figure) > 0]
    guessed = layers.conditions.fords.assumed
    if guessed.any():
        depth_m = float(layers.conditions.fords.depth_m[guessed].max())
        found.append(f"ford_depth_assumed:{int(guessed.sum())}:{depth_m:g}")
    if not theatre.has_relief:
        found.append("no_relief")
    light = scenario.weather.light
    if light is not Light.DAY:
        found.append(f"speeds_by_light:{light.value}")
    if scenario.rules.exposure is not None and scenario.rules.exposure.cover is not None:
        found.append(f"exposure_by_cover:{scenario.rules.exposure.cover}")
    found += [f"change_without_road:{name}" for name in layers.conditions.changes.without_effect]
    return tuple(found)


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.2f}" if whole else "0"
