"""The difference of two plans as plain text in English or French, and as plain data."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from optimizer.datasets import data_path
from optimizer.faults import Language
from optimizer.plan.diff import Change, PlanDiff

__all__ = ["diff_document", "diff_text"]

_SUBJECTS = ("scenario", "convoy", "demand", "metric")


def diff_text(diff: PlanDiff, language: Language = "en") -> str:
    """Put a difference into words.

    Parameters
    ----------
    diff : PlanDiff
        Difference.
    language : {"en", "fr"}
        Language.

    Returns
    -------
    str
        A heading for each subject that changed, one line a change; ends with a newline.
    """
    lines = [f"{diff.before} -> {diff.after}"]
    for subject in _SUBJECTS:
        changes = diff.of(subject)
        if changes:
            lines += ["", _words()[f"heading.{subject}"][language]]
            lines += [f"  {_sentence(change, diff, language)}" for change in changes]
    if not diff.changes:
        lines.append(_words()["heading.none"][language])
    return "\n".join(lines) + "\n"


def diff_document(diff: PlanDiff) -> dict[str, object]:
    """Return a difference as JSON types.

    Parameters
    ----------
    diff : PlanDiff
        Difference.

    Returns
    -------
    dict
        ``before`` and ``after`` (ids), and ``changes`` with the fields of `Change`.
    """
    return {
        "before": diff.before,
        "after": diff.after,
        "changes": [
            {
                "subject": change.subject,
                "id": change.id,
                "what": change.what,
                "before": _json(change.before),
                "after": _json(change.after),
            }
            for change in diff.changes
        ],
    }


@functools.cache
def _words() -> Mapping[str, Mapping[str, str]]:
    with data_path("messages", "diff.toml").open("rb") as file:
        return tomllib.load(file)


def _sentence(change: Change, diff: PlanDiff, language: Language) -> str:
    nothing = _words()["heading.nothing"][language]

    def shown(value: object) -> str:
        if value is None:
            return nothing
        if isinstance(value, datetime):
            return f"{value.astimezone(ZoneInfo(diff.zone)):%Y-%m-%d %H:%M:%S}"
        return str(value)

    name = change.id.partition("/")[2] if change.subject == "metric" else change.id
    template = _words()[f"{change.subject}.{change.what}"][language]
    return template.format(id=name, before=shown(change.before), after=shown(change.after))


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
