"""A resupply scenario to be solved in a given time, and what is told of a run: judged apart."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.network.measure import spent_by
from benchmarks.routing.resupply.given import load, make
from benchmarks.routing.resupply.levels import levels_of
from benchmarks.routing.resupply.solve import SOLVERS
from benchmarks.routing.runs import ROOT, told_by
from optimizer.faults import Severity
from optimizer.plan.model import Plan
from optimizer.scenario.convoys import convoys_of
from optimizer.scenario.model import Scenario
from optimizer.verify.verify import verify

__all__ = ["FAMILY", "ResupplyLine", "ResupplyTask", "row"]

FAMILY = "resupply"


@dataclass(frozen=True)
class ResupplyLine:
    """One run of a solver on a resupply scenario.

    Parameters
    ----------
    name, family, solver : str
        What was run.
    seed : int
        Seed.
    time_limit : float
        Wall time that was given, in seconds.
    sites, demands, convoys : int
        Size of the scenario; of the sites those that are asked for something.
    outcome : str
        ``"solved"``, ``"refused"`` (the plan breaks a rule), ``"nothing"`` (no plan in time) or
        ``"failed"``.
    reason : str
        Why, unless it was solved.
    levels : dict of str to float or None
        What the plan is judged by, see `levels_of`.
    first_s : float or None
        Seconds until the first plan, without writing it.
    first_verified : bool
        Whether that plan keeps every rule.
    first_levels : dict of str to float or None
        What it is judged by.
    mended : int
        Drops that were left out of the solver's routes, or made less, since they broke a rule.
    seconds, cpu_s, peak_mb : float or None
        Until the solver had ended; processor time of all its processes and memory of its largest,
        with loading and with writing plans.
    load : float
        Load of the machine when the run began.
    run : str
        What tells it from every other run.
    """

    name: str
    family: str
    solver: str
    seed: int
    time_limit: float
    sites: int
    demands: int
    convoys: int
    outcome: str = "nothing"
    reason: str = ""
    levels: dict[str, float] | None = None
    first_s: float | None = None
    first_verified: bool = False
    first_levels: dict[str, float] | None = None
    mended: int = 0
    seconds: float | None = None
    cpu_s: float | None = None
    peak_mb: float | None = None
    load: float = 0
    run: str = ""


@dataclass(frozen=True)
class ResupplyTask:
    """A scenario to be solved in a given time.

    Parameters
    ----------
    path : Path
        Recipe or scenario.
    folder : Path
        Keeps what is made of it.
    time_limit : float
        Seconds.
    """

    path: Path
    folder: Path
    time_limit: float

    @property
    def solvers(self) -> tuple[str, ...]:
        """Solvers that are told resupply scenarios."""
        return tuple(SOLVERS)

    def key(self, solver: str) -> str:
        """Return what tells a run from others, but for its seed."""
        here = Path(__file__).parent
        sources = [*here.glob("*.py"), here.parent / "by_ortools.py"]
        sources += (ROOT / "optimizer").rglob("*.py")
        digest = hashlib.sha256()
        for path in sorted(sources):
            digest.update(path.read_bytes())
        made = make(self.path, self.folder).stem
        return told_by(made, solver, self.time_limit, digest.hexdigest()[:12])

    def run(self, solver: str, seed: int, key: str) -> dict[str, Any]:
        """Run a solver in a process of its own, and judge its plans.

        Parameters
        ----------
        solver : str
            Of `SOLVERS`.
        seed : int
            Seed.
        key : str
            What tells the run from others.

        Returns
        -------
        dict
            Fields of a `ResupplyLine`.
        """
        made = make(self.path, self.folder).resolve()
        scenario = load(made)
        head: dict[str, Any] = {
            "name": self.path.stem,
            "family": FAMILY,
            "solver": solver,
            "seed": seed,
            "time_limit": self.time_limit,
            "sites": len({demand.site for demand in scenario.demands}),
            "demands": len(scenario.demands),
            "convoys": len(convoys_of(scenario)),
            "load": round(os.getloadavg()[0], 1),
            "run": key,
        }
        asked = ["benchmarks.routing.resupply.solve", solver, made, self.time_limit, seed]
        command = [sys.executable, "-m", *map(str, asked)]
        with tempfile.TemporaryDirectory(prefix="convoi-bench-") as scratch:
            folder = Path(scratch)
            try:
                spent = spent_by(command, folder, {"PYTHONPATH": str(ROOT)})
            except RuntimeError as error:
                reason = str(error).strip()[-300:]
                return asdict(ResupplyLine(**head, outcome="failed", reason=reason))
            head |= json.loads(spent.output.splitlines()[-1])
            head |= {"cpu_s": round(spent.cpu_s, 1), "peak_mb": round(spent.peak_mb)}
            first, last = (_plan(folder / f"{name}.json", scenario) for name in ("first", "last"))
        for name in ("first_s", "seconds"):
            head[name] = head[name] and round(head[name], 2)
        if first is not None and not _broken(first):
            head |= {"first_verified": True, "first_levels": levels_of(scenario, first)}
        if last is None:
            return asdict(ResupplyLine(**head, reason="no plan in the time given"))
        broken = _broken(last)
        if broken:
            return asdict(ResupplyLine(**head, outcome="refused", reason=broken))
        levels = levels_of(scenario, last)
        return asdict(ResupplyLine(**head, outcome="solved", levels=levels))


def _plan(path: Path, scenario: Scenario) -> Plan | None:
    if not path.exists():
        return None
    document = json.loads(path.read_text(encoding="utf-8"))
    return Plan.model_validate({**document, "scenario": scenario})


def _broken(plan: Plan) -> str:
    """Return the first rule that a plan breaks, or that nobody could check."""
    for found in verify(plan):
        kind = "breaks" if found.severity is Severity.ERROR else "not proved"
        return f"{kind} {found.code} at {found.pointer}"
    return ""


def row(line: dict[str, Any]) -> str:
    """Return a line as people read it.

    Parameters
    ----------
    line : dict
        Fields of a `ResupplyLine`.

    Returns
    -------
    str
        A row of a table.
    """
    head = f"{line['name']:<16} {line['solver']:<15} {line['seed']:>3}"
    if line["levels"] is None:
        return f"{head}  {line['outcome']}: {line['reason']}"
    missing = sum(kg for name, kg in line["levels"].items() if name.startswith("undelivered"))
    first = "" if line["first_s"] is None else f"first {line['first_s']:.1f} s"
    return f"{head} {missing:>10.0f} kg undelivered {line['seconds']:>7.1f} s  {first}"
