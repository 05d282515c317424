"""The table of facts: what a plan says, one value at a time, each about one thing."""

from __future__ import annotations

from briefing.facts.model import (
    Classes,
    Count,
    Difference,
    Fact,
    FactTable,
    Label,
    Name,
    Names,
    OutOf,
    Period,
    Periods,
    Prose,
    Quantity,
    Ratio,
    Shortage,
    Subject,
    Supplies,
    Supply,
    Term,
    Terms,
    Time,
    Times,
    Value,
    Way,
)
from briefing.facts.places import Place, place_of
from briefing.facts.release import Release
from briefing.facts.table import facts_of

__all__ = [
    "Classes",
    "Count",
    "Difference",
    "Fact",
    "FactTable",
    "Label",
    "Name",
    "Names",
    "OutOf",
    "Period",
    "Periods",
    "Place",
    "Prose",
    "Quantity",
    "Ratio",
    "Release",
    "Shortage",
    "Subject",
    "Supplies",
    "Supply",
    "Term",
    "Terms",
    "Time",
    "Times",
    "Value",
    "Way",
    "facts_of",
    "place_of",
]
