"""Whether the theatre that a scenario names is there."""

from __future__ import annotations

from pathlib import Path

from optimizer.datasets import theatre_folders, theatre_roots
from optimizer.errors import FileError, FormatError
from optimizer.faults import Fault
from optimizer.scenario.model import TheatreRef
from optimizer.scenario.places import pointer
from optimizer.terrain.theatre import Theatre

__all__ = ["locate"]

_SHOWN_DIGITS = 12


def locate(wanted: TheatreRef, folder: Path | None = None) -> Theatre | Fault:
    """Find a theatre, or tell where it was looked for.

    Parameters
    ----------
    wanted : TheatreRef
        What the scenario names.
    folder : Path, optional
        Where to take it from instead of the configured folders.

    Returns
    -------
    Theatre or Fault
        The theatre; the fault if none has the name, or only one with another digest.
    """
    namesakes = []
    for candidate in [folder] if folder is not None else theatre_folders():
        try:
            theatre = Theatre.open(candidate)
        except (FileError, FormatError):
            if folder is not None:
                raise
            continue
        if theatre.manifest.name == wanted.name:
            if wanted.digest in (None, theatre.manifest.digest):
                return theatre
            namesakes.append(theatre)
    if namesakes:
        first = namesakes[0]
        return Fault(
            "ground.theatre_other",
            pointer("theatre", "digest"),
            {
                "name": wanted.name,
                "folder": str(first.folder),
                "found": first.manifest.digest,
            },
        )
    looked = [str(folder)] if folder is not None else [str(root) for root in theatre_roots()]
    return Fault(
        "ground.theatre_missing",
        pointer("theatre", "name"),
        {"name": wanted.name, "looked": ", ".join(looked)},
    )
