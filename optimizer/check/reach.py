"""Which demands no vehicle of the fleet can reach with what they need, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from optimizer.faults import Fault, Severity
from optimizer.network.ground import Ground, Matrix, Unreachable
from optimizer.scenario.convoys import Convoy, Profile, convoys_of, goods_of
from optimizer.scenario.model import Scenario
from optimizer.scenario.places import pointer

__all__ = ["reach"]

#: Code of `Unreachable` and the figures that it brings -> code of the fault. The first of them that
#: some convoy meets is told: a planner can do most about it.
_FAULTS: tuple[tuple[str, frozenset[str], str], ...] = (
    ("closed", frozenset({"change"}), "ground.cut_off_change"),
    ("closed", frozenset({"area"}), "ground.cut_off_area"),
    ("load_class", frozenset({"road", "limit", "needed"}), "ground.cut_off_load_class"),
    ("weight", frozenset({"road", "limit", "needed"}), "ground.cut_off_weight"),
    ("height", frozenset({"road", "limit", "needed"}), "ground.cut_off_height"),
    ("width", frozenset({"road", "limit", "needed"}), "ground.cut_off_width"),
    ("in_no_go", frozenset(), "ground.cut_off_no_go"),
    ("in_water", frozenset(), "ground.cut_off_water"),
    ("outside_theatre", frozenset(), "ground.cut_off_outside"),
    ("cannot_enter", frozenset(), "ground.cut_off_cannot_enter"),
    ("not_given", frozenset(), "ground.cut_off_not_given"),
)
_OTHERWISE = "ground.cut_off_no_way"


def reach(
    scenario: Scenario, ground: Ground, told: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """Find the demands that no convoy with the right compartments can reach and come back from.

    A matrix is asked for only as long as there are demands that may need it.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    ground : Ground
        Its ground.
    told : frozenset of str
        Pointers to sites of which it is already told that they lie badly.

    Yields
    ------
    Fault
        A warning for each site and kind of compartment.
    """
    reported = {
        s.id for i, s in enumerate(scenario.sites) if pointer("sites", i, "position") in told
    }
    goods = goods_of(scenario)
    needs: dict[tuple[str, str], int] = {}
    for i, demand in enumerate(scenario.demands):
        if demand.site not in reported:
            needs.setdefault((demand.site, goods[demand.good].compartment), i)
    causes = _causes(scenario, ground, frozenset(needs))
    for (site, kind), i in needs.items():
        found = causes[site, kind]
        if found:
            params = {"good": scenario.demands[i].good, "site": site}
            yield _fault(found, params, pointer("demands", i))


def _causes(
    scenario: Scenario, ground: Ground, needs: frozenset[tuple[str, str]]
) -> Mapping[tuple[str, str], list[Unreachable]]:
    """Return, for each site and kind, why each convoy fails; nothing where one gets there."""
    allowed = {site.id: site.reached_by for site in scenario.sites}
    found: dict[tuple[str, str], list[Unreachable]] = {need: [] for need in needs}
    left = set(needs)
    for profile, convoys in _by_profile(scenario):
        carried = {(convoy.base, c.kind) for convoy in convoys for _, c in convoy.compartments}
        mine = [
            (site, kind)
            for site, kind in sorted(left)
            if kind in {k for _, k in carried} and _may_come(profile, allowed[site])
        ]
        if not mine:
            continue
        matrix = ground.matrix(profile, scenario.rules.criterion)
        for site, kind in mine:
            ways = [_cause(matrix, base, site) for base, k in sorted(carried) if k == kind]
            if any(cause is None for cause in ways):
                found[site, kind] = []
                left.discard((site, kind))
            else:
                found[site, kind] += [cause for cause in ways if cause is not None]
    return found


def _by_profile(scenario: Scenario) -> list[tuple[Profile, list[Convoy]]]:
    convoys = convoys_of(scenario)
    number = Counter(convoy.profile for convoy in convoys)
    return [
        (profile, [convoy for convoy in convoys if convoy.profile == profile])
        for profile, _ in number.most_common()
    ]


def _may_come(profile: Profile, allowed: tuple[str, ...] | None) -> bool:
    return allowed is None or set(profile.mobility) <= set(allowed)


def _cause(matrix: Matrix, base: str, site: str) -> Unreachable | None:
    here, there = matrix.sites.index(base), matrix.sites.index(site)
    for pair in ((here, there), (there, here)):
        if matrix.time_s[pair] < 0:
            return matrix.unreachable[pair]
    return None


def _fault(causes: list[Unreachable], params: Mapping[str, str], place: str) -> Fault:
    ranked = [
        (rank, number)
        for number, cause in enumerate(causes)
        for rank, (code, figures, _) in enumerate(_FAULTS)
        if cause.code == code and figures <= cause.params.keys()
    ]
    if not ranked:
        return Fault(_OTHERWISE, place, params, Severity.WARNING)
    rank, number = min(ranked)
    told = {**causes[number].params, **params}
    return Fault(_FAULTS[rank][2], place, told, Severity.WARNING)
