"""The phrase bank: one claim type is one entry, with typed slots and words in each language.

The words of a language are one template, or several that say the same: where a text would repeat
itself, each use takes the next. A template is plain words with fields::

    {share}                     the value of a slot
    {demands|is|are}            a word that agrees with the number of a slot
    ~                           a no-break space
    {de site}  {à site}         French: the value with its preposition, elided or drawn together
    {short due}                 a date-time group without its month and year: ``150904B``
    {and steps}                 names in a sentence, the last joined by "and"; a list has commas

What tells the kind of a thing and its label has words of its own, ``called``, for a label that
begins with the kind: "Road cut, CG 3" is not said to be a road cut once more.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from importlib import resources

from briefing.wording.grammar import typeset
from briefing.wording.numbers import NO_BREAK
from briefing.wording.vocabulary import Vocabulary
from optimizer.faults import Language

__all__ = ["LANGUAGES", "Bank", "BankError", "Claim", "Field", "bank", "parse_template"]

LANGUAGES: tuple[Language, ...] = ("en", "fr")

_FIELD = re.compile(r"\{(?:(de|à|short|and) )?([a-z_]+)(?:\|([^|{}]*)\|([^|{}]*))?\}")
_VOCABULARY = "vocabulary.toml"


class BankError(Exception):
    """An entry of the phrase bank is not sound: a defect of the program, not of the plan."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a template.

    Parameters
    ----------
    slot : str
        Slot that it shows or agrees with.
    preposition : str or None
        ``"de"`` or ``"à"``, in French only.
    forms : tuple of str or None
        Singular and plural of a word that agrees; the value itself is then not shown.
    short : bool
        Whether a time is told without its month and year, which stand nearby.
    joined : bool
        Whether the last of several names is joined by "and".
    """

    slot: str
    preposition: str | None = None
    forms: tuple[str, str] | None = None
    short: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim type.

    Parameters
    ----------
    key : str
        For instance ``"bottom_line.delivered"``.
    slots : mapping of str to str
        Slots and their types.
    templates : mapping of str to tuple of tuple
        Phrasings by language, each as words and fields in order.
    called : mapping of str to tuple
        Words by language without the slot ``kind``, for a label that begins with it; empty where
        the claim tells no kind.
    """

    key: str
    slots: Mapping[str, str]
    templates: Mapping[Language, tuple[tuple[str | Field, ...], ...]]
    called: Mapping[Language, tuple[str | Field, ...]] = field(default_factory=dict)

    def phrasing(self, language: Language, turn: int = 0) -> tuple[str | Field, ...]:
        """Return the words for one use of the claim.

        Parameters
        ----------
        language : {"en", "fr"}
            Language.
        turn : int
            Which use it is in its document; the phrasings take turns.

        Returns
        -------
        tuple of str or Field
            Words and fields in order.
        """
        phrasings = self.templates[language]
        return phrasings[turn % len(phrasings)]


def parse_template(text: str, language: Language) -> tuple[str | Field, ...]:
    """Take a template apart.

    Parameters
    ----------
    text : str
        Template.
    language : {"en", "fr"}
        Language, for the spaces of its punctuation.

    Returns
    -------
    tuple of str or Field
        Its parts in order.

    Raises
    ------
    BankError
        If a brace is not part of a field.
    """
    parts: list[str | Field] = []
    end = 0
    text = typeset(text, language).replace("~", NO_BREAK)
    for match in _FIELD.finditer(text):
        parts.append(text[end : match.start()])
        how, slot, one, many = match.groups()
        forms = None if one is None else (one, many)
        preposition = how if how in {"de", "à"} else None
        parts.append(Field(slot, preposition, forms, how == "short", how == "and"))
        end = match.end()
    parts.append(text[end:])
    if any(isinstance(part, str) and ("{" in part or "}" in part) for part in parts):
        raise BankError(f"{text!r} has a brace that is not part of a field")
    return tuple(part for part in parts if part != "")


def _shown(parts: tuple[str | Field, ...]) -> set[str]:
    return {part.slot for part in parts if isinstance(part, Field)}


def _claim(key: str, entry: Mapping[str, object]) -> Claim:
    slots = entry.get("slots", {})
    if not isinstance(slots, dict):
        raise BankError(f"{key}: slots is a table of slots and their types")
    templates: dict[Language, tuple[tuple[str | Field, ...], ...]] = {}
    for language in LANGUAGES:
        given = entry.get(language)
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
            raise BankError(f"{key} has no words in {language}")
        templates[language] = tuple(parse_template(text, language) for text in texts)
        if any(_shown(template) != set(slots) for template in templates[language]):
            raise BankError(f"{key} in {language} does not use exactly the slots {sorted(slots)}")
    told = {str(k): str(v) for k, v in slots.items()}
    return Claim(key, told, templates, _called(key, entry, slots.keys() - {"kind"}))


def _called(
    key: str, entry: Mapping[str, object], slots: AbstractSet[str]
) -> dict[Language, tuple[str | Field, ...]]:
    given = entry.get("called")
    if given is None:
        return {}
    if not isinstance(given, dict) or given.keys() != set(LANGUAGES):
        raise BankError(f"{key}: called is a table of the words in {' and '.join(LANGUAGES)}")
    words = {language: parse_template(str(given[language]), language) for language in LANGUAGES}
    if any(_shown(template) != slots for template in words.values()):
        raise BankError(f"{key}: called does not use exactly the slots {sorted(slots)}")
    return words


def _entries(
    table: Mapping[str, object], prefix: str = ""
) -> Iterator[tuple[str, dict[str, object]]]:
    for key, value in table.items():
        if not isinstance(value, dict):
            raise BankError(f"{prefix}{key} is not a table")
        if {"en", "fr"} & value.keys():
            yield prefix + key, value
        else:
            yield from _entries(value, f"{prefix}{key}.")


def _files() -> Iterator[str]:
    folder = resources.files("briefing.wording").joinpath("phrases")
    names = (file.name for file in folder.iterdir())
    return (name for name in sorted(names) if name.endswith(".toml") and name != _VOCABULARY)


def _read(name: str) -> dict[str, dict[str, object]]:
    text = resources.files("briefing.wording").joinpath("phrases", name).read_text("utf-8")
    return dict(_entries(tomllib.loads(text)))


@dataclass(frozen=True, slots=True)
class Bank:
    """Every claim type, and the vocabulary of coded values."""

    claims: Mapping[str, Claim]
    vocabulary: Vocabulary

    def claim(self, key: str) -> Claim:
        """Return a claim type.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        Claim
            The claim type.

        Raises
        ------
        BankError
            If there is none: nothing is ever said in words that the bank does not have.
        """
        try:
            return self.claims[key]
        except KeyError:
            raise BankError(f"the phrase bank has no claim {key!r}") from None


@functools.cache
def bank() -> Bank:
    """Return the phrase bank, both languages complete.

    Returns
    -------
    Bank
        The bank.

    Raises
    ------
    BankError
        If an entry lacks a language, or its languages do not have the same slots.
    """
    claims: dict[str, Claim] = {}
    for name in _files():
        for key, entry in _read(name).items():
            if key in claims:
                raise BankError(f"the phrase bank has the claim {key!r} twice")
            claims[key] = _claim(key, entry)
    rows = {
        key: {language: str(entry[language]) for language in LANGUAGES}
        for key, entry in _read(_VOCABULARY).items()
    }
    return Bank(claims, Vocabulary.read(rows))
