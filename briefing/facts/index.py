"""Finds what a plan's ids name in its scenario; an id that names nothing is a clear error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from briefing.facts.model import Label, Quantity, Supply
from optimizer.errors import FileError
from optimizer.plan.model import Plan
from optimizer.scenario.convoys import Convoy, Vehicle, convoys_of, goods_of, vehicles_of
from optimizer.scenario.model import ConvoyEntry, Demand, Good, Site

__all__ = ["Index"]

T = TypeVar("T")


class Index:
    """The things of a plan's scenario by id.

    Parameters
    ----------
    plan : Plan
        The plan.
    """

    def __init__(self, plan: Plan) -> None:
        scenario = plan.scenario
        self._plan = plan
        self._sites = {site.id: site for site in scenario.sites}
        self._demands = {demand.id: demand for demand in scenario.demands}
        self._goods = goods_of(scenario)
        try:
            self._vehicles = {vehicle.id: vehicle for vehicle in vehicles_of(scenario)}
            self._convoys = {convoy.id: convoy for convoy in convoys_of(scenario)}
        except KeyError as error:
            raise FileError(
                f"plan {plan.id}: its scenario names {error}, which it does not define; "
                "convoi scenario check tells where"
            ) from error
        self._entries = {entry.id: entry for entry in scenario.convoys}
        self._statements = {area.id: area.label or area.id for area in scenario.areas}
        self._statements |= {change.id: change.label or change.id for change in scenario.changes}

    def _find(self, table: Mapping[str, T], kind: str, name: str) -> T:
        try:
            return table[name]
        except KeyError:
            raise FileError(
                f"plan {self._plan.id} names the {kind} {name!r}, which its scenario does not have;"
                " convoi verify lists everything that does not fit"
            ) from None

    def site(self, name: str) -> Site:
        """Return the site of an id.

        Parameters
        ----------
        name : str
            Id.

        Returns
        -------
        Site
            The site.

        Raises
        ------
        FileError
            If the scenario has none of that id.
        """
        return self._find(self._sites, "site", name)

    def place(self, name: str) -> str:
        """Return what a site is called.

        Parameters
        ----------
        name : str
            Id of a site.

        Returns
        -------
        str
            Its label, or its id where it has none.
        """
        return self.site(name).label or name

    def demand(self, name: str) -> Demand:
        """Return the demand of an id.

        Parameters
        ----------
        name : str
            Id.

        Returns
        -------
        Demand
            The demand.

        Raises
        ------
        FileError
            If the scenario has none of that id.
        """
        return self._find(self._demands, "demand", name)

    def good(self, name: str) -> Good:
        """Return the good of an id.

        Parameters
        ----------
        name : str
            Id.

        Returns
        -------
        Good
            The good.

        Raises
        ------
        FileError
            If the scenario has none of that id.
        """
        return self._find(self._goods, "good", name)

    def vehicle(self, name: str) -> Vehicle:
        """Return the vehicle of an id.

        Parameters
        ----------
        name : str
            Id.

        Returns
        -------
        Vehicle
            The vehicle.

        Raises
        ------
        FileError
            If the scenario has none of that id.
        """
        return self._find(self._vehicles, "vehicle", name)

    def convoy(self, name: str) -> Convoy:
        """Return the convoy of an id.

        Parameters
        ----------
        name : str
            Id.

        Returns
        -------
        Convoy
            The convoy.

        Raises
        ------
        FileError
            If the scenario has none of that id.
        """
        return self._find(self._convoys, "convoy", name)

    def entry(self, name: str) -> ConvoyEntry | None:
        """Return what the scenario states of a convoy.

        Parameters
        ----------
        name : str
            Id of a convoy.

        Returns
        -------
        ConvoyEntry or None
            None for a vehicle that marches alone.
        """
        return self._entries.get(name)

    def convoys(self) -> tuple[str, ...]:
        """Return the ids of all convoys that the scenario has.

        Returns
        -------
        tuple of str
            Those stated, then one for each vehicle that is in none.
        """
        return tuple(self._convoys)

    def fleet(self) -> int:
        """Return how many vehicles the scenario has.

        Returns
        -------
        int
            Vehicles.
        """
        return len(self._vehicles)

    def mass_kg(self, good: str, quantity: int) -> float:
        """Return the mass of so many units of a good.

        Parameters
        ----------
        good : str
            Id.
        quantity : int
            Units.

        Returns
        -------
        float
            Kilograms.
        """
        return quantity * self.good(good).unit_mass_kg

    def label(self, good: str) -> Label:
        """Return the label of a good.

        Parameters
        ----------
        good : str
            Id.

        Returns
        -------
        Label
            In both languages.
        """
        found = self.good(good)
        return Label(found.label_en, found.label_fr)

    def labels(self, goods: Sequence[str]) -> Label:
        """Return the labels of several goods as one.

        Parameters
        ----------
        goods : sequence of str
            Ids.

        Returns
        -------
        Label
            In both languages, with commas between.
        """
        found = [self.label(good) for good in goods]
        return Label(", ".join(one.en for one in found), ", ".join(one.fr for one in found))

    def statement(self, name: str) -> str:
        """Return what an area or a change of the scenario is called.

        Parameters
        ----------
        name : str
            Its id.

        Returns
        -------
        str
            Its label, or its id where it has none.
        """
        return self._statements.get(name, name)

    def called(self, part: str, name: str) -> str:
        """Return what something in a list of the scenario is called.

        Parameters
        ----------
        part : str
            Name of the list, such as ``"areas"``.
        name : str
            Id of its entry.

        Returns
        -------
        str
            Its label, or its id where it has none.
        """
        match part:
            case "areas" | "changes":
                return self.statement(name)
            case "sites" if name in self._sites:
                return self.place(name)
            case _:
                return name

    def amount(self, good: str, quantity: int) -> Quantity:
        """Return so many units of a good, for where the good is named beside it.

        Parameters
        ----------
        good : str
            Id.
        quantity : int
            Units.

        Returns
        -------
        Quantity
            In the unit of the good; what is counted one by one is counted in pieces.
        """
        unit = self.good(good).unit
        return Quantity(quantity, "piece" if unit == "each" else unit)

    def supply(self, good: str, quantity: int) -> Supply:
        """Return so many units of a good as one value.

        Parameters
        ----------
        good : str
            Id.
        quantity : int
            Units.

        Returns
        -------
        Supply
            Quantity and good.
        """
        return Supply(quantity, self.good(good).unit, self.label(good))
