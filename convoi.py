"""The front door: the only place where rooms are put together."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click

from optimizer.endings import UnreadError, by_signals, code_of
from optimizer.errors import OutsideError, UsageError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from optimizer.jobs import Jobs

__all__ = ["main"]

#: Where a failure is placed.
_ROOMS = frozenset({"convoi.py", "optimizer", "briefing", "dashboard"})
#: Enough for the bundled scenarios, and about ten seconds.
DEMO_ITERATIONS = 300
#: What the demonstration writes, by language and name of the file.
_DOCUMENTS = {
    "movement-order": {"fr": "ordre-de-mouvement", "en": "movement-order"},
    "convoy-card": {"fr": "fiches-de-convoi", "en": "convoy-cards"},
    "decision-note": {"fr": "note-de-synthese", "en": "decision-note"},
}


class _Entry(NamedTuple):
    """Where a command is, and what the list of commands says of it without importing it."""

    home: str
    says: str


#: A module is imported when its command is called.
COMMANDS = {
    "api": _Entry("convoi:api", "Serve the HTTP interface on this machine."),
    "bench": _Entry("convoi:bench", "Measure Convoi beside what people would use instead."),
    "brief": _Entry("briefing.cli:brief", "Write a document of a plan that people act on."),
    "demo": _Entry("convoi:demo", "Plan a bundled scenario, write its documents and show it."),
    "diff": _Entry("optimizer.plan.cli:diff", "Tell what changed between two plans."),
    "export": _Entry("briefing.cli:export", "Write a plan as map layers for other tools."),
    "matrix": _Entry("optimizer.network.cli:matrix", "Write time and distance between all sites."),
    "plan": _Entry("optimizer.routing.cli:plan", "Plan a scenario and write the plan."),
    "scenario": _Entry("convoi:scenario", "Check, make and edit scenarios."),
    "serve": _Entry("convoi:serve", "Serve dashboard and HTTP interface on this machine."),
    "terrain": _Entry("convoi:terrain", "Fetch ground; build, draw and ask theatres."),
    "verify": _Entry(
        "optimizer.verify.cli:verify", "Recompute a plan and name what breaks a rule."
    ),
}
#: The same of ``convoi scenario``: checking, making and drawing scenarios are rooms of their own.
SCENARIO_COMMANDS = {
    "check": _Entry("optimizer.check.cli:check", "Tell every fault and warning of a scenario."),
    "export": _Entry(
        "optimizer.layers.cli:export_layers", "Write areas and changes as layers to edit in QGIS."
    ),
    "generate": _Entry("optimizer.generate.cli:generate", "Make a scenario on any theatre."),
    "import": _Entry("optimizer.layers.cli:import_layers", "Put edited layers into a scenario."),
}
#: The same of ``convoi terrain``: whoever tells ways over ground is the room of the network.
TERRAIN_COMMANDS = {
    "build": _Entry("optimizer.terrain.build.cli:build", "Build a theatre from real data."),
    "critical": _Entry(
        "optimizer.network.critical.cli:critical", "Tell which roads and bridges cost most if lost."
    ),
    "fetch": _Entry("optimizer.terrain.fetch.cli:fetch", "Fetch ground for a box."),
    "path": _Entry("optimizer.network.pair.cli:path", "Tell one way between two places in full."),
    "show": _Entry(
        "optimizer.network.isochrones.cli:show", "Draw a theatre as a map, with isochrones."
    ),
    "synth": _Entry("optimizer.terrain.synth.cli:synth", "Make a theatre from a seed."),
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def __init__(self, *args: Any, table: Mapping[str, _Entry], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.table:
            return None
        module, name = self.table[cmd_name].home.split(":")
        command: Any = getattr(importlib.import_module(module), name)
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - the library's signature
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            # Click itself would end with 1, which is the answer "no".
            raise UnreadError from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.table and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.table, n=1)
            meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(self.table)}"
            ctx.fail(f"There is no command {args[0]!r}; {meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.table[name].says) for name in self.list_commands(ctx)])


@click.group(
    cls=_LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="convoi", prog_name="convoi")
@click.option("--traceback", "in_full", is_flag=True, help="Show an unexpected failure in full.")
def convoi(*, in_full: bool) -> None:
    """Plan resupply over real terrain and brief those who carry it out."""


@click.group()
def bench() -> None:
    """Measure Convoi beside what people would use instead."""


@bench.command("network")
@click.option("--case", "cases", multiple=True, metavar="NAME", help="Of these only.")
@click.option("--size", type=click.Choice(["small", "full"]), default="full", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one line a measure.")
@click.option(
    "--peers", type=click.Path(path_type=Path), help="Folder of the packages of peers.txt."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("convoi-bench"),
    show_default=True,
    help="Keeps the ground that is made.",
)
@click.option(
    "--osm",
    type=click.Path(path_type=Path),
    help="Extract of OpenStreetMap for the case roads.  [default: Andorra's, beside the checkout]",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for results.")
def bench_network(
    *,
    cases: tuple[str, ...],
    size: str,
    as_json: bool,
    peers: Path | None,
    folder: Path,
    osm: Path | None,
    output: Path | None,
) -> None:
    """Measure ground and ways; all cases take an hour."""
    run = _benchmark("network")
    unknown = [case for case in cases if case not in run.CASES]
    if unknown:
        raise UsageError(f"no case {unknown[0]!r}; there are {', '.join(run.CASES)}")
    run.main(
        cases or run.CASES,
        size,
        as_json=as_json,
        peers=peers and peers.absolute(),
        folder=folder.absolute(),
        osm=osm and osm.absolute(),
        out=output,
    )


@bench.command("routing")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    metavar="S",
    help="Wall time of each run in seconds.",
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Runs of each solver on each instance.",
)
@click.option("--solver", "solvers", multiple=True, metavar="NAME", help="Of these only.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one line a run.")
@click.option(
    "--peers", type=click.Path(path_type=Path), help="Folder of the packages of peers.txt."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("convoi-bench"),
    show_default=True,
    help="Keeps the scenarios that are made of recipes.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File of JSON lines; what stands in it is not run again.",
)
def bench_routing(
    *,
    files: tuple[Path, ...],
    time_limit: float,
    seeds: int,
    solvers: tuple[str, ...],
    as_json: bool,
    peers: Path | None,
    folder: Path,
    output: Path | None,
) -> None:
    """Solve standard instances and resupply scenarios, beside others in the same time."""
    run = _benchmark("routing")
    run.main(
        files,
        time_limit=time_limit,
        seeds=seeds,
        solvers=solvers or tuple(run.SOLVERS),
        peers=peers and peers.absolute(),
        as_json=as_json,
        out=output,
        folder=folder.absolute(),
    )


def _benchmark(name: str) -> ModuleType:
    """Return the program of a benchmark, which lies in a checkout alone."""
    root = Path(__file__).parent
    if not (root / "benchmarks" / name).is_dir():
        raise UsageError(
            "the benchmarks come with the source, not with the package: get a checkout"
        )
    sys.path.insert(0, str(root))
    return importlib.import_module(f"benchmarks.{name}.run")


@click.group(cls=_LazyGroup, table=SCENARIO_COMMANDS)
def scenario() -> None:
    """Check, make and edit scenarios."""


@click.group(cls=_LazyGroup, table=TERRAIN_COMMANDS)
def terrain() -> None:
    """Fetch ground, build theatres or make them from a seed, draw them, and ask for ways."""


_STATE = click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of jobs and works.  [default: $XDG_STATE_HOME/convoi, or ~/.local/state/convoi]",
)
_PORT = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="P",
    help="Port; 0 for any.  [default: the first free one from 8765 on]",
)


@click.command()
@click.option(
    "--scenario",
    "name",
    type=click.Choice(["brigade", "flood"]),
    default="brigade",
    show_default=True,
    help="Which of the bundled scenarios.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="convoi-demo",
    show_default=True,
    help="Folder for the plan and its documents.",
)
@click.option(
    "--iterations", type=click.IntRange(min=1), default=DEMO_ITERATIONS, show_default=True
)
@click.option("--no-serve", is_flag=True, help="End after writing, without the dashboard.")
@click.option("--no-browser", is_flag=True, help="Serve the dashboard, but open no browser.")
@_PORT
@_STATE
def demo(
    *,
    name: str,
    output: Path,
    iterations: int,
    no_serve: bool,
    no_browser: bool,
    port: int | None,
    state: Path | None,
) -> None:
    """Plan a bundled scenario, verify the plan, write its documents and open the dashboard.

    Each step is a command of its own and is shown as it would be typed.
    """
    from optimizer.datasets import data_path  # noqa: PLC0415 - as every command, when called

    given = data_path("scenarios", f"{name}.yaml")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"{output} is no folder; name a folder for the documents") from error
    except OSError as error:
        raise OutsideError(f"folder {output} cannot be made: {error.strerror or error}") from error
    plan = output / "plan.json"
    layers = output / "plan.geojson"
    documents = [
        (kind, language, output / f"{title}.pdf")
        for kind, titles in _DOCUMENTS.items()
        for language, title in titles.items()
    ]
    written = [plan, *(path for _, _, path in documents), layers]
    steps: list[list[str | Path]] = [
        ["plan", given, "-o", plan, "--iterations", str(iterations)],
        ["verify", plan],
    ]
    for kind, language, path in documents:
        steps.append(["brief", plan, "--document", kind, "--lang", language, "-o", path])
    steps.append(["export", plan, "--format", "geojson", "-o", layers])
    for step in steps:
        words = [str(word) for word in step]
        click.secho(f"$ convoi {shlex.join(words)}", dim=True)
        if code := convoi.main(words, prog_name="convoi", standalone_mode=False):
            sys.exit(code)
        click.echo()
    click.echo(f"The plan and its documents are in {output}:")
    for path in written:
        click.echo(f"  {path}")
    if not no_serve:
        click.echo()
        click.secho("$ convoi serve", dim=True)
        _serve(_Wish(port=port, state=state, browser=not no_browser, shown=plan), dashboard=True)


class _Wish(NamedTuple):
    """What is asked of a server."""

    host: str = "127.0.0.1"
    port: int | None = None
    state: Path | None = None
    workers: int = 1
    browser: bool = False
    #: A plan to begin with.
    shown: Path | None = None


def _server_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option(
            "--workers",
            type=click.IntRange(1, 64),
            default=1,
            show_default=True,
            help="Processes that plan, one job at a time each.",
        ),
        _STATE,
        _PORT,
        click.option(
            "--host",
            default="127.0.0.1",
            show_default=True,
            metavar="H",
            help="Loopback address; no other machine is served.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@_server_options
def api(*, host: str, port: int | None, state: Path | None, workers: int) -> None:
    """Serve the HTTP interface on this machine, without the dashboard, until Ctrl-C.

    What it offers is shown under /api/v1/docs.
    """
    _serve(_Wish(host, port, state, workers), dashboard=False)


@click.command()
@_server_options
@click.option("--no-browser", is_flag=True, help="Open no browser.")
def serve(
    *, host: str, port: int | None, state: Path | None, workers: int, no_browser: bool
) -> None:
    """Serve dashboard and HTTP interface on this machine until Ctrl-C, and open a browser.

    Scenarios, plans and jobs are kept in the state folder and are there the next time.
    """
    _serve(_Wish(host, port, state, workers, browser=not no_browser), dashboard=True)


def _serve(wish: _Wish, *, dashboard: bool) -> None:
    """Put the rooms together in one server, and serve until it is ended."""
    # As every command, imported when called; what is missing is an extra that was not installed.
    with _extra("api"):
        from fastapi import FastAPI  # noqa: PLC0415
        from fastapi.responses import RedirectResponse  # noqa: PLC0415

        from briefing.api import briefings_router  # noqa: PLC0415
        from optimizer.api import create_api  # noqa: PLC0415
        from optimizer.api.guard import Guard  # noqa: PLC0415
        from optimizer.api.serving import Closing, listen  # noqa: PLC0415
        from optimizer.api.serving import serve as serve_app  # noqa: PLC0415
        from optimizer.jobs import Jobs  # noqa: PLC0415
        from optimizer.jobs.state import default_folder  # noqa: PLC0415

    if dashboard:
        with _extra("dashboard"):
            importlib.import_module("dash")
            importlib.import_module("dashboard.app")
    opened = listen(wish.host, wish.port)
    folder = wish.state or default_folder()
    closing = Closing()
    path = "/"
    with contextlib.closing(opened), Jobs(folder, workers=wish.workers) as jobs:
        root = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        root.add_middleware(Guard)
        # Before the dashboard, whose pages answer whatever nobody else does.
        root.mount("/api", create_api(jobs, [briefings_router(jobs)], closing=closing))
        root.add_api_route("/api" if dashboard else "/", lambda: RedirectResponse("/api/v1/docs"))
        if dashboard:
            path = _with_dashboard(root, jobs, folder, wish.shown)
        name, port = opened.getsockname()[:2]
        url = f"http://{f'[{name}]' if ':' in name else name}:{port}"

        def ready() -> None:
            click.echo(f"Convoi is at {url}{path}, its interface at {url}/api/v1/docs")
            click.echo(f"State is kept in {folder}. Ctrl-C ends the server.", err=True)
            if wish.browser:
                _open_browser(url + path)

        serve_app(root, opened, closing, ready)


def _with_dashboard(root: FastAPI, jobs: Jobs, folder: Path, shown: Path | None) -> str:
    """Mount the dashboard, with a plan as the last work, and return the path to begin at."""
    from dashboard.app import create_app  # noqa: PLC0415 - as every command, when called
    from dashboard.works import remember  # noqa: PLC0415
    from optimizer.plan.read import load_plan  # noqa: PLC0415

    create_app(jobs, root, folder)
    return "/" if shown is None else f"/work/{remember(folder, load_plan(shown))}"


@contextlib.contextmanager
def _extra(name: str) -> Iterator[None]:
    """Tell which extra is missing, instead of which module."""
    try:
        yield
    except ModuleNotFoundError as error:
        # A module of our own that is missing is a defect, and is to be told as one.
        if (error.name or "").partition(".")[0] in {"optimizer", "briefing", "dashboard"}:
            raise
        raise OutsideError(
            f"{error.name} is not installed: this needs the extra [{name}] of Convoi"
            f" (pip install 'convoi[{name}]')"
        ) from error


def _open_browser(url: str) -> None:
    """Open a browser beside the server, where there is a screen to open it on."""
    import threading  # noqa: PLC0415 - only here
    import webbrowser  # noqa: PLC0415

    screen = sys.platform in {"darwin", "win32"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
    # Without a screen a browser of text would take the terminal over.
    if screen:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command; whatever happens ends in at most one message and its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the command line.

    Raises
    ------
    SystemExit
        Always. 128 + n if signal n ended it, as shells count: 130 for Ctrl-C, 141 for a pipe
        that nobody reads any more.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # On a terminal that lacks a letter a question mark is better than nothing at all.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    with by_signals():
        code = code_of(
            lambda: convoi.main(words, prog_name="convoi", standalone_mode=False),
            in_full="--traceback" in words,
            rooms=_ROOMS,
        )
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    sys.exit(code)


if __name__ == "__main__":
    # Under its own name, or commands that are found by name would be those of a second copy.
    importlib.import_module("convoi").main()
