"""The HTTP interface of words: documents of plans."""

from __future__ import annotations

from briefing.api.briefings import briefings_router

__all__ = ["briefings_router"]
