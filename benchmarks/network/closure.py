"""One bridge out: the ground made from nothing beside the ground that knows the one before."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.network.again import all_of, number_differing, number_slower
from benchmarks.network.full import ROOT, made
from benchmarks.network.measure import Line, spent_by
from optimizer.network.from_theatre import TheatreGround
from optimizer.scenario.model import Scenario

__all__ = ["lines"]


def lines(size: str, peers: Path | None, folder: Path) -> Iterator[Line]:  # noqa: ARG001
    """Measure the case; see `benchmarks.network.full.lines`."""
    made(size, folder)
    command = [sys.executable, "-m", "benchmarks.network.closure", size, folder]
    told = json.loads(spent_by(command, folder, {"PYTHONPATH": str(ROOT)}).output.splitlines()[-1])
    yield Line("closure", "CPU s", told["changed_s"], "from nothing", told["nothing_s"])
    yield Line("closure", "values that differ", told["differ"], "from nothing", 0.0)
    yield Line("closure", "pairs that it makes slower", told["slower"])


def _main(size: str, folder: Path) -> None:
    theatre, case = made(size, folder)
    roads = theatre.frame("roads")
    main = roads[roads["class"] == "primary"]
    main = main if len(main) else roads
    main = main[main["bridge"]] if main["bridge"].any() else main
    centre = theatre.frame("nodes").geometry.union_all().centroid
    nearest = main.loc[main.geometry.distance(centre).idxmin()]
    kind = "bridge_out" if nearest["bridge"] else "road_cut"
    out = {"id": "out", "kind": kind, "road": nearest["id"]}
    closed = Scenario.model_validate(case.model_dump() | {"changes": [out]})

    whole = TheatreGround(case, theatre)
    before, _ = all_of(whole)
    ours, changed_s = all_of(whole.changed(closed))
    theirs, nothing_s = all_of(TheatreGround(closed, theatre))
    print(
        json.dumps(
            {
                "changed_s": changed_s,
                "nothing_s": nothing_s,
                "differ": number_differing(ours, theirs),
                "slower": number_slower(ours, before),
            }
        )
    )


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
