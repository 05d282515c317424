"""Faults: a code, a place in the document and parameters; the words come from one catalogue.

The catalogue is ``data/messages/faults.toml``, with those of plans in ``violations.toml`` beside
it: one table a code, one sentence a language, with the parameters as ``{name}`` fields. A code
without words is a defect that a test finds.
"""

from __future__ import annotations

import enum
import functools
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from optimizer.datasets import data_path

__all__ = ["Fault", "Language", "Severity", "catalogue", "has_errors"]

Language = Literal["en", "fr"]

_CATALOGUES = ("faults.toml", "violations.toml", "jobs.toml")


class Severity(enum.StrEnum):
    """Whether a document is refused (error) or taken with a remark (warning)."""

    ERROR = "error"
    WARNING = "warning"


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the sentences of every fault code, by code and language.

    Returns
    -------
    mapping
        ``{code: {"en": sentence, "fr": sentence}}``.
    """
    words: dict[str, Mapping[str, str]] = {}
    for name in _CATALOGUES:
        with data_path("messages", name).open("rb") as file:
            words.update(tomllib.load(file))
    return words


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or worth a warning, at one place of a document.

    Parameters
    ----------
    code : str
        A key of the catalogue, such as ``"scenario.unknown_key"``.
    pointer : str
        RFC 6901 JSON pointer to the place in the document; empty for the whole document.
    params : mapping
        Values for the fields of the sentence.
    severity : Severity
        Error or warning.
    line : int or None
        Line in the file, counted from 1, where it is known.
    """

    code: str
    pointer: str = ""
    params: Mapping[str, str | int | float] = field(default_factory=dict)
    severity: Severity = Severity.ERROR
    line: int | None = None

    def text(self, language: Language = "en") -> str:
        """Return the sentence of the fault.

        Parameters
        ----------
        language : {"en", "fr"}
            Language of the sentence.

        Returns
        -------
        str
            What is wrong and what would be right.
        """
        template = catalogue()[self.code][language]
        shown = {name: _shown(value, language) for name, value in self.params.items()}
        return string.Formatter().vformat(template, (), shown)

    def __str__(self) -> str:
        place = self.pointer or "/"
        line = f" (line {self.line})" if self.line is not None else ""
        return f"{self.severity.value}: {place}{line}: {self.text('en')}"


def _shown(value: str | float, language: Language) -> str | float:
    """Write a figure as people do: 24 and not 24.0, and 3,5 in French."""
    if not isinstance(value, float):
        return value
    text = f"{value:.10g}"
    return text.replace(".", ",") if language == "fr" else text


def has_errors(faults: tuple[Fault, ...] | list[Fault]) -> bool:
    """Tell whether one of the faults refuses the document.

    Parameters
    ----------
    faults : sequence of Fault
        Faults of one document.

    Returns
    -------
    bool
        True if at least one has the severity ``error``.
    """
    return any(fault.severity is Severity.ERROR for fault in faults)
