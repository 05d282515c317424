"""The few rules of grammar that slots need: plural, elision, contraction, French spaces."""

from __future__ import annotations

import re
import unicodedata

from briefing.wording.numbers import NARROW
from optimizer.faults import Language

__all__ = ["is_plural", "typeset", "with_preposition"]

_APOSTROPHE = "\u2019"
_VOWELS = frozenset("aeiouy")
#: Words in h that are spoken as if they began with a consonant: no elision before them.
_ASPIRATED = re.compile(
    r"(?:hal[lt]e|hameau|hangar|haras|haricot|haut|havre|h[eé]risson|h[eê]tre|hollande|hongrie|"
    r"h[uo]{1,2}ssard|huit|honfleur|ha[iï]ti|hambourg|hanovre)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r" ([:;!?»%])")
_AFTER = re.compile(r"« ")


def is_plural(number: float, language: Language) -> bool:
    """Tell whether a number asks for the plural.

    Parameters
    ----------
    number : float
        The number.
    language : {"en", "fr"}
        French has the singular below two, English only at one.

    Returns
    -------
    bool
        True for the plural.
    """
    if language == "fr":
        return abs(number) >= 2  # noqa: PLR2004
    return number != 1


def _elides(word: str) -> bool:
    # A name of one letter, or one that is spelt out such as "A12", is not elided before.
    if len(word) < 2 or not word[1].isalpha():  # noqa: PLR2004
        return False
    first = unicodedata.normalize("NFD", word[0])[0].casefold()
    if word[0] in "ŒœÆæ":
        return True
    if first == "h":
        return not _ASPIRATED.match(word)
    if first == "y":
        # "d'Yverdon", but "de Yaoundé": a y before a vowel is a consonant.
        return unicodedata.normalize("NFD", word[1])[0].casefold() not in _VOWELS
    return first in _VOWELS


def with_preposition(preposition: str, words: str) -> str:
    """Put ``de`` or ``à`` before French words, elided or drawn together with their article.

    Parameters
    ----------
    preposition : {"de", "à"}
        Preposition.
    words : str
        What follows, such as a place's name.

    Returns
    -------
    str
        ``"d'Ordino"``, ``"de Canillo"``, ``"du Pas de la Case"``, ``"aux Escaldes"``.
    """
    drawn = {"de": {"Le ": "du ", "Les ": "des "}, "à": {"Le ": "au ", "Les ": "aux "}}
    for article, together in drawn[preposition].items():
        if words.startswith(article):
            return together + words.removeprefix(article)
    if preposition == "de" and _elides(words):
        return f"d{_APOSTROPHE}{words}"
    return f"{preposition} {words}"


def typeset(text: str, language: Language) -> str:
    """Set apostrophes, and in French the spaces of punctuation, narrow and unbreakable.

    Parameters
    ----------
    text : str
        Words of the phrase bank, with plain spaces.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        The words.
    """
    text = text.replace("'", _APOSTROPHE)
    if language == "en":
        return text
    return _AFTER.sub(f"«{NARROW}", _BEFORE.sub(rf"{NARROW}\1", text))
