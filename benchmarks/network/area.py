"""One area drawn and taken away again: from nothing, and from the ground that is known."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.network.again import all_of, number_differing, number_slower
from benchmarks.network.full import ROOT, made
from benchmarks.network.measure import Line, spent_by
from optimizer.network.from_theatre import TheatreGround
from optimizer.scenario.model import Scenario

__all__ = ["lines"]

#: Side of the area as a part of the theatre's: 2 km of 60.
_SHARE = 1 / 30


def lines(size: str, peers: Path | None, folder: Path) -> Iterator[Line]:  # noqa: ARG001
    """Measure the case; see `benchmarks.network.full.lines`."""
    made(size, folder)
    command = [sys.executable, "-m", "benchmarks.network.area", size, folder]
    told = json.loads(spent_by(command, folder, {"PYTHONPATH": str(ROOT)}).output.splitlines()[-1])
    yield Line("area", "drawn: CPU s", told["drawn_s"], "from nothing", told["nothing_s"])
    yield Line("area", "taken away: CPU s", told["away_s"], "from nothing", told["before_s"])
    yield Line("area", "values that differ", told["differ"], "from nothing", 0.0)
    yield Line("area", "pairs that it makes slower", told["slower"])


def _main(size: str, folder: Path) -> None:
    theatre, case = made(size, folder)
    grid = theatre.grid
    side_m = grid.width * grid.resolution_m
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * side_m * _SHARE / 2
    middle = grid.west_m + side_m / 2, grid.north_m - side_m / 2
    lonlat = zip(
        *(v.tolist() for v in theatre.to_earth.transform(*(corners + middle).T)), strict=True
    )
    area = {"id": "mines", "kind": "no_go", "polygon": list(lonlat)}
    drawn = Scenario.model_validate(case.model_dump() | {"areas": [area]})

    whole = TheatreGround(case, theatre)
    before, before_s = all_of(whole)
    known = whole.changed(drawn)
    ours, drawn_s = all_of(known)
    away, away_s = all_of(known.changed(case))
    theirs, nothing_s = all_of(TheatreGround(drawn, theatre))
    print(
        json.dumps(
            {
                "before_s": before_s,
                "drawn_s": drawn_s,
                "away_s": away_s,
                "nothing_s": nothing_s,
                "differ": number_differing(ours, theirs) + number_differing(away, before),
                "slower": number_slower(ours, before),
            }
        )
    )


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
