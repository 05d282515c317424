"""Every plan of this folder: what passes, and what differs from it by one change and fails.

A case is a function that is given the scenario and the marches to change before the plan is built
(``draft``), or the finished plan to change (``plan``). Its name is the name of the file.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from optimizer.terrain.theatre import Theatre

HERE = Path(__file__).resolve().parent

Json = dict[str, Any]
#: A draft has: scenario, marches, reasons, and over the theatre make and paths.
Change = Callable[[Any], None]


def _sibling(name: str) -> ModuleType:
    known = sys.modules.get(f"plans_{name}")
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(f"plans_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"plans_{name}"] = module
    spec.loader.exec_module(module)
    return module


base, builder, over = _sibling("base"), _sibling("builder"), _sibling("over_ground")
ground = _sibling("ground")


@functools.cache
def _maker() -> Any:
    return over.Maker(ground, Theatre.open(HERE / "two-bridges"))


def over_matrices(change: Change | None = None) -> Json:
    """Build the plan over matrices, from a changed draft."""
    draft = SimpleNamespace(
        scenario=base.scenario(), marches=base.marches(), reasons=copy.deepcopy(base.REASONS)
    )
    if change is not None:
        change(draft)
    plan: Json = builder.build(draft.scenario, draft.marches, draft.reasons)
    return plan


def over_ground(change: Change | None = None) -> Json:
    """Build the plan over the little theatre, from a changed draft.

    ``draft.wrong`` tells by how much a quantity of a leg is to be wrong.
    """
    make = _maker()
    draft = SimpleNamespace(
        make=make,
        scenario=over.scenario(make),
        marches=over.marches(),
        paths=over.paths(make),
        wrong={},
    )
    if change is not None:
        change(draft)
    types = {t["id"]: t["mobility"] for t in draft.scenario["vehicle_types"]}
    for march in draft.marches:
        convoy = march["convoy"]
        vehicle = convoy.removeprefix("C-")
        entry = next(e for e in draft.scenario["fleet"] if e["id"] == vehicle)
        together = [c for c in draft.scenario.get("convoys", []) if c["id"] == convoy]
        march["ways"] = {
            (0, leg): make.way(
                draft.scenario,
                types[entry["type"]],
                parts,
                len(together[0]["vehicles"]) if together else 1,
                **draft.wrong.get((name, leg), {}),
            )
            for (name, leg), parts in draft.paths.items()
            if name == convoy
        }
    plan: Json = builder.build(draft.scenario, draft.marches, {}, make.stamp)
    return plan


def over_pickups(change: Change | None = None) -> Json:
    """Build the plan over matrices in which the light vehicle takes aboard what stands ready.

    It takes tyres from alpha to bravo, and empties from bravo to its own base.
    """

    def more(draft: Any) -> None:
        draft.scenario["goods"] += [
            {
                "id": "tyre",
                "label_en": "tyre",
                "label_fr": "pneu",
                "unit": "each",
                "unit_mass_kg": 50,
            },
            {
                "id": "empty",
                "label_en": "empty",
                "label_fr": "vide",
                "unit": "each",
                "unit_mass_kg": 5,
            },
        ]
        draft.scenario["demands"] += [
            {"id": "D-tyres", "pickup": "alpha", "site": "bravo", "good": "tyre", "quantity": 6},
            {
                "id": "D-empties",
                "pickup": "bravo",
                "site": "depot",
                "good": "empty",
                "quantity": 40,
            },
        ]
        tyres = base.drop("D-tyres", "light-1", "bed", "tyre", 6)
        empties = base.drop("D-empties", "light-1", "bed", "empty", 40)
        stops = draft.marches[1]["trips"][0]["stops"]
        stops[0]["drops"].append(tyres)
        stops[0]["pickups"] = [empties]
        stops.insert(0, {"site": "alpha", "drops": [], "pickups": [dict(tyres)]})
        stops.append({"site": "depot", "drops": [dict(empties)]})
        if change is not None:
            change(draft)

    return over_matrices(more)


_CASES: dict[str, Callable[[], Json]] = {}


def draft(name: str, start: Callable[[Change | None], Json]) -> Callable[[Change], Change]:
    """Register a case that changes what the plan is built from."""

    def register(change: Change) -> Change:
        _CASES[name] = lambda: start(change)
        return change

    return register


def plan(name: str, start: Callable[[Change | None], Json]) -> Callable[[Change], Change]:
    """Register a case that changes the finished plan."""

    def register(change: Change) -> Change:
        def make() -> Json:
            document = start(None)
            change(document)
            return document

        _CASES[name] = make
        return change

    return register


def plans() -> dict[str, Json]:
    """Return every plan by name."""
    return {name: make() for name, make in _CASES.items()}


def later(clock: str, seconds: float) -> str:
    """Move a time."""
    moved = dt.datetime.fromisoformat(clock) + dt.timedelta(seconds=seconds)
    return moved.isoformat()


def summed(document: Json) -> None:
    """Sum up the metrics again, so that they are not what is wrong."""
    document["metrics"] = builder.metrics(document["scenario"], document["routes"])


def a_type(scenario: Json, name: str) -> Json:
    found: Json = next(t for t in scenario["vehicle_types"] if t["id"] == name)
    return found


# --- What passes ----------------------------------------------------------------------------------


@draft("pass-matrices", over_matrices)
def _(d: Any) -> None:
    """A convoy of two in two trips, with a wait and lateness, and a light vehicle."""


@draft("pass-nothing-delivered", over_matrices)
def _(d: Any) -> None:
    d.marches.clear()
    d.reasons.clear()


@draft("pass-two-bases", over_matrices)
def _(d: Any) -> None:
    d.scenario["bases"].append(
        {
            "site": "charlie",
            "loading_min": 20,
            "stock": [{"good": "diesel", "quantity": 50}, {"good": "chlorine", "quantity": 20}],
        }
    )
    d.scenario["fleet"][2]["base"] = "charlie"
    # 32 min over the light vehicle's matrix and 25 % make 40: loading 07:20, there at 08:20.
    d.marches[1]["trips"][0]["loading_start"] = base.at("07:20")


@draft("pass-mixed-convoy", over_matrices)
def _(d: Any) -> None:
    """A light vehicle in the lorries' convoy: it goes by the larger of both matrices."""
    d.scenario["convoys"][0]["vehicles"].append("light-1")
    d.marches.pop()


@draft("pass-pickups", over_pickups)
def _(d: Any) -> None:
    """Tyres from site to site, and empties to the base, beside what the base sends."""


@draft("pass-split-demand", over_matrices)
def _(d: Any) -> None:
    """Charlie's water comes in two trips, the second within the same shift."""
    trip = copy.deepcopy(d.marches[0]["trips"][1])
    trip["loading_start"] = base.at("14:17")
    trip["stops"][0]["drops"] = [base.drop("D-charlie-water", "lorry-2", "bowser", "water", 100)]
    d.scenario["bases"][0]["stock"][1]["quantity"] = 1600
    d.scenario["rules"]["shift_h"] = 11
    d.marches[0]["trips"].append(trip)


def _beyond_the_fleet(d: Any) -> None:
    """Let charlie want more water than the lorries bring in three trips: 3 x 2 x 900 l.

    A trip takes 45 min, 50 min out, 52.5 min home, twice 15 s for the tail, and handling: three of
    them fit into ten hours. The depot has enough for all.
    """
    d.scenario["bases"][0]["stock"][1]["quantity"] = 9000
    water = next(n for n in d.scenario["demands"] if n["id"] == "D-charlie-water")
    water["quantity"] = 5401
    d.reasons["D-charlie-water"] = [
        {"kind": "proved", "code": "capacity", "params": {"good": "water", "most": 5400}}
    ]


draft("pass-beyond-the-fleet", over_matrices)(_beyond_the_fleet)


def _one_place(d: Any) -> None:
    """One place to load and one at bravo, where the light vehicle waits until the lorries are done.

    They start as bravo opens, at 10:00, and take 10 min and 96 x 10.3 kg / 100 kg/min = 593.28 s,
    rounded up. The light vehicle loads until the lorries begin to.
    """
    d.scenario["bases"][0]["loading_places"] = 1
    d.scenario["sites"][2]["places"] = 1
    light = d.marches[1]["trips"][0]
    light["loading_start"] = base.at("06:15")
    # In the first window of bravo nobody else is there: this demand is for the second.
    chlorine = next(n for n in d.scenario["demands"] if n["id"] == "D-bravo-chlorine")
    chlorine["windows"] = [base.window("10:00", "12:00")]
    light["stops"][0]["place_free"] = later(base.at("10:00"), 600 + 594)


draft("pass-places", over_matrices)(_one_place)


@draft("pass-ground", over_ground)
def _(d: Any) -> None:
    """Roads, a bridge, steps over open ground and back."""


@draft("pass-ground-changed", over_ground)
def _(d: Any) -> None:
    """Wet ground, areas and changes: all of them cost, none of them closes the way."""
    make = d.make
    d.scenario["weather"] = {"ground": "wet", "visibility_m": 500.0}
    d.scenario["areas"] = [
        {
            "id": "mud",
            "label": "s7",
            "kind": "slow",
            "polygon": make.box(0, 170, 30, 210),
            "speed_factor": 0.5,
        },
        {
            "id": "overlooked",
            "label": "s2",
            "kind": "exposure",
            # The western half of s2.
            "polygon": make.box(225, 80, 330, 120),
            "exposure_per_km": 2000,
        },
        {"id": "minefield", "kind": "no_go", "polygon": make.box(245, 150, 325, 260)},
    ]
    d.scenario["changes"] = [
        {"id": "assessed", "kind": "class_assessed", "road": "s1", "load_class_wheeled": 25},
        {"id": "works", "kind": "speed_limited", "road": "s0", "speed_kmh": 15},
        {"id": "north-out", "kind": "bridge_out", "near": {}},
    ]
    lon, lat = make.lonlat(195, 290)
    d.scenario["changes"][2]["near"] = {"lon": lon, "lat": lat}


def _spaced(d: Any) -> None:
    """Two lorries cross the southern bridge at 160 m and 13 km/h: 60 m more than on the march."""
    d.scenario["fleet"].append({"type": "lorry", "base": "depot", "id": "lorry-2"})
    d.scenario["convoys"] = [{"id": "C-lorry-1", "vehicles": ["lorry-1", "lorry-2"]}]
    d.scenario["changes"] = [
        {"id": "caution", "kind": "spacing", "road": "s1", "spacing_m": 160, "speed_kmh": 13}
    ]


draft("pass-ground-spaced", over_ground)(_spaced)


def _on_foot(d: Any) -> None:
    """People on foot go through the stream, and up a one-way road against its direction."""
    light = a_type(d.scenario, "light")
    light.update({"mobility": "foot", "fuel_l_per_100km": 0})
    d.scenario["sites"].append(d.make.site("far", 500, 250))
    d.scenario["demands"][0]["site"] = "far"
    d.marches = d.marches[1:]
    d.marches[0]["trips"][0]["stops"][0]["site"] = "far"
    out = [
        d.make.link("site", (30, 130), (30, 100)),
        over.road("s0", 15, 150),
        over.road("s1", 0, 60),
        over.road("s2", 0, 210),
        over.road("s8", 0, 180),
        over.road("s8", 180, 0),
        d.make.link("connector", (435, 100), (435, 105)),
        # Row 6 is the last without stream; the site lies 5 m off the centre of its cell.
        over.cells((8, 14), (7, 15), (6, 16), (5, 16), (4, 16), (3, 16)),
        d.make.link("site", (495, 255), (500, 250)),
    ]
    back = [
        d.make.link("site", (500, 250), (495, 255)),
        over.cells((3, 16), (4, 16), (5, 16), (6, 16), (7, 15), (8, 14)),
        d.make.link("connector", (435, 105), (435, 100)),
        over.road("s2", 210, 0),
        over.road("s1", 60, 0),
        over.road("s0", 150, 15),
        d.make.link("site", (30, 100), (30, 130)),
    ]
    d.paths = {("C-light-1", 0): out, ("C-light-1", 1): back}


draft("pass-ground-on-foot", over_ground)(_on_foot)


def _by_air(d: Any) -> None:
    """A helicopter flies to north, 150 m over the meadows, in weather that just lets it."""
    a_type(d.scenario, "light")["mobility"] = "helicopter"
    d.scenario["weather"] = {"visibility_m": 800.0}
    d.marches = d.marches[1:]
    there, back = ((30, 130), (60, 250)), ((60, 250), (30, 130))
    d.paths = {
        NORTH: [over.flight(d.make, 250.0, *there)],
        BACK: [over.flight(d.make, 250.0, *back)],
    }


draft("pass-ground-by-air", over_ground)(_by_air)


def _by_boat(d: Any) -> None:
    """A boat goes up the river, under both bridges, from below the depot to above north.

    Depot lies 45 m beside the middle of the river, north 135 m.
    """
    a_type(d.scenario, "light")["mobility"] = "boat"
    d.scenario["sites"][0] = d.make.site("depot", 150, 45)
    d.scenario["sites"][1] = d.make.site("north", 60, 315)
    d.marches = d.marches[1:]
    up = [(row, 6) for row in range(10, 0, -1)]
    d.paths = {
        NORTH: [
            d.make.link("site", (150, 45), (195, 45)),
            over.cells(*up),
            d.make.link("site", (195, 315), (60, 315)),
        ],
        BACK: [
            d.make.link("site", (60, 315), (195, 315)),
            over.cells(*reversed(up)),
            d.make.link("site", (195, 45), (150, 45)),
        ],
    }


draft("pass-ground-by-boat", over_ground)(_by_boat)


# --- Where the plan comes from --------------------------------------------------------------------


@plan("fail-provenance.scenario", over_matrices)
def _(p: Any) -> None:
    p["scenario"]["note"] = "changed after planning"


@plan("fail-provenance.no_ground", over_ground)
def _(p: Any) -> None:
    p["theatre"] = None


@plan("fail-provenance.theatre", over_ground)
def _(p: Any) -> None:
    p["theatre"] = p["theatre"] | {"digest": "0" * 64}


@draft("fail-provenance.other_theatre", over_ground)
def _(d: Any) -> None:
    d.scenario["theatre"]["name"] = "three-bridges"


@plan("fail-id.unknown", over_matrices)
def _(p: Any) -> None:
    ran_out = {"kind": "time_ran_out", "code": "time_ran_out"}
    p["undelivered"].append({"demand": "D-delta", "quantity": 1, "reasons": [ran_out]})


@plan("fail-id.unknown--vehicle_type", over_matrices)
def _(p: Any) -> None:
    p["scenario"]["fleet"].append({"type": "tram", "base": "depot", "id": "tram-1"})
    p["scenario_digest"] = builder.digest(p["scenario"])


@plan("fail-id.twice", over_matrices)
def _(p: Any) -> None:
    p["routes"][1]["id"] = p["routes"][0]["id"]


# --- Who goes where -------------------------------------------------------------------------------


@draft("fail-convoy.twice", over_matrices)
def _(d: Any) -> None:
    d.marches.append(dict(d.marches[0], trips=[d.marches[0]["trips"].pop()]))


@plan("fail-convoy.vehicles", over_matrices)
def _(p: Any) -> None:
    p["routes"][0]["vehicles"].reverse()


@plan("fail-convoy.profile", over_matrices)
def _(p: Any) -> None:
    p["routes"][0]["profile"]["load_class"] = 10.0


@draft("fail-vehicle.twice", over_matrices)
def _(d: Any) -> None:
    d.scenario["convoys"].append({"id": "march-2", "vehicles": ["lorry-2"]})


@draft("fail-way.not_allowed", over_matrices)
def _(d: Any) -> None:
    d.scenario["sites"][1]["reached_by"] = ["light_4x4"]


@draft("fail-way.base", over_matrices)
def _(d: Any) -> None:
    stock = copy.deepcopy(d.scenario["bases"][0]["stock"])
    d.scenario["bases"].append({"site": "charlie", "loading_min": 45, "stock": stock})
    d.marches[1]["base"] = "charlie"


def _as_from_depot(d: Any) -> None:
    """Make alpha as far from bravo as depot is, so that the gap alone is wrong."""
    for table in d.scenario["matrices"]:
        for name in ("time_s", "distance_m", "fuel_m", "exposure_milli"):
            table[name][1][2] = table[name][0][2]


@plan("fail-way.gap", lambda _: over_matrices(_as_from_depot))
def _(p: Any) -> None:
    p["routes"][1]["trips"][0]["legs"][0]["origin"] = "alpha"


@plan("fail-way.legs", over_matrices)
def _(p: Any) -> None:
    p["routes"][1]["trips"][0]["legs"].pop()
    summed(p)


@draft("fail-way.empty", over_matrices)
def _(d: Any) -> None:
    d.marches[1]["trips"][0]["stops"].append({"site": "charlie", "drops": []})


@draft("fail-way.trips_max", over_matrices)
def _(d: Any) -> None:
    d.scenario["rules"]["trips_max"] = 1


@plan("fail-way.trip_number", over_matrices)
def _(p: Any) -> None:
    p["routes"][0]["trips"][1]["number"] = 3


@plan("fail-way.criterion", over_matrices)
def _(p: Any) -> None:
    p["routes"][0]["trips"][0]["legs"][0]["criterion"] = "distance"


@plan("fail-way.window", over_matrices)
def _(p: Any) -> None:
    p["routes"][0]["trips"][0]["legs"][0]["window"] = 1


# --- Times ----------------------------------------------------------------------------------------


@plan("fail-time.fraction", over_matrices)
def _(p: Any) -> None:
    stop = p["routes"][0]["trips"][0]["stops"][0]
    stop["start"] = later(stop["start"], 0.5)


@plan("fail-time.loading", over_matrices)
def _(p: Any) -> None:
    trip = p["routes"][1]["trips"][0]
    trip["loading_start"] = later(trip["loading_start"], 60)


@plan("fail-time.leg_depart", over_matrices)
def _(p: Any) -> None:
    trip = p["routes"][1]["trips"][0]
    for place, key in ((trip["legs"][1], "depart"), (trip["legs"][1], "arrive"), (trip, "end")):
        place[key] = later(place[key], 60)


@plan("fail-time.leg_arrive", over_matrices)
def _(p: Any) -> None:
    trip = p["routes"][1]["trips"][0]
    for place, key in ((trip["legs"][1], "arrive"), (trip, "end")):
        place[key] = later(place[key], 60)


@plan("fail-time.stop_arrive", over_matrices)
def _(p: Any) -> None:
    stop = p["routes"][0]["trips"][0]["stops"][1]
    stop["arrive"] = later(stop["arrive"], -60)
    stop["wait_s"] += 60


@plan("fail-time.wait", over_matrices)
def _(p: Any) -> None:
    p["routes"][0]["trips"][0]["stops"][1]["wait_s"] += 60


@draft("fail-time.start_early", over_matrices)
def _(d: Any) -> None:
    # The tail is in 15 s after the head.
    d.marches[0]["trips"][0]["stops"][0]["idles_s"] = -15


@draft("fail-time.start_late", over_matrices)
def _(d: Any) -> None:
    d.marches[0]["trips"][0]["stops"][0]["idles_s"] = 600


@draft("fail-time.window", over_matrices)
def _(d: Any) -> None:
    d.marches[0]["trips"][0]["stops"][1]["barges_in"] = True


@draft("fail-time.window--of_the_demand", over_matrices)
def _(d: Any) -> None:
    # The demand's own window goes before that of its site, which is open.
    d.scenario["demands"][3]["windows"] = [base.window("09:00", "10:00")]
    d.marches[1]["trips"][0]["stops"][0]["barges_in"] = True


@draft("fail-time.handling", over_matrices)
def _(d: Any) -> None:
    d.marches[1]["trips"][0]["stops"][0]["dawdles_s"] = 2


@draft("fail-time.depart", over_matrices)
def _(d: Any) -> None:
    d.marches[1]["trips"][0]["stops"][0]["lingers_s"] = 60


@plan("fail-time.trip_end", over_matrices)
def _(p: Any) -> None:
    trip = p["routes"][1]["trips"][0]
    trip["end"] = later(trip["end"], 60)


@draft("fail-time.trip_order", over_matrices)
def _(d: Any) -> None:
    d.marches[0]["trips"][1] |= {"loading_start": base.at("10:55"), "overlaps": True}


@draft("fail-time.horizon", over_matrices)
def _(d: Any) -> None:
    d.scenario["horizon"]["end"] = base.at("14:00")


@draft("fail-time.availability", over_matrices)
def _(d: Any) -> None:
    d.scenario["fleet"][1]["available"]["end"] = base.at("14:00")


@draft("fail-time.availability--too_early", over_matrices)
def _(d: Any) -> None:
    d.scenario["fleet"][1]["available"]["start"] = base.at("07:01")


@draft("fail-time.shift", over_matrices)
def _(d: Any) -> None:
    d.scenario["rules"]["shift_h"] = 7


@draft("fail-time.base_window", over_matrices)
def _(d: Any) -> None:
    d.scenario["sites"][0]["windows"][0]["end"] = base.at("14:00")


@plan("fail-time.slack", over_matrices)
def _(p: Any) -> None:
    p["routes"][0]["trips"][0]["stops"][0]["slack_s"] += 1


# --- Loads ----------------------------------------------------------------------------------------


@draft("fail-load.no_compartment", over_matrices)
def _(d: Any) -> None:
    d.marches[1]["trips"][0]["stops"][0]["drops"][0]["compartment"] = "roof"


@draft("fail-load.kind", over_matrices)
def _(d: Any) -> None:
    drop = d.marches[0]["trips"][0]["stops"][1]["drops"][0]
    drop |= {"vehicle": "lorry-2", "compartment": "bowser", "quantity": 20}


@draft("fail-load.mass", over_matrices)
def _(d: Any) -> None:
    # 166 cases of 10.3 kg are 1709.8 kg.
    a_type(d.scenario, "lorry")["compartments"][0]["capacity_kg"] = 1709


@draft("fail-load.volume", over_matrices)
def _(d: Any) -> None:
    # 166 cases of 25 l are 4150 l.
    a_type(d.scenario, "lorry")["compartments"][0]["capacity_l"] = 4149


@draft("fail-load.pallets", over_matrices)
def _(d: Any) -> None:
    # 166 cases are 3.46 pallets of 48.
    a_type(d.scenario, "lorry")["compartments"][0]["pallets"] = 3.4


@draft("fail-load.apart", over_matrices)
def _(d: Any) -> None:
    d.scenario["rules"]["apart"] = [{"goods": ["water", "meals"]}]


@draft("fail-load.balance", over_matrices)
def _(d: Any) -> None:
    d.marches[1]["trips"][0]["stowaways"] = [
        {"vehicle": "light-1", "compartment": "bed", "good": "meals", "quantity": 1}
    ]
    d.scenario["rules"]["apart"] = []


@draft("fail-load.mass--on_the_way", over_pickups)
def _(d: Any) -> None:
    # 20 kg of chlorine from the base; with 6 tyres of 50 kg from alpha on 320 kg.
    a_type(d.scenario, "light")["compartments"][0]["capacity_kg"] = 319


@draft("fail-load.kind--on_the_way", over_pickups)
def _(d: Any) -> None:
    d.scenario["goods"][-1]["compartment"] = "tank"


@draft("fail-load.apart--on_the_way", over_pickups)
def _(d: Any) -> None:
    d.scenario["rules"]["apart"].append({"goods": ["tyre", "chlorine"]})


@draft("fail-load.balance--on_the_way", over_pickups)
def _(d: Any) -> None:
    # One of the empties stays aboard.
    d.marches[1]["trips"][0]["stops"][2]["drops"][0]["quantity"] = 39


@draft("fail-pickup.site", over_pickups)
def _(d: Any) -> None:
    d.scenario["demands"][-2]["pickup"] = "charlie"


@draft("fail-pickup.none", over_pickups)
def _(d: Any) -> None:
    del d.scenario["demands"][-2]["pickup"]


@draft("fail-pickup.missing", over_pickups)
def _(d: Any) -> None:
    # One tyre more than at alpha, of the same kind, from the base's own stock.
    d.scenario["bases"][0]["stock"].append({"good": "tyre", "quantity": 1})
    d.scenario["demands"][-2]["quantity"] = 7
    d.marches[1]["trips"][0]["stops"][1]["drops"][1]["quantity"] = 7
    d.marches[1]["trips"][0]["stowaways"] = [
        {"vehicle": "light-1", "compartment": "bed", "good": "tyre", "quantity": 1}
    ]


@draft("fail-pickup.after", over_pickups)
def _(d: Any) -> None:
    stops = d.marches[1]["trips"][0]["stops"]
    stops[0], stops[1] = stops[1], stops[0]


@draft("fail-time.window--of_the_pickup", over_pickups)
def _(d: Any) -> None:
    # It is at alpha at 07:31:40.
    d.scenario["demands"][-2]["pickup_windows"] = [base.window("06:00", "07:31")]


@draft("fail-demand.good--on_the_way", over_pickups)
def _(d: Any) -> None:
    first, second, _ = d.marches[1]["trips"][0]["stops"]
    first["pickups"][0]["good"] = second["drops"][1]["good"] = "empty"


@plan("fail-load.after", over_matrices)
def _(p: Any) -> None:
    p["routes"][0]["trips"][0]["stops"][0]["load_after"][0]["mass_kg"] += 0.01


# --- Supply ---------------------------------------------------------------------------------------


@plan("fail-supply.fuel", over_matrices)
def _(p: Any) -> None:
    p["routes"][1]["trips"][0]["fuel_l"]["diesel"] += 1
    summed(p)


@draft("fail-supply.range", over_matrices)
def _(d: Any) -> None:
    # The second trip costs (40 + 42) min x 660 m = 54.12 km, the first less.
    a_type(d.scenario, "lorry")["range_km"] = 54


@draft("fail-site.places", over_matrices)
def _(d: Any) -> None:
    """Both start as bravo opens."""
    _one_place(d)
    del d.marches[1]["trips"][0]["stops"][0]["place_free"]


@draft("fail-site.places--a_second", over_matrices)
def _(d: Any) -> None:
    """The light vehicle starts a second before the lorries depart."""
    _one_place(d)
    d.marches[1]["trips"][0]["stops"][0]["place_free"] = later(base.at("10:00"), 600 + 593)


@draft("fail-base.places", over_matrices)
def _(d: Any) -> None:
    """The light vehicle still loads as the lorries begin to."""
    _one_place(d)
    d.marches[1]["trips"][0]["loading_start"] = later(base.at("06:15"), 1)


@draft("fail-time.start_late--place", over_matrices)
def _(d: Any) -> None:
    """The light vehicle waits a second longer than for its place."""
    _one_place(d)
    d.marches[1]["trips"][0]["stops"][0]["place_free"] = later(base.at("10:00"), 600 + 595)


@draft("fail-supply.stock", over_matrices)
def _(d: Any) -> None:
    d.scenario["bases"][0]["stock"][0]["quantity"] = 215


@draft("fail-supply.stock--fuel", over_matrices)
def _(d: Any) -> None:
    # The trips draw 28, 36 and 5 l.
    d.scenario["bases"][0]["stock"][3]["quantity"] = 68


@draft("fail-demand.site", over_matrices)
def _(d: Any) -> None:
    first, second = d.marches[0]["trips"][0]["stops"]
    second["drops"][0]["quantity"] -= 6
    first["drops"].append(dict(second["drops"][0], quantity=6))


@draft("fail-demand.good", over_matrices)
def _(d: Any) -> None:
    d.marches[1]["trips"][0]["stops"][0]["drops"][0]["good"] = "meals"


@draft("fail-demand.over", over_matrices)
def _(d: Any) -> None:
    d.marches[0]["trips"][0]["stops"][0]["drops"][1]["quantity"] += 1


@plan("fail-demand.sum", over_matrices)
def _(p: Any) -> None:
    p["undelivered"][0]["quantity"] -= 1


@plan("fail-demand.sum--silent", over_matrices)
def _(p: Any) -> None:
    p["undelivered"].pop(0)


@plan("fail-demand.twice", over_matrices)
def _(p: Any) -> None:
    first = p["undelivered"][0]
    p["undelivered"].append(dict(first, quantity=1))
    first["quantity"] -= 1


# --- Reasons --------------------------------------------------------------------------------------


@plan("fail-reason.unknown", over_matrices)
def _(p: Any) -> None:
    p["undelivered"][1]["reasons"][0]["code"] = "bad_luck"


@plan("fail-reason.unknown--kind", over_matrices)
def _(p: Any) -> None:
    p["undelivered"][1]["reasons"][0]["code"] = "apart"


@plan("fail-reason.unstated", over_matrices)
def _(p: Any) -> None:
    p["undelivered"][0]["reasons"][0]["seed"] = None


def _claims(code: str) -> Change:
    """Claim that nobody could bring the water that lorries do bring to charlie."""

    def change(p: Any) -> None:
        p["undelivered"][0]["reasons"] = [{"kind": "proved", "code": code}]

    return change


for _code in (
    "compartment",
    "unit_too_large",
    "not_allowed",
    "unreachable",
    "window",
    "range",
    "shift",
    "fuel",
):
    plan(f"fail-reason.disproved--{_code}", over_matrices)(_claims(_code))


@draft("fail-reason.disproved--capacity", over_matrices)
def _(d: Any) -> None:
    _beyond_the_fleet(d)
    # As much as the lorries can bring, though the plan does not do it.
    d.reasons["D-charlie-water"][0]["params"].clear()
    next(n for n in d.scenario["demands"] if n["id"] == "D-charlie-water")["quantity"] = 5400


@draft("fail-reason.disproved--capacity_most", over_matrices)
def _(d: Any) -> None:
    _beyond_the_fleet(d)
    d.reasons["D-charlie-water"][0]["params"]["most"] = 5399


@plan("fail-reason.disproved--another_limit", over_matrices)
def _(p: Any) -> None:
    # No lorry has room for the boat, but none of them would be too late with it.
    boat = next(u for u in p["undelivered"] if u["demand"] == "D-charlie-boat")
    boat["reasons"] = [{"kind": "proved", "code": "window"}]


def _one_more_wanted(change: Change | None = None) -> Json:
    """Leave one unit undelivered over the theatre."""
    del change

    def more(d: Any) -> None:
        d.scenario["demands"][0]["quantity"] += 1

    return over_ground(more)


@plan("fail-reason.disproved--on_the_way", _one_more_wanted)
def _(p: Any) -> None:
    # The plan itself goes there and back in time: the ways of its legs are known.
    p["undelivered"][0]["reasons"] = [{"kind": "proved", "code": "shift"}]


@plan("fail-reason.disproved--capacity_on_the_way", _one_more_wanted)
def _(p: Any) -> None:
    # The plan itself brings all but one, in one trip of several that its convoy could make.
    p["undelivered"][0]["reasons"] = [{"kind": "proved", "code": "capacity"}]


@draft("fail-reason.disproved--stock", over_matrices)
def _(d: Any) -> None:
    d.scenario["bases"][0]["stock"][1]["quantity"] = 2200
    d.reasons["D-charlie-water"] = [{"kind": "proved", "code": "stock"}]


# --- Metrics --------------------------------------------------------------------------------------


def _one_more(name: str, more: float) -> Change:
    def change(p: Any) -> None:
        p["metrics"][name] += more

    return change


for _name, _more in {
    "demanded_kg": 1.0,
    "delivered_kg": 1.0,
    "lateness_s": 1,
    "exposure_milli": 1,
    "travel_s": 1,
    "distance_m": 1,
    "vehicles": 1,
    "convoys": 1,
    "trips": 1,
    "least_slack_s": 1,
}.items():
    plan(f"fail-metrics.wrong--{_name}", over_matrices)(_one_more(_name, _more))


@plan("fail-metrics.wrong--fuel_l", over_matrices)
def _(p: Any) -> None:
    p["metrics"]["fuel_l"]["diesel"] -= 1


@plan("fail-metrics.wrong--finish", over_matrices)
def _(p: Any) -> None:
    p["metrics"]["finish"] = later(p["metrics"]["finish"], -1)


@plan("fail-metrics.wrong--undelivered_kg_by_priority", over_matrices)
def _(p: Any) -> None:
    p["metrics"]["undelivered_kg_by_priority"]["2"] -= 1


# --- Legs over matrices ---------------------------------------------------------------------------


def _way(**wrong: int) -> Change:
    """Give the light vehicle's way to bravo other quantities than the matrix has."""

    def change(d: Any) -> None:
        way = builder.Sums(d.scenario).way("C-light-1", "depot", "bravo")
        for name, more in wrong.items():
            way[name] += more
        d.marches[1]["ways"] = {(0, 0): way}

    return change


draft("fail-matrix.travel", over_matrices)(_way(path_s=2))
draft("fail-matrix.distance", over_matrices)(_way(distance_m=1))
draft("fail-matrix.fuel", over_matrices)(_way(fuel_m=1))
draft("fail-matrix.exposure", over_matrices)(_way(exposure_milli=1))


@draft("fail-matrix.no_way", over_matrices)
def _(d: Any) -> None:
    _way()(d)
    light = d.scenario["matrices"][1]
    for name in ("time_s", "distance_m", "fuel_m", "exposure_milli"):
        light[name][0][2] = None


@plan("fail-matrix.path", over_matrices)
def _(p: Any) -> None:
    leg = p["routes"][0]["trips"][0]["legs"][0]
    leg["path"] = {"parts": [], "polyline": []}


# --- Paths over the theatre -----------------------------------------------------------------------

EAST, FIELD, HOME = ("C-lorry-1", 0), ("C-lorry-1", 1), ("C-lorry-1", 2)
NORTH, BACK = ("C-light-1", 0), ("C-light-1", 1)


@plan("fail-path.missing", over_ground)
def _(p: Any) -> None:
    p["routes"][0]["trips"][0]["legs"][0]["path"] = None


@draft("fail-path.no_position", over_ground)
def _(d: Any) -> None:
    del d.scenario["sites"][3]["position"]


@draft("fail-path.end", over_ground)
def _(d: Any) -> None:
    d.paths[NORTH].pop()


@draft("fail-path.jump--over_the_river", over_ground)
def _(d: Any) -> None:
    del d.paths[EAST][2]


@draft("fail-path.jump--no_junction", over_ground)
def _(d: Any) -> None:
    # s1 and s9 begin at the same node, but halfway along s1 there is no way onto s9.
    d.paths[EAST][2:3] = [
        over.road("s1", 0, 30),
        over.road("s9", 30, 0),
        over.road("s1", 0, 60),
    ]


@draft("fail-path.jump--start", over_ground)
def _(d: Any) -> None:
    d.paths[NORTH][0] = d.make.link("site", (33, 130), (30, 100))


@plan("fail-path.edge", over_ground)
def _(p: Any) -> None:
    p["routes"][0]["trips"][0]["legs"][0]["path"]["parts"][2]["edge"] = "s99"


@plan("fail-path.position", over_ground)
def _(p: Any) -> None:
    p["routes"][0]["trips"][0]["legs"][0]["path"]["parts"][2]["to_m"] = 61.0


@draft("fail-path.no_road", over_ground)
def _(d: Any) -> None:
    detour = [over.road("s3", 0, 150), over.road("s10", 0, 180), over.road("s10", 180, 0)]
    d.paths[EAST][4:5] = [*detour, over.road("s3", 150, 65)]


@draft("fail-path.oneway", over_ground)
def _(d: Any) -> None:
    d.paths[EAST][4:4] = [over.road("s8", 0, 180), over.road("s8", 180, 0)]


@draft("fail-path.load_class", over_ground)
def _(d: Any) -> None:
    a_type(d.scenario, "lorry")["load_class"] = 41.0


@draft("fail-path.load_class--assumed", over_ground)
def _(d: Any) -> None:
    # Nobody assessed s5: a tertiary road's bridge is taken to bear less than 90.
    a_type(d.scenario, "light")["load_class"] = 90.0
    _over_the_north_bridge(d)


@draft("fail-path.load_class--reassessed", over_ground)
def _(d: Any) -> None:
    d.scenario["changes"] = [
        {"id": "cracked", "kind": "class_assessed", "road": "r1", "load_class_wheeled": 12}
    ]


def _over_the_north_bridge(d: Any) -> None:
    d.paths[NORTH][3:4] = [
        over.road("s4", 0, 150),
        over.road("s5", 0, 60),
        over.road("s5", 60, 0),
        over.road("s4", 150, 45),
    ]


@draft("fail-path.weight", over_ground)
def _(d: Any) -> None:
    a_type(d.scenario, "light")["gross_weight_t"] = 10.1
    _over_the_north_bridge(d)


@draft("fail-path.height", over_ground)
def _(d: Any) -> None:
    a_type(d.scenario, "light")["height_m"] = 3.1
    _over_the_north_bridge(d)


@draft("fail-path.width", over_ground)
def _(d: Any) -> None:
    a_type(d.scenario, "light")["width_m"] = 2.3
    _over_the_north_bridge(d)


@draft("fail-path.ford", over_ground)
def _(d: Any) -> None:
    # When it is wet, fords are taken as 0.6 m deep; a light vehicle passes 0.5 m.
    d.scenario["weather"] = {"ground": "wet"}
    d.paths[NORTH][2:2] = [
        over.road("s0", 0, 150),
        over.road("s9", 0, ground.length_m(9)),
        over.road("s9", ground.length_m(9), 0),
        over.road("s0", 150, 0),
    ]


@draft("fail-path.ford--flood", over_ground)
def _(d: Any) -> None:
    # In a flood the ford is 1.2 m deep, however dry the ground; a lorry passes 0.75 m.
    d.scenario["weather"] = {"ground": "dry", "water": "flood"}
    d.paths[EAST][2:2] = [
        over.road("s9", 0, ground.length_m(9)),
        over.road("s9", ground.length_m(9), 0),
    ]


@draft("fail-path.change--bridge_out", over_ground)
def _(d: Any) -> None:
    d.scenario["changes"] = [{"id": "flood", "kind": "bridge_out", "road": "s1"}]


@draft("fail-path.change--near", over_ground)
def _(d: Any) -> None:
    # Within 200 m of this place s1 is the nearest bridge, though s0 is nearer.
    lon, lat = d.make.lonlat(120, 90)
    d.scenario["changes"] = [
        {"id": "flood", "kind": "bridge_out", "near": {"lon": lon, "lat": lat}}
    ]


@draft("fail-path.change--road_cut", over_ground)
def _(d: Any) -> None:
    lon, lat = d.make.lonlat(300, 20)
    d.scenario["changes"] = [{"id": "slide", "kind": "road_cut", "near": {"lon": lon, "lat": lat}}]


@draft("fail-path.no_go--road", over_ground)
def _(d: Any) -> None:
    # It touches the far end of s7, which closes all of it.
    d.scenario["areas"] = [{"id": "mines", "kind": "no_go", "polygon": d.make.box(0, 200, 16, 220)}]


@draft("fail-path.no_go--cell", over_ground)
def _(d: Any) -> None:
    # It lies in a corner of cell 5/11, far from its centre.
    d.scenario["areas"] = [
        {"id": "mines", "kind": "no_go", "polygon": d.make.box(331, 181, 333, 183)}
    ]


def _astray(*path: tuple[int, int]) -> Change:
    """Lead the lorry from n3 over these cells and back, before it goes to field."""

    def change(d: Any) -> None:
        there = [(8, 14), *path]
        cells = [*there, *reversed(there[:-1]), *[(7, 12), (5, 11)]]
        d.paths[FIELD][3] = over.cells(*cells)

    return change


draft("fail-path.outside", over_ground)(_astray((9, 14), (10, 14), (11, 14), (12, 14)))
draft("fail-path.water", over_ground)(_astray((7, 15), (6, 15), (5, 15)))
draft("fail-path.blocked", over_ground)(_astray((7, 13), (6, 13), (5, 13), (4, 13), (3, 12)))
draft("fail-path.step", over_ground)(_astray((8, 16)))
draft("fail-path.corner", over_ground)(_astray((7, 13), (6, 13), (5, 12), (4, 12), (3, 13)))
draft("fail-path.corner--knight", over_ground)(_astray((7, 13), (6, 13), (5, 12), (4, 12), (2, 13)))
draft("fail-path.slope", over_ground)(_astray((7, 15), (6, 16), (5, 17), (4, 18), (3, 18), (2, 18)))
# Along the foot of the plateau, 40 m above its other side.
draft("fail-path.side_slope", over_ground)(_astray((7, 15), (6, 16), (5, 17), (4, 17), (3, 18)))


@draft("fail-path.connector", over_ground)
def _(d: Any) -> None:
    # From the middle of s2, where no node is.
    d.paths[FIELD][1:4] = [
        over.road("s3", 65, 0),
        over.road("s2", 210, 120),
        d.make.link("connector", (345, 100), (345, 105)),
        over.cells((8, 11), (7, 11), (6, 11), (5, 11)),
    ]


@draft("fail-path.link_cell", over_ground)
def _(d: Any) -> None:
    d.paths[FIELD][2:4] = [
        d.make.link("connector", (435, 100), (435, 135)),
        over.cells((7, 14), (6, 13), (5, 12), (5, 11)),
    ]


@draft("fail-path.link_edge", over_ground)
def _(d: Any) -> None:
    # Where a bridge ends its ramp begins: n2 is no place to leave the road.
    d.paths[FIELD][1:4] = [
        over.road("s3", 65, 0),
        over.road("s2", 210, 0),
        d.make.link("connector", (225, 100), (225, 105)),
        over.cells((8, 7), (7, 8), (6, 9), (5, 10), (5, 11)),
    ]


@draft("fail-path.link_long", over_ground)
def _(d: Any) -> None:
    d.scenario["sites"][1] = d.make.site("north", 60, 204)
    d.paths[NORTH][-1] = d.make.link("site", (60, 280), (60, 204))
    d.paths[BACK][0] = d.make.link("site", (60, 204), (60, 280))


@draft("fail-path.link_crosses", over_ground)
def _(d: Any) -> None:
    # The site lies on the other bank, 71.6 m away.
    d.scenario["sites"][2] = d.make.site("east", 215, 130)
    d.paths[EAST] = [*d.paths[EAST][:1], over.road("s0", 15, 135)]
    d.paths[EAST].append(d.make.link("site", (150, 100), (215, 130)))
    d.paths[FIELD][:2] = [
        d.make.link("site", (215, 130), (225, 100)),
        over.road("s2", 0, 210),
    ]


@draft("fail-path.link_crosses--no_go", over_ground)
def _(d: Any) -> None:
    d.scenario["areas"] = [
        {"id": "mines", "kind": "no_go", "polygon": d.make.box(55, 260, 65, 265)}
    ]


@draft("fail-path.link_place", over_ground)
def _(d: Any) -> None:
    # A link of a site is no bridge: it begins and ends paths.
    d.paths[EAST][2:3] = [d.make.link("site", (165, 100), (225, 100))]


def _wrong(**wrong: int) -> Change:
    def change(d: Any) -> None:
        d.wrong = {HOME: wrong}

    return change


# --- Boats ----------------------------------------------------------------------------------------


@draft("fail-path.land", over_ground)
def _(d: Any) -> None:
    # Cell 5/7 is a meadow beside the river, and so is the one passed on the way back from it.
    _by_boat(d)
    d.paths[NORTH][1]["cells"][4:6] = [[6, 6], [5, 6], [5, 7], [5, 6]]


@draft("fail-path.link_long--from_the_water", over_ground)
def _(d: Any) -> None:
    _by_boat(d)
    d.scenario["sites"][1] = d.make.site("north", 40, 315)
    d.paths[NORTH][2] = d.make.link("site", (195, 315), (40, 315))
    d.paths[BACK][0] = d.make.link("site", (40, 315), (195, 315))


# --- Flights --------------------------------------------------------------------------------------


@draft("fail-path.no_fly", over_ground)
def _(d: Any) -> None:
    # It reaches over the line from depot to north by a metre.
    _by_air(d)
    d.scenario["areas"] = [
        {"id": "range", "kind": "no_fly", "polygon": d.make.box(46, 180, 90, 200)}
    ]


@draft("fail-path.level", over_ground)
def _(d: Any) -> None:
    _by_air(d)
    d.paths[NORTH][0]["level_m"] = 249.0


@draft("fail-path.level--over_the_plateau", over_ground)
def _(d: Any) -> None:
    # The way round by the east leads over ground of 140 m.
    _by_air(d)
    d.paths[NORTH] = [over.flight(d.make, 250.0, (30, 130), (530, 300), (60, 250))]


@draft("fail-path.visibility", over_ground)
def _(d: Any) -> None:
    _by_air(d)
    d.scenario["weather"]["visibility_m"] = 799.0


@draft("fail-path.medium", over_ground)
def _(d: Any) -> None:
    # The helicopter drives.
    light = d.paths.copy()
    _by_air(d)
    d.paths[NORTH] = light[NORTH]


@plan("fail-path.medium--a_lorry_flies", over_ground)
def _(p: Any) -> None:
    path = p["routes"][0]["trips"][0]["legs"][0]["path"]
    path["parts"] = [over.flight(_maker(), 250.0, (30, 130), (500, 130))]


draft("fail-path.travel", over_ground)(_wrong(path_s=3))
draft("fail-path.travel--too_fast", over_ground)(_wrong(path_s=-3))


@draft("fail-path.travel--spacing", over_ground)
def _(d: Any) -> None:
    # The 60 m by which the lorries open up take 16.6 s at 13 km/h: left out on the way there.
    _spaced(d)
    d.wrong = {EAST: {"path_s": -16}}


draft("fail-path.distance", over_ground)(_wrong(distance_m=3))
draft("fail-path.fuel", over_ground)(_wrong(fuel_m=3))
draft("fail-path.exposure", over_ground)(_wrong(exposure_milli=2))


@plan("fail-path.polyline", over_ground)
def _(p: Any) -> None:
    # As if the convoy went straight from the road to field.
    del p["routes"][0]["trips"][0]["legs"][1]["path"]["polyline"][3:8]


@plan("fail-path.polyline--elsewhere", over_ground)
def _(p: Any) -> None:
    path = p["routes"][0]["trips"][0]["legs"][0]["path"]
    path["polyline"] = [[lon, lat + 0.001] for lon, lat in path["polyline"]]
