"""Readers of the two formats that are plain tables: Solomon's and Li and Lim's."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.routing.instance import Instance, Place, Vehicle
from optimizer.errors import FormatError

__all__ = ["li_lim", "solomon"]

#: Customers of Solomon's own instances, at most; larger ones are Homberger's, judged otherwise.
_SOLOMON = 100
_HEADS = ("VEHICLE", "NUMBER", "CUSTOMER", "CUST")


def solomon(text: str) -> Instance:
    """Read an instance in Solomon's format.

    Parameters
    ----------
    text : str
        Content of the file.

    Returns
    -------
    Instance
        Of the family ``solomon`` with up to 100 customers, otherwise ``homberger``.

    Raises
    ------
    FormatError
        If it is not in that format.
    """
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, words) for number, words in lines if words]
    heads = [words[0].upper() for _, words in lines[1:6]]
    if len(lines) < 7 or (heads[0], heads[1], heads[3], heads[4]) != _HEADS:  # noqa: PLR2004
        raise FormatError(
            "not in Solomon's format: its lines are a name, VEHICLE, NUMBER CAPACITY, two numbers,"
            " CUSTOMER, CUST NO. ..., then one line a customer"
        )
    count, capacity = _numbers(*lines[3], 2)
    rows = [_numbers(*line, 7) for line in lines[6:]]
    _in_order(rows)
    places = tuple(
        Place(x, y, demand, ready, due, service) for _, x, y, demand, ready, due, service in rows
    )
    kind = "solomon" if len(places) <= _SOLOMON + 1 else "homberger"
    name = " ".join(lines[0][1])
    return _checked(Instance(name, kind, places, 1, (Vehicle(0, capacity),) * count))


def li_lim(text: str, name: str) -> Instance:
    """Read an instance in Li and Lim's format.

    Parameters
    ----------
    text : str
        Content of the file, which has no name in it.
    name : str
        Name.

    Returns
    -------
    Instance
        The instance.

    Raises
    ------
    FormatError
        If it is not in that format.
    """
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, words) for number, words in lines if words]
    if not lines:
        raise FormatError("not in Li and Lim's format: there is nothing in it")
    count, capacity, _ = _numbers(*lines[0], 3)
    rows = [_numbers(*line, 9) for line in lines[1:]]
    _in_order(rows)
    pairs = []
    for at, (*_, pickup, delivery) in enumerate(rows):
        if delivery:
            if not 0 < delivery < len(rows) or rows[delivery][7] != at:
                raise FormatError(f"place {at} names {delivery} as its delivery, which does not")
            if rows[delivery][3] != -rows[at][3] or rows[at][3] < 0:
                raise FormatError(f"what place {at} takes is not what {delivery} gets")
            pairs.append((at, delivery))
        elif at and not (0 < pickup < len(rows) and rows[pickup][8] == at):
            raise FormatError(f"place {at} is neither a pickup nor a delivery of one")
    places = tuple(Place(x, y, *more[:4]) for _, x, y, *more in rows)
    fleet = (Vehicle(0, capacity),) * count
    return _checked(Instance(name, "pdptw", places, 1, fleet, tuple(pairs)))


def _numbers(line: int, words: Sequence[str], count: int) -> list[int]:
    """Return the whole numbers of a line."""
    try:
        numbers = [int(word) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise FormatError(f"line {line}: {count} whole numbers were expected")
    return numbers


def _in_order(rows: Sequence[Sequence[int]]) -> None:
    if [row[0] for row in rows] != list(range(len(rows))) or len(rows) <= 1:
        raise FormatError("places must be numbered 0, 1, 2, ..., the depot first")


def _checked(instance: Instance) -> Instance:
    for at, place in enumerate(instance.places):
        if place.due < place.ready or min(place.ready, place.service) < 0:
            raise FormatError(f"place {at}: its window ends before it begins, or a time is below 0")
        if place.demand < 0 and not instance.pairs:
            raise FormatError(f"place {at}: its demand is below 0")
    if not instance.vehicles or instance.vehicles[0].capacity <= 0:
        raise FormatError("there is no vehicle, or it carries nothing")
    return instance
