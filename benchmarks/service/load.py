"""How long many small plans take that are asked for at once, and what asking over HTTP costs.

Starts ``convoi api`` with a state folder of its own, posts scenarios over matrices of their own to
``/plans?wait=``, all at once and one after the other, and plans the same scenarios by calling the
solver in this process::

    python benchmarks/service/load.py -o benchmarks/service/results/load.json

What the service costs is measured in pairs, since other programs make the machine now faster and
now slower: each scenario is planned in this process and then over HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2

from optimizer.network.of_scenario import ground_of
from optimizer.plan.model import Plan
from optimizer.routing import SolveOptions, solve
from optimizer.scenario.read import loads

#: Seconds that each request is willing to wait.
WAIT_S = 300
COMMAND = (sys.executable, "-m", "convoi", "api", "--port", "0")


def scenario(sites: int, seed: int) -> dict[str, Any]:
    """Return a scenario of a base and some sites, spread over 40 km, with four trucks."""
    rng = random.Random(seed)  # noqa: S311 - places, not secrets
    names = ["BASE", *(f"S{i}" for i in range(1, sites))]
    places = [(rng.uniform(0, 40_000), rng.uniform(0, 40_000)) for _ in names]
    # A third longer than the crow flies, at 10 m/s.
    distance_m = [[int(1.3 * math.dist(a, b)) for b in places] for a in places]
    return {
        "format": "convoi/scenario/1",
        "id": f"load-{seed}",
        "horizon": {"start": "2026-06-15T04:00:00Z", "end": "2026-06-15T20:00:00Z"},
        "goods": [
            {"id": "flour", "label_en": "flour", "label_fr": "farine"}
            | {"unit": "kg", "unit_mass_kg": 1}
        ],
        "sites": [{"id": name} for name in names],
        "bases": [{"site": "BASE", "stock": [{"good": "flour", "quantity": 100_000}]}],
        "demands": [
            {"id": f"D{i}", "site": name, "good": "flour"}
            | {"quantity": rng.randint(200, 1500), "priority": rng.randint(1, 5)}
            for i, name in enumerate(names[1:], start=1)
        ],
        "vehicle_types": [
            {"id": "truck", "mobility": "heavy_truck"}
            | {"compartments": [{"id": "bed", "capacity_kg": 4000}]}
        ],
        "fleet": [{"type": "truck", "base": "BASE", "count": 4}],
        "matrices": [
            {
                "mobility": "heavy_truck",
                "sites": names,
                "time_s": [[metres // 10 for metres in row] for row in distance_m],
                "distance_m": distance_m,
            }
        ],
    }


@contextmanager
def served(workers: int) -> Iterator[str]:
    """Serve on a free port of this machine, once every worker is ready."""
    with tempfile.TemporaryDirectory() as state:
        process = subprocess.Popen(
            [*COMMAND, "--state", state, "--workers", str(workers)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
            url = line.split()[3].rstrip("/,") + "/api/v1"
            with httpx2.Client(trust_env=False) as client:
                while client.get(f"{url}/health").json()["ready"] < workers:
                    time.sleep(0.1)
            yield url
        finally:
            process.terminate()
            process.wait()


async def post(client: httpx2.AsyncClient, url: str, body: bytes, iterations: int) -> float:
    """Post a scenario, wait for its plan, and return the seconds that it took."""
    begin = time.perf_counter()
    answer = await client.post(
        f"{url}/plans?wait={WAIT_S}&iterations={iterations}",
        content=body,
        headers={"content-type": "application/json"},
    )
    seconds = time.perf_counter() - begin
    if answer.status_code != HTTPStatus.OK:
        raise SystemExit(f"{answer.status_code}: {answer.text[:300]}")
    Plan.model_validate_json(answer.content)
    return seconds


def directly(body: bytes, iterations: int) -> float:
    """Plan a scenario in this process, from bytes to bytes, and return the seconds."""
    begin = time.perf_counter()
    read = loads(body.decode(), "json")
    made = solve(read, ground_of(read, None), options=SolveOptions(iterations=iterations))
    made.model_dump_json().encode()
    return time.perf_counter() - begin


async def paired(url: str, bodies: Sequence[bytes], iterations: int) -> dict[str, Any]:
    """Plan each scenario in this process, then over HTTP."""
    async with httpx2.AsyncClient(timeout=WAIT_S + 30, trust_env=False) as client:
        here, there = [], []
        for body in bodies:
            here.append(directly(body, iterations))
            there.append(await post(client, url, body, iterations))
    more = [b - a for a, b in zip(here, there, strict=True)]
    return {
        "direct": described(here, sum(here)),
        "over_http": described(there, sum(there)),
        "more_p50_ms": round(1000 * statistics.median(more), 1),
    }


async def at_once(url: str, bodies: Sequence[bytes], iterations: int) -> dict[str, float]:
    """Ask for every plan at the same time."""
    limits = httpx2.Limits(max_connections=len(bodies))
    async with httpx2.AsyncClient(timeout=WAIT_S + 30, limits=limits, trust_env=False) as client:
        begin = time.perf_counter()
        seconds = await asyncio.gather(*(post(client, url, body, iterations) for body in bodies))
        return described(seconds, time.perf_counter() - begin)


def described(seconds: Sequence[float], whole: float) -> dict[str, float]:
    """Return the figures that matter, in milliseconds, and plans a second."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {
        "answers": len(seconds),
        "p50_ms": round(1000 * statistics.median(seconds), 1),
        "p95_ms": round(1000 * cuts[18], 1),
        "max_ms": round(1000 * max(seconds), 1),
        "plans_per_s": round(len(seconds) / whole, 1),
    }


def machine() -> dict[str, Any]:
    """Describe this machine."""
    model = "unknown"
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "cpu": model,
        "cores": os.cpu_count() or 0,
        "system": platform.system(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", type=int, default=50)
    parser.add_argument("--sites", type=int, default=8)
    parser.add_argument("--iterations", type=int, default=50)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("-o", "--output", type=Path)
    given = parser.parse_args()
    bodies = [
        json.dumps(scenario(given.sites, seed)).encode() for seed in range(1, given.scenarios + 1)
    ]
    found: dict[str, Any] = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "scenarios": given.scenarios,
        "sites": given.sites,
        "iterations": given.iterations,
        "body_bytes": round(statistics.mean(map(len, bodies))),
    }
    for workers in given.workers:
        with served(workers) as url:
            # The first plan in a process pays for what the libraries do once.
            asyncio.run(at_once(url, bodies[: 3 * workers], given.iterations))
            directly(bodies[0], given.iterations)
            measured = {
                "all_at_once": asyncio.run(at_once(url, bodies, given.iterations)),
                "in_pairs": asyncio.run(paired(url, bodies, given.iterations)),
            }
        found[f"workers_{workers}"] = measured
        print(f"{workers} workers", json.dumps(measured, indent=1))
    if given.output:
        given.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
