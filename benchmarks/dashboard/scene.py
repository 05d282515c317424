"""A plan of any size on a theatre, as the map takes it: sites beside roads, routes along them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.terrain.theatre import Theatre

__all__ = ["plan_layers"]

KINDS = (
    "unit_infantry", "unit_armoured", "unit_engineer", "unit_artillery", "unit_medical", "village",
    "hospital", "shelter", "depot", "observation_post",
)  # fmt: skip
STATES = ("delivered", "delivered", "delivered", "partly_delivered", "undelivered", "no_demand")
#: Stops of a route, its base among them.
STOPS = 6

Feature = dict[str, Any]


def plan_layers(theatre: Theatre, sites: int, routes: int, seed: int) -> dict[str, Any]:
    """Return the layers of a plan that nobody planned.

    Parameters
    ----------
    theatre : Theatre
        The ground.
    sites : int
        Sites, on nodes of the largest component of its roads.
    routes : int
        Convoys; each visits five sites along the shortest roads and comes home.
    seed : int
        Seed of all that is chosen.

    Returns
    -------
    dict
        What the store ``map-plan`` holds.
    """
    rng = np.random.default_rng(seed)
    roads, nodes = theatre.frame("roads"), theatre.frame("nodes")
    xy = shapely.get_coordinates(nodes.geometry.to_numpy())
    ends = roads[["from_node", "to_node"]].to_numpy(np.int64)
    length = np.maximum(roads["length_m"].to_numpy(np.float64), 0.01)
    graph = csr_array((length, (ends[:, 0], ends[:, 1])), shape=(len(xy), len(xy)))
    usable = np.flatnonzero(nodes["component"].to_numpy() == 0)
    chosen = rng.choice(usable, sites, replace=len(usable) < sites)
    lonlat = np.column_stack(theatre.to_earth.transform(xy[:, 0], xy[:, 1]))
    # Sites that share a node, or nearly, stand a little apart.
    apart = rng.normal(0, 0.0012, (sites, 2))
    shapes = {
        (int(a), int(b)): shape
        for (a, b), shape in zip(ends.tolist(), roads.geometry.to_numpy(), strict=True)
    }
    features = {
        "sites": [
            _site(i, (lonlat[node] + apart[i]).tolist(), base=i < routes // 20 + 1)
            for i, node in enumerate(chosen.tolist())
        ],
        "routes": [
            leg
            for number in range(routes)
            for leg in _route(number, _tour(rng, chosen, number), graph, shapes, theatre)
        ],
        "areas": [_area(i, lonlat[node].tolist()) for i, node in enumerate(chosen[:6].tolist())],
        "changes": [_change(i, lonlat[n].tolist()) for i, n in enumerate(chosen[6:14].tolist())],
    }
    return {
        name: {"type": "FeatureCollection", "features": found} for name, found in features.items()
    }


def _tour(rng: np.random.Generator, nodes: NDArray[np.int64], number: int) -> list[int]:
    base = int(nodes[number % (len(nodes) // 100 + 1)])
    return [base, *rng.choice(nodes, STOPS - 1, replace=False).tolist(), base]


def _site(number: int, position: list[float], *, base: bool) -> Feature:
    return {
        "type": "Feature",
        "id": f"site:S{number}",
        "geometry": {"type": "Point", "coordinates": position},
        "properties": {
            "site": f"S{number}",
            "name": f"site {number}",
            "kind": "base" if base else KINDS[number % len(KINDS)],
            "role": "base" if base else "unit",
            "status": "no_demand" if base else STATES[number % len(STATES)],
        },
    }


def _route(
    number: int,
    tour: list[int],
    graph: csr_array,
    shapes: dict[tuple[int, int], Any],
    theatre: Theatre,
) -> list[Feature]:
    legs = []
    for sequence, (start, end) in enumerate(itertools.pairwise(tour), start=1):
        line = _course(start, end, graph, shapes)
        if line is None:
            continue
        lon, lat = theatre.to_earth.transform(line[:, 0], line[:, 1])
        legs.append(
            {
                "type": "Feature",
                "id": f"leg:C{number}/1/{sequence}",
                "geometry": {
                    "type": "LineString",
                    "coordinates": np.round(np.column_stack((lon, lat)), 6).tolist(),
                },
                "properties": {
                    "convoy": f"C{number}",
                    "name": f"convoy {number}",
                    "origin": f"N{start}",
                    "destination": f"N{end}",
                    "schematic": False,
                },
            }
        )
    return legs


def _course(
    start: int, end: int, graph: csr_array, shapes: dict[tuple[int, int], Any]
) -> NDArray[np.float64] | None:
    _, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    nodes = [end]
    while nodes[-1] != start:
        nodes.append(int(before[nodes[-1]]))
        if nodes[-1] < 0:
            return None
    nodes.reverse()
    parts = []
    for a, b in itertools.pairwise(nodes):
        shape = shapes.get((a, b))
        part = shapely.get_coordinates(shape if shape is not None else shapes[b, a])
        parts.append(part if shape is not None else part[::-1])
    return np.vstack(parts) if parts else None


def _area(number: int, middle: list[float]) -> Feature:
    lon, lat = middle
    ring = [[lon + x, lat + y] for x, y in ((0, 0), (0.03, 0.005), (0.035, 0.02), (0.01, 0.024))]
    kind = ("no_go", "slow", "exposure")[number % 3]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        "properties": {"area": f"A{number}", "name": f"area {number}", "kind": kind},
    }


def _change(number: int, at: list[float]) -> Feature:
    kind = ("bridge_out", "road_cut", "class_assessed", "speed_limited")[number % 4]
    about = {"change": f"X{number}", "name": f"change {number}", "kind": kind, "speed_kmh": 30}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": at},
        "properties": {**about, "load_class_wheeled": 40, "load_class_tracked": 30},
    }
