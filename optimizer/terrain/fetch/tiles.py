"""Which tiles a box needs, and what they are called."""

from __future__ import annotations

import math
from dataclasses import dataclass

from optimizer.terrain.box import Box

__all__ = ["Tile", "tiles_over"]


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A tile of whole degrees, named after its south-west corner.

    Parameters
    ----------
    south, west : int
        Its corner in degrees.
    side : int
        Degrees.
    """

    south: int
    west: int
    side: int = 1

    @property
    def box(self) -> Box:
        """West, south, east, north in degrees."""
        return self.west, self.south, self.west + self.side, self.south + self.side

    @property
    def corner(self) -> tuple[str, str]:
        """Latitude and longitude as names have them, such as N42 and W071."""
        return (
            f"{'N' if self.south >= 0 else 'S'}{abs(self.south):02d}",
            f"{'E' if self.west >= 0 else 'W'}{abs(self.west):03d}",
        )

    def named(self, pattern: str) -> str:
        """Return a name made after the corner.

        Parameters
        ----------
        pattern : str
            Text with ``{lat}`` and ``{lon}``.

        Returns
        -------
        str
            The name.
        """
        lat, lon = self.corner
        return pattern.replace("{lat}", lat).replace("{lon}", lon)

    def overlaps(self, box: Box) -> bool:
        """Tell whether tile and box share more than an edge.

        Parameters
        ----------
        box : tuple of float
            West, south, east, north in degrees.

        Returns
        -------
        bool
            Whether they do.
        """
        west, south, east, north = self.box
        return west < box[2] and box[0] < east and south < box[3] and box[1] < north


def tiles_over(box: Box, side: int) -> tuple[Tile, ...]:
    """Return the tiles that cover a box.

    Elevation tiles of Copernicus lie half a sample (at most 15 m to the north) beside their whole
    degrees; the strip that is left along the edge of the box is extrapolated by the builder.

    Parameters
    ----------
    box : tuple of float
        West, south, east, north in degrees.
    side : int
        Side of a tile in degrees; corners are multiples of it.

    Returns
    -------
    tuple of Tile
        From south to north, then from west to east; none only touches the box.
    """
    west, south, east, north = box
    return tuple(
        Tile(lat * side, lon * side, side)
        for lat in range(math.floor(south / side), math.ceil(north / side))
        for lon in range(math.floor(west / side), math.ceil(east / side))
    )
