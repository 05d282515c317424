"""The master: chooses routes from the pool, exactly, objective by objective (CP-SAT).

What couples the routes stands here and nowhere else: the number of convoys, what is demanded, the
stock of each base, from which loads and the convoys' own fuel are drawn, and the places where
convoys are handled and loaded, each route at the times that it was laid out for. Where the quantity
of a drop may vary (demands split, stock short), the master chooses it too: less than the route was
made for is always feasible, as it only makes the route lighter and quicker; where places are scarce
it is laid out again around the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimizer.routing.choose.model import Level, Model
from optimizer.routing.evaluate.route import Candidate
from optimizer.routing.evaluate.seat import seated
from optimizer.routing.evaluate.solution import fits_together, score_of
from optimizer.routing.model.problem import Problem

__all__ = ["Effort", "choose"]


@dataclass(frozen=True, slots=True)
class Effort:
    """What the master may spend on each level.

    Parameters
    ----------
    seed : int
        Seed.
    deterministic_s : float or None
        Limit in deterministic time for all levels together; then one worker.
    wall_s : callable or None
        Seconds that are left for all levels together; asked once the model is built, which takes
        its time as well.
    workers : int
        Workers under a wall limit.
    should_stop : callable
        Asked several times a second; once it says yes, the best so far is the answer.
    """

    seed: int
    deterministic_s: float | None = None
    wall_s: Callable[[], float] | None = None
    workers: int = 1
    should_stop: Callable[[], bool] = lambda: False

    def left(self, spent: float) -> float:
        """Return what is left of the limit.

        Parameters
        ----------
        spent : float
            Deterministic time that was spent.

        Returns
        -------
        float
            Seconds of the one kind or the other.
        """
        if self.deterministic_s is not None:
            return self.deterministic_s - spent
        return 0.0 if self.wall_s is None else self.wall_s()


#: Seconds between two questions whether to stop.
_POLL_S = 0.05


def choose(
    problem: Problem,
    columns: Sequence[Candidate],
    incumbent: Sequence[Candidate],
    effort: Effort,
) -> list[Candidate]:
    """Choose the best routes that fit together.

    Parameters
    ----------
    problem : Problem
        Problem.
    columns : sequence of Candidate
        Routes to choose from, the incumbent's among them.
    incumbent : sequence of Candidate
        A solution made of them.
    effort : Effort
        Limits.

    Returns
    -------
    list of Candidate
        Routes that fit together; the incumbent if nothing better was found.
    """
    if not columns:
        return list(incumbent)
    model = Model(problem, columns)
    values = model.values(incumbent)
    spent = 0.0
    for level in model.levels():
        left = effort.left(spent)
        if level.value(values) > level.least and left > 0 and not effort.should_stop():
            # Half of what is left, so that every level gets something.
            solver = _solver(effort, left / 2)
            values = _minimise(model, level, values, solver, effort.should_stop)
            spent += solver.deterministic_time
        if level.terms:
            model.cp.add(level.expression() <= level.value(values) - level.offset)
    # What was made lighter is quicker, and so elsewhere sooner.
    routes = seated(problem, model.routes(values))
    better = fits_together(problem, routes) and score_of(problem, routes) < score_of(
        problem, incumbent
    )
    return routes if better else list(incumbent)


def _solver(effort: Effort, limit: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = effort.seed
    # Whoever calls decides what Ctrl-C means.
    solver.parameters.catch_sigint_signal = False
    if effort.deterministic_s is not None:
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = limit
    else:
        solver.parameters.num_workers = effort.workers
        solver.parameters.max_time_in_seconds = limit
    return solver


def _minimise(
    model: Model,
    level: Level,
    values: dict[int, int],
    solver: cp_model.CpSolver,
    should_stop: Callable[[], bool],
) -> dict[int, int]:
    """Minimise one level; without an answer in time the values stay as they are."""
    variables = model.variables
    model.cp.clear_hints()  # type: ignore[no-untyped-call]  # untyped in ortools 9.15
    # All at once: one by one it takes about as long as building the model.
    hint = model.cp.model_proto.solution_hint
    hint.vars.extend([variable.index for variable in variables])
    hint.values.extend([values[variable.index] for variable in variables])
    model.cp.minimize(level.expression())
    # In a thread of its own: the main thread must stay free for signals and for the caller's wish.
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(solver.solve, model.cp)
        while not answer.done():
            wait([answer], timeout=_POLL_S)
            if should_stop():
                solver.stop_search()
    if answer.result() not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return values
    found = {variable.index: solver.value(variable) for variable in variables}
    # Among equals the known solution stays, as it is good by the levels to come as well.
    return found if level.value(found) < level.value(values) else values
