"""The front door: the only place where the rooms are put together."""

from __future__ import annotations

import importlib
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from optimizer.errors import ConvoiError

__all__ = ["main"]

#: Enough for the bundled scenarios, and about ten seconds.
DEMO_ITERATIONS = 300

#: Command -> module and name of its click command; a module is imported when its command is called.
COMMANDS = {
    "brief": "briefing.cli:brief",
    "demo": "convoi:demo",
    "diff": "optimizer.plan.cli:diff",
    "export": "briefing.cli:export",
    "matrix": "optimizer.network.cli:matrix",
    "plan": "optimizer.routing.cli:plan",
    "scenario": "convoi:scenario",
    "terrain": "optimizer.terrain.cli:terrain",
    "verify": "optimizer.verify.cli:verify",
}
#: The same of ``convoi scenario``: checking and making scenarios are rooms of their own.
SCENARIO_COMMANDS = {
    "check": "optimizer.check.cli:check",
    "generate": "optimizer.generate.cli:generate",
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def __init__(self, *args: Any, table: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.table:
            return None
        module, name = self.table[cmd_name].split(":")
        command: Any = getattr(importlib.import_module(module), name)
        return command if isinstance(command, click.Command) else None


@click.group(
    cls=_LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="convoi", prog_name="convoi")
def convoi() -> None:
    """Plan resupply over real terrain and brief those who carry it out."""


@click.group(cls=_LazyGroup, table=SCENARIO_COMMANDS)
def scenario() -> None:
    """Check scenarios and make them."""


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
    type=click.Path(path_type=Path, file_okay=False),
    default="convoi-demo",
    show_default=True,
    help="Folder for the plan and its documents.",
)
@click.option(
    "--iterations", type=click.IntRange(min=1), default=DEMO_ITERATIONS, show_default=True
)
@click.option("--no-serve", is_flag=True, help="End after writing, as it does today anyway.")
def demo(*, name: str, output: Path, iterations: int, no_serve: bool) -> None:  # noqa: ARG001
    """Plan a bundled scenario, verify the plan and write its documents.

    Each step is a command of its own and is shown as it would be typed.
    """
    from optimizer.datasets import data_path  # noqa: PLC0415 - as every command, when called

    given = data_path("scenarios", f"{name}.yaml")
    output.mkdir(parents=True, exist_ok=True)
    plan = output / "plan.json"
    steps: list[list[str | Path]] = [
        ["plan", given, "-o", plan, "--iterations", str(iterations)],
        ["verify", plan],
        ["brief", plan, "--lang", "fr", "-o", output / "ordre-de-mouvement.md"],
        ["brief", plan, "--lang", "en", "-o", output / "movement-order.md"],
        ["export", plan, "--format", "geojson", "-o", output / "plan.geojson"],
    ]
    for step in steps:
        words = [str(word) for word in step]
        click.secho(f"$ convoi {shlex.join(words)}", dim=True)
        if code := convoi.main(words, prog_name="convoi", standalone_mode=False):
            sys.exit(code)
        click.echo()
    click.echo(f"The plan and its documents are in {output}:")
    for path in sorted(output.iterdir()):
        click.echo(f"  {path}")


def main() -> None:
    """Run the command; an error raised on purpose ends in one message and its exit code."""
    try:
        convoi()
    except ConvoiError as error:
        click.echo(f"convoi: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
