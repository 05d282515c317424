"""The ground of a scenario on a theatre, whatever its convoys move in."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from optimizer.errors import UsageError
from optimizer.network.air.ground import AirGround
from optimizer.network.from_theatre import TheatreGround
from optimizer.network.unchanged import ways_digest
from optimizer.network.water.ground import WaterGround
from optimizer.progress import Shown, progress
from optimizer.scenario.convoys import convoys_of
from optimizer.terrain.media import Medium
from optimizer.terrain.tables import medium_of

if TYPE_CHECKING:
    from optimizer.network.ground import Course, Ground, Matrix
    from optimizer.network.mesh.store import Store
    from optimizer.plan.model import TheatreStamp
    from optimizer.scenario.convoys import Profile
    from optimizer.scenario.model import Criterion, Scenario
    from optimizer.terrain.theatre import Theatre

__all__ = ["GroundByMedium"]


class GroundByMedium:
    """Matrices and paths on the ground, through the air and on water, each from its own room.

    Parameters
    ----------
    scenario : Scenario
        Scenario without faults, whose theatre this is.
    theatre : Theatre
        Theatre.
    shown : callable
        Shows how far a search is; by default a bar on a terminal.
    store : Store or None
        Where ways over open ground are kept from one run to the next.
    """

    def __init__(
        self,
        scenario: Scenario,
        theatre: Theatre,
        *,
        shown: Shown = progress,
        store: Store | None = None,
    ) -> None:
        self._scenario = scenario
        self._theatre = theatre
        self._land = TheatreGround(scenario, theatre, shown=shown, store=store)
        # Roads do not concern them: they are shared with scenarios that differ in these alone.
        self._others: dict[Medium, Ground] = {}

    @property
    def land(self) -> TheatreGround:
        """What moves on the ground."""
        return self._land

    @property
    def theatre(self) -> TheatreStamp:
        """Name and digest of the theatre."""
        return self._land.theatre

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed of the ground; the codes are listed in ``docs/reference/plan.md``."""
        profiles = dict.fromkeys(convoy.profile for convoy in convoys_of(self._scenario))
        grounds = dict.fromkeys(self.of(profile) for profile in profiles)
        others = (other.assumptions for other in grounds if other is not self._land)
        return (*self._land.assumptions, *(told for each in others for told in each))

    def of(self, profile: Profile) -> Ground:
        """Return the ground for what moves in one medium.

        Parameters
        ----------
        profile : Profile
            What moves.

        Returns
        -------
        Ground
            That of its medium.

        Raises
        ------
        UsageError
            If its mobility classes move in different media.
        """
        medium = medium_of(profile.mobility)
        if medium is None:
            raise UsageError(
                f"{' and '.join(profile.mobility)} do not move together: name classes that all"
                " move on the ground, fly, or go on water"
            )
        if medium is Medium.GROUND:
            return self._land
        if medium not in self._others:
            self._others[medium] = self._made(medium)
        return self._others[medium]

    def _made(self, medium: Medium) -> Ground:
        layers = self._land.layers
        if medium is Medium.AIR:
            visibility_m = self._scenario.weather.visibility_m
            return AirGround(self._theatre, layers.sites, layers.conditions.areas, visibility_m)
        return WaterGround(layers)

    def matrix(self, profile: Profile, criterion: Criterion, window: int = 0) -> Matrix:
        """Return the quantities along the best path of every pair of sites.

        Parameters
        ----------
        profile : Profile
            What moves.
        criterion : Criterion
            What paths are best for.
        window : int
            The ground is the same all day; only 0 is asked for.

        Returns
        -------
        Matrix
            In the order of the scenario's sites.
        """
        return self.of(profile).matrix(profile, criterion, window)

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
            If there is no way, or no such site.
        """
        return self.of(profile).course(profile, criterion, origin, destination, window)

    def answering(self, scenario: Scenario, *, shown: Shown = progress) -> GroundByMedium:
        """Return the same ground for another scenario, with everything that is computed already.

        Parameters
        ----------
        scenario : Scenario
            Scenario with the same `ground_digest`: it may differ in what no way depends on.
        shown : callable
            As of the class.

        Returns
        -------
        GroundByMedium
            Shares what both compute from now on.
        """
        return self._with(scenario, self._land.answering(scenario, shown=shown))

    def changed(self, scenario: Scenario, *, shown: Shown = progress) -> GroundByMedium:
        """Return the ground of another scenario on the same theatre.

        Parameters
        ----------
        scenario : Scenario
            As of `TheatreGround.changed`.
        shown : callable
            As of the class.

        Returns
        -------
        GroundByMedium
            Takes over the ways over open ground that the difference cannot have touched; where
            only changes of roads differ, also all others, which no road concerns.
        """
        other = self._with(scenario, self._land.changed(scenario, shown=shown))
        before, now = (ways_digest(each, self._theatre) for each in (self._scenario, scenario))
        if before != now:
            other._others = {}  # noqa: SLF001 - of this class too
        return other

    def _with(self, scenario: Scenario, land: TheatreGround) -> GroundByMedium:
        other = copy.copy(self)
        other._scenario = scenario  # noqa: SLF001 - of this class too
        other._land = land  # noqa: SLF001
        return other
