"""Numbers and amounts as each language writes them."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from optimizer.faults import Language

__all__ = [
    "MINUS",
    "NARROW",
    "NO_BREAK",
    "decimal",
    "distance",
    "duration",
    "exact",
    "integer",
    "mass",
    "percent",
]

#: Narrow no-break space: between thousands and before ``: ; ! ? %`` and guillemets in French.
NARROW = "\u202f"
#: No-break space: between a number and its unit.
NO_BREAK = "\u00a0"
MINUS = "\u2212"

_THOUSANDS = {"en": ",", "fr": NARROW}
_POINT = {"en": ".", "fr": ","}
_MINUTE_S = 60
_HOUR_S = 3600
#: Under this a duration is told to the second.
_FINE_S = 600
#: Under this metres keep their decimals.
_FEW_M = 10
#: From here a distance is told in kilometres.
_KILOMETRE_M = 1000
#: From here a distance is told in whole kilometres.
_MANY_M = 1_000_000


def decimal(number: float | Decimal, places: int, language: Language) -> str:
    """Write a number with so many decimals, halves rounded away from zero.

    Parameters
    ----------
    number : float or Decimal
        The number.
    places : int
        Digits after the point.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        ``"12,345.7"`` in English, ``"12 345,7"`` in French, the space narrow and unbreakable.
    """
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    sign = MINUS if rounded < 0 else ""
    whole, _, rest = f"{abs(rounded):,f}".partition(".")
    whole = whole.replace(",", _THOUSANDS[language])
    return sign + whole + (_POINT[language] + rest if rest else "")


def integer(number: float, language: Language) -> str:
    """Write a number rounded to a whole one.

    Parameters
    ----------
    number : float
        The number.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        With thousands set apart.
    """
    return decimal(number, 0, language)


def percent(share: float, language: Language) -> str:
    """Write a share in percent, rounded to one decimal; what is not all never reads 100 %.

    What is not nothing never reads 0 % either.

    Parameters
    ----------
    share : float
        1 is the whole.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        At most one decimal: ``"98.7%"``, in French with a comma and a space before the sign.
    """
    # Nine digits of a share are meant; what lies beyond is noise of sums.
    tenths = (Decimal(f"{share:.9f}") * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if share < 1:
        tenths = min(tenths, Decimal("99.9"))
    if share > 0:
        tenths = max(tenths, Decimal("0.1"))
    text = decimal(tenths, 0 if tenths == tenths.to_integral_value() else 1, language)
    return text + ("%" if language == "en" else f"{NARROW}%")


def mass(amount_kg: float, language: Language) -> str:
    """Write a mass in whole kilograms; something under half a kilogram never reads 0.

    Parameters
    ----------
    amount_kg : float
        Kilograms.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        For instance ``"12,480 kg"``.
    """
    if 0 < amount_kg < 1:
        return f"{decimal(max(amount_kg, 0.1), 1, language)}{NO_BREAK}kg"
    return f"{integer(amount_kg, language)}{NO_BREAK}kg"


def distance(amount_m: float, language: Language) -> str:
    """Write a distance: in metres under a kilometre, above in kilometres with one decimal.

    A few metres, a height or a depth, keep two decimals where they have them. What is
    longer than a thousand kilometres is told in whole ones.

    Parameters
    ----------
    amount_m : float
        Metres.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        For instance ``"850 m"``, ``"12.4 km"`` or ``"1,265 km"``.
    """
    if amount_m < _FEW_M:
        return f"{exact(amount_m, language)}{NO_BREAK}m"
    if amount_m < _KILOMETRE_M:
        return f"{integer(amount_m, language)}{NO_BREAK}m"
    places = 0 if amount_m >= _MANY_M else 1
    return f"{decimal(amount_m / _KILOMETRE_M, places, language)}{NO_BREAK}km"


def exact(number: float, language: Language) -> str:
    """Write a limit with at most two decimals, and none that are zero.

    Parameters
    ----------
    number : float
        The number.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        ``"3.5"`` or ``"17"``.
    """
    rounded = Decimal(repr(float(number))).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    places = -int(rounded.as_tuple().exponent)
    return decimal(rounded, max(0, places), language)


def duration(amount_s: float, language: Language) -> str:
    """Write a duration: to the minute from ten minutes on.

    What is left over is dropped, so that a slack never reads longer than it is; only of less than
    a minute tenths of a second are told. After hours, minutes have two digits, as clocks tell them,
    and so have seconds after minutes.

    Parameters
    ----------
    amount_s : float
        Seconds, not negative.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        For instance ``"1 h 05 min"``, ``"35 min"``, ``"3 min 20 s"``.
    """
    if amount_s < _MINUTE_S and amount_s != math.floor(amount_s):
        return f"{exact(round(amount_s, 1), language)}{NO_BREAK}s"
    seconds = math.floor(amount_s)
    hours, rest = divmod(seconds, _HOUR_S)
    minutes, left = divmod(rest, _MINUTE_S)
    parts = [(hours, "h"), (minutes, "min")]
    if seconds < _FINE_S:
        parts.append((left, "s"))
    told: list[str] = []
    for number, unit in parts:
        if number:
            told.append(f"{number:0{2 if told else 1}}{NO_BREAK}{unit}")
    return NO_BREAK.join(told) or f"0{NO_BREAK}min"
