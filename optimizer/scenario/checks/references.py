"""Names: each declared once, and each one used exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.datasets import read_table
from optimizer.faults import Fault
from optimizer.scenario.checks.stated import Stated, error
from optimizer.scenario.names import nearest
from optimizer.scenario.places import pointer

__all__ = [
    "declared_once",
    "known_exposure",
    "known_goods",
    "known_kinds",
    "known_mobility",
    "known_names",
]

#: List -> key of the name that an entry declares.
_DECLARING = {
    "goods": "id",
    "sites": "id",
    "bases": "site",
    "demands": "id",
    "vehicle_types": "id",
    "fleet": "id",
    "convoys": "id",
    "areas": "id",
    "changes": "id",
    "matrices": "mobility",
}


def declared_once(stated: Stated) -> Iterator[Fault]:
    """Find names that two entries of one list have.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For each entry after the first.
    """
    for section, key in _DECLARING.items():
        names = [getattr(entry, key) for entry in getattr(stated.scenario, section)]
        for i, first in _repeats(names):
            yield _twice(names[i], pointer(section, i, key), pointer(section, first, key))
    for t, kind in enumerate(stated.scenario.vehicle_types):
        place = pointer("vehicle_types", t, "compartments")
        for i, first in _repeats(compartment.id for compartment in kind.compartments):
            yield _twice(kind.compartments[i].id, f"{place}/{i}/id", f"{place}/{first}/id")
    for b, base in enumerate(stated.scenario.bases):
        place = pointer("bases", b, "stock")
        for i, first in _repeats(stock.good for stock in base.stock):
            yield _twice(base.stock[i].good, f"{place}/{i}/good", f"{place}/{first}/good")


def _repeats(names: Iterable[str | None]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        if name is not None and first.setdefault(name, i) != i:
            yield i, first[name]


def _twice(name: str, place: str, first: str) -> Fault:
    return error("scenario.name_twice", place, name=name, first=first)


def known_names(stated: Stated) -> Iterator[Fault]:
    """Find sites, bases and vehicle types that are used and do not exist.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For each such use.
    """
    scenario = stated.scenario
    sites, bases = stated.names("sites"), stated.names("bases", "site")
    types = stated.names("vehicle_types")
    for i, base in enumerate(scenario.bases):
        yield from _unknown("site", base.site, sites, pointer("bases", i, "site"))
    for i, demand in enumerate(scenario.demands):
        yield from _unknown("site", demand.site, sites, pointer("demands", i, "site"))
        if demand.pickup is not None:
            yield from _unknown("site", demand.pickup, sites, pointer("demands", i, "pickup"))
    for i, entry in enumerate(scenario.fleet):
        yield from _unknown("type", entry.type, types, pointer("fleet", i, "type"))
        yield from _unknown("base", entry.base, bases, pointer("fleet", i, "base"))
    for i, table in enumerate(scenario.matrices):
        for j, site in enumerate(table.sites):
            yield from _unknown("site", site, sites, pointer("matrices", i, "sites", j))


def known_goods(stated: Stated) -> Iterator[Fault]:
    """Find goods that are used and neither bundled nor declared.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For each such use.
    """
    scenario, goods = stated.scenario, stated.good_names
    for i, base in enumerate(scenario.bases):
        for j, stock in enumerate(base.stock):
            yield from _unknown("good", stock.good, goods, pointer("bases", i, "stock", j, "good"))
    for i, demand in enumerate(scenario.demands):
        yield from _unknown("good", demand.good, goods, pointer("demands", i, "good"))
    for i, kind in enumerate(scenario.vehicle_types):
        if kind.fuel is not None:
            yield from _unknown("good", kind.fuel, goods, pointer("vehicle_types", i, "fuel"))
    for i, apart in enumerate(scenario.rules.apart):
        for j, good in enumerate(apart.goods):
            yield from _unknown("good", good, goods, pointer("rules", "apart", i, "goods", j))


def known_mobility(stated: Stated) -> Iterator[Fault]:
    """Find mobility classes that nothing is known of.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For each use of such a class.
    """
    known = stated.mobility_classes
    for i, kind in enumerate(stated.scenario.vehicle_types):
        yield from _unknown(
            "mobility", kind.mobility, known, pointer("vehicle_types", i, "mobility")
        )
    for i, site in enumerate(stated.scenario.sites):
        for j, name in enumerate(site.reached_by or ()):
            yield from _unknown("mobility", name, known, pointer("sites", i, "reached_by", j))


def known_kinds(stated: Stated) -> Iterator[Fault]:
    """Find kinds of sites that have no symbol.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For each such site.
    """
    kinds = frozenset(row["kind"] for row in read_table("symbols.csv"))
    for i, site in enumerate(stated.scenario.sites):
        yield from _unknown("kind", site.kind, kinds, pointer("sites", i, "kind"))


def known_exposure(stated: Stated) -> Iterator[Fault]:
    """Find a rule of exposure that says nothing, or whose table does not exist.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        At most one.
    """
    rule = stated.scenario.rules.exposure
    if rule is None:
        return
    if rule.cover is None and rule.raster is None:
        place = pointer("rules", "exposure")
        yield error("scenario.kind_needs", place, kind="exposure", keys="cover, raster")
    if rule.cover is not None:
        tables = frozenset(row["table"] for row in read_table("mobility", "exposure.csv"))
        yield from _unknown("exposure", rule.cover, tables, pointer("rules", "exposure", "cover"))


#: What is named -> code.
_UNKNOWN = {
    "site": "scenario.unknown_site",
    "base": "scenario.unknown_base",
    "type": "scenario.unknown_type",
    "good": "scenario.unknown_good",
    "mobility": "scenario.unknown_mobility",
    "kind": "scenario.unknown_kind",
    "exposure": "scenario.unknown_exposure",
}


def _unknown(what: str, name: str, known: frozenset[str], place: str) -> Iterator[Fault]:
    if name not in known:
        yield error(_UNKNOWN[what], place, name=name, near=nearest(name, known))
