"""The strip map of a convoy: what its drivers meet, in order, with where and when."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from briefing.facts import Subject, facts_of
from briefing.pictures.mark import Mark, MarkKind, Rank, merged
from briefing.pictures.rows import Rows
from briefing.pictures.speech import Speech
from briefing.wording import voice
from briefing.wording.names import clean_line
from optimizer.plan.model import Plan, RoadPart
from optimizer.plan.read import load_plan
from optimizer.terrain.theatre import Theatre
from optimizer.units import date_time_group


def _facts(kit: Any, root: ET.Element, pattern: str) -> list[tuple[str, str]]:
    return [
        (fact.get("data-fact", ""), kit.text(fact))
        for fact in kit.every(root, "tspan", "fact")
        if re.fullmatch(pattern, fact.get("data-fact", ""))
    ]


def test_stations_stand_in_order_from_the_base_and_back(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    route = woven.routes[0]
    root = kit.strip(woven, route.convoy, sarvenne)
    names = {site.id: clean_line(site.label) for site in woven.scenario.sites}
    wanted = []
    for trip in route.trips:
        wanted += [trip.base, *(leg.destination for leg in trip.legs)]
    stations = kit.every(root, "g", "station")
    told = [
        next(
            kit.text(f)
            for f in kit.every(s, "tspan", "fact")
            if f.get("data-fact", "").startswith("site:")
        )
        for s in stations
    ]
    assert told == [names[site] for site in wanted]
    assert len(kit.every(root, "g", "leg")) == sum(len(trip.legs) for trip in route.trips)
    assert all(kit.every(leg, "path", "arrow") for leg in kit.every(root, "g", "leg"))
    assert all(kit.every(leg, "g", "heading") for leg in kit.every(root, "g", "leg"))


def test_distances_add_up_along_a_trip_and_begin_again_with_the_next(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    route = woven.routes[0]
    root = kit.strip(woven, route.convoy, sarvenne)
    told = [text for _, text in _facts(kit, root, r"leg:.*#reached")]
    sums = [
        sum(leg.distance_m for leg in trip.legs[: number + 1])
        for trip in route.trips
        for number in range(len(trip.legs))
    ]
    assert len(told) == len(sums)
    for text, wanted in zip(told, sums, strict=True):
        amount, unit = text.replace(",", "").split("\u00a0")
        assert float(amount) * {"km": 1000, "m": 1}[unit] == pytest.approx(wanted, abs=51)


def test_what_is_met_lies_in_order_between_the_ends_of_its_leg(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    route = woven.routes[1]
    pictures = kit.pictures(woven, sarvenne)
    pictures.svg(kit.strip_of(route.convoy))
    (trip,) = route.trips
    ends = [0, *itertools.accumulate(leg.distance_m for leg in trip.legs)]
    found = [
        (fact.subject.id, fact.value.amount)
        for fact in pictures.facts
        if fact.label == "at" and fact.subject.kind == "mark"
    ]
    assert len(found) > 10
    for name, at in found:
        leg = int(name.split("/")[2])
        assert ends[leg - 1] <= at <= ends[leg], name
    assert [at for _, at in found] == sorted(at for _, at in found)


def test_each_bridge_of_the_way_is_met_once_with_the_class_that_binds(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    """Counted from the plan's own parts: edges of bridges that follow each other are one."""
    roads = sarvenne.frame("roads").set_index("id")
    route = woven.routes[1]
    classes = []
    for leg in (leg for trip in route.trips for leg in trip.legs):
        assert leg.path is not None
        edges = [part.edge for part in leg.path.parts if isinstance(part, RoadPart)]
        for bridge, run in itertools.groupby(edges, key=lambda edge: bool(roads.bridge[edge])):
            known = [roads.mlc_wheeled[edge] for edge in run] if bridge else []
            if known:
                classes.append(min(known))
    pictures = kit.pictures(woven, sarvenne)
    root = kit.read(pictures.svg(kit.strip_of(route.convoy)))
    met = [
        (fact.subject, fact.value.amount)
        for fact in pictures.facts
        if fact.label == "load_class" and fact.subject.kind == "mark"
    ]
    # Bridges that follow each other and are ample for the convoy are told as one, with the least
    # of their classes.
    counts = {fact.subject: fact.value.number for fact in pictures.facts if fact.label == "bridges"}
    assert counts
    runs = iter(classes)
    wanted = [min(itertools.islice(runs, counts.get(subject, 1))) for subject, _ in met]
    assert not list(runs)
    # One of them was assessed by the planner, whose word stands over the theatre's.
    stated = {
        change.load_class_wheeled
        for change in woven.scenario.changes
        if change.load_class_wheeled is not None
    }
    assert all(a == b or a in stated for (_, a), b in zip(met, wanted, strict=True))
    assert len(kit.every(root, "g", "mark-bridge")) == len(met)


def test_a_bridge_that_the_planner_assessed_and_a_weak_one_stand_out(
    kit: Any, bridges: tuple[Plan, Theatre]
) -> None:
    """Edge s1 bears MLC 40 by the theatre, 25 by the planner; the lorries need 20."""
    plan, theatre = bridges
    root = kit.strip(plan, "C-lorry-1", theatre)
    told = [t for t in kit.every(root, "text") if "MLC" in kit.text(t)]
    assert [kit.text(text) for text in told] == ["bridge, MLC\u00a025: assessed"] * 2
    assert {text.get("font-weight") for text in told} == {"bold"}


def test_a_bridge_tells_how_far_apart_vehicles_cross_it(
    kit: Any, bridges: tuple[Plan, Theatre]
) -> None:
    """Once each way, below the bridge, and not again as a change on the road."""
    _, theatre = bridges
    folder = Path(__file__).resolve().parents[2] / "plans"
    plan = load_plan(folder / "pass-ground-spaced.json")
    root = kit.strip(plan, "C-lorry-1", theatre)
    rows = [kit.text(t) for t in kit.every(root, "text") if t.get("font-weight") == "bold"]
    told = [row for row in rows if "caution" in row or "apart" in row or "between" in row]
    bridge = [
        "bridge, MLC\u00a040: caution",
        "at least 160\u00a0m between vehicles, at most 13\u00a0km/h",
    ]
    assert told == bridge * 2


def test_a_bridge_that_the_card_names_stands_alone_in_bold(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    """The weakest bridge of each way may be ample for the convoy: it is named, and so drawn."""
    table = facts_of(woven, theatre=sarvenne)
    ample = 0
    for route in woven.routes:
        convoy = Subject("convoy", route.convoy)
        root = kit.strip(woven, route.convoy, sarvenne)
        bold = [kit.text(t) for t in kit.every(root, "text") if t.get("font-weight") == "bold"]
        for part in table.children(convoy, "crossing"):
            told = {label: fact.value for label, fact in table.of(part).items()}
            bears = f"bridge, MLC\u00a0{told['load_class'].amount:g}"
            name = told.get("change", told.get("place"))
            wanted = f"{bears}: {name.text}" if name else bears
            assert len([text for text in bold if text == wanted]) >= len(told["steps"].texts)
            ample += told["load_class"].amount >= 1.5 * (route.profile.load_class or 0)
    assert ample


def test_what_is_left_out_is_said_in_one_sentence(kit: Any, woven: Plan, sarvenne: Theatre) -> None:
    ranks = [Rank.CLASS, Rank.BRIDGE]
    for route in woven.routes:
        root = kit.strip(woven, route.convoy, sarvenne, "fr")
        told = [kit.text(t) for t in kit.every(root, "text") if "représentés" in kit.text(t)]
        assert len(told) <= 1
    speech = Speech(facts_of(woven), voice("fr", "UTC"))
    maker = Rows(woven, woven.routes[0], speech, projection=None, ground=None)
    (sentence,) = maker.left_out(ranks)
    assert sentence.text.endswith(
        ": les simples changements de nom ou de classe de la route, "
        "les ponts dont la classe dépasse largement celle du convoi."
    )


def test_areas_are_entered_and_left_in_pairs(kit: Any, bridges: tuple[Plan, Theatre]) -> None:
    plan, theatre = bridges
    root = kit.strip(plan, "C-lorry-1", theatre)
    claims = [t.get("data-claim", "") for t in kit.every(root, "text", "say")]
    passages = [c for c in claims if c in {"picture.enter", "picture.leave"}]
    assert passages == ["picture.enter", "picture.leave"] * 2


def test_leaving_the_road_and_coming_back_to_it_is_told(
    kit: Any, bridges: tuple[Plan, Theatre]
) -> None:
    """The lorries drive from the road over open ground to the field, and back."""
    plan, theatre = bridges
    root = kit.strip(plan, "C-lorry-1", theatre)
    kinds = [
        g.get("class")
        for g in kit.every(root, "g")
        if g.get("class") in {"mark-off_road", "mark-rejoin"}
    ]
    assert kinds == ["mark-off_road", "mark-off_road", "mark-rejoin"]


def test_a_change_beside_the_way_is_not_told_as_on_it(
    kit: Any, bridges: tuple[Plan, Theatre]
) -> None:
    plan, theatre = bridges
    root = kit.strip(plan, "C-lorry-1", theatre)
    told = {
        kit.text(t): t.get("data-claim")
        for t in kit.every(root, "text", "say")
        if t.get("data-claim", "").startswith("picture.change")
    }
    # What the planner assessed, the bridge on s1, is told as that bridge.
    assert set(told) == {"works (speed limited)", "close by: north-out (bridge out)"}
    assert told["close by: north-out (bridge out)"] == "picture.change_beside"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_strip_fits_a_page_and_is_the_same_each_time(
    kit: Any, woven: Plan, sarvenne: Theatre, language: str
) -> None:
    once, again = (kit.pictures(woven, sarvenne, language) for _ in range(2))
    for route in woven.routes:
        svg = once.svg(kit.strip_of(route.convoy))
        assert svg == again.svg(kit.strip_of(route.convoy))
        root = kit.read(svg)
        # A narrower sheet is enlarged to the 516 points of a card's text, and its letters with it:
        # drawn 7 points high, they are at least that on paper.
        width, height = (
            float(root.get(side, "").removesuffix("pt")) for side in ("width", "height")
        )
        assert min(abs(516 * 7 / width - letters) for letters in (7, 7.5, 8, 9)) < 0.01
        assert height * 516 / width <= 736


def test_both_languages_tell_the_same_in_the_same_order(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    for route in woven.routes[:3]:
        english, french = (
            [f.get("data-fact") for f in kit.every(root, "tspan", "fact")]
            for root in (kit.strip(woven, route.convoy, sarvenne, lang) for lang in ("en", "fr"))
        )
        assert english == french


def test_without_the_ground_a_strip_has_stations_and_says_what_it_lacks(
    kit: Any, woven: Plan
) -> None:
    route = woven.routes[0]
    root = kit.strip(woven, route.convoy, None)
    stations = sum(len(trip.legs) + 1 for trip in route.trips)
    assert len(kit.every(root, "g", "station")) == stations
    assert not kit.every(root, "g", "mark-bridge")
    assert any("Crossings and turns are not known" in kit.text(t) for t in kit.every(root, "text"))


def test_each_leg_to_a_stop_is_numbered_once_on_the_small_map(
    kit: Any, woven: Plan, sarvenne: Theatre
) -> None:
    """The first convoy comes to its first stop on two trips: both stand at one sign, on a line."""
    route = woven.routes[0]
    (small,) = kit.every(kit.strip(woven, route.convoy, sarvenne), "g", "locator")
    steps = _facts(kit, small, r"leg:.*#step")
    wanted = [f"{t.number}.{n}" for t in route.trips for n in range(1, len(t.stops) + 1)]
    assert sorted(text for _, text in steps) == wanted
    lines = {kit.text(t): (float(t.get("x")), t.get("y")) for t in kit.every(small, "text", "say")}
    assert lines["1.1"][1] == lines["2.1"][1]
    assert 0 < lines["2.1"][0] - lines["1.1"][0] < 16
    signs = {(c.get("cx"), c.get("cy")) for c in kit.every(small, "circle")}
    assert len(signs) == len({stop.site for trip in route.trips for stop in trip.stops})


def test_without_positions_a_strip_has_no_small_map(kit: Any, positionless: Plan) -> None:
    root = kit.strip(positionless, positionless.routes[0].convoy, None)
    assert not kit.every(root, "g", "locator")
    assert kit.every(root, "g", "station")


def test_a_convoy_that_the_plan_does_not_move_has_no_strip(kit: Any, woven: Plan) -> None:
    assert kit.pictures(woven, None).svg(kit.strip_of("nobody")) == ""


def test_times_are_those_of_the_order(kit: Any, woven: Plan, sarvenne: Theatre) -> None:
    route = woven.routes[0]
    root = kit.strip(woven, route.convoy, sarvenne)
    due = _facts(kit, root, rf"leg:{re.escape(route.convoy)}/1/\d#head_due")
    zone = woven.scenario.display_zone
    assert [text for _, text in due] == [
        # Day, hour, minute and zone; its card tells month and year.
        date_time_group(leg.arrive, zone)[:7]
        for leg in route.trips[0].legs
    ]


def _bridge(at_m: float, load_class: float, rank: Rank = Rank.BRIDGE) -> Mark:
    return Mark(at_m, MarkKind.BRIDGE, rank, load_class=load_class)


def test_ample_bridges_in_a_row_are_told_as_one_and_the_one_that_binds_alone() -> None:
    """A turn parts two rows, the new name of a road does not."""
    binding = _bridge(300, 25, Rank.NEEDED)
    turn = Mark(500, MarkKind.LEFT, Rank.TURN, road="D 1")
    renamed = Mark(150, MarkKind.STRAIGHT, Rank.CLASS, road="D 2")
    marks = [
        _bridge(100, 80), renamed, _bridge(200, 60), binding, _bridge(400, 70), turn,
        _bridge(600, 90),
    ]  # fmt: skip
    assert [(mark.at_m, mark.bridges, mark.load_class) for mark in merged(marks)] == [
        (100, 2, 60),
        (150, 1, None),
        (300, 1, 25),
        (400, 1, 70),
        (500, 1, None),
        (600, 1, 90),
    ]
