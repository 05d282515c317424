"""The ground of a scenario on which not everything holds all the time: one ground a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from optimizer.scenario.hours import Hours, hours_of

if TYPE_CHECKING:
    from optimizer.network.ground import Course, Ground, Matrix
    from optimizer.plan.model import TheatreStamp
    from optimizer.scenario.convoys import Profile
    from optimizer.scenario.model import Criterion, Scenario

__all__ = ["GroundByHours", "by_hours"]


class GroundByHours:
    """Matrices and paths by window, each from the ground as it is then.

    A window's ground is made when it is first asked for: many that could be are needed by no leg.

    Parameters
    ----------
    hours : Hours
        What holds when.
    made : callable
        Makes the ground of the scenario as it is in a window.
    """

    def __init__(self, hours: Hours, made: Callable[[Scenario], Ground]) -> None:
        self._hours = hours
        self._made = made
        self._grounds: dict[int, Ground] = {}

    @property
    def theatre(self) -> TheatreStamp | None:
        """Name and digest of the theatre."""
        return self._in(0).theatre

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed of the ground in any window that was asked for."""
        self._in(0)
        grounds = [self._grounds[window] for window in sorted(self._grounds)]
        return tuple(dict.fromkeys(told for ground in grounds for told in ground.assumptions))

    def matrix(self, profile: Profile, criterion: Criterion, window: int = 0) -> Matrix:
        """Return the quantities along the best path of every pair of sites.

        Parameters
        ----------
        profile : Profile
            What moves.
        criterion : Criterion
            What paths are best for.
        window : int
            Number of a window of the scenario's hours.

        Returns
        -------
        Matrix
            In the order of the scenario's sites.
        """
        return self._in(window).matrix(profile, criterion)

    def course(
        self,
        profile: Profile,
        criterion: Criterion,
        origin: str,
        destination: str,
        window: int = 0,
    ) -> Course:
        """Return the best path of one pair.

        Parameters
        ----------
        profile : Profile
            What moves.
        criterion : Criterion
            What the path is best for.
        origin, destination : str
            Sites.
        window : int
            As in `matrix`.

        Returns
        -------
        Course
            Path and quantities, those of the matrix.

        Raises
        ------
        ValueError
            If there is no way then, or no such site.
        """
        return self._in(window).course(profile, criterion, origin, destination)

    def _in(self, window: int) -> Ground:
        if window not in self._grounds:
            self._grounds[window] = self._made(self._hours.in_window(window))
        return self._grounds[window]


def by_hours(scenario: Scenario, made: Callable[[Scenario], Ground]) -> Ground:
    """Return the ground of a scenario in all its windows.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults, on a theatre.
    made : callable
        Makes the ground of a scenario on which everything holds all the time.

    Returns
    -------
    Ground
        That ground itself, where nothing changes.
    """
    hours = hours_of(scenario)
    return GroundByHours(hours, made) if hours.vary else made(hours.in_window(0))
