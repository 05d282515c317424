"""Valhalla's side of the case ``roads``, in a process and a Python of its own (3.12 or later).

It answers another question: tiles of its own from the same extract, by car at costs of its own,
from and to the roads nearest to the same places. It stands here for what it costs to ask.
"""

import json
import subprocess
import sys
import time
from pathlib import Path


def main(extract: str, places: str, folder: str) -> None:
    """Build the tiles, ask for the matrix of all places and print the seconds of asking."""
    import valhalla  # noqa: PLC0415 - only this peer has it

    tiles = Path(folder) / "tiles"
    tiles.mkdir()
    config = valhalla.get_config(tile_extract="", tile_dir=tiles)
    pairs = len(json.loads(Path(places).read_text(encoding="utf-8"))) ** 2
    limits = {
        "max_matrix_location_pairs": pairs,
        "max_locations": pairs,
        "max_matrix_distance": 1e9,
    }
    config["service_limits"]["auto"].update(limits)
    told = Path(folder) / "valhalla.json"
    told.write_text(json.dumps(config), encoding="utf-8")
    build = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    subprocess.run([build, "-c", told, extract], check=True, capture_output=True)
    locations = [
        {"lon": lon, "lat": lat}
        for lon, lat in json.loads(Path(places).read_text(encoding="utf-8"))
    ]
    actor = valhalla.Actor(told)
    request = {"sources": locations, "targets": locations, "costing": "auto", "verbose": False}
    begun = time.process_time()
    found = json.loads(actor.matrix(json.dumps(request)))["sources_to_targets"]
    seconds = time.process_time() - begun
    joined = sum(value is not None for row in found["durations"] for value in row)
    print(json.dumps({"cpu_s": seconds, "joined": joined}))


if __name__ == "__main__":
    main(*sys.argv[1:])
