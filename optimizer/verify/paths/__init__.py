"""Walks the stored path of every leg over the layers of its theatre, with lines of its own."""

from __future__ import annotations

from optimizer.verify.paths.legs import violations

__all__ = ["violations"]
