"""Why something is undelivered: proved, else observed, else only that the time ran out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optimizer.plan.model import Reason, ReasonKind, Undelivered
from optimizer.routing.clock import Clock
from optimizer.routing.demands.alone import Alone, most_alone
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.solution import missing_of
from optimizer.routing.explain.proofs import proofs
from optimizer.routing.explain.relax import Limit, applicable, relaxed
from optimizer.routing.model.problem import Problem
from optimizer.routing.options import SolveOptions
from optimizer.routing.parameters import SearchParameters
from optimizer.routing.search import Search

__all__ = ["Asked", "explain", "unexplained"]

#: A solve with a limit lifted gets at least so long, in seconds, or it would observe nothing.
_SHORTEST_S = 0.2
_RAN_OUT = Reason(kind=ReasonKind.TIME_RAN_OUT, code="time_ran_out")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was solved, and how.

    Parameters
    ----------
    problem : Problem
        Problem, without what was decided before.
    whole : Problem
        As if nothing had been decided: what is not possible in it is proved.
    alone : list of list of int
        What each group can bring to each demand.
    options : SolveOptions
        Seed and budget.
    parameters : SearchParameters
        How the budget is spent.
    clock : Clock
        Watches the budget.
    first_s : float
        Seconds that the first answer took: a solve with a limit lifted takes as long at least.
    """

    problem: Problem
    whole: Problem
    alone: Alone
    options: SolveOptions
    parameters: SearchParameters
    clock: Clock
    first_s: float = 0.0


def explain(asked: Asked, routes: Sequence[Candidate]) -> list[Undelivered]:
    """Tell of every demand that is not delivered in full, why.

    Parameters
    ----------
    asked : Asked
        What was solved.
    routes : sequence of Candidate
        The solution.

    Returns
    -------
    list of Undelivered
        In the order of the demands, each with at least one reason.
    """
    missing = missing_of(asked.problem, routes)
    reasons: dict[int, list[Reason]] = {}
    open_: list[int] = []
    for need, units in enumerate(missing):
        if units > 0:
            reasons[need], explained = proofs(asked.whole, need, units)
            if explained < units:
                open_.append(need)
    if open_:
        for need, reason in _observe(asked, routes, open_):
            reasons[need].append(reason)
    return [
        Undelivered(
            demand=asked.problem.needs[need].id,
            quantity=missing[need],
            reasons=tuple(found) or (_RAN_OUT,),
        )
        for need, found in reasons.items()
    ]


def unexplained(problem: Problem, missing: Sequence[int]) -> list[Undelivered]:
    """Tell of every demand that is not delivered in full only that the time ran out.

    Parameters
    ----------
    problem : Problem
        Problem.
    missing : sequence of int
        Units that are undelivered, by demand.

    Returns
    -------
    list of Undelivered
        In the order of the demands.
    """
    return [
        Undelivered(demand=need.id, quantity=units, reasons=(_RAN_OUT,))
        for need, units in zip(problem.needs, missing, strict=True)
        if units > 0
    ]


def _observe(
    asked: Asked, routes: Sequence[Candidate], needs: Sequence[int]
) -> list[tuple[int, Reason]]:
    """Lift one limit after the other and see which demands are then delivered in full."""
    limits = applicable(asked.problem)
    now = missing_of(asked.problem, routes)
    found: list[tuple[int, Reason]] = []
    for number, limit in enumerate(limits):
        options = _budget(asked, len(limits) - number)
        if options is None:
            break
        missing = missing_of(asked.problem, _solve_again(asked, routes, limit, options))
        found += [
            (
                need,
                Reason(
                    kind=ReasonKind.OBSERVED,
                    code=limit.value,
                    params=_params(asked.whole, limit, need),
                    seed=options.seed,
                    budget=options.budget(),
                ),
            )
            for need in needs
            if missing[need] <= 0 and _gained(asked.problem, now, missing, need)
        ]
    return found


def _gained(problem: Problem, now: Sequence[int], then: Sequence[int], need: int) -> bool:
    """Tell whether serving a demand is a gain, and not taken from others as important.

    Where stock is short, any change may let two demands swap places; that says nothing of why one
    of them must go short.
    """
    priority = problem.needs[need].priority
    gain = sum(
        problem.mass(other, now[other] - then[other])
        for other, item in enumerate(problem.needs)
        if item.priority <= priority
    )
    return gain >= problem.mass(need, now[need])


def _budget(asked: Asked, solves: int) -> SolveOptions | None:
    """Return the budget of the next of so many solves; None if there is none left."""
    if asked.clock.until(1)():
        return None
    if asked.options.iterations is not None:
        iterations = max(1, int(asked.options.iterations * asked.parameters.relaxed_share))
        return replace(asked.options, iterations=iterations)
    left_s = asked.clock.left_s(1) or 0.0
    if left_s < asked.first_s:
        return None
    limit_s = max(_SHORTEST_S, round(left_s / solves, 1))
    return replace(asked.options, time_limit_s=limit_s)


def _solve_again(
    asked: Asked, routes: Sequence[Candidate], limit: Limit, options: SolveOptions
) -> list[Candidate]:
    """Solve with one limit lifted, beginning with the routes as they are."""
    problem = relaxed(asked.problem, limit)
    again = [evaluate(problem, route.group, route.shape) for route in routes]
    search = Search(
        problem=problem,
        alone=most_alone(problem),
        options=options,
        parameters=replace(asked.parameters, rounds=1, reasons_share=0),
        clock=asked.clock.part(options.time_limit_s),
        start=[route for route in again if isinstance(route, Candidate)],
    )
    return search.run()


def _params(problem: Problem, limit: Limit, need: int) -> dict[str, str | int]:
    """Return the figures and ids that the words of a reason name."""
    item = problem.needs[need]
    site, good = problem.sites[item.site], problem.goods[item.good].good.id
    if limit is Limit.STOCK:
        held = sum(units for (_, g), units in problem.stock.items() if g == item.good)
        return {"good": good, "available": held}
    if limit is Limit.FUEL:
        fuels = {fuel for group in problem.groups for fuel in group.fuel_l(100_000)}
        return {"good": ", ".join(sorted(fuels))}
    return {"site": site} if limit in {Limit.WINDOW, Limit.RANGE, Limit.SHIFT} else {}
