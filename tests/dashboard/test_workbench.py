"""What the workbench does, without a browser: edits from the map, planning, exports."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from dash import no_update
from fakes import AT, FakeJobs
from fastapi import FastAPI
from fastapi.testclient import TestClient

from briefing.documents import DOCUMENTS
from briefing.documents.ask import Asker
from briefing.documents.comparison import comparison as changes
from briefing.documents.tree import Paragraph
from briefing.facts import facts_of
from briefing.render.markdown import to_markdown
from briefing.wording import bank, voice
from briefing.wording.values import Writer
from briefing.write import Written
from dashboard.app import create_app
from dashboard.components.comparison import comparison
from dashboard.components.solving import solving_band
from dashboard.components.states import failure
from dashboard.desk import Desk
from dashboard.edits import DropArea, PutArea, PutChange
from dashboard.exports import Exports, export_routes
from dashboard.i18n import LANGUAGES, Words
from dashboard.markup import markup
from dashboard.pages.workbench.edit import edit_of, plan_choices
from dashboard.pages.workbench.export import maker, note_of
from dashboard.pages.workbench.ground import ground_for
from dashboard.pages.workbench.kept import Kept
from dashboard.pages.workbench.show import banner_of, shown_of, verdict_of
from dashboard.pages.workbench.solve import moved, start, step
from dashboard.sheet import Shown
from dashboard.viewmodels.comparison import compared
from dashboard.viewmodels.tale import tale_of
from optimizer.errors import FileError
from optimizer.faults import Fault, Language
from optimizer.jobs import Problem
from optimizer.plan.model import Plan
from optimizer.routing.options import SolveOptions
from optimizer.scenario.model import Area, TheatreRef

SQUARE = [[2.0, 44.0], [2.1, 44.0], [2.1, 44.1]]


def test_a_drawn_area_is_named_and_of_the_chosen_kind(plan: Plan, words: Words) -> None:
    event = {"type": "area_drawn", "polygon": SQUARE, "n": 1}
    edit = edit_of(event, plan.scenario, "slow", 40, words)
    assert isinstance(edit, PutArea)
    assert edit.area.label == "Slow area 1"
    assert edit.area.speed_factor == 0.4
    assert edit.area.polygon[1] == (2.1, 44.0)


def test_a_changed_shape_keeps_the_rest_of_the_area(plan: Plan, words: Words) -> None:
    old = Area(id="z", label="marsh", kind="no_go", polygon=((1, 1), (2, 1), (2, 2)))
    scenario = plan.scenario.model_copy(update={"areas": (old,)})
    event = {"type": "area_edited", "id": "z", "polygon": SQUARE}
    edit = edit_of(event, scenario, "no_go", 50, words)
    assert isinstance(edit, PutArea)
    assert edit.area.label == "marsh"
    assert edit.area.polygon[0] == (2.0, 44.0)
    gone = edit_of({"type": "area_deleted", "id": "z"}, scenario, "no_go", 50, words)
    assert gone == DropArea(id="z")


@pytest.mark.parametrize(
    ("bridge", "kind"), [(True, "bridge_out"), (False, "road_cut"), (None, "bridge_out")]
)
def test_a_road_that_is_no_bridge_is_cut(
    plan: Plan, words: Words, *, bridge: bool | None, kind: str
) -> None:
    event = {"type": "bridge_picked", "lon": 2.0, "lat": 44.0, "bridge": bridge}
    edit = edit_of(event, plan.scenario, "no_go", 50, words)
    assert isinstance(edit, PutChange)
    assert edit.change.kind == kind
    assert edit.change.near.lonlat == (2.0, 44.0)


def test_a_selection_is_no_edit(plan: Plan, words: Words) -> None:
    event = {"type": "select", "kind": "site", "id": "alpha"}
    assert edit_of(event, plan.scenario, "no_go", 50, words) is None


def test_objectives_move_by_one_and_stop_at_the_ends() -> None:
    assert moved(["a", "b", "c"], 2, "up") == ["a", "c", "b"]
    assert moved(["a", "b", "c"], 2, "down") == ["a", "b", "c"]
    # The first one is what is undelivered: nothing may stand before it.
    assert moved(["a", "b", "c"], 1, "up") == ["a", "b", "c"]
    assert moved(["a", "b", "c"], 0, "down") == ["a", "b", "c"]


def test_another_order_of_objectives_is_planned_and_can_be_undone(
    desk: Desk, jobs: FakeJobs, plan: Plan
) -> None:
    work = desk.works.create(plan.scenario)
    others = [o.value for o in plan.scenario.objectives if o.value not in {"undelivered", "time"}]
    order = ["undelivered", "time", *others]
    start(desk, work.id, "iterations", 50, 7, order)
    scenario, options, _ = jobs.asked[0]
    assert scenario.objectives[1].value == "time"
    assert (options.iterations, options.time_limit_s, options.seed) == (50, None, 7)
    assert len(desk.works.get(work.id).edits) == 1


def test_the_band_tells_stage_best_and_curve(
    desk: Desk, jobs: FakeJobs, plan: Plan, words: Words
) -> None:
    work = desk.works.create(plan.scenario)
    shown = start(desk, work.id, "seconds", 10, 1, [])
    jobs.found("J1", plan)
    band, latest, over, css, curve, notice = step(desk, shown, words)
    assert (over, css, notice) == (False, "solve", None)
    assert latest["version"] == 1
    assert "5,800" in str(band)  # kg undelivered: 700 of water, 5,100 of the rest
    assert curve["undelivered"][-1] == (1.0, 1.0)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "This is the plan before; a new one is being searched for."),
        ("fr", "Voici le plan précédent\u202f; un nouveau est en cours de recherche."),
    ],
)
def test_the_plan_before_is_marked_until_the_search_ends(
    desk: Desk, jobs: FakeJobs, plan: Plan, language: Language, told: str
) -> None:
    words = Words(language)
    work = desk.works.create(plan.scenario, plan)
    shown = start(desk, work.id, "seconds", 10, 1, [])
    assert told in markup(banner_of(desk, desk.sheet(shown), shown, words))
    # A verdict beside it would be taken for one on the plan to come.
    badge, over, _ = verdict_of(desk, shown, 1, words)
    assert over
    assert "badge" not in markup(badge)
    _, latest, *_ = step(desk, shown, words)
    assert latest is no_update
    # Without a plan found, the same plan is shown, and no longer as the one before.
    jobs.cancel("J1")
    _, latest, over, *_ = step(desk, shown, words)
    assert (latest["plan"], latest["searching"], over) == (1, False, True)
    assert banner_of(desk, desk.sheet(shown_of(latest)), shown_of(latest), words) is None


def test_a_plan_that_is_complete_before_anybody_looked_is_shown(
    desk: Desk, jobs: FakeJobs, plan: Plan, words: Words
) -> None:
    work = desk.works.create(plan.scenario)
    shown = start(desk, work.id, "iterations", 10, 1, [])
    jobs.found("J1", plan)
    jobs.accept("J1")
    _, latest, over, *_ = step(desk, shown, words)
    assert over
    assert (latest["plan"], latest["version"]) == (1, 0)


@pytest.mark.parametrize(
    ("state", "test"), [("failed", "solve-failed"), ("cancelled", "solve-stopped")]
)
def test_how_a_solve_ended_is_told(
    desk: Desk, jobs: FakeJobs, plan: Plan, words: Words, *, state: str, test: str
) -> None:
    work = desk.works.create(plan.scenario)
    shown = start(desk, work.id, "seconds", 10, 1, [])
    problem = Problem((Fault("unproved.theatre", "/theatre", {"theatre": "t", "digest": "d"}),))
    jobs.change("J1", state=state, problem=problem if state == "failed" else None)
    _, _, over, css, _, notice = step(desk, shown, words)
    assert over
    assert css.endswith("is-hidden")
    assert test in str(notice.to_plotly_json()["props"])


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (True, "No new plan had been found yet; the plan before is shown."),
        (False, "No plan had been found yet; there is none to show."),
    ],
)
def test_whoever_stops_too_early_is_told_what_is_shown(
    desk: Desk, jobs: FakeJobs, plan: Plan, words: Words, *, before: bool, told: str
) -> None:
    work = desk.works.create(plan.scenario, plan if before else None)
    shown = start(desk, work.id, "seconds", 10, 1, [])
    jobs.change("J1", state="cancelled")
    *_, notice = step(desk, shown, words)
    assert notice.children == told


def test_a_theatre_that_is_not_here_is_named(plan: Plan) -> None:
    elsewhere = plan.scenario.model_copy(update={"theatre": TheatreRef(name="atlantis")})
    assert ground_for(elsewhere) == (None, "atlantis")
    assert ground_for(plan.scenario) == (None, "")


def test_exports_are_fetched_by_a_token_once_they_are_made(desk: Desk, plan: Plan) -> None:
    work = desk.works.create(plan.scenario, plan)
    shown = desk.newest(work.id)
    exports = Exports(desk.exporting)
    for kind, form in (("data", "plan"), ("data", "geojson"), ("movement-order", "md")):
        exports.ask(work.id, kind, maker(desk, shown, kind, form, "fr"))
    desk.exporting.submit(lambda: None).result(timeout=60)  # the pool works in order
    asked = exports.of(work.id)
    assert [export.state for export in asked] == ["ready"] * 3
    assert exports.of("another") == ()
    server = FastAPI()
    server.include_router(export_routes(exports))
    client = TestClient(server)
    answer = client.get(f"/exports/{asked[0].token}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert "Ordre de mouvement" in answer.text
    assert client.get("/exports/guessed").status_code == 404


def test_an_export_that_fails_says_why(desk: Desk) -> None:
    exports = Exports(desk.exporting)
    exports.ask("w", "note", lambda: (_ for _ in ()).throw(OSError("disk full")))
    desk.exporting.submit(lambda: None).result(timeout=60)
    (export,) = exports.of("w")
    assert (export.state, export.told) == ("failed", "OSError: disk full")


def test_without_a_plan_only_the_scenario_can_be_exported(desk: Desk, plan: Plan) -> None:
    work = desk.works.create(plan.scenario)
    assert maker(desk, Shown(work.id), "data", "plan", "en") is None
    assert maker(desk, Shown(work.id), "data", "scenario", "en")().content.startswith(b"format:")


@pytest.mark.parametrize("version", [1, -1])
def test_a_plan_that_is_still_being_improved_is_not_written(
    desk: Desk, plan: Plan, words: Words, version: int
) -> None:
    # The words beside the map refuse it as well: a best-so-far is no plan to hand on.
    work = desk.works.create(plan.scenario, plan)
    shown = Shown(work.id, 1, version)
    assert maker(desk, shown, "movement-order", "pdf", "en") is None
    assert maker(desk, shown, "data", "plan", "en") is None
    assert "Accept now" in markup(note_of(shown, words))
    assert note_of(desk.newest(work.id), words) is None


def test_while_a_plan_is_searched_for_the_files_are_of_the_plan_before(
    desk: Desk, plan: Plan, words: Words
) -> None:
    work = desk.works.create(plan.scenario, plan)
    shown = start(desk, work.id, "seconds", 10, 1, [])
    assert shown.searching
    assert maker(desk, shown, "data", "plan", "en") is not None
    assert "the plan before" in markup(note_of(shown, words))


def test_a_page_keeps_only_what_it_can_show() -> None:
    one = {"kind": "convoy", "id": "C1"}
    assert Kept.of({"side": "ground", "dock": "routes", "selection": one}) == Kept(
        "ground", "routes", one
    )
    assert Kept.of({"side": "elsewhere", "dock": None, "selection": {"id": "C1"}}) == Kept()
    assert Kept.of(None) == Kept()


@pytest.fixture
def client(jobs: FakeJobs, tmp_path: Path) -> Iterator[TestClient]:
    server = FastAPI()
    create_app(jobs, server, tmp_path)
    with TestClient(server) as found:
        yield found


def test_the_page_names_no_other_host(client: TestClient) -> None:
    page = client.get("/").text
    assert not re.findall(r"(?:https?|wss?):(?://|\\u002f)", page)
    assert "plotly.min.js" not in page  # 4.7 MB, for charts that are drawn by lighter means


def test_a_page_that_is_opened_first_has_its_scripts(client: TestClient) -> None:
    # The demonstration opens its work before anybody was at the start.
    assert "/assets/convoi.js" in client.get("/work/brigade-1").text


def test_any_path_of_a_page_is_answered_by_the_application(client: TestClient) -> None:
    assert client.get("/work/brigade-1").status_code == 200
    assert client.get("/assets/convoi.css").status_code == 200


def test_a_comparison_says_nothing_in_words_of_a_plan_that_is_not_complete(
    plan: Plan, other: Plan, words: Words, writer: Writer
) -> None:
    # An empty place shimmers as if its words were on their way.
    view = compared(plan, other, writer, words)
    assert "is-within" not in markup(comparison(view, (), words))
    table = facts_of(other, before=plan)
    said = [b for b in changes(Asker(table, bank())) if isinstance(b, Paragraph)]
    drawn = markup(comparison(view, tale_of(said, voice("en", "Europe/Paris")), words))
    assert "The plan is compared with" in drawn


def test_the_best_so_far_says_nothing_of_what_is_not_known(
    desk: Desk, jobs: FakeJobs, plan: Plan, writer: Writer, words: Words
) -> None:
    desk.submit(desk.works.create(plan.scenario).id, SolveOptions(iterations=10))
    jobs.found("J1", plan)
    job = jobs.job("J1")
    (best,) = job.incumbents
    # Driving time is told of a solution only where it is an objective.
    untimed = jobs.change("J1", incumbents=(replace(best, objectives={"fuel": 1.0}),))
    assert "driving" in str(solving_band(job, writer, words))
    assert "driving" not in str(solving_band(untimed, writer, words))


def test_plans_are_told_apart_by_the_time_of_the_scenario(
    desk: Desk, plan: Plan, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 03:00 in UTC is 05:00 in Paris in June, wherever the machine is.
    assert plan.scenario.display_zone == "Europe/Paris"
    made = plan.provenance.model_copy(update={"created": AT})
    work = desk.works.create(plan.scenario, plan.model_copy(update={"provenance": made}))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        choices = plan_choices(desk, work.id, None, words)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert choices == [{"value": "1", "label": "plan 1 of 05:00"}]


@pytest.mark.parametrize("kind", list(DOCUMENTS))
def test_sections_have_the_numbers_that_they_have_on_paper(plan: Plan, kind: str) -> None:
    document, spoken = DOCUMENTS[kind](facts_of(plan)), voice("en", "Europe/Paris")
    shown = [
        f"{piece.number} {''.join(span.text for span in piece.rows[0][0][0].spans)}"
        for piece in tale_of(document, spoken)
        if piece.kind == "heading" and piece.level > 1
    ]
    paper = to_markdown(document, spoken)
    assert shown == re.findall(r"^##+ (.*)$", paper, re.MULTILINE)


def test_a_file_that_nobody_foresaw_to_fail_is_kept_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def make() -> Written:
        raise ZeroDivisionError("no pages")

    with ThreadPoolExecutor(1) as pool:
        exports = Exports(pool)
        exports.ask("work", "Movement order", make)
    (export,) = exports.of("work")
    assert (export.state, export.told) == ("failed", "ZeroDivisionError: no pages")
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


def test_percent_is_written_as_each_language_writes_it(
    desk: Desk, jobs: FakeJobs, plan: Plan
) -> None:
    work = desk.works.create(plan.scenario)
    shown = start(desk, work.id, "seconds", 10, 1, [])
    jobs.found("J1", plan)
    told = {}
    for language in LANGUAGES:
        head = step(desk, shown, Words(language))[0].children[0]
        told[language] = head.children[1].children
    assert told == {"en": "Search: 40%", "fr": "Recherche\u202f: 40\u202f%"}


def test_a_message_that_is_english_alone_says_so_in_french() -> None:
    error = FileError("s.json:1:2: not JSON")
    told = {language: failure(error, "", Words(language)).children for language in LANGUAGES}
    assert told["en"].children == "s.json:1:2: not JSON"
    assert told["fr"].children == "Le message, en anglais\u202f: s.json:1:2: not JSON"
