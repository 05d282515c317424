"""Parses the values of OpenStreetMap tags: weights, lengths, speeds, load classes, populations.

A value that states no number ("none", "default", "unsigned") is None, and so is one that cannot be
understood; of several values ("3.5;7.5") the smallest binds.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping

from optimizer.datasets import read_table

__all__ = [
    "parse_length_m",
    "parse_load_class",
    "parse_population",
    "parse_speed_kmh",
    "parse_weight_t",
]

_NUMBER = r"(\d+(?:[.,]\d+)?|[.,]\d+)"
_PLAIN = re.compile(rf"{_NUMBER}\s*([a-z/]*)\.?")
_FEET = re.compile(rf"{_NUMBER}\s*(?:'|ft|feet|foot)\s*(?:{_NUMBER}\s*(?:\"|''|in|inch|inches))?")
_INCHES = re.compile(rf"{_NUMBER}\s*(?:\"|in|inch|inches)")

_TONNES = {
    "": 1.0,
    "t": 1.0,
    "to": 1.0,
    "tonne": 1.0,
    "tonnes": 1.0,
    "mt": 1.0,
    "kg": 0.001,
    "st": 0.90718474,
    "lt": 1.0160469088,
    "lb": 0.00045359237,
    "lbs": 0.00045359237,
    "cwt": 0.0508023454,
}
_METRES = {"": 1.0, "m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0}
_METRES |= {"cm": 0.01, "mm": 0.001, "km": 1000.0}
_KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}

#: The largest value that can be meant; above it is a slip of the mapper.
_MAX_WEIGHT_T, _MAX_LENGTH_M, _MAX_SPEED_KMH, _MAX_CLASS = 1000.0, 100.0, 300.0, 150.0


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _smallest(text: str, parse: Callable[[str], float | None]) -> float | None:
    values = [parse(part.strip().lower()) for part in re.split(r"[;|]", text)]
    known = [value for value in values if value is not None]
    return min(known) if known else None


def _scaled(text: str, units: Mapping[str, float], largest: float) -> float | None:
    match = _PLAIN.fullmatch(text)
    if match is None or match[2] not in units:
        return None
    value = round(_number(match[1]) * units[match[2]], 4)
    return value if 0 < value <= largest else None


def parse_weight_t(text: str) -> float | None:
    """Return a weight in tonnes; a number without a unit is in tonnes.

    Parameters
    ----------
    text : str
        For instance ``3.5``, ``7.5 t``, ``3500 kg``, ``12 st`` (short tons), ``26000 lbs``.

    Returns
    -------
    float or None
        Tonnes.
    """
    return _smallest(text, lambda part: _scaled(part, _TONNES, _MAX_WEIGHT_T))


def _length(text: str) -> float | None:
    feet, inches = _FEET.fullmatch(text), _INCHES.fullmatch(text)
    if feet is not None:
        value = _number(feet[1]) * 0.3048 + (_number(feet[2]) * 0.0254 if feet[2] else 0.0)
    elif inches is not None:
        value = _number(inches[1]) * 0.0254
    else:
        return _scaled(text, _METRES, _MAX_LENGTH_M)
    value = round(value, 4)
    return value if 0 < value <= _MAX_LENGTH_M else None


def parse_length_m(text: str) -> float | None:
    """Return a height or width in metres; a number without a unit is in metres.

    Parameters
    ----------
    text : str
        For instance ``3.5``, ``3,5 m``, ``350 cm``, ``11'6"``, ``12 ft``.

    Returns
    -------
    float or None
        Metres.
    """
    return _smallest(text, _length)


@functools.cache
def _implicit() -> Mapping[tuple[str, str], float]:
    rows = read_table("terrain_tables", "osm_maxspeed.csv")
    return {(row["country"].lower(), row["kind"]): float(row["kmh"]) for row in rows}


def _speed(text: str) -> float | None:
    plain = _scaled(text, _KMH, _MAX_SPEED_KMH)
    if plain is not None:
        return plain
    # "FR:urban", "DE:zone:30", and plain words such as "walk" or "urban".
    country, colon, kind = text.partition(":")
    kind = kind.replace(":", "") if colon else text
    zone = re.fullmatch(r"(?:zone)?(\d{1,3})", kind)
    if zone is not None:
        return float(zone[1]) if 0 < int(zone[1]) <= _MAX_SPEED_KMH else None
    table = _implicit()
    return table.get((country.split("-")[0], kind), table.get(("*", kind)))


def parse_speed_kmh(text: str) -> float | None:
    """Return a speed limit in km/h.

    Parameters
    ----------
    text : str
        For instance ``50``, ``30 mph``, ``FR:urban``, ``walk``.

    Returns
    -------
    float or None
        Kilometres an hour; None where there is no limit or it is not understood.
    """
    return _smallest(text, _speed)


def parse_load_class(text: str) -> float | None:
    """Return a military load class.

    Parameters
    ----------
    text : str
        For instance ``70``, ``MLC 40``.

    Returns
    -------
    float or None
        Load class.
    """
    return _smallest(
        text, lambda part: _scaled(part.removeprefix("mlc").strip(), {"": 1.0}, _MAX_CLASS)
    )


def parse_population(text: str) -> int:
    """Return a number of inhabitants.

    Parameters
    ----------
    text : str
        For instance ``22256``, ``22 256``, ``22,256``.

    Returns
    -------
    int
        Inhabitants; 0 where the value is not a number.
    """
    digits = re.sub(r"[\s,.'\u2019\u00a0\u202f]", "", text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else 0  # noqa: PLR2004
