"""What the verifier says beyond the plans of ``tests/plans``: other scenarios, absent theatres."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from optimizer.plan.read import dump_plan, load_plan
from optimizer.scenario.write import dump_scenario
from optimizer.terrain.theatre import Theatre
from optimizer.verify import proved, verify
from optimizer.verify.cli import verify as command
from optimizer.verify.tolerances import close_sum, rounded_up, seconds_of

PLANS = Path(__file__).resolve().parent.parent / "plans"


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_without_its_theatre_a_plan_is_neither_proved_nor_refused() -> None:
    found = verify(load_plan(PLANS / "pass-ground.json"))
    assert [violation.code for violation in found] == ["unproved.theatre"]
    assert proved(found) is None


def test_without_its_theatre_what_else_is_wrong_is_still_found() -> None:
    found = verify(load_plan(PLANS / "fail-provenance.other_theatre.json"))
    assert proved(found) is False


def test_a_plan_answers_the_scenario_that_is_given() -> None:
    plan = load_plan(PLANS / "pass-matrices.json")
    assert verify(plan, scenario=plan.scenario.model_copy(deep=True)) == ()
    rules = plan.scenario.rules.model_copy(update={"trips_max": 1})
    other = plan.scenario.model_copy(update={"rules": rules})
    # It is another scenario, and by that scenario's rules the second trip is one too many.
    codes = {violation.code for violation in verify(plan, scenario=other)}
    assert codes == {"provenance.other_scenario", "way.trips_max"}


def test_a_link_that_leads_nowhere(two_bridges: Theatre) -> None:
    """From depot into the yard and back, as if that were a way."""
    plan = load_plan(PLANS / "pass-ground.json")
    document = plan.model_dump(mode="json")
    parts = document["routes"][0]["trips"][0]["legs"][0]["path"]["parts"]
    parts[:] = [parts[0] | {"end": [400_033.0, 4_900_117.0]}]
    codes = {v.code for v in verify(type(plan).model_validate(document), two_bridges)}
    assert codes == {"path.link_nowhere", "path.end"}


def test_the_command_finds_the_theatre_by_name_and_digest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONVOI_THEATRES", str(PLANS))
    done = _run(PLANS / "pass-ground.json")
    assert (done.exit_code, done.output) == (0, "The plan keeps every rule.\n")
    monkeypatch.delenv("CONVOI_THEATRES")
    unproved = _run(PLANS / "pass-ground.json", "--lang", "fr")
    assert unproved.exit_code == 2
    assert "le théâtre two-bridges (empreinte " in unproved.output
    assert "n'est pas prouvé" in unproved.output
    assert _run(PLANS / "pass-ground.json", "--theatre", PLANS / "two-bridges").exit_code == 0


def test_the_command_names_every_violation_and_its_place() -> None:
    refused = _run(PLANS / "fail-supply.range.json")
    assert refused.exit_code == 1
    assert "/routes/0/trips/1/legs: the trip costs lorry-1 as much as 54.1 km" in refused.output
    assert "lorry-2" in refused.output
    assert "Violations: 2." in refused.output
    document = json.loads(_run(PLANS / "fail-supply.range.json", "--json").output)
    assert document["proved"] is False
    assert [row["code"] for row in document["violations"]] == ["supply.range"] * 2
    assert document["violations"][0]["params"]["range_km"] == 54
    assert set(document["violations"][0]["text"]) == {"en", "fr"}


def test_the_command_compares_with_a_scenario_file(tmp_path: Path) -> None:
    plan = load_plan(PLANS / "pass-matrices.json")
    dump_scenario(plan.scenario, tmp_path / "same.yaml")
    assert _run(PLANS / "pass-matrices.json", "--scenario", tmp_path / "same.yaml").exit_code == 0
    other = plan.scenario.model_copy(update={"time_contingency": 0.3})
    dump_scenario(other, tmp_path / "other.yaml")
    assert _run(PLANS / "pass-matrices.json", "--scenario", tmp_path / "other.yaml").exit_code == 1


def test_a_plan_that_states_absurd_figures_is_refused_and_breaks_nothing(
    two_bridges: Theatre, tmp_path: Path
) -> None:
    document = json.loads((PLANS / "pass-ground.json").read_text(encoding="utf-8"))
    leg = document["routes"][0]["trips"][0]["legs"][1]
    leg["travel_s"] = 10**12
    leg["path"]["parts"][3]["cells"] = [[10**6, 10**6]]
    leg["path"]["parts"][1]["from_m"] = 1e300
    leg["path"]["polyline"] = [[1e300, -1e300]]
    document["routes"][0]["trips"][0]["stops"][0]["slack_s"] = -(10**15)
    (tmp_path / "plan.json").write_text(json.dumps(document), encoding="utf-8")
    plan = load_plan(tmp_path / "plan.json")
    assert proved(verify(plan, two_bridges)) is False
    dump_plan(plan, tmp_path / "again.json")


def test_rounding_up_allows_for_the_error_of_a_product_and_no_more() -> None:
    assert 100 * 1.1 > 110  # what a computer makes of it
    assert list(rounded_up(100 * 1.1)) == [110, 111]
    assert list(rounded_up(110.5)) == [111]
    # Ten minutes are 600 s: nothing was summed before.
    assert list(seconds_of(10)) == [600]
    assert list(seconds_of(0.111)) == [7]  # 6.66 s


def test_a_sum_along_a_path_may_be_off_by_a_unit_and_a_hundredth_of_a_per_cent() -> None:
    assert close_sum(1001, 999.2)  # 1000, one more, and 0.1 m are too little for a second
    assert not close_sum(1002, 999.2)
    assert close_sum(100_010, 99_999.5)  # one, and 9.99995 m on 100 km
    assert not close_sum(100_011, 99_999.5)
