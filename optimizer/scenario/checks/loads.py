"""Goods, stock and demand: what can be carried, and whether there is enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from optimizer.faults import Fault
from optimizer.scenario.checks.stated import Stated, error, warning
from optimizer.scenario.places import pointer

__all__ = ["apart", "carried", "pickups", "reached", "stock_suffices"]


def stock_suffices(stated: Stated) -> Iterator[Fault]:
    """Compare what is demanded of each good with what all bases have.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        A warning at the first demand of each good of which there is too little.
    """
    stock: Counter[str] = Counter()
    for base in stated.scenario.bases:
        stock.update({entry.good: entry.quantity for entry in base.stock})
    demanded: Counter[str] = Counter()
    first: dict[str, int] = {}
    for i, demand in enumerate(stated.scenario.demands):
        if demand.pickup is not None:
            continue  # stands ready elsewhere
        demanded[demand.good] += demand.quantity
        first.setdefault(demand.good, i)
    for good, quantity in demanded.items():
        if quantity > stock[good]:
            yield warning(
                "scenario.demand_over_stock",
                pointer("demands", first[good]),
                good=good,
                demanded=quantity,
                stock=stock[good],
            )


def carried(stated: Stated) -> Iterator[Fault]:
    """Check that each demanded good fits into a compartment of the fleet.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        Warnings: such a demand can only stay undelivered.
    """
    room: dict[str, float] = {}
    for kind in stated.used_types:
        for compartment in kind.compartments:
            room[compartment.kind] = max(room.get(compartment.kind, 0), compartment.capacity_kg)
    for i, demand in enumerate(stated.scenario.demands):
        good = stated.goods.get(demand.good)
        if good is None:
            continue
        if good.compartment not in room:
            yield warning(
                "scenario.no_compartment",
                pointer("demands", i, "good"),
                good=good.id,
                kind=good.compartment,
                near=", ".join(sorted(room)) or "-",
            )
        elif good.unit_mass_kg > room[good.compartment]:
            yield warning(
                "scenario.unit_too_heavy",
                pointer("demands", i, "good"),
                good=good.id,
                mass_kg=good.unit_mass_kg,
                capacity_kg=room[good.compartment],
            )


def reached(stated: Stated) -> Iterator[Fault]:
    """Check that what is demanded somewhere may be brought there at all.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        Warnings: for sites that no class of the fleet may reach, and for demands at a base.
    """
    classes = {kind.mobility for kind in stated.used_types}
    for i, site in enumerate(stated.scenario.sites):
        if site.reached_by is not None and not classes.intersection(site.reached_by):
            yield warning(
                "scenario.reached_by_none",
                pointer("sites", i, "reached_by"),
                site=site.id,
                classes=", ".join(sorted(classes)),
            )
    bases = {base.site for base in stated.scenario.bases}
    for i, demand in enumerate(stated.scenario.demands):
        if demand.site in bases and demand.pickup is None:
            yield warning(
                "scenario.demand_at_base", pointer("demands", i, "site"), site=demand.site
            )


def pickups(stated: Stated) -> Iterator[Fault]:
    """Check where demands stand ready.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For what is to be taken where it is already; a warning for windows of a pickup that is none.
    """
    for i, demand in enumerate(stated.scenario.demands):
        if demand.pickup == demand.site:
            place = pointer("demands", i, "pickup")
            yield error("scenario.pickup_same", place, site=demand.site)
        if demand.pickup_windows and demand.pickup is None:
            yield warning("scenario.pickup_none", pointer("demands", i, "pickup_windows"))


def apart(stated: Stated) -> Iterator[Fault]:
    """Check the pairs of goods that may not travel together.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For a good that would be apart from itself.
    """
    for i, pair in enumerate(stated.scenario.rules.apart):
        if pair.goods[0] == pair.goods[1]:
            yield error(
                "scenario.apart_same", pointer("rules", "apart", i, "goods"), good=pair.goods[0]
            )
