"""Roads and open ground under one set of conditions, kept for each set of mobility classes."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.network.mesh.differences import sharing
from optimizer.network.mesh.gates import gates
from optimizer.network.mesh.overlay import STAGES, Overlay
from optimizer.network.mesh.store import Store, digest
from optimizer.network.search.cells import Cells
from optimizer.network.state.restrictions import Cause, LoadClasses, against, closures, forward
from optimizer.network.state.speeds import EdgeSums, edge_sums, open_ground
from optimizer.progress import Advance, silent
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion
from optimizer.terrain.tables import MobilityClass, mobility_class

if TYPE_CHECKING:
    from optimizer.network.state.conditions import Conditions
    from optimizer.network.state.roads import Roads
    from optimizer.network.state.sites import Sites, Waters
    from optimizer.terrain.theatre import Theatre

__all__ = ["WEIGHTS", "Layers", "Moving", "weighed"]

Overlays = dict[tuple[tuple[str, ...], Criterion], Overlay]

#: Cost of a second, a metre, a flat paved metre and a thousandth of exposure by criterion. A second
#: counts as two metres, about what an idling lorry burns, lest metres are saved by crawling over
#: fields; and a thousandth of exposure as a thousand seconds, lest paths without exposure wander.
WEIGHTS = {
    Criterion.TIME: (1.0, 0.0, 0.0, 0.0),
    Criterion.DISTANCE: (2.0, 1.0, 0.0, 0.0),
    Criterion.FUEL: (2.0, 0.0, 1.0, 0.0),
    Criterion.EXPOSURE: (0.001, 0.0, 0.0, 1.0),
}


@dataclass(frozen=True)
class Moving:
    """What holds for a set of mobility classes, whatever their limits.

    Parameters
    ----------
    classes : tuple of MobilityClass
        Classes that go together.
    cells : Cells
        Open ground, weighed by time.
    forward, against : ndarray of bool, shape (edges,)
        Directions in which each edge may be driven.
    gate_nodes, gate_cells : ndarray of int32, shape (gates,)
        Where roads can be left.
    site_cells : ndarray of int32
        Cells of sites that are not blocked.
    """

    classes: tuple[MobilityClass, ...]
    cells: Cells
    forward: NDArray[np.bool_]
    against: NDArray[np.bool_]
    gate_nodes: NDArray[np.int32]
    gate_cells: NDArray[np.int32]
    site_cells: NDArray[np.int32]


class Layers:
    """Roads and open ground under one set of conditions, kept for each set of mobility classes.

    Parameters
    ----------
    theatre : Theatre
        Theatre.
    roads : Roads
        Its roads.
    waters : Waters
        Its waters.
    sites : Sites
        Sites of the scenario.
    conditions : Conditions
        State of the ground, areas, changes.
    store : Store or None
        Where ways over open ground are kept from one run to the next.
    """

    def __init__(  # noqa: PLR0917 - a set of layers
        self,
        theatre: Theatre,
        roads: Roads,
        waters: Waters,
        sites: Sites,
        conditions: Conditions,
        store: Store | None = None,
    ) -> None:
        self.theatre = theatre
        self.roads = roads
        self.waters = waters
        self.sites = sites
        self.conditions = conditions
        self.store = store
        self.load_classes = LoadClasses.of(roads, conditions.changes)
        self._moving: dict[tuple[str, ...], Moving] = {}
        self._closures: dict[Profile, NDArray[np.uint8]] = {}
        self._edges: dict[tuple[tuple[str, ...], int], EdgeSums] = {}
        self._lost = np.empty(0, np.int64)
        self._overlays: Overlays = {}
        #: Ways over ground that this one came from, the nearest first; they may still become more.
        self._before: tuple[Overlays, ...] = ()
        #: Under which name each overlay is kept, and with how many groups of exact ways.
        self._kept: dict[tuple[tuple[str, ...], Criterion], tuple[str, int]] = {}

    def changed(self, conditions: Conditions) -> Layers:
        """Return the same under conditions that differ in the planner's changes of roads alone.

        Parameters
        ----------
        conditions : Conditions
            With the same state of the ground and areas.

        Returns
        -------
        Layers
            Shares the open ground and the ways over it with this one, also those to come.
        """
        other = Layers(self.theatre, self.roads, self.waters, self.sites, conditions, self.store)
        other._lost, other._before = self._lost, self._before
        other._overlays, other._kept = self._overlays, self._kept
        other._moving = self._moving
        return other

    def beside(self, conditions: Conditions, sites: Sites) -> Layers:
        """Return the same under other conditions, areas and weather included, or of other sites.

        Parameters
        ----------
        conditions : Conditions
            Any on the same theatre.
        sites : Sites
            Any on it.

        Returns
        -------
        Layers
            Takes over what is known of the ways over open ground, or will be once they are asked
            for here, where the difference cannot have touched them.
        """
        other = Layers(self.theatre, self.roads, self.waters, sites, conditions, self.store)
        # What has been searched for here is nearer than what this ground came from.
        here = self._overlays
        older = (some for some in self._before if not here or not some.keys() <= here.keys())
        other._before = (here, *older)
        return other

    def without(self, edges: NDArray[np.int64]) -> Layers:
        """Return the same with some edges lost, as if changes of the scenario cut them.

        Parameters
        ----------
        edges : ndarray of int64, shape (edges lost,)
            Edges.

        Returns
        -------
        Layers
            Shares everything else with this one, also what is still to be computed.
        """
        other = copy.copy(self)
        other._lost = np.union1d(self._lost, edges)  # noqa: SLF001 - of this class too
        return other

    def closures(self, profile: Profile) -> NDArray[np.uint8]:
        """Return why each edge is closed to a profile.

        Parameters
        ----------
        profile : Profile
            Profile.

        Returns
        -------
        ndarray of uint8, shape (edges,)
            `Cause` flags; 0 is open.
        """
        if profile not in self._closures:
            classes = [mobility_class(name) for name in profile.mobility]
            self._closures[profile] = closures(
                self.roads, self.load_classes, classes, profile, self.conditions
            )
        cause = self._closures[profile].copy()
        cause[self._lost] |= np.uint8(Cause.STATED)
        return cause

    def edges(self, profile: Profile) -> EdgeSums:
        """Return what every edge costs a profile.

        Parameters
        ----------
        profile : Profile
            Profile.

        Returns
        -------
        EdgeSums
            For all edges, open or not; computed once.
        """
        key = (profile.mobility, profile.vehicles)
        if key not in self._edges:
            classes = tuple(mobility_class(name) for name in profile.mobility)
            self._edges[key] = edge_sums(self.roads, classes, self.conditions, profile.vehicles)
        return self._edges[key]

    def moving(self, mobility: tuple[str, ...]) -> Moving:
        """Return what holds for a set of mobility classes.

        Parameters
        ----------
        mobility : tuple of str
            Classes that go together.

        Returns
        -------
        Moving
            Computed once.
        """
        if mobility not in self._moving:
            self._moving[mobility] = self._of_classes(
                tuple(mobility_class(name) for name in mobility)
            )
        return self._moving[mobility]

    def overlay(
        self, mobility: tuple[str, ...], criterion: Criterion, advance: Advance = silent
    ) -> Overlay:
        """Return the ways over open ground.

        Parameters
        ----------
        mobility : tuple of str
            Classes that go together.
        criterion : Criterion
            What the ways are best for.
        advance : callable
            Told of progress.

        Returns
        -------
        Overlay
            Computed once.
        """
        key = (mobility, criterion)
        if key not in self._overlays:
            self._overlays[key] = self._overlay(mobility, criterion, advance)
        return self._overlays[key]

    def keep(self, mobility: tuple[str, ...], criterion: Criterion) -> None:
        """Keep what was found over open ground, if there is a store and something is new.

        Parameters
        ----------
        mobility : tuple of str
            Classes that go together.
        criterion : Criterion
            What the ways are best for.
        """
        finder = self._overlays[mobility, criterion].finder
        name = self._kept.get((mobility, criterion))
        if self.store is not None and name is not None and finder.number_found > name[1]:
            self.store.put(f"{name[0]}-exact", finder.found)
            self._kept[mobility, criterion] = (name[0], finder.number_found)

    def _overlay(
        self, mobility: tuple[str, ...], criterion: Criterion, advance: Advance
    ) -> Overlay:
        moving = self.moving(mobility)
        cells = weighed(moving.cells, criterion)
        key = mobility, criterion
        before = next((known[key] for known in self._before if key in known), None)
        if self.store is None:
            return Overlay.of(cells, moving.gate_cells, moving.site_cells, advance, before)
        name = digest(cells, moving.gate_cells, moving.site_cells)
        arrays, found = self.store.get(name), self.store.get(f"{name}-exact")
        if arrays is None:
            overlay = Overlay.of(cells, moving.gate_cells, moving.site_cells, advance, before)
            self.store.put(name, overlay.arrays)
        else:
            overlay = Overlay.from_arrays(cells, arrays)
            advance(STAGES)
        if found is not None:
            overlay.finder.remember(found)
        self._kept[mobility, criterion] = (name, overlay.finder.number_found)
        return overlay

    def _of_classes(self, classes: tuple[MobilityClass, ...]) -> Moving:
        cells = open_ground(self.theatre, classes, self.conditions)
        anything = Profile(mobility=tuple(c.id for c in classes))
        for (mobility, _), known in (entry for some in self._before for entry in some.items()):
            if mobility == anything.mobility:
                cells = sharing(cells, known.ground)
                break
        usable = (self.closures(anything) & np.uint8(Cause.CLASS | Cause.FORD)) == 0
        gate_nodes, gate_cells = gates(self.roads, usable, cells, self.theatre.grid)
        inside = self.sites.cell[self.sites.cell >= 0]
        return Moving(
            classes=classes,
            cells=cells,
            forward=forward(self.roads, classes),
            against=against(self.roads, classes),
            gate_nodes=gate_nodes,
            gate_cells=gate_cells,
            site_cells=inside[cells.blocked[inside] == 0],
        )


def weighed(cells: Cells, criterion: Criterion) -> Cells:
    """Return open ground on which the best is the best for a criterion.

    Parameters
    ----------
    cells : Cells
        Open ground.
    criterion : Criterion
        What paths are best for.

    Returns
    -------
    Cells
        The same ground with other weights.
    """
    weights = np.array(WEIGHTS[criterion])
    free = cells.blocked == 0
    if not free.any():
        return cells._replace(weights=weights)
    fastest = (cells.pace[:, free].min(axis=1) / cells.slope.max(axis=1)).max()
    exposed = cells.exposure[free].min() + cells.exposure_s[free].min() * fastest
    least = np.array([fastest, 1.0, cells.fuel[:, free].min(axis=1).max(), exposed])
    # A little less, so that rounding never rules out what is equal.
    return cells._replace(weights=weights, least=float(least @ weights) * (1 - 1e-6))
