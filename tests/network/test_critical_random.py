"""What a lost road costs on ground made by chance: the same as a scenario whose changes cut it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.network.answers import critical
from optimizer.network.answers.critical import critical_roads
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.mesh import lost, refine
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Change, Criterion, Scenario
from optimizer.terrain.theatre import Theatre

#: Junctions to a side, 280 m apart on average, and sites.
SIDE, SITES = 4, 9
PROFILES = [
    Profile(mobility=("heavy_truck",), load_class=30),
    Profile(mobility=("light_4x4",)),
    Profile(mobility=("tracked",)),
    Profile(mobility=("foot",)),
]

MakeTheatre = Callable[..., Theatre]
MakeScenario = Callable[..., Scenario]


def roads(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return streets of a crooked grid, some missing, some of one way, some twice, some bridges."""
    place = 140 + 280 * np.arange(SIDE)
    x, y = np.array(np.meshgrid(place, place)) + rng.integers(-9, 10, (2, SIDE, SIDE)) * 10
    found = []
    for row, column in itertools.product(range(SIDE), range(SIDE)):
        for down, right in ((0, 1), (1, 0)):
            if row + down == SIDE or column + right == SIDE or rng.random() < 0.25:
                continue
            start = float(x[row, column]), float(y[row, column])
            end = tuple(float(v[row + down, column + right]) for v in (x, y))
            middle = (start[0] + end[0]) / 2 + 30, (start[1] + end[1]) / 2 + 30
            road = {
                "class": rng.choice(["primary", "tertiary", "track"]),
                "oneway": rng.choice([0, 0, 0, 1, -1]),
                "bridge": bool(rng.random() < 0.2),
            }
            found.append({"line": [start, end], **road})
            if rng.random() < 0.15:
                found.append({"line": [start, middle, end], "class": "tertiary"})
    return found or [{"line": [(100, 100), (900, 900)], "class": "track"}]


def by_chance(
    seed: int, make_theatre: MakeTheatre, make_scenario: MakeScenario
) -> tuple[Theatre, Scenario]:
    """Return hills, woods and water with roads, and sites on, beside and far from them."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:60, :60]
    waves = rng.uniform(0.05, 0.4, 4)
    hills = 8 * (np.sin(waves[0] * rows + rng.uniform(0, 6)) + np.sin(waves[1] * columns))
    woods = np.sin(waves[2] * rows) + np.sin(waves[3] * columns + rng.uniform(0, 6))
    cover = np.select([woods > 1.0, woods > 0.2], [10, 40], 30).astype(np.uint8)
    water = np.zeros((60, 60), np.uint8)
    water[:, rng.integers(5, 55)] = rng.integers(0, 3)
    streets = roads(rng)
    theatre = make_theatre(
        streets,
        elevation=hills.astype(np.float32) if rng.random() < 0.5 else None,
        landcover=cover,
        water=water,
    )
    sites = {}
    for number in range(SITES):
        place = rng.uniform(20, 1180, 2)
        if rng.random() < 0.5:
            line = streets[rng.integers(len(streets))]["line"]
            along, off = rng.uniform(0, 1), rng.uniform(-70, 70, 2) * rng.integers(0, 2)
            place = np.array(line[0]) * (1 - along) + np.array(line[1]) * along + off
        sites[f"s{number}"] = tuple(np.clip(place, 15, 1185).round(1).tolist())
    return theatre, make_scenario(theatre, sites)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 2**32 - 1),
    profile=st.sampled_from(PROFILES),
    at_once=st.sampled_from([1, 5, 256]),
    covered=st.sampled_from([1.0, 0.01, 0.001]),
)
def test_each_road_lost_costs_what_a_change_that_cuts_it_costs(
    make_theatre: MakeTheatre,
    make_scenario: MakeScenario,
    *,
    seed: int,
    profile: Profile,
    at_once: int,
    covered: float,
) -> None:
    theatre, scenario = by_chance(seed, make_theatre, make_scenario)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(critical, "_AT_ONCE", at_once)
        # On so little ground all ways may be searched for, unless less is afforded.
        looks = tuple((favour, amount * covered) for favour, amount in refine._LOOKS)
        patch.setattr(refine, "_LOOKS", looks)
        ground = TheatreGround(scenario, theatre)
        before = ground.matrix(profile, Criterion.TIME)
        mesh = ground.mesh(profile, Criterion.TIME)
        told = critical_roads(ground.layers, profile, mesh, before)
        found = {
            edge: dict(zip(map(tuple, loss.pairs.tolist()), loss.after_s.tolist(), strict=True))
            for loss in told.losses
            for edge in loss.edges
        }
        users = critical.users_of(mesh)
        expected = {}
        for edge, packed in users.items():
            cut = Change.model_validate(
                {"id": "lost", "kind": "road_cut", "road": ground.layers.roads.id[edge]}
            )
            after = ground.changed(scenario.model_copy(update={"changes": (cut,)}))
            time_s = after.matrix(profile, Criterion.TIME).time_s
            pairs = [divmod(code, SITES) for code in packed.tolist()]
            worse = {
                pair: int(time_s[pair])
                for pair in pairs
                if time_s[pair] < 0 or time_s[pair] > before.time_s[pair]
            }
            if worse:
                expected[edge] = worse
        assert found == expected
        assert sorted(told.closed) == sorted(users)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), profile=st.sampled_from(PROFILES))
def test_arcs_without_a_road_are_those_of_a_graph_built_without_it(
    seed: int, profile: Profile, make_theatre: MakeTheatre, make_scenario: MakeScenario
) -> None:
    theatre, scenario = by_chance(seed, make_theatre, make_scenario)
    layers = TheatreGround(scenario, theatre).layers
    mesh = lost.Mesh.of(layers, profile, Criterion.TIME)
    roads = lost.Losable(layers, profile, mesh)
    for edge in range(len(layers.roads)):
        other = lost.Mesh.of(layers.without(np.array([edge])), profile, Criterion.TIME)
        mine = roads.without(edge)
        theirs = lost._compared(edge, mesh, other)
        assert (mine.stands == theirs.stands).all()
        held = dict(arcs_of(mesh))
        assert {k: v for k, v in mine.arcs.items() if held.get(k, lost.LOST[:2]) != v[:2]} == (
            theirs.arcs
        )


def arcs_of(mesh: lost.Mesh) -> dict[tuple[int, int], tuple[float, float]]:
    """Return cost and time of each arc."""
    graph = mesh.graph
    ends = zip(graph.tails.tolist(), graph.matrix.indices.tolist(), strict=True)
    values = zip(graph.matrix.data.tolist(), graph.sums[:, 0].tolist(), strict=True)
    return dict(zip(ends, values, strict=True))
