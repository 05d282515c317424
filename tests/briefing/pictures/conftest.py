"""A plan over the bundled ground without a solver: convoys drive the shortest way by road.

Its times mean nothing; its ways share roads, cross bridges and turn as those of a real plan do.
"""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from briefing.documents.tree import Picture
from briefing.facts import Subject, facts_of
from briefing.pictures import Pictures, pictures_of
from briefing.wording import Statement, voice
from optimizer.datasets import data_path
from optimizer.network.state.roads import Roads
from optimizer.plan.digests import plan_id, scenario_digest
from optimizer.plan.metrics import metrics_of
from optimizer.plan.model import (
    Drop,
    Leg,
    Plan,
    Provenance,
    RoadPart,
    Route,
    Stop,
    TheatreStamp,
    Trip,
)
from optimizer.plan.model import (
    Path as Course,
)
from optimizer.plan.read import load_plan
from optimizer.scenario.convoys import Convoy, convoys_of
from optimizer.scenario.model import Criterion, Scenario
from optimizer.scenario.read import load_scenario
from optimizer.terrain.theatre import Theatre, find_theatre

PLANS = Path(__file__).resolve().parents[2] / "plans"
SVG = "{http://www.w3.org/2000/svg}"
CONVOYS = 9


class Weaver:
    """Finds ways by road between sites and makes routes of them."""

    def __init__(self, scenario: Scenario, theatre: Theatre) -> None:
        self.scenario, self.theatre = scenario, theatre
        self.roads = Roads.of(theatre)
        ends = np.concatenate((self.roads.tail, self.roads.head))
        others = np.concatenate((self.roads.head, self.roads.tail))
        nodes = len(self.roads.node_xy)
        length = np.tile(self.roads.length_m, 2)
        self.graph = coo_array((length, (ends, others)), (nodes, nodes)).tocsr()
        self.between = {
            frozenset(pair): edge
            for edge, pair in enumerate(zip(self.roads.tail, self.roads.head, strict=True))
        }
        self.node = {}
        for site in scenario.sites:
            assert site.position is not None
            x, y = theatre.to_ground.transform(*site.position.lonlat)
            away = np.hypot(*(self.roads.node_xy - (x, y)).T)
            self.node[site.id] = int(np.argmin(away))

    def leg(self, origin: str, destination: str, depart_s: int) -> Leg:
        start, end = self.node[origin], self.node[destination]
        _, before = dijkstra(self.graph, indices=start, return_predecessors=True, directed=False)
        walk = [end]
        while walk[-1] != start:
            walk.append(int(before[walk[-1]]))
        walk.reverse()
        parts, line = [], [tuple(self.roads.node_xy[start])]
        for a, b in itertools.pairwise(walk):
            edge = self.between[frozenset((a, b))]
            whole = float(self.roads.length_m[edge])
            ahead = self.roads.tail[edge] == a
            xy = list(self.roads.line[edge].coords)
            line += (xy if ahead else xy[::-1])[1:]
            name = self.roads.id[edge]
            parts.append(
                RoadPart(edge=name, from_m=0 if ahead else whole, to_m=whole if ahead else 0)
            )
        lon, lat = self.theatre.to_earth.transform(*np.array(line).T)
        polyline = tuple(zip(lon.round(6).tolist(), lat.round(6).tolist(), strict=True))
        meant = int(sum(abs(part.to_m - part.from_m) for part in parts))
        start_at = self.scenario.horizon.start + timedelta(seconds=depart_s)
        return Leg(
            origin=origin,
            destination=destination,
            criterion=Criterion.TIME,
            depart=start_at,
            arrive=start_at + timedelta(seconds=meant // 10),
            travel_s=meant // 10,
            distance_m=meant,
            fuel_m=meant,
            exposure_milli=0,
            path=Course(parts=tuple(parts), polyline=polyline),
        )

    def trip(self, convoy: Convoy, number: int, visits: list[str], left: Counter[str]) -> Trip:
        legs, stops, here, now = [], [], convoy.base, 3600 * number
        start = self.scenario.horizon.start
        for site in visits:
            legs.append(self.leg(here, site, now))
            now += legs[-1].travel_s
            drops = tuple(
                Drop(
                    vehicle=convoy.vehicles[0].id,
                    compartment="cargo",
                    good=demand.good,
                    quantity=min(demand.quantity, left[demand.id]),
                    demand=demand.id,
                )
                for demand in self.scenario.demands
                if demand.site == site and left[demand.id]
            )
            for drop in drops:
                left[drop.demand] = 0
            due = start + timedelta(seconds=now)
            leave = due + timedelta(minutes=20)
            stops.append(
                Stop(
                    site=site, arrive=due, wait_s=0, start=due, handling_s=1200, depart=leave,
                    drops=drops, load_after=(), slack_s=600,
                )
            )  # fmt: skip
            now, here = now + 1200, site
        legs.append(self.leg(here, convoy.base, now))
        return Trip(
            number=number,
            base=convoy.base,
            loading_start=start,
            depart=legs[0].depart,
            load=(),
            legs=tuple(legs),
            stops=tuple(stops),
            end=legs[-1].arrive,
            fuel_l={},
        )


def woven_plan(scenario: Scenario, theatre: Theatre) -> Plan:
    weaver = Weaver(scenario, theatre)
    bases = {base.site for base in scenario.bases}
    others = [site.id for site in scenario.sites if site.id not in bases]
    # The last site is served by nobody, and of each first demand of another half is left.
    served = others[:-1]
    left = Counter({demand.id: demand.quantity for demand in scenario.demands})
    halved = served[0]
    for demand in scenario.demands:
        if demand.site == halved:
            left[demand.id] = max(demand.quantity // 2, 1)
    routes = []
    for place, convoy in enumerate(convoys_of(scenario)[:CONVOYS]):
        visits = [served[(place * 2 + step) % len(served)] for step in range(3)]
        trips = [weaver.trip(convoy, 1, visits, left)]
        if place == 0:
            trips.append(weaver.trip(convoy, 2, visits[:1], left))
        routes.append(
            Route(
                id=f"R-{convoy.id}",
                convoy=convoy.id,
                vehicles=tuple(vehicle.id for vehicle in convoy.vehicles),
                profile=convoy.profile,
                trips=tuple(trips),
            )
        )
    made = Provenance(
        program="convoi", created=scenario.horizon.start, seed=1, workers=1, iterations=1,
        time_limit_s=None, reproducible=True, stopped_by="iterations", elapsed_s=1, solvers={},
    )  # fmt: skip
    return Plan(
        id=plan_id(scenario, None, tuple(routes), ()),
        scenario_digest=scenario_digest(scenario),
        theatre=TheatreStamp(name=theatre.manifest.name, digest=theatre.manifest.digest),
        routes=tuple(routes),
        undelivered=(),
        metrics=metrics_of(scenario, tuple(routes)),
        provenance=made,
        scenario=scenario,
    )


@pytest.fixture(scope="session")
def sarvenne() -> Theatre:
    found = find_theatre("sarvenne")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def woven(sarvenne: Theatre) -> Plan:
    """Nine convoys over the ground of the bundled flood: areas of each kind, changes, 21 sites."""
    scenario = load_scenario(data_path("scenarios", "flood.yaml"))
    return woven_plan(scenario, sarvenne)


@pytest.fixture(scope="session")
def bridges() -> tuple[Plan, Theatre]:
    """Two convoys on a ground of eleven roads; a bridge assessed, areas of each kind."""
    return load_plan(PLANS / "pass-ground-changed.json"), Theatre.open(PLANS / "two-bridges")


@pytest.fixture(scope="session")
def positionless() -> Plan:
    return load_plan(PLANS / "pass-matrices.json")


class Kit:
    """What the tests of this folder share."""

    @staticmethod
    def pictures(plan: Plan, theatre: Theatre | None, language: Any = "en") -> Pictures:
        table = facts_of(plan, theatre=theatre)
        return pictures_of(plan, table, voice(language, plan.scenario.display_zone), theatre)

    @staticmethod
    def map_of(plan: Plan) -> Picture:
        return Picture("map", Subject("plan", plan.id), Statement("order.title"))

    @staticmethod
    def strip_of(convoy: str) -> Picture:
        return Picture("strip", Subject("convoy", convoy), Statement("order.title"))

    _drawers: ClassVar[dict[tuple[int, str, str], Pictures]] = {}
    _drawn: ClassVar[dict[tuple[int, str, str, str], str]] = {}
    #: Keeps the plans of what was drawn alive, so that no other takes the identity of one.
    _kept: ClassVar[list[Plan]] = []

    @classmethod
    def drawer(cls, plan: Plan, theatre: Theatre | None, language: Any = "en") -> Pictures:
        """The pictures of a plan that lives as long as the tests do."""
        key = (id(plan), theatre.manifest.digest if theatre else "", language)
        if key not in cls._drawers:
            cls._drawers[key] = cls.pictures(plan, theatre, language)
            cls._kept.append(plan)
        return cls._drawers[key]

    @classmethod
    def svg(
        cls, plan: Plan, theatre: Theatre | None, picture: Picture, language: Any = "en"
    ) -> str:
        """A picture of a plan that lives as long as the tests do, drawn once."""
        ground = theatre.manifest.digest if theatre else ""
        key = (id(plan), ground, language, str(picture.about))
        if key not in cls._drawn:
            cls._drawn[key] = cls.drawer(plan, theatre, language).svg(picture)
        return cls._drawn[key]

    @classmethod
    def map(cls, plan: Plan, theatre: Theatre | None, language: Any = "en") -> ET.Element:
        """The map of a plan."""
        return cls.read(cls.svg(plan, theatre, cls.map_of(plan), language))

    @classmethod
    def strip(
        cls, plan: Plan, convoy: str, theatre: Theatre | None, language: Any = "en"
    ) -> ET.Element:
        return cls.read(cls.svg(plan, theatre, cls.strip_of(convoy), language))

    @staticmethod
    def read(svg: str) -> ET.Element:
        return ET.fromstring(svg)  # noqa: S314 - drawn by this program

    @staticmethod
    def every(root: ET.Element, name: str, kind: str = "") -> list[ET.Element]:
        """Elements of a name and a class, in order."""
        return [
            element
            for element in root.iter(f"{SVG}{name}")
            if not kind or kind in element.get("class", "").split()
        ]

    @staticmethod
    def text(element: ET.Element) -> str:
        return "".join(element.itertext())


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    return Kit


@pytest.fixture(scope="session")
def woven_map(woven: Plan, sarvenne: Theatre) -> ET.Element:
    return Kit.map(woven, sarvenne)
