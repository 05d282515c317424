"""Two small plans made by hand: their times follow from round figures, for a reader to check.

The way between any two sites is 20 km and takes 40 minutes with the contingency.
"""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from optimizer.plan.digests import plan_id, scenario_digest
from optimizer.plan.metrics import metrics_of
from optimizer.plan.model import (
    Drop,
    Item,
    Leg,
    Load,
    Plan,
    Provenance,
    Reason,
    ReasonKind,
    Route,
    Stop,
    Trip,
    Undelivered,
)
from optimizer.scenario.convoys import convoys_of, goods_of, handling_s
from optimizer.scenario.model import Criterion, Scenario

START = datetime.fromisoformat("2026-06-15T04:00:00+02:00")
WAY_S = 2400
WAY_M = 20_000
LOADING_S = 45 * 60


def iso(hours: float) -> str:
    """A time so many hours after the start of the horizon."""
    return (START + timedelta(hours=hours)).isoformat()


def _matrix(mobility: str, sites: list[str]) -> dict[str, Any]:
    n = len(sites)
    rows = [[0 if i == j else 1920 for j in range(n)] for i in range(n)]
    far = [[0 if i == j else WAY_M for j in range(n)] for i in range(n)]
    return {"mobility": mobility, "sites": sites, "time_s": rows, "distance_m": far}


def _truck(**more: Any) -> dict[str, Any]:
    return {
        "id": "truck",
        "label": "truck 6x6, 8 t",
        "mobility": "wheeled_heavy",
        "load_class": 17,
        "compartments": [{"id": "bed", "capacity_kg": 8000, "pallets": 8}],
        "range_km": 600,
        "fuel": "diesel_l",
        "fuel_l_per_100km": 40,
        **more,
    }


def make_plan(
    scenario: dict[str, Any],
    work: dict[str, list[tuple[int, list[tuple[str, list[tuple[str, str, str, str, int]]]]]]],
    undelivered: tuple[Undelivered, ...] = (),
    **provenance: Any,
) -> Plan:
    """Lay out trips as rules 2 to 7 of docs/reference/plan.md say.

    ``work`` gives for each convoy its trips as (start of loading in seconds, stops), a stop as
    (site, drops), a drop as (demand, vehicle, compartment, good, quantity).
    """
    given = Scenario.model_validate(scenario)
    convoys = {c.id: c for c in convoys_of(given)}
    goods = goods_of(given)
    sites = {s.id: s for s in given.sites}
    zero = given.horizon.start

    def at(seconds: int) -> datetime:
        return zero + timedelta(seconds=seconds)

    routes = []
    for name, trips in work.items():
        convoy = convoys[name]
        made = []
        for number, (loading, stops) in enumerate(trips, start=1):
            now = loading + LOADING_S
            here, legs, visits = convoy.base, [], []
            left: dict[tuple[str, str], float] = defaultdict(float)
            for _, drops in stops:
                for _, vehicle, compartment, good, quantity in drops:
                    left[vehicle, compartment] += quantity * goods[good].unit_mass_kg
            for site, drops in [*stops, (convoy.base, [])]:
                legs.append(
                    Leg(
                        origin=here,
                        destination=site,
                        criterion=Criterion.TIME,
                        depart=at(now),
                        arrive=at(now + WAY_S),
                        travel_s=WAY_S,
                        distance_m=WAY_M,
                        fuel_m=WAY_M,
                        exposure_milli=0,
                    )
                )
                now += WAY_S
                here = site
                if not drops:
                    continue
                arrive, begin = now, now + convoy.pass_s
                for window in sites[site].windows:
                    begin = max(begin, int((window.start - zero).total_seconds()))
                kg = sum(q * goods[g].unit_mass_kg for _, _, _, g, q in drops)
                fixed, by_mass = handling_s(
                    sites[site].handling_fixed_min, sites[site].handling_kg_per_min, kg
                )
                for _, vehicle, compartment, good, quantity in drops:
                    left[vehicle, compartment] -= quantity * goods[good].unit_mass_kg
                now = begin + fixed + by_mass
                visits.append(
                    Stop(
                        site=site,
                        arrive=at(arrive),
                        wait_s=begin - arrive - convoy.pass_s,
                        start=at(begin),
                        handling_s=fixed + by_mass,
                        depart=at(now),
                        drops=tuple(
                            Drop(demand=d, vehicle=v, compartment=c, good=g, quantity=q)
                            for d, v, c, g, q in drops
                        ),
                        load_after=tuple(
                            Load(vehicle=v, compartment=c, mass_kg=kg, volume_l=0, pallets=0)
                            for (v, c), kg in left.items()
                        ),
                        slack_s=1500 * (len(visits) + 1) + 30,
                    )
                )
            made.append(
                Trip(
                    number=number,
                    base=convoy.base,
                    loading_start=at(loading),
                    depart=legs[0].depart,
                    load=tuple(
                        Item(vehicle=v, compartment=c, good=g, quantity=q)
                        for _, drops in stops
                        for _, v, c, g, q in drops
                    ),
                    legs=tuple(legs),
                    stops=tuple(visits),
                    end=at(now + convoy.pass_s),
                    fuel_l=convoy.fuel_l(WAY_M * len(legs)),
                )
            )
        routes.append(
            Route(
                id=f"R-{name}",
                convoy=name,
                vehicles=tuple(v.id for v in convoy.vehicles),
                profile=convoy.profile,
                trips=tuple(made),
            )
        )
    return Plan(
        id=plan_id(given, None, routes, undelivered),
        scenario_digest=scenario_digest(given),
        theatre=None,
        routes=tuple(routes),
        undelivered=undelivered,
        metrics=metrics_of(given, routes),
        provenance=Provenance(
            **{
                "program": "convoi 0.1.0",
                "created": datetime.fromisoformat("2026-06-14T18:30:00+02:00"),
                "seed": 7,
                "workers": 1,
                "iterations": 2000,
                "time_limit_s": None,
                "reproducible": True,
                "stopped_by": "iterations",
                "elapsed_s": 3.2,
                "solvers": {},
                **provenance,
            }
        ),
        scenario=given,
    )


def everything_scenario() -> dict[str, Any]:
    return {
        "format": "convoi/scenario/1",
        "id": "morning-run",
        "title": "Morning supply of the northern posts",
        "marking": "EXERCISE - RESTRICTED",
        "horizon": {"start": iso(0), "end": iso(14)},
        "display_zone": "Europe/Andorra",
        "matrices": [_matrix("wheeled_heavy", ["BASE", "ORD", "PAS"])],
        "sites": [
            {
                "id": "BASE",
                "label": "Aixovall",
                "kind": "base",
                "position": {"lon": 1.4881, "lat": 42.4775},
            },
            {"id": "ORD", "label": "Ordino", "position": {"lon": 1.5331, "lat": 42.5562}},
            {
                "id": "PAS",
                "label": "Le Pas de la Case",
                "position": {"lon": 1.7333, "lat": 42.5425},
                "windows": [{"start": iso(4), "end": iso(9)}],
            },
        ],
        "bases": [
            {
                "site": "BASE",
                "stock": [
                    {"good": "ration_case", "quantity": 500},
                    {"good": "diesel_l", "quantity": 5000},
                    {"good": "blanket", "quantity": 100},
                ],
            }
        ],
        "demands": [
            {"id": "D1", "site": "ORD", "good": "ration_case", "quantity": 240, "priority": 1},
            {"id": "D2", "site": "PAS", "good": "ration_case", "quantity": 96, "priority": 2},
            {"id": "D3", "site": "PAS", "good": "blanket", "quantity": 60, "priority": 4},
        ],
        "vehicle_types": [_truck()],
        "fleet": [{"type": "truck", "base": "BASE", "count": 1}],
        "documents": {
            "number": "12/2026, version 1",
            "issuer": "Logistics centre, Aixovall",
            "addressee": "1st transport platoon",
            "references": ["Operation order 3", "Road report of 14 June"],
            "commander": "Major Vidal",
            "signals": "Net 1: 38.250 MHz, call sign TANGO\nReport at each stop.",
            "recovery": "Workshop at Aixovall, on call.",
            "medical_evacuation": "Hospital at Escaldes, by road.",
            "situation": "The road over the pass is open again.",
        },
    }


@pytest.fixture(scope="session")
def everything() -> Plan:
    """One vehicle, one trip, everything delivered; all that documents need is stated."""
    truck = "BASE-truck-01"
    return make_plan(
        everything_scenario(),
        {
            f"C-{truck}": [
                (
                    3600,
                    [
                        ("ORD", [("D1", truck, "bed", "ration_case", 240)]),
                        (
                            "PAS",
                            [
                                ("D2", truck, "bed", "ration_case", 96),
                                ("D3", truck, "bed", "blanket", 60),
                            ],
                        ),
                    ],
                )
            ]
        },
    )


def shortfall_scenario() -> dict[str, Any]:
    names = {
        "DEPOT": "Dépôt central",
        "ALP": "Alpha",
        "BRA": "Escale Bravo",
        "ILE": "L'Île",
        "ZUL": "",
    }
    return {
        "format": "convoi/scenario/1",
        "id": "flood.day2",
        "illustrative": True,
        "horizon": {"start": iso(0), "end": iso(30)},
        "matrices": [_matrix("wheeled_heavy", list(names))],
        "weather": {"ground": "wet", "visibility_m": 800},
        "sites": [
            {"id": key, "label": label, "position": {"lon": 7.1 + i / 10, "lat": 46.2 + i / 20}}
            for i, (key, label) in enumerate(names.items())
        ],
        "bases": [
            {
                "site": "DEPOT",
                "stock": [
                    {"good": "water_pallet", "quantity": 40},
                    {"good": "diesel_l", "quantity": 900},
                    {"good": "food_dry_kg", "quantity": 9000},
                    {"good": "pump", "quantity": 2},
                ],
            }
        ],
        "demands": [
            {
                "id": "ALP-water",
                "site": "ALP",
                "good": "water_pallet",
                "quantity": 24,
                "priority": 1,
            },
            {
                "id": "BRA-food",
                "site": "BRA",
                "good": "food_dry_kg",
                "quantity": 6000,
                "priority": 2,
                "due": iso(6),
            },
            {"id": "ILE-pump", "site": "ILE", "good": "pump", "quantity": 1, "priority": 1},
            {
                "id": "ZUL-food",
                "site": "ZUL",
                "good": "food_dry_kg",
                "quantity": 3000,
                "priority": 3,
            },
            {
                "id": "ZUL-water",
                "site": "ZUL",
                "good": "water_pallet",
                "quantity": 10,
                "priority": 3,
            },
        ],
        "vehicle_types": [_truck()],
        "fleet": [{"type": "truck", "base": "DEPOT", "count": 4}],
        "convoys": [
            {
                "id": "ROUGE",
                "label": "Rame rouge",
                "vehicles": ["DEPOT-truck-01", "DEPOT-truck-02", "DEPOT-truck-03"],
                "commander": "Adjudant Morel",
            }
        ],
        "areas": [
            {
                "id": "flooded",
                "label": "Flood plain",
                "kind": "no_go",
                # stated clockwise on purpose: RFC 7946 wants the other way round
                "polygon": [[7.1, 46.3], [7.2, 46.3], [7.2, 46.2], [7.1, 46.2]],
            }
        ],
        "changes": [
            {
                "id": "b1",
                "label": "Old bridge",
                "kind": "bridge_out",
                "near": {"lon": 7.15, "lat": 46.25},
            }
        ],
    }


@pytest.fixture(scope="session")
def shortfall() -> Plan:
    """Three vehicles march twice, one alone; every kind of reason; nothing for documents."""
    one, two, three, four = (f"DEPOT-truck-0{i}" for i in (1, 2, 3, 4))
    water = [("ALP-water", v, "bed", "water_pallet", 8) for v in (one, two, three)]
    return make_plan(
        shortfall_scenario(),
        {
            "ROUGE": [
                (0, [("ALP", water)]),
                (6 * 3600, [("ZUL", [("ZUL-water", one, "bed", "water_pallet", 4)])]),
            ],
            f"C-{four}": [(5 * 3600, [("BRA", [("BRA-food", four, "bed", "food_dry_kg", 6000)])])],
        },
        (
            Undelivered(
                demand="ILE-pump",
                quantity=1,
                reasons=(
                    Reason(
                        kind=ReasonKind.PROVED,
                        code="unreachable",
                        params={"cause": "load_class", "site": "ILE"},
                    ),
                ),
            ),
            Undelivered(
                demand="ZUL-food",
                quantity=3000,
                reasons=(
                    Reason(
                        kind=ReasonKind.OBSERVED,
                        code="window",
                        params={"site": "ZUL"},
                        seed=7,
                        budget="2000 iterations",
                    ),
                    Reason(
                        kind=ReasonKind.OBSERVED, code="capacity", seed=7, budget="2000 iterations"
                    ),
                ),
            ),
            Undelivered(
                demand="ZUL-water",
                quantity=6,
                reasons=(Reason(kind=ReasonKind.TIME_RAN_OUT, code="time_ran_out"),),
            ),
        ),
        reproducible=False,
        time_limit_s=5,
        iterations=None,
        assumptions=("bridge_class_by_default",),
    )


@pytest.fixture(params=["everything", "shortfall"])
def plan(request: pytest.FixtureRequest) -> Plan:
    """Each of the plans made by hand."""
    found: Plan = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def update_golden() -> bool:
    """Whether to write golden files anew: set CONVOI_UPDATE_GOLDEN=1, then read the diff."""
    return os.environ.get("CONVOI_UPDATE_GOLDEN") == "1"
