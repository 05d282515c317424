"""Theatres and ground that a worker keeps in memory from one job to the next."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from optimizer.check.areas import areas, shapes_of
from optimizer.check.changes import changes
from optimizer.check.raster import raster
from optimizer.check.sites import sites
from optimizer.check.theatre import locate
from optimizer.errors import FaultsError
from optimizer.faults import Fault, has_errors
from optimizer.network.by_hours import by_hours
from optimizer.network.ground import Ground
from optimizer.network.kin import Kin
from optimizer.network.mesh.store import Store
from optimizer.network.of_scenario import ground_of
from optimizer.progress import Shown
from optimizer.scenario.model import Scenario
from optimizer.terrain.theatre import Theatre

__all__ = ["Kept"]

#: The layers of a theatre of 60 by 60 km at 30 m are some 100 MB.
_THEATRES = 2
#: A ground holds one graph for each profile; the variants of one scenario are a few.
_GROUNDS = 4


class Kept:
    """What is kept, the least recently used dropped first.

    A theatre is the same if folder and digest are, and the raster of exposure laid on it.

    Parameters
    ----------
    store : Store or None
        Where ways over open ground are kept on disk.
    """

    def __init__(self, store: Store | None = None) -> None:
        self._theatres: OrderedDict[tuple[Path, str, str | None], Theatre] = OrderedDict()
        self._grounds = Kin(store, _GROUNDS)

    def ground(self, scenario: Scenario, shown: Shown) -> Ground:
        """Return the ground of a scenario, with every way that is known already.

        Parameters
        ----------
        scenario : Scenario
            Scenario without faults of its own.
        shown : callable
            Shows how far a search over the ground is.

        Returns
        -------
        Ground
            Its ground.

        Raises
        ------
        FaultsError
            If its theatre is not here, or what it states does not fit it.
        """
        theatre = self.theatre(scenario)
        if theatre is None:
            return ground_of(scenario, None)
        faults = self._faults(scenario, theatre)
        if has_errors(faults):
            raise FaultsError(faults)
        return by_hours(scenario, lambda state: self._grounds.ground(state, theatre, shown))

    def theatre(self, scenario: Scenario) -> Theatre | None:
        """Return the theatre that a scenario names.

        Parameters
        ----------
        scenario : Scenario
            Scenario.

        Returns
        -------
        Theatre or None
            None for a scenario with matrices of its own.

        Raises
        ------
        FaultsError
            If it is not here.
        """
        if scenario.theatre is None:
            return None
        found = locate(scenario.theatre)
        if isinstance(found, Fault):
            raise FaultsError([found])
        return self.known(found)

    def known(self, theatre: Theatre) -> Theatre:
        """Return a theatre whose layers may have been read already.

        Parameters
        ----------
        theatre : Theatre
            A theatre as it was just opened.

        Returns
        -------
        Theatre
            The one that is kept, or this one, which is kept from now on.
        """
        planned = None if theatre.planned is None else theatre.planned.digest
        key = (theatre.folder, theatre.manifest.digest, planned)
        theatre = self._theatres.get(key, theatre)
        self._theatres[key] = theatre
        self._theatres.move_to_end(key)
        while len(self._theatres) > _THEATRES:
            self._theatres.popitem(last=False)
        return theatre

    def drop(self) -> None:
        """Keep nothing any more."""
        self._grounds.drop()
        self._theatres.clear()

    @staticmethod
    def _faults(scenario: Scenario, theatre: Theatre) -> tuple[Fault, ...]:
        """Return what `check` says but for ways, which the solver explains demand by demand."""
        shapes = shapes_of(scenario, theatre)
        return (
            *sites(scenario, theatre, shapes),
            *areas(scenario, theatre, shapes),
            *changes(scenario, theatre),
            *raster(scenario, theatre),
        )
