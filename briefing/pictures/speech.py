"""What is written in a picture: values from facts, words from the phrase bank."""

from __future__ import annotations

from dataclasses import replace

from briefing.documents.ask import Asker
from briefing.facts.model import Fact, FactTable, Name, Subject, Value
from briefing.wording.statement import Sentence, Statement, Voice
from optimizer.faults import Language

__all__ = ["Speech"]


class Speech:
    """Says what stands in pictures.

    Parameters
    ----------
    table : FactTable
        Facts of the plan.
    voice : Voice
        Language and zone.
    """

    def __init__(self, table: FactTable, voice: Voice) -> None:
        self.table = table
        self.voice = voice
        #: Asks the plan's own facts, as documents do.
        self.ask = Asker(table, voice.bank)
        #: Facts that only pictures tell, such as what lies along a way.
        self.more = FactTable()

    def in_language(self, language: Language) -> Speech:
        """Return one that says the same in a language.

        Parameters
        ----------
        language : {"en", "fr"}
            Language.

        Returns
        -------
        Speech
            Another one of the same table of facts.
        """
        writer = replace(self.voice.writer, language=language)
        return Speech(self.table, replace(self.voice, writer=writer))

    def fact(self, subject: Subject, label: str) -> Fact | None:
        """Return a fact of the plan.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            What it says of it.

        Returns
        -------
        Fact or None
            None if nobody knows it.
        """
        return self.table.get(subject, label) or self.more.get(subject, label)

    def must(self, subject: Subject, label: str, value: Value) -> Fact:
        """Return a fact of the plan; one that the table does not have is added to `more`.

        Parameters
        ----------
        subject : Subject
            What it is about.
        label : str
            What it says of it.
        value : Value
            Its value.

        Returns
        -------
        Fact
            That of the table, if it has one.
        """
        found = self.table.get(subject, label) or self.more.get(subject, label)
        if found is None:
            self.more.add(subject, label, value)
            found = Fact(subject, label, value)
        return found

    def told(self, claim: str, *subjects: Subject, **labels: str) -> tuple[Sentence, ...]:
        """Say a claim if all its facts are known.

        Parameters
        ----------
        claim : str
            Claim type.
        *subjects : Subject
            What it is said of; each fact is that of the first that has it.
        **labels : str
            Label of the fact for each slot whose name is not the label itself.

        Returns
        -------
        tuple of Sentence
            One sentence, or none.
        """
        return tuple(self.voice.say(one) for one in self.ask.say(claim, *subjects, **labels))

    def ordered(self, whole: Subject, kind: str) -> tuple[Subject, ...]:
        """Return what each vehicle loads or hands over, in the order of march.

        Parameters
        ----------
        whole : Subject
            A trip or a stop.
        kind : str
            Kind of its parts.

        Returns
        -------
        tuple of Subject
            The parts.
        """
        return self.ask.in_march_order(whole, kind)

    def value(self, fact: Fact) -> Sentence:
        """Say a value alone.

        Parameters
        ----------
        fact : Fact
            The fact.

        Returns
        -------
        Sentence
            Its value.
        """
        return self.voice.say(Statement("value", {"value": fact}))

    def moment(self, fact: Fact) -> Sentence:
        """Say a time without its month and year.

        Parameters
        ----------
        fact : Fact
            A fact whose value is a time.

        Returns
        -------
        Sentence
            Day, hour, minute and zone.
        """
        return self.voice.say(Statement("moment", {"value": fact}))

    def name(self, subject: Subject, name: str) -> Sentence:
        """Say what a thing is called.

        Parameters
        ----------
        subject : Subject
            A site, an area, a change, a convoy.
        name : str
            Its label, or its id where it has none.

        Returns
        -------
        Sentence
            Its name.
        """
        return self.value(self.must(subject, "label", Name(name)))

    def words(self, claim: str, **facts: Fact) -> Sentence:
        """Say something of the bank's ``picture`` table.

        Parameters
        ----------
        claim : str
            Key after ``picture.``.
        **facts : Fact
            A fact for each slot.

        Returns
        -------
        Sentence
            Its words.
        """
        return self.voice.say(Statement(f"picture.{claim}", facts))
