"""A report as lines that an editor can follow, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optimizer.check.check import Report
from optimizer.faults import Fault, Language, Severity

__all__ = ["as_json", "as_lines"]

_SEVERITIES = {
    ("en", Severity.ERROR): "error",
    ("en", Severity.WARNING): "warning",
    ("fr", Severity.ERROR): "erreur",
    ("fr", Severity.WARNING): "avertissement",
}
_SUMMARY = {
    "en": "{file}: {errors} {error_word}, {warnings} {warning_word}",
    "fr": "{file} : {errors} {error_word}, {warnings} {warning_word}",
}


def as_lines(report: Report, language: Language) -> Iterator[str]:
    """Write a report as a compiler would.

    Parameters
    ----------
    report : Report
        What was found.
    language : {"en", "fr"}
        Language.

    Yields
    ------
    str
        ``file:line: error: /place: what is wrong and what would be right``, and a summary.
    """
    for fault in report.faults:
        where = f"{report.file}:{fault.line}" if fault.line is not None else str(report.file)
        colon = " :" if language == "fr" else ":"
        word = _SEVERITIES[language, fault.severity]
        yield f"{where}: {word}{colon} {fault.pointer or '/'}{colon} {fault.text(language)}"
    yield _SUMMARY[language].format(
        file=report.file,
        errors=report.errors,
        error_word=_counted(report.errors, _SEVERITIES[language, Severity.ERROR], language),
        warnings=report.warnings,
        warning_word=_counted(report.warnings, _SEVERITIES[language, Severity.WARNING], language),
    )


def _counted(number: int, word: str, language: Language) -> str:
    # In French nought is singular.
    plural = number > 1 if language == "fr" else number != 1
    return f"{word}s" if plural else word


def as_json(report: Report) -> dict[str, Any]:
    """Return a report for programs.

    Parameters
    ----------
    report : Report
        What was found.

    Returns
    -------
    dict
        ``file``, ``scenario`` (id or null), ``errors``, ``warnings`` and ``faults``.
    """
    return {
        "file": str(report.file),
        "scenario": report.scenario.id if report.scenario is not None else None,
        "errors": report.errors,
        "warnings": report.warnings,
        "faults": [_fault(fault) for fault in report.faults],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "severity": fault.severity.value,
        "code": fault.code,
        "pointer": fault.pointer,
        "line": fault.line,
        "params": dict(fault.params),
        "text": {"en": fault.text("en"), "fr": fault.text("fr")},
    }
