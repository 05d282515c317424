"""Grounds that are made from each other: what a change does not touch is not computed again."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.network.by_medium import GroundByMedium
from optimizer.network.unchanged import ground_digest, ways_digest

if TYPE_CHECKING:
    from optimizer.network.mesh.store import Store
    from optimizer.progress import Shown
    from optimizer.scenario.model import Scenario
    from optimizer.terrain.theatre import Theatre

__all__ = ["Kin"]

Place = tuple[Path, str, str | None]


class Kin:
    """Grounds that are kept, the least recently used dropped first.

    Whether a ground is the same, `ground_digest` tells; `ways_digest`, whether it differs in
    changes of roads alone. Other ground on the same theatre takes over what holds on it too.

    Parameters
    ----------
    store : Store or None
        Where ways over open ground are kept on disk.
    limit : int or None
        How many are kept; None for all.
    """

    def __init__(self, store: Store | None = None, limit: int | None = None) -> None:
        self._store = store
        self._limit = limit
        self._grounds: OrderedDict[tuple[Place, str, str], GroundByMedium] = OrderedDict()

    def ground(self, scenario: Scenario, theatre: Theatre, shown: Shown) -> GroundByMedium:
        """Return the ground of a scenario, with every way that is known already.

        Parameters
        ----------
        scenario : Scenario
            Scenario without faults and without hours.
        theatre : Theatre
            The theatre that it names.
        shown : callable
            Shows how far a search over the ground is.

        Returns
        -------
        GroundByMedium
            Its ground.
        """
        planned = None if theatre.planned is None else theatre.planned.digest
        place = (theatre.folder, theatre.manifest.digest, planned)
        key = (place, ways_digest(scenario, theatre), ground_digest(scenario, theatre))
        ground = self._grounds.get(key)
        # The last one that was used is likely to be the most alike.
        kin = [of for of in reversed(self._grounds) if of[0] == place]
        kin.sort(key=lambda of: of[1] != key[1])
        if ground is not None:
            ground = ground.answering(scenario, shown=shown)
        elif kin:
            ground = self._grounds[kin[0]].changed(scenario, shown=shown)
        else:
            ground = GroundByMedium(scenario, theatre, shown=shown, store=self._store)
        self._grounds[key] = ground
        self._grounds.move_to_end(key)
        while self._limit is not None and len(self._grounds) > self._limit:
            self._grounds.popitem(last=False)
        return ground

    def drop(self) -> None:
        """Keep nothing any more."""
        self._grounds.clear()
