"""Runs the cases, prints a line a measure and writes the table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from benchmarks.network import agreement, area, closure, critical, flat, full, growth, roads, source
from benchmarks.network.measure import Line, machine

__all__ = ["CASES", "main"]

CASES = ("source", "agreement", "flat", "roads", "full", "closure", "area", "critical", "growth")

#: Those that keep theatres from one run to the next.
_KEPT = {"full": full, "closure": closure, "area": area, "critical": critical, "growth": growth}


def measured(
    case: str, size: str, peers: Path | None, folder: Path, osm: Path | None
) -> Iterator[Line]:
    """Yield the lines of a case."""
    if case == "roads":
        yield from roads.lines(size, peers, folder, osm)
    elif case in _KEPT:
        yield from _KEPT[case].lines(size, peers, folder)
    else:
        yield from {"source": source, "agreement": agreement, "flat": flat}[case].lines(size, peers)


def main(
    cases: Sequence[str],
    size: str,
    *,
    as_json: bool,
    peers: Path | None,
    folder: Path,
    osm: Path | None,
    out: Path | None,
) -> None:
    """Run cases.

    Parameters
    ----------
    cases : sequence of str
        Of `CASES`.
    size : str
        ``full`` or ``small``.
    as_json : bool
        Print JSON, one line a measure, instead of a table.
    peers : Path or None
        Folder that the packages of ``peers.txt`` were installed into with ``pip --target``.
    folder : Path
        Keeps what is made for the cases.
    osm : Path or None
        Extract of OpenStreetMap for the case ``roads``.
    out : Path or None
        Folder for one JSON file a case.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        rows = []
        for line in measured(case, size, peers, folder, osm):
            rows.append(line.as_dict())
            if as_json:
                click.echo(json.dumps(rows[-1]))
            else:
                beside = "" if line.peer_value is None else f"  {line.peer}: {line.peer_value:g}"
                click.echo(f"{case:<10} {line.measure:<45} {line.ours:>10g}{beside}")
        if out is not None:
            head = {"measured": datetime.now(UTC).date().isoformat(), "size": size}
            document = {**head, "machine": machine(), "lines": rows}
            out.mkdir(parents=True, exist_ok=True)
            (out / f"{case}.json").write_text(
                json.dumps(document, indent=1) + "\n", encoding="utf-8"
            )
