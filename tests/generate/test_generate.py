"""Made scenarios: as tight as declared, always the same, on ground where units can stand."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from click.testing import CliRunner
from shapely import LineString, Point, box

from optimizer.check.check import check_ground
from optimizer.errors import UsageError
from optimizer.generate.cli import generate
from optimizer.generate.fleet import TYPES, composition
from optimizer.generate.generate import generate_scenario
from optimizer.generate.tightness import tightness, turns
from optimizer.generate.wish import Wish
from optimizer.scenario.checks import check_scenario
from optimizer.scenario.convoys import vehicles_of
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import load_scenario
from optimizer.terrain.tables import mobility_class
from optimizer.terrain.theatre import Grid, Source, Theatre
from optimizer.terrain.write import write_theatre

GRID = Grid("EPSG:32631", 300_000.0, 4_900_000.0, 30.0, 160, 160)
_STEP_M = 450
#: Land cover that every vehicle crosses, and the lake in the south-west.
_MEADOW, _LAKE = 30, 3


def _roads(side: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """A square net of roads; a road in the north-east corner is joined to nothing."""
    points = [
        (GRID.west_m + 200 + _STEP_M * c, GRID.north_m - 200 - _STEP_M * r)
        for r in range(side)
        for c in range(side)
    ]
    corner = side - 1
    ends = [
        (i, i + step)
        for i in range(side * side)
        for step in (1, side)
        if (step == side or i % side < corner) and i + step < side * side
        if corner not in (i, i + step)
    ]
    points += [(points[corner][0] + 60, points[corner][1] + 60)]
    ends += [(corner, side * side)]
    lines = [LineString([points[a], points[b]]) for a, b in ends]
    n = len(ends)
    roads = gpd.GeoDataFrame(
        {
            "edge": range(n),
            "id": [f"s{i}" for i in range(n)],
            "way": [f"r{i}" for i in range(n)],
            "from_node": [a for a, _ in ends],
            "to_node": [b for _, b in ends],
            "class": ["tertiary"] * n,
            "surface": ["paved"] * n,
            "oneway": [0] * n,
            "bridge": [False] * n,
            "tunnel": [False] * n,
            "ford": [False] * n,
            "max_weight_t": [np.nan] * n,
            "mlc_wheeled": [np.nan] * n,
            "mlc_tracked": [np.nan] * n,
            "max_height_m": [np.nan] * n,
            "max_width_m": [np.nan] * n,
            "max_speed_kmh": [np.nan] * n,
            "length_m": [line.length for line in lines],
            "from_z_m": [100.0] * n,
            "to_z_m": [100.0] * n,
            "name": [""] * n,
            "ref": [""] * n,
            "osm_id": [0] * n,
        },
        geometry=lines,
        crs=GRID.crs,
    )
    nodes = gpd.GeoDataFrame(
        {"node": range(len(points)), "z_m": 100.0, "component": 0},
        geometry=[Point(p) for p in points],
        crs=GRID.crs,
    )
    return roads, nodes


def _theatre(folder: Path, *, roads: bool, places: bool) -> Theatre:
    water = np.zeros(GRID.shape, np.uint8)
    water[110:, :50] = _LAKE
    relief = np.full(GRID.shape, 100, np.float32)
    relief[:50, 110:] += 30 * np.arange(50, dtype=np.float32)  # a wall in the north-east: 1 in 1
    edges, nodes = _roads(10)
    towns = gpd.GeoDataFrame(
        {"name": ["Aubry", "Bercy"], "kind": ["town", "village"], "population": [9000, 900]},
        geometry=[Point(nodes.geometry[44]), Point(nodes.geometry[11])],
        crs=GRID.crs,
    )
    return write_theatre(
        folder,
        name=folder.name,
        title="Made",
        grid=GRID,
        rasters={
            "elevation": relief,
            "landcover": np.full(GRID.shape, _MEADOW, np.uint8),
            "water": water,
        },
        frames={
            "roads": edges if roads else edges.iloc[:0],
            "nodes": nodes if roads else nodes.iloc[:0],
            "waters": gpd.GeoDataFrame(
                {"kind": ["lake"], "name": [""]},
                geometry=[
                    box(GRID.west_m, GRID.north_m - 4800, GRID.west_m + 1500, GRID.north_m - 3300)
                ],
                crs=GRID.crs,
            ),
            "places": towns if places else towns.iloc[:0],
        },
        sources=[Source(what="all", name="test", licence="CC0-1.0")],
        statistics={},
    )


@pytest.fixture(scope="module", params=["all", "no-places", "no-roads"])
def theatre(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    folder = tmp_path_factory.mktemp("made") / request.param
    return _theatre(folder, roads=request.param != "no-roads", places=request.param == "all")


@pytest.fixture(scope="module")
def with_all(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    return _theatre(tmp_path_factory.mktemp("made") / "with-all", roads=True, places=True)


@pytest.mark.parametrize("wanted", [0.3, 0.7, 1.0, 1.4])
@pytest.mark.parametrize(("sites", "vehicles"), [(30, 15), (6, 3)])
def test_the_measured_tightness_is_the_declared_one(
    with_all: Theatre, wanted: float, sites: int, vehicles: int
) -> None:
    scenario = generate_scenario(with_all, Wish(sites, vehicles, seed=2, tightness=wanted))
    # Quantities are whole units; a case of rations is a thousandth of what three vehicles carry.
    assert tightness(scenario) == pytest.approx(wanted, rel=0.02)


def test_the_tightness_is_what_is_demanded_over_what_can_be_carried() -> None:
    # One vehicle of 6,000 kg, a site beside its base. A trip takes 45 min of loading, no way and an
    # hour at sites: 1.75 h; the shift of 6 h has room for 3. So 18,000 kg can be carried.
    data = {
        "format": "convoi/scenario/1",
        "id": "t",
        "horizon": {"start": "2026-06-15T04:00Z", "end": "2026-06-15T22:00Z"},
        "theatre": {"name": "t"},
        "rules": {"shift_h": 6},
        "sites": [
            {"id": "b", "position": {"lon": 1, "lat": 42}},
            {"id": "s", "position": {"lon": 1, "lat": 42}},
        ],
        "bases": [{"site": "b"}],
        "demands": [{"id": "d", "site": "s", "good": "barrier_kg", "quantity": 9000}],
        "vehicle_types": [
            {
                "id": "t",
                "mobility": "foot",
                "compartments": [{"id": "c", "capacity_kg": 6000, "pallets": 2}],
            }
        ],
        "fleet": [{"type": "t", "base": "b"}],
    }
    scenario = Scenario.model_validate(data)
    assert turns(scenario) == 3
    assert tightness(scenario) == pytest.approx(0.5)
    # 288 cases at 48 a pallet are 6 pallets, all that 3 trips with 2 have; by mass they are 0.16.
    data["demands"] = [{"id": "d", "site": "s", "good": "ration_case", "quantity": 288}]
    assert tightness(Scenario.model_validate(data)) == pytest.approx(1.0)


def test_the_same_seed_makes_the_same_scenario(with_all: Theatre) -> None:
    first, again, other = (
        generate_scenario(with_all, Wish(20, 8, seed=seed)) for seed in (7, 7, 8)
    )
    assert first == again
    assert first.sites != other.sites


def test_a_made_scenario_is_sound_and_all_of_it_can_be_reached(theatre: Theatre) -> None:
    scenario = generate_scenario(theatre, Wish(12, 8, seed=3, bases=2))
    assert check_scenario(scenario) == ()
    # Neither in the lake, nor on the wall, nor on the road that is joined to nothing.
    assert check_ground(scenario, theatre) == ()
    assert (len(scenario.sites), len(scenario.bases)) == (14, 2)
    assert len(vehicles_of(scenario)) == 8


def test_the_declared_share_of_the_sites_stands_beside_the_roads(with_all: Theatre) -> None:
    scenario = generate_scenario(with_all, Wish(20, 8, seed=3, off_road_share=0.3))
    roads = with_all.frame("roads").geometry.union_all()
    away_m = [
        roads.distance(Point(with_all.to_ground.transform(*site.position.lonlat)))
        for site in scenario.sites
        if site.position is not None
    ]
    # 75 m is how near a road a site must be to be joined to it.
    assert sum(distance > 75 for distance in away_m) == 6
    # What stands off the road needs nothing that only a tanker brings.
    beside = {s.id for s, distance in zip(scenario.sites, away_m, strict=True) if distance > 75}
    assert not {d.good for d in scenario.demands if d.site in beside} & {"water_l", "diesel_l"}


def test_the_base_stands_in_the_largest_town(with_all: Theatre) -> None:
    scenario = generate_scenario(with_all, Wish(10, 8, seed=1))
    assert scenario.bases[0].site == "B1"
    assert scenario.sites[0].label == "base de soutien B1, Aubry"


def test_the_fleet_suits_what_is_needed() -> None:
    # Cargo: 40 stops at 4 a trip are 10 trips, more than the 5 that its mass fills at 7,667 kg.
    # Water: 180,000 kg at 6,000 kg are 30 trips, more than its 8 stops need. So 1 to 3: of 10
    # vehicles one each to begin with, and of the other 8 two carry cargo and six water.
    fleet = composition({"cargo": 38_335, "water": 180_000}, {"cargo": 40, "water": 8}, 10)
    assert fleet == {"truck_6t": 1, "light_4x4": 1, "carrier_16t": 1, "tanker_water": 7}
    for name in fleet:
        mobility_class(TYPES[name].mobility)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Wish(5000, 10, seed=1), "ask for fewer"),
        (Wish(10, 1, seed=1, bases=2), "name more vehicles"),
        (Wish(0, 1, seed=1), "at least one site"),
        (Wish(5, 5, seed=1, tightness=0), "above 0"),
        (Wish(5, 5, seed=1, tightness=float("nan")), "a tightness of nan"),
        (Wish(5, 5, seed=1, horizon_h=1e9), "from 1 to 744 hours"),
        (Wish(5, 5, seed=-1), "seed -1"),
        (Wish(5, 5, seed=1, off_road_share=2), "between 0 and 1"),
    ],
)
def test_what_cannot_be_made_is_told(with_all: Theatre, wish: Wish, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        generate_scenario(with_all, wish)


def test_the_command_writes_a_scenario_that_reads_back(with_all: Theatre, tmp_path: Path) -> None:
    path = tmp_path / "made.yaml"
    options = ["--sites", "8", "--vehicles", "6", "--seed", "4", "--tightness", "0.9"]
    result = CliRunner().invoke(
        generate, ["--theatre", str(with_all.folder), *options, "-o", str(path)]
    )
    assert result.exit_code == 0, result.output
    assert "8 sites, 1 base, " in result.stdout
    assert "tightness 0.90" in result.stdout
    wish = Wish(8, 6, seed=4, tightness=0.9)
    made = load_scenario(path)
    assert made == generate_scenario(with_all, wish)
    assert made.title == "Generated scenario: 8 sites, 6 vehicles"


def test_a_theatre_that_is_not_there_is_told_with_where_it_was_looked_for(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        generate,
        ["--theatre", "nowhere", "--sites", "1", "--vehicles", "1", "-o", str(tmp_path / "a.yaml")],
    )
    assert isinstance(result.exception, UsageError)
    assert "'nowhere' is no folder" in str(result.exception)
    assert not list(tmp_path.iterdir())
