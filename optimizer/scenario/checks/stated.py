"""What every check is given: the scenario, the names that it declares, what is missing of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from optimizer.datasets import read_table
from optimizer.faults import Fault, Severity
from optimizer.scenario.convoys import Vehicle, goods_of, vehicles_of
from optimizer.scenario.model import Good, Scenario, Site, VehicleType

__all__ = ["Stated", "error", "warning"]


def error(code: str, place: str, **params: str | float) -> Fault:
    """Make a fault that refuses the scenario.

    Parameters
    ----------
    code : str
        Code in the catalogue.
    place : str
        JSON pointer.
    **params : str, int or float
        Fields of the sentence.

    Returns
    -------
    Fault
        The fault.
    """
    return Fault(code, place, params)


def warning(code: str, place: str, **params: str | float) -> Fault:
    """Make a fault that lets the scenario pass.

    Parameters
    ----------
    code : str
        Code in the catalogue.
    place : str
        JSON pointer.
    **params : str, int or float
        Fields of the sentence.

    Returns
    -------
    Fault
        The fault.
    """
    return Fault(code, place, params, Severity.WARNING)


@dataclass(frozen=True)
class Stated:
    """A scenario under check.

    Parameters
    ----------
    scenario : Scenario
        The scenario, perhaps without its misshapen entries.
    data : mapping, optional
        The document as given, from which also the names of misshapen entries are taken.
    damaged : frozenset of str
        Top-level keys from which something was left out.
    """

    scenario: Scenario
    data: Mapping[str, Any] | None = None
    damaged: frozenset[str] = field(default_factory=frozenset)

    def names(self, section: str, key: str = "id") -> frozenset[str]:
        """Return the names that the entries of a list declare.

        Parameters
        ----------
        section : str
            Top-level key of a list.
        key : str
            Key of the name in an entry.

        Returns
        -------
        frozenset of str
            Names; those of misshapen entries too.
        """
        if self.data is None or section not in self.damaged:
            return frozenset(str(getattr(entry, key)) for entry in getattr(self.scenario, section))
        entries = self.data.get(section)
        found = (
            (e.get(key) for e in entries if isinstance(e, dict))
            if isinstance(entries, list)
            else ()
        )
        return frozenset(name for name in found if isinstance(name, str))

    @functools.cached_property
    def goods(self) -> Mapping[str, Good]:
        """Goods by id: the scenario's own over the bundled ones."""
        return goods_of(self.scenario)

    @functools.cached_property
    def good_names(self) -> frozenset[str]:
        """Names of all goods."""
        return self.names("goods") | self.goods.keys()

    @functools.cached_property
    def sites(self) -> Mapping[str, Site]:
        """Sites by id."""
        return {site.id: site for site in self.scenario.sites}

    @functools.cached_property
    def types(self) -> Mapping[str, VehicleType]:
        """Vehicle types by id."""
        return {kind.id: kind for kind in self.scenario.vehicle_types}

    @functools.cached_property
    def used_types(self) -> tuple[VehicleType, ...]:
        """Vehicle types that the fleet has, in the order of the document."""
        used = {entry.type for entry in self.scenario.fleet}
        return tuple(kind for kind in self.scenario.vehicle_types if kind.id in used)

    @functools.cached_property
    def vehicles(self) -> tuple[Vehicle, ...]:
        """Every vehicle; none if the fleet names a type that does not exist."""
        if any(entry.type not in self.types for entry in self.scenario.fleet):
            return ()
        return vehicles_of(self.scenario)

    @functools.cached_property
    def mobility_classes(self) -> frozenset[str]:
        """Mobility classes that the ground can tell the way of."""
        if self.scenario.matrices:
            return frozenset(table.mobility for table in self.scenario.matrices)
        return frozenset(self.media)

    @functools.cached_property
    def media(self) -> Mapping[str, str]:
        """What each mobility class moves in: ground, air or water."""
        return {row["class"]: row["medium"] for row in read_table("mobility", "classes.csv")}
