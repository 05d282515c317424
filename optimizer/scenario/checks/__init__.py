"""Checks of a scenario that need no ground: everything that is wrong, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from optimizer.faults import Fault
from optimizer.scenario.checks import fleet, geometry, loads, references, times, ways, wording
from optimizer.scenario.checks.stated import Stated
from optimizer.scenario.model import Scenario

__all__ = ["check_scenario"]

Check = Callable[[Stated], Iterator[Fault]]

#: Each check with the top-level keys that it needs whole: where entries are misshapen and left out,
#: it would tell of things that are not so.
_CHECKS: tuple[tuple[Check, frozenset[str]], ...] = (
    (times.horizon, frozenset({"horizon"})),
    (times.display_zone, frozenset()),
    (times.windows, frozenset()),
    (ways.one_source, frozenset({"theatre", "matrices"})),
    (ways.positions, frozenset()),
    (ways.matrices, frozenset({"matrices", "vehicle_types", "fleet"})),
    (wording.objectives, frozenset()),
    (wording.printable, frozenset()),
    (references.declared_once, frozenset()),
    (references.known_names, frozenset()),
    (references.known_goods, frozenset()),
    (references.known_mobility, frozenset({"matrices", "theatre"})),
    (references.known_kinds, frozenset()),
    (references.known_exposure, frozenset()),
    (loads.stock_suffices, frozenset({"bases"})),
    (loads.carried, frozenset({"vehicle_types", "fleet"})),
    (loads.reached, frozenset({"vehicle_types", "fleet"})),
    (loads.pickups, frozenset()),
    (loads.apart, frozenset()),
    (fleet.base_windows, frozenset()),
    (fleet.fuel, frozenset()),
    (fleet.vehicle_ids, frozenset()),
    (fleet.convoys, frozenset({"vehicle_types", "fleet", "convoys", "horizon"})),
    (geometry.areas, frozenset()),
    (geometry.changes, frozenset()),
)


def check_scenario(
    scenario: Scenario,
    *,
    data: Mapping[str, Any] | None = None,
    damaged: frozenset[str] = frozenset(),
) -> tuple[Fault, ...]:
    """Tell everything that is wrong with a scenario, or worth a remark, without its ground.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    data : mapping, optional
        The document as given, if entries with a wrong shape were left out of the scenario.
    damaged : frozenset of str
        Top-level keys from which something was left out.

    Returns
    -------
    tuple of Fault
        Faults and warnings, without lines.
    """
    stated = Stated(scenario, data, damaged)
    return tuple(
        fault for check, needs in _CHECKS if not needs & damaged for fault in check(stated)
    )
