"""Pictures of a plan: a map of the whole, and a strip map of each convoy."""

from __future__ import annotations

from briefing.pictures.pictures import Pictures, pictures_of

__all__ = ["Pictures", "pictures_of"]
