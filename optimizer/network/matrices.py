"""The matrices of a scenario, for programs that want nothing else."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimizer.network.ground import Ground, Matrix
from optimizer.progress import progress
from optimizer.scenario.convoys import Profile, convoys_of
from optimizer.scenario.hours import hours_of
from optimizer.scenario.model import Criterion
from optimizer.units import time_at

if TYPE_CHECKING:
    from optimizer.scenario.model import Scenario

__all__ = ["FORMAT", "matrices_csv", "matrices_document", "matrices_on"]

FORMAT = "convoi/matrices/1"
_QUANTITIES = ("time_s", "distance_m", "fuel_m", "exposure_milli")
_LIMITS = ("load_class", "gross_weight_t", "height_m", "width_m", "vehicles")


def matrices_on(
    scenario: Scenario, ground: Ground, criterion: Criterion
) -> Mapping[tuple[int, Profile], Matrix]:
    """Return the matrix of every profile of a scenario's convoys, over ground that is there.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults.
    ground : Ground
        Its ground.
    criterion : Criterion
        What paths are best for.

    Returns
    -------
    mapping of (int, Profile) to Matrix
        By window of the scenario's hours, as far as single parts of the horizon need it, and in the
        order of the convoys.
    """
    hours = hours_of(scenario)
    windows = dict.fromkeys(hours.of_parts(part, part) for part in range(len(hours.starts_s)))
    profiles = dict.fromkeys(convoy.profile for convoy in convoys_of(scenario))
    found = {}
    with progress("Matrices", len(windows) * len(profiles)) as advance:
        for window, profile in itertools.product(windows, profiles):
            found[window, profile] = ground.matrix(profile, criterion, window)
            advance(1)
    return found


def matrices_document(
    scenario: Scenario, found: Mapping[tuple[int, Profile], Matrix], criterion: Criterion
) -> dict[str, Any]:
    """Return matrices as a document of JSON types; null where there is no way.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    found : mapping of (int, Profile) to Matrix
        From `matrices`.
    criterion : Criterion
        What their paths are best for.

    Returns
    -------
    dict
        Document.
    """
    hours = hours_of(scenario)
    return {
        "format": FORMAT,
        "scenario": scenario.id,
        "theatre": None if scenario.theatre is None else scenario.theatre.name,
        "criterion": criterion.value,
        "sites": [site.id for site in scenario.sites],
        "windows": [
            {
                "from": time_at(scenario.horizon.start, start).isoformat(),
                "window": hours.of_parts(part, part),
            }
            for part, start in enumerate(hours.starts_s)
        ],
        "profiles": [
            {
                "window": window,
                **profile.model_dump(mode="json"),
                "convoys": [c.id for c in convoys_of(scenario) if c.profile == profile],
                **{name: _rows(getattr(matrix, name)) for name in _QUANTITIES},
                "unreachable": [
                    {
                        "origin": matrix.sites[origin],
                        "destination": matrix.sites[destination],
                        "code": why.code,
                        "site": why.site,
                        "params": dict(why.params),
                    }
                    for (origin, destination), why in sorted(matrix.unreachable.items())
                ],
            }
            for (window, profile), matrix in found.items()
        ],
    }


def matrices_csv(found: Mapping[tuple[int, Profile], Matrix]) -> str:
    """Return matrices as CSV, one row a pair; empty where there is no way.

    Parameters
    ----------
    found : mapping of (int, Profile) to Matrix
        From `matrices`.

    Returns
    -------
    str
        Text with a row of headings.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(
        (
            "window",
            "mobility",
            *_LIMITS,
            "origin",
            "destination",
            *_QUANTITIES,
            "unreachable",
            "site",
        )
    )
    for (window, profile), matrix in found.items():
        head = (window, "+".join(profile.mobility), *(getattr(profile, name) for name in _LIMITS))
        for origin, start in enumerate(matrix.sites):
            for destination, end in enumerate(matrix.sites):
                why = matrix.unreachable.get((origin, destination))
                values = [int(getattr(matrix, name)[origin, destination]) for name in _QUANTITIES]
                figures = values if why is None else [""] * len(values)
                reason = ("", "") if why is None else (why.code, why.site)
                rows.writerow((*head, start, end, *figures, *reason))
    return text.getvalue()


def _rows(values: NDArray[np.int64]) -> list[list[int | None]]:
    return [[None if value < 0 else value for value in row] for row in values.tolist()]
