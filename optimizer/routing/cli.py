"""The command ``convoi plan``."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from optimizer.errors import UnmetError, UsageError

if TYPE_CHECKING:
    from optimizer.faults import Language
    from optimizer.routing.options import SolveOptions
    from optimizer.routing.parent import Parent
    from optimizer.routing.solver import Incumbent
    from optimizer.scenario.model import Scenario

__all__ = ["plan"]

#: Seconds that a plan may take if nothing else is said.
_TIME_LIMIT_S = 20.0
#: Seconds between two looks of the bar at the clock.
_TICK_S = 0.1


@click.command()
@click.argument("file", metavar="SCENARIO", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="PLAN.json",
    type=click.Path(path_type=Path),
    help="Where to write the plan.",
)
@click.option(
    "--time-limit",
    type=float,
    metavar="S",
    help="Seconds to search, once the ways between the sites are known."
    f"  [default: {_TIME_LIMIT_S:g}, unless --iterations is given]",
)
@click.option(
    "--iterations",
    type=int,
    metavar="N",
    help="Search so long as counts say; with one worker the same call gives the same plan.",
)
@click.option("--seed", type=int, default=1, show_default=True, metavar="N")
@click.option("--workers", type=int, default=1, show_default=True, metavar="N")
@click.option("--require-all", is_flag=True, help="Exit with 1 if anything stays undelivered.")
@click.option(
    "--from",
    "parent_file",
    metavar="OLD.json",
    type=click.Path(path_type=Path),
    help="Go on from an earlier plan: never worse than what still holds of it.",
)
@click.option(
    "--decided-until",
    metavar="TIME",
    help="Trips of OLD.json that began loading before this time stay; the rest begins after it.",
)
@click.option(
    "--keep",
    "kept",
    multiple=True,
    metavar="CONVOY",
    help="Leave a convoy's route as it is in OLD.json. May be given several times.",
)
@click.option(
    "--theatre",
    type=click.Path(path_type=Path),
    metavar="T/",
    help="Folder of the theatre, instead of looking for it by name.",
)
@click.option(
    "--lang", "language", type=click.Choice(["en", "fr"]), default="en", show_default=True
)
@click.option("--json", "for_program", is_flag=True, help="Write the plan's metrics as JSON.")
def plan(
    *,
    file: Path,
    output: Path,
    time_limit: float | None,
    iterations: int | None,
    seed: int,
    workers: int,
    require_all: bool,
    parent_file: Path | None,
    decided_until: str | None,
    kept: tuple[str, ...],
    theatre: Path | None,
    language: Language,
    for_program: bool,
) -> None:
    """Plan a scenario and write the plan.

    Ctrl-C ends the search and writes the best plan found until then. Exit code 0 if a plan was
    written, 1 if the scenario has faults or --require-all is not met, 2 if the call or a file is
    wrong.
    """
    from optimizer.files import check_target
    from optimizer.network.mesh.store import default_store
    from optimizer.network.of_scenario import ground_of
    from optimizer.plan.read import dump_plan
    from optimizer.routing.bottom_line import bottom_line
    from optimizer.routing.options import SolveOptions
    from optimizer.routing.solver import solve
    from optimizer.scenario.read import load_scenario
    from optimizer.terrain.theatre import theatre_of

    if time_limit is None and iterations is None:
        time_limit = _TIME_LIMIT_S
    options = SolveOptions(
        seed=seed, iterations=iterations, time_limit_s=time_limit, workers=workers
    )
    check_target(output, *filter(None, (file, parent_file)))
    scenario = load_scenario(file)
    parent = _parent(parent_file, decided_until, kept, scenario)
    found = theatre_of(scenario, theatre, beside=file.parent)
    with _accept_on_interrupt() as stopped, _bar(options) as (follow, tick):

        def should_stop() -> bool:
            tick()
            return stopped()

        made = solve(
            scenario,
            ground_of(scenario, found, store=default_store()),
            options=options,
            parent=parent,
            on_incumbent=follow,
            should_stop=should_stop,
        )
    dump_plan(made, output)
    if for_program:
        click.echo(made.metrics.model_dump_json(indent=2))
    else:
        for line in bottom_line(made, language):
            click.echo(line)
    if require_all and made.undelivered:
        raise UnmetError(
            f"{len(made.undelivered)} of {len(scenario.demands)} demands are not delivered in full,"
            f" and --require-all asks for all of them; the plan is in {output}"
        )


def _parent(
    file: Path | None, decided_until: str | None, kept: Sequence[str], scenario: Scenario
) -> Parent | None:
    """Return the plan to go on from, and what of it is decided."""
    from optimizer.plan.read import load_plan
    from optimizer.routing.parent import Parent
    from optimizer.scenario.hours import time_of

    if file is None:
        if decided_until is not None or kept:
            raise UsageError("--decided-until and --keep speak of an earlier plan: name it, --from")
        return None
    until = None if decided_until is None else time_of(decided_until, scenario)
    return Parent(load_plan(file), until, frozenset(kept))


@contextlib.contextmanager
def _accept_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Take the first Ctrl-C for "accept what there is", the second as usual."""
    asked = False
    usual = signal.getsignal(signal.SIGINT)

    def accept(number: int, frame: FrameType | None) -> None:
        del number, frame
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, usual)

    signal.signal(signal.SIGINT, accept)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, usual)


@contextlib.contextmanager
def _bar(
    options: SolveOptions,
) -> Iterator[tuple[Callable[[Incumbent], None] | None, Callable[[], None]]]:
    """Show how far the search is and what it has found, if standard error is a terminal."""
    from optimizer.progress import display

    with display() as shown:
        if shown is None:
            yield None, lambda: None
            return
        limit_s = options.time_limit_s
        task = shown.add_task("Planning", total=limit_s)
        begin = last = time.monotonic()

        def tick() -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _TICK_S:
                last = now
                if limit_s is not None:
                    shown.update(task, completed=min(limit_s, now - begin))

        def follow(best: Incumbent) -> None:
            left_t, driven_h = best.undelivered_kg / 1000, best.objectives.get("time", 0) / 3600
            words = f"{best.convoys} convoys, {left_t:.1f} t undelivered, {driven_h:.1f} h driven"
            shown.update(task, description=words)

        yield follow, tick
