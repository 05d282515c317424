"""The table of resupply runs in Markdown: who is better and by which level, first plans, growth."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.routing.resupply.levels import decided

__all__ = ["exponent", "table"]

_OURS, _PEER = "convoi", "ortools"

#: A run as `ResupplyLine` has it.
Line = dict[str, Any]


def table(lines: Sequence[Line]) -> str:
    """Return the table of runs.

    Parameters
    ----------
    lines : sequence of dict
        Fields of `ResupplyLine`, at most one for each scenario, solver, seed and limit.

    Returns
    -------
    str
        Markdown.
    """
    parts = [_about(lines), _pairs(lines), _by_level(lines), _first(lines)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(lines: Sequence[Line]) -> str:
    loads = [line["load"] for line in lines]
    limits = ", ".join(f"{one:g}" for one in sorted({line["time_limit"] for line in lines}))
    return (
        f"{len(lines)} runs, limit {limits} s, load of the machine at their begin {min(loads):g} to"
        f" {max(loads):g}. Undelivered is what was wanted less, in kilograms by priority."
    )


def _beside(lines: Sequence[Line]) -> list[tuple[Line, Line]]:
    """Return runs of both solvers on the same scenario with the same seed and limit."""
    found: dict[tuple[str, int, float], dict[str, Line]] = defaultdict(dict)
    for line in lines:
        if line["outcome"] != "failed":
            found[line["name"], line["seed"], line["time_limit"]][line["solver"]] = line
    return [(both[_OURS], both[_PEER]) for both in found.values() if {_OURS, _PEER} <= set(both)]


def _pairs(lines: Sequence[Line]) -> str:
    rows = [
        (
            ours["name"],
            ours["sites"],
            ours["demands"],
            ours["convoys"],
            ours["seed"],
            {-1: _OURS, 0: "tie", 1: _PEER}[(won := decided(ours["levels"], theirs["levels"]))[1]],
            won[0],
            _missing(ours),
            _missing(theirs),
            theirs["mended"],
        )
        for ours, theirs in _beside(lines)
    ]
    heads = ("scenario", "sites", "demands", "convoys", "seed", "better", "decided by")
    more = (f"undelivered, {_OURS}", f"undelivered, {_PEER}", f"mended, {_PEER}")
    return _markdown((*heads, *more), rows) if rows else ""


def _missing(line: Line) -> str:
    if line["levels"] is None:
        return str(line["outcome"])
    missing = {
        name.split()[1]: kg
        for name, kg in line["levels"].items()
        if name.startswith("undelivered") and kg
    }
    return "; ".join(f"{priority}: {kg:.0f}" for priority, kg in missing.items()) or "nothing"


def _by_level(lines: Sequence[Line]) -> str:
    """Return how many pairs each level decides, for whom."""
    counts: dict[str, Counter[int]] = {}
    for ours, theirs in _beside(lines):
        level, sign = decided(ours["levels"], theirs["levels"])
        counts.setdefault(level, Counter())[sign] += 1
    if not counts:
        return ""
    whole: Counter[int] = Counter()
    for each in counts.values():
        whole.update(each)
    rows = [
        (level, each[-1], each[1], each[0])
        for level, each in (*sorted(counts.items()), ("all", whole))
    ]
    return _markdown(("decided by", _OURS, _PEER, "tie"), rows)


def _first(lines: Sequence[Line]) -> str:
    """Return first plans by the number of sites, with how they grow."""
    parts = []
    for solver in (_OURS, _PEER):
        by_sites: dict[tuple[float, int], list[Line]] = defaultdict(list)
        for line in lines:
            if line["solver"] == solver and line["outcome"] != "failed":
                by_sites[line["time_limit"], line["sites"]].append(line)
        rows = []
        for (limit, sites), runs in sorted(by_sites.items()):
            firsts = [run["first_s"] for run in runs if run["first_verified"]]
            told = f"{min(firsts):.1f} to {max(firsts):.1f}" if firsts else "none"
            most_mb = max(run["peak_mb"] for run in runs)
            ended_s = max(run["seconds"] for run in runs)
            verified = f"{len(firsts)} of {len(runs)}"
            rows.append((f"{limit:g}", sites, verified, told, f"{ended_s:.1f}", most_mb))
        if rows:
            heads = ("limit, s", "sites", "first verified", "after, s", "ended by, s", "peak, MB")
            parts.append(f"`{solver}`:\n\n{_markdown(heads, rows)}{_growth(lines, solver)}")
    return "\n\n".join(parts)


def _growth(lines: Sequence[Line], solver: str) -> str:
    told = []
    for limit in sorted({line["time_limit"] for line in lines}):
        runs = [one for one in lines if (one["solver"], one["time_limit"]) == (solver, limit)]
        times = exponent((r["sites"], r["first_s"]) for r in runs if r["first_verified"])
        if times is not None:
            told.append(f"With {limit:g} s the first plan grows as sites to the {times:.2f}.")
    return "\n\n" + " ".join(told) if told else ""


def exponent(points: Iterable[tuple[float, float]]) -> float | None:
    """Return the exponent by which a value grows: the slope of least squares in logarithms.

    Parameters
    ----------
    points : iterable of (float, float)
        Sizes and values, above zero.

    Returns
    -------
    float or None
        None without two sizes.
    """
    logs = [(math.log(size), math.log(value)) for size, value in points if value > 0]
    if len({size for size, _ in logs}) <= 1:
        return None
    return statistics.linear_regression(*zip(*logs, strict=True)).slope


def _markdown(heads: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
