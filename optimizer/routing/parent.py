"""The plan that another one goes on from, and what stays of it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from optimizer.plan.model import Plan
from optimizer.scenario.model import Id

__all__ = ["Parent"]


@dataclass(frozen=True, slots=True)
class Parent:
    """The plan that another one goes on from.

    Parameters
    ----------
    plan : Plan
        The plan. Its routes, as far as they still keep the rules, are what the search begins with.
    decided_until : datetime or None
        Trips whose loading began before it stay as they are; everything else happens from then on.
        None where nothing has begun.
    kept : set of str
        Convoys whose whole routes stay as they are.
    """

    plan: Plan
    decided_until: datetime | None = None
    kept: AbstractSet[Id] = frozenset()
