"""Which sites no vehicle of the fleet can reach, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from optimizer.faults import Fault, Severity
from optimizer.network.ground import Ground, Matrix, Unreachable
from optimizer.scenario.convoys import Profile, convoys_of
from optimizer.scenario.model import Scenario
from optimizer.scenario.places import pointer

__all__ = ["reach"]

#: Code of `Unreachable` -> code of the fault. The first of them that some convoy meets is told: a
#: planner can do most about it.
_FAULTS: Mapping[str, str] = {
    "closed": "ground.cut_off_closed",
    "load_class": "ground.cut_off_load_class",
    "weight": "ground.cut_off_weight",
    "height": "ground.cut_off_height",
    "width": "ground.cut_off_width",
    "cannot_enter": "ground.cut_off_cannot_enter",
    "in_no_go": "ground.cut_off_no_go",
    "in_water": "ground.cut_off_water",
    "outside_theatre": "ground.cut_off_outside",
    "not_given": "ground.cut_off_not_given",
    "no_way": "ground.cut_off_no_way",
}


def reach(
    scenario: Scenario, ground: Ground, told: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """Find the demanded sites that no convoy can reach and come back from.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    ground : Ground
        Its ground.
    told : frozenset of str
        Pointers to sites of which it is already told where they lie.

    Yields
    ------
    Fault
        A warning for each site.
    """
    convoys = convoys_of(scenario)
    matrices: dict[Profile, Matrix] = {}
    for convoy in convoys:
        if convoy.profile not in matrices:
            matrices[convoy.profile] = ground.matrix(convoy.profile, scenario.rules.criterion)
    journeys = dict.fromkeys((convoy.base, convoy.profile) for convoy in convoys)
    demanded = {demand.site for demand in scenario.demands}
    for i, site in enumerate(scenario.sites):
        if site.id not in demanded or pointer("sites", i, "position") in told:
            continue
        causes = [
            _cause(matrices[profile], base, site.id)
            for base, profile in journeys
            if site.reached_by is None or set(profile.mobility) <= set(site.reached_by)
        ]
        # Without any convoy that may come there, the document alone has told so.
        if causes and all(cause is not None for cause in causes):
            yield _fault(site.id, [c for c in causes if c is not None], pointer("sites", i))


def _cause(matrix: Matrix, base: str, site: str) -> Unreachable | None:
    here, there = matrix.sites.index(base), matrix.sites.index(site)
    for pair in ((here, there), (there, here)):
        if matrix.time_s[pair] < 0:
            return matrix.unreachable[pair]
    return None


def _fault(site: str, causes: list[Unreachable], place: str) -> Fault:
    order = list(_FAULTS)
    first = min(causes, key=lambda cause: order.index(cause.code))
    return Fault(
        _FAULTS[first.code], place, {**first.params, "site": site}, severity=Severity.WARNING
    )
