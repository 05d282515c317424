"""The page of sources and licences that is kept beside what was fetched."""

from __future__ import annotations

from optimizer.terrain.fetch.homes import KINDS, Homes
from optimizer.terrain.fetched import Record

__all__ = ["sources_page"]


def sources_page(record: Record, homes: Homes) -> str:
    """Write the page.

    Parameters
    ----------
    record : Record
        What the folder holds.
    homes : dict of str to Home
        Where it came from.

    Returns
    -------
    str
        Markdown.
    """
    lines = [
        "# Sources",
        "",
        (
            "What lies in this folder, from where, and on what terms. It is not part of Convoi and"
            " not under its licence: keep this page with the files."
        ),
    ]
    for kind in KINDS:
        home = homes[kind]
        files = [file for file in record.files.values() if file.kind == kind]
        if not files:
            continue
        lines += [
            *("", f"## {home.title}", ""),
            f"- Attribution: {home.attribution}",
            f"- Licence: {home.licence}, {home.licence_page}",
            f"- Home: {home.page}, described in {home.described}",
            *("", home.terms.strip(), ""),
            *("| file | bytes | SHA-256 | fetched | from |", "| --- | --- | --- | --- | --- |"),
        ]
        for file in sorted(files, key=lambda one: one.name):
            lines.append(
                f"| {file.name} | {file.bytes} | {file.sha256} | {file.fetched} | {file.url} |"
            )
    if record.absent:
        lines += [
            *("", "## Not there", ""),
            (
                "Tiles that their homes do not have (sea, or ground that is not released):"
                f" {', '.join(record.absent)}."
            ),
        ]
    return "\n".join(lines) + "\n"
