"""A statement says one claim of one subject; a voice puts it into the words of a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from briefing.facts.model import Fact, Prose, Term, Terms, Value
from briefing.wording.bank import Bank, BankError, Field
from briefing.wording.grammar import is_plural
from briefing.wording.names import clean_lines
from briefing.wording.values import Writer, number_of, slot_type
from optimizer.faults import Language

__all__ = ["Sentence", "Span", "Statement", "Voice"]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said, in no language yet.

    Parameters
    ----------
    claim : str
        Key of a claim type of the phrase bank.
    facts : mapping of str to Fact
        A fact for each slot of the claim.
    turn : int
        Which of the claim's phrasings is used, counted on from the last one to the first.
    """

    claim: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; with a fact it is that fact's value, without it words of the bank."""

    text: str
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement in the words of one language."""

    claim: str
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The plain text."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Voice:
    """Says statements in one language.

    Parameters
    ----------
    bank : Bank
        Phrase bank.
    writer : Writer
        Writes values, in the language that the voice speaks.
    """

    bank: Bank
    writer: Writer

    @property
    def language(self) -> Language:
        """Language of the voice."""
        return self.writer.language

    def say(self, statement: Statement) -> Sentence:
        """Put a statement into words.

        Parameters
        ----------
        statement : Statement
            What is to be said.

        Returns
        -------
        Sentence
            The words, each value with the fact that it comes from.

        Raises
        ------
        BankError
            If the facts do not fit the slots of the claim.
        """
        claim = self.bank.claim(statement.claim)
        if claim.slots.keys() != statement.facts.keys():
            raise BankError(
                f"{claim.key} takes {sorted(claim.slots)}, not {sorted(statement.facts)}"
            )
        for slot, wanted in claim.slots.items():
            found = slot_type(statement.facts[slot].value)
            if wanted not in {found, "any"}:
                raise BankError(f"slot {slot} of {claim.key} takes a {wanted}, not a {found}")
        parts = claim.phrasing(self.language, statement.turn)
        if claim.called and self._tells_its_kind(statement):
            parts = claim.called[self.language]
        first, *rest = (self._span(part, statement) for part in parts)
        if claim.key != "value" and isinstance(parts[0], Field):
            first = self._begun(first, statement.facts[parts[0].slot].value)
        return Sentence(claim.key, (first, *rest))

    def _tells_its_kind(self, statement: Statement) -> bool:
        """Whether the label of a thing begins with its kind, as this language says it."""
        label, kind = (
            next(self.writer.write(statement.facts[s].value) for s in slots if s in statement.facts)
            for slots in (("label", "area", "change"), ("kind",))
        )
        return label.casefold().startswith(kind.casefold())

    @staticmethod
    def _begun(first: Span, value: Value) -> Span:
        """Begin a sentence with a capital where our words begin it; a person's stay as they are."""
        if not isinstance(value, Term | Terms):
            return first
        return replace(first, text=first.text[:1].upper() + first.text[1:])

    def _span(self, part: str | Field, statement: Statement) -> Span:
        if isinstance(part, str):
            return Span(part)
        fact = statement.facts[part.slot]
        if part.forms is not None:
            number = number_of(fact.value)
            if number is None:
                raise BankError(f"{statement.claim}: nothing agrees with the slot {part.slot}")
            return Span(part.forms[is_plural(number, self.language)])
        if part.preposition is not None:
            return Span(self.writer.with_preposition(part.preposition, fact.value), fact.id)
        if part.short:
            return Span(self.writer.short(fact.value), fact.id)
        if part.joined:
            return Span(self.writer.joined(fact.value), fact.id)
        return Span(self.writer.write(fact.value), fact.id)

    def lines(self, fact: Fact) -> tuple[Sentence, ...]:
        """Return the words of a person, one sentence a line, whole.

        Parameters
        ----------
        fact : Fact
            A fact whose value is prose.

        Returns
        -------
        tuple of Sentence
            Its lines; none for another value.
        """
        if not isinstance(fact.value, Prose):
            return ()
        return tuple(
            Sentence("prose", (Span(line, fact.id),)) for line in clean_lines(fact.value.text)
        )
