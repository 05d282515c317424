"""The front door: the only place where the rooms are put together."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import click

from optimizer.errors import ConvoiError

__all__ = ["main"]

#: Command -> module and name of its click command; a module is imported when its command is called.
COMMANDS = {
    "brief": "briefing.cli:brief",
    "demo": "convoi:demo",
    "diff": "optimizer.cli:diff",
    "export": "briefing.cli:export",
    "matrix": "optimizer.cli:matrix",
    "plan": "optimizer.cli:plan",
    "scenario": "convoi:scenario",
    "terrain": "optimizer.terrain.cli:terrain",
    "verify": "optimizer.cli:verify",
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
def demo() -> None:
    """Plan the bundled scenario, verify it and write its documents."""
    raise NotImplementedError


def main() -> None:
    """Run the command; an error raised on purpose ends in one message and its exit code."""
    try:
        convoi()
    except ConvoiError as error:
        click.echo(f"convoi: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
