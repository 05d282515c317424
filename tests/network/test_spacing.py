"""Bridges crossed at a stated spacing: what it costs a convoy, and where it goes then."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

import pytest
from click.testing import CliRunner

from optimizer.network.critical.ask import ask
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.ground import Matrix
from optimizer.network.matrices import matrices_csv
from optimizer.network.pair.cli import path
from optimizer.plan.model import RoadPart
from optimizer.scenario.convoys import Profile, convoys_of
from optimizer.scenario.model import Criterion, Scenario
from optimizer.scenario.write import dump_scenario
from optimizer.terrain.tables import mobility_class
from optimizer.terrain.theatre import Theatre

Make = Callable[..., Scenario]

ALONE = Profile(mobility=("heavy_truck",), load_class=30)
SIX = ALONE.model_copy(update={"vehicles": 6})
#: On the road of the northern bridge, 45 m before it and 25 m behind it.
BOTH_SIDES = {"a": (545, 310), "b": (655, 310)}
CAUTION = {"id": "caution", "kind": "spacing", "road": "s2", "spacing_m": 150, "speed_kmh": 13}


def _matrix(make: Make, theatre: Theatre, profile: Profile, *changes: Any, **stated: Any) -> Matrix:
    scenario = make(theatre, BOTH_SIDES, changes=[dict(one) for one in changes], **stated)
    return TheatreGround(scenario, theatre).matrix(profile, Criterion.TIME)


def _hand_s(bridge_m: float, bridge_kmh: float | None = None) -> int:
    """Return the time of 70 m of level primary road, and of so much more at another speed."""
    kmh = mobility_class("heavy_truck").road_speed_kmh("primary")
    return math.ceil(70 / (kmh / 3.6) + bridge_m / ((bridge_kmh or kmh) / 3.6))


def test_a_convoy_opens_up_and_closes_up_again_behind_the_bridge(
    tiny: Theatre, make_scenario: Make
) -> None:
    # Five gaps are 50 m wider than the 100 m of the march: 250 m at 13 km/h, besides the 40 m.
    matrix = _matrix(make_scenario, tiny, SIX, CAUTION)
    assert matrix.time_s[0, 1] == matrix.time_s[1, 0] == _hand_s(40 + 5 * 50, 13)
    alone = _matrix(make_scenario, tiny, ALONE, CAUTION)
    assert alone.time_s[0, 1] == _hand_s(40, 13)
    # Nobody drives further for it, nor burns more.
    free = _matrix(make_scenario, tiny, ALONE)
    for name in ("distance_m", "fuel_m"):
        assert getattr(matrix, name)[0, 1] == getattr(free, name)[0, 1]


def test_without_a_speed_the_convoy_crosses_at_its_own(tiny: Theatre, make_scenario: Make) -> None:
    change = {key: value for key, value in CAUTION.items() if key != "speed_kmh"}
    assert _matrix(make_scenario, tiny, SIX, change).time_s[0, 1] == _hand_s(40 + 5 * 50)
    # A limit of the speed besides holds for both.
    limit = {"id": "works", "kind": "speed_limited", "road": "s2", "speed_kmh": 20}
    both = _matrix(make_scenario, tiny, SIX, change, limit)
    assert both.time_s[0, 1] == _hand_s(40 + 5 * 50, 20)


def test_a_spacing_below_the_gap_of_the_march_costs_its_speed_alone(
    tiny: Theatre, make_scenario: Make
) -> None:
    narrow = CAUTION | {"spacing_m": 50}
    assert _matrix(make_scenario, tiny, SIX, narrow).time_s[0, 1] == _hand_s(40, 13)
    # With 20 m on the march the same 50 m are 30 m more.
    close = _matrix(make_scenario, tiny, SIX, narrow, rules={"gap_m": 20})
    assert close.time_s[0, 1] == _hand_s(40 + 5 * 30, 13)


def test_only_bridges_are_crossed_at_a_spacing(tiny: Theatre, make_scenario: Make) -> None:
    # The way north has three edges besides its bridge; s1 is nearer than the bridge, and no bridge.
    named = _matrix(make_scenario, tiny, SIX, CAUTION | {"road": "north"})
    near = {key: value for key, value in CAUTION.items() if key != "road"} | {"near": (500, 320)}
    for matrix in (named, _matrix(make_scenario, tiny, SIX, near)):
        assert matrix.time_s[0, 1] == _hand_s(40 + 5 * 50, 13)


def test_of_several_spacings_the_last_holds_and_a_class_besides(
    tiny: Theatre, make_scenario: Make
) -> None:
    first = CAUTION | {"id": "first", "spacing_m": 900, "speed_kmh": 5}
    weak = {"id": "weak", "kind": "class_assessed", "road": "s2", "load_class_wheeled": 30}
    found = _matrix(make_scenario, tiny, SIX, first, CAUTION, weak)
    assert found.time_s[0, 1] == _hand_s(40 + 5 * 50, 13)
    # A bridge that bears too little is closed however far apart they drive; so is the other one.
    weak["load_class_wheeled"] = 29
    closed = _matrix(make_scenario, tiny, SIX, CAUTION, weak)
    assert closed.unreachable[0, 1].code == "load_class"


def test_who_waits_on_a_bridge_in_view_is_seen_for_longer(
    tiny: Theatre, make_scenario: Make
) -> None:
    around = [(590, 280), (630, 280), (630, 340), (590, 340)]
    seen = {"id": "hill", "kind": "exposure", "polygon": around, "exposure_per_h": 3600}
    matrix = _matrix(make_scenario, tiny, SIX, CAUTION, areas=[seen])
    # 3,600 an hour are 1,000 thousandths a second, on the bridge and nowhere else. Corners are
    # given to a millimetre.
    seconds = (40 + 5 * 50) / (13 / 3.6)
    assert matrix.exposure_milli[0, 1] == pytest.approx(1000 * seconds, abs=10)


def test_six_lorries_take_another_bridge_where_one_keeps_to_the_nearest(
    tiny: Theatre, make_scenario: Make
) -> None:
    # Round by the south it is 1,000 m further, some two minutes. Five gaps of 400 m more take
    # nine minutes at 13 km/h; the bridge itself eleven seconds.
    changes = [
        CAUTION | {"spacing_m": 500},
        {"id": "engineers", "kind": "class_assessed", "road": "s5", "load_class_wheeled": 40},
    ]
    scenario = make_scenario(
        tiny,
        {"nw": (150, 310), "ne": (1050, 310)},
        changes=changes,
        fleet=[{"type": "lorry", "base": "nw", "count": 7}],
        convoys=[{"id": "six", "vehicles": [f"nw-lorry-0{number}" for number in range(1, 7)]}],
    )
    ground = TheatreGround(scenario, tiny)
    bridges = {}
    for convoy in convoys_of(scenario):
        way = ground.course(convoy.profile, Criterion.TIME, "nw", "ne").path
        assert way is not None
        edges = {part.edge for part in way.parts if isinstance(part, RoadPart)}
        bridges[len(convoy.vehicles)] = edges & {"s2", "s5"}
    assert bridges == {6: {"s5"}, 1: {"s2"}}


def test_a_way_is_asked_for_a_number_of_vehicles(
    tiny: Theatre, make_scenario: Make, tmp_path: FilePath
) -> None:
    file = tmp_path / "scenario.yaml"
    dump_scenario(make_scenario(tiny, BOTH_SIDES, changes=[dict(CAUTION)]), file)
    call = [str(file), "--theatre", str(tiny.folder), "--from", "a", "--to", "b", "--json"]
    call += ["--class", "heavy_truck", "--criterion", "time"]
    for more, bridge_m in (([], 40), (["--vehicles", "6"], 40 + 5 * 50)):
        result = CliRunner().invoke(path, [*call, *more])
        assert result.exit_code == 0, result.exception
        best = json.loads(result.output)["best"]["time"]
        assert best["time_s"] == _hand_s(bridge_m, 13)


def test_convoys_of_another_length_lose_another_time_with_a_road(
    tiny: Theatre, make_scenario: Make
) -> None:
    scenario = make_scenario(
        tiny,
        BOTH_SIDES,
        changes=[dict(CAUTION)],
        fleet=[{"type": "lorry", "base": "a", "count": 3}],
        convoys=[{"id": "two", "vehicles": ["a-lorry-01", "a-lorry-02"]}],
    )
    answers = ask(TheatreGround(scenario, tiny), scenario)
    assert [answer.convoys for answer in answers] == [("two",), ("C-a-lorry-03",)]


def test_matrices_tell_how_many_march(tiny: Theatre, make_scenario: Make) -> None:
    found = {(0, each): _matrix(make_scenario, tiny, each, CAUTION) for each in (ALONE, SIX)}
    rows = list(csv.DictReader(matrices_csv(found).splitlines()))
    times = {row["vehicles"]: row["time_s"] for row in rows if row["origin"] < row["destination"]}
    assert times == {"1": str(_hand_s(40, 13)), "6": str(_hand_s(40 + 5 * 50, 13))}


def test_the_number_of_vehicles_tells_profiles_apart_only_where_it_matters(
    tiny: Theatre, make_scenario: Make
) -> None:
    fleet = {
        "fleet": [{"type": "lorry", "base": "a", "count": 5}],
        "convoys": [
            {"id": "two", "vehicles": ["a-lorry-01", "a-lorry-02"]},
            {"id": "three", "vehicles": ["a-lorry-03", "a-lorry-04", "a-lorry-05"]},
        ],
    }

    def numbers(*changes: Any) -> list[int]:
        scenario = make_scenario(tiny, BOTH_SIDES, changes=[dict(one) for one in changes], **fleet)
        return [convoy.profile.vehicles for convoy in convoys_of(scenario)]

    assert numbers(CAUTION) == [2, 3]
    # Each profile has a search of its own; none is spent where nothing is wider than the march.
    assert numbers() == numbers(CAUTION | {"spacing_m": 100}) == [1, 1]
    # A plan says nothing of one.
    assert "vehicles" not in ALONE.model_dump()
    assert SIX.model_dump()["vehicles"] == 6
