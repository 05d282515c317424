"""Facts about a document as such: what it is called, who it is from and to, what it rests on."""

from __future__ import annotations

from briefing.facts.model import FactTable, Name, Names, Prose, Subject, Time
from briefing.facts.release import Release
from optimizer.plan.model import Plan

__all__ = ["add_document"]

_NAMES = ("number", "version", "cancels", "issuer", "addressee", "commander", "deputy")
_TEXTS = (
    "situation",
    "signals",
    "refuel",
    "halts",
    "breakdown",
    "separation",
    "recovery",
    "medical_evacuation",
)


def add_document(
    table: FactTable, plan: Plan, about: Subject, digest: str, release: Release | None = None
) -> None:
    """Add what every document of a plan carries.

    Parameters
    ----------
    table : FactTable
        Table that is added to.
    plan : Plan
        The plan.
    about : Subject
        The plan as a subject.
    digest : str
        Digest over the content of the plan.
    release : Release, optional
        Who released the document.
    """
    scenario, documents = plan.scenario, plan.scenario.documents
    table.add(about, "id", Name(plan.id))
    table.add(about, "digest", Name(digest))
    table.add(about, "scenario", Name(scenario.id))
    table.add(about, "title", Name(scenario.title) if scenario.title.strip() else None)
    table.add(about, "marking", Prose(scenario.marking) if scenario.marking.strip() else None)
    for label in _NAMES:
        text = str(getattr(documents, label)).strip()
        table.add(about, label, Name(text) if text else None)
    for label in _TEXTS:
        text = str(getattr(documents, label)).strip()
        table.add(about, label, Prose(text) if text else None)
    if documents.references:
        table.add(about, "references", Names(documents.references))
    if release is not None:
        table.add(about, "released_by", Name(release.name))
        table.add(about, "released_at", Time(release.at))
