"""What a solver says of a resupply scenario."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.plan.model import Plan

__all__ = ["Answer"]


@dataclass(frozen=True)
class Answer:
    """What a solver says.

    Parameters
    ----------
    first_s : float or None
        Seconds until the first solution, from the scenario in memory on; None without any.
    first, last : Plan or None
        The first plan, and the best one in the time given; None without any.
    ended_s : float
        Seconds until the solver had ended.
    mended : int
        Drops that were left out or made less, since they broke a rule.
    """

    first_s: float | None
    first: Plan | None
    last: Plan | None
    ended_s: float
    mended: int = 0
