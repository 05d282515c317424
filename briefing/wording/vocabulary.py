"""Words for coded values: units with their plurals, terms; each in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.wording.grammar import is_plural, typeset
from optimizer.faults import Language

__all__ = ["Entry", "Vocabulary"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or group of words: singular and plural a language, the same where there is one."""

    forms: Mapping[Language, tuple[str, str]]

    def form(self, language: Language, number: float = 1) -> str:
        """Return the word for so many things.

        Parameters
        ----------
        language : {"en", "fr"}
            Language.
        number : float
            How many.

        Returns
        -------
        str
            Singular or plural.
        """
        return self.forms[language][is_plural(number, language)]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by key, such as ``"unit.case"`` or ``"ground.wet"``."""

    entries: Mapping[str, Entry]

    @classmethod
    def read(cls, rows: Mapping[str, Mapping[Language, str]]) -> Vocabulary:
        """Make a vocabulary from a table: ``{key: {"en": "one|many", "fr": "un|plusieurs"}}``.

        Parameters
        ----------
        rows : mapping
            Words by key and language.

        Returns
        -------
        Vocabulary
            The vocabulary.
        """
        languages: tuple[Language, ...] = ("en", "fr")
        entries = {}
        for key, row in rows.items():
            forms: dict[Language, tuple[str, str]] = {}
            for language in languages:
                one, _, many = typeset(row[language], language).partition("|")
                forms[language] = (one, many or one)
            entries[key] = Entry(forms)
        return cls(entries)

    def word(self, key: str, language: Language, number: float = 1) -> str | None:
        """Return a word, or None if the vocabulary does not have it.

        Parameters
        ----------
        key : str
            Key.
        language : {"en", "fr"}
            Language.
        number : float
            How many, for singular or plural.

        Returns
        -------
        str or None
            The word.
        """
        entry = self.entries.get(key)
        return None if entry is None else entry.form(language, number)
