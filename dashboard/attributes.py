"""Attributes whose names are no names of Python: ``aria-label``, ``data-testid``."""

from __future__ import annotations

from typing import Any

__all__ = ["named"]


def named(attributes: dict[str, str]) -> dict[str, Any]:
    """Return attributes as keyword arguments.

    Parameters
    ----------
    attributes : dict of str to str
        Values by name. Dash takes any ``aria-`` and ``data-`` attribute; the signatures of its
        components cannot say so.

    Returns
    -------
    dict
        The same, for ``**``.
    """
    return dict(attributes)
