"""One job inside a worker: solve, tell what is found, stop when asked."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from optimizer.jobs.kept import Kept
from optimizer.jobs.messages import Better, Done, Planned, Reached, Stopped
from optimizer.jobs.model import Stage
from optimizer.jobs.records import options_of, pack, parent_of, unpack
from optimizer.jobs.store import Found
from optimizer.progress import Advance
from optimizer.routing.parent import Parent
from optimizer.routing.solver import Incumbent, solve
from optimizer.scenario.convoys import convoys_of
from optimizer.scenario.json_text import read_json
from optimizer.scenario.model import Scenario
from optimizer.scenario.shape import validate

if TYPE_CHECKING:
    from optimizer.plan.model import Plan

__all__ = ["StoppedError", "Task", "scenario_in"]

#: Share of the time of a solve that telling solutions may take.
_TELLING = 0.1
#: Seconds between two tellings at least, and at most: the first draws paths that later ones share.
_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 2.0
#: Seconds between two tellings of how far it is.
_TICK_S = 0.1


class StoppedError(Exception):
    """The job was cancelled while no solution was being looked for."""


def scenario_in(packed: bytes) -> Scenario:
    """Return the scenario in a message.

    Parameters
    ----------
    packed : bytes
        Its JSON, packed.

    Returns
    -------
    Scenario
        The scenario, as given.
    """
    data, _ = read_json(unpack(packed).decode(), "the scenario")
    return validate(data)


def _parent_in(packed: bytes | None) -> Parent | None:
    return None if packed is None else parent_of(unpack(packed))


class Task:
    """A job that is being planned.

    Parameters
    ----------
    wanted : Planned
        What to plan.
    kept : Kept
        Ground in memory.
    send : callable
        Sends a message to the server.
    """

    def __init__(self, wanted: Planned, kept: Kept, send: Callable[[object], None]) -> None:
        self._wanted = wanted
        self._kept = kept
        self._send = send
        self._cancelled = False
        self._accepted = False
        self._found: list[Found] = []
        self._last: Incumbent | None = None
        self._solved = False
        self._due = 0.0
        self._tick = 0.0
        # Generators in several threads ask whether to stop; one of them tells at a time.
        self._telling = threading.Lock()

    def stop(self, *, accept: bool) -> None:
        """Ask the job to end; from any thread.

        Parameters
        ----------
        accept : bool
            Whether the best so far becomes the answer.
        """
        if accept:
            self._accepted = True
        else:
            self._cancelled = True

    def run(self) -> None:
        """Plan, and send what comes of it.

        Raises
        ------
        FaultsError
            If the scenario does not fit its ground.
        """
        scenario = scenario_in(self._wanted.scenario)
        ways = _Ways(len({convoy.profile for convoy in convoys_of(scenario)}), self._reach)
        try:
            plan = solve(
                scenario,
                self._kept.ground(scenario, ways.shown),
                options=options_of(self._wanted.options),
                parent=_parent_in(self._wanted.parent),
                on_incumbent=self._better,
                should_stop=self._should_stop,
                on_stage=self._stage,
            )
        except StoppedError:
            self._send(Stopped())
            return
        done = Done(tuple(self._found), packed_plan(plan))
        self._send(Stopped() if self._cancelled else done)

    def _better(self, incumbent: Incumbent) -> None:
        self._found.append(Found(_data(incumbent), incumbent.score))
        self._last = incumbent
        self._solved = True
        self._tell()

    def _tell(self) -> None:
        """Tell what was found, with its plan, if telling does not take too much of the time."""
        if self._last is None or time.monotonic() < self._due:
            return
        if not self._telling.acquire(blocking=False):
            return
        try:
            begin = time.monotonic()
            found, last = tuple(self._found), self._last
            self._found, self._last = [], None
            self._send(Better(found, packed_plan(last.plan())))
            end = time.monotonic()
            pause_s = (end - begin) * (1 / _TELLING - 1)
            self._due = end + min(_LONGEST_PAUSE_S, max(_PAUSE_S, pause_s))
        finally:
            self._telling.release()

    def _should_stop(self) -> bool:
        if self._cancelled:
            # What was found is kept, even if it was told a moment ago.
            self._due = 0.0
            self._tell()
            return True
        self._tell()
        # Accepting needs something to accept.
        return self._accepted and self._solved

    def _stage(self, stage: Stage, share: float | None) -> None:
        if stage in {"search", "writing"} and self._cancelled and not self._solved:
            raise StoppedError
        if stage != "ways":
            self._reach(stage, share)

    def _reach(self, stage: Stage, share: float | None) -> None:
        """Tell how far it is, but not too often; a new stage at once."""
        now = time.monotonic()
        if share not in {None, 0.0} and now < self._tick:
            return
        self._tick = now + _TICK_S
        if stage == "ways" and self._cancelled:
            raise StoppedError
        self._send(Reached(stage, share))


class _Ways:
    """How much of the ways between the sites is known, by kind of convoy."""

    def __init__(self, profiles: int, reach: Callable[[Stage, float | None], None]) -> None:
        self._profiles = max(1, profiles)
        self._reach = reach
        self._begun = 0

    @contextlib.contextmanager
    def shown(self, label: str, total: float | None) -> Iterator[Advance]:
        del label
        before = self._begun / self._profiles
        self._begun += 1
        done = 0.0

        def advance(amount: float) -> None:
            nonlocal done
            done += amount
            if total:
                share = before + min(1.0, done / total) / self._profiles
                self._reach("ways", min(1.0, share))

        self._reach("ways", before)
        yield advance


def packed_plan(plan: Plan) -> bytes:
    """Return a plan as it is stored.

    Parameters
    ----------
    plan : Plan
        Plan.

    Returns
    -------
    bytes
        Its JSON, packed.
    """
    return pack(plan.model_dump_json().encode())


def _data(incumbent: Incumbent) -> dict[str, Any]:
    return {
        "seconds": round(incumbent.seconds, 3),
        "undelivered_kg": round(incumbent.undelivered_kg, 3),
        "objectives": dict(incumbent.objectives),
        "convoys": incumbent.convoys,
    }
