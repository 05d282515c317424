"""What lies on a convoy's way, over the little theatre of ``tests/plans/ground.py``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from briefing.documents import DOCUMENTS
from briefing.facts import (
    Count,
    FactTable,
    Name,
    Names,
    Place,
    Quantity,
    Subject,
    Term,
    Times,
    Value,
    facts_of,
    place_of,
)
from briefing.facts.passing import Passing
from briefing.render.markdown import to_markdown
from briefing.wording import LANGUAGES, voice
from optimizer.faults import Language
from optimizer.network.state.roads import Roads
from optimizer.plan.model import Leg, Plan, RoadPart
from optimizer.plan.read import load_plan
from optimizer.scenario.model import Change, ChangeKind, Position
from optimizer.terrain.theatre import Theatre
from optimizer.verify.paths.land import Land
from optimizer.verify.paths.walk import Walk

PLANS = Path(__file__).resolve().parents[1] / "plans"


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return Theatre.open(PLANS / "two-bridges")


@pytest.fixture(scope="module")
def changed() -> Plan:
    """A lorry of class 20 goes east over the southern bridge s1 and by s0, s2, s3."""
    return load_plan(PLANS / "pass-ground-changed.json")


@pytest.fixture(scope="module")
def spaced() -> Plan:
    """Two lorries go the same way, and cross s1 at 160 m and 13 km/h."""
    return load_plan(PLANS / "pass-ground-spaced.json")


def _lorry(table: FactTable) -> Subject:
    return next(
        c
        for c in table.children(None, "convoy")
        if (fact := table.get(c, "load_class")) and fact.value == Quantity(20, "MLC")
    )


def _parts(table: FactTable, convoy: Subject, kind: str) -> dict[str, dict[str, Value]]:
    return {
        part.id.removeprefix(f"{convoy.id}/"): {k: f.value for k, f in table.of(part).items()}
        for part in table.children(convoy, kind)
    }


def test_what_a_course_touches_lies_on_the_way(changed: Plan) -> None:
    table = facts_of(changed)
    hazards = _parts(table, _lorry(table), "hazard")
    # The area "overlooked" covers the middle of s2, which the legs to east and back use; "mud" lies
    # on s7, which only the light vehicle drives; nobody enters the minefield.
    assert hazards["area/overlooked"] == {
        "label": Name("s2"),
        "kind": Term("area.exposure"),
        "steps": Names(("1.1", "1.3")),
    }
    assert "area/mud" not in hazards
    assert "area/minefield" not in hazards


def test_a_change_names_its_limit_and_whether_the_convoy_keeps_to_it(changed: Plan) -> None:
    table = facts_of(changed)
    hazards = _parts(table, _lorry(table), "hazard")
    # s1 was found to bear 25; the lorry is of class 20.
    assert hazards["change/assessed"] == {
        "label": Name("assessed"),
        "kind": Term("change.class_assessed"),
        "near": Term("near.on_way"),
        "load_class": Quantity(25, "MLC"),
        "verdict": Term("verdict.open"),
        "steps": Names(("1.1", "1.3")),
    }
    assert hazards["change/works"]["speed"] == Quantity(15, "km/h")
    weak = changed.scenario.model_copy(
        update={
            "changes": (
                Change.model_validate(
                    {"id": "a", "kind": "class_assessed", "road": "s1", "load_class_wheeled": 19.5}
                ),
            )
        }
    )
    table = facts_of(changed.model_copy(update={"scenario": weak}))
    told = _parts(table, _lorry(table), "hazard")["change/a"]
    assert told["verdict"] == Term("verdict.closed")


def test_a_position_close_to_the_way_is_told_as_close(changed: Plan) -> None:
    # The northern bridge is 180 m from the southern one and 165 m from the field that leg 1.2 goes
    # to, within the 200 m in which a change looks for its road; no course uses it.
    table = facts_of(changed)
    told = _parts(table, _lorry(table), "hazard")["change/north-out"]
    assert told["near"] == Term("near.near")
    assert told["steps"] == Names(("1.1", "1.2", "1.3"))


def test_with_the_ground_a_position_on_the_way_is_told_as_on_the_way(
    changed: Plan, theatre: Theatre
) -> None:
    south = changed.scenario.changes[2].near
    assert south
    lon, lat = south.lonlat
    # 180 m to the south of the northern bridge lies the southern one.
    near = {"lon": lon, "lat": lat - 180 / 111_132}
    change = {"id": "a", "kind": "class_assessed", "near": near, "load_class_wheeled": 22}
    scenario = changed.scenario.model_copy(update={"changes": (Change.model_validate(change),)})
    plan = changed.model_copy(update={"scenario": scenario})
    for ground, where in ((None, "near.near"), (theatre, "near.on_way")):
        table = facts_of(plan, theatre=ground)
        told = _parts(table, _lorry(table), "hazard")["change/a"]
        assert told["near"] == Term(where)


def test_the_name_of_a_road_that_no_edge_carries_is_not_taken_for_clear(
    changed: Plan, theatre: Theatre
) -> None:
    # On made ground "r1" may be a road of many edges; only the ground knows of which.
    change = Change.model_validate({"id": "a", "kind": "road_cut", "road": "r99"})
    scenario = changed.scenario.model_copy(update={"changes": (change,), "areas": ()})
    plan = changed.model_copy(update={"scenario": scenario})
    table = facts_of(plan)
    assert _parts(table, _lorry(table), "hazard")["change/a"]["near"] == Term("near.unplaced")
    table = facts_of(plan, theatre=theatre)
    assert not _parts(table, _lorry(table), "hazard")


def test_a_bridge_with_little_to_spare_is_critical(changed: Plan, theatre: Theatre) -> None:
    table = facts_of(changed, theatre=theatre)
    convoy = _lorry(table)
    assert table.get(convoy, "bridges").value == Count(1)  # type: ignore[union-attr] # it is there
    (told,) = _parts(table, convoy, "crossing").values()
    assert told["load_class"] == Quantity(25, "MLC")
    assert told["basis"] == Term("basis.stated")
    assert told["steps"] == Names(("1.1", "1.3"))
    # 31T, central meridian 3 degrees east: the theatre's CRS is that of MGRS. The bridge's middle
    # is at 400,195 east and 4,900,100 north.
    assert told["grid"] == Name("31T DK 0019 0010")


def test_the_head_is_due_at_a_bridge_when_the_way_to_it_is_driven(
    changed: Plan, theatre: Theatre
) -> None:
    table = facts_of(changed, theatre=theatre)
    convoy = _lorry(table)
    (told,) = _parts(table, convoy, "crossing").values()
    assert isinstance(told["due"], Times)
    route = next(route for route in changed.routes if route.convoy == convoy.id)
    out, _, back = route.trips[0].legs
    there, again = told["due"].moments
    # 30 m from the depot to the road at 5 km/h, then 135 m of s0 at the 15 km/h of its works, are
    # 21.6 s and 32.4 s; with a quarter more they are 67.5 s.
    assert there == out.depart + timedelta(seconds=68)
    # On the way back the convoy comes from the field: what the verifier makes of the way to s1.
    assert back.path
    land = Land(theatre, changed.scenario)
    ends = [land.position(site) for site in (back.origin, back.destination)]
    assert ends[0]
    assert ends[1]
    walk = Walk(land, route.profile, ends[0], ends[1])
    # A part of a path does not end at its site, and nothing else is wrong with it.
    assert {found.code for found in walk.run(back.path.parts[:4], "")} == {"path.end"}
    wanted = back.depart + timedelta(seconds=walk.cost.time_s * 1.25)
    assert abs(again - wanted) <= timedelta(seconds=1.5)


def test_a_bridge_between_two_stretches_of_open_ground_is_told_in_time(
    changed: Plan, theatre: Theatre
) -> None:
    """A way out and back again by the same parts is half done in the middle."""
    route = next(route for route in changed.routes if route.convoy == "C-lorry-1")
    leg = route.trips[0].legs[2]
    assert leg.path
    there = leg.path.parts
    back = [
        part.model_copy(update={"from_m": part.to_m, "to_m": part.from_m})
        if isinstance(part, RoadPart)
        else part
        for part in reversed(there)
    ]
    path = leg.path.model_copy(update={"parts": (*there, *back)})
    both = leg.model_copy(update={"path": path, "travel_s": 2 * leg.travel_s})
    passing = Passing(theatre, Roads.of(theatre), changed.scenario)
    half = passing.head_at(both, route.profile, len(there))
    assert half
    assert abs(half - leg.depart - timedelta(seconds=leg.travel_s)) <= timedelta(seconds=1)


def test_an_assessed_bridge_lies_where_the_planner_says(changed: Plan, theatre: Theatre) -> None:
    """Who drives by it and who drives over it read one reference."""
    lon, lat = theatre.to_earth.transform(400_150, 4_900_110)
    near = Position(lon=lon, lat=lat)
    assessed = Change(id="weak", kind=ChangeKind.CLASS_ASSESSED, near=near, load_class_wheeled=25)
    scenario = changed.scenario.model_copy(update={"changes": (assessed,)})
    table = facts_of(changed.model_copy(update={"scenario": scenario}), theatre=theatre)
    convoy = _lorry(table)
    (crossed,) = _parts(table, convoy, "crossing").values()
    stated = _parts(table, convoy, "hazard")["change/weak"]
    assert crossed["change"] == Name("weak")
    assert crossed["grid"] == stated["grid"] == Name("31T DK 0015 0011")


def test_bridges_as_weak_as_the_weakest_are_counted(changed: Plan, theatre: Theatre) -> None:
    """Over s1, assessed at 50, and back over s5, which is taken to bear 50."""
    assessed = changed.scenario.changes[0].model_copy(update={"load_class_wheeled": 50})
    scenario = changed.scenario.model_copy(update={"changes": (assessed,)})
    there, field, back = next(r for r in changed.routes if r.convoy == "C-lorry-1").trips[0].legs
    text = back.model_dump_json().replace('"edge":"s1"', '"edge":"s5"')
    legs = (there, field, Leg.model_validate_json(text))
    routes = tuple(
        route.model_copy(update={"trips": (route.trips[0].model_copy(update={"legs": legs}),)})
        if route.convoy == "C-lorry-1"
        else route
        for route in changed.routes
    )
    plan = changed.model_copy(update={"scenario": scenario, "routes": routes})
    table = facts_of(plan, theatre=theatre)
    (told,) = _parts(table, _lorry(table), "crossing").values()
    assert (told["steps"], told["alike"]) == (Names(("1.1",)), Count(1))
    for language, words in (
        ("en", "1\u00a0other bridge of the same class on the route."),
        ("fr", "1\u00a0autre pont de même classe sur l\u2019itinéraire."),
    ):
        spoken = voice(language, "UTC")
        said = [spoken.say(one).text for one in DOCUMENTS["movement-order"](table).statements()]
        assert words in said


def test_open_ground_is_told_with_its_legs_and_how_far(changed: Plan, theatre: Theatre) -> None:
    """To the field by two knight's moves, back by three diagonals."""
    table = facts_of(changed, theatre=theatre)
    convoy = _lorry(table)
    wide = theatre.grid.resolution_m
    far = table.get(convoy, "off_road")
    assert far
    assert isinstance(far.value, Quantity)
    assert far.value.amount == pytest.approx(wide * (2 * 5**0.5 + 3 * 2**0.5))
    assert table.of(convoy)["off_road_steps"].value == Names(("1.2", "1.3"))
    light = next(c for c in table.children(None, "convoy") if c != convoy)
    assert table.get(light, "off_road") is None


def test_without_the_ground_bridges_are_not_said_to_be_none(changed: Plan) -> None:
    table = facts_of(changed)
    assert table.get(_lorry(table), "bridges") is None
    spoken = voice("en", "UTC")
    said = [spoken.say(one).text for one in DOCUMENTS["convoy-card"](table).statements()]
    assert any("the ground was not at hand" in text for text in said)
    assert "No bridge on the route." not in said


def test_other_ground_than_the_plans_is_not_asked(changed: Plan, theatre: Theatre) -> None:
    assert changed.theatre
    stamp = changed.theatre.model_copy(update={"digest": "0" * 64})
    table = facts_of(changed.model_copy(update={"theatre": stamp}), theatre=theatre)
    assert table.get(_lorry(table), "bridges") is None


def test_fords_that_nobody_crosses_are_told_as_that(changed: Plan, theatre: Theatre) -> None:
    assumed = ("ford_depth_assumed:3:0.4",)
    made = changed.provenance.model_copy(update={"assumptions": assumed})
    plan = changed.model_copy(update={"provenance": made})

    def said(ground: Theatre | None) -> str:
        document = DOCUMENTS["movement-order"](facts_of(plan, theatre=ground))
        return " ".join(voice("en", "UTC").say(s).text for s in document.statements())

    assert "0.4\u00a0m deep. No convoy crosses a ford." in said(theatre)
    # Without the ground nobody knows.
    assert "crosses a ford" not in said(None)


def test_a_bridge_that_nobody_assessed_is_told_as_assumed(changed: Plan, theatre: Theatre) -> None:
    # As if the lorry went by the northern bridge s5, which nobody assessed: the table
    # data/mobility/bridge_default.csv gives 50 to a bridge of a tertiary road.
    text = changed.model_dump_json().replace('"edge":"s1"', '"edge":"s5"')
    table = facts_of(Plan.model_validate_json(text), theatre=theatre)
    convoy = _lorry(table)
    (told,) = _parts(table, convoy, "crossing").values()
    assert (told["load_class"], told["basis"]) == (Quantity(50, "MLC"), Term("basis.assumed"))
    (plan,) = table.children(None, "plan")
    for subject in (convoy, plan):
        labels = table.of(subject)
        assert labels["bridges"].value == labels["bridges_assumed"].value == Count(1)
    spoken = voice("fr", "UTC")
    said = [spoken.say(one).text for one in DOCUMENTS["movement-order"](table).statements()]
    assert any("1\u00a0pont est franchi, de classe de charge inconnue" in text for text in said)


def test_facts_know_their_place_on_the_map(changed: Plan, shortfall: Plan) -> None:
    table = facts_of(changed)
    convoy = _lorry(table)
    trip = table.children(convoy, "trip")[0]
    leg = table.children(trip, "leg")[0]
    stop = table.children(leg, "stop")[0]
    assert place_of(table.children(convoy, "vehicle")[0]) == Place("convoy", convoy.id)
    assert place_of(trip) == Place("convoy", convoy.id)
    assert place_of(table.children(stop, "drop")[0]) == Place("leg", f"{convoy.id}/1/1")
    hazards = {place_of(hazard) for hazard in table.children(convoy, "hazard")}
    assert Place("area", "overlooked") in hazards
    assert Place("change", "north-out") in hazards
    assert place_of(table.children(None, "plan")[0]) is None
    # A demand stands at its site, and so does what is told of it.
    table = facts_of(shortfall)
    first = table.children(None, "demand")[0]
    assert place_of(first) == Place("site", "ILE")
    assert place_of(table.children(None, "shortfall")[0]) == Place("site", "ILE")


@pytest.mark.parametrize("language", LANGUAGES)
def test_golden_over_the_ground(
    changed: Plan, theatre: Theatre, language: Language, *, update_golden: bool
) -> None:
    text = to_markdown(
        DOCUMENTS["convoy-card"](facts_of(changed, theatre=theatre)), voice(language, "UTC")
    )
    file = Path(__file__).parent / "golden" / f"ground.convoy-card.{language}.md"
    if update_golden:
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), "set CONVOI_UPDATE_GOLDEN=1 if this is meant"


def _told(plan: Plan, theatre: Theatre | None, language: Language) -> list[str]:
    table, spoken = facts_of(plan, theatre=theatre), voice(language, "UTC")
    documents = (DOCUMENTS[name](table) for name in ("movement-order", "convoy-card"))
    return [spoken.say(one).text for document in documents for one in document.statements()]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "At least 160\u00a0m between vehicles, at most 13\u00a0km/h."),
        ("fr", "Distance entre véhicules\u202f: 160\u00a0m au moins\u202f; 13\u00a0km/h au plus."),
    ],
)
def test_a_spacing_is_told_at_the_bridge_once_in_each_document(
    spaced: Plan, theatre: Theatre, language: Language, words: str
) -> None:
    table = facts_of(spaced, theatre=theatre)
    (told,) = _parts(table, _lorry(table), "crossing").values()
    assert told["spacing"] == Quantity(160, "m")
    assert told["speed"] == Quantity(13, "km/h")
    assert told["change"] == Name("caution")
    said = _told(spaced, theatre, language)
    assert said.count(words) == 2
    # As something met on the way it would be told a second time.
    assert not [
        one for one in said if one.startswith(("Vehicle spacing, ", "Distance entre véhicules, "))
    ]


def test_without_the_ground_a_spacing_is_told_as_what_lies_on_the_way(spaced: Plan) -> None:
    said = _told(spaced, None, "en")
    words = "legs 1.1 and 1.3: caution; at least 160\u00a0m, at most 13\u00a0km/h."
    assert said.count(f"Vehicle spacing, on the route, {words}") == 2
    # The situation of the order tells it to all.
    assert said.count("Vehicle spacing: caution (at least 160\u00a0m, at most 13\u00a0km/h).") == 1


def test_a_spacing_stands_beside_the_class_that_was_assessed(
    spaced: Plan, theatre: Theatre
) -> None:
    """The crossing bears the name of the assessment, and both are told with it."""
    weak = {"id": "weak", "kind": "class_assessed", "road": "s1", "load_class_wheeled": 25}
    alone = spaced.scenario.changes[0].model_copy(update={"speed_kmh": None})
    changes = (Change.model_validate(weak), alone)
    scenario = spaced.scenario.model_copy(update={"changes": changes})
    said = _told(spaced.model_copy(update={"scenario": scenario}), theatre, "en")
    assert said.count("At least 160\u00a0m between vehicles.") == 2
    assert [one for one in said if one.startswith("Bridge MLC\u00a025 (as stated when planning)")]
    assert not [one for one in said if one.startswith("Vehicle spacing, ")]


def test_a_bridge_at_a_spacing_is_named_to_who_states_no_load_class(
    spaced: Plan, theatre: Theatre
) -> None:
    routes = tuple(
        route.model_copy(update={"profile": route.profile.model_copy(update={"load_class": None})})
        for route in spaced.routes
    )
    said = _told(spaced.model_copy(update={"routes": routes}), theatre, "en")
    assert said.count("Bridge, legs 1.1 and 1.3: caution, 31T DK 0019 0010.") == 2
