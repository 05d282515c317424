"""By how much ways over open ground are longer than the best, because they are put together.

The network joins open ground and roads by a small graph of ways between gates. Here the same
question is asked of the full graph, every cell a node and every open step an arc, built
independently with NumPy and searched with SciPy. Needs some 3 GB for a million cells::

    python benchmarks/network_excess.py THEATRE/ --sites 40 --origins 14 --seed 3
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.network.mesh.layers import Layers
from optimizer.network.mesh.mesh import Mesh
from optimizer.network.search.cells import MOVE_COLUMNS, MOVE_ROWS, Cells
from optimizer.network.search.graph import GROUND
from optimizer.network.state.conditions import Conditions
from optimizer.network.state.roads import Roads
from optimizer.network.state.sites import Sites, Waters
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.theatre import Theatre

#: Two sums of the same steps in another order differ by less.
EQUAL = 1e-6
CLASSES = ("heavy_truck", "light_4x4", "tracked", "foot")


def scenario(theatre: Theatre, sites: int, seed: int) -> Scenario:
    """Return a scenario with half its sites on roads, a third near them, the rest anywhere."""
    rng = np.random.default_rng(seed)
    roads = theatre.frame("roads")
    drivable = roads[~roads["class"].isin(["path", "footway", "steps", "cycleway", "bridleway"])]
    grid = theatre.grid
    points = []
    for number in range(sites):
        shape = drivable.geometry.iloc[int(rng.integers(len(drivable)))]
        middle = np.array(shape.interpolate(0.5, normalized=True).coords[0])
        if number < sites // 2:
            points.append(middle)
        elif number < sites * 5 // 6:
            points.append(middle + rng.normal(0, 400, 2))
        else:
            inside = rng.uniform(0.15, 0.85, 2) * grid.resolution_m
            points.append(
                np.array([grid.west_m, grid.north_m])
                + inside * np.array([grid.width, -grid.height])
            )
    lon, lat = theatre.to_earth.transform(*np.array(points).T)
    return Scenario.model_validate(
        {
            "format": "convoi/scenario/1",
            "id": "bench",
            "horizon": {
                "start": datetime(2026, 1, 1, tzinfo=UTC),
                "end": datetime(2026, 1, 2, tzinfo=UTC),
            },
            "sites": [
                {"id": f"s{n}", "position": {"lon": x, "lat": y}}
                for n, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
            ],
            "bases": [{"site": "s0"}],
            "vehicle_types": [
                {
                    "id": "t",
                    "mobility": "light_4x4",
                    "compartments": [{"id": "c", "capacity_kg": 1}],
                }
            ],
            "fleet": [{"type": "t", "base": "s0"}],
        }
    )


def steps(ground: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return every open step: cell from, cell to, cost."""
    shape = ground.height, ground.width
    z, free = ground.z_m.reshape(shape).astype(float), ground.blocked.reshape(shape) == 0
    number = np.arange(z.size).reshape(shape)
    grades = np.linspace(-1, 1, ground.slope.shape[1])

    def moved(values: NDArray[np.generic], row: int, column: int) -> NDArray[np.generic]:
        return np.roll(values, (-row, -column), axis=(0, 1))

    found = []
    for row, column in zip(MOVE_ROWS.tolist(), MOVE_COLUMNS.tolist(), strict=True):
        d = ground.resolution_m * np.hypot(row, column)
        grade = (moved(z, row, column) - z) / d
        is_open = free & moved(free, row, column)
        is_open &= (grade <= ground.max_up) & (grade >= -ground.max_down)
        if row and column:
            half_row, half_column = int(row / 2), int(column / 2)
            passed = {
                (1, 1): [(row, 0), (0, column)],
                (1, 2): [(0, half_column), (row, half_column)],
                (2, 1): [(half_row, 0), (half_row, column)],
            }[abs(row), abs(column)]
            for beside in passed:
                is_open &= moved(free, *beside)
        rows, columns = np.indices(shape, sparse=True)
        is_open &= (rows + row >= 0) & (rows + row < shape[0])
        is_open &= (columns + column >= 0) & (columns + column < shape[1])
        tail, head = number[is_open], moved(number, row, column)[is_open]
        grade = grade[is_open]
        time_s, fuel_m = np.zeros(tail.size), np.zeros(tail.size)
        for k, factors in enumerate(ground.slope):
            pace = (ground.pace[k, tail].astype(float) + ground.pace[k, head]) / 2
            fuel = (ground.fuel[k, tail].astype(float) + ground.fuel[k, head]) / 2
            fuel *= 1 + ground.fuel_per_grade[k] * np.maximum(grade, 0)
            time_s = np.maximum(time_s, d * pace / np.interp(grade, grades, factors))
            fuel_m = np.maximum(fuel_m, d * fuel)
        parts = np.array([time_s, np.full(tail.size, d), fuel_m, d * ground.exposure[head]])
        found.append((tail, head, ground.weights @ parts))
    tails, heads, costs = (np.concatenate(values) for values in zip(*found, strict=True))
    return tails, heads, costs


def excess(mesh: Mesh, road_nodes: int, origins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return by how much of itself each pair's best cost is too large."""
    ground, graph = mesh.overlay.ground, mesh.graph
    tail, head, cost = steps(ground)
    cells = ground.z_m.size
    rest = graph.matrix.tocoo()
    others = graph.kind != GROUND

    def node(numbers: NDArray[np.int32]) -> NDArray[np.int64]:
        moved = numbers.astype(np.int64) + cells
        terminal = (numbers >= road_nodes) & (numbers < road_nodes + len(mesh.overlay.terminal))
        moved[terminal] = mesh.overlay.terminal[numbers[terminal] - road_nodes]
        return moved

    full = csr_array(
        (
            np.concatenate((cost, rest.data[others])),
            (
                np.concatenate((tail, node(rest.row[others]))),
                np.concatenate((head, node(rest.col[others]))),
            ),
        ),
        shape=(cells + rest.shape[0],) * 2,
    )
    sources = mesh.sources[origins]
    ours = dijkstra(graph.matrix, indices=sources)[:, mesh.sinks]
    best = dijkstra(full, indices=sources.astype(np.int64) + cells)[:, mesh.sinks + cells]
    if (np.isfinite(ours) != np.isfinite(best)).any():
        sys.exit("a pair has a way in one graph and none in the other")
    pairs = np.isfinite(best)
    pairs[np.arange(len(origins)), origins] = False
    return ours[pairs] / best[pairs] - 1


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("theatre")
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--origins", type=int, default=14)
    parser.add_argument("--seed", type=int, default=3)
    chosen = parser.parse_args()
    theatre = Theatre.open(chosen.theatre)
    case = scenario(theatre, chosen.sites, chosen.seed)
    roads = Roads.of(theatre)
    conditions = Conditions.of(case, roads, theatre)
    layers = Layers(theatre, roads, Waters(theatre), Sites.of(case, theatre), conditions)
    origins = np.linspace(0, chosen.sites - 1, chosen.origins).astype(np.int64)
    results = []
    for name in CLASSES:
        for criterion in (Criterion.TIME, Criterion.DISTANCE, Criterion.FUEL):
            start = time.process_time()
            mesh = Mesh.of(layers, Profile(mobility=(name,)), criterion)
            seconds = time.process_time() - start
            off = excess(mesh, len(roads.node_xy), origins)
            results.append(
                {
                    "class": name,
                    "criterion": criterion.value,
                    "pairs": int(off.size),
                    "graph_cpu_s": round(seconds, 2),
                    "share_above_best": round(float((off > EQUAL).mean()), 3),
                    "mean_percent": round(float(off.mean()) * 100, 3),
                    "p95_percent": round(float(np.quantile(off, 0.95)) * 100, 2),
                    "max_percent": round(float(off.max()) * 100, 2),
                }
            )
            print(json.dumps(results[-1]), file=sys.stderr)
    cells = theatre.grid.width * theatre.grid.height
    head = {
        "theatre": theatre.manifest.name,
        "digest": theatre.manifest.digest,
        "cells": cells,
        "seed": chosen.seed,
    }
    print(json.dumps({**head, "results": results}, indent=1))


if __name__ == "__main__":
    main()
