"""Critical roads: what one loss costs to work out, beside closing the road and beginning anew."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.network.full import ROOT, SEED, made
from benchmarks.network.measure import Line, spent_by
from optimizer.network.answers.critical import Critical, critical_roads, users_of
from optimizer.network.answers.pieces import whole
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.mesh.mesh import Mesh
from optimizer.network.mesh.refine import refined
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion

__all__ = ["lines"]

#: Roads that are closed at once, and how many of them by beginning anew.
SIZES = {"full": (256, 12), "small": (64, 8)}
_PROFILE = Profile(mobility=("heavy_truck",))
_PEER = "closed and searched anew"


def lines(size: str, peers: Path | None, folder: Path) -> Iterator[Line]:  # noqa: ARG001
    """Measure the case; see `benchmarks.network.full.lines`."""
    made(size, folder)
    command = [sys.executable, "-m", "benchmarks.network.critical", size, folder]
    told = json.loads(spent_by(command, folder, {"PYTHONPATH": str(ROOT)}).output.splitlines()[-1])
    yield Line("critical", "roads on best paths", told["roads"])
    yield Line("critical", "CPU s before the first road", told["begun_s"])
    yield Line("critical", "CPU s a road", told["ours_s"], _PEER, told["anew_s"])
    yield Line("critical", "losses that differ", told["differ"], _PEER, 0.0)
    yield Line("critical", "losses compared", told["compared"])


def _main(size: str, folder: Path) -> None:
    theatre, case = made(size, folder)
    ground = TheatreGround(case, theatre)
    layers = ground.layers
    mesh = ground.mesh(_PROFILE, Criterion.TIME)
    matrix = ground.matrix(_PROFILE, Criterion.TIME)
    users = users_of(mesh)
    rng = np.random.default_rng(SEED + 3)
    closed, anew = SIZES[size]
    chosen = rng.choice(sorted(users), min(closed, len(users)), replace=False)

    def told(roads: int) -> tuple[Critical, float]:
        among = np.zeros(len(layers.roads), np.bool_)
        among[chosen[:roads]] = True
        begun = time.process_time()
        found = critical_roads(layers, _PROFILE, mesh, matrix, among=among)
        return found, time.process_time() - begun

    told(1)  # compiles
    begun_s = told(1)[1]
    found, spent_s = told(len(chosen))
    losses = {
        edge: dict(zip(map(tuple, loss.pairs.tolist()), loss.after_s.tolist(), strict=True))
        for loss in found.losses
        for edge in loss.edges
    }
    differ = 0
    begun = time.process_time()
    for edge in chosen[:anew].tolist():
        cut = layers.without(np.array([edge]))
        totals = refined(Mesh.of(cut, _PROFILE, Criterion.TIME))[1][:, :, 0]
        time_s = np.full(totals.shape, -1, np.int64)
        time_s[np.isfinite(totals)] = whole(totals[np.isfinite(totals)])
        expected = {
            pair: int(time_s[pair])
            for pair in map(tuple, np.column_stack(np.divmod(users[edge], len(totals))).tolist())
            if time_s[pair] < 0 or time_s[pair] > matrix.time_s[pair]
        }
        differ += losses.get(edge, {}) != expected
    anew_s = (time.process_time() - begun) / min(anew, len(chosen))
    print(
        json.dumps(
            {
                "roads": len(users),
                "begun_s": round(begun_s, 2),
                "ours_s": round((spent_s - begun_s) / max(len(chosen) - 1, 1), 4),
                "anew_s": round(anew_s, 4),
                "differ": differ,
                "compared": min(anew, len(chosen)),
            }
        )
    )


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
