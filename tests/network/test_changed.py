"""Ground that differs in areas, weather or roads from ground that is known: as from nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.network.by_medium import GroundByMedium
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.mesh import exact, overlay, spokes
from optimizer.network.mesh.layers import weighed
from optimizer.network.mesh.overlay import Overlay
from optimizer.network.mesh.store import Store
from optimizer.network.search.cells import Cells
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.theatre import Theatre
from tests.network.test_cells import ground

HEIGHT, WIDTH = 48, 80
#: 24 terminals, 8 of them sites.
TERMINALS, SITES = 24, 8

PROFILES = [
    Profile(mobility=("heavy_truck",), load_class=30, gross_weight_t=20),
    Profile(mobility=("tracked", "light_4x4"), load_class=8),
    Profile(mobility=("foot",)),
]
QUANTITIES = ("time_s", "distance_m", "fuel_m", "exposure_milli")

Make = Callable[..., Scenario]


def rolling(seed: int, criterion: Criterion, *, tied: bool) -> Cells:
    """Return hills, soils and blocked cells; on tied ground many ways are equally good."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    waves = rng.uniform(0.05, 0.3, 4)
    z = 15 * (np.sin(waves[0] * x + rng.uniform(0, 6)) + np.sin(waves[1] * y))
    pace = np.exp(np.sin(waves[2] * x) + np.sin(waves[3] * y + rng.uniform(0, 6)))
    made = ground(
        HEIGHT,
        WIDTH,
        z=0.0 if tied else z,
        pace=np.ceil(pace) if tied else pace,
        blocked=rng.random((HEIGHT, WIDTH)) < rng.choice([0.0, 0.05, 0.25]),
        exposure=rng.choice([0.0, 0.5]),
    )
    return weighed(made, criterion)


def with_area(g: Cells, seed: int, kind: str) -> Cells:
    """Return the ground with an area somewhere."""
    rng = np.random.default_rng(seed)
    row, column = rng.integers(0, HEIGHT), rng.integers(0, WIDTH)
    height, width = rng.integers(1, 20, 2)
    box = np.zeros((HEIGHT, WIDTH), np.bool_)
    box[row : row + height, column : column + width] = True
    inside = box.ravel()
    layers: dict[str, Any] = {
        "no_go": {"blocked": np.where(inside, 1, g.blocked).astype(np.uint8)},
        "slow": {"pace": np.where(inside, g.pace * np.float32(3), g.pace)},
        "exposure": {"exposure": np.where(inside, np.float32(7), g.exposure)},
    }
    return g._replace(**layers[kind])


def terminals(seed: int) -> tuple[np.ndarray, np.ndarray]:
    chosen = np.random.default_rng(seed).choice(HEIGHT * WIDTH, TERMINALS, replace=False)
    return np.sort(chosen[SITES:]).astype(np.int32), np.sort(chosen[:SITES]).astype(np.int32)


def overlay_of(g: Cells, seed: int, before: Overlay | None = None) -> Overlay:
    gates, sites = (cells[g.blocked[cells] == 0] for cells in terminals(seed))
    return Overlay.of(g, gates, sites, before=before)


def asked(some: Overlay, seed: int) -> Overlay:
    """Return an overlay with the exact ways of some pairs."""
    count = len(some.terminal)
    if count < 2:
        return some
    rng = np.random.default_rng(seed)
    pairs = [rng.choice(count, 2, replace=False) for _ in range(6)]
    return some.around(np.array(pairs, np.int32))


def assert_same(ours: Overlay, theirs: Overlay, before: Overlay, seed: int) -> None:
    """Compare everything that two overlays know, and what they find when they are asked."""
    one, other = asked(ours, seed), asked(theirs, seed)
    # How far a search looks beyond what it finds depends on the width of its buckets.
    where = set() if before.moves.grain == ours.moves.grain else {"looked", "places", "left"}
    for name, values in other.arrays.items():
        if name not in where:
            np.testing.assert_array_equal(one.arrays[name], values, err_msg=name)
    for way in range(0, len(other.tail), 23):
        np.testing.assert_array_equal(one.cells_of(way), other.cells_of(way))
    # What was found in another order is the same.
    for group, found in theirs.finder.all_found.items():
        mine = ours.finder.all_found[group]
        for name, values in vars(found).items():
            if name not in where:
                np.testing.assert_array_equal(getattr(mine, name), values, err_msg=name)


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    kinds=st.tuples(*[st.sampled_from(["no_go", "slow", "exposure"])] * 2),
    criterion=st.sampled_from([Criterion.TIME, Criterion.DISTANCE, Criterion.EXPOSURE]),
    change=st.sampled_from(["added", "removed", "moved"]),
    tied=st.booleans(),
)
def test_ways_over_ground_that_differs_in_an_area_are_those_from_nothing(
    seed: int, kinds: tuple[str, str], criterion: Criterion, change: str, *, tied: bool
) -> None:
    # There is an area all along, and another one comes, goes, or becomes one elsewhere.
    free = with_area(rolling(seed, criterion, tied=tied), seed + 1, kinds[0])
    there, elsewhere = (with_area(free, seed + k, kinds[1]) for k in (2, 3))
    first, second = {
        "added": (free, there),
        "removed": (there, free),
        "moved": (there, elsewhere),
    }[change]
    first, second = (weighed(g, criterion) for g in (first, second))
    before = overlay_of(first, seed)
    asked(before, seed)
    after = overlay_of(second, seed, before)
    assert_same(after, overlay_of(second, seed), before, seed)
    # What was taken over serves as well as what was searched for.
    assert_same(overlay_of(first, seed, after), before, after, seed)


def test_on_the_same_ground_all_is_shared_and_on_other_ground_nothing() -> None:
    g = rolling(5, Criterion.TIME, tied=False)
    before = overlay_of(g, 5)
    assert overlay_of(g._replace(pace=g.pace.copy()), 5, before) is before
    # Another criterion, another limit: no search would be the same.
    for other in (weighed(g, Criterion.FUEL), g._replace(max_up=0.3)):
        assert_same(overlay_of(other, 5, before), overlay_of(other, 5), before, 5)


def test_an_area_in_a_corner_leaves_the_searches_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(8)
    g = ground(160, 160, pace=rng.uniform(1, 3, (160, 160)))
    chosen = np.sort(rng.choice(160 * 160, 160, replace=False)).astype(np.int32)
    gates, sites = np.delete(chosen, np.s_[::4]), chosen[::4]
    before = Overlay.of(g, gates, sites)
    pairs = np.column_stack((np.arange(0, 150, 10), np.arange(9, 159, 10))).astype(np.int32)
    before.around(pairs)
    corner = np.zeros((160, 160), np.bool_)
    corner[:4, :4] = True
    g = g._replace(pace=np.where(corner.ravel(), g.pace * np.float32(2), g.pace))
    searched: dict[str, list[int]] = {"spokes": [], "direct": []}

    def count(module: Any, name: str) -> None:
        real = getattr(module, name)

        def counting(*arguments: Any) -> Any:
            searched[name].append(len(arguments[2]) if name == "spokes" else 1)
            return real(*arguments)

        monkeypatch.setattr(module, name, counting)

    count(spokes, "spokes")
    count(exact, "direct")
    ours = Overlay.of(g, gates, sites, before=before).around(pairs)
    held = {name: sum(numbers) for name, numbers in searched.items()}
    theirs = Overlay.of(g, gates, sites).around(pairs)
    np.testing.assert_array_equal(ours.sums, theirs.sums)
    # Each of 40 sites looks at a tenth of the ground, there and back, so that about as many look
    # as far as the corner; the searches of pairs, which are longer, a few more.
    whole = {name: sum(numbers) - held[name] for name, numbers in searched.items()}
    assert whole["spokes"] == 80
    assert 2 <= held["spokes"] <= 16
    assert held["direct"] < whole["direct"] / 2


def random_statements(rng: np.random.Generator) -> dict[str, Any]:
    """Return areas, changes and weather over the tiny theatre."""
    areas = []
    for number in range(rng.integers(0, 3)):
        kind = str(rng.choice(["no_go", "slow", "exposure", "no_fly"]))
        x, y = rng.uniform(0, 1150, 2)
        across, down = rng.uniform(10, 300, 2)
        corners = [(x, y), (x + across, y), (x + across, y + down), (x, y + down)]
        area: dict[str, Any] = {"id": f"a{number}", "kind": kind, "polygon": corners}
        if kind == "slow":
            area["speed_factor"] = float(rng.choice([0.1, 0.6, 1.0]))
        if kind == "exposure":
            area["exposure_per_km"] = float(rng.choice([0, 3, 50]))
            area["exposure_per_h"] = float(rng.choice([0, 10]))
        areas.append(area)
    out = {"id": "out", "kind": "bridge_out", "road": "north"}
    slow = {"id": "mud", "kind": "speed_limited", "road": "s0", "speed_kmh": 12}
    return {
        "areas": areas,
        "changes": [each for each in (out, slow) if rng.random() < 0.3],
        "weather": {"ground": str(rng.choice(["dry", "wet"], p=[0.8, 0.2]))},
    }


SPOTS = {"nw": (150, 310), "se": (1050, 810), "hill": (770, 1010), "shore": (470, 560)}


@pytest.mark.parametrize("seed", range(40))
def test_answers_on_changed_ground_are_those_from_nothing(
    seed: int, tiny: Theatre, make_scenario: Make
) -> None:
    rng = np.random.default_rng(seed)
    ours = None
    for step in range(4):
        stated = random_statements(rng)
        # Now and then a site comes or goes as well.
        spots = dict(list(SPOTS.items())[: 3 + (step + seed) % 2])
        scenario = make_scenario(tiny, spots, **stated)
        ours = TheatreGround(scenario, tiny) if ours is None else ours.changed(scenario)
        theirs = TheatreGround(scenario, tiny)
        assert ours.assumptions == theirs.assumptions
        for profile, criterion in itertools.product(PROFILES, (Criterion.TIME, Criterion.EXPOSURE)):
            one, other = (each.matrix(profile, criterion) for each in (ours, theirs))
            assert one.sites == other.sites
            for name in QUANTITIES:
                assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
            assert one.unreachable == other.unreachable
            for origin, end in itertools.permutations(range(len(spots)), 2):
                if (origin, end) in other.unreachable:
                    continue
                pair = one.sites[origin], one.sites[end]
                assert ours.course(profile, criterion, *pair) == theirs.course(
                    profile, criterion, *pair
                )


def test_who_flies_heeds_an_area_that_is_new(tiny: Theatre, make_scenario: Make) -> None:
    def stated(**more: Any) -> Scenario:
        return make_scenario(tiny, SPOTS, **more)

    wall = [(580, 100), (640, 100), (640, 1100), (580, 1100)]
    closed = stated(areas=[{"id": "air", "kind": "no_fly", "polygon": wall}])
    out = {"id": "out", "kind": "bridge_out", "road": "north"}
    flying = Profile(mobility=("helicopter",))
    free = GroundByMedium(stated(), tiny)
    before = free.matrix(flying, Criterion.TIME)
    ours = free.changed(closed).matrix(flying, Criterion.TIME)
    theirs = GroundByMedium(closed, tiny).matrix(flying, Criterion.TIME)
    assert ours.time_s.tobytes() == theirs.time_s.tobytes() != before.time_s.tobytes()
    # Roads concern nobody in the air.
    assert free.changed(stated(changes=[out])).of(flying) is free.of(flying)


def test_ground_that_is_asked_late_takes_over_what_is_known_by_then(
    tiny: Theatre, make_scenario: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    square = [(900, 1000), (960, 1000), (960, 1060), (900, 1060)]

    def stated(factor: float) -> Scenario:
        area = {"id": "mud", "kind": "slow", "speed_factor": factor, "polygon": list(square)}
        return make_scenario(tiny, SPOTS, areas=[area])

    first = TheatreGround(stated(0.5), tiny)
    # Made at once, as for each window of a day, and asked only then; the second is never asked.
    second = first.changed(stated(0.4))
    third = second.changed(stated(0.3))
    first.matrix(PROFILES[2], Criterion.TIME)

    def never(*_: object) -> None:
        pytest.fail("the whole ground was searched again")

    monkeypatch.setattr(overlay, "regions", never)
    matrix = third.matrix(PROFILES[2], Criterion.TIME)
    monkeypatch.undo()
    fresh = TheatreGround(stated(0.3), tiny).matrix(PROFILES[2], Criterion.TIME)
    assert matrix.time_s.tobytes() == fresh.time_s.tobytes()


def test_ground_read_from_disk_serves_as_well(
    tiny: Theatre, make_scenario: Make, tmp_path: Path
) -> None:
    def stated(**more: Any) -> Scenario:
        return make_scenario(tiny, SPOTS, **more)

    corner = [(1130, 10), (1190, 10), (1190, 60), (1130, 60)]
    area = {"id": "mines", "kind": "no_go", "polygon": corner}
    for _ in range(2):
        ground_before = TheatreGround(stated(), tiny, store=Store(tmp_path))
        ground_before.matrix(PROFILES[2], Criterion.TIME)
    scenario = stated(areas=[area])
    ours, theirs = ground_before.changed(scenario), TheatreGround(scenario, tiny)
    one, other = (each.matrix(PROFILES[2], Criterion.TIME) for each in (ours, theirs))
    assert one.time_s.tobytes() == other.time_s.tobytes()
    key = PROFILES[2].mobility, Criterion.TIME
    held, fresh = ours.layers.overlay(*key), theirs.layers.overlay(*key)
    assert held.finder.before is not None
    for name, values in fresh.arrays.items():
        np.testing.assert_array_equal(held.arrays[name], values, err_msg=name)
