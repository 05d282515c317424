"""A fact: one typed value with an id, a label and the thing it is about.

Values that belong together are one value: a way is an origin and a destination, a supply is a
quantity and what it is a quantity of. So no sentence can exchange them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

__all__ = [
    "Count",
    "Difference",
    "Fact",
    "FactTable",
    "Label",
    "Name",
    "Names",
    "Prose",
    "Quantity",
    "Ratio",
    "Subject",
    "Supplies",
    "Supply",
    "Term",
    "Terms",
    "Time",
    "Unit",
    "Value",
    "Way",
]

Unit = Literal["kg", "t", "l", "m", "s", "km/h", "veh/km", "exposure", "MLC"]


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


Value = (
    Quantity
    | Difference
    | Time
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
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing that a fact is about.

    Parameters
    ----------
    kind : str
        ``"plan"``, ``"convoy"``, ``"trip"``, ``"leg"``, ``"stop"``, ``"demand"``, ``"site"``, ...
    id : str
        Its id; parts of a thing carry the thing's id before their own, with a slash.
    parent : Subject or None
        What it is a part of.
    at : tuple of str, or None
        Kind and id of the thing on the map where it stands, for what is not itself on it, such as
        the site of a demand.
    """

    kind: str
    id: str
    parent: Subject | None = None
    at: tuple[str, str] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of the plan.

    Parameters
    ----------
    subject : Subject
        What it is about.
    label : str
        What it says of it, such as ``"delivered_kg"``.
    value : Value
        The value, with its unit.
    """

    subject: Subject
    label: str
    value: Value

    @property
    def id(self) -> str:
        """The same for the same plan, whoever asks: ``kind:id#label``."""
        return f"{self.subject}#{self.label}"

    @property
    def unit(self) -> str | None:
        """Unit of the value, for those that have one."""
        if isinstance(self.value, Quantity | Difference | Supply):
            return self.value.unit
        return None


class FactTable:
    """Facts in order, found by subject and label, and subjects by what they are a part of."""

    def __init__(self) -> None:
        self._facts: dict[tuple[Subject, str], Fact] = {}
        self._children: dict[tuple[Subject | None, str], dict[Subject, None]] = {}

    def add(self, subject: Subject, label: str, value: Value | None) -> None:
        """Add one fact; None, something that nobody stated, adds nothing.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            What it says of it.
        value : Value or None
            The value.

        Raises
        ------
        ValueError
            If the subject has such a fact already.
        """
        self._children.setdefault((subject.parent, subject.kind), {})[subject] = None
        if value is None:
            return
        if (subject, label) in self._facts:
            raise ValueError(f"{subject} has a fact {label!r} already")
        self._facts[subject, label] = Fact(subject, label, value)

    def get(self, subject: Subject, label: str) -> Fact | None:
        """Return a fact, or None if it is not known.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            What it says of it.

        Returns
        -------
        Fact or None
            The fact.
        """
        return self._facts.get((subject, label))

    def of(self, subject: Subject) -> dict[str, Fact]:
        """Return all facts about one subject.

        Parameters
        ----------
        subject : Subject
            What they are about.

        Returns
        -------
        dict of str to Fact
            By label, in the order in which they were added.
        """
        return {label: fact for (about, label), fact in self._facts.items() if about == subject}

    def children(self, parent: Subject | None, kind: str) -> tuple[Subject, ...]:
        """Return the parts of a subject.

        Parameters
        ----------
        parent : Subject or None
            The whole; None for what is part of nothing.
        kind : str
            Kind of the parts.

        Returns
        -------
        tuple of Subject
            In the order in which they were added.
        """
        return tuple(self._children.get((parent, kind), {}))

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def __len__(self) -> int:
        return len(self._facts)
