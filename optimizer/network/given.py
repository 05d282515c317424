"""The ground of a scenario that brings its own matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.network.ground import Course, Matrix, Unreachable
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, MatrixTable

if TYPE_CHECKING:
    from optimizer.scenario.model import Scenario

__all__ = ["MatrixGround"]


class MatrixGround:
    """Matrices as the scenario states them, the same for every criterion.

    A convoy of several classes takes the largest of each quantity; where one class has no way, it
    has none.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults that has matrices.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._sites = tuple(site.id for site in scenario.sites)
        self._tables = {table.mobility: table for table in scenario.matrices}
        self._matrices: dict[tuple[str, ...], Matrix] = {}

    @property
    def theatre(self) -> None:
        """None: the matrices are the scenario's own."""
        return

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Nothing: the matrices are taken as given."""
        return ()

    def matrix(self, profile: Profile, criterion: Criterion, window: int = 0) -> Matrix:  # noqa: ARG002
        """Return the quantities of every pair of sites.

        Parameters
        ----------
        profile : Profile
            What moves; only its mobility classes matter.
        criterion : Criterion
            Does not matter: there is one path a pair.
        window : int
            Does not matter.

        Returns
        -------
        Matrix
            In the order of the scenario's sites.
        """
        if profile.mobility not in self._matrices:
            self._matrices[profile.mobility] = self._combined(profile.mobility)
        return self._matrices[profile.mobility]

    def course(
        self,
        profile: Profile,
        criterion: Criterion,
        origin: str,
        destination: str,
        window: int = 0,
    ) -> Course:
        """Return the quantities of one pair; it has no path.

        Parameters
        ----------
        profile : Profile
            What moves.
        criterion : Criterion
            As in `matrix`.
        origin, destination : str
            Sites.
        window : int
            As in `matrix`.

        Returns
        -------
        Course
            Quantities.

        Raises
        ------
        ValueError
            If there is no way, or no such site.
        """
        matrix = self.matrix(profile, criterion, window)
        for site in (origin, destination):
            if site not in self._sites:
                raise ValueError(f"no site {site!r} in the scenario")
        pair = self._sites.index(origin), self._sites.index(destination)
        if pair in matrix.unreachable:
            raise ValueError(f"no way from {origin!r} to {destination!r}")
        return Course(
            time_s=int(matrix.time_s[pair]),
            distance_m=int(matrix.distance_m[pair]),
            fuel_m=int(matrix.fuel_m[pair]),
            exposure_milli=int(matrix.exposure_milli[pair]),
            path=None,
        )

    def _combined(self, mobility: tuple[str, ...]) -> Matrix:
        count = len(self._sites)
        largest = np.zeros((4, count, count), np.int64)
        closed = np.zeros((count, count), np.bool_)
        for name in mobility:
            quantities = self._of_class(name)
            closed |= (quantities < 0).any(axis=0)
            largest = np.maximum(largest, quantities)
        here = np.arange(count)
        closed[here, here] = False
        largest[:, here, here] = 0
        largest[:, closed] = -1
        unreachable = {
            (int(i), int(j)): Unreachable("not_given", self._sites[j])
            for i, j in zip(*np.nonzero(closed), strict=True)
        }
        time_s, distance_m, fuel_m, exposure_milli = largest
        return Matrix(self._sites, time_s, distance_m, fuel_m, exposure_milli, unreachable)

    def _of_class(self, name: str) -> NDArray[np.int64]:
        """Return the four quantities of a class, -1 where they are not given."""
        quantities = np.full((4, len(self._sites), len(self._sites)), -1, np.int64)
        table = self._tables.get(name)
        if table is None:
            return quantities
        place = {site: number for number, site in enumerate(table.sites)}
        given = [number for number, site in enumerate(self._sites) if site in place]
        rows = [place[self._sites[number]] for number in given]
        at, taken = np.ix_(given, given), np.ix_(rows, rows)
        for quantity, values in enumerate(_tables(table)):
            quantities[quantity][at] = values[taken]
        return quantities


def _tables(table: MatrixTable) -> tuple[NDArray[np.int64], ...]:
    def array(rows: tuple[tuple[int | None, ...], ...]) -> NDArray[np.int64]:
        return np.array([[-1 if v is None else v for v in row] for row in rows], np.int64)

    distance_m = array(table.distance_m)
    return (
        array(table.time_s),
        distance_m,
        array(table.fuel_m) if table.fuel_m else distance_m,
        array(table.exposure_milli) if table.exposure_milli else np.zeros_like(distance_m),
    )
