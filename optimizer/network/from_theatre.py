"""The ground of a scenario on a theatre."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.compiled import is_ready
from optimizer.network.answers.assumptions import assumptions
from optimizer.network.answers.courses import path_of
from optimizer.network.answers.pieces import whole
from optimizer.network.answers.reasons import reasons
from optimizer.network.ground import Course, Matrix
from optimizer.network.mesh.layers import Layers
from optimizer.network.mesh.mesh import Mesh
from optimizer.network.mesh.overlay import STAGES
from optimizer.network.mesh.refine import refined
from optimizer.network.search import cells
from optimizer.network.state.conditions import Conditions
from optimizer.network.state.roads import Roads
from optimizer.network.state.sites import Sites, Waters
from optimizer.network.unchanged import ways_digest
from optimizer.plan.model import TheatreStamp
from optimizer.progress import Shown, progress
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion
from optimizer.terrain.planned import raster_named

if TYPE_CHECKING:
    from optimizer.network.ground import Unreachable
    from optimizer.network.mesh.store import Store
    from optimizer.scenario.model import Scenario
    from optimizer.terrain.theatre import Theatre

__all__ = ["TheatreGround"]

Key = tuple[Profile, Criterion]


class TheatreGround:
    """Matrices and paths over the roads and the open ground of a theatre.

    Everything is computed once, when it is first asked for.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults, whose theatre this is.
    theatre : Theatre
        Theatre.
    shown : callable
        Shows how far the search of a profile is; by default a bar on a terminal.
    store : Store or None
        Where ways over open ground are kept from one run to the next.
    """

    def __init__(
        self,
        scenario: Scenario,
        theatre: Theatre,
        *,
        shown: Shown = progress,
        store: Store | None = None,
    ) -> None:
        self._scenario = scenario
        self._shown = shown
        self._theatre = theatre
        self._store = store
        self._roads = Roads.of(theatre)
        self._sites = Sites.of(scenario, theatre)
        self._waters = Waters(theatre)
        conditions = Conditions.of(scenario, self._roads, theatre)
        self._layers = Layers(
            theatre, self._roads, self._waters, self._sites, conditions, self._store
        )
        self._unstated: Layers | None = None
        self._meshes: dict[Key, Mesh] = {}
        self._totals: dict[Key, NDArray[np.float64]] = {}
        self._matrices: dict[Key, Matrix] = {}
        self._trees: dict[tuple[Key, int], NDArray[np.int32]] = {}
        self._reasons: dict[Key, dict[tuple[int, int], Unreachable]] = {}
        self._courses: dict[tuple[Key, int, int], Course] = {}
        self._numbers = {name: number for number, name in enumerate(self._sites.id)}

    @property
    def layers(self) -> Layers:
        """Roads and open ground under the conditions of the scenario."""
        return self._layers

    def mesh(self, profile: Profile, criterion: Criterion) -> Mesh:
        """Return the small graph that matrices and courses are taken from.

        Parameters
        ----------
        profile : Profile
            What moves.
        criterion : Criterion
            What paths are best for.

        Returns
        -------
        Mesh
            Graph, with the scenario's sites in their order.
        """
        return self._mesh((profile, criterion))

    @property
    def theatre(self) -> TheatreStamp:
        """Name and digest of the theatre, digest of a raster of exposure."""
        manifest = self._theatre.manifest
        planned = self._theatre.planned if raster_named(self._scenario) else None
        return TheatreStamp(
            name=manifest.name,
            digest=manifest.digest,
            exposure_raster=None if planned is None else planned.digest,
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed of the ground; the codes are listed in ``docs/reference/plan.md``."""
        return assumptions(self._layers, self._scenario)

    def matrix(self, profile: Profile, criterion: Criterion, window: int = 0) -> Matrix:  # noqa: ARG002
        """Return the quantities along the best path of every pair of sites.

        Parameters
        ----------
        profile : Profile
            What moves.
        criterion : Criterion
            What paths are best for.
        window : int
            The ground is the same all day; only 0 is asked for.

        Returns
        -------
        Matrix
            In the order of the scenario's sites.
        """
        key = (profile, criterion)
        if key not in self._matrices:
            self._matrices[key] = self._computed(key)
        return self._matrices[key]

    def course(
        self,
        profile: Profile,
        criterion: Criterion,
        origin: str,
        destination: str,
        window: int = 0,
    ) -> Course:
        """Return the best path of one pair.

        Parameters
        ----------
        profile : Profile
            What moves.
        criterion : Criterion
            What the path is best for.
        origin, destination : str
            Sites.
        window : int
            As in `matrix`.

        Returns
        -------
        Course
            Path and quantities, those of the matrix.

        Raises
        ------
        ValueError
            If there is no way, or no such site.
        """
        matrix = self.matrix(profile, criterion, window)
        try:
            pair = self._numbers[origin], self._numbers[destination]
        except KeyError as error:
            raise ValueError(f"no site {error.args[0]!r} in the scenario") from error
        if pair in matrix.unreachable:
            raise ValueError(f"no way from {origin!r} to {destination!r}")
        asked = ((profile, criterion), *pair)
        if asked not in self._courses:
            if len(self._courses) >= _COURSES:
                self._courses.clear()
            self._courses[asked] = self._traced(matrix, *asked)
        return self._courses[asked]

    def answering(self, scenario: Scenario, *, shown: Shown = progress) -> TheatreGround:
        """Return the same ground for another scenario, with everything that is computed already.

        Parameters
        ----------
        scenario : Scenario
            Scenario with the same `ground_digest`: it may differ in what no way depends on.
        shown : callable
            As of the class.

        Returns
        -------
        TheatreGround
            Shares what both compute from now on.
        """
        other = copy.copy(self)
        other._scenario = scenario  # noqa: SLF001 - of this class too
        other._shown = shown  # noqa: SLF001
        return other

    def changed(self, scenario: Scenario, *, shown: Shown = progress) -> TheatreGround:
        """Return the ground of another scenario on the same theatre.

        Parameters
        ----------
        scenario : Scenario
            Scenario that may differ in its areas, its changes of roads, its weather, its rule of
            exposure and its sites.
        shown : callable
            As of the class.

        Returns
        -------
        TheatreGround
            Takes over the ways over open ground that the difference cannot have touched, which are
            all where the `ways_digest` is the same; all else is worked out anew, so that its
            answers are those of a ground made from nothing.
        """
        other = self.answering(scenario, shown=shown)
        conditions = Conditions.of(scenario, self._roads, self._theatre)
        before, now = (ways_digest(each, self._theatre) for each in (self._scenario, scenario))
        if before == now:
            other._layers = self._layers.changed(conditions)  # noqa: SLF001
        else:
            other._sites = Sites.of(scenario, self._theatre)  # noqa: SLF001
            other._numbers = {name: k for k, name in enumerate(other._sites.id)}  # noqa: SLF001
            other._layers = self._layers.beside(conditions, other._sites)  # noqa: SLF001
        other._unstated = self._unstated_for(scenario)  # noqa: SLF001
        other._meshes, other._totals, other._matrices = {}, {}, {}  # noqa: SLF001
        other._trees, other._reasons, other._courses = {}, {}, {}  # noqa: SLF001
        return other

    def _traced(self, matrix: Matrix, key: Key, origin: int, destination: int) -> Course:
        mesh = self._mesh(key)
        tree = self._tree(key, origin)
        arcs = [] if origin == destination else mesh.graph.path(tree, int(mesh.sinks[destination]))
        pair = origin, destination
        return Course(
            time_s=int(matrix.time_s[pair]),
            distance_m=int(matrix.distance_m[pair]),
            fuel_m=int(matrix.fuel_m[pair]),
            exposure_milli=int(matrix.exposure_milli[pair]),
            path=path_of(mesh, arcs, self._roads, self._theatre, self._sites.xy[origin]),
        )

    def _unstated_for(self, scenario: Scenario) -> Layers | None:
        """Return the layers without areas and changes, if they are those of another scenario."""
        free = (each.model_copy(update={"areas": ()}) for each in (self._scenario, scenario))
        before, now = (ways_digest(each, self._theatre) for each in free)
        if before != now:
            return None
        stated = self._scenario.areas or self._scenario.changes
        return self._unstated if stated else self._layers

    def _without_statements(self) -> Layers | None:
        if not self._scenario.areas and not self._scenario.changes:
            return None
        if self._unstated is None:
            free = Conditions.of(self._scenario, self._roads, self._theatre, stated=False)
            if self._scenario.areas:
                self._unstated = self._layers.beside(free, self._sites)
            else:
                self._unstated = self._layers.changed(free)
        return self._unstated

    def _mesh(self, key: Key) -> Mesh:
        if key not in self._meshes:
            label = "Searching the ground" if is_ready(cells.search) else _FIRST
            with self._shown(label, STAGES + 1) as advance:
                mesh = Mesh.of(self._layers, *key, advance=advance)
                self._meshes[key], self._totals[key] = refined(mesh)
                self._layers.keep(key[0].mobility, key[1])
                advance(1)
        return self._meshes[key]

    def _tree(self, key: Key, origin: int) -> NDArray[np.int32]:
        if (key, origin) not in self._trees:
            mesh = self._mesh(key)
            self._trees[key, origin] = mesh.graph.tree(int(mesh.sources[origin]))
        return self._trees[key, origin]

    def _computed(self, key: Key) -> Matrix:
        mesh = self._mesh(key)
        totals = self._totals[key].copy()
        here = np.arange(len(self._sites))
        totals[here, here] = 0.0
        reached = np.isfinite(totals[:, :, 0])
        figures = np.full(totals.shape, -1, np.int64)
        figures[reached] = whole(totals[reached])
        # Each criterion has a small graph of its own, which need not join the same pairs.
        if key not in self._reasons:
            self._reasons[key] = (
                {}
                if reached.all()
                else reasons(self._layers, self._without_statements, key[0], mesh, reached)
            )
        return Matrix(
            sites=self._sites.id,
            time_s=figures[:, :, 0].copy(),
            distance_m=figures[:, :, 1].copy(),
            fuel_m=figures[:, :, 2].copy(),
            exposure_milli=figures[:, :, 3].copy(),
            unreachable=self._reasons[key],
        )


#: Courses kept: solutions on the way to a plan share most of their legs, and one has some 30 kB.
_COURSES = 2000
_FIRST = "Preparing the search for this machine (once)"
