"""Matrices of all classes, as the cases ask for them on one ground after another."""

from __future__ import annotations

import time
from collections.abc import Sequence

from benchmarks.network import scene
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.ground import Matrix
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion

__all__ = ["all_of", "number_differing", "number_slower"]

_NAMES = ("time_s", "distance_m", "fuel_m", "exposure_milli")


def all_of(ground: TheatreGround) -> tuple[list[Matrix], float]:
    """Return the matrices of all classes by time, and the CPU seconds that they took."""
    begun = time.process_time()
    profiles = [Profile(mobility=(name,)) for name in scene.CLASSES]
    found = [ground.matrix(profile, Criterion.TIME) for profile in profiles]
    return found, round(time.process_time() - begun, 2)


def number_differing(ours: Sequence[Matrix], theirs: Sequence[Matrix]) -> int:
    """Return how many values differ."""
    return sum(
        int((getattr(a, name) != getattr(b, name)).sum())
        for a, b in zip(ours, theirs, strict=True)
        for name in _NAMES
    )


def number_slower(ours: Sequence[Matrix], before: Sequence[Matrix]) -> int:
    """Return how many pairs take longer than before."""
    return sum(int((a.time_s > b.time_s).sum()) for a, b in zip(ours, before, strict=True))
