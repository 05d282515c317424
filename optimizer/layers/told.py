"""What is wrong with a GeoPackage, and where: file, layer, row and column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from optimizer.faults import Fault, Language

__all__ = ["Complaint", "Place", "as_line"]

_COLUMN = {"en": "column {column}", "fr": "colonne {column}"}
_GEOMETRY = {"en": "geometry", "fr": "géométrie"}
_COLON = {"en": ":", "fr": " :"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a GeoPackage; what is left out is the whole of it.

    Parameters
    ----------
    layer : str, optional
        Name of the layer.
    fid : int, optional
        Number of the row, as the file counts.
    column : str, optional
        Name of the column.
    is_drawn : bool
        Whether the geometry is meant, and no column.
    """

    layer: str | None = None
    fid: int | None = None
    column: str | None = None
    is_drawn: bool = False

    @property
    def order(self) -> tuple[str, int]:
        """What sorts places as the file does: layer by layer, row by row."""
        return self.layer or "", self.fid or 0

    def text(self, language: Language) -> str:
        """Write the place.

        Parameters
        ----------
        language : {"en", "fr"}
            Language.

        Returns
        -------
        str
            For instance ``"areas, fid 4, column kind"``; empty for the whole file.
        """
        words = []
        if self.layer is not None:
            words.append(self.layer)
        if self.fid is not None:
            words.append(f"fid {self.fid}")
        if self.column is not None:
            words.append(_COLUMN[language].format(column=self.column))
        if self.is_drawn:
            words.append(_GEOMETRY[language])
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that is wrong at a place of a GeoPackage.

    Parameters
    ----------
    place : Place
        Where.
    fault : Fault
        What.
    """

    place: Place
    fault: Fault


def as_line(complaint: Complaint, file: Path, language: Language) -> str:
    """Write a complaint as `convoi scenario check` writes a fault.

    Parameters
    ----------
    complaint : Complaint
        What is wrong, and where.
    file : Path
        The GeoPackage.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        ``file: layer, row, column: what is wrong and what would be right``.
    """
    parts = (str(file), complaint.place.text(language), complaint.fault.text(language))
    return f"{_COLON[language]} ".join(part for part in parts if part)
