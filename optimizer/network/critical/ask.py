"""Asks for the critical roads of all kinds of convoys of a scenario."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optimizer.errors import UsageError
from optimizer.network.answers.critical import Critical, critical_roads
from optimizer.progress import Shown, progress
from optimizer.scenario.convoys import Profile, convoys_of
from optimizer.scenario.model import Criterion
from optimizer.terrain.media import Medium
from optimizer.terrain.tables import medium_of

if TYPE_CHECKING:
    from optimizer.network.from_theatre import TheatreGround
    from optimizer.scenario.model import Scenario

__all__ = ["Answer", "ask"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The critical roads of convoys for whom the same roads are open.

    Parameters
    ----------
    convoys : tuple of str
        Convoys, in the order of the scenario.
    profiles : tuple of Profile
        Their profiles: of the same classes, with limits that close the same roads, and as many
        vehicles where that costs time on a bridge.
    critical : Critical
        What it costs them to lose each road.
    """

    convoys: tuple[str, ...]
    profiles: tuple[Profile, ...]
    critical: Critical


def ask(
    ground: TheatreGround,
    scenario: Scenario,
    mobility: Iterable[str] = (),
    *,
    bridges_only: bool = False,
    shown: Shown = progress,
) -> list[Answer]:
    """Tell what it costs the convoys of a scenario to lose each road.

    Parameters
    ----------
    ground : TheatreGround
        Ground of the scenario.
    scenario : Scenario
        Scenario without faults.
    mobility : iterable of str
        Of convoys with one of these mobility classes only; of all if there is none.
    bridges_only : bool
        Whether only bridges are closed.
    shown : callable
        Shows how far it is; by default a bar on a terminal.

    Returns
    -------
    list of Answer
        One for all convoys of the same classes for whom the same roads are open, in the order of
        the scenario.

    Raises
    ------
    UsageError
        If no convoy moves on the ground, or none has one of the classes.
    """
    convoys = [
        convoy
        for convoy in convoys_of(scenario)
        if medium_of(convoy.profile.mobility) is Medium.GROUND
    ]
    if not convoys:
        raise UsageError(
            "no convoy of the scenario moves on the ground, so there is no road to lose"
        )
    known = dict.fromkeys(name for convoy in convoys for name in convoy.profile.mobility)
    wanted = tuple(mobility) or tuple(known)
    for name in wanted:
        if name not in known:
            raise UsageError(f"no convoy has the class {name!r}; there are {', '.join(known)}")
    layers = ground.layers
    alike: dict[tuple[tuple[str, ...], int, bytes], list[str]] = {}
    profiles: dict[tuple[tuple[str, ...], int, bytes], dict[Profile, None]] = {}
    for convoy in convoys:
        profile = convoy.profile
        if not set(profile.mobility).isdisjoint(wanted):
            is_open = (layers.closures(profile) == 0).tobytes()
            key = profile.mobility, profile.vehicles, is_open
            alike.setdefault(key, []).append(convoy.id)
            profiles.setdefault(key, {})[profile] = None
    answers = []
    for key, names in alike.items():
        mine = tuple(profiles[key])
        found = critical_roads(
            layers,
            mine[0],
            ground.mesh(mine[0], Criterion.TIME),
            ground.matrix(mine[0], Criterion.TIME),
            among=layers.roads.bridge if bridges_only else None,
            shown=shown,
        )
        answers.append(Answer(tuple(names), mine, found))
    return answers
