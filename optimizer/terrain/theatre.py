"""The theatre: a folder of prepared ground, read lazily and checked against its digests.

The format is described in ``docs/reference/theatre.md``. Rasters are arrays of shape (rows,
columns), row 0 in the north.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from optimizer.datasets import theatre_folders
from optimizer.errors import FileError, FormatError, UsageError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import Transformer

    from optimizer.scenario.model import Scenario, TheatreRef
    from optimizer.terrain.planned import PlannedExposure

__all__ = [
    "FORMAT",
    "RASTERS",
    "VECTORS",
    "Grid",
    "Layer",
    "Manifest",
    "Source",
    "Theatre",
    "digest_of_layers",
    "find_theatre",
    "raster_digest",
    "read_layer",
    "theatre_of",
    "vector_digest",
]

FORMAT = "convoi/theatre/1"
RASTERS = ("elevation", "landcover", "water")
#: Name in the manifest -> layer of ``ground.gpkg``.
VECTORS = {"roads": "roads", "nodes": "nodes", "waters": "water", "places": "places"}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Frozen):
    """Where a layer comes from."""

    what: str
    name: str
    licence: str
    attribution: str = ""
    date: str = ""


class Layer(_Frozen):
    """What the manifest says of one layer."""

    digest: str
    rows: int | None = None


class Manifest(_Frozen):
    """The content of ``theatre.json``."""

    format: str = FORMAT
    name: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    title: str = ""
    crs: str = Field(pattern=r"^EPSG:\d+$")
    resolution_m: float = Field(gt=0)
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    west_m: float
    north_m: float
    extent: tuple[float, float, float, float]
    layers: Mapping[str, Layer]
    sources: tuple[Source, ...] = ()
    statistics: Mapping[str, float | int | str] = Field(default_factory=dict)
    digest: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid that all rasters of a theatre share.

    Parameters
    ----------
    crs : str
        ``EPSG:<code>`` of a projected CRS in metres.
    west_m, north_m : float
        Outer corner of the first cell.
    resolution_m : float
        Side of a cell.
    width, height : int
        Columns and rows.
    """

    crs: str
    west_m: float
    north_m: float
    resolution_m: float
    width: int
    height: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height, self.width

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return the cell of a position; it may lie outside the grid.

        Parameters
        ----------
        x, y : float
            Position in the CRS.

        Returns
        -------
        tuple of int
            Row and column.
        """
        return (
            int(np.floor((self.north_m - y) / self.resolution_m)),
            int(np.floor((x - self.west_m) / self.resolution_m)),
        )

    def centre(self, row: int, column: int) -> tuple[float, float]:
        """Return the centre of a cell.

        Parameters
        ----------
        row, column : int
            Cell.

        Returns
        -------
        tuple of float
            Position (x, y) in the CRS.
        """
        return (
            self.west_m + (column + 0.5) * self.resolution_m,
            self.north_m - (row + 0.5) * self.resolution_m,
        )

    def contains(self, row: int, column: int) -> bool:
        """Tell whether a cell lies on the grid.

        Parameters
        ----------
        row, column : int
            Cell.

        Returns
        -------
        bool
            True if it does.
        """
        return 0 <= row < self.height and 0 <= column < self.width


def raster_digest(array: NDArray[Any], grid: Grid) -> str:
    """Return the SHA-256 over the content of a raster layer.

    Parameters
    ----------
    array : ndarray, shape (rows, columns)
        Cells.
    grid : Grid
        Their grid.

    Returns
    -------
    str
        Hexadecimal digest.
    """
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    head = [
        little.dtype.str,
        list(array.shape),
        grid.crs,
        # 30 and 30.0 are one length, but two texts in JSON.
        float(grid.west_m),
        float(grid.north_m),
        float(grid.resolution_m),
    ]
    return hashlib.sha256(json.dumps(head).encode() + little.tobytes()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column may hold anything a GeoPackage can
    if value is None or value != value or str(value) == "<NA>":  # noqa: PLR0124 - NaN is not itself
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return round(value, 6) if isinstance(value, float) else value


def vector_digest(frame: gpd.GeoDataFrame) -> str:
    """Return the SHA-256 over the content of a vector layer.

    Parameters
    ----------
    frame : GeoDataFrame
        Rows in order; columns are taken in alphabetical order.

    Returns
    -------
    str
        Hexadecimal digest.
    """
    columns = sorted(str(c) for c in frame.columns if c != frame.geometry.name)
    digest = hashlib.sha256(json.dumps([columns, len(frame)]).encode())
    for shape in frame.geometry:
        digest.update(shape.wkb)
    for column in columns:
        digest.update(json.dumps([_plain(v) for v in frame[column].tolist()]).encode())
    return digest.hexdigest()


def digest_of_layers(layers: Mapping[str, Layer]) -> str:
    """Return the digest of a theatre from those of its layers.

    Parameters
    ----------
    layers : mapping
        Layers by name.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    lines = "\n".join(f"{name} {layers[name].digest}" for name in sorted(layers))
    return hashlib.sha256(lines.encode()).hexdigest()


def read_layer(path: Path, layer: str) -> gpd.GeoDataFrame:
    """Read one layer of a GeoPackage as it stands.

    Parameters
    ----------
    path : Path
        GeoPackage.
    layer : str
        Name of the layer in it.

    Returns
    -------
    GeoDataFrame
        Its rows, in order.

    Raises
    ------
    FileError
        If it cannot be read.
    """
    import geopandas as gpd  # noqa: PLC0415 - a second that a reader of manifests need not pay
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415

    try:
        return gpd.read_file(path, layer=layer, engine="pyogrio")
    except (DataSourceError, DataLayerError) as error:
        raise FileError(f"{path}: layer {layer!r} cannot be read: {error}") from error


@dataclass(frozen=True)
class Theatre:
    """Prepared ground, read from a folder layer by layer as it is asked for.

    Parameters
    ----------
    folder : Path
        Where it lies.
    manifest : Manifest
        What it says of itself.
    planned : PlannedExposure or None
        A planner's own raster of exposure on its grid.
    """

    folder: Path
    manifest: Manifest
    planned: PlannedExposure | None = None

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open a theatre.

        Parameters
        ----------
        folder : Path or str
            A folder with a ``theatre.json``.

        Returns
        -------
        Theatre
            The theatre; its layers are not read yet.

        Raises
        ------
        FileError
            If the folder is no theatre or its manifest is damaged.
        FormatError
            If its major version is unknown.
        """
        folder = Path(folder)
        path = folder / "theatre.json"
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise FileError(
                f"{folder} is not a theatre: it has no readable theatre.json"
            ) from error
        except ValueError as error:
            raise FileError(f"{path} is not JSON: {error}") from error
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            found = raw.get("format") if isinstance(raw, dict) else None
            raise FormatError(f"{path}: format is {found!r}; this version reads {FORMAT!r}")
        try:
            manifest = Manifest.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            place = "/".join(str(part) for part in first["loc"])
            raise FileError(f"{path}: {place}: {first['msg']}") from error
        return cls(folder, manifest)

    @property
    def grid(self) -> Grid:
        """The grid of the rasters."""
        m = self.manifest
        return Grid(m.crs, m.west_m, m.north_m, m.resolution_m, m.width, m.height)

    @property
    def has_relief(self) -> bool:
        """Whether the theatre has an elevation layer."""
        return "elevation" in self.manifest.layers

    @functools.cached_property
    def to_ground(self) -> Transformer:
        """Transformer from (longitude, latitude) to (x, y)."""
        from pyproj import Transformer  # noqa: PLC0415 - 0.1 s that a reader of manifests need not pay

        return Transformer.from_crs("EPSG:4326", self.manifest.crs, always_xy=True)

    @functools.cached_property
    def to_earth(self) -> Transformer:
        """Transformer from (x, y) to (longitude, latitude)."""
        from pyproj import Transformer  # noqa: PLC0415 - as above

        return Transformer.from_crs(self.manifest.crs, "EPSG:4326", always_xy=True)

    def raster(self, name: str) -> NDArray[Any]:
        """Read a raster layer.

        Parameters
        ----------
        name : {"elevation", "landcover", "water"}
            Layer.

        Returns
        -------
        ndarray, shape (rows, columns)
            float32 metres, or uint8 codes. Elevation is 0 everywhere without relief. Read-only.

        Raises
        ------
        FileError
            If the file is missing, damaged, or not what the manifest says.
        """
        return self._rasters(name)

    def frame(self, name: str) -> gpd.GeoDataFrame:
        """Read a vector layer.

        Parameters
        ----------
        name : {"roads", "nodes", "waters", "places"}
            Layer.

        Returns
        -------
        GeoDataFrame
            Rows in the theatre's CRS. Treat it as read-only.

        Raises
        ------
        FileError
            If the file is missing, damaged, or not what the manifest says.
        """
        return self._frames(name)

    @functools.cached_property
    def _rasters(self) -> functools._lru_cache_wrapper[NDArray[Any]]:
        return functools.cache(self._read_raster)

    @functools.cached_property
    def _frames(self) -> functools._lru_cache_wrapper[gpd.GeoDataFrame]:
        return functools.cache(self._read_frame)

    def _read_raster(self, name: str) -> NDArray[Any]:
        import rasterio  # noqa: PLC0415 - half a second that a reader of manifests need not pay
        from rasterio.errors import RasterioError  # noqa: PLC0415

        if name == "elevation" and not self.has_relief:
            array: NDArray[Any] = np.zeros(self.grid.shape, np.float32)
        else:
            path = self.folder / f"{name}.tif"
            try:
                with rasterio.open(path) as source:
                    array = source.read(1)
            except RasterioError as error:
                raise FileError(f"{path} cannot be read: {error}") from error
            self._check(name, raster_digest(array, self.grid), path)
        array.flags.writeable = False
        return array

    def _read_frame(self, name: str) -> gpd.GeoDataFrame:
        path = self.folder / "ground.gpkg"
        frame = read_layer(path, VECTORS[name])
        self._check(name, vector_digest(frame), path)
        return frame

    def _check(self, name: str, digest: str, path: Path) -> None:
        if self.manifest.layers[name].digest != digest:
            raise FileError(
                f"{path}: layer {name!r} is not what theatre.json says: it was changed after it was"
                " built; build the theatre again"
            )


def find_theatre(name: str, digest: str | None = None) -> Theatre | None:
    """Find a theatre by name, and by digest where one is given.

    Parameters
    ----------
    name : str
        Name in the manifest.
    digest : str, optional
        Digest that it must have.

    Returns
    -------
    Theatre or None
        The first that fits in the configured folders, or None.
    """
    for folder in theatre_folders():
        try:
            theatre = Theatre.open(folder)
        except (FileError, FormatError):
            continue
        if theatre.manifest.name == name and digest in (None, theatre.manifest.digest):
            return theatre
    return None


def theatre_of(
    scenario: Scenario, folder: Path | str | None = None, *, beside: Path | None = None
) -> Theatre | None:
    """Return the theatre that a scenario names.

    Parameters
    ----------
    scenario : Scenario
        Scenario with a theatre, or with matrices of its own.
    folder : Path or str, optional
        Where to take it from instead of the configured folders.
    beside : Path, optional
        Folder of the scenario's file, where a raster of exposure that it names lies.

    Returns
    -------
    Theatre or None
        None for a scenario with matrices of its own.

    Raises
    ------
    UsageError
        If it is not found, or the folder holds another one.
    FileError
        If the raster is not found, or is none over this theatre.
    """
    if scenario.theatre is None:
        return None
    theatre = _named(scenario.theatre, folder)
    if beside is None:
        return theatre
    from optimizer.terrain.planned import with_raster  # noqa: PLC0415 - few scenarios name one

    return with_raster(theatre, scenario, beside)


def _named(wanted: TheatreRef, folder: Path | str | None) -> Theatre:
    name, digest = wanted.name, wanted.digest
    if folder is None:
        theatre = find_theatre(name, digest)
        if theatre is None:
            version = f" with digest {digest[:12]}..." if digest else ""
            other = find_theatre(name) if digest else None
            near = (
                ""
                if other is None
                else (f" ({other.folder} has the name and digest {other.manifest.digest[:12]}...)")
            )
            raise UsageError(
                f"theatre {name!r}{version} is not among the bundled ones, in ./theatres, or in the"
                f" folders that CONVOI_THEATRES names{near}; pass its folder with --theatre"
            )
        return theatre
    theatre = Theatre.open(folder)
    found = theatre.manifest
    if found.name != name or digest not in (None, found.digest):
        raise UsageError(
            f"{folder} holds theatre {found.name!r} with digest {found.digest[:12]}...;"
            f" the scenario names {name!r}" + (f" with digest {digest[:12]}..." if digest else "")
        )
    return theatre
