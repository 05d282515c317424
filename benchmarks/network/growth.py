"""How time and memory grow with the cells of the ground and with the sites."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np

from benchmarks.network import scene
from benchmarks.network.measure import Line, spent_by
from optimizer.network.of_scenario import ground_of
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.theatre import Theatre

__all__ = ["lines"]

SEED = 41
#: Two of the classes: the one is soon on a road, the other walks far over open ground.
CLASSES = ("light_4x4", "foot")
#: Cells to a side with a fixed number of sites, and sites on a fixed side.
SIZES = {
    "full": ((500, 1000, 2000, 4000), 100, (30, 100, 300, 1000), 1000),
    "small": ((240, 320), 8, (8, 16), 240),
}
_SMALLEST = 240, 8
ROOT = Path(__file__).parents[2]


def lines(size: str, peers: Path | None, folder: Path) -> Iterator[Line]:  # noqa: ARG001
    """Measure the case; see `benchmarks.network.full.lines`.

    Each point is measured in a process of its own and kept, so that a run that was ended goes on
    where it was; a change of the network's source has all points measured anew.
    """
    sides, sites, numbers, side = SIZES[size]
    yield from _growing("cells", [(s, sites) for s in sides], [s * s for s in sides], folder)
    yield from _growing("sites", [(side, n) for n in numbers], numbers, folder)


def _growing(
    what: str, points: Sequence[tuple[int, int]], amounts: Sequence[int], folder: Path
) -> Iterator[Line]:
    found = [_point(side, sites, folder) for side, sites in points]
    for measure in ("CPU s", "peak MB"):
        values = [point[measure] for point in found]
        for (side, sites), value in zip(points, values, strict=True):
            name = f"by {what}: {side * side} cells, {sites} sites, {measure}"
            yield Line("growth", name, round(value, 2))
        exponent = np.polyfit(np.log(amounts), np.log(values), 1)[0]
        yield Line("growth", f"by {what}: exponent of {measure}", round(float(exponent), 2))


def _point(side: int, sites: int, folder: Path) -> dict[str, float]:
    kept = folder / f"growth-{_state()}-{side}-{sites}.json"
    if not kept.exists():
        if not list(folder.glob(f"growth-{_state()}-*")):
            _measured(*_SMALLEST, folder)  # compiles, once for this machine
        click.echo(f"growth: {side * side} cells, {sites} sites", err=True)
        kept.write_text(json.dumps(_measured(side, sites, folder)), encoding="utf-8")
    return dict(json.loads(kept.read_text(encoding="utf-8")))


def _measured(side: int, sites: int, folder: Path) -> dict[str, float]:
    theatre = scene.theatre(folder, side, SEED)
    case = folder / "growth-case.json"
    case.write_text(scene.scenario(theatre, sites, SEED + 1).model_dump_json(), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.network.growth", theatre.folder, case]
    spent = spent_by(command, folder, {"PYTHONPATH": str(ROOT)})
    return {**json.loads(spent.output.splitlines()[-1]), "peak MB": spent.peak_mb}


def _state() -> str:
    """Return a digest of the source that is measured."""
    source = sorted((ROOT / "optimizer" / "network").rglob("*.py"))
    own = [Path(__file__), Path(scene.__file__)]
    return hashlib.sha256(b"".join(p.read_bytes() for p in (*source, *own))).hexdigest()[:12]


def _main(theatre: Path, case: Path) -> None:
    ground = Theatre.open(theatre)
    scenario = Scenario.model_validate_json(case.read_text(encoding="utf-8"))
    begun = time.process_time()
    found = ground_of(scenario, ground)
    for name in CLASSES:
        found.matrix(Profile(mobility=(name,)), Criterion.TIME)
    print(json.dumps({"CPU s": time.process_time() - begun}))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
