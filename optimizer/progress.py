"""A progress bar on a terminal, silence in a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

__all__ = ["Advance", "progress", "silent"]

#: Told how much was done since the last call, in the unit of the total.
Advance = Callable[[float], None]


def silent(amount: float) -> None:
    """Take note of nothing.

    Parameters
    ----------
    amount : float
        Ignored.
    """


@contextlib.contextmanager
def progress(label: str, total: float) -> Iterator[Advance]:
    """Show a bar on standard error while the block runs, if standard error is a terminal.

    Parameters
    ----------
    label : str
        What is being done.
    total : float
        What `advance` is called for in all.

    Yields
    ------
    callable
        ``advance(amount)``.
    """
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console  # noqa: PLC0415 - not needed in a pipe
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task(label, total=total)

        def advance(amount: float) -> None:
            bar.update(task, advance=amount)

        yield advance
