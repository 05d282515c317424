"""What a box needs of each home: which tiles, which extracts, which of them are not there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from optimizer.errors import OutsideError, UsageError
from optimizer.terrain.box import Box
from optimizer.terrain.fetch.extracts import choose, extracts_of
from optimizer.terrain.fetch.homes import Home, Homes
from optimizer.terrain.fetch.tiles import Tile, tiles_over

__all__ = [
    "Catalogue",
    "Needed",
    "Survey",
    "check_catalogue",
    "check_extent",
    "survey",
    "tiles_of",
]

#: As far as a theatre reaches in one projection, in metres.
_LONGEST_M = 1_000_000.0
_DEGREE_M = 111_320.0

#: Gives the text of a home's catalogue.
Catalogue = Callable[[Home], str]


@dataclass(frozen=True, slots=True)
class Needed:
    """A file that a box needs.

    Parameters
    ----------
    home : Home
        Where it lives.
    url : str
        Its address.
    tile : Tile or None
        What it covers, of a tile.
    is_listed : bool
        Whether the home's own catalogue names it, so that it must be there.
    """

    home: Home
    url: str
    tile: Tile | None = None
    is_listed: bool = False

    @property
    def name(self) -> str:
        """Name of its file."""
        return self.url.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a box needs.

    Parameters
    ----------
    needed : tuple of Needed
        Files, in the order in which they are fetched.
    absent : tuple of Needed
        Tiles that a catalogue does not name: sea, or ground that is not released.
    remarks : tuple of str
        What the user should know.
    """

    needed: tuple[Needed, ...]
    absent: tuple[Needed, ...] = ()
    remarks: tuple[str, ...] = ()


def check_extent(box: Box) -> None:
    """Refuse a box of which no theatre could be built.

    Parameters
    ----------
    box : tuple of float
        West, south, east, north in degrees.

    Raises
    ------
    UsageError
        If it is wider or higher than one projection reaches.
    """
    west, south, east, north = box
    nearest = 0.0 if south <= 0.0 <= north else min(abs(south), abs(north))
    wide_m = (east - west) * _DEGREE_M * math.cos(math.radians(nearest))
    high_m = (north - south) * _DEGREE_M
    if max(wide_m, high_m) > _LONGEST_M:
        raise UsageError(
            f"the box is {wide_m / 1000:.0f} x {high_m / 1000:.0f} km: a theatre reaches at most"
            f" {_LONGEST_M / 1000:.0f} km in one projection; give a smaller box"
        )


def tiles_of(home: Home, box: Box) -> list[Needed]:
    """Return the tiles of a home that a box needs.

    Parameters
    ----------
    home : Home
        A home of tiles.
    box : tuple of float
        West, south, east, north in degrees.

    Returns
    -------
    list of Needed
        Not yet compared with any catalogue.
    """
    return [
        Needed(home, home.url(tile.named(home.path)), tile) for tile in tiles_over(box, home.side)
    ]


def survey(
    homes: Homes,
    box: Box,
    kinds: Sequence[str],
    catalogue: Catalogue,
    wanted: Sequence[str] = (),
) -> Survey:
    """Find out what a box needs.

    Parameters
    ----------
    homes : dict of str to Home
        Where things live.
    box : tuple of float
        West, south, east, north in degrees.
    kinds : sequence of str
        What is wanted.
    catalogue : callable
        Gives the text of the catalogue of a home that has one.
    wanted : sequence of str
        Ids of extracts, instead of a choice.

    Returns
    -------
    Survey
        What is needed, and what its home does not have.
    """
    needed: list[Needed] = []
    absent: list[Needed] = []
    remarks: list[str] = []
    for kind in kinds:
        home = homes[kind]
        if kind == "osm":
            extracts = extracts_of(catalogue(home), home.url(home.catalogue))
            choice = choose(extracts, box, wanted)
            needed += [Needed(home, home.url(e.path), is_listed=True) for e in choice.extracts]
            if choice.left:
                remarks.append(
                    f"{choice.left:.0%} of the box lies in no extract that was chosen: sea, or add"
                    " one with --extract"
                )
            continue
        tiles = tiles_of(home, box)
        if home.catalogue:
            listed = _listed(home, catalogue(home))
            found = [_stem(one) in listed for one in tiles]
            absent += [one for one, there in zip(tiles, found, strict=True) if not there]
            tiles = [
                Needed(one.home, one.url, one.tile, is_listed=True)
                for one, there in zip(tiles, found, strict=True)
                if there
            ]
        needed += tiles
    return Survey(tuple(needed), tuple(absent), tuple(remarks))


def check_catalogue(home: Home, text: str) -> None:
    """Refuse a catalogue that is none, a web page for instance.

    Parameters
    ----------
    home : Home
        Whose it should be.
    text : str
        What came.

    Raises
    ------
    OutsideError
        If it is none.
    """
    if home.kind == "osm":
        extracts_of(text, home.url(home.catalogue))
    else:
        _listed(home, text)


def _listed(home: Home, text: str) -> frozenset[str]:
    """Return the names of tiles in a catalogue, without folders and suffixes."""
    first = home.path.rpartition("/")[2].partition("{")[0]
    names = (word.rpartition("/")[2].removesuffix(".tif") for word in text.split())
    listed = frozenset(name for name in names if name.startswith(first))
    if not listed:
        raise OutsideError(
            f"{home.url(home.catalogue)} is no list of tiles: none of it begins with {first!r}"
        )
    return listed


def _stem(needed: Needed) -> str:
    return needed.name.removesuffix(".tif")
