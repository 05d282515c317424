"""What changed between two plans is told, and nothing else."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from optimizer.datasets import data_path
from optimizer.plan.cli import diff
from optimizer.plan.diff import Change, diff_plans
from optimizer.plan.diff_text import diff_document, diff_text
from optimizer.plan.model import Plan
from optimizer.plan.read import load_plan

PLANS = Path(__file__).resolve().parent.parent / "plans"


def _plan(name: str) -> Plan:
    return load_plan(PLANS / f"{name}.json")


def test_a_plan_is_as_itself() -> None:
    found = diff_plans(_plan("pass-matrices"), _plan("pass-matrices"))
    assert found.changes == ()
    assert "The plans are the same." in diff_text(found)
    assert "identiques" in diff_text(found, "fr")


def test_another_trip_is_told_of_its_convoy_its_demand_and_the_figures() -> None:
    found = diff_plans(_plan("pass-matrices"), _plan("pass-split-demand"))
    assert {change.id: (change.before, change.after) for change in found.of("scenario")} == {
        "rules/shift_h": ("10.0", "11.0"),
        "bases/depot/stock/water/quantity": ("1500", "1600"),
    }
    convoy = {change.what: (change.before, change.after) for change in found.of("convoy")}
    assert convoy["trips"] == (2, 3)
    assert convoy["load"] == (3724.8, 3824.8)  # 100 l of water more
    assert "departs" not in convoy
    demand = {change.what: change for change in found.of("demand")}
    assert set(demand) == {"quantity", "retimed"}
    assert demand["quantity"] == Change("demand", "D-charlie-water", "quantity", 900, 1000)
    metric = {change.id: (change.before, change.after) for change in found.of("metric")}
    assert metric["undelivered_kg_by_priority/2"] == (700.0, 600.0)
    assert metric["trips"] == (3, 4)
    assert "vehicles" not in metric


def test_what_is_newly_delivered_and_no_longer_is_told_both_ways() -> None:
    some, none = _plan("pass-matrices"), _plan("pass-nothing-delivered")
    lost = diff_plans(some, none)
    dropped = {change.id for change in lost.of("demand") if change.what == "dropped"}
    assert dropped == {
        "D-alpha-meals",
        "D-alpha-water",
        "D-bravo-meals",
        "D-bravo-chlorine",
        "D-charlie-water",
    }
    assert [change.what for change in lost.of("convoy")] == ["stays", "stays"]
    won = diff_plans(none, some)
    assert {c.id for c in won.of("demand") if c.what == "delivered"} == dropped
    assert [change.what for change in won.of("convoy")] == ["goes", "goes"]


def test_a_demand_that_another_convoy_brings_has_moved() -> None:
    """The light vehicle marches with the lorries in one plan, and alone in the other."""
    before, after = _plan("pass-matrices"), _plan("pass-mixed-convoy")
    what = {change.what for change in diff_plans(before, after).of("convoy")}
    assert what >= {"stays", "vehicles"}
    routes = [
        route.model_copy(update={"convoy": "C-other"}) if route.convoy == "C-light-1" else route
        for route in before.routes
    ]
    renamed = before.model_copy(update={"routes": tuple(routes)})
    found = diff_plans(before, renamed).of("demand")
    assert found == (Change("demand", "D-bravo-chlorine", "moved", "C-light-1", "C-other"),)


def test_what_was_asked_differently_is_named_by_its_place() -> None:
    found = diff_plans(_plan("pass-ground"), _plan("pass-ground-changed")).of("scenario")
    assert {(change.id, change.what) for change in found} == {
        ("weather/ground", "modified"),
        ("weather/visibility_m", "modified"),
        ("areas/mud", "added"),
        ("areas/overlooked", "added"),
        ("areas/minefield", "added"),
        ("changes/assessed", "added"),
        ("changes/works", "added"),
        ("changes/north-out", "added"),
    }


def test_the_same_sites_by_other_roads_are_a_change() -> None:
    before = _plan("pass-ground")
    after = _plan("fail-path.oneway")  # takes a detour that is not allowed
    changes = diff_plans(before, after).of("convoy")
    assert ("C-lorry-1", "path") in {(change.id, change.what) for change in changes}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_change_has_words_with_its_values(language: str) -> None:
    with data_path("messages", "diff.toml").open("rb") as file:
        words = tomllib.load(file)
    metrics = {f"metric.{name}" for name in type(_plan("pass-ground").metrics).model_fields}
    assert metrics == {code for code in words if code.startswith("metric.")}
    for sentence in words.values():
        fields = [re.findall(r"{(\w+)}", sentence[name]) for name in ("en", "fr")]
        assert sorted(fields[0]) == sorted(fields[1])
    shown = diff_text(
        diff_plans(_plan("pass-matrices"), _plan("pass-two-bases")),
        "en" if language == "en" else "fr",
    )
    # Times are those of the scenario's display zone, two hours ahead of UTC in June.
    assert "2026-06-15 07:15:00 -> 2026-06-15 07:40:00" in shown
    assert "{" not in shown


def test_the_command_writes_text_or_json() -> None:
    files = [str(PLANS / "pass-matrices.json"), str(PLANS / "pass-split-demand.json")]
    text = CliRunner().invoke(diff, [*files, "--lang", "fr"])
    assert text.exit_code == 0
    assert "march-1 : rotations 2 -> 3" in text.output
    data = CliRunner().invoke(diff, [*files, "--json"])
    expected = diff_document(diff_plans(_plan("pass-matrices"), _plan("pass-split-demand")))
    assert json.loads(data.output) == expected
