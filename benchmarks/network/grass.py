"""GRASS r.walk in a process and a location of its own."""

from __future__ import annotations

import shlex
from pathlib import Path

from benchmarks.network.measure import Spent, spent_by

__all__ = ["walk"]

#: Langmuir's coefficients, the defaults of r.walk.
COEFFICIENTS = (0.72, 6.0, 1.9998, -1.9998)
SLOPE_FACTOR = -0.2125


def walk(folder: Path, side: int, friction: str = "pace", lambda_: float = 1.0) -> Spent:
    """Run ``r.walk -k`` from the middle of a square and write ``walk.tif``.

    The rasters are imported before and exported after: measured is r.walk alone, which reads and
    writes GRASS's own rasters.

    Parameters
    ----------
    folder : Path
        Holds ``elevation.tif``, ``blocked.tif`` and the raster of the friction.
    side : int
        Cells to a side.
    friction : str
        Raster that adds to the cost of a metre.
    lambda_ : float
        Weight of the friction.

    Returns
    -------
    Spent
        Of r.walk.
    """
    location = folder / "grass"
    walk_coeff = ",".join(str(c) for c in COEFFICIENTS)

    def inside(script: str) -> Spent:
        path = folder / "script.sh"
        path.write_text("set -e\n" + script, encoding="utf-8")
        return spent_by(["grass", location / "PERMANENT", "--exec", "sh", path], folder)

    spent_by(["grass", "-e", "-c", folder / "elevation.tif", location], folder)
    tif = {
        name: shlex.quote(str(folder / f"{name}.tif"))
        for name in ("elevation", "blocked", friction)
    }
    inside(
        "".join(f"r.in.gdal -o --q input={p} output={name}\n" for name, p in tif.items())
        + "g.region --q raster=elevation\n"
        + f'r.mapcalc --q "rub = if(blocked > 0, null(), {friction})"\n'
    )
    # The middle cell's centre, as the rasters are laid.
    east = 400_000 + (side // 2 + 0.5) * 30
    north = 4_700_000 - (side // 2 + 0.5) * 30
    idle = inside("true\n")
    busy = inside(
        f"r.walk -k --q elevation=elevation friction=rub output=walked outdir=back"
        f" start_coordinates={east},{north} walk_coeff={walk_coeff} lambda={lambda_}"
        f" slope_factor={SLOPE_FACTOR} memory=300\n"
    )
    to = shlex.quote(str(folder / "walk.tif"))
    inside(f"r.out.gdal --q -c -f input=walked output={to} type=Float64\n")
    return Spent(busy.cpu_s - idle.cpu_s, busy.peak_mb, busy.output)
