"""The two layers of a GeoPackage: what each is called, what it draws, and its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from optimizer.errors import UsageError
from optimizer.scenario.model import Area, Change

__all__ = ["CRS", "LAYERS", "SUFFIX", "Layer", "check_name"]

#: Of what is written; what is read may be in any.
CRS = "EPSG:4326"
SUFFIX = ".gpkg"

_NUMBERS = frozenset(
    {
        "speed_factor",
        "exposure_per_km",
        "exposure_per_h",
        "load_class_wheeled",
        "load_class_tracked",
        "speed_kmh",
        "spacing_m",
    }
)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer, and the list of a scenario that it shows, one entry a row.

    Parameters
    ----------
    name : str
        Of the layer, and of the list.
    model : type of BaseModel
        What an entry is; each of its keys but one is a column.
    geometry : str
        The key that the geometry of a row stands for.
    shape : {"Polygon", "Point"}
        What the layer holds; the same in several parts is read too.
    """

    name: Literal["areas", "changes"]
    model: type[BaseModel]
    geometry: str
    shape: Literal["Polygon", "Point"]

    @property
    def columns(self) -> Mapping[str, type]:
        """The columns and what they hold, ``str`` or ``float``."""
        return {
            key: float if key in _NUMBERS else str
            for key in self.model.model_fields
            if key != self.geometry
        }

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that every row needs a value in."""
        return tuple(key for key in self.columns if self._is_required(key))

    @property
    def is_drawn(self) -> bool:
        """Whether every row needs a geometry: a change that names a road has none."""
        return self._is_required(self.geometry)

    def _is_required(self, key: str) -> bool:
        return self.model.model_fields[key].is_required()


LAYERS = (
    Layer("areas", Area, geometry="polygon", shape="Polygon"),
    Layer("changes", Change, geometry="near", shape="Point"),
)


def check_name(path: Path) -> None:
    """Refuse a name that is not one of a GeoPackage.

    Parameters
    ----------
    path : Path
        File to read or to write.

    Raises
    ------
    UsageError
        If it does not end in ``.gpkg``.
    """
    if path.suffix.lower() != SUFFIX:
        raise UsageError(f"{path}: the name of a GeoPackage ends in {SUFFIX}")
