"""Faults planted in the network are caught: the verifier shares nothing with what it checks.

A plan over the little theatre takes its paths from the network. As the network stands they are
proved; with a fault in it, its paths or their quantities are not those of the ground, and the
verifier names which.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from optimizer.network.air import flight
from optimizer.network.air import ground as air
from optimizer.network.by_medium import GroundByMedium
from optimizer.network.ground import Course
from optimizer.network.mesh import layers
from optimizer.network.state import areas, changes, conditions, exposure, fords, speeds
from optimizer.network.water import ground as water
from optimizer.plan.model import Plan
from optimizer.scenario.convoys import convoys_of
from optimizer.scenario.model import Scenario
from optimizer.terrain.planned import with_raster
from optimizer.terrain.tables import mobility_class
from optimizer.terrain.theatre import Theatre
from optimizer.verify import verify
from optimizer.verify.paths import air as verified

Json = dict[str, Any]

PLANS = Path(__file__).resolve().parent.parent / "plans"

#: Convoy and the sites of its leg.
Leg = tuple[str, str, str]


class World:
    """The scenario over the little theatre, changed at will, and the plan over the network."""

    def __init__(self, recipes: ModuleType, theatre: Theatre) -> None:
        self.over = recipes.sibling("over_ground")
        self.builder = recipes.sibling("builder")
        self.theatre = theatre
        #: The ground that the verifier is given, where that is another.
        self.verified: Theatre | None = None
        self.make = self.over.Maker(recipes.sibling("ground"), theatre)
        self.scenario: Json = self.over.scenario(self.make)
        self.marches: list[Json] = self.over.marches()

    def type(self, name: str) -> Json:
        found: Json = next(t for t in self.scenario["vehicle_types"] if t["id"] == name)
        return found

    def codes(self) -> set[str]:
        """Return what the verifier finds in a plan whose legs the network has laid."""
        scenario = Scenario.model_validate(self.scenario)
        ground = GroundByMedium(scenario, self.theatre)
        profiles = {convoy.id: convoy.profile for convoy in convoys_of(scenario)}
        marches = copy.deepcopy(self.marches)
        for march in marches:
            stops = [stop["site"] for stop in march["trips"][0]["stops"]]
            legs = itertools.pairwise(["depot", *stops, "depot"])
            profile = profiles[march["convoy"]]
            march["ways"] = {
                (0, leg): _way(ground.course(profile, scenario.rules.criterion, a, b))
                for leg, (a, b) in enumerate(legs)
            }
        plan = self.builder.build(self.scenario, marches, {}, self.make.stamp)
        found = verify(Plan.model_validate(plan), self.verified or self.theatre)
        return {violation.code for violation in found}


def _way(course: Course) -> Json:
    assert course.path is not None
    return {
        "path_s": course.time_s,
        "distance_m": course.distance_m,
        "fuel_m": course.fuel_m,
        "exposure_milli": course.exposure_milli,
        "path": course.path.model_dump(mode="json"),
    }


@pytest.fixture
def world(plan_recipes: ModuleType, two_bridges: Theatre) -> World:
    return World(plan_recipes, two_bridges)


def _nothing(world: World) -> None:
    """Leave the ground as it is."""


def _everything(world: World) -> None:
    """State something of each kind, so that every part of the network has work to do."""
    world.scenario["weather"] = {"ground": "wet", "light": "night", "visibility_m": 90.0}
    world.scenario["areas"] = [
        {
            "id": "mud",
            "kind": "slow",
            "polygon": world.make.box(300, 90, 440, 200),
            "speed_factor": 0.5,
        },
        {
            "id": "seen",
            "kind": "exposure",
            "polygon": world.make.box(250, 50, 400, 190),
            "exposure_per_km": 700,
            "exposure_per_h": 4000,
        },
        {"id": "mines", "kind": "no_go", "polygon": world.make.box(362, 125, 385, 145)},
    ]
    world.scenario["rules"]["exposure"] = {"cover": "concealment", "per_km": 90}
    world.scenario["changes"] = [
        {"id": "works", "kind": "speed_limited", "road": "s3", "speed_kmh": 12},
        {"id": "slide", "kind": "road_cut", "road": "s9"},
    ]


def _two_lorries_spaced(world: World) -> None:
    """Let two lorries cross the southern bridge at 160 m, 60 m more than on the march."""
    world.scenario["fleet"].append({"type": "lorry", "base": "depot", "id": "lorry-2"})
    world.scenario["convoys"] = [{"id": "C-lorry-1", "vehicles": ["lorry-1", "lorry-2"]}]
    world.scenario["changes"] = [
        {"id": "caution", "kind": "spacing", "road": "s1", "spacing_m": 160, "speed_kmh": 13}
    ]


def _in_the_air(world: World) -> None:
    """State what concerns aircraft: an area between depot and east, another seen, a high site.

    What is closed on the ground is flown over.
    """
    world.scenario["weather"] = {"ground": "snow", "visibility_m": 1500.0}
    world.scenario["sites"][3] = world.make.site("field", 560, 300)
    make = world.make
    world.scenario["areas"] = [
        {"id": "range", "kind": "no_fly", "polygon": make.box(200, 120, 240, 140)},
        {"id": "mines", "kind": "no_go", "polygon": make.box(10, 110, 50, 350)},
        {"id": "mud", "kind": "slow", "polygon": make.box(0, 0, 600, 360), "speed_factor": 0.5},
        {
            "id": "seen",
            "kind": "exposure",
            "polygon": make.box(300, 10, 340, 150),
            "exposure_per_km": 700,
            "exposure_per_h": 9000,
        },
    ]


def _on_the_water(world: World) -> None:
    """Put all sites by the river; a part of it is slow, and one is seen."""
    world.type("lorry")["mobility"] = world.type("light")["mobility"] = "boat"
    make = world.make
    places = {"depot": (150, 40), "north": (80, 340), "east": (260, 280), "field": (215, 200)}
    world.scenario["sites"] = [make.site(name, *xy) for name, xy in places.items()]
    world.scenario["areas"] = [
        {"id": "mud", "kind": "slow", "polygon": make.box(0, 60, 600, 120), "speed_factor": 0.5},
        {"id": "mast", "kind": "no_fly", "polygon": make.box(0, 60, 600, 120)},
        {
            "id": "seen",
            "kind": "exposure",
            "polygon": make.box(100, 150, 300, 220),
            "exposure_per_km": 700,
            "exposure_per_h": 90,
        },
    ]


@pytest.mark.parametrize("rule", [None, {"cover": "concealment", "per_km": 40.0}], ids=["", "seen"])
def test_boats_are_proved(world: World, rule: Json | None) -> None:
    _on_the_water(world)
    if rule is not None:
        world.scenario["rules"]["exposure"] = rule
    assert world.codes() == set()


@pytest.mark.parametrize("criterion", ["time", "exposure"])
@pytest.mark.parametrize("mobility", ["helicopter", "cargo_drone"])
@pytest.mark.parametrize("stated", [pytest.param(_nothing, id="bare"), _in_the_air])
def test_flights_are_proved(
    world: World, mobility: str, criterion: str, stated: Callable[[World], None]
) -> None:
    world.type("lorry")["mobility"] = world.type("light")["mobility"] = mobility
    world.scenario["rules"]["criterion"] = criterion
    stated(world)
    # The recipe writes time for a criterion.
    assert world.codes() == ({"way.criterion"} if criterion == "exposure" else set())


@pytest.mark.parametrize(
    "mobility", ["heavy_truck", "medium_truck", "light_4x4", "tracked", "foot"]
)
@pytest.mark.parametrize(
    "stated", [pytest.param(_nothing, id="bare"), _everything, _two_lorries_spaced]
)
def test_as_the_network_stands_its_paths_are_proved(
    world: World, mobility: str, stated: Callable[[World], None]
) -> None:
    world.type("lorry")["mobility"] = mobility
    stated(world)
    assert world.codes() == set()


# --- Faults: each breaks one thing in the network, and says what the ground must be like to show it


def _halve_the_times(patch: pytest.MonkeyPatch, world: World) -> None:  # noqa: ARG001
    right = layers.edge_sums

    def wrong(*arguments: Any) -> Any:
        sums = right(*arguments)
        for name in [field.name for field in dataclasses.fields(sums)]:
            getattr(sums, name)[:, 0] /= 2
        return sums

    patch.setattr(layers, "edge_sums", wrong)


def _forget_the_fuel_of_surfaces(patch: pytest.MonkeyPatch, world: World) -> None:  # noqa: ARG001
    right = layers.edge_sums

    def wrong(*arguments: Any) -> Any:
        sums = right(*arguments)
        for name in [field.name for field in dataclasses.fields(sums)]:
            getattr(sums, name)[:, 2] = getattr(sums, name)[:, 1]
        return sums

    patch.setattr(layers, "edge_sums", wrong)


def _open_everything(patch: pytest.MonkeyPatch) -> None:
    right = layers.closures
    patch.setattr(layers, "closures", lambda *args: np.zeros_like(right(*args)))


def _open_weak_bridges(patch: pytest.MonkeyPatch, world: World) -> None:
    world.type("lorry")["load_class"] = 60.0
    _open_everything(patch)


def _open_the_bridge_that_is_out(patch: pytest.MonkeyPatch, world: World) -> None:
    world.scenario["changes"] = [{"id": "flood", "kind": "bridge_out", "road": "s1"}]
    right = changes.Changes.of

    def wrong(stated: Any, *arguments: Any) -> Any:  # noqa: ARG001
        return right((), *arguments)

    patch.setattr(changes.Changes, "of", wrong)


def _march_closed_up(patch: pytest.MonkeyPatch, world: World) -> None:
    _two_lorries_spaced(world)
    right = layers.edge_sums
    patch.setattr(layers, "edge_sums", lambda *all_: right(*all_[:3]))


def _cross_at_full_speed(patch: pytest.MonkeyPatch, world: World) -> None:
    _two_lorries_spaced(world)
    right = changes.Changes.of

    def wrong(*arguments: Any) -> Any:
        found = right(*arguments)
        return dataclasses.replace(found, spaced_kmh=np.full_like(found.spaced_kmh, np.inf))

    patch.setattr(changes.Changes, "of", wrong)


def _ignore_one_way(patch: pytest.MonkeyPatch, world: World) -> None:
    # From n8 down s8 is the shortest way to east.
    world.scenario["sites"][0] = world.make.site("depot", 400, 300)
    patch.setattr(layers, "against", lambda roads, classes: np.ones(len(roads), bool))  # noqa: ARG005


def _forget_no_go_areas(patch: pytest.MonkeyPatch, world: World) -> None:
    polygon = world.make.box(300, 95, 310, 105)  # on s2
    world.scenario["areas"] = [{"id": "mines", "kind": "no_go", "polygon": polygon}]
    right = areas.Areas.of

    def wrong(stated: Any, theatre: Theatre) -> Any:  # noqa: ARG001
        return right((), theatre)

    patch.setattr(areas.Areas, "of", wrong)


def _forget_slow_areas(patch: pytest.MonkeyPatch, world: World) -> None:
    polygon = world.make.box(300, 90, 440, 200)
    world.scenario["areas"] = [
        {"id": "mud", "kind": "slow", "polygon": polygon, "speed_factor": 0.5}
    ]
    patch.setattr(areas.Areas, "cell_factor", lambda self, grid: np.ones(grid.shape))  # noqa: ARG005


def _halve_the_exposure(patch: pytest.MonkeyPatch, world: World) -> None:
    polygon = world.make.box(225, 80, 330, 120)
    world.scenario["areas"] = [
        {"id": "seen", "kind": "exposure", "polygon": polygon, "exposure_per_km": 700}
    ]
    right = areas.Areas.edge_exposure
    patch.setattr(areas.Areas, "edge_exposure", lambda self, roads: right(self, roads) / 2)


def _forget_rates_per_hour(patch: pytest.MonkeyPatch, world: World) -> None:
    polygon = world.make.box(225, 80, 330, 120)
    world.scenario["areas"] = [
        {"id": "seen", "kind": "exposure", "polygon": polygon, "exposure_per_h": 900}
    ]
    patch.setattr(
        areas.Areas,
        "edge_exposure_per_s",
        lambda self, roads: np.zeros(len(roads)),  # noqa: ARG005
    )


def _stand_in_full_view(patch: pytest.MonkeyPatch, world: World) -> None:
    world.scenario["rules"]["exposure"] = {"cover": "concealment", "per_km": 50}
    patch.setattr(exposure, "exposure_shares", lambda table: (0.5,) * 256)  # noqa: ARG005


def _forget_crests(patch: pytest.MonkeyPatch, world: World) -> None:
    # On the plateau in the corner, 40 m above the field, and back by the footway.
    world.scenario["rules"]["exposure"] = {"cover": "concealment", "per_km": 50}
    world.scenario["sites"][3] = world.make.site("field", 585, 275)
    world.type("lorry")["mobility"] = "foot"
    patch.setattr(exposure, "crests", lambda z_m, grid: np.zeros(grid.shape, bool))  # noqa: ARG005


def _see_in_the_dark(patch: pytest.MonkeyPatch, world: World) -> None:
    world.scenario["weather"] = {"light": "blackout"}
    patch.setattr(conditions, "sight_m", lambda light, visibility_m: visibility_m)  # noqa: ARG005


def _drive_over_fields_as_by_day(patch: pytest.MonkeyPatch, world: World) -> None:
    world.scenario["weather"] = {"light": "night"}
    patch.setattr(speeds, "light_factor", lambda light, mobility, highway: 1.0)  # noqa: ARG005


def _ford_a_flood(patch: pytest.MonkeyPatch, world: World) -> None:
    # Both bridges are out: what is left is the ford.
    world.scenario["weather"] = {"water": "flood"}
    world.scenario["changes"] = [
        {"id": f"out-{road}", "kind": "bridge_out", "road": road} for road in ("s1", "s5")
    ]
    patch.setattr(fords, "ford_factor", lambda water: 1.0)  # noqa: ARG005


def _drain_the_river(patch: pytest.MonkeyPatch, world: World) -> None:
    world.scenario["changes"] = [{"id": "flood", "kind": "bridge_out", "road": "s1"}]
    right = layers.open_ground

    def wrong(*arguments: Any) -> Any:
        cells = right(*arguments)
        dry = {"blocked": np.zeros_like(cells.blocked), "pace": np.minimum(cells.pace, 0.5)}
        return cells._replace(**dry)

    patch.setattr(layers, "open_ground", wrong)


def _climb_the_cliff(patch: pytest.MonkeyPatch, world: World) -> None:
    # On the plateau in the corner, 40 m above the field.
    world.scenario["sites"][3] = world.make.site("field", 560, 300)
    right = layers.open_ground

    def wrong(*arguments: Any) -> Any:
        return right(*arguments)._replace(max_up=9.0, max_down=9.0)

    patch.setattr(layers, "open_ground", wrong)


def _in_a_helicopter(world: World) -> None:
    _in_the_air(world)
    world.type("lorry")["mobility"] = world.type("light")["mobility"] = "helicopter"


def _fly_straight_on(patch: pytest.MonkeyPatch, world: World) -> None:
    _in_a_helicopter(world)
    patch.setattr(air, "closed_to_flying", lambda places: shapely.Polygon())  # noqa: ARG005


def _fly_low(patch: pytest.MonkeyPatch, world: World) -> None:
    _in_a_helicopter(world)
    patch.setattr(air.Relief, "highest_m", lambda *_: 100.0)


def _fly_beyond_the_ceiling(patch: pytest.MonkeyPatch, world: World) -> None:
    _in_a_helicopter(world)
    kind = mobility_class("helicopter")
    assert kind.flight is not None
    low = dataclasses.replace(kind, flight=dataclasses.replace(kind.flight, ceiling_m=260.0))
    patch.setattr(verified, "mobility_class", lambda name: {"helicopter": low}[name])


def _fly_blind(patch: pytest.MonkeyPatch, world: World) -> None:
    _in_a_helicopter(world)
    world.scenario["weather"]["visibility_m"] = 700.0
    right = air.AirGround.__init__
    patch.setattr(air.AirGround, "__init__", lambda self, *all_: right(self, *all_[:3], None))


def _fly_twice_as_fast(patch: pytest.MonkeyPatch, world: World) -> None:
    _in_a_helicopter(world)
    right = flight.Aircraft.sums

    def wrong(*arguments: Any) -> Any:
        return right(*arguments) / np.array([2.0, 1.0, 1.0, 1.0])

    patch.setattr(flight.Aircraft, "sums", wrong)


def _sail_over_land(patch: pytest.MonkeyPatch, world: World) -> None:
    _on_the_water(world)
    world.scenario["sites"][2] = world.make.site("east", 450, 280)
    right = water.open_ground

    def wrong(*arguments: Any) -> Any:
        cells = right(*arguments)
        wet = {"blocked": np.zeros_like(cells.blocked), "pace": np.minimum(cells.pace, 0.3)}
        return cells._replace(**wet)

    patch.setattr(water, "open_ground", wrong)


def _land_anywhere(patch: pytest.MonkeyPatch, world: World) -> None:
    _on_the_water(world)
    world.scenario["sites"][2] = world.make.site("east", 450, 280)
    right = water.landings_of

    def wrong(sites: Any, bodies: Any, grid: Any, limit_m: float, no_go: Any) -> Any:
        return right(sites, bodies, grid, 3 * limit_m, no_go)

    patch.setattr(water, "landings_of", wrong)


def _fly_unseen(patch: pytest.MonkeyPatch, world: World) -> None:
    _in_a_helicopter(world)
    patch.setattr(air, "exposure_of", lambda lines, places: np.zeros((2, len(lines))))  # noqa: ARG005


def test_a_convoy_of_two_media_has_no_way(two_bridges: Theatre) -> None:
    """A scenario with one is refused; a plan that was written by hand may still have it."""
    plan: Json = json.loads((PLANS / "pass-ground-by-air.json").read_text(encoding="utf-8"))
    plan["scenario"]["convoys"] = [{"id": "both", "vehicles": ["lorry-1", "light-1"]}]
    plan["routes"][0]["convoy"] = "both"
    found = verify(Plan.model_validate(plan), two_bridges)
    assert "path.together" in {violation.code for violation in found}


FAULTS: dict[str, tuple[Callable[[pytest.MonkeyPatch, World], None], set[str]]] = {
    "a speed doubled": (_halve_the_times, {"path.travel"}),
    "fuel of surfaces forgotten": (_forget_the_fuel_of_surfaces, {"path.fuel"}),
    "weak bridges opened": (_open_weak_bridges, {"path.load_class"}),
    "a bridge that is out opened": (_open_the_bridge_that_is_out, {"path.change"}),
    "a spacing forgotten": (_march_closed_up, {"path.travel"}),
    "a speed at a spacing forgotten": (_cross_at_full_speed, {"path.travel"}),
    "one-way ignored": (_ignore_one_way, {"path.oneway"}),
    "no-go areas forgotten": (_forget_no_go_areas, {"path.no_go"}),
    "slow areas forgotten": (_forget_slow_areas, {"path.travel"}),
    "exposure halved": (_halve_the_exposure, {"path.exposure"}),
    "rates per hour forgotten": (_forget_rates_per_hour, {"path.exposure"}),
    "all ground in half view": (_stand_in_full_view, {"path.exposure"}),
    "crests forgotten": (_forget_crests, {"path.exposure"}),
    "lights forgotten": (_see_in_the_dark, {"path.travel"}),
    "night off the road forgotten": (_drive_over_fields_as_by_day, {"path.travel"}),
    "a flood forgotten at a ford": (_ford_a_flood, {"path.ford"}),
    "a river drained": (_drain_the_river, {"path.water", "path.corner"}),
    "sailed over land": (_sail_over_land, {"path.land"}),
    "landed far from the water": (_land_anywhere, {"path.link_long"}),
    "no-fly areas crossed": (_fly_straight_on, {"path.no_fly"}),
    "hills flown into": (_fly_low, {"path.level"}),
    "a ceiling ignored": (_fly_beyond_the_ceiling, {"path.ceiling"}),
    "flown in the fog": (_fly_blind, {"path.visibility"}),
    "flown too fast": (_fly_twice_as_fast, {"path.travel"}),
    "exposure in the air forgotten": (_fly_unseen, {"path.exposure"}),
    "cliffs climbed": (_climb_the_cliff, {"path.slope"}),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_planted_fault_is_caught_and_named(
    fault: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, expected = FAULTS[fault]
    plant(monkeypatch, world)
    found = world.codes()
    assert found & expected, found


def test_another_raster_of_exposure_is_refused_and_a_missing_one_told(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.scenario["rules"]["exposure"] = {"raster": "seen.tif"}
    bare, scenario = world.theatre, Scenario.model_validate(world.scenario)

    def laid(per_km: float) -> Theatre:
        grid = bare.grid
        side = grid.resolution_m
        with rasterio.open(
            tmp_path / "seen.tif",
            "w",
            driver="GTiff",
            height=grid.height,
            width=grid.width,
            count=1,
            dtype="float32",
            crs=grid.crs,
            transform=Affine(side, 0, grid.west_m, 0, -side, grid.north_m),
        ) as target:
            target.write(np.full(grid.shape, per_km, np.float32), 1)
        return with_raster(bare, scenario, tmp_path)

    world.theatre = laid(70)
    assert world.theatre.planned is not None
    world.make.stamp["exposure_raster"] = world.theatre.planned.digest
    assert world.codes() == set()
    right = exposure.along
    with monkeypatch.context() as patch:
        patch.setattr(exposure, "along", lambda *given: right(*given) / 2)
        assert world.codes() == {"path.exposure"}
    world.verified = laid(80)
    assert world.codes() == {"provenance.raster", "path.exposure"}
    world.verified = bare
    assert world.codes() == {"unproved.raster"}
