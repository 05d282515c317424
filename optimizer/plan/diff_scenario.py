"""What changed in what was asked: what was added, removed and stated differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optimizer.plan.model import Plan

__all__ = ["scenario_changes"]

#: Lists whose entries are known by one of their values.
_KEYED = {
    "sites": "id",
    "bases": "site",
    "goods": "id",
    "demands": "id",
    "vehicle_types": "id",
    "convoys": "id",
    "areas": "id",
    "changes": "id",
    "matrices": "mobility",
}
#: Not of the question but of its paper.
_IGNORED = frozenset({"format"})
_SHOWN = 60


def scenario_changes(
    before: Plan, after: Plan
) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Yield what two plans were asked differently.

    Parameters
    ----------
    before, after : Plan
        Plans.

    Yields
    ------
    tuple of str, str, str or None, str or None
        Place, ``"added"``, ``"removed"`` or ``"modified"``, and what it was and is: for an entry of
        a list the keys that differ, for a plain value the value.
    """
    if before.theatre != after.theatre:
        stamps = [plan.theatre for plan in (before, after)]
        texts = [f"{stamp.name} {stamp.digest[:12]}" if stamp else None for stamp in stamps]
        yield "theatre", "modified", texts[0], texts[1]
    if before.scenario_digest == after.scenario_digest:
        return
    # In full, so that a default that was written out is no change.
    old, new = (plan.scenario.model_dump(mode="json") for plan in (before, after))
    for key in old:
        if key in _IGNORED or (key == "theatre" and before.theatre != after.theatre):
            continue
        if key in _KEYED:
            yield from _entries(key, old[key], new[key])
        elif old[key] != new[key]:
            yield from _value(key, old[key], new[key])


def _entries(
    key: str, old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> Iterator[tuple[str, str, str | None, str | None]]:
    name = _KEYED[key]
    was, now = ({entry[name]: entry for entry in entries} for entries in (old, new))
    for entry in was:
        if entry not in now:
            yield f"{key}/{entry}", "removed", None, None
    for entry, stated in now.items():
        if entry not in was:
            yield f"{key}/{entry}", "added", None, None
        else:
            for field in stated:
                if stated[field] != was[entry].get(field):
                    place = f"{key}/{entry}/{field}"
                    yield from _value(place, was[entry].get(field), stated[field])


def _value(
    place: str, old: object, new: object
) -> Iterator[tuple[str, str, str | None, str | None]]:
    old, new = _by_name(old), _by_name(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            if old.get(key) != new.get(key):
                yield from _value(f"{place}/{key}", old.get(key), new.get(key))
    else:
        yield place, "modified", _plain(old), _plain(new)


def _plain(value: object) -> str | None:
    """Write a value where it is short enough to be read in a line."""
    if not value and isinstance(value, list | dict | None):
        return None
    if isinstance(value, list):
        return _short(", ".join(_plain(item) or "" for item in value))
    if isinstance(value, dict):  # a window, a position, a stock: its values say what it is
        return _short("/".join(str(item) for item in value.values() if item is not None))
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _by_name(value: object) -> object:
    """Turn a list whose entries are known by an id or a good into a mapping."""
    for name in ("id", "good"):
        if isinstance(value, list) and all(isinstance(v, dict) and name in v for v in value):
            named = {v[name]: {k: x for k, x in v.items() if k != name} for v in value}
            if value and len(named) == len(value):
                return named
    return value
