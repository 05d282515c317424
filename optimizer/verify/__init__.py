"""Recomputes a plan from scenario, plan and theatre; shares nothing with routing or network."""

from __future__ import annotations

from optimizer.verify.case import Violation
from optimizer.verify.verify import proved, verify

__all__ = ["Violation", "proved", "verify"]
