"""What a caller chooses about a solve."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.errors import UsageError

__all__ = ["SolveOptions"]


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """How long and with what seed to search.

    Parameters
    ----------
    seed : int
        Seed of everything random.
    iterations : int or None
        Budget counted in iterations of the route generator, summed over its runs. With it, and with
        one worker, the same call gives the same plan.
    time_limit_s : float or None
        Budget of the search in seconds of wall time, which begins when the ways between the sites
        are known; exactly one of the two budgets is given.
    workers : int
        Threads that generate routes, and workers of the master.

    Raises
    ------
    UsageError
        If not exactly one budget is given, or a number is out of range.
    """

    seed: int = 1
    iterations: int | None = None
    time_limit_s: float | None = None
    workers: int = 1

    def __post_init__(self) -> None:
        if (self.iterations is None) == (self.time_limit_s is None):
            raise UsageError(
                "a solve is limited by iterations or by time: give exactly one of them"
            )
        if self.iterations is not None and self.iterations < 1:
            raise UsageError(f"{self.iterations} iterations: at least 1 is needed")
        if self.time_limit_s is not None and not self.time_limit_s > 0:
            raise UsageError(f"a time limit of {self.time_limit_s} s: it must be above 0")
        if not 0 <= self.seed < 2**31:
            raise UsageError(f"seed {self.seed}: it must lie from 0 to 2147483647")
        if self.workers < 1:
            raise UsageError(f"{self.workers} workers: at least 1 is needed")

    @property
    def reproducible(self) -> bool:
        """Whether counts alone bound the solve."""
        return self.iterations is not None and self.workers == 1

    def budget(self) -> str:
        """Return the budget in words, as reasons state it.

        Returns
        -------
        str
            ``"2000 iterations"`` or ``"20 s"``.
        """
        if self.iterations is not None:
            return f"{self.iterations} iterations"
        return f"{self.time_limit_s:g} s"
