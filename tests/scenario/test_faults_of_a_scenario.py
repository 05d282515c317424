"""Every fault code is triggered by the smallest change that deserves it, at the right place."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from optimizer.faults import Fault, Severity, catalogue
from optimizer.scenario.read import parse
from optimizer.scenario.shape import _translate

ROOT = Path(__file__).resolve().parents[2]
Changed = Callable[[dict[str, Any]], dict[str, Any]]

OUT = "<left out>"
NAIVE = "2026-06-15T06:00"
EARLY = {"start": "2026-06-14T06:00Z", "end": "2026-06-14T08:00Z"}
BACKWARD = {"start": "2026-06-15T08:00Z", "end": "2026-06-15T07:00Z"}
MORNING = {"start": "2026-06-15T05:00Z", "end": "2026-06-15T08:00Z"}
NOON = {"start": "2026-06-15T07:00Z", "end": "2026-06-15T12:00Z"}
BOW_TIE = [[1.0, 42.0], [1.1, 42.1], [1.1, 42.0], [1.0, 42.1]]
TANKER = {
    "id": "tanker",
    "mobility": "heavy_truck",
    "load_class": 20,
    "compartments": [{"id": "tank", "kind": "cargo", "capacity_kg": 9000}],
}
SECOND_BASE = {"site": "alpha", "stock": []}

ERRORS: list[tuple[str, str, dict[str, Any]]] = [
    # shape
    ("scenario.unknown_key", "/demands/0/quantty", {"/demands/0/quantty": 3}),
    ("scenario.unknown_key", "/themes", {"/themes": 3}),
    ("scenario.missing_key", "/demands/0", {"/demands/0/quantity": OUT}),
    ("scenario.missing_key", "", {"/horizon": OUT}),
    ("scenario.want_text", "/demands/0/site", {"/demands/0/site": 12}),
    ("scenario.want_whole_number", "/demands/0/quantity", {"/demands/0/quantity": "20"}),
    ("scenario.want_whole_number", "/demands/0/quantity", {"/demands/0/quantity": 2.5}),
    ("scenario.want_number", "/rules/shift_h", {"/rules": {"shift_h": "long"}}),
    ("scenario.want_boolean", "/illustrative", {"/illustrative": "no"}),
    ("scenario.want_list", "/areas", {"/areas": None}),
    ("scenario.want_mapping", "/horizon", {"/horizon": "today"}),
    ("scenario.want_mapping", "/sources", {"/sources": ["ATP"]}),
    ("scenario.bad_time", "/horizon/start", {"/horizon/start": "tomorrow"}),
    ("scenario.bad_time", "/horizon/start", {"/horizon/start": 1781496000}),
    ("scenario.bad_time", "/horizon/start", {"/horizon/start": "1781496000"}),
    ("scenario.bad_time", "/horizon/start", {"/horizon/start": "2026-13-15T04:00Z"}),
    ("scenario.naive_time", "/horizon/start", {"/horizon/start": NAIVE}),
    ("scenario.not_finite", "/rules/shift_h", {"/rules": {"shift_h": float("inf")}}),
    ("scenario.negative", "/bases/0/stock/0/quantity", {"/bases/0/stock/0/quantity": -1}),
    ("scenario.not_positive", "/demands/0/quantity", {"/demands/0/quantity": -4}),
    ("scenario.not_positive", "/rules/shift_h", {"/rules": {"shift_h": 0}}),
    ("scenario.too_small", "/sites/1/position/lat", {"/sites/1/position/lat": -91}),
    ("scenario.too_large", "/sites/1/position/lat", {"/sites/1/position/lat": 91}),
    ("scenario.too_large", "/demands/0/quantity", {"/demands/0/quantity": 10**30}),
    ("scenario.priority_range", "/demands/0/priority", {"/demands/0/priority": 0}),
    ("scenario.bad_id", "/sites/1/id", {"/sites/1/id": "Poste n°1"}),
    ("scenario.bad_digest", "/theatre/digest", {"/theatre/digest": "abc"}),
    ("scenario.text_too_long", "/title", {"/title": "x" * 201}),
    ("scenario.too_few", "/sites", {"/sites": []}),
    ("scenario.too_few", "/areas/0/polygon/1", {"/areas/0/polygon/1": [1.0]}),
    ("scenario.too_many", "/areas/0/polygon/1", {"/areas/0/polygon/1": [1.0, 2.0, 3.0]}),
    ("scenario.not_one_of", "/areas/0/kind", {"/areas/0/kind": "nogo"}),
    ("scenario.position_form", "/sites/1/position", {"/sites/1/position/mgrs": "31TCH7834008440"}),
    ("scenario.position_form", "/sites/1/position", {"/sites/1/position/lat": OUT}),
    ("scenario.bad_mgrs", "/sites/2/position", {"/sites/2/position/mgrs": "42 N 1 E"}),
    ("scenario.id_and_count", "/fleet/0", {"/fleet/0/id": "T1"}),
    ("scenario.change_target", "/changes/0", {"/changes/0/road": OUT}),
    ("scenario.unprintable", "/title", {"/title": "bell \x07"}),
    # names
    ("scenario.name_twice", "/demands/1/id", {"/demands/1/id": "d1"}),
    ("scenario.name_twice", "/bases/0/stock/1/good", {"/bases/0/stock/1/good": "ration_case"}),
    (
        "scenario.name_twice",
        "/vehicle_types/0/compartments/1/id",
        {"/vehicle_types/0/compartments/1": {"id": "bed", "capacity_kg": 6000}},
    ),
    ("scenario.unknown_site", "/demands/0/site", {"/demands/0/site": "alfa"}),
    ("scenario.unknown_site", "/demands/0/pickup", {"/demands/0/pickup": "alfa"}),
    ("scenario.unknown_site", "/bases/0/site", {"/bases/0/site": "depots"}),
    ("scenario.unknown_base", "/fleet/0/base", {"/fleet/0/base": "alpha"}),
    ("scenario.unknown_type", "/fleet/0/type", {"/fleet/0/type": "lorry"}),
    ("scenario.unknown_good", "/demands/0/good", {"/demands/0/good": "rations"}),
    ("scenario.unknown_good", "/vehicle_types/0/fuel", {"/vehicle_types/0/fuel": "diesel"}),
    (
        "scenario.unknown_good",
        "/rules/apart/0/goods/1",
        {"/rules": {"apart": [{"goods": ["diesel_l", "watr_l"]}]}},
    ),
    (
        "scenario.unknown_mobility",
        "/vehicle_types/0/mobility",
        {"/vehicle_types/0/mobility": "lorry"},
    ),
    (
        "scenario.unknown_mobility",
        "/sites/1/reached_by/1",
        {"/sites/1/reached_by": ["heavy_truck", "4x4"]},
    ),
    ("scenario.unknown_kind", "/sites/1/kind", {"/sites/1/kind": "castle"}),
    (
        "scenario.unknown_exposure",
        "/rules/exposure/cover",
        {"/rules": {"exposure": {"cover": "concealement"}}},
    ),
    (
        "scenario.unknown_vehicle",
        "/convoys/0/vehicles/1",
        {"/convoys/0/vehicles/1": "depot-truck-4"},
    ),
    ("scenario.unknown_zone", "/display_zone", {"/display_zone": "Europe/Toulouse"}),
    # times
    ("scenario.horizon_empty", "/horizon/end", {"/horizon/end": "2026-06-15T04:00+02:00"}),
    ("scenario.window_order", "/sites/1/windows/0", {"/sites/1/windows": [BACKWARD]}),
    ("scenario.window_order", "/fleet/0/available", {"/fleet/0/available": BACKWARD}),
    # loads
    (
        "scenario.apart_same",
        "/rules/apart/0/goods",
        {"/rules": {"apart": [{"goods": ["pump", "pump"]}]}},
    ),
    ("scenario.pickup_same", "/demands/0/pickup", {"/demands/0/pickup": "alpha"}),
    # fleet
    ("scenario.base_windows", "/sites/0/windows", {"/sites/0/windows": [EARLY, NOON]}),
    ("scenario.fuel_unit", "/vehicle_types/0/fuel", {"/vehicle_types/0/fuel": "diesel_can"}),
    ("scenario.vehicle_id_long", "/fleet/0", {"/fleet/0/count": OUT, "/fleet/0/id": "x" * 63}),
    ("scenario.convoy_id_taken", "/convoys/0/id", {"/convoys/0/id": "C-depot-truck-03"}),
    (
        "scenario.vehicle_taken",
        "/convoys/0/vehicles/1",
        {"/convoys/0/vehicles/1": "depot-truck-01"},
    ),
    (
        "scenario.vehicle_taken",
        "/convoys/1/vehicles/0",
        {"/convoys/1": {"id": "c2", "vehicles": ["depot-truck-02"]}},
    ),
    (
        "scenario.convoy_bases",
        "/convoys/0",
        {
            "/bases/1": SECOND_BASE,
            "/fleet/1": {"type": "truck", "base": "alpha"},
            "/convoys/0/vehicles/1": "alpha-truck-01",
        },
    ),
    (
        "scenario.convoy_media",
        "/convoys/0",
        {
            "/vehicle_types/1": {
                "id": "heli",
                "mobility": "helicopter",
                "compartments": [{"id": "bed", "capacity_kg": 8000}],
            },
            "/fleet/1": {"type": "heli", "base": "depot"},
            "/convoys/0/vehicles/1": "depot-heli-01",
        },
    ),
    (
        "scenario.convoy_compartments",
        "/convoys/0",
        {
            "/vehicle_types/1": TANKER,
            "/fleet/1": {"type": "tanker", "base": "depot"},
            "/convoys/0/vehicles/1": "depot-tanker-01",
        },
    ),
    # areas and changes
    ("scenario.kind_needs", "/areas/0", {"/areas/0/kind": "slow"}),
    ("scenario.kind_needs", "/rules/exposure", {"/rules": {"exposure": {"per_km": 3}}}),
    ("scenario.kind_needs", "/areas/0", {"/areas/0/kind": "exposure"}),
    ("scenario.kind_needs", "/changes/0", {"/changes/0/kind": "class_assessed"}),
    ("scenario.kind_needs", "/changes/0", {"/changes/0/kind": "speed_limited"}),
    # A speed alone does not say how far apart.
    (
        "scenario.kind_needs",
        "/changes/0",
        {"/changes/0/kind": "spacing", "/changes/0/speed_kmh": 13},
    ),
    ("scenario.polygon_crossing", "/areas/0/polygon", {"/areas/0/polygon": BOW_TIE}),
    (
        "scenario.polygon_flat",
        "/areas/0/polygon",
        {"/areas/0/polygon": [[1.0, 42.0], [1.5, 42.5], [2.0, 43.0]]},
    ),
    # ways
    ("scenario.no_ground", "", {"/theatre": OUT}),
    ("scenario.no_position", "/sites/1", {"/sites/1/position": OUT}),
    # objectives
    ("scenario.objectives_first", "/objectives", {"/objectives": ["time", "undelivered"]}),
    ("scenario.objectives_first", "/objectives", {"/objectives": []}),
    ("scenario.objective_twice", "/objectives/2", {"/objectives/2": "time"}),
]

MATRIX_ERRORS: list[tuple[str, str, dict[str, Any]]] = [
    ("scenario.two_grounds", "/matrices", {"/theatre": {"name": "somewhere"}}),
    ("scenario.matrix_site_twice", "/matrices/0/sites/2", {"/matrices/0/sites/2": "alpha"}),
    ("scenario.matrix_sites", "/matrices/0/sites", {"/matrices/0/sites/2": "alpha"}),
    ("scenario.unknown_site", "/matrices/0/sites/2", {"/matrices/0/sites/2": "brave"}),
    ("scenario.matrix_rows", "/matrices/0/time_s", {"/matrices/0/time_s/2": OUT}),
    ("scenario.matrix_columns", "/matrices/0/time_s/2", {"/matrices/0/time_s/2": [1, 0]}),
    ("scenario.matrix_diagonal", "/matrices/0/time_s/1/1", {"/matrices/0/time_s/1/1": 5}),
    ("scenario.matrix_null", "/matrices/0/distance_m/0/1", {"/matrices/0/time_s/0/1": None}),
    ("scenario.matrix_class", "/vehicle_types/0/mobility", {"/matrices/0/mobility": "boat"}),
    ("scenario.negative", "/matrices/0/time_s/0/1", {"/matrices/0/time_s/0/1": -1}),
]

CLOSED = {"id": "C", "kind": "bridge_out", "road": "s1"}

WARNINGS: list[tuple[str, str, dict[str, Any]]] = [
    ("scenario.horizon_long", "/horizon", {"/horizon/end": "2027-06-15T04:00+02:00"}),
    ("scenario.window_outside", "/sites/1/windows/0", {"/sites/1/windows": [EARLY]}),
    ("scenario.window_outside", "/demands/0/windows/0", {"/demands/0/windows": [EARLY]}),
    ("scenario.hours_never", "/changes/0/windows/0", {"/changes": [CLOSED | {"windows": [EARLY]}]}),
    (
        "scenario.hours_never",
        "/changes/0/windows/0",
        {"/changes": [CLOSED | {"windows": [EARLY | {"start": EARLY["end"]}]}]},
    ),
    ("scenario.windows_overlap", "/sites/1/windows/0", {"/sites/1/windows": [NOON, MORNING]}),
    ("scenario.due_outside", "/demands/0/due", {"/demands/0/due": "2026-06-16T04:00Z"}),
    ("scenario.demand_over_stock", "/demands/0", {"/demands/1/quantity": 81}),
    ("scenario.no_compartment", "/demands/0/good", {"/demands/0/good": "water_l"}),
    (
        "scenario.unit_too_heavy",
        "/demands/0/good",
        {"/vehicle_types/0/compartments/0/capacity_kg": 10},
    ),
    ("scenario.reached_by_none", "/sites/1/reached_by", {"/sites/1/reached_by": ["foot"]}),
    ("scenario.pickup_none", "/demands/0/pickup_windows", {"/demands/0/pickup_windows": [NOON]}),
    ("scenario.demand_at_base", "/demands/0/site", {"/demands/0/site": "depot"}),
    ("scenario.fuel_not_named", "/vehicle_types/0", {"/vehicle_types/0/fuel": OUT}),
    ("scenario.fuel_none_drawn", "/vehicle_types/0", {"/vehicle_types/0/fuel_l_per_100km": OUT}),
    ("scenario.load_class_unknown", "/vehicle_types/0", {"/vehicle_types/0/load_class": OUT}),
    (
        "scenario.load_class_estimated",
        "/vehicle_types/0",
        {"/vehicle_types/0/load_class": OUT, "/vehicle_types/0/gross_weight_t": 19},
    ),
    (
        "scenario.convoy_no_common_time",
        "/convoys/0",
        {
            "/fleet/0/count": 1,
            "/fleet/0/available": MORNING,
            "/fleet/1": {
                "type": "truck",
                "base": "depot",
                "available": {"start": "2026-06-15T09:00Z", "end": "2026-06-15T12:00Z"},
            },
        },
    ),
    ("scenario.kind_ignores", "/areas/0/speed_factor", {"/areas/0/speed_factor": 0.5}),
    ("scenario.kind_ignores", "/changes/0/speed_kmh", {"/changes/0/speed_kmh": 20}),
    ("scenario.kind_ignores", "/changes/0/spacing_m", {"/changes/0/spacing_m": 50}),
]
MATRIX_WARNINGS: list[tuple[str, str, dict[str, Any]]] = [
    ("scenario.matrices_ignore", "/weather", {"/weather": {"ground": "wet"}}),
    (
        "scenario.matrices_ignore",
        "/rules/exposure",
        {"/rules": {"exposure": {"cover": "concealment"}}},
    ),
]


def _found(data: dict[str, Any]) -> dict[tuple[str, str], Fault]:
    return {(fault.code, fault.pointer): fault for fault in parse(data)[1]}


def test_the_sound_scenarios_have_no_remark(changed: Changed, with_matrices: Changed) -> None:
    assert parse(changed({}))[1] == ()
    assert parse(with_matrices({}))[1] == ()


@pytest.mark.parametrize(("code", "place", "changes"), ERRORS)
def test_error(changed: Changed, code: str, place: str, changes: dict[str, Any]) -> None:
    scenario, _ = parse(changed(changes))
    fault = _found(changed(changes))[code, place]
    assert scenario is None
    assert fault.severity is Severity.ERROR
    assert fault.text("en") != fault.text("fr")


@pytest.mark.parametrize(("code", "place", "changes"), MATRIX_ERRORS)
def test_error_with_matrices(
    with_matrices: Changed, code: str, place: str, changes: dict[str, Any]
) -> None:
    scenario, _ = parse(with_matrices(changes))
    assert scenario is None
    assert _found(with_matrices(changes))[code, place].severity is Severity.ERROR


@pytest.mark.parametrize(("code", "place", "changes"), WARNINGS)
def test_warning(changed: Changed, code: str, place: str, changes: dict[str, Any]) -> None:
    scenario, _ = parse(changed(changes))
    fault = _found(changed(changes))[code, place]
    assert scenario is not None
    assert fault.severity is Severity.WARNING
    assert fault.text("en") != fault.text("fr")


@pytest.mark.parametrize(("code", "place", "changes"), MATRIX_WARNINGS)
def test_warning_with_matrices(
    with_matrices: Changed, code: str, place: str, changes: dict[str, Any]
) -> None:
    scenario, _ = parse(with_matrices(changes))
    assert scenario is not None
    assert _found(with_matrices(changes))[code, place].severity is Severity.WARNING


def test_a_refusal_that_nobody_foresaw_is_told_without_the_librarys_english() -> None:
    detail: Any = {"type": "some_new_type", "loc": ("title",), "input": 3, "msg": "Input should..."}
    code, params = _translate(detail, object)  # type: ignore[arg-type]  # the model is not asked
    assert code == "scenario.invalid"
    assert "should" not in Fault(code, "/title", params).text("fr")


def test_all_faults_come_at_once(changed: Changed) -> None:
    # Two wrong shapes in two lists, and three faults between entries that are well shaped: a
    # reference, a window and an area. The misshapen entries must not hide them, nor move them.
    data = changed(
        {
            "/demands/0/quantity": -1,
            "/sites/1/colour": "red",
            "/demands/1/site": "brovo",
            "/sites/2/windows": [BACKWARD],
            "/areas/0/polygon": BOW_TIE,
        }
    )
    assert {key for key, fault in _found(data).items() if fault.severity is Severity.ERROR} == {
        ("scenario.not_positive", "/demands/0/quantity"),
        ("scenario.unknown_key", "/sites/1/colour"),
        ("scenario.unknown_site", "/demands/1/site"),
        ("scenario.window_order", "/sites/2/windows/0"),
        ("scenario.polygon_crossing", "/areas/0/polygon"),
    }


def test_what_stands_twice_is_told_where_it_stands_first_though_an_entry_before_is_misshapen(
    changed: Changed,
) -> None:
    data = changed({"/sites/0/colour": "red", "/sites/2/id": "alpha"})
    assert _found(data)["scenario.name_twice", "/sites/2/id"].params["first"] == "/sites/1/id"


def test_a_misshapen_entry_makes_no_fault_elsewhere(changed: Changed) -> None:
    # The site alpha is left out of what is checked, but its name is known: d1 still has its site.
    # The vehicle type is left out, so nothing is said of the convoys whose vehicles it makes.
    data = changed({"/sites/1/colour": "red", "/vehicle_types/0/wheels": 6})
    assert set(_found(data)) == {
        ("scenario.unknown_key", "/sites/1/colour"),
        ("scenario.unknown_key", "/vehicle_types/0/wheels"),
    }


def test_the_nearest_known_name_is_offered(changed: Changed) -> None:
    found = _found(changed({"/demands/0/quantty": 3, "/demands/1/site": "brovo"}))
    assert found["scenario.unknown_key", "/demands/0/quantty"].params["near"] == "quantity"
    assert found["scenario.unknown_site", "/demands/1/site"].params["near"] == "bravo"


def test_every_code_has_words_in_both_languages_with_the_same_fields() -> None:
    for code, words in catalogue().items():
        assert set(words) == {"en", "fr"}, code
        fields = {
            language: {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            for language, text in words.items()
        }
        assert fields["en"] == fields["fr"], code


def test_the_catalogue_and_the_code_name_the_same_faults() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "optimizer").rglob("*.py"))
    )
    used = set(re.findall(r'"((?:scenario|ground)\.[a-z_0-9]+)"', source)) - {"ground.gpkg"}
    assert used == {code for code in catalogue() if code.startswith(("scenario.", "ground."))}


def test_every_code_of_the_scenario_is_triggered_here() -> None:
    cases = ERRORS + MATRIX_ERRORS + WARNINGS + MATRIX_WARNINGS
    # The first is triggered where lines are read, the second above.
    elsewhere = {"scenario.repeated_key", "scenario.invalid"}
    triggered = {code for code, _, _ in cases} | elsewhere
    assert triggered == {code for code in catalogue() if code.startswith("scenario.")}
