"""Which edges are closed to a profile, and why."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.terrain.tables import bridge_default

if TYPE_CHECKING:
    from optimizer.network.state.changes import Changes
    from optimizer.network.state.conditions import Conditions
    from optimizer.network.state.roads import Roads
    from optimizer.scenario.convoys import Profile
    from optimizer.terrain.tables import MobilityClass

__all__ = ["Cause", "LoadClasses", "against", "closures", "forward"]


class Cause(enum.IntFlag):
    """Why an edge is closed to a profile; several may hold at once."""

    NONE = 0
    #: The class does not drive on such a road or surface.
    CLASS = 1
    LOAD_CLASS = 2
    WEIGHT = 4
    HEIGHT = 8
    WIDTH = 16
    #: A no-go area, or a change of the scenario.
    STATED = 32
    #: A ford that is too deep for the class.
    FORD = 64


@dataclass(frozen=True)
class LoadClasses:
    """The load class of every edge.

    Parameters
    ----------
    wheeled, tracked : ndarray of float64, shape (edges,)
        MLC; NaN where there is no limit.
    wheeled_assumed, tracked_assumed : ndarray of bool, shape (edges,)
        Whether it is the default of the road class of a bridge.
    """

    wheeled: NDArray[np.float64]
    tracked: NDArray[np.float64]
    wheeled_assumed: NDArray[np.bool_]
    tracked_assumed: NDArray[np.bool_]

    @classmethod
    def of(cls, roads: Roads, changes: Changes) -> LoadClasses:
        """Resolve them: the planner's assessment, else the theatre's, else a bridge's default.

        Parameters
        ----------
        roads : Roads
            Roads.
        changes : Changes
            The planner's changes.

        Returns
        -------
        LoadClasses
            Load classes and which of them are assumed.
        """
        found = []
        for kind, (planned, mapped) in enumerate(
            ((changes.mlc_wheeled, roads.mlc_wheeled), (changes.mlc_tracked, roads.mlc_tracked))
        ):
            known = np.where(np.isnan(planned), mapped, planned)
            assumed = roads.bridge & np.isnan(known)
            usual = np.array([bridge_default(str(value))[kind] for value in roads.highway])
            found.append((np.where(assumed, usual, known), assumed))
        (wheeled, wheeled_assumed), (tracked, tracked_assumed) = found
        return cls(wheeled, tracked, wheeled_assumed, tracked_assumed)

    def of_class(self, mobility: MobilityClass) -> NDArray[np.float64]:
        """Return the limits that bind a mobility class.

        Parameters
        ----------
        mobility : MobilityClass
            Class.

        Returns
        -------
        ndarray of float64, shape (edges,)
            MLC; NaN where there is no limit.
        """
        return self.tracked if mobility.tracked else self.wheeled


def closures(
    roads: Roads,
    load_classes: LoadClasses,
    classes: Sequence[MobilityClass],
    profile: Profile,
    conditions: Conditions,
) -> NDArray[np.uint8]:
    """Return why each edge is closed to a profile.

    Parameters
    ----------
    roads : Roads
        Roads.
    load_classes : LoadClasses
        Their load classes.
    classes : sequence of MobilityClass
        Classes of the profile.
    profile : Profile
        Its limits.
    conditions : Conditions
        Areas, changes, state of the ground.

    Returns
    -------
    ndarray of uint8, shape (edges,)
        `Cause` flags; 0 is open.
    """
    cause = np.zeros(len(roads), np.uint8)

    def close(edges: NDArray[np.bool_], why: Cause) -> None:
        cause[edges] |= np.uint8(why)

    state = conditions.state.value
    for mobility in classes:
        speeds = {h: mobility.road_speed_kmh(h) for h in map(str, np.unique(roads.highway))}
        factors = {s: mobility.surface_of(s).of(state) for s in map(str, np.unique(roads.surface))}
        shut = np.array([speeds[h] <= 0 for h in roads.highway], np.bool_)
        shut |= np.array([factors[s] <= 0 for s in roads.surface], np.bool_)
        close(shut, Cause.CLASS)
        close(conditions.fords.depth_m > mobility.ford_depth_m, Cause.FORD)
        close(_below(load_classes.of_class(mobility), profile.load_class), Cause.LOAD_CLASS)
    close(_below(roads.max_weight_t, profile.gross_weight_t), Cause.WEIGHT)
    close(_below(roads.max_height_m, profile.height_m), Cause.HEIGHT)
    close(_below(roads.max_width_m, profile.width_m), Cause.WIDTH)
    close(conditions.areas.closed_edges(roads), Cause.STATED)
    stated = np.zeros(len(roads), np.bool_)
    stated[np.fromiter(conditions.changes.closed_by, np.int64)] = True
    close(stated, Cause.STATED)
    return cause


def forward(roads: Roads, classes: Sequence[MobilityClass]) -> NDArray[np.bool_]:
    """Return the edges that may be driven from tail to head, were they open.

    Parameters
    ----------
    roads : Roads
        Roads.
    classes : sequence of MobilityClass
        Classes that go together.

    Returns
    -------
    ndarray of bool, shape (edges,)
        All for those who ignore one-way roads.
    """
    return _ignored(roads, classes) | (roads.oneway >= 0)


def against(roads: Roads, classes: Sequence[MobilityClass]) -> NDArray[np.bool_]:
    """Return the edges that may be driven from head to tail, were they open.

    Parameters
    ----------
    roads : Roads
        Roads.
    classes : sequence of MobilityClass
        Classes that go together.

    Returns
    -------
    ndarray of bool, shape (edges,)
        All for those who ignore one-way roads.
    """
    return _ignored(roads, classes) | (roads.oneway <= 0)


def _ignored(roads: Roads, classes: Sequence[MobilityClass]) -> NDArray[np.bool_]:
    return np.full(len(roads), all(mobility.ignores_oneway for mobility in classes))


def _below(limit: NDArray[np.float64], needed: float | None) -> NDArray[np.bool_]:
    # A comparison with NaN is False: what has no limit closes nothing.
    return np.zeros(limit.shape, np.bool_) if needed is None else limit < needed
