"""The integer problem: a scenario over its ground, as the search sees it.

Sites, goods, demands and groups are indices; times are seconds from the start of the horizon; loads
are steps of `Scale`. A **group** is a set of convoys that cannot be told apart: the search routes
groups, and names the convoys only at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.routing.model.docks import Dock, Hold, binding
from optimizer.routing.model.group import Group
from optimizer.routing.model.memo import Memos
from optimizer.routing.model.scale import Scale
from optimizer.routing.model.spans import Span, meet
from optimizer.scenario.convoys import handling_s
from optimizer.scenario.model import Good, Objective, Scenario

__all__ = ["Need", "Problem", "Supply"]


@dataclass(frozen=True, slots=True)
class Supply:
    """A good as the search sees it.

    Parameters
    ----------
    good : Good
        The good.
    unit : tuple of int
        Load of one unit, in steps, by load dimension.
    """

    good: Good
    unit: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Need:
    """A demand as the search sees it.

    Parameters
    ----------
    id : str
        Id of the demand.
    site, good : int
        Indices.
    quantity, priority : int
        As stated.
    windows : tuple of Span
        When a stop's handling may begin, in order, without overlap.
    due : int or None
        From when on it is late.
    pickup : int or None
        Site where it stands ready; None for what comes from the stock of a base.
    pickup_windows : tuple of Span
        When handling that takes it aboard may begin.
    """

    id: str
    site: int
    good: int
    quantity: int
    priority: int
    windows: tuple[Span, ...]
    due: int | None
    pickup: int | None = None
    pickup_windows: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A scenario over its ground, in integers.

    Parameters
    ----------
    scenario : Scenario
        Where it comes from.
    sites : tuple of str
        Ids by index.
    goods : tuple of Supply
        Goods that are demanded or burnt, by index.
    good_index : mapping of str to int
        Their indices by id.
    needs : tuple of Need
        Demands, in the order of the scenario.
    groups : tuple of Group
        In the order of their first convoys.
    stock : mapping of (int, int) to int
        Units by base (index of its site) and good; what is missing is not there.
    scales : tuple of Scale
        By load dimension.
    apart : frozenset of (int, int)
        Pairs of goods, both ways round.
    objectives : tuple of Objective
        As compared, `undelivered` put first where the scenario leaves it out.
    horizon_s, shift_s : int
        Limits.
    fixed_s : tuple of int
        The fixed part of a stop's handling, by site.
    begun : bool
        Whether a part of it has been driven, perhaps over better ground: then what its ways allow
        is no bound of what is brought.
    places : mapping of Dock to int
        How many convoys are handled, or loaded, at once, where that is stated.
    held : tuple of Hold
        What is held of them already, by what is decided.
    """

    scenario: Scenario
    sites: tuple[str, ...]
    goods: tuple[Supply, ...]
    good_index: Mapping[str, int]
    needs: tuple[Need, ...]
    groups: tuple[Group, ...]
    stock: Mapping[tuple[int, int], int]
    scales: tuple[Scale, Scale, Scale]
    apart: frozenset[tuple[int, int]]
    objectives: tuple[Objective, ...]
    horizon_s: int
    shift_s: int
    fixed_s: tuple[int, ...]
    begun: bool = False
    places: Mapping[Dock, int] = field(default_factory=dict)
    held: tuple[Hold, ...] = ()
    #: Those of the places that so many convoys as there are can want at once.
    docks: Mapping[Dock, int] = field(init=False, repr=False, compare=False)
    #: What was computed before; of this problem alone, also where it is made from another.
    memos: Memos = field(default_factory=Memos, init=False, repr=False, compare=False)
    #: Index of each demand by its id.
    need_index: Mapping[str, int] = field(init=False, repr=False, compare=False)
    #: Whether some demand stands ready at a site.
    takes_aboard: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {need.id: number for number, need in enumerate(self.needs)}
        object.__setattr__(self, "need_index", index)
        ready = any(need.pickup is not None for need in self.needs)
        object.__setattr__(self, "takes_aboard", ready)
        object.__setattr__(self, "docks", binding(self.places, self.groups, self.held))

    @property
    def priorities(self) -> tuple[int, ...]:
        """Every priority that a demand has, most important first."""
        return tuple(sorted({need.priority for need in self.needs}))

    @property
    def varies(self) -> bool:
        """Whether it matters when a leg begins, as some areas or changes hold by the hour."""
        return any(group.timetable.varies for group in self.groups)

    def mass(self, need: int, quantity: int) -> int:
        """Return the mass of so many units for a demand, in steps of the mass scale.

        Parameters
        ----------
        need : int
            Index of the demand.
        quantity : int
            Units.

        Returns
        -------
        int
            Steps.
        """
        return self.goods[self.needs[need].good].unit[0] * quantity

    def handling_s(self, need: int, quantity: int) -> int:
        """Return the part of a stop's handling that so many units for a demand take.

        Parameters
        ----------
        need : int
            Index of the demand.
        quantity : int
            Units handed over; below zero, units taken aboard where they stand ready.

        Returns
        -------
        int
            Seconds.
        """
        known = self.memos.handling.get((need, quantity))
        if known is None:
            item = self.needs[need]
            place = item.pickup if quantity < 0 and item.pickup is not None else item.site
            site = self.scenario.sites[place]
            mass_kg = abs(quantity) * self.goods[item.good].good.unit_mass_kg
            known = handling_s(site.handling_fixed_min, site.handling_kg_per_min, mass_kg)[1]
            self.memos.handling.keep((need, quantity), known)
        return known

    def windows(self, done: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
        """Return when a stop that does something for these demands may begin its handling.

        Parameters
        ----------
        done : sequence of (int, int)
            Demands of one site with the units handed over; below zero, taken aboard.

        Returns
        -------
        tuple of Span
            In order, without overlap; empty where their windows do not meet.
        """
        key = tuple(need if units > 0 else ~need for need, units in done)
        known = self.memos.windows.get(key)
        if known is None:
            known, *others = (self.windows_of(need, units) for need, units in done)
            for other in others:
                known = meet(known, other)
            self.memos.windows.keep(key, known)
        return known

    def windows_of(self, need: int, units: int) -> tuple[Span, ...]:
        """Return when handling for a demand may begin.

        Parameters
        ----------
        need : int
            Index of the demand.
        units : int
            Units handed over; below zero, units taken aboard.

        Returns
        -------
        tuple of Span
            In order, without overlap.
        """
        item = self.needs[need]
        return item.windows if units > 0 else item.pickup_windows
