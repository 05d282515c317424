"""What a map looks like: colours, widths in points of a sheet ten inches wide, and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = [
    "BRIDGE",
    "CONTOUR",
    "FOREST_TEXT",
    "INK",
    "PLACES",
    "TIERS",
    "TIER_OF",
    "WATER",
    "WORDS",
    "PlaceStyle",
    "Tier",
]

INK = "#2b2b2b"
CONTOUR = "#8a5a2b"
WATER = {"fill": "#a6cbe3", "line": "#5b93bd", "text": "#2f6690"}
BRIDGE = "#1d1d1d"
FOREST_TEXT = "#5a4a3a"


@dataclass(frozen=True, slots=True)
class Tier:
    """How a group of road classes is drawn.

    Parameters
    ----------
    name : str
        Key of `WORDS`.
    fill, casing : str
        Colours.
    width, casing_width : float
        Widths in points; the casing is the whole of it.
    dashes : tuple of float
        In multiples of the width; empty for a whole line.
    coarsest_m : float
        Metres of ground a point of the sheet, beyond which the tier is left out.
    """

    name: str
    fill: str
    casing: str
    width: float
    casing_width: float
    dashes: tuple[float, ...]
    coarsest_m: float


#: The most important last: it is drawn on top.
TIERS: tuple[Tier, ...] = (
    Tier("path", "#7a5c45", "", 0.32, 0.0, (3.0, 2.2), 60.0),
    Tier("track", "#8a6a48", "", 0.5, 0.0, (5.0, 2.0), 90.0),
    Tier("service", "#ffffff", "#9a948c", 0.38, 0.7, (), 45.0),
    Tier("local", "#ffffff", "#857e76", 0.62, 1.05, (), 120.0),
    Tier("tertiary", "#fffdf0", "#77706a", 0.95, 1.45, (), 250.0),
    Tier("secondary", "#f7e06e", "#8a6d1f", 1.15, 1.75, (), 500.0),
    Tier("primary", "#f2a44a", "#8f5216", 1.35, 2.05, (), 1000.0),
    Tier("trunk", "#dd4a3a", "#7c1d14", 1.55, 2.35, (), 5000.0),
)

TIER_OF: Mapping[str, str] = {
    "motorway": "trunk",
    "trunk": "trunk",
    "primary": "primary",
    "secondary": "secondary",
    "tertiary": "tertiary",
    "unclassified": "local",
    "residential": "local",
    "living_street": "local",
    "road": "local",
    "busway": "service",
    "service": "service",
    "pedestrian": "service",
    "track": "track",
    "path": "path",
    "footway": "path",
    "bridleway": "path",
    "cycleway": "path",
    "steps": "path",
}


@dataclass(frozen=True, slots=True)
class PlaceStyle:
    """How a kind of place is named.

    Parameters
    ----------
    size : float
        Points.
    weight, slant : str
        Of the font.
    colour : str
        Of the text.
    marker : str
        Matplotlib marker, empty for none.
    rank : int
        The lower, the earlier it is placed.
    coarsest_m : float
        Metres of ground a point, beyond which it is left out.
    room : float
        Points kept free around the name.
    """

    size: float
    weight: str
    slant: str
    colour: str
    marker: str
    rank: int
    coarsest_m: float
    room: float


PLACES: Mapping[str, PlaceStyle] = {
    "city": PlaceStyle(11.0, "bold", "normal", INK, "o", 0, 5000.0, 1.0),
    "town": PlaceStyle(8.2, "bold", "normal", INK, "o", 1, 1000.0, 0.8),
    "village": PlaceStyle(6.6, "normal", "normal", INK, "o", 2, 200.0, 0.6),
    "hamlet": PlaceStyle(5.4, "normal", "normal", "#3a3a3a", "o", 3, 80.0, 0.8),
    "pass": PlaceStyle(5.0, "normal", "italic", FOREST_TEXT, "d", 4, 90.0, 5.0),
    "peak": PlaceStyle(5.0, "normal", "italic", FOREST_TEXT, "^", 5, 90.0, 6.0),
    "suburb": PlaceStyle(5.2, "normal", "normal", "#4a4a4a", "", 6, 50.0, 2.0),
    "locality": PlaceStyle(4.8, "normal", "italic", "#5a5a5a", "", 7, 35.0, 4.0),
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "trunk": "motorway, trunk road",
        "primary": "primary road",
        "secondary": "secondary road",
        "tertiary": "tertiary road",
        "local": "local road",
        "service": "service road",
        "track": "track",
        "path": "path",
        "bridge": "bridge",
        "tunnel": "tunnel",
        "ford": "ford",
        "water": "lake, wide river",
        "stream": "river, stream",
        "contours": "contours every {interval:g} m",
        "no_relief": "no elevation in this theatre",
        "grid_north": "grid north; true north {degrees}° {side}",
        "east": "east of it",
        "west": "west of it",
        "grid": "{crs}, grid in kilometres",
        "sources": "Sources: {sources}",
        "unmapped": "unmapped",
    },
    "fr": {
        "trunk": "autoroute, voie rapide",
        "primary": "route principale",
        "secondary": "route secondaire",
        "tertiary": "route tertiaire",
        "local": "route locale",
        "service": "voie de desserte",
        "track": "piste",
        "path": "sentier",
        "bridge": "pont",
        "tunnel": "tunnel",
        "ford": "gué",
        "water": "lac, large rivière",
        "stream": "rivière, ruisseau",
        "contours": "courbes tous les {interval:g} m",
        "no_relief": "ce théâtre n'a pas de relief",
        "grid_north": "nord du quadrillage ; nord géographique à {degrees}° {side}",
        "east": "à l'est",
        "west": "à l'ouest",
        "grid": "{crs}, quadrillage en kilomètres",
        "sources": "Sources : {sources}",
        "unmapped": "non cartographié",
    },
}
