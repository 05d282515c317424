"""A progress bar on a terminal, silence in a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Advance", "Shown", "display", "progress", "silent"]

#: Told how much was done since the last call, in the unit of the total.
Advance = Callable[[float], None]
#: Shows how far something is: called with what is being done and the total, as `progress`.
Shown = Callable[[str, float | None], AbstractContextManager[Advance]]

#: What is on the terminal now: two displays at once would write over each other.
_SHOWN: ContextVar[Progress | None] = ContextVar("_SHOWN", default=None)


def silent(amount: float) -> None:
    """Take note of nothing.

    Parameters
    ----------
    amount : float
        Ignored.
    """


@contextlib.contextmanager
def display() -> Iterator[Progress | None]:
    """Show bars on standard error while the block runs, if standard error is a terminal.

    Inside another such block its display is joined.

    Yields
    ------
    Progress or None
        Where tasks are added; None if nobody would see them.
    """
    shown = _SHOWN.get()
    if shown is not None or not sys.stderr.isatty():
        yield shown
        return
    from rich.console import Console  # noqa: PLC0415 - not needed in a pipe
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        token = _SHOWN.set(bars)
        try:
            yield bars
        finally:
            _SHOWN.reset(token)


@contextlib.contextmanager
def progress(label: str, total: float | None = None) -> Iterator[Advance]:
    """Show a bar on standard error while the block runs, if standard error is a terminal.

    Parameters
    ----------
    label : str
        What is being done.
    total : float, optional
        What `advance` is called for in all; without it the bar only tells that something is done.

    Yields
    ------
    callable
        ``advance(amount)``.
    """
    with display() as bars:
        if bars is None:
            yield silent
            return
        task = bars.add_task(label, total=total)

        def advance(amount: float) -> None:
            bars.update(task, advance=amount)

        try:
            yield advance
        finally:
            bars.remove_task(task)
