"""Which demands no vehicle of the fleet can reach with what they need, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from optimizer.faults import Fault, Severity
from optimizer.network.ground import Ground, Matrix, Unreachable
from optimizer.scenario.convoys import Convoy, Profile, convoys_of, goods_of
from optimizer.scenario.model import Good, Scenario
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
    ("ford", frozenset({"road", "limit", "needed"}), "ground.cut_off_ford"),
    ("in_no_go", frozenset(), "ground.cut_off_no_go"),
    ("in_water", frozenset(), "ground.cut_off_water"),
    ("outside_theatre", frozenset(), "ground.cut_off_outside"),
    ("cannot_enter", frozenset(), "ground.cut_off_cannot_enter"),
    ("not_given", frozenset(), "ground.cut_off_not_given"),
    ("no_landing", frozenset({"limit"}), "ground.cut_off_no_landing"),
    ("no_waterway", frozenset(), "ground.cut_off_no_waterway"),
    ("in_no_fly", frozenset({"area"}), "ground.cut_off_no_fly"),
    ("ceiling", frozenset({"limit", "needed"}), "ground.cut_off_ceiling"),
    ("visibility", frozenset({"limit", "needed"}), "ground.cut_off_visibility"),
)
_OTHERWISE = "ground.cut_off_no_way"


def reach(
    scenario: Scenario, ground: Ground, told: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """Find the demands that no convoy with the right compartments can reach and come back from.

    A matrix is asked for only as long as there are demands that may need it. Demands of one site
    that the same vehicles can carry are told once.

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
        A warning for each site and what the same vehicles carry.
    """
    reported = {
        s.id for i, s in enumerate(scenario.sites) if pointer("sites", i, "position") in told
    }
    # However many march together, they get to the same places: one search serves them all.
    convoys = [
        replace(convoy, profile=convoy.profile.model_copy(update={"vehicles": 1}))
        for convoy in convoys_of(scenario)
    ]
    goods = goods_of(scenario)
    carriers = {
        good: frozenset(_Start(c.base, c.profile) for c in convoys if _carries(c, goods[good]))
        for good in {demand.good for demand in scenario.demands}
    }
    first: dict[_Need, int] = {}
    for i, demand in enumerate(scenario.demands):
        for site in (demand.site, demand.pickup):
            if site is not None and site not in reported:
                first.setdefault((site, carriers[demand.good]), i)
    causes = _causes(scenario, ground, convoys, frozenset(first))
    for need, i in first.items():
        if causes[need]:
            params = {"good": scenario.demands[i].good, "site": need[0]}
            yield _fault(causes[need], params, pointer("demands", i))


class _Start(NamedTuple):
    """From where something may set out, and how it moves."""

    base: str
    profile: Profile


#: A site, and from where convoys set out that can carry what it needs.
_Need = tuple[str, frozenset[_Start]]


def _carries(convoy: Convoy, good: Good) -> bool:
    return any(
        c.kind == good.compartment and c.capacity_kg >= good.unit_mass_kg
        for _, c in convoy.compartments
    )


def _causes(
    scenario: Scenario, ground: Ground, convoys: Sequence[Convoy], needs: frozenset[_Need]
) -> Mapping[_Need, list[Unreachable]]:
    """Return, for each need, why each convoy fails; nothing where one gets there."""
    allowed = {site.id: site.reached_by for site in scenario.sites}
    found: dict[_Need, list[Unreachable]] = {need: [] for need in needs}
    left = set(needs)
    # The profile of most convoys first: it settles most needs, and the others are not asked for.
    for profile, _ in Counter(convoy.profile for convoy in convoys).most_common():
        mine = [
            (need, [start.base for start in need[1] if start.profile == profile])
            for need in left
            if _may_come(profile, allowed[need[0]])
        ]
        if not any(bases for _, bases in mine):
            continue
        matrix = ground.matrix(profile, scenario.rules.criterion)
        for need, bases in mine:
            ways = [_cause(matrix, base, need[0]) for base in sorted(bases)]
            if any(cause is None for cause in ways):
                found[need] = []
                left.discard(need)
            else:
                found[need] += [cause for cause in ways if cause is not None]
    return found


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
