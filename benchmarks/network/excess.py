"""By how much ways over open ground are longer than the best, because they are put together.

The network joins open ground and roads by a small graph of ways between gates. Here the same
question is asked of the full graph, every cell a node and every open step an arc, built
independently with NumPy and searched with SciPy. Needs some 3 GB for a million cells::

    python -m benchmarks.network.excess THEATRE/ --sites 40 --origins 14 --seed 3
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from benchmarks.network.full import best
from optimizer.network.mesh.layers import Layers
from optimizer.network.mesh.mesh import Mesh
from optimizer.network.mesh.refine import refined
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


def excess(
    mesh: Mesh, totals: NDArray[np.float64], road_nodes: int, origins: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return by how much of itself each pair's best cost is too large."""
    ours = (totals @ mesh.overlay.ground.weights)[origins]
    least = best(mesh, road_nodes, origins)
    if (np.isfinite(ours) != np.isfinite(least)).any():
        sys.exit("a pair has a way in one graph and none in the other")
    pairs = np.isfinite(least)
    pairs[np.arange(len(origins)), origins] = False
    return ours[pairs] / least[pairs] - 1


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
            mesh, totals = refined(Mesh.of(layers, Profile(mobility=(name,)), criterion))
            seconds = time.process_time() - start
            off = excess(mesh, totals, len(roads.node_xy), origins)
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
