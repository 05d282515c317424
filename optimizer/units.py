"""Quantities, times and positions: the conversions that every room shares.

Units stand in names: ``load_kg``, ``leg_m``, ``depart_s``. Inside the solver everything is an
integer: mass in grams, volume in millilitres, pallets in thousandths, distance in metres, time in
seconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import mgrs

__all__ = [
    "date_time_group",
    "from_mgrs",
    "kmh_to_ms",
    "seconds_since",
    "time_at",
    "to_mgrs",
]

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Zone letters: A to M east without J, N to Y west, Z for UTC, J for local time (ACP 121).
_EAST = "ABCDEFGHIKLM"
_WEST = "NOPQRSTUVWXY"


def kmh_to_ms(speed_kmh: float) -> float:
    """Convert kilometres an hour to metres a second.

    Parameters
    ----------
    speed_kmh : float
        Speed in km/h.

    Returns
    -------
    float
        Speed in m/s.
    """
    return speed_kmh / 3.6


def seconds_since(start: datetime, time: datetime) -> int:
    """Return the whole seconds from the start of the horizon to a time.

    Parameters
    ----------
    start, time : datetime
        Aware times.

    Returns
    -------
    int
        Seconds, negative before the start; fractions are cut towards zero.
    """
    return int((time - start).total_seconds())


def time_at(start: datetime, seconds: int) -> datetime:
    """Return the time so many seconds after the start of the horizon, in the start's own offset.

    Parameters
    ----------
    start : datetime
        Aware start of the horizon.
    seconds : int
        Seconds from the start.

    Returns
    -------
    datetime
        Aware time with the offset of `start`.
    """
    return start + timedelta(seconds=seconds)


def _zone_letter(offset: timedelta) -> str:
    hours, rest = divmod(int(offset.total_seconds()), 3600)
    if rest or not -12 <= hours <= 12:  # noqa: PLR2004
        return "J"
    if hours == 0:
        return "Z"
    return _EAST[hours - 1] if hours > 0 else _WEST[-hours - 1]


def date_time_group(time: datetime, zone: tzinfo | str | None = None) -> str:
    """Write a time as a date-time group, ``DDHHMMZMONYY`` with English months (ACP 121).

    Parameters
    ----------
    time : datetime
        Aware time.
    zone : tzinfo or str, optional
        Zone to show it in, by default the time's own offset. A zone whose offset is not a whole
        hour is written with the letter J (local).

    Returns
    -------
    str
        For instance ``"150630BJUN26"``.
    """
    if zone is not None:
        time = time.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    offset = time.utcoffset()
    if offset is None:
        raise ValueError("a date-time group needs a time with an offset")
    # Seconds are dropped, as the group has none: a head due at 06:30:59 reads 0630.
    return f"{time:%d%H%M}{_zone_letter(offset)}{_MONTHS[time.month - 1]}{time:%y}"


def to_mgrs(lon: float, lat: float, precision: int = 5) -> str:
    """Return the MGRS reference of a position.

    Parameters
    ----------
    lon, lat : float
        Degrees, WGS 84.
    precision : int
        Digits of easting and northing: 5 for metres, 4 for tens of metres.

    Returns
    -------
    str
        For instance ``"31TCH7834008440"``.
    """
    return str(mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=precision))


def from_mgrs(reference: str) -> tuple[float, float]:
    """Return the position of an MGRS reference.

    Parameters
    ----------
    reference : str
        MGRS reference; spaces are ignored.

    Returns
    -------
    tuple of float
        Longitude and latitude in degrees, WGS 84.

    Raises
    ------
    ValueError
        If it is not an MGRS reference.
    """
    try:
        lat, lon = mgrs.MGRS().toLatLon(reference.replace(" ", "").upper())
    except Exception as error:  # the library raises its own type and bare ones
        raise ValueError(
            f"{reference!r} is not an MGRS reference such as 31TCH7834008440"
        ) from error
    return float(lon), float(lat)
