"""What units need, from how many they are: planning rates with their sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["NEEDS", "Need", "Unit", "draw_unit"]


@dataclass(frozen=True, slots=True)
class Need:
    """What a person uses of a good in a day.

    Parameters
    ----------
    good : str
        Good.
    per_person_day : float
        In units of the good.
    priority : int
        Of its demands.
    chance : float
        Share of the units that need it.
    source : str
        Where the rate comes from.
    """

    good: str
    per_person_day: float
    priority: int
    chance: float
    source: str


_WATER_L = 24.6
_WATER_SOURCE = "QM4923 table 1-1: 24.6 l a person and day, temperate, sustaining"
#: By what a unit may be supplied with: from tankers, or in loads that any vehicle carries.
NEEDS: dict[str, tuple[Need, ...]] = {
    "bulk_water": (Need("water_l", _WATER_L, 1, 1.0, _WATER_SOURCE),),
    "canned_water": (Need("water_can", _WATER_L / 20, 1, 1.0, _WATER_SOURCE),),
    "bulk_fuel": (Need("diesel_l", 4.0, 3, 0.5, "illustrative: 4 l a person and day"),),
    "cargo": (
        Need("ration_case", 0.25, 2, 1.0, "ATP 4-90 C-2: 3 meals a person and day, 12 a case"),
        Need("lubricant_kg", 0.54, 5, 0.25, "ATP 4-90 table C-1: III packaged"),
        Need("barrier_kg", 1.80, 6, 0.35, "ATP 4-90 table C-1: IV"),
        Need("clothing_kg", 0.73, 8, 0.2, "ATP 4-90 table C-1: II"),
    ),
}

#: Kind of site, persons from and to (illustrative), and how often it is met.
_KINDS = (
    ("unit_infantry", 90, 160, 6),
    ("unit_armoured", 60, 110, 2),
    ("unit_artillery", 70, 130, 2),
    ("unit_engineer", 80, 140, 2),
    ("unit_logistics", 60, 200, 2),
    ("unit_medical", 40, 120, 1),
    ("unit_signals", 30, 70, 1),
    ("command_post", 60, 180, 1),
)
_SMALL_KINDS = (
    ("observation_post", 8, 20, 2),
    ("relay", 4, 12, 1),
    ("unit_reconnaissance", 15, 40, 2),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Who stands at a site, and what they need.

    Parameters
    ----------
    kind : str
        Kind of site.
    persons : int
        How many.
    needs : tuple of Need
        What they need every day.
    """

    kind: str
    persons: int
    needs: tuple[Need, ...]


def draw_unit(rng: np.random.Generator, *, small: bool, supplies: Sequence[str]) -> Unit:
    """Draw a unit.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    small : bool
        Whether it is one of the small ones that stand off the road.
    supplies : sequence of str
        Keys of `NEEDS`.

    Returns
    -------
    Unit
        The unit.
    """
    kinds = _SMALL_KINDS if small else _KINDS
    weights = np.array([kind[3] for kind in kinds], float)
    kind, least, most, _ = kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))]
    persons = int(rng.integers(least, most + 1))
    needs = [need for key in supplies for need in NEEDS[key] if rng.random() < need.chance]
    return Unit(kind, persons, tuple(needs))
