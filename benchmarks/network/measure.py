"""What a measurement is, and how a process of its own is measured from outside."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["Line", "Spent", "machine", "spent_by"]


@dataclass(frozen=True)
class Line:
    """One measure of a case.

    Parameters
    ----------
    case, measure : str
        What was measured.
    ours : float
        Convoi's value.
    peer : str
        What it stands beside; empty for a measure without a peer.
    peer_value : float or None
        The peer's value in the same run.
    """

    case: str
    measure: str
    ours: float
    peer: str = ""
    peer_value: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the line as JSON types, with the peer's value over ours."""
        ratio = None
        if self.peer_value is not None and self.ours:
            ratio = round(self.peer_value / self.ours, 3)
        return {**asdict(self), "ratio": ratio}


@dataclass(frozen=True)
class Spent:
    """What a process used: processor seconds of user and system, and the most memory."""

    cpu_s: float
    peak_mb: float
    output: str


def spent_by(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> Spent:
    """Run a command to its end.

    Parameters
    ----------
    command : sequence of str or Path
        Command.
    folder : Path
        Where it runs, and where its output goes.
    environment : mapping, optional
        Added to that of this process.

    Returns
    -------
    Spent
        Of the process and those that it waited for.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    out, told = folder / "output.txt", folder / "spent.json"
    launcher = [sys.executable, "-I", "-S", Path(__file__).with_name("launch.py"), told]
    with out.open("wb") as stream:
        done = subprocess.run(
            [str(part) for part in (*launcher, *command)],
            cwd=folder,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=os.environ | dict(environment or {}),
            check=False,
        )
    text = out.read_text(encoding="utf-8", errors="replace")
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {text[-2000:]}")
    cpu_s, peak_mb = json.loads(told.read_text(encoding="utf-8"))
    return Spent(cpu_s, peak_mb, text)


def machine() -> dict[str, Any]:
    """Return what a reader must know of the machine."""
    model = platform.processor()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": round(os.getloadavg()[0], 1),
    }
