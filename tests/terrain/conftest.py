"""Small real-looking inputs for the builder of theatres, written on the spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

#: Where the drawn towns lie: 0.001 degrees of latitude are 111 m, of longitude 82 m.
WEST, SOUTH = 1.50, 42.50

Tags = Mapping[str, str]
WriteOsm = Callable[..., Path]


def _xml_tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


@pytest.fixture
def write_osm(tmp_path: Path) -> WriteOsm:
    """Write OSM XML; nodes lie at (east, north) in thousandths of a degree from the corner."""

    def write(
        nodes: Mapping[int, tuple[float, float]],
        ways: Mapping[int, tuple[Sequence[int], Tags]],
        *,
        node_tags: Mapping[int, Tags] | None = None,
        relations: str = "",
        box: bool = False,
        name: str = "town.osm",
    ) -> Path:
        lines = ['<osm version="0.6" generator="test">']
        if box:
            lines.append(
                f'<bounds minlat="{SOUTH - 0.002}" minlon="{WEST - 0.002}"'
                f' maxlat="{SOUTH + 0.012}" maxlon="{WEST + 0.012}"/>'
            )
        for number, (east, north) in nodes.items():
            lon, lat = WEST + east / 1000, SOUTH + north / 1000
            marks = _xml_tags((node_tags or {}).get(number, {}))
            lines.append(
                f'<node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">{marks}</node>'
            )
        for number, (members, tags) in ways.items():
            refs = "".join(f'<nd ref="{ref}"/>' for ref in members)
            lines.append(f'<way id="{number}" version="1">{refs}{_xml_tags(tags)}</way>')
        path = tmp_path / name
        path.write_text("\n".join([*lines, relations, "</osm>"]), encoding="utf-8")
        return path

    return write


@pytest.fixture
def write_dem(tmp_path: Path) -> Callable[..., Path]:
    """Write a GeoTIFF of 0.0005 degree cells around the town, its heights given as an array."""

    def write(
        cells: NDArray[np.generic],
        *,
        name: str = "dem.tif",
        west: float = WEST - 0.005,
        north: float = SOUTH + 0.015,
        step: float = 0.0005,
        crs: str | None = "EPSG:4326",
        **more: object,
    ) -> Path:
        path = tmp_path / name
        with rasterio.open(
            path, "w", driver="GTiff", count=1, dtype=cells.dtype, crs=crs,
            height=cells.shape[0], width=cells.shape[1],
            transform=from_origin(west, north, step, step), **more,
        ) as target:  # fmt: skip
            target.write(cells, 1)
        return path

    return write
