"""The table of facts: what a plan says, one value at a time, each about one thing."""

from __future__ import annotations

from briefing.facts.model import (
    Count,
    Difference,
    Fact,
    FactTable,
    Label,
    Name,
    Names,
    Prose,
    Quantity,
    Ratio,
    Subject,
    Supplies,
    Supply,
    Term,
    Terms,
    Time,
    Value,
    Way,
)
from briefing.facts.places import Place, place_of
from briefing.facts.release import Release
from briefing.facts.table import facts_of

__all__ = [
    "Count",
    "Difference",
    "Fact",
    "FactTable",
    "Label",
    "Name",
    "Names",
    "Place",
    "Prose",
    "Quantity",
    "Ratio",
    "Release",
    "Subject",
    "Supplies",
    "Supply",
    "Term",
    "Terms",
    "Time",
    "Value",
    "Way",
    "facts_of",
    "place_of",
]
