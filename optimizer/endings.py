"""How a command ends: whatever happens, in at most one message and its exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import FrameType

import click

from optimizer.errors import ConvoiError, OutsideError

__all__ = ["Ended", "UnreadError", "by_signals", "code_of"]

#: Number of the signal of a pipe that nobody reads; not every system has it.
_SIGPIPE = 13


class UnreadError(Exception):
    """Nobody reads what is printed: it was piped to ``head``, say."""


class Ended(BaseException):
    """The system asked the program to end: like Ctrl-C, and past every ``except Exception``.

    Parameters
    ----------
    number : int
        The signal.
    """

    def __init__(self, number: int) -> None:
        self.number = number


@contextlib.contextmanager
def by_signals() -> Iterator[None]:
    """Unwind on signals that ask to end, so that nothing half-written is left behind.

    Yields
    ------
    None
        While the signals unwind.
    """

    def end(number: int, frame: FrameType | None) -> None:
        del frame
        raise Ended(number)

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What is ignored, as under nohup, stays ignored.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def code_of(call: Callable[[], object], *, in_full: bool, rooms: Collection[str]) -> int:
    """Run a command to its end, and say in one line what went wrong.

    Parameters
    ----------
    call : callable
        Runs it; a number that it returns is its exit code.
    in_full : bool
        Whether an unexpected failure is shown in full.
    rooms : collection of str
        Files and folders of the program, beside this package: a failure is placed in them.

    Returns
    -------
    int
        Exit code. 128 + n if signal n ended it, as shells count: 130 for Ctrl-C, 141 for a pipe
        that nobody reads any more.

    Raises
    ------
    SystemExit
        If the command asks for it.
    """
    try:
        code = call()
        # What does not arrive is to be told here, not by the interpreter when it ends.
        sys.stdout.flush()
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - the last door; what passes it is a traceback
        if isinstance(error, OSError | UnreadError):
            _drop_output()
        if in_full:
            traceback.print_exc()
        message, code = _verdict(error, rooms)
        if message:
            with contextlib.suppress(OSError):
                click.echo(message, err=True)
    return code if isinstance(code, int) else 0


def _verdict(error: BaseException, rooms: Collection[str]) -> tuple[str, int]:
    """Return what is said of an error, and the exit code."""
    match error:
        case ConvoiError():
            told = f"convoi: {error}", error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            told = error.format_message(), error.exit_code
        case click.ClickException():
            told = _usage(error), error.exit_code
        case click.Abort() | KeyboardInterrupt():
            told = "convoi: interrupted", 128 + signal.SIGINT
        case Ended():
            told = f"convoi: ended by {signal.Signals(error.number).name}", 128 + error.number
        case UnreadError() | BrokenPipeError():
            told = "", 128 + _SIGPIPE
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            told = f"convoi: {where}{error.strerror or error}", OutsideError.exit_code
        case MemoryError():
            told = "convoi: there is not enough memory for this", OutsideError.exit_code
        case _:
            told = f"convoi: {_defect(error, rooms)}", OutsideError.exit_code
    return told


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if context is not None else ""
    return f"convoi: {error.format_message()}{hint}"


def _drop_output() -> None:
    """Send what is still to be printed nowhere: the interpreter tries it again when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _defect(error: BaseException, rooms: Collection[str]) -> str:
    """Name a failure that nobody foresaw in one line, with the place in the program."""
    frames = traceback.extract_tb(error.__traceback__)
    root = Path(__file__).resolve().parent.parent
    own = [f for f in frames if _is_own(Path(f.filename), root, rooms)]
    place = f" at {Path(own[-1].filename).relative_to(root)}:{own[-1].lineno}" if own else ""
    said = " ".join(str(error).split())
    return (
        f"unexpected {type(error).__name__}{place}: {said}. This is a defect of Convoi;"
        " convoi --traceback shows it in full"
    )


def _is_own(path: Path, root: Path, rooms: Collection[str]) -> bool:
    return path.is_relative_to(root) and path.relative_to(root).parts[0] in rooms
