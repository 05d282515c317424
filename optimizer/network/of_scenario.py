"""The ground of a scenario: a theatre's, or that of the scenario's own matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.network.by_hours import by_hours
from optimizer.network.given import MatrixGround
from optimizer.network.kin import Kin
from optimizer.progress import Shown, progress

if TYPE_CHECKING:
    from optimizer.network.ground import Ground
    from optimizer.network.mesh.store import Store
    from optimizer.scenario.model import Scenario
    from optimizer.terrain.theatre import Theatre

__all__ = ["ground_of"]


def ground_of(
    scenario: Scenario,
    theatre: Theatre | None,
    *,
    shown: Shown = progress,
    store: Store | None = None,
) -> Ground:
    """Return the ground of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    theatre : Theatre or None
        The theatre that it names; None for one with matrices of its own.
    shown : callable
        Shows how far a search over the ground is; by default a bar on a terminal.
    store : Store or None
        Where ways over open ground are kept from one run to the next; `default_store` is that of
        this user.

    Returns
    -------
    Ground
        Matrices and paths between its sites.
    """
    if theatre is None:
        return MatrixGround(scenario)
    kin = Kin(store)
    return by_hours(scenario, lambda state: kin.ground(state, theatre, shown))
