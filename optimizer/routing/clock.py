"""How much of the budget is left: by wall time, by counts, or until somebody says stop."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Clock"]


class Clock:
    """Watches the budget of a solve.

    Parameters
    ----------
    time_limit_s : float or None
        Limit of wall time; None if counts bound the solve.
    should_stop : callable, optional
        Asked whether to end now.
    """

    def __init__(
        self, time_limit_s: float | None, should_stop: Callable[[], bool] | None = None
    ) -> None:
        self._start = time.perf_counter()
        self.time_limit_s = time_limit_s
        self._should_stop = should_stop
        self.stopped = False

    def seconds(self) -> float:
        """Return the seconds since the beginning.

        Returns
        -------
        float
            Wall time.
        """
        return time.perf_counter() - self._start

    def until(self, share: float) -> Callable[[], bool]:
        """Return the question whether a share of the budget is spent.

        Parameters
        ----------
        share : float
            Share of the time limit; without a limit only a stop ends the work.

        Returns
        -------
        callable
            True when the share is spent or a stop was asked for.
        """

        def expired() -> bool:
            if self.asked():
                return True
            return self.time_limit_s is not None and self.seconds() >= share * self.time_limit_s

        return expired

    def spent(self) -> float:
        """Return the share of the time limit that is spent.

        Returns
        -------
        float
            0 without a limit.
        """
        return 0.0 if self.time_limit_s is None else self.seconds() / self.time_limit_s

    def left_s(self, share: float) -> float | None:
        """Return the seconds until a share of the budget is spent.

        Parameters
        ----------
        share : float
            Share of the time limit.

        Returns
        -------
        float or None
            Seconds, at least 0; None without a limit.
        """
        if self.time_limit_s is None:
            return None
        return max(0.0, share * self.time_limit_s - self.seconds())

    def part(self, time_limit_s: float | None) -> Clock:
        """Return a clock for a part of the work, which stops when this one is asked to.

        Parameters
        ----------
        time_limit_s : float or None
            Limit of the part.

        Returns
        -------
        Clock
            A clock that starts now.
        """
        return Clock(time_limit_s, self.asked)

    def asked(self) -> bool:
        """Tell whether somebody said stop.

        Returns
        -------
        bool
            Also from then on.
        """
        if self._should_stop is not None and not self.stopped:
            self.stopped = self._should_stop()
        return self.stopped
