"""Two small plans made by hand: their times follow from round figures, for a reader to check.

The way between any two sites is 20 km and takes 40 minutes with the contingency.
"""

from __future__ import annotations

import math
import os
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from briefing.write import write
from optimizer.faults import Language
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
from optimizer.scenario.convoys import Convoy, convoys_of, goods_of, handling_s
from optimizer.scenario.model import Criterion, Scenario

START = datetime.fromisoformat("2026-06-15T04:00:00+02:00")
WAY_S = 2400
WAY_M = 20_000
LOADING_S = 45 * 60


def iso(hours: float) -> str:
    """A time so many hours after the start of the horizon."""
    return (START + timedelta(hours=hours)).isoformat()


def _matrix(mobility: str, sites: list[str], cut_off: str = "") -> dict[str, Any]:
    def rows(value: int) -> list[list[int | None]]:
        return [
            [0 if i == j else None if cut_off in {i, j} else value for j in sites] for i in sites
        ]

    # 32 minutes and a quarter more are the 40 minutes of a leg.
    return {
        "mobility": mobility,
        "sites": sites,
        "time_s": rows(WAY_S * 4 // 5),
        "distance_m": rows(WAY_M),
    }


def _truck(**more: Any) -> dict[str, Any]:
    return {
        "id": "truck",
        "label": "truck 6x6, 8 t",
        "mobility": "heavy_truck",
        "load_class": 17,
        "compartments": [{"id": "bed", "capacity_kg": 8000, "pallets": 8}],
        "range_km": 600,
        "fuel": "diesel_l",
        "fuel_l_per_100km": 40,
        **more,
    }


#: A drop: demand, vehicle, compartment, good, quantity.
GivenDrop = tuple[str, str, str, str, int]
#: A trip: start of loading in seconds, and at each stop its drops.
GivenTrip = tuple[int, list[tuple[str, list[GivenDrop]]]]


class Clerk:
    """Lays out the trips of a plan as docs/reference/plan.md says."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.zero = scenario.horizon.start
        self.goods = goods_of(scenario)
        self.sites = {site.id: site for site in scenario.sites}
        self.convoys = {convoy.id: convoy for convoy in convoys_of(scenario)}

    def at(self, seconds: int) -> datetime:
        return self.zero + timedelta(seconds=seconds)

    def seconds(self, time: datetime) -> int:
        return int((time - self.zero).total_seconds())

    def leg(self, origin: str, destination: str, depart: int) -> Leg:
        return Leg(
            origin=origin,
            destination=destination,
            criterion=Criterion.TIME,
            depart=self.at(depart),
            arrive=self.at(depart + WAY_S),
            travel_s=WAY_S,
            distance_m=WAY_M,
            fuel_m=WAY_M,
            exposure_milli=0,
        )

    def stop(self, convoy: Convoy, site: str, arrive: int, drops: list[GivenDrop]) -> Stop:
        place = self.sites[site]
        opens = [self.seconds(window.start) for window in place.windows]
        begin = max([arrive + convoy.pass_s, *opens])
        by_demand: defaultdict[str, float] = defaultdict(float)
        for demand, _, _, good, quantity in drops:
            by_demand[demand] += quantity * self.goods[good].unit_mass_kg
        fixed, rate = place.handling_fixed_min, place.handling_kg_per_min
        handling = math.ceil(fixed * 60) + sum(
            handling_s(fixed, rate, kg)[1] for kg in by_demand.values()
        )
        return Stop(
            site=site,
            arrive=self.at(arrive),
            wait_s=begin - arrive - convoy.pass_s,
            start=self.at(begin),
            handling_s=handling,
            depart=self.at(begin + handling),
            drops=tuple(
                Drop(demand=d, vehicle=v, compartment=c, good=g, quantity=q)
                for d, v, c, g, q in drops
            ),
            load_after=(),
            slack_s=0,
        )

    def load(self, items: list[GivenDrop]) -> tuple[Load, ...]:
        sums: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        for _, vehicle, compartment, name, quantity in items:
            good, total = self.goods[name], sums[vehicle, compartment]
            total[0] += quantity * good.unit_mass_kg
            total[1] += quantity * good.unit_volume_l
            total[2] += quantity / good.units_per_pallet if good.units_per_pallet else 0
        return tuple(
            Load(vehicle=v, compartment=c, mass_kg=kg, volume_l=litres, pallets=round(pallets, 3))
            for (v, c), (kg, litres, pallets) in sums.items()
        )

    def trip(self, convoy: Convoy, number: int, given: GivenTrip) -> Trip:
        loading, visits = given
        now, here = loading + LOADING_S, convoy.base
        legs: list[Leg] = []
        stops: list[Stop] = []
        for index, (site, drops) in enumerate(visits):
            legs.append(self.leg(here, site, now))
            stop = self.stop(convoy, site, now + WAY_S, drops)
            left = [drop for _, later in visits[index + 1 :] for drop in later]
            stops.append(stop.model_copy(update={"load_after": self.load(left)}))
            now, here = self.seconds(stop.depart), site
        legs.append(self.leg(here, convoy.base, now))
        return Trip(
            number=number,
            base=convoy.base,
            loading_start=self.at(loading),
            depart=legs[0].depart,
            load=tuple(
                Item(vehicle=v, compartment=c, good=g, quantity=q)
                for _, drops in visits
                for _, v, c, g, q in drops
            ),
            legs=tuple(legs),
            stops=tuple(stops),
            end=self.at(now + WAY_S + convoy.pass_s),
            fuel_l=convoy.fuel_l(WAY_M * len(legs)),
        )

    def route(self, name: str, given: list[GivenTrip]) -> Route:
        convoy = self.convoys[name]
        trips = [self.trip(convoy, n, one) for n, one in enumerate(given, start=1)]
        shift_end = given[0][0] + int(self.scenario.rules.shift_h * 3600)
        end = min(convoy.available_s[1], self.seconds(self.scenario.horizon.end), shift_end)
        told = []
        for trip in reversed(trips):
            # The rule of slack, from the end backwards.
            latest, stops = end - convoy.pass_s, []
            for stop in reversed(trip.stops):
                closes = [self.seconds(w.end) for w in self.sites[stop.site].windows]
                latest = min([*closes, latest - WAY_S - stop.handling_s]) - convoy.pass_s
                slack = latest - self.seconds(stop.arrive)
                stops.append(stop.model_copy(update={"slack_s": slack}))
            told.append(trip.model_copy(update={"stops": tuple(reversed(stops))}))
            end = min(end, latest - WAY_S - LOADING_S)
        return Route(
            id=f"R-{name}",
            convoy=name,
            vehicles=tuple(vehicle.id for vehicle in convoy.vehicles),
            profile=convoy.profile,
            trips=tuple(reversed(told)),
        )


def make_plan(
    scenario: dict[str, Any],
    work: dict[str, list[GivenTrip]],
    undelivered: tuple[Undelivered, ...] = (),
    **provenance: Any,
) -> Plan:
    """Return a plan that keeps the rules, from what each convoy does."""
    given = Scenario.model_validate(scenario)
    clerk = Clerk(given)
    routes = tuple(clerk.route(name, trips) for name, trips in work.items())
    made = {
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
    }
    return Plan(
        id=plan_id(given, None, routes, undelivered),
        scenario_digest=scenario_digest(given),
        theatre=None,
        routes=routes,
        undelivered=undelivered,
        metrics=metrics_of(given, routes),
        provenance=Provenance.model_validate(made | provenance),
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
        "matrices": [_matrix("heavy_truck", ["BASE", "ORD", "PAS"])],
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
            "number": "12/2026",
            "version": "2",
            "cancels": "movement order 11/2026",
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
        "matrices": [_matrix("heavy_truck", list(names), cut_off="ILE")],
        "weather": {"ground": "wet", "visibility_m": 800},
        "sites": [
            {"id": key, "label": label, "position": {"lon": 7.1 + i / 10, "lat": 46.2 + i / 20}}
            | ({"windows": [{"start": iso(1), "end": iso(9)}]} if key == "ZUL" else {})
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
            },
            {
                "id": "b2",
                "label": "New bridge",
                "kind": "class_assessed",
                "near": {"lon": 7.2, "lat": 46.25},
                "load_class_wheeled": 20,
                "load_class_tracked": 17.5,
            },
            {"id": "r1", "kind": "speed_limited", "road": "w12", "speed_kmh": 15},
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
                        params={"cause": "not_given", "site": "ILE"},
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


@pytest.fixture(scope="session")
def large() -> Plan:
    """A plan whose order has many pages and a table over several of them.

    6 convoys make two trips each with 4 drops; as many demands, 48, are left for one reason.
    """
    posts = [f"P{i:02}" for i in range(20)]
    types = [_truck()]
    raw = {
        "format": "convoi/scenario/1",
        "id": "brigade-sized",
        "title": "Three days of supply, 2e brigade",
        "marking": "EXERCICE",
        "horizon": {"start": iso(0), "end": iso(48)},
        "display_zone": "Europe/Paris",
        "rules": {"shift_h": 40},
        "matrices": [_matrix("heavy_truck", ["BASE", *posts])],
        "sites": [
            {"id": key, "label": label, "position": {"lon": 1.4 + i / 100, "lat": 42.4 + i / 200}}
            for i, (key, label) in enumerate(
                {"BASE": "Base", **{p: f"{p[1:]}e compagnie" for p in posts}}.items()
            )
        ],
        "bases": [
            {
                "site": "BASE",
                "stock": [
                    {"good": "ration_case", "quantity": 99_999},
                    {"good": "diesel_l", "quantity": 99_999},
                ],
            }
        ],
        "demands": [
            {
                "id": f"D{i:03}",
                "site": posts[i % 20],
                "good": "ration_case",
                "quantity": 20 + i % 37,
                "priority": 1 + i % 5,
            }
            for i in range(96)
        ],
        "vehicle_types": types,
        "fleet": [{"type": "truck", "base": "BASE", "count": 6}],
        "documents": {"number": "7/2026", "issuer": "Bureau logistique"},
    }
    demands = raw["demands"]
    assert isinstance(demands, list)

    def trip(vehicle: str, first: int) -> list[tuple[str, list[GivenDrop]]]:
        chosen = demands[first : first + 4]
        return [
            (d["site"], [(d["id"], vehicle, "bed", "ration_case", d["quantity"])]) for d in chosen
        ]

    work = {}
    for i in range(6):
        vehicle = f"BASE-truck-{i + 1:02}"
        work[f"C-{vehicle}"] = [
            (900 * i, trip(vehicle, 8 * i)),
            (900 * i + 18 * 3600, trip(vehicle, 8 * i + 4)),
        ]
    reasons = (Reason(kind=ReasonKind.TIME_RAN_OUT, code="time_ran_out"),)
    left = (
        Undelivered(demand=d["id"], quantity=d["quantity"], reasons=reasons) for d in demands[48:]
    )
    return make_plan(raw, work, tuple(left))


_WRITTEN: dict[tuple[str, str, Language, str], bytes] = {}


def written(plan: Plan, kind: str, language: Language, form: str) -> bytes:
    """A document of one of the plans above as a draft; each is written once in a run."""
    key = (plan.id, kind, language, form)
    if key not in _WRITTEN:
        _WRITTEN[key] = write(plan, document=kind, language=language, form=form).content
    return _WRITTEN[key]


@pytest.fixture(params=["everything", "shortfall"])
def plan(request: pytest.FixtureRequest) -> Plan:
    """Each of the plans made by hand."""
    found: Plan = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def update_golden() -> bool:
    """Whether to write golden files anew: set CONVOI_UPDATE_GOLDEN=1, then read the diff."""
    return os.environ.get("CONVOI_UPDATE_GOLDEN") == "1"
