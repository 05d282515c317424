"""Asks a table of facts, and says what can be said of the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from briefing.documents.tree import Cell, FieldLine
from briefing.facts.model import Count, Fact, FactTable, Name, Prose, Subject, Term
from briefing.wording.bank import Bank
from briefing.wording.statement import Statement

__all__ = ["Asker", "cell", "columns", "said", "turned"]


def said(claim: str, **facts: Fact) -> Statement:
    """Return a statement of a claim.

    Parameters
    ----------
    claim : str
        Claim type.
    **facts : Fact
        A fact for each slot.

    Returns
    -------
    Statement
        The statement.
    """
    return Statement(claim, facts)


def cell(fact: Fact | None) -> Cell:
    """Return the cell of a table that shows one fact.

    Parameters
    ----------
    fact : Fact or None
        The fact.

    Returns
    -------
    Cell
        Empty if the fact is not known.
    """
    return () if fact is None else (said("value", value=fact),)


def columns(*names: str) -> tuple[Statement, ...]:
    """Return the headings of columns.

    Parameters
    ----------
    *names : str
        Their keys in the phrase bank.

    Returns
    -------
    tuple of Statement
        One a column.
    """
    return tuple(said(f"column.{name}") for name in names)


def turned(turn: int, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return statements in the phrasing whose turn it is, so that a text does not repeat itself.

    Parameters
    ----------
    turn : int
        Which use of the claim it is in its document, such as the position of its subject.
    statements : tuple of Statement
        Statements.

    Returns
    -------
    tuple of Statement
        The same claims of the same facts.
    """
    return tuple(replace(statement, turn=turn) for statement in statements)


@dataclass(frozen=True, slots=True)
class Asker:
    """A table of facts and the phrase bank that speaks of them.

    Parameters
    ----------
    table : FactTable
        Facts of one plan.
    bank : Bank
        Phrase bank, asked which facts a claim needs.
    """

    table: FactTable
    bank: Bank

    @property
    def plan(self) -> Subject:
        """The plan itself."""
        return self.parts(None, "plan")[0]

    def parts(self, whole: Subject | None, kind: str) -> tuple[Subject, ...]:
        """Return the parts of a subject.

        Parameters
        ----------
        whole : Subject or None
            The whole; None for what is part of nothing.
        kind : str
            Kind of the parts.

        Returns
        -------
        tuple of Subject
            In the order of the plan.
        """
        return self.table.children(whole, kind)

    def in_march_order(self, whole: Subject, kind: str) -> tuple[Subject, ...]:
        """Return the parts that belong to vehicles, in the order of march.

        Parameters
        ----------
        whole : Subject
            A trip or a stop.
        kind : str
            What each vehicle loads, or hands over.

        Returns
        -------
        tuple of Subject
            The vehicle at the head first.
        """
        parts = self.parts(whole, kind)
        return tuple(sorted(parts, key=lambda part: self.count(part, "position")))

    def fact(self, subject: Subject, label: str) -> Fact | None:
        """Return a fact.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            What it says of it.

        Returns
        -------
        Fact or None
            None if it is not known.
        """
        return self.table.get(subject, label)

    def cell(self, subject: Subject, label: str) -> Cell:
        """Return the cell of a table that shows a fact.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            What it says of it.

        Returns
        -------
        Cell
            Empty if the fact is not known.
        """
        return cell(self.fact(subject, label))

    def moment(self, subject: Subject, label: str) -> Cell:
        """Return the cell of a table that shows a time, whose month and year the text tells.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            What it says of it.

        Returns
        -------
        Cell
            Empty if the fact is not known.
        """
        return self.say("moment", subject, value=label)

    def say(self, claim: str, *subjects: Subject, **labels: str) -> tuple[Statement, ...]:
        """Say a claim of a subject if all its facts are known.

        Parameters
        ----------
        claim : str
            Claim type.
        *subjects : Subject
            What it is said of; where a leg and its stop are told in one sentence, each fact is that
            of the first that has it.
        **labels : str
            Label of the fact for each slot whose name is not the label itself.

        Returns
        -------
        tuple of Statement
            One statement, or none.
        """
        facts = {}
        for slot in self.bank.claim(claim).slots:
            label = labels.get(slot, slot)
            fact = next((found for one in subjects if (found := self.fact(one, label))), None)
            if fact is None:
                return ()
            facts[slot] = fact
        return (Statement(claim, facts),)

    def first(
        self, claims: tuple[str, ...], subject: Subject, **labels: str
    ) -> tuple[Statement, ...]:
        """Say the first of several claims that the bank has and whose facts are all known.

        Parameters
        ----------
        claims : tuple of str
            Claim types, the most telling first.
        subject : Subject
            What is spoken of.
        **labels : str
            As for `say`.

        Returns
        -------
        tuple of Statement
            One statement, or none.
        """
        for claim in claims:
            if claim in self.bank.claims and (found := self.say(claim, subject, **labels)):
                return found
        return ()

    def text(self, subject: Subject, label: str) -> str:
        """Return the text of a name or the key of a term.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            What it says of it.

        Returns
        -------
        str
            Empty if the fact is not known or is of another type.
        """
        fact = self.fact(subject, label)
        match fact and fact.value:
            case Name(text=text) | Prose(text=text):
                return text
            case Term(key=key):
                return key
            case _:
                return ""

    def count(self, subject: Subject, label: str) -> int:
        """Return a count.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            What it says of it.

        Returns
        -------
        int
            0 if the fact is not known or is of another type.
        """
        fact = self.fact(subject, label)
        return fact.value.number if fact is not None and isinstance(fact.value, Count) else 0

    def field(self, subject: Subject, label: str, title: str | None = None) -> FieldLine:
        """Return a line of a form.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            Label of the fact.
        title : str, optional
            Key of the line's title, by default the label.

        Returns
        -------
        FieldLine
            The fact, or a ruled blank where nobody stated it.
        """
        fact = self.fact(subject, label)
        value = None if fact is None else said("value", value=fact)
        return FieldLine(said(f"field.{title or label}"), value)
