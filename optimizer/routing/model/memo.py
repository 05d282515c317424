"""What was computed of a problem before, so that it need not be computed again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from optimizer.routing.model.spans import Span

__all__ = ["Memo", "Memos"]

#: Values that a memo holds at most.
_REMEMBERED = 200_000

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memo(dict[Key, Value]):
    """Values by all that they were computed from, beside the problem."""

    def keep(self, key: Key, value: Value) -> Value:
        """Remember a value; a memo that is full forgets the others first.

        Parameters
        ----------
        key : hashable
            What it was computed from.
        value : object
            The value.

        Returns
        -------
        object
            The value.
        """
        if len(self) >= _REMEMBERED:
            self.clear()
        self[key] = value
        return value


@dataclass(slots=True)
class Memos:
    """The memos of one problem.

    A problem makes its own and takes none from elsewhere, and it never changes: a problem that is
    made from another with something replaced begins with empty memos. So none can be stale.

    Parameters
    ----------
    handling : Memo
        Seconds by demand and units.
    windows : Memo
        Windows by demands of one stop; ``~demand`` where it is taken aboard.
    trips, routes : Memo
        What `evaluate.trip` found by group and visits, and `evaluate.route` by group and shape.
    frames : Memo
        What `repair.insertion` looked up of a route, by group and shape.
    """

    handling: Memo[tuple[int, int], int] = field(default_factory=Memo)
    windows: Memo[tuple[int, ...], tuple[Span, ...]] = field(default_factory=Memo)
    trips: Memo[Any, Any] = field(default_factory=Memo)
    routes: Memo[Any, Any] = field(default_factory=Memo)
    frames: Memo[Any, Any] = field(default_factory=Memo)
