"""What routing asks of the ground, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from optimizer.plan.model import Path, TheatreStamp
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Course", "Ground", "Matrix", "Unreachable"]


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Why a profile cannot go from one site to another.

    Parameters
    ----------
    code : str
        ``"in_water"``, ``"in_no_go"``, ``"outside_theatre"``, ``"cannot_enter"`` (the ground
        around the site is closed to the profile), ``"load_class"``, ``"height"``, ``"width"``,
        ``"weight"``, ``"ford"`` (reachable if that limit were lifted; load class and weight
        together where neither alone is enough), ``"closed"`` (reachable without the scenario's
        areas and changes), ``"no_way"`` (none of these alone), ``"not_given"`` (null in a matrix of
        the scenario); of aircraft ``"in_no_fly"`` (the site lies in an area closed to flying, or
        beside one), ``"ceiling"`` (every way leads over ground that is too high),
        ``"visibility"``; of boats ``"no_landing"`` (no navigable water near the site),
        ``"no_waterway"`` (its water is not joined to that of the other site).
    site : str
        The site that is cut off.
    params : mapping
        Figures and ids: for a limit of a road ``road`` (an edge), ``limit`` and ``needed``, of a
        ford the depth that the class passes and the one that there is; for what is closed
        ``area``, or ``road`` and ``change`` or ``area``; for ``"in_no_fly"`` ``area``; for ceiling
        and visibility ``limit`` and ``needed``, for landings ``limit``, all in metres.
    """

    code: str
    site: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Quantities along the best path of every pair of sites, for one profile and criterion.

    Parameters
    ----------
    sites : tuple of str
        Order of rows (origins) and columns (destinations).
    time_s, distance_m, fuel_m, exposure_milli : ndarray of int64, shape (sites, sites)
        Along the path that is best for the criterion; time without contingency, each rounded up.
        0 on the diagonal, -1 where there is no way.
    unreachable : mapping of (int, int) to Unreachable
        For each pair with -1, why.
    """

    sites: tuple[str, ...]
    time_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
    fuel_m: NDArray[np.int64]
    exposure_milli: NDArray[np.int64]
    unreachable: Mapping[tuple[int, int], Unreachable]


@dataclass(frozen=True, slots=True)
class Course:
    """One path with its quantities, as in `Matrix`; ``path`` is None for matrices of one's own."""

    time_s: int
    distance_m: int
    fuel_m: int
    exposure_milli: int
    path: Path | None


class Ground(Protocol):
    """Matrices and paths between the sites of one scenario."""

    @property
    def theatre(self) -> TheatreStamp | None:
        """The theatre that it was made from; None for matrices of one's own."""
        ...

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed on the way, such as load classes by default; one sentence code each."""
        ...

    def matrix(self, profile: Profile, criterion: Criterion, window: int = 0) -> Matrix:
        """Return the quantities along the best path of every pair of sites.

        Parameters
        ----------
        profile : Profile
            What moves.
        criterion : Criterion
            What the paths are best for.
        window : int
            Part of the horizon; 0, since the ground is the same all day.

        Returns
        -------
        Matrix
            One row and one column a site.
        """
        ...

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
            Ids of two sites.
        window : int
            Part of the horizon; 0, since the ground is the same all day.

        Returns
        -------
        Course
            The quantities of the matrix, and the path that they are taken along.

        Raises
        ------
        ValueError
            If the pair has no way.
        """
        ...
