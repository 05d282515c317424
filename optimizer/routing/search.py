"""The search: generate routes, choose among them, repair, and again."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from optimizer.routing.choose.master import Effort, choose
from optimizer.routing.choose.pool import Pool
from optimizer.routing.clock import Clock
from optimizer.routing.demands.alone import Alone
from optimizer.routing.demands.split import Split, tasks_of
from optimizer.routing.demands.wanting import wanting
from optimizer.routing.evaluate.route import Candidate, evaluate
from optimizer.routing.evaluate.seat import seated, settled
from optimizer.routing.evaluate.shape import Shape
from optimizer.routing.evaluate.solution import fits_together, missing_of, score_of
from optimizer.routing.evaluate.trip import Broken
from optimizer.routing.generate.generator import Yield, generate
from optimizer.routing.generate.orders import Order, is_plain, order_of
from optimizer.routing.generate.weights import weights_of
from optimizer.routing.model.problem import Problem
from optimizer.routing.options import SolveOptions
from optimizer.routing.parameters import SearchParameters
from optimizer.routing.repair.construct import construct
from optimizer.routing.repair.improve import improve
from optimizer.routing.repair.ruin import ruin_and_recreate
from optimizer.routing.repair.shorten import mended, shortened

__all__ = ["Search"]

#: Part of a round that the choice after the last one gets under a time limit.
_LAST_CHOICE = 0.2
#: Undelivered mass and objectives, told to whoever follows the search.
Told = Callable[[Sequence[Candidate]], None]


@dataclass
class Search:
    """One search over one problem.

    Parameters
    ----------
    problem : Problem
        Problem.
    alone : list of list of int
        What each group can bring to each demand.
    options : SolveOptions
        Seed and budget.
    parameters : SearchParameters
        How the budget is spent.
    clock : Clock
        Watches the budget.
    tell : callable, optional
        Told every better solution.
    start : sequence of Candidate
        Routes to begin with, instead of a solution that is constructed; as many as fit together
        are taken.
    reach : callable, optional
        Told which share of the budget is spent, where counts bound it.
    """

    problem: Problem
    alone: Alone
    options: SolveOptions
    parameters: SearchParameters
    clock: Clock
    tell: Told | None = None
    start: Sequence[Candidate] = ()
    reach: Callable[[float], None] | None = None

    def __post_init__(self) -> None:
        self._pool = Pool(self.problem)
        self._weights = weights_of(self.problem, self.parameters)
        self._best: list[Candidate] = []
        #: Seconds after which the first answer stood.
        self.first_s = 0.0
        #: Share of the time limit at which the rounds begin.
        self._begin = 0.0
        self._rounds = self.parameters.rounds

    def run(self) -> list[Candidate]:
        """Search until the budget is spent.

        Returns
        -------
        list of Candidate
            The best routes found that fit together.
        """
        if not any(map(any, self.alone)):
            return []
        first = self.clock.until(self.parameters.first_share)
        if self.start:
            self._offer(self._together(self.start, first))
        else:
            tasks = tasks_of(self.problem, self.alone, Split.LARGE)
            self._offer(construct(self.problem, self.alone, tasks, first))
        self._begin = self.clock.spent()
        self.first_s = self.clock.seconds()
        self._rounds = self._affordable()
        for number in itertools.count():
            if self._is_last(number):
                break
            self._round(number)
        if self.parameters.rounds > 1 and self._is_open():
            # What the last repairs found is put together once more.
            self._choose(self._rounds + _LAST_CHOICE)
        return self._best

    def _affordable(self) -> int:
        """Return how many rounds there is time for.

        Each sets the generator up anew, which takes about as long as the first answer did.
        """
        left_s = self.clock.left_s(1)
        if left_s is None:
            return self.parameters.rounds
        least_s = self.parameters.round_least * self.first_s
        return max(1, min(self.parameters.rounds, int(left_s / least_s)))

    def _is_last(self, number: int) -> bool:
        """Tell whether so many rounds are all; where they end early, time is left for more."""
        if self.clock.time_limit_s is None:
            return self.clock.asked() or number >= self._rounds
        return self.clock.asked() or (number > 0 and self._over(self._rounds)())

    def _is_plain(self) -> bool:
        """Tell whether master and repairs would only take time from the generator."""
        return is_plain(self.problem, self.alone, self._best)

    def _is_open(self) -> bool:
        """Tell whether the master could bring more than repairs do in its time.

        Where everything is brought that can be, and no rule but the stock couples the routes, it
        was measured to gain nothing.
        """
        problem = self.problem
        bound = problem.apart or problem.varies or problem.docks
        return bool(bound) or any(wanting(problem, self.alone, self._best))

    def _round(self, number: int) -> None:
        self._generate(number, 1.0 if self._is_plain() else self.parameters.generate_share)
        if self._is_open():
            self._choose(number + self.parameters.master_share)
        if not self._is_plain():
            self._repair(number)

    def _share(self, rounds: float) -> float:
        """Return the share of the time limit that so many rounds end at."""
        # Where nothing is undelivered there is nothing to explain.
        explaining = any(missing_of(self.problem, self._best))
        end = 1 - (self.parameters.reasons_share if explaining else 0)
        begin = min(self._begin, end)
        # Where the master is not asked once more, the last round ends with the time.
        whole = self._rounds + (_LAST_CHOICE if self._is_open() else 0)
        return begin + (end - begin) * min(rounds, whole) / whole

    def _over(self, rounds: float) -> Callable[[], bool]:
        """Return the question whether so many rounds must be over."""
        return self.clock.until(self._share(rounds))

    def _reached(self, rounds: float) -> None:
        """Tell that so many rounds are over, where the clock does not tell it."""
        if self.reach is not None and self.options.iterations is not None:
            self.reach(rounds / (self._rounds + _LAST_CHOICE))

    def _counted(
        self, number: int, share: float, orders: Sequence[Order], expired: Callable[[], bool]
    ) -> Callable[[], bool]:
        """Return a question that tells, each time it is asked, how far the generator is."""
        total = sum(order.iterations or 0 for order in orders)
        if self.reach is None or not total:
            return expired
        asked = itertools.count()

        def ask() -> bool:
            done = min(1.0, next(asked) / total)
            self._reached(number + share * done)
            return expired()

        return ask

    def _generate(self, number: int, share: float) -> None:
        """Fill the pool with routes of the generator, in so much of a round."""
        orders = self._orders(number)
        expired = self._over(number + share)
        found = generate(
            self.problem,
            orders,
            self._weights,
            self.parameters,
            workers=self.options.workers,
            expired=self._counted(number, share, orders, expired),
        )
        for _, best in found:
            self._offer(self._together(self._evaluated(best), self._over(number + 1)))
        if self._is_open():
            self._learn(found, self._over(number + self.parameters.learn_share))

    def _learn(self, found: Sequence[Yield], expired: Callable[[], bool]) -> None:
        """Put what runs came across into the pool, their last routes first."""
        self._pool.add(shortened(self.problem, self._best))
        for shapes, best in found:
            for one in (*reversed(best), *reversed(shapes)):
                if expired():
                    return
                self._pool.add(self._evaluated([one]))

    def _choose(self, rounds: float) -> None:
        """Let the master choose until so many rounds are over."""
        if self._over(rounds)():
            return
        effort = self._effort(rounds)
        columns = self._pool.columns(self.parameters.pool_max, self._best)
        self._offer(choose(self.problem, columns, self._best, effort))
        self._reached(rounds)

    def _effort(self, rounds: float) -> Effort:
        stop = self.clock.asked
        if self.options.iterations is not None:
            counted_s = self.parameters.master_deterministic_s * self.options.iterations / 1000
            limit = max(self.parameters.master_least_s, counted_s)
            return Effort(self.options.seed, deterministic_s=limit, should_stop=stop)
        return Effort(
            self.options.seed,
            wall_s=lambda: self.clock.left_s(self._share(rounds)) or 0.0,
            workers=self.options.workers,
            should_stop=stop,
        )

    def _repair(self, number: int) -> None:
        """Improve the best solution by exact steps until the round is over."""
        self._offer(
            improve(
                self.problem,
                self.alone,
                self._best,
                trials=self._steps(self.parameters.iterations_per_ejection),
                should_stop=self._over(number + self.parameters.eject_share),
            )
        )
        recreated, seen = ruin_and_recreate(
            self.problem,
            self.alone,
            self._best,
            steps=self._steps(self.parameters.iterations_per_ruin),
            seed=self.options.seed + number,
            should_stop=self._over(number + 1),
        )
        self._pool.add(seen)
        self._offer(recreated)
        self._reached(number + 1)

    def _steps(self, iterations_per_step: int) -> int:
        """Return the steps of a round that the iterations stand for."""
        if self.options.iterations is None:
            return sys.maxsize
        return -(-self.options.iterations // (self.parameters.rounds * iterations_per_step))

    def _orders(self, number: int) -> list[Order]:
        workers = self.options.workers
        return [
            order_of(
                self.problem,
                self.alone,
                self._best,
                self.options,
                run=number * workers + worker,
                runs=self.parameters.rounds * workers,
                resumed=bool(self.start),
            )
            for worker in range(workers)
        ]

    def _evaluated(self, shapes: Sequence[tuple[int, Shape]]) -> list[Candidate]:
        found = []
        for group, shape in shapes:
            route = evaluate(self.problem, group, shape)
            if isinstance(route, Broken):
                found += mended(self.problem, group, shape)
            else:
                found.append(route)
        return found

    def _together(
        self, routes: Sequence[Candidate], should_stop: Callable[[], bool]
    ) -> list[Candidate]:
        """Return as many of a run's routes as fit together, then what else can be brought."""
        kept: list[Candidate] = []
        for route in routes:
            placed = seated(self.problem, [*kept, route])
            if len(placed) > len(kept) and fits_together(self.problem, placed):
                kept = placed
        return improve(self.problem, self.alone, kept, trials=0, should_stop=should_stop)

    def _offer(self, routes: list[Candidate]) -> None:
        """Take a solution if it is better than the best so far."""
        routes = settled(self.problem, routes)
        self._pool.add(routes)
        if not self._best or score_of(self.problem, routes) < score_of(self.problem, self._best):
            self._best = list(routes)
            if self.tell is not None:
                self.tell(self._best)
