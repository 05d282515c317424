"""Writes the plans of this folder: a little arithmetic of its own, on plain JSON.

What a convoy does is told as a march: its trips with the time that loading starts, their stops with
the drops, and with the pickups where there are any. Beside these a march may tell what no honest
plan does: ``barges_in`` (starts outside the windows), ``idles_s``, ``dawdles_s`` and ``lingers_s``
(waits before, handles longer than, stays after handling for no reason), ``overlaps`` (loads before
the last trip has ended), ``stowaways`` (loads what it does not drop), ``ways`` (quantities of a leg
by trip and place).

A stop that waits for a place says when one becomes free (``place_free``).

Of the program it uses only the model of the scenario, to write one as the program does. The slack
of a stop is found by trying: the arrival is moved later and everything after it is run again, until
a limit breaks.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import math
from datetime import datetime, timedelta
from typing import Any

from optimizer.scenario.model import Scenario

Json = dict[str, Any]


class Clock:
    """Seconds from the start of the horizon, and back."""

    def __init__(self, scenario: Json) -> None:
        self.start = datetime.fromisoformat(scenario["horizon"]["start"])
        self.end_s = self.seconds(scenario["horizon"]["end"])

    def seconds(self, text: str) -> int:
        return round((datetime.fromisoformat(text) - self.start).total_seconds())

    def text(self, seconds: int) -> str:
        return (self.start + timedelta(seconds=seconds)).isoformat()


class Sums:
    """What a scenario says, looked up in plain JSON."""

    def __init__(self, scenario: Json) -> None:
        self.scenario = scenario
        self.clock = Clock(scenario)
        self.sites = {s["id"]: s for s in scenario["sites"]}
        self.bases = {b["site"]: b for b in scenario["bases"]}
        self.goods = {g["id"]: g for g in scenario["goods"]}
        self.demands = {d["id"]: d for d in scenario["demands"]}
        self.types = {t["id"]: t for t in scenario["vehicle_types"]}
        self.kind_of = {e["id"]: self.types[e["type"]] for e in scenario["fleet"]}
        self.entry_of = {e["id"]: e for e in scenario["fleet"]}

    def vehicles(self, convoy: str) -> list[str]:
        for entry in self.scenario.get("convoys", []):
            if entry["id"] == convoy:
                return list(entry["vehicles"])
        return [convoy.removeprefix("C-")]

    def pass_s(self, convoy: str) -> int:
        rules = self.scenario["rules"]
        vehicles = self.vehicles(convoy)
        if len(vehicles) == 1:
            return 0
        length = sum(self.kind_of[v]["length_m"] for v in vehicles)
        length += rules["gap_m"] * (len(vehicles) - 1)
        return math.ceil(length / (rules["march_speed_kmh"] / 3.6))

    def windows(self, demand: str) -> list[tuple[int, int]]:
        wanted = self.demands[demand]
        return self._spans(wanted.get("windows") or self.sites[wanted["site"]].get("windows"))

    def pickup_windows(self, demand: str) -> list[tuple[int, int]]:
        wanted = self.demands[demand]
        site = self.sites[wanted.get("pickup") or wanted["site"]]
        return self._spans(wanted.get("pickup_windows") or site.get("windows"))

    def of_stop(self, stop: Json) -> list[list[tuple[int, int]]]:
        """Return the windows of each demand that something is done for."""
        given = [self.windows(name) for name in {d["demand"] for d in stop["drops"]}]
        taken = {p["demand"] for p in stop.get("pickups", [])}
        return given + [self.pickup_windows(name) for name in taken]

    def _spans(self, stated: list[Json] | None) -> list[tuple[int, int]]:
        stated = stated or []
        spans = [(self.clock.seconds(w["start"]), self.clock.seconds(w["end"])) for w in stated]
        return spans or [(0, self.clock.end_s)]

    def available(self, convoy: str) -> tuple[int, int]:
        spans = [self.entry_of[v].get("available") for v in self.vehicles(convoy)]
        first, last = 0, self.clock.end_s
        for span in spans:
            if span:
                first = max(first, self.clock.seconds(span["start"]))
                last = min(last, self.clock.seconds(span["end"]))
        return first, last

    def profile(self, convoy: str) -> Json:
        kinds = [self.kind_of[v] for v in self.vehicles(convoy)]

        def largest(name: str) -> float | None:
            return max((float(k[name]) for k in kinds if name in k), default=None)

        gap_m = self.scenario["rules"]["gap_m"]
        changes = self.scenario.get("changes", [])
        spaced = len(kinds) > 1 and any(c.get("spacing_m", 0) > gap_m for c in changes)
        return {
            "mobility": sorted({k["mobility"] for k in kinds}),
            "load_class": largest("load_class"),
            "gross_weight_t": largest("gross_weight_t"),
            "height_m": largest("height_m"),
            "width_m": largest("width_m"),
            **({"vehicles": len(kinds)} if spaced else {}),
        }

    def way(self, convoy: str, origin: str, destination: str) -> Json:
        """Return the quantities of a leg over the matrices: the largest of its classes."""
        classes = self.profile(convoy)["mobility"]
        tables = [t for t in self.scenario["matrices"] if t["mobility"] in classes]
        row, column = (tables[0]["sites"].index(site) for site in (origin, destination))
        names = {"path_s": "time_s"} | {n: n for n in ("distance_m", "fuel_m", "exposure_milli")}
        way: Json = {
            name: max(table[of][row][column] for table in tables) for name, of in names.items()
        }
        return way | {"path": None}


def _shift_s(scenario: Json) -> int:
    return round(scenario["rules"]["shift_h"] * 3600)


class Run:
    """One convoy's route, run forward in seconds."""

    def __init__(self, sums: Sums, march: Json, ways: list[list[Json]]) -> None:
        self.sums, self.march, self.ways = sums, march, ways
        self.pass_s = sums.pass_s(march["convoy"])
        self.base = march.get("base", sums.entry_of[sums.vehicles(march["convoy"])[0]]["base"])

    def travel_s(self, trip: int, leg: int) -> int:
        share = 1 + self.sums.scenario["time_contingency"]
        return math.ceil(self.ways[trip][leg]["path_s"] * share)

    def handling_s(self, stop: Json) -> int:
        place = self.sums.sites[stop["site"]]
        mass: dict[str, float] = {}
        for drop in [*stop["drops"], *stop.get("pickups", [])]:
            unit = self.sums.goods[drop["good"]]["unit_mass_kg"]
            mass[drop["demand"]] = mass.get(drop["demand"], 0) + drop["quantity"] * unit
        rate = place["handling_kg_per_min"]
        return math.ceil(place["handling_fixed_min"] * 60) + sum(
            math.ceil(kg / rate * 60) for kg in mass.values()
        )

    def forward(
        self,
        late_at: tuple[int, int] | None = None,
        late_s: int = 0,
        window_ends: dict[tuple[int, int], int] | None = None,
    ) -> tuple[list[Json], bool]:
        """Return the times of every trip, and whether they keep every limit."""
        sums, clock = self.sums, self.sums.clock
        keeps, end, times = True, 0, []
        base_windows = self.sums.sites[self.base].get("windows", [])
        base_ends = [clock.seconds(w["end"]) for w in base_windows] or [clock.end_s]
        for number, trip in enumerate(self.march["trips"]):
            loading = clock.seconds(trip["loading_start"])
            if not trip.get("overlaps"):
                loading = max(loading, end)
            now = loading + math.ceil(sums.bases[self.base]["loading_min"] * 60)
            row: Json = {"loading": loading, "depart": now, "stops": []}
            for place, stop in enumerate(trip["stops"]):
                arrive = now + self.travel_s(number, place)
                if late_at == (number, place):
                    arrive += late_s
                tail = arrive + self.pass_s
                start = tail
                if not stop.get("barges_in"):
                    openings = []
                    for spans in sums.of_stop(stop):
                        later = [w for w in spans if w[1] >= tail]
                        openings.append(later[0][0] if later else tail)
                    start = max([tail, *openings])
                if "place_free" in stop:
                    start = max(start, clock.seconds(stop["place_free"]))
                start += stop.get("idles_s", 0)
                if window_ends is not None and start > window_ends[number, place]:
                    keeps = False
                handling = self.handling_s(stop) + stop.get("dawdles_s", 0)
                now = start + handling + stop.get("lingers_s", 0)
                row["stops"].append(
                    {"arrive": arrive, "start": start, "handling": handling, "depart": now}
                )
            row["head_in"] = now + self.travel_s(number, len(trip["stops"]))
            row["end"] = end = row["head_in"] + self.pass_s
            keeps = keeps and loading <= base_ends[0] and end <= base_ends[0]
            times.append(row)
        last = min(clock.end_s, sums.available(self.march["convoy"])[1])
        keeps = keeps and end <= last
        keeps = keeps and end - times[0]["loading"] <= _shift_s(sums.scenario)
        return times, keeps

    def slack_s(self, trip: int, stop: int) -> int:
        """Find by halving how much later an arrival could be; negative where a limit is broken."""
        times, _ = self.forward()
        ends = {}
        for number, row in enumerate(self.march["trips"]):
            for place, visit in enumerate(row["stops"]):
                start = times[number]["stops"][place]["start"]
                closing = [
                    [last for first, last in spans if first <= start <= last]
                    for spans in self.sums.of_stop(visit)
                ]
                ends[number, place] = min(
                    (max(c) for c in closing if c), default=self.sums.clock.end_s
                )
        low, high = -1, self.sums.clock.end_s
        while high - low > 1:
            middle = (low + high) // 2
            _, keeps = self.forward((trip, stop), middle, ends)
            low, high = (middle, high) if keeps else (low, middle)
        return low


def _loads(sums: Sums, convoy: str, aboard: dict[tuple[str, str, str], int]) -> list[Json]:
    rows = []
    for vehicle in sums.vehicles(convoy):
        for compartment in sums.kind_of[vehicle]["compartments"]:
            row = {
                "vehicle": vehicle,
                "compartment": compartment["id"],
                "mass_kg": 0.0,
                "volume_l": 0.0,
                "pallets": 0.0,
            }
            for (v, c, name), units in aboard.items():
                if (v, c) == (vehicle, compartment["id"]):
                    good = sums.goods[name]
                    row["mass_kg"] += units * good["unit_mass_kg"]
                    row["volume_l"] += units * good.get("unit_volume_l", 0)
                    if "units_per_pallet" in good:
                        row["pallets"] += units / good["units_per_pallet"]
            rows.append({k: round(x, 3) if isinstance(x, float) else x for k, x in row.items()})
    return rows


def _loaded(trip: Json) -> dict[tuple[str, str, str], int]:
    """Return what a trip loads at its base: not what is taken aboard on the way."""
    taken = {p["demand"] for stop in trip["stops"] for p in stop.get("pickups", [])}
    items = [d for stop in trip["stops"] for d in stop["drops"] if d["demand"] not in taken]
    aboard: dict[tuple[str, str, str], int] = {}
    for item in [*items, *trip.get("stowaways", [])]:
        key = item["vehicle"], item["compartment"], item["good"]
        aboard[key] = aboard.get(key, 0) + item["quantity"]
    return aboard


def _route(sums: Sums, number: int, march: Json) -> Json:
    convoy, clock = march["convoy"], sums.clock
    sites = [
        ["depot", *(stop["site"] for stop in trip["stops"]), "depot"] for trip in march["trips"]
    ]
    for row in sites:
        base = march.get("base", sums.entry_of[sums.vehicles(convoy)[0]]["base"])
        row[0] = row[-1] = base
    ways = [
        [
            march.get("ways", {}).get((t, place), {}) or sums.way(convoy, a, b)
            for place, (a, b) in enumerate(itertools.pairwise(row))
        ]
        for t, row in enumerate(sites)
    ]
    run = Run(sums, march, ways)
    times, _ = run.forward()
    trips = []
    for t, trip in enumerate(march["trips"]):
        row, legs, stops = times[t], [], []
        aboard = _loaded(trip)
        load = [
            {"vehicle": v, "compartment": c, "good": g, "quantity": n}
            for (v, c, g), n in aboard.items()
        ]
        leaves = [row["depart"], *(stop["depart"] for stop in row["stops"])]
        for place, way in enumerate(ways[t]):
            travel = run.travel_s(t, place)
            legs.append(
                {
                    "origin": sites[t][place],
                    "destination": sites[t][place + 1],
                    "criterion": "time",
                    "window": 0,
                    "depart": clock.text(leaves[place]),
                    "arrive": clock.text(leaves[place] + travel),
                    "travel_s": travel,
                    "distance_m": way["distance_m"],
                    "fuel_m": way["fuel_m"],
                    "exposure_milli": way["exposure_milli"],
                    "path": way["path"],
                }
            )
        for place, stop in enumerate(trip["stops"]):
            at = row["stops"][place]
            for drop in stop["drops"]:
                key = drop["vehicle"], drop["compartment"], drop["good"]
                aboard[key] = aboard.get(key, 0) - drop["quantity"]
            for item in stop.get("pickups", []):
                key = item["vehicle"], item["compartment"], item["good"]
                aboard[key] = aboard.get(key, 0) + item["quantity"]
            stops.append(
                {
                    "site": stop["site"],
                    "arrive": clock.text(at["arrive"]),
                    "wait_s": max(0, at["start"] - at["arrive"] - run.pass_s),
                    "start": clock.text(at["start"]),
                    "handling_s": at["handling"],
                    "depart": clock.text(at["depart"]),
                    "drops": stop["drops"],
                    **({"pickups": stop["pickups"]} if stop.get("pickups") else {}),
                    "load_after": _loads(sums, convoy, aboard),
                    "slack_s": run.slack_s(t, place),
                }
            )
        fuel: dict[str, int] = {}
        for vehicle in sums.vehicles(convoy):
            kind = sums.kind_of[vehicle]
            way_m = sum(leg["fuel_m"] for leg in legs)
            litres = math.ceil(way_m * kind["fuel_l_per_100km"] / 100_000)
            fuel[kind["fuel"]] = fuel.get(kind["fuel"], 0) + litres
        trips.append(
            {
                "number": t + 1,
                "base": run.base,
                "loading_start": clock.text(row["loading"]),
                "depart": clock.text(row["depart"]),
                "load": load,
                "legs": legs,
                "stops": stops,
                "end": clock.text(row["end"]),
                "fuel_l": fuel,
            }
        )
    return {
        "id": f"R-{number + 1}",
        "convoy": convoy,
        "vehicles": sums.vehicles(convoy),
        "profile": sums.profile(convoy),
        "trips": trips,
    }


def metrics(scenario: Json, routes: list[Json]) -> Json:
    """Sum up routes."""
    sums = Sums(scenario)
    trips = [t for r in routes for t in r["trips"]]
    legs = [leg for t in trips for leg in t["legs"]]
    stops = [s for t in trips for s in t["stops"]]
    given: dict[str, int] = {}
    late = 0
    for stop in stops:
        for drop in stop["drops"]:
            given[drop["demand"]] = given.get(drop["demand"], 0) + drop["quantity"]
        for name in {d["demand"] for d in stop["drops"]}:
            due = sums.demands.get(name, {}).get("due")
            if due:
                start = datetime.fromisoformat(stop["start"])
                late += max(0, int((start - datetime.fromisoformat(due)).total_seconds()))
    fuel: dict[str, int] = {}
    for trip in trips:
        for name, litres in trip["fuel_l"].items():
            fuel[name] = fuel.get(name, 0) + litres
    rows = [
        (
            d.get("priority", 5),
            d["quantity"],
            given.get(d["id"], 0),
            sums.goods[d["good"]]["unit_mass_kg"],
        )
        for d in scenario["demands"]
    ]
    return {
        "demanded_kg": round(sum(q * kg for _, q, _, kg in rows), 3),
        "delivered_kg": round(sum(n * kg for _, _, n, kg in rows), 3),
        "undelivered_kg_by_priority": {
            str(p): round(sum(max(0, q - n) * kg for r, q, n, kg in rows if r == p), 3)
            for p in sorted({row[0] for row in rows})
        },
        "lateness_s": late,
        "exposure_milli": sum(leg["exposure_milli"] for leg in legs),
        "travel_s": sum(leg["travel_s"] for leg in legs),
        "distance_m": sum(leg["distance_m"] for leg in legs),
        "fuel_l": fuel,
        "vehicles": sum(len(r["vehicles"]) for r in routes),
        "convoys": len(routes),
        "trips": len(trips),
        "finish": max((t["end"] for t in trips), default=None),
        "least_slack_s": min((s["slack_s"] for s in stops), default=None),
    }


def digest(scenario: Json) -> str:
    """Digest of a scenario as given; it must be written as the program writes it."""
    text = json.dumps(scenario, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def build(
    scenario: Json, marches: list[Json], reasons: Json | None = None, theatre: Json | None = None
) -> Json:
    """Build a plan from a scenario and what each convoy is to do.

    What is not handed over gets the reason in `reasons`, by demand, else ``time_ran_out``.
    """
    scenario = Scenario.model_validate(scenario).document()
    marches = copy.deepcopy(marches)
    sums = Sums(scenario)
    routes = [_route(sums, number, march) for number, march in enumerate(marches)]
    given: dict[str, int] = {}
    for march in marches:
        for trip in march["trips"]:
            for stop in trip["stops"]:
                for drop in stop["drops"]:
                    given[drop["demand"]] = given.get(drop["demand"], 0) + drop["quantity"]
    ran_out = [{"kind": "time_ran_out", "code": "time_ran_out"}]
    undelivered = [
        {
            "demand": d["id"],
            "quantity": d["quantity"] - given.get(d["id"], 0),
            "reasons": (reasons or {}).get(d["id"], ran_out),
        }
        for d in scenario["demands"]
        if d["quantity"] > given.get(d["id"], 0)
    ]
    return {
        "format": "convoi/plan/1",
        "id": "P-test",
        "scenario_digest": digest(scenario),
        "theatre": theatre,
        "routes": routes,
        "undelivered": undelivered,
        "metrics": metrics(scenario, routes),
        "provenance": {
            "program": "hand",
            "created": "2026-06-14T12:00:00Z",
            "seed": 1,
            "workers": 1,
            "iterations": 1,
            "time_limit_s": None,
            "reproducible": True,
            "stopped_by": "iterations",
            "elapsed_s": 0.0,
            "solvers": {},
            "assumptions": [],
        },
        "scenario": scenario,
    }
