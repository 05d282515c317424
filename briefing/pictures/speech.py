"""What is written in a picture: values from facts, words from the phrase bank."""

from __future__ import annotations

from briefing.facts.model import Fact, FactTable, Name, Subject, Value
from briefing.wording.statement import Sentence, Statement, Voice

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
        #: Facts that only pictures tell, such as what lies along a way.
        self.more = FactTable()

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
