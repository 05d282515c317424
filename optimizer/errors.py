"""Everything Convoi raises on purpose.

::

    ConvoiError              base; carries an exit code
    ├── UsageError           the call or a file it names is wrong               (exit 2)
    │   ├── FileError        a file is missing, unreadable, cut short, or not what its name says
    │   ├── FormatError      a document has an unknown format or major version
    │   └── NotFoundError    there is nothing of that name
    ├── RefusedError         the answer is no                                   (exit 1)
    │   ├── ConflictError    what is asked for contradicts what was asked for before
    │   ├── FaultsError      a scenario or plan has faults; carries all of them
    │   └── UnmetError       something was required that the plan does not reach
    └── OutsideError         something outside failed: disk full, no permission (exit 3)

A message says what was wrong, where, and what would be right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.faults import Fault

__all__ = [
    "ConflictError",
    "ConvoiError",
    "FaultsError",
    "FileError",
    "FormatError",
    "NotFoundError",
    "OutsideError",
    "RefusedError",
    "UnmetError",
    "UsageError",
]


class ConvoiError(Exception):
    """Base of every error that Convoi raises on purpose."""

    exit_code: ClassVar[int] = 3


class UsageError(ConvoiError):
    """The call, or a file that it names, is wrong."""

    exit_code = 2


class FileError(UsageError):
    """A file is missing, unreadable, cut short, or not what its name says."""


class FormatError(UsageError):
    """A document has an unknown format or major version."""


class NotFoundError(UsageError):
    """There is nothing of that name."""


class RefusedError(ConvoiError):
    """The call was understood and the answer is no."""

    exit_code = 1


class ConflictError(RefusedError):
    """What is asked for contradicts what was asked for before."""


class FaultsError(RefusedError):
    """A document has faults.

    Parameters
    ----------
    faults : sequence of Fault
        Every fault found, in the order of the document.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnmetError(RefusedError):
    """Something was required that the plan does not reach."""


class OutsideError(ConvoiError):
    """Something outside Convoi failed: a full disk, a missing permission."""
