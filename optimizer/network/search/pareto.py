"""Every best compromise of two quantities between two nodes, by setting labels.

A label is a path to a node with its two sums. Labels are taken by the first sum that their path can
end with at the least, so of those at one node by the first sum; one is **dominated** when a label
was taken at its node before that has no more of the second. One number a node is therefore enough
to know it (Hernández et al., Simple and efficient bi-objective search algorithms via fast dominance
checks, 2023). Lower bounds from a search backward on each quantity leave out what no label at
the goal would keep.

All of it is one module for the same reason as `optimizer.network.search.cells`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.compiled import compiled

__all__ = ["bounds", "labels", "undominated"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


@compiled
def _before(first: Floats, second: Floats, a: int, b: int) -> bool:
    return bool(first[a] < first[b] or (first[a] == first[b] and second[a] < second[b]))


@compiled
def _sift_up(heap: Ints, size: int, first: Floats, second: Floats) -> None:
    """Bring the last of a heap of items to its place."""
    item = heap[size - 1]
    place = size - 1
    while place > 0:
        above = (place - 1) >> 1
        if not _before(first, second, item, heap[above]):
            break
        heap[place] = heap[above]
        place = above
    heap[place] = item


@compiled
def _sift_down(heap: Ints, size: int, first: Floats, second: Floats) -> None:
    """Bring the first of a heap of items to its place."""
    item = heap[0]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and _before(first, second, heap[below + 1], heap[below]):
            below += 1
        if not _before(first, second, heap[below], item):
            break
        heap[place] = heap[below]
        place = below
    heap[place] = item


@compiled
def bounds(indptr: Ints, indices: Ints, cost: Floats, goal: int) -> Floats:
    """Return the least cost from every node to the goal.

    Parameters
    ----------
    indptr, indices : ndarray of int32
        Arcs by head: of node ``v`` the tails ``indices[indptr[v]:indptr[v + 1]]``.
    cost : ndarray of float64, shape (arcs,)
        Their costs, 0 or more.
    goal : int
        Node.

    Returns
    -------
    ndarray of float64, shape (nodes,)
        Infinite where no path leads to the goal.
    """
    nodes = indptr.shape[0] - 1
    least = np.full(nodes, np.inf)
    least[goal] = 0.0
    keys = np.empty(max(cost.shape[0], 1) + 1)
    at = np.empty(keys.shape[0], np.int32)
    heap = np.empty(keys.shape[0], np.int32)
    keys[0] = 0.0
    at[0] = goal
    heap[0] = 0
    used = 1
    size = 1
    while size > 0:
        item = heap[0]
        size -= 1
        heap[0] = heap[size]
        _sift_down(heap, size, keys, keys)
        node = at[item]
        if keys[item] > least[node]:
            continue
        for arc in range(indptr[node], indptr[node + 1]):
            other = indices[arc]
            there = keys[item] + cost[arc]
            if there < least[other]:
                least[other] = there
                # Each arc is gone over once, when its head is settled.
                keys[used] = there
                at[used] = other
                heap[size] = used
                used += 1
                size += 1
                _sift_up(heap, size, keys, keys)
    return least


@compiled
def _longer_floats(values: Floats) -> Floats:
    longer = np.empty(2 * values.shape[0])
    longer[: values.shape[0]] = values
    return longer


@compiled
def _longer_ints(values: Ints) -> Ints:
    longer = np.empty(2 * values.shape[0], np.int32)
    longer[: values.shape[0]] = values
    return longer


@compiled
def labels(  # noqa: PLR0915, PLR0917 - one compiled loop, no keyword-only arguments
    indptr: Ints,
    indices: Ints,
    first: Floats,
    second: Floats,
    least_first: Floats,
    least_second: Floats,
    origin: int,
    goal: int,
    tolerance: float,
    limit: int,
) -> tuple[Ints, Ints, Ints, bool]:
    """Return the paths from one node to another that no other is better than in both quantities.

    Parameters
    ----------
    indptr, indices : ndarray of int32
        Arcs by tail, parallel ones too, as in a CSR matrix.
    first, second : ndarray of float64, shape (arcs,)
        The two quantities of each arc, 0 or more.
    least_first, least_second : ndarray of float64, shape (nodes,)
        Least of each from every node to the goal, from `bounds`.
    origin, goal : int
        Nodes.
    tolerance : float
        By how much a path must have less of the second quantity to count as better.
    limit : int
        Most labels that are made.

    Returns
    -------
    ends : ndarray of int32, shape (paths,)
        Label of each path at the goal, by rising first and falling second quantity.
    parent, via : ndarray of int32, shape (labels,)
        Label before each and the arc from there; -1 at the origin.
    complete : bool
        False where the limit was reached; the paths are then not all, and not to be used.
    """
    nodes = indptr.shape[0] - 1
    room = 1 << 12
    node = np.empty(room, np.int32)
    parent = np.empty(room, np.int32)
    via = np.empty(room, np.int32)
    one = np.empty(room)
    two = np.empty(room)
    # What the path of the label ends with at the least: the order of the heap.
    whole_one = np.empty(room)
    whole_two = np.empty(room)
    heap = np.empty(room, np.int32)
    ends = np.empty(64, np.int32)
    kept = np.full(nodes, np.inf)
    found = 0
    used = 0
    size = 0
    if np.isfinite(least_first[origin]):
        node[0] = origin
        parent[0] = -1
        via[0] = -1
        one[0] = 0.0
        two[0] = 0.0
        whole_one[0] = least_first[origin]
        whole_two[0] = least_second[origin]
        heap[0] = 0
        used = 1
        size = 1
    while size > 0:
        label = heap[0]
        size -= 1
        heap[0] = heap[size]
        _sift_down(heap, size, whole_one, whole_two)
        here = node[label]
        if two[label] >= kept[here] - tolerance or whole_two[label] >= kept[goal] - tolerance:
            continue
        kept[here] = two[label]
        if here == goal:
            if found == ends.shape[0]:
                ends = _longer_ints(ends)
            ends[found] = label
            found += 1
            continue
        for arc in range(indptr[here], indptr[here + 1]):
            other = indices[arc]
            second_there = two[label] + second[arc]
            if (
                not np.isfinite(least_first[other])
                or second_there >= kept[other] - tolerance
                or second_there + least_second[other] >= kept[goal] - tolerance
            ):
                continue
            if used == limit:
                return ends[:found], parent[:used], via[:used], False
            if used == node.shape[0]:
                node = _longer_ints(node)
                parent = _longer_ints(parent)
                via = _longer_ints(via)
                heap = _longer_ints(heap)
                one = _longer_floats(one)
                two = _longer_floats(two)
                whole_one = _longer_floats(whole_one)
                whole_two = _longer_floats(whole_two)
            node[used] = other
            parent[used] = label
            via[used] = arc
            one[used] = one[label] + first[arc]
            two[used] = second_there
            whole_one[used] = one[used] + least_first[other]
            whole_two[used] = second_there + least_second[other]
            heap[size] = used
            used += 1
            size += 1
            _sift_up(heap, size, whole_one, whole_two)
    return ends[:found], parent[:used], via[:used], True


@compiled
def undominated(tail: Ints, head: Ints, second: Floats) -> Flags:
    """Return the arcs of which no parallel one is as good in both quantities.

    Parameters
    ----------
    tail, head : ndarray of int32, shape (arcs,)
        Nodes, sorted; of parallel arcs by the first quantity and then the second.
    second : ndarray of float64, shape (arcs,)
        The second quantity.

    Returns
    -------
    ndarray of bool, shape (arcs,)
        True for those to keep, of equal ones the first.
    """
    keep = np.ones(tail.shape[0], np.bool_)
    least = np.inf
    for arc in range(tail.shape[0]):
        if arc == 0 or tail[arc] != tail[arc - 1] or head[arc] != head[arc - 1]:
            least = second[arc]
            continue
        keep[arc] = second[arc] < least
        least = min(least, second[arc])
    return keep
