"""Our side of the case ``source``: rasters in, cost and moves out, in a process of its own."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.network.raster import cells_of, read, slope_of_tobler, write
from optimizer.network.search.cells import moves_of, search


def main(folder: Path) -> None:
    """Search from the middle of the rasters in a folder."""
    begun = time.process_time()
    layers = {name: read(folder / f"{name}.tif") for name in ("elevation", "pace", "blocked")}
    ground = cells_of(layers, slope_of_tobler(), steepest=0.6)
    height, width = layers["pace"].shape
    source = np.array([height // 2 * width + width // 2], np.int32)
    found = search(ground, moves_of(ground), source, False, np.empty(0, np.int32))  # noqa: FBT003
    write(folder / "cost.tif", found.cost.astype(np.float32).reshape(height, width))
    write(folder / "move.tif", found.via.reshape(height, width))
    print(json.dumps({"after_start_s": time.process_time() - begun}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
