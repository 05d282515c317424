"""A worker plans again on ground that did not change without searching it again."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.errors import FaultsError
from optimizer.jobs.kept import Kept
from optimizer.network.by_medium import GroundByMedium
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.unchanged import ground_digest, ways_digest
from optimizer.plan.read import load_plan
from optimizer.routing import SolveOptions, solve
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.scenario.read import parse
from optimizer.terrain.planned import PlannedExposure
from optimizer.terrain.theatre import Theatre

PLANS = Path(__file__).parents[1] / "plans"
OPTIONS = SolveOptions(iterations=20)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOI_THEATRES", str(PLANS))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Over the theatre of two bridges."""
    return load_plan(PLANS / "pass-ground.json").scenario


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return Theatre.open(PLANS / "two-bridges")


class Shown:
    """Counts the searches over the ground."""

    def __init__(self) -> None:
        self.searches = 0

    @contextlib.contextmanager
    def __call__(self, label: str, total: float | None) -> Iterator[Any]:
        assert label
        assert total
        self.searches += 1
        yield lambda _: None


def changed(scenario: Scenario, **parts: Any) -> Scenario:
    found, faults = parse(scenario.document() | parts)
    assert found is not None, faults
    return found


def test_ground_is_the_same_whatever_is_demanded(scenario: Scenario, theatre: Theatre) -> None:
    before = ground_digest(scenario, theatre)
    demands: Any = scenario.document()["demands"]
    for same in (
        changed(scenario, demands=demands[:1]),
        changed(scenario, title="Another day", time_contingency=0.5),
        changed(scenario, objectives=["undelivered", "time"]),
    ):
        assert ground_digest(same, theatre) == before


def test_ground_is_another_where_a_way_may_be(scenario: Scenario, theatre: Theatre) -> None:
    document: Any = scenario.document()
    moved = [dict(site) for site in document["sites"]]
    lon, lat = scenario.sites[0].position.lonlat  # type: ignore[union-attr] - it has one
    moved[0]["position"] = {"lon": lon + 0.001, "lat": lat}
    ring = [[lon, lat], [lon + 0.001, lat], [lon, lat + 0.001]]
    area = {"id": "A-NEW", "kind": "slow", "speed_factor": 0.5, "polygon": ring}
    digests = {
        ground_digest(other, theatre)
        for other in (
            scenario,
            changed(scenario, sites=moved),
            changed(scenario, weather={"ground": "snow"}),
            changed(scenario, weather={"light": "night"}),
            changed(scenario, weather={"water": "high"}),
            changed(scenario, rules={"exposure": {"cover": "concealment"}}),
            changed(scenario, rules={"exposure": {"cover": "concealment", "per_km": 2}}),
            changed(scenario, areas=[area]),
            changed(scenario, areas=[area | {"speed_factor": 0.4}]),
        )
    }
    assert len(digests) == 9
    # The gap on the march counts where a bridge asks for a wider one, and only there.
    spaced = [{"id": "C-1", "kind": "spacing", "road": "s1", "spacing_m": 150}]
    stated = ((changes, gap_m) for changes in ([], spaced) for gap_m in (50, 100))
    gaps = [
        ground_digest(changed(scenario, changes=changes, rules={"gap_m": gap_m}), theatre)
        for changes, gap_m in stated
    ]
    assert gaps[0] == gaps[1]
    assert len(set(gaps)) == 3
    # What an area is called moves nobody.
    named = changed(scenario, areas=[area | {"label": "Marsh", "note": "after rain"}])
    assert ground_digest(named, theatre) in digests


def test_the_second_plan_searches_nothing_and_is_the_same(scenario: Scenario) -> None:
    kept, first, second = Kept(), Shown(), Shown()
    plan = solve(scenario, kept.ground(scenario, first), options=OPTIONS)
    assert first.searches > 0
    again = solve(scenario, kept.ground(scenario, second), options=OPTIONS)
    assert second.searches == 0
    assert again.id == plan.id


def test_a_bridge_out_leaves_the_ways_over_open_ground_and_answers_as_from_nothing(
    scenario: Scenario, theatre: Theatre
) -> None:
    out = {"id": "C-1", "kind": "bridge_out", "road": "s1"}
    slow = {"id": "C-2", "kind": "speed_limited", "road": "s0", "speed_kmh": 12}
    spaced = {"id": "C-3", "kind": "spacing", "road": "s1", "spacing_m": 300, "speed_kmh": 2}
    kept = Kept()
    profile = load_plan(PLANS / "pass-ground.json").routes[0].profile
    profiles = [profile, *(Profile(mobility=(name,)) for name in ("tracked", "foot"))]
    whole = kept.ground(scenario, Shown())
    before = [whole.matrix(each, Criterion.TIME) for each in profiles]
    for changes in ([out], [out, slow], [spaced], []):
        other = changed(scenario, changes=changes)
        assert ways_digest(other, theatre) == ways_digest(scenario, theatre)
        shared, fresh = kept.ground(other, Shown()), TheatreGround(other, theatre)
        assert isinstance(shared, GroundByMedium)
        for each, was in zip(profiles, before, strict=True):
            ours, theirs = (ground.matrix(each, Criterion.TIME) for ground in (shared, fresh))
            for name in ("time_s", "distance_m", "fuel_m", "exposure_milli"):
                np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
            assert ours.unreachable == theirs.unreachable
            assert bool(changes) != np.array_equal(ours.time_s, was.time_s)
            assert isinstance(whole, GroundByMedium)
            assert shared.land.layers.overlay(
                each.mobility, Criterion.TIME
            ) is whole.land.layers.overlay(each.mobility, Criterion.TIME)
        start, end = scenario.sites[0].id, scenario.sites[1].id
        assert shared.course(profile, Criterion.TIME, start, end) == fresh.course(
            profile, Criterion.TIME, start, end
        )


def test_an_area_leaves_what_it_cannot_touch_and_the_answers_are_those_from_nothing(
    scenario: Scenario, theatre: Theatre
) -> None:
    foot = Profile(mobility=("foot",))
    kept = Kept()
    whole = kept.ground(scenario, Shown())
    whole.matrix(foot, Criterion.TIME)
    grid = theatre.grid
    x, y = grid.west_m + 40.0, grid.north_m - 40.0
    corners = [(x, y), (x + 60, y), (x + 60, y - 60), (x, y - 60)]
    polygon = [theatre.to_earth.transform(*corner) for corner in corners]
    area = {"id": "A-9", "label": "Mines", "kind": "no_go", "polygon": polygon}
    for parts in ({"areas": [area]}, {"areas": []}, {"weather": {"ground": "wet"}}):
        other = changed(scenario, **parts)
        shared, fresh = kept.ground(other, Shown()), TheatreGround(other, theatre)
        assert isinstance(shared, GroundByMedium)
        ours, theirs = (ground.matrix(foot, Criterion.TIME) for ground in (shared, fresh))
        for name in ("time_s", "distance_m", "fuel_m", "exposure_milli"):
            assert getattr(ours, name).tobytes() == getattr(theirs, name).tobytes()
        assert ours.unreachable == theirs.unreachable
        assert (
            other == scenario
            or shared.land.layers.overlay(foot.mobility, Criterion.TIME).finder.before
        )


def test_what_was_assumed_is_told_of_the_scenario_that_is_planned(scenario: Scenario) -> None:
    # Without load classes nothing is assumed of bridges, whatever an earlier scenario needed.
    document: Any = scenario.document()
    types = [
        {name: value for name, value in kind.items() if name != "load_class"}
        for kind in document["vehicle_types"]
    ]
    light = changed(scenario, vehicle_types=types)
    kept = Kept()
    kept.ground(scenario, Shown())
    shared = kept.ground(light, Shown())
    assert isinstance(shared, GroundByMedium)
    alone = Kept().ground(light, Shown())
    assert shared.assumptions == alone.assumptions


def test_the_least_recently_used_is_dropped(scenario: Scenario) -> None:
    kept, shown = Kept(), Shown()
    profile = load_plan(PLANS / "pass-ground.json").routes[0].profile
    variants = [
        changed(scenario, weather={"ground": "dry", "visibility_m": 1000 + i}) for i in range(6)
    ]
    for variant in variants:
        kept.ground(variant, shown).matrix(profile, variant.rules.criterion)
    assert shown.searches == 6
    kept.ground(variants[-1], shown).matrix(profile, scenario.rules.criterion)
    assert shown.searches == 6
    kept.ground(variants[0], shown).matrix(profile, scenario.rules.criterion)
    assert shown.searches == 7


def test_a_change_of_a_road_that_is_not_there_is_a_fault_with_its_place(
    scenario: Scenario,
) -> None:
    change = {"id": "C-1", "kind": "road_cut", "road": "no such road"}
    with pytest.raises(FaultsError) as found:
        Kept().ground(changed(scenario, changes=[change]), Shown())
    assert [fault.pointer for fault in found.value.faults][-1].startswith("/changes/0")


def test_a_job_reads_no_raster_of_exposure(scenario: Scenario) -> None:
    named = changed(scenario, rules={"exposure": {"raster": "theatre.tif"}})
    with pytest.raises(FaultsError) as refused:
        Kept().ground(named, Shown())
    assert [fault.code for fault in refused.value.faults] == ["ground.raster_unplaced"]


def test_a_theatre_that_was_changed_on_disk_is_another(theatre: Theatre) -> None:
    kept = Kept()
    assert kept.known(theatre) is theatre
    assert kept.known(Theatre.open(theatre.folder)) is theatre
    digest = "0" * 64
    newer = Theatre(theatre.folder, theatre.manifest.model_copy(update={"digest": digest}))
    assert kept.known(newer) is newer


def test_a_theatre_under_another_raster_of_exposure_is_another(theatre: Theatre) -> None:
    kept = Kept()
    kept.known(theatre)
    planned = PlannedExposure("1" * 64, np.ones(theatre.grid.shape))
    exposed = dataclasses.replace(theatre, planned=planned)
    assert kept.known(exposed) is exposed
    assert kept.known(theatre) is theatre
