"""From a plan to a finished document: the one door for command, interface and dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from briefing.documents import DOCUMENTS
from briefing.documents.tree import Document, Picture
from briefing.facts import FactTable, facts_of
from briefing.facts.release import Release
from briefing.render.pictured import Pictures
from briefing.wording import LANGUAGES, voice
from briefing.wording.statement import Voice
from optimizer.errors import UsageError
from optimizer.faults import Language
from optimizer.plan.model import Plan

if TYPE_CHECKING:
    from optimizer.terrain.theatre import Theatre

__all__ = ["FORMATS", "Written", "write"]

#: Every format by its name, which also ends the names of files.
FORMATS = ("md", "html", "pdf")

_MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "md": "text/markdown; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "pdf": "application/pdf",
    }
)


@dataclass(frozen=True, slots=True)
class Written:
    """A finished document.

    Parameters
    ----------
    content : bytes
        The file.
    media_type : str
        What it is, as HTTP says it.
    file_name : str
        A name for it, of letters, figures, points, hyphens and underscores.
    """

    content: bytes
    media_type: str
    file_name: str


def write(
    plan: Plan,
    *,
    document: str,
    language: Language,
    form: str,
    release: Release | None = None,
    before: Plan | None = None,
    theatre: Theatre | None = None,
) -> Written:
    """Write a document of a plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    document : str
        Which document: a key of `briefing.documents.DOCUMENTS`.
    language : {"en", "fr"}
        Language.
    form : str
        How: one of `FORMATS`.
    release : Release, optional
        Who released it; without one it says that it is a draft.
    before : Plan, optional
        The plan that this one is compared with.
    theatre : Theatre, optional
        Its ground; without it pictures have no relief, and say so.

    Returns
    -------
    Written
        The same bytes for the same arguments.

    Raises
    ------
    UsageError
        If there is no such document, language or format.
    OutsideError
        If what a format needs is not installed.
    """
    _one_of("document", document, tuple(DOCUMENTS))
    _one_of("language", language, LANGUAGES)
    _one_of("format", form, FORMATS)
    table = facts_of(plan, release=release, before=before, theatre=theatre)
    horizon = plan.scenario.horizon
    spoken = voice(language, plan.scenario.display_zone, over=(horizon.start, horizon.end))
    tree = DOCUMENTS[document](table)
    return Written(
        _rendered(tree, spoken, _Lazily(plan, table, spoken, theatre), plan, form),
        _MEDIA_TYPES[form],
        f"{document}-{plan.id}.{language}.{form}",
    )


class _Lazily:
    """Pictures that are only loaded when one is asked for: with them come libraries of maps."""

    def __init__(
        self, plan: Plan, table: FactTable, spoken: Voice, theatre: Theatre | None
    ) -> None:
        self._given = (plan, table, spoken, theatre)
        self._pictures: Pictures | None = None

    def svg(self, picture: Picture) -> str:
        if self._pictures is None:
            from briefing.pictures import pictures_of  # noqa: PLC0415

            self._pictures = pictures_of(*self._given)
        return self._pictures.svg(picture)


def _one_of(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise UsageError(f"there is no {what} {given!r}; there are {', '.join(known)}")


def _rendered(tree: Document, spoken: Voice, pictures: Pictures, plan: Plan, form: str) -> bytes:
    # A renderer is imported when it is asked for: each brings libraries of its own.
    match form:
        case "md":
            from briefing.render.markdown import to_markdown  # noqa: PLC0415

            return to_markdown(tree, spoken).encode("utf-8")
        case "html":
            from briefing.render.html import to_html  # noqa: PLC0415

            return to_html(tree, spoken, pictures).encode("utf-8")
        case _:
            from briefing.render.pdf import to_pdf  # noqa: PLC0415

            return to_pdf(tree, spoken, pictures, made=plan.provenance.created)
