"""The bundled scenarios are sound, and their quantities are what their persons need."""

from __future__ import annotations

import math
import re

import pytest

from optimizer.datasets import data_path, read_table
from optimizer.faults import Severity
from optimizer.scenario.convoys import bundled_goods, convoys_of, vehicles_of
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import load_scenario, parse, read_document

NAMES = ["brigade", "flood"]

#: Units of a good a person and day, as `sources` state them.
RATES = {
    "brigade": {
        "water_l": 24.6,
        "water_can": 24.6 / 20,
        "ration_case": 3 / 12,
        "lubricant_kg": 0.54,
        "barrier_kg": 1.80,
    },
    "flood": {
        "water_l": 15.0,
        "water_pack": 15 / 9,
        "food_dry_kg": 0.565,
        "ration_case": 3 / 12,
        "food_parcel": 1 / 5,  # one for five persons; it lasts seven days
    },
}


def _load(name: str) -> Scenario:
    return load_scenario(data_path("scenarios", f"{name}.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_scenario_has_no_fault(name: str) -> None:
    _, faults = parse(*read_document(data_path("scenarios", f"{name}.yaml")))
    # One good is short on purpose; nothing else is to be remarked.
    assert [(f.code, f.severity) for f in faults] == [
        ("scenario.demand_over_stock", Severity.WARNING)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_quantities_follow_from_persons_and_rates(name: str) -> None:
    scenario = _load(name)
    persons = {}
    for site in scenario.sites:
        match = re.fullmatch(r"(\d+) personnes", site.note)
        if match is not None:
            persons[site.id] = int(match[1])
    checked = 0
    for demand in scenario.demands:
        rate = RATES[name].get(demand.good)
        if rate is not None:
            # Rounded up to whole units; products such as 200 x 0.565 carry a rounding of floats.
            assert demand.quantity == math.ceil(round(persons[demand.site] * rate, 6)), demand.id
            checked += 1
    assert checked > len(scenario.demands) / 3


def test_the_brigade_is_of_the_size_that_the_page_tells() -> None:
    scenario = _load("brigade")
    assert len(scenario.sites) - len(scenario.bases) == 18
    assert len(vehicles_of(scenario)) == 27
    # Five convoys of several vehicles hold 12 of them; the other 15 march alone.
    assert sum(len(c.vehicles) > 1 for c in convoys_of(scenario)) == 5
    assert len(convoys_of(scenario)) == 20


def test_every_figure_of_a_good_has_a_source() -> None:
    assert all(good.source for good in bundled_goods().values())
    assert all(row["label_en"] and row["label_fr"] for row in read_table("symbols.csv"))


def test_a_pallet_of_rations_weighs_what_its_source_says() -> None:
    # ATP 4-90 table C-2: 48 cases of 10.3 kg are a pallet of 494 kg, 192 person-days of 3 meals.
    case = bundled_goods()["ration_case"]
    assert case.units_per_pallet == 48
    assert case.unit_mass_kg * 48 == pytest.approx(494, abs=1)
    assert 48 * 12 / 3 == 192
