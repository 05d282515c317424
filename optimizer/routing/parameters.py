"""Parameters of the search, in one place, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT", "SearchParameters"]


@dataclass(frozen=True, slots=True)
class SearchParameters:
    """How the search spends its budget.

    Parameters
    ----------
    first_share : float
        Share of a time limit that the first answer may take; what it leaves out for want of time
        was measured to be found late or never.
    generate_share : float
        Part of a round that the generator gets under a time limit; all of it where it can state
        the whole problem and nothing is missing, as master and repairs were measured to gain
        nothing there.
    learn_share : float
        Part of a round at which the routes that the generator came across must be evaluated.
    master_share : float
        Part of a round at which the master ends under a time limit; the repairs get the rest.
    eject_share : float
        Part of a round at which ejections end under a time limit; ruin and recreate gets the rest.
    reasons_share : float
        Share of a time limit that may be spent on why something is undelivered.
    rounds : int
        Rounds of generating and choosing. Each splits the demands in another way, so that the
        pool holds full loads as well as small parts.
    round_least : float
        Times that a round takes what the first answer took, at least: there are fewer rounds on
        large problems. To set the generator up was measured to take a third of that answer.
    sample_every : int
        Iterations between two looks at the generator's current solution. Every look costs Python
        time; routes of neighbouring iterations are nearly all the same.
    pool_max : int
        Columns that the master chooses from. Above some thousands CP-SAT was measured to end
        without any answer.
    master_deterministic_s : float
        Limit of each call of the master in CP-SAT's deterministic time for every 1000 iterations of
        the solve, when these bound it; a second of it takes one to four on the clock.
    master_least_s : float
        The same at least, so that small budgets choose too.
    objective_ratio : int
        Weight of an objective in the generator over the next in the declared order. The generator
        only needs the direction; the master compares exactly.
    priority_ratio : int
        Weight of a priority over the next in the generator's prizes, for the same reason.
    iterations_per_ruin : int
        Iterations of the generator that one step of ruin and recreate stands for, when iterations
        bound the solve: they take about as long on forty demands.
    iterations_per_ejection : int
        The same for a trial of giving up lower priorities for a higher one that is undelivered.
    relaxed_share : float
        Part of the iterations that each solve with one limit relaxed gets.
    """

    first_share: float = 0.6
    generate_share: float = 0.45
    learn_share: float = 0.5
    master_share: float = 0.55
    eject_share: float = 0.6
    reasons_share: float = 0.15
    rounds: int = 3
    round_least: float = 4.0
    sample_every: int = 20
    pool_max: int = 4000
    master_deterministic_s: float = 0.2
    master_least_s: float = 0.1
    objective_ratio: int = 20
    priority_ratio: int = 8
    iterations_per_ruin: int = 2
    iterations_per_ejection: int = 10
    relaxed_share: float = 0.1


DEFAULT = SearchParameters()
