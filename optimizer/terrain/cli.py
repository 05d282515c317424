"""The commands of ``convoi terrain``; each is imported when it is called."""

from __future__ import annotations

import importlib
from typing import Any

import click

__all__ = ["terrain"]

#: Command -> module and name of its click command.
COMMANDS = {
    "build": "optimizer.terrain.build.cli:build",
    "fetch": "optimizer.terrain.fetch.cli:fetch",
    "show": "optimizer.terrain.show.cli:show",
    "synth": "optimizer.terrain.synth.cli:synth",
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: Any = getattr(importlib.import_module(module), name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=_LazyGroup)
def terrain() -> None:
    """Fetch ground, build theatres from real data, make them from a seed, and draw them."""
