"""How sites are joined to the roads, where that is not what a map suggests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from optimizer.faults import Fault, Severity
from optimizer.network.answers.joined import Joined, how_joined
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.state.restrictions import Cause
from optimizer.scenario.convoys import Profile, convoys_of
from optimizer.scenario.model import Scenario
from optimizer.scenario.places import pointer
from optimizer.terrain.media import Medium
from optimizer.terrain.tables import medium_of

__all__ = ["joined"]


def joined(
    scenario: Scenario, ground: TheatreGround, told: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """Find sites parted by water from the road nearest to them, and sites on roads to nowhere.

    Asked of the mobility classes of the convoys, without their limits and with all roads open that
    the scenario closes: what those do is told where they keep a demand from being served.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    ground : TheatreGround
        Its ground.
    told : frozenset of str
        Pointers to sites of which it is already told that they lie badly.

    Yields
    ------
    Fault
        A warning, at most one a site: for the first classes that it holds for.
    """
    left = {i: site for i, site in enumerate(scenario.sites) if _place(i) not in told}
    for mobility in dict.fromkeys(convoy.profile.mobility for convoy in convoys_of(scenario)):
        if medium_of(mobility) is not Medium.GROUND:
            continue
        found = how_joined(ground.layers, Profile(mobility=mobility), lifted=Cause.STATED)
        for i, site in tuple(left.items()):
            if site.reached_by is None or set(mobility) <= set(site.reached_by):
                code, params = _surprise(found[i])
                if code is not None:
                    del left[i]
                    params = {"site": site.id, "class": " + ".join(mobility), **params}
                    yield Fault(code, _place(i), params, Severity.WARNING)


def _place(site: int) -> str:
    return pointer("sites", site, "position")


def _surprise(found: Joined) -> tuple[str | None, Mapping[str, str | int]]:
    if found.nearer is not None and found.nearer_m is not None and found.between == "water":
        near: dict[str, str | int] = {"near": found.nearer, "near_m": round(found.nearer_m)}
        if found.road is None or found.road_m is None:
            return "ground.site_across_water_ground", near
        return "ground.site_across_water", {
            **near,
            "road": found.road,
            "road_m": round(found.road_m),
        }
    if found.road is not None and not (found.leaves and found.comes):
        road = {"road": found.road}
        if found.leaves or found.comes:
            code = "ground.site_no_road_to" if found.leaves else "ground.site_no_road_on"
            return code, road
        if not found.shared:
            return "ground.site_road_apart", road
    return None, {}
