"""A fact: one typed value with an id, a label and the thing it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from briefing.facts.values import (
    Classes,
    Count,
    Difference,
    Label,
    Name,
    Names,
    OutOf,
    Period,
    Periods,
    Prose,
    Quantity,
    Ratio,
    Shortage,
    Supplies,
    Supply,
    Term,
    Terms,
    Time,
    Times,
    Unit,
    Value,
    Way,
)

__all__ = [
    "Classes",
    "Count",
    "Difference",
    "Fact",
    "FactTable",
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
    "Subject",
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
    """Facts by subject, found by subject and label, and subjects by what they are a part of."""

    def __init__(self) -> None:
        self._facts: dict[Subject, dict[str, Fact]] = {}
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
        known = self._facts.setdefault(subject, {})
        if label in known:
            raise ValueError(f"{subject} has a fact {label!r} already")
        known[label] = Fact(subject, label, value)

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
        return self._facts.get(subject, {}).get(label)

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
        return dict(self._facts.get(subject, {}))

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
        return (fact for facts in self._facts.values() for fact in facts.values())

    def __len__(self) -> int:
        return sum(map(len, self._facts.values()))
