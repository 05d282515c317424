"""Everything that is wrong with a scenario: by itself, and against its ground."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from optimizer.check.areas import areas, shapes_of
from optimizer.check.changes import changes
from optimizer.check.joined import joined
from optimizer.check.raster import raster
from optimizer.check.reach import reach
from optimizer.check.sites import sites
from optimizer.check.theatre import locate
from optimizer.faults import Fault, Severity, has_errors
from optimizer.network.by_medium import GroundByMedium
from optimizer.network.mesh.store import Store
from optimizer.network.of_scenario import ground_of
from optimizer.scenario.hours import hours_of
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import parse, read_document
from optimizer.terrain.planned import with_raster
from optimizer.terrain.theatre import Theatre

__all__ = ["Report", "check_file", "check_ground"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Parameters
    ----------
    file : Path
        File that was checked.
    scenario : Scenario or None
        The scenario; None if its shape or its names are wrong.
    faults : tuple of Fault
        Faults and warnings, in the order of the document.
    """

    file: Path
    scenario: Scenario | None
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> int:
        """How many faults refuse the scenario."""
        return sum(fault.severity is Severity.ERROR for fault in self.faults)

    @property
    def warnings(self) -> int:
        """How many faults are remarks."""
        return len(self.faults) - self.errors


def check_file(
    path: Path,
    *,
    ground: bool = True,
    theatre: Path | None = None,
    store: Store | None = None,
) -> Report:
    """Check a scenario in a file.

    Parameters
    ----------
    path : Path
        YAML or JSON.
    ground : bool
        Whether to check it against its theatre as well, if it is sound by itself.
    theatre : Path, optional
        Folder of the theatre, instead of looking for it by name.
    store : Store, optional
        Where ways over open ground are kept from one run to the next.

    Returns
    -------
    Report
        What was found.

    Raises
    ------
    FileError, FormatError
        If the file, or the theatre, cannot be read.
    """
    data, lines = read_document(path)
    scenario, faults = parse(data, lines)
    if scenario is not None and ground:
        found = check_ground(scenario, theatre, beside=path.parent, store=store)
        faults += tuple(replace(fault, line=lines.find(fault.pointer)) for fault in found)
        faults = tuple(sorted(faults, key=lambda fault: fault.line or 0))
    return Report(path, scenario, faults)


def check_ground(
    scenario: Scenario,
    theatre: Path | Theatre | None = None,
    *,
    beside: Path | None = None,
    store: Store | None = None,
) -> tuple[Fault, ...]:
    """Check a scenario against its ground.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    theatre : Path or Theatre, optional
        The theatre or its folder, instead of looking for it by name.
    beside : Path, optional
        Folder of the scenario's file, where a raster of exposure that it names lies.
    store : Store, optional
        Where ways over open ground are kept from one run to the next.

    Returns
    -------
    tuple of Fault
        Faults and warnings, without lines.

    Raises
    ------
    FileError
        If that raster cannot be read, or the theatre.
    """
    faults: list[Fault] = []
    found: Theatre | None = None
    if scenario.theatre is not None:
        located = theatre if isinstance(theatre, Theatre) else locate(scenario.theatre, theatre)
        if isinstance(located, Fault):
            return (located,)
        found = located if beside is None else with_raster(located, scenario, beside)
        faults += raster(scenario, found)
        shapes = shapes_of(scenario, found)
        faults += sites(scenario, found, shapes)
        faults += areas(scenario, found, shapes)
        faults += changes(scenario, found)
    if not has_errors(faults):
        told = frozenset(fault.pointer for fault in faults)
        # What is closed for some hours may be waited for: only what always holds cuts off.
        lasting = hours_of(scenario).always()
        ground = ground_of(lasting, found, store=store)
        if isinstance(ground, GroundByMedium):
            faults += joined(lasting, ground.land, told)
        faults += reach(lasting, ground, told)
    return tuple(faults)
