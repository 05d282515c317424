"""The values that a fact can have, each a type of its own.

Values that belong together are one value: a way is an origin and a destination, a supply is a
quantity and what it is a quantity of, a part stands with its whole. So no sentence can exchange
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from optimizer.scenario.model import Window

__all__ = [
    "Classes",
    "Count",
    "Difference",
    "Label",
    "Name",
    "Names",
    "OutOf",
    "Period",
    "Periods",
    "Prose",
    "Quantity",
    "Ratio",
    "Shortage",
    "Supplies",
    "Supply",
    "Term",
    "Terms",
    "Time",
    "Times",
    "Unit",
    "Value",
    "Way",
]

Unit = Literal[
    "kg", "t", "l", "case", "pallet", "piece", "m", "km", "s", "km/h", "veh/km", "exposure", "MLC"
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in a unit.

    MLC is a military load class; exposure is counted on the planner's own scale.
    """

    amount: float
    unit: Unit


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much something grew, with its sign; without a unit it is a difference of counts."""

    amount: float
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """A moment; it is shown as a date-time group."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Times:
    """Several moments in an order that matters."""

    moments: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """An id or a label that a person gave; shown as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Names:
    """Several names in an order that matters."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """Words that a person wrote, of any length and in any language; shown as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label that is known in both languages."""

    en: str
    fr: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many; the words of the phrase bank name what is counted and agree with it."""

    number: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share of a whole, 0 to 1; a surcharge may be greater."""

    share: float


@dataclass(frozen=True, slots=True)
class Term:
    """A coded value; its words stand in the vocabulary."""

    key: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Several coded values in an order that matters."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """So many units of a good, of one kind."""

    quantity: int
    unit: str
    good: Label


@dataclass(frozen=True, slots=True)
class Supplies:
    """Several amounts of goods in an order that matters."""

    items: tuple[Supply, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """From one place to another."""

    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class OutOf:
    """A part of a whole: so many kilograms out of so many, so many things of so many."""

    part: Quantity | Count
    whole: Quantity | Count


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a limit allows where more is needed."""

    allowed: Quantity
    needed: Quantity


@dataclass(frozen=True, slots=True)
class Classes:
    """Load classes for wheeled and for tracked vehicles; None for what is not stated."""

    wheeled: float | None
    tracked: float | None


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment to a later one."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Periods:
    """Several periods, in order."""

    spans: tuple[Period, ...]

    @classmethod
    def of(cls, windows: Iterable[Window]) -> Periods:
        """Return the windows of a scenario as a value.

        Parameters
        ----------
        windows : iterable of Window
            Windows.

        Returns
        -------
        Periods
            In the order of time.
        """
        ordered = sorted(windows, key=lambda window: window.start)
        return cls(tuple(Period(window.start, window.end) for window in ordered))


Value = (
    Quantity
    | Difference
    | Time
    | Times
    | Name
    | Names
    | Prose
    | Label
    | Count
    | Ratio
    | Term
    | Terms
    | Supply
    | Supplies
    | Way
    | OutOf
    | Shortage
    | Classes
    | Period
    | Periods
)
