"""The documents: each chooses and orders what is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from briefing.documents.convoy_card import convoy_card
from briefing.documents.decision_note import decision_note
from briefing.documents.movement_order import movement_order
from briefing.documents.tree import Document
from briefing.facts.model import FactTable

__all__ = ["DOCUMENTS"]

#: Every document by its key.
DOCUMENTS: Mapping[str, Callable[[FactTable], Document]] = MappingProxyType(
    {
        "movement-order": movement_order,
        "convoy-card": convoy_card,
        "decision-note": decision_note,
    }
)
