"""The HTTP interface of planning; `docs/reference/http.md` describes it."""

from __future__ import annotations

from optimizer.api.app import create_api
from optimizer.api.guard import Guard

__all__ = ["Guard", "create_api"]
