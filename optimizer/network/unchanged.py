"""Whether the ground of one scenario is that of another."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from optimizer.scenario.model import ChangeKind

if TYPE_CHECKING:
    from optimizer.scenario.model import Scenario
    from optimizer.terrain.theatre import Theatre

__all__ = ["ground_digest", "ways_digest"]

#: What is said of an area or a change without changing any way.
_WORDS = {"label", "note"}


def ground_digest(scenario: Scenario, theatre: Theatre) -> str:
    """Return the digest of everything that paths over a theatre depend on.

    That is what `ways_digest` covers, the changes of roads and, where one of them keeps vehicles
    apart, the gap that they keep anyhow; not what is demanded, nor the
    fleet: ways are kept by the profile of a convoy and by what they are best for.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    theatre : Theatre
        The theatre that it names.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    changes = [change.model_dump(mode="json", exclude=_WORDS) for change in scenario.changes]
    spaced = any(change.kind is ChangeKind.SPACING for change in scenario.changes)
    return _digest(
        {
            "ways": ways_digest(scenario, theatre),
            "changes": changes,
            "gap_m": scenario.rules.gap_m if spaced else None,
        }
    )


def ways_digest(scenario: Scenario, theatre: Theatre) -> str:
    """Return the digest of everything that the ways over open ground depend on.

    That is the content of the theatre, where the sites lie and in which order, the weather, the
    areas and the rule of exposure.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    theatre : Theatre
        The theatre that it names.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    rule = scenario.rules.exposure
    return _digest(
        {
            "theatre": [str(theatre.folder), theatre.manifest.digest],
            "sites": [(site.id, site.position and site.position.lonlat) for site in scenario.sites],
            "weather": scenario.weather.model_dump(mode="json", exclude={"source"}),
            "raster": theatre.planned and theatre.planned.digest,
            "exposure": rule and rule.model_dump(mode="json"),
            "areas": [area.model_dump(mode="json", exclude=_WORDS) for area in scenario.areas],
        }
    )


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
