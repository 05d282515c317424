"""The words of the page, French and English, from one catalogue."""

from __future__ import annotations

import functools
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import cast, get_args

from briefing.wording.grammar import typeset
from optimizer.faults import Language

__all__ = ["LANGUAGES", "Words", "catalogue", "language_of"]

LANGUAGES: tuple[Language, ...] = get_args(Language)


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every text of the page.

    Returns
    -------
    mapping
        ``{"section.key": {"en": text, "fr": text}}``.
    """
    text = files("dashboard.i18n").joinpath("words.toml").read_text(encoding="utf-8")
    return {
        f"{section}.{key}": cast("Mapping[str, str]", entry)
        for section, entries in tomllib.loads(text).items()
        for key, entry in entries.items()
    }


def language_of(given: object) -> Language:
    """Return the language that a browser asks for.

    Parameters
    ----------
    given : object
        What the page sent, such as ``"fr"``.

    Returns
    -------
    {"en", "fr"}
        English for whatever is no known language.
    """
    return "fr" if given == "fr" else "en"


@dataclass(frozen=True, slots=True)
class Words:
    """Says the texts of the page in one language.

    Parameters
    ----------
    language : {"en", "fr"}
        Language.
    """

    language: Language

    def __call__(self, key: str, **fields: object) -> str:
        """Return a text.

        Parameters
        ----------
        key : str
            Key of the catalogue, such as ``"start.open"``.
        **fields : object
            Values for the fields of the text.

        Returns
        -------
        str
            The text, set as the language asks. For ``number`` a text may hold a singular and a
            plural, with a bar between.
        """
        text = catalogue()[key][self.language]
        one, bar, many = text.partition("|")
        if bar:
            number = fields.get("number")
            few = number in (0, 1) if self.language == "fr" else number == 1
            text = one if few else many
        return typeset(string.Formatter().vformat(text, (), fields), self.language)

    def maybe(self, key: str) -> str | None:
        """Return a text without fields, if the catalogue has it.

        Parameters
        ----------
        key : str
            Key.

        Returns
        -------
        str or None
            None for a key that it does not have.
        """
        return self(key) if key in catalogue() else None
