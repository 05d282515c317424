"""The rows of the table of routes."""

from __future__ import annotations

from typing import Any

from briefing.facts.model import FactTable, Quantity, Subject, Time
from briefing.wording.values import Writer, number_of
from dashboard.i18n import Words
from optimizer.plan.model import Plan

__all__ = ["COLUMNS", "columns_of", "rows_of"]

#: Field of the row: label of the fact, and whether it is a figure. What is long stands last, where
#: a narrow screen has to be scrolled.
COLUMNS = {
    "convoy": ("id", False),
    "vehicles": ("vehicles", True),
    "load_class": ("load_class", True),
    "trips": ("trips", True),
    "stops": ("stops", True),
    "carried": ("carried", True),
    "distance": ("distance", True),
    "driving": ("driving", True),
    "departs": ("first_departure", False),
    "back": ("back", False),
    "slack": ("least_slack", True),
    "base": ("base", False),
}
#: Pixels that a column needs at least; others need less.
_WIDTHS = {
    "convoy": 172,
    "carried": 84,
    "distance": 84,
    "driving": 96,
    "departs": 116,
    "back": 116,
    "slack": 84,
    "base": 200,
}


def columns_of(words: Words) -> list[dict[str, Any]]:
    """Return the columns of the table, as AG Grid wants them.

    Parameters
    ----------
    words : Words
        Headings.

    Returns
    -------
    list of dict
        A row holds a value to sort by under the field, and its words under ``<field>_told``.
    """
    return [
        {
            "field": field,
            "headerName": words(f"routes.{field}"),
            "headerTooltip": words(f"routes.{field}_tip"),
            "valueFormatter": {"function": f"params.data.{field}_told"},
            "type": "rightAligned" if figure else None,
            "pinned": "left" if field == "convoy" else None,
            # What is pinned is as wide as it says; the others share what is left.
            "width": _WIDTHS.get(field, 72),
            "minWidth": _WIDTHS.get(field, 72),
            "flex": None if field == "convoy" else 2 if field == "base" else 1,
        }
        for field, (_, figure) in COLUMNS.items()
    ]


def rows_of(plan: Plan, table: FactTable, writer: Writer) -> list[dict[str, Any]]:
    """Return a row for each convoy that moves.

    Parameters
    ----------
    plan : Plan
        The plan.
    table : FactTable
        Its facts.
    writer : Writer
        Writes values.

    Returns
    -------
    list of dict
        Rows, in the order of the plan.
    """
    rows = []
    for route in plan.routes:
        about = Subject("convoy", route.convoy)
        stops = sum(len(trip.stops) for trip in route.trips)
        row: dict[str, Any] = {"stops": stops, "stops_told": str(stops)}
        for field, (label, _) in COLUMNS.items():
            fact = table.get(about, label)
            if fact is None:
                row.setdefault(field, None)
                row.setdefault(f"{field}_told", "\u2013")
                continue
            match fact.value:
                case Time(at=at):
                    row[field] = at.isoformat()
                case Quantity(amount=amount):
                    row[field] = amount
                case value:
                    number = number_of(value)
                    row[field] = writer.write(value) if number is None else number
            row[f"{field}_told"] = writer.write(fact.value)
        rows.append(row)
    return rows
