"""What a measurement is, and how a process of its own is measured from outside."""

from __future__ import annotations

import os
import platform
import subprocess
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
    out = folder / "output.txt"
    with out.open("wb") as stream:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=os.environ | dict(environment or {}),
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    text = out.read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed: {text[-2000:]}")
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


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
