"""From a plan to what is shown; the figures are those of ``tests/plans/base.py``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from dash import html
from fakes import AT

from briefing.documents import DOCUMENTS
from briefing.facts import facts_of
from briefing.facts.model import Fact, FactTable, Quantity, Subject
from briefing.wording import voice
from briefing.wording.values import Writer
from dashboard.components.timeline import timeline
from dashboard.i18n import Words
from dashboard.markup import markup
from dashboard.viewmodels.comparison import compared
from dashboard.viewmodels.curve import curve_of
from dashboard.viewmodels.figures import figures_of
from dashboard.viewmodels.gallery import continued_of
from dashboard.viewmodels.ground_edits import ground_of
from dashboard.viewmodels.inspector import card_of, facts_behind, related_to
from dashboard.viewmodels.layers import layers_of
from dashboard.viewmodels.routes import COLUMNS, columns_of, rows_of
from dashboard.viewmodels.tale import selection_of, tale_of
from dashboard.viewmodels.timeline import timeline_of
from dashboard.work import PlanEntry, Work
from optimizer.faults import Language
from optimizer.jobs import Best
from optimizer.plan.model import Plan
from optimizer.plan.read import load_plan
from optimizer.scenario.model import Area, Change, ChangeKind
from optimizer.scenario.write import scenario_digest

PLANS = Path(__file__).resolve().parents[1] / "plans"


@pytest.fixture(scope="module")
def table(plan: Plan) -> FactTable:
    return facts_of(plan)


def test_figures_are_those_of_the_plan(
    plan: Plan, table: FactTable, writer: Writer, words: Words
) -> None:
    figures = {figure.key: figure for figure in figures_of(plan, table, writer, words)}
    # 3,744.8 of 9,544.8 kg.
    assert figures["delivered"].share == pytest.approx(3744.8 / 9544.8)
    # 700 l of water of priority 2, and panels and a boat of priority 5.
    told = figures["undelivered"].detail.replace("\u00a0", " ")
    assert told == "priority 2: 700 kg · priority 5: 5,100 kg"
    assert figures["undelivered"].tone == "bad"
    assert figures["movement"].value == "2"
    assert figures["fuel"].value.replace("\u00a0", " ") == "69 l"
    # 3,000 s of slack are 50 min, more than the quarter of an hour that is worth a warning.
    assert figures["slack"].tone == "plain"
    assert figures["last_back"].value == "151417BJUN26"


def test_the_timeline_is_in_hours_of_the_display_zone(
    plan: Plan, writer: Writer, words: Words
) -> None:
    view = timeline_of(plan, writer, words)
    # The light vehicle loads first; all is over at 14:17, so the lanes end at 15:00.
    assert [lane.convoy for lane in view.lanes] == ["C-light-1", "march-1"]
    assert view.ticks[0].label == "06:00"
    march = view.lanes[1]
    assert [bar.doing for bar in march.bars].count("loading") == 2
    waits = [bar for bar in march.bars if bar.doing == "waiting"]
    # It waits 3,968 s at bravo until 10:00; nine hours are the whole width.
    assert waits[0].width == pytest.approx(100 * 3968 / (9 * 3600), abs=0.001)
    assert waits[0].left + waits[0].width == pytest.approx(100 * 4 / 9, abs=0.001)
    # Only the window in which it begins is drawn: that of 10:00 to 12:00.
    assert march.windows[0].left == pytest.approx(100 * 4 / 9, abs=0.001)


def test_a_lane_has_the_id_that_documents_use_and_the_name(
    plan: Plan, writer: Writer, words: Words
) -> None:
    called = tuple(
        entry.model_copy(update={"label": "first march"} if entry.id == "march-1" else {})
        for entry in plan.scenario.convoys
    )
    scenario = plan.scenario.model_copy(update={"convoys": called})
    view = timeline_of(plan.model_copy(update={"scenario": scenario}), writer, words)
    drawn = markup(html.Div(timeline(view, words)))
    assert ">march-1<small>first march</small></button>" in drawn
    assert ">C-light-1</button>" in drawn


@pytest.mark.parametrize(
    ("name", "doing", "legend"),
    [
        ("pass-ground-by-air", "flying", {"en": "flying", "fr": "vol"}),
        ("pass-ground-by-boat", "sailing", {"en": "sailing", "fr": "navigation"}),
    ],
)
def test_the_timeline_says_how_each_convoy_moves(
    name: str, doing: str, legend: dict[Language, str]
) -> None:
    plan = load_plan(PLANS / f"{name}.json")
    for language, told in legend.items():
        words = Words(language)
        view = timeline_of(plan, voice(language, "Europe/Paris").writer, words)
        assert {bar.doing for lane in view.lanes for bar in lane.bars} >= {doing}
        drawn = markup(timeline(view, words))
        assert f'<span class="bar is-{doing}"></span>{told}<' in drawn
        # What nothing does is not explained.
        driven = any(bar.doing == "driving" for lane in view.lanes for bar in lane.bars)
        assert ("bar is-driving" in drawn) == driven


def test_rows_sort_by_value_and_show_words(
    plan: Plan, table: FactTable, writer: Writer, words: Words
) -> None:
    march = next(row for row in rows_of(plan, table, writer) if row["convoy"] == "march-1")
    assert march["vehicles"] == 2
    assert march["trips"] == 2
    assert march["stops"] == 3
    assert isinstance(march["carried"], float)
    assert march["carried_told"].endswith("kg")
    fields = [column["field"] for column in columns_of(words)]
    assert fields == list(COLUMNS)
    assert all(f"{field}_told" in march for field in fields)


def test_sentences_know_their_facts_and_places(table: FactTable) -> None:
    said = [
        said
        for piece in tale_of(DOCUMENTS["movement-order"](table), voice("en", "Europe/Paris"))
        for row in piece.rows
        for cell in row
        for said in cell
    ]
    known = {fact.id for fact in table}
    assert {name for one in said for name in one.facts} <= known
    places = {place for one in said for place in one.places}
    assert {"convoy:march-1", "convoy:C-light-1", "site:charlie"} <= places


def test_both_languages_show_the_same_facts_in_the_same_order(table: FactTable) -> None:
    document = DOCUMENTS["movement-order"](table)
    told = [
        [
            said.facts
            for p in tale_of(document, voice(lang, "Europe/Paris"))
            for r in p.rows
            for c in r
            for said in c
        ]
        for lang in ("en", "fr")
    ]
    assert told[0] == told[1]


def test_a_leg_selects_its_convoy() -> None:
    convoy = Subject("convoy", "march-1")
    leg = Subject("leg", "march-1/1/2", Subject("trip", "march-1/1", convoy))
    assert selection_of(Fact(leg, "distance", Quantity(1.0, "m"))) == "convoy:march-1"


def test_what_belongs_together_is_found_both_ways(plan: Plan) -> None:
    related = related_to(plan)
    assert "site:charlie" in related["convoy:march-1"]
    assert "convoy:march-1" in related["site:charlie"]
    assert "site:charlie" in related["demand:D-charlie-water"]
    # Who selects a base sees who loads there.
    assert "convoy:march-1" in related["site:depot"]


def test_the_card_of_a_site_and_the_facts_behind_a_sentence(
    plan: Plan, table: FactTable, writer: Writer, words: Words
) -> None:
    card = card_of("site", "charlie", plan, table=table, writer=writer, words=words)
    assert "Not delivered" in [line.label for line in card.lines]
    behind = facts_behind(["site:charlie#undelivered_kg", "no:such#fact"], table, writer, words)
    assert [line.fact for line in behind] == ["site:charlie#undelivered_kg"]
    assert behind[0].place == "site:charlie"


def test_edits_are_drawn_before_they_are_planned(plan: Plan, table: FactTable) -> None:
    area = Area(id="zone-1", kind="no_go", polygon=((2, 44), (3, 44), (3, 45)))
    now = plan.scenario.model_copy(update={"areas": (area,)})
    drawn = layers_of(now, plan, table)
    assert [f["properties"]["area"] for f in drawn["areas"]["features"]] == ["zone-1"]
    assert drawn["routes"]["features"]
    assert layers_of(plan.scenario, plan, table)["areas"]["features"] == []


def test_nothing_is_undelivered_before_anything_was_planned(plan: Plan) -> None:
    status = {f["properties"]["status"] for f in layers_of(plan.scenario)["sites"]["features"]}
    assert status == {"no_demand"}


def test_more_delivered_is_better_and_more_distance_is_worse(
    plan: Plan, other: Plan, writer: Writer, words: Words
) -> None:
    view = compared(plan, other, writer, words)
    figures = {figure.label: figure for figure in view.figures}
    # 100 l of water more, of 1 kg each.
    assert figures["Not delivered"].change.replace("\u00a0", " ") == "\u2212100 kg"
    assert figures["Not delivered"].better == "better"
    assert figures["Delivered"].better == "better"
    assert figures["Distance"].better == "worse"
    assert any(remark.place == "demand:D-charlie-water" for remark in view.remarks)


def test_a_plan_is_no_different_from_itself(plan: Plan, writer: Writer, words: Words) -> None:
    view = compared(plan, plan, writer, words)
    assert {figure.better for figure in view.figures} == {"same"}
    assert view.remarks == ()


def test_what_was_drawn_is_told_by_its_name(plan: Plan, writer: Writer, words: Words) -> None:
    area = Area(id="zone-1", label="marsh", kind="no_go", polygon=((1, 1), (2, 1), (2, 2)))
    scenario = plan.scenario.model_copy(update={"areas": (area,)})
    asked = {"scenario": scenario, "scenario_digest": scenario_digest(scenario)}
    drawn = plan.model_copy(update=asked)
    for before, after in ((plan, drawn), (drawn, plan)):
        (remark,) = compared(before, after, writer, words).remarks
        assert remark.text.startswith("marsh: ")
        assert remark.place == "area:zone-1"


def test_the_curve_steps_down_and_goes_on_to_now() -> None:
    best = [Best(1.0, 100.0, {"time": 50.0}, 3), Best(2.0, 25.0, {"time": 50.0}, 3)]
    curve = curve_of(best, 4.0)
    # 100 kg are the top; at half the time it falls to a quarter and stays there.
    assert curve.undelivered == ((0.25, 1.0), (0.5, 1.0), (0.5, 0.25), (1.0, 0.25))
    assert curve_of([], 4.0).undelivered == ()


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=61), "1 h ago"),
        (timedelta(days=2), "2 days ago"),
    ],
)
def test_works_are_told_by_age_and_state(before: timedelta, told: str, words: Words) -> None:
    entry = PlanEntry(number=1, created=AT, state="failed")
    work = Work(id="w-1", title="W", created=AT - before, changed=AT - before, plans=(entry,))
    (line,) = continued_of([work], AT, words)
    assert line.when == told
    assert line.tone == "bad"


def test_hours_are_told_of_what_holds_by_the_hour(plan: Plan) -> None:
    scenario = plan.scenario
    spans = [("2026-06-15T18:00Z", "2026-06-15T20:00Z"), ("2026-06-15T04:00Z", "2026-06-15T06:00Z")]
    windows = [{"start": start, "end": end} for start, end in spans]
    closed = Change.model_validate(
        {"id": "night", "kind": "bridge_out", "road": "s1", "windows": windows}
    )
    now = scenario.model_copy(update={"areas": (), "changes": (closed,)})
    (told,) = ground_of(scenario, now, voice("en", "UTC").writer, Words("en"))
    assert told.told == ("Bridge closed, only from 150400Z to 150600Z and from 151800Z to 152000Z")


def test_what_stands_on_the_ground_is_told_as_each_language_writes_it(plan: Plan) -> None:
    polygon = ((2, 44), (3, 44), (3, 45))
    slow = Area(id="a", kind="slow", speed_factor=0.35, polygon=polygon)
    exposed = Area(id="b", kind="exposure", exposure_per_km=2.5, polygon=polygon)
    opened = plan.scenario.model_copy(update={"areas": (slow,)})
    by_hour = exposed.model_copy(update={"exposure_per_km": None, "exposure_per_h": 4})
    hours = opened.model_copy(update={"areas": (slow, by_hour)})
    assert "4 par heure" in ground_of(opened, hours, voice("fr", "UTC").writer, Words("fr"))[0].told
    now = opened.model_copy(update={"areas": (slow, exposed)})
    mine, given = ground_of(opened, now, voice("fr", "UTC").writer, Words("fr"))
    assert (mine.id, mine.own, given.own) == ("b", True, False)
    assert "2,5 par km" in mine.told
    assert "35" in given.told


def test_a_spacing_on_a_bridge_is_told_with_its_speed_if_it_has_one(plan: Plan) -> None:
    slow = Change(id="a", kind=ChangeKind.SPACING, road="w1", spacing_m=45.5, speed_kmh=13)
    free = Change(id="b", kind=ChangeKind.SPACING, road="w1", spacing_m=50)
    scenario = plan.scenario.model_copy(update={"areas": (), "changes": (slow, free)})
    told = [
        item.told for item in ground_of(scenario, scenario, voice("fr", "UTC").writer, Words("fr"))
    ]
    assert told == [
        "Traversé avec 45,5 m entre véhicules, à 13 km/h au plus",
        "Traversé avec 50 m entre véhicules",
    ]


def test_what_changed_has_the_figures_of_the_documents(
    plan: Plan, other: Plan, writer: Writer, words: Words
) -> None:
    told: dict[str, dict[str, str]] = {}
    for fact in facts_of(other, before=plan):
        if fact.subject.kind == "figure":
            told.setdefault(fact.subject.id, {})[fact.label] = writer.write(fact.value)
    shown = {figure.label: figure for figure in compared(plan, other, writer, words).figures}
    same = {
        "delivered_kg": "Delivered",
        "undelivered_kg": "Not delivered",
        "convoys": "Convoys",
        "vehicles": "Vehicles",
        "trips": "Trips",
        "distance": "Distance",
        "exposure": "Exposure",
        "last_back": "Last back",
        "least_slack": "Least slack",
        "fuel": "Fuel",
    }
    for fact_label, label in same.items():
        figure, fact = shown[label], told[fact_label]
        assert (figure.before, figure.after) == (fact["before"], fact["now"])
        # The table of the page says "=" where the document says that nothing was added.
        assert figure.change in {fact["difference"], "="}
        assert (figure.change == "=") == (not any(c in fact["difference"] for c in "+\u2212"))
