"""Areas and changes: what each kind needs, and whether a ring is one. No geometry library here."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from optimizer.faults import Fault
from optimizer.scenario.checks.stated import Stated, error, warning
from optimizer.scenario.model import AreaKind, ChangeKind
from optimizer.scenario.places import pointer

__all__ = ["areas", "changes", "crossing"]

Corner = tuple[float, float]

_AREA_KEYS: Mapping[AreaKind, tuple[str, ...]] = {
    AreaKind.NO_GO: (),
    AreaKind.NO_FLY: (),
    AreaKind.SLOW: ("speed_factor",),
    AreaKind.EXPOSURE: ("exposure_per_km", "exposure_per_h"),
}
_CHANGE_KEYS: Mapping[ChangeKind, tuple[str, ...]] = {
    ChangeKind.BRIDGE_OUT: (),
    ChangeKind.ROAD_CUT: (),
    ChangeKind.CLASS_ASSESSED: ("load_class_wheeled", "load_class_tracked"),
    ChangeKind.SPEED_LIMITED: ("speed_kmh",),
    ChangeKind.SPACING: ("spacing_m",),
}
#: What a kind may state besides.
_CHANGE_MAY: Mapping[ChangeKind, tuple[str, ...]] = {ChangeKind.SPACING: ("speed_kmh",)}


def areas(stated: Stated) -> Iterator[Fault]:
    """Check the areas.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For figures that a kind needs or does not use, and rings that enclose nothing or cross.
    """
    for i, area in enumerate(stated.scenario.areas):
        place = pointer("areas", i)
        given = {
            key for keys in _AREA_KEYS.values() for key in keys if getattr(area, key) is not None
        }
        yield from _keys(given, _AREA_KEYS[area.kind], area.kind, place)
        ring = _open_ring(area.polygon)
        if _in_line(ring):
            yield error("scenario.polygon_flat", f"{place}/polygon", area=area.id)
            continue
        where = crossing(ring)
        if where is not None:
            yield error(
                "scenario.polygon_crossing",
                f"{place}/polygon",
                area=area.id,
                first=where[0] + 1,
                second=where[1] + 1,
            )


def changes(stated: Stated) -> Iterator[Fault]:
    """Check the changes of roads and bridges.

    Parameters
    ----------
    stated : Stated
        Scenario under check.

    Yields
    ------
    Fault
        For figures that a kind needs or does not use.
    """
    for i, change in enumerate(stated.scenario.changes):
        given = {
            key
            for keys in _CHANGE_KEYS.values()
            for key in keys
            if getattr(change, key) is not None
        }
        needed, also = _CHANGE_KEYS[change.kind], _CHANGE_MAY.get(change.kind, ())
        yield from _keys(given, needed, change.kind, pointer("changes", i), also)


def _keys(
    given: set[str], needed: tuple[str, ...], kind: str, place: str, also: tuple[str, ...] = ()
) -> Iterator[Fault]:
    if needed and not given.intersection(needed):
        yield error("scenario.kind_needs", place, kind=kind, keys=", ".join(needed))
    for key in sorted(given.difference(needed, also)):
        yield warning("scenario.kind_ignores", f"{place}/{key}", kind=kind, key=key)


def _open_ring(corners: Sequence[Corner]) -> list[Corner]:
    """Return the corners without repetitions of one after the other, the first not again last."""
    ring = [c for i, c in enumerate(corners) if i == 0 or c != corners[i - 1]]
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


def _turn(a: Corner, b: Corner, c: Corner) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _in_line(ring: Sequence[Corner]) -> bool:
    return all(_turn(ring[0], a, b) == 0 for a, b in itertools.pairwise(ring))


def crossing(ring: Sequence[Corner]) -> tuple[int, int] | None:
    """Find two sides of a ring that meet elsewhere than at a corner that they share.

    Parameters
    ----------
    ring : sequence of (float, float)
        Corners, the first not repeated at the end; side ``i`` goes from corner ``i`` to the next.

    Returns
    -------
    tuple of int or None
        Indices of the first two such sides, or None for a simple ring.
    """
    sides = [(ring[i], ring[(i + 1) % len(ring)]) for i in range(len(ring))]
    # Sides sorted by their western end: only those that overlap in longitude are compared.
    order = sorted(range(len(sides)), key=lambda i: min(sides[i][0][0], sides[i][1][0]))
    found = []
    for n, i in enumerate(order):
        east = max(sides[i][0][0], sides[i][1][0])
        for j in order[n + 1 :]:
            if min(sides[j][0][0], sides[j][1][0]) > east:
                break
            if _meet(*sides[i], *sides[j], neighbours=(i - j) % len(ring) in (1, len(ring) - 1)):
                found.append((min(i, j), max(i, j)))
    return min(found, default=None)


def _meet(a: Corner, b: Corner, c: Corner, d: Corner, *, neighbours: bool) -> bool:
    if neighbours:
        # They share a corner; they cross only if one folds back along the other.
        shared = b if b in (c, d) else a
        p = a if shared == b else b
        q = d if shared == c else c
        along = (p[0] - shared[0]) * (q[0] - shared[0]) + (p[1] - shared[1]) * (q[1] - shared[1])
        return _turn(shared, p, q) == 0 and along > 0
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(t == 0 and _within(*end) for t, end in zip(turns, ends, strict=True))


def _within(a: Corner, b: Corner, p: Corner) -> bool:
    return min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])
