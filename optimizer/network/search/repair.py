"""Best paths in variants of a small graph that differ from it in few arcs.

From each origin the graph itself is searched once. For a variant only what hangs in that tree below
an arc that is lost or dearer is searched again, from what lies around it; and what an arc that is
new or cheaper brings nearer. Costs and paths are, to the last digit, those of a search of the
variant from nothing: the least cost of each node is added up in the order of travel either way,
and of arcs that are equally good the one from the smallest node is taken.

One module for itself for the same reason as `optimizer.network.search.cells`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.compiled import compiled, inlined
from optimizer.network.search.trees import spread

__all__ = ["Arcs", "Changes", "repaired", "runs_on"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]
#: Length of the ring of buckets, a power of two.
_BUCKETS = 4096


class Arcs(NamedTuple):
    """The arcs of a graph.

    Parameters
    ----------
    indptr, indices : ndarray of int32
        Arcs by tail, as in a CSR matrix, with as many nodes more as variants have.
    tails : ndarray of int32, shape (arcs,)
        Their tails.
    cost, time_s : ndarray of float64, shape (arcs,)
        What is least on the best path, and what is told of it.
    ground : ndarray of uint8, shape (arcs,)
        As for `optimizer.network.search.trees.many`.
    by_head, entering : ndarray of int32
        For each head, where the numbers of the arcs to it begin, and these numbers.
    grain : float
        From `optimizer.network.search.trees.grain`.
    """

    indptr: Ints
    indices: Ints
    tails: Ints
    cost: Floats
    time_s: Floats
    ground: Bytes
    by_head: Ints
    entering: Ints
    grain: float


class Changes(NamedTuple):
    """In what variants differ from the graph.

    Parameters
    ----------
    first : ndarray of int32, shape (variants + 1,)
        Where the arcs of each begin, and where they end.
    arc : ndarray of int32, shape (changes,)
        Number of an arc of the graph that is another; -1 for one that is new.
    tail, head : ndarray of int32, shape (changes,)
        Nodes.
    cost, time_s : ndarray of float64, shape (changes,)
        As of `Arcs`; infinite for an arc that is lost.
    ground : ndarray of uint8, shape (changes,)
        As of `Arcs`.
    """

    first: Ints
    arc: Ints
    tail: Ints
    head: Ints
    cost: Floats
    time_s: Floats
    ground: Bytes


class _Order(NamedTuple):
    """The nodes of a tree, each followed by all that hang below it."""

    node: Ints
    start: Ints
    end: Ints
    #: Sinks before each place, and the places of sinks in rising order.
    before: Ints
    sink: Ints


class _Variant(NamedTuple):
    """The arcs of the variant that is looked at, and what differs in its tree."""

    cost: Floats
    time_s: Floats
    ground: Bytes
    #: First change that leaves, and enters, each node, and the next of the same.
    leaving: Ints
    entering: Ints
    next_leaving: Ints
    next_entering: Ints
    reached: Floats
    via: Ints
    stamp: Ints
    log: Ints


@inlined
def _put(  # noqa: PLR0917 - compiled functions take no keyword-only arguments
    heads: Ints, links: Ints, items: Ints, entry: int, node: int, due: int, bucket: int
) -> None:
    place = min(max(due, bucket), bucket + _BUCKETS - 1) & (_BUCKETS - 1)
    items[entry] = node
    links[entry] = heads[place]
    heads[place] = entry


@compiled
def _twice(values: Ints) -> Ints:
    larger = np.empty(2 * values.shape[0], np.int32)
    larger[: values.shape[0]] = values
    return larger


@compiled
def _ordered(via: Ints, tails: Ints, origin: int, sink_of: Ints) -> _Order:
    nodes = via.shape[0]
    child = np.full(nodes, -1, np.int32)
    sibling = np.full(nodes, -1, np.int32)
    for node in range(nodes - 1, -1, -1):
        if via[node] >= 0:
            parent = tails[via[node]]
            sibling[node] = child[parent]
            child[parent] = node
    order = np.empty(nodes, np.int32)
    start = np.full(nodes, -1, np.int32)
    end = np.full(nodes, -1, np.int32)
    before = np.zeros(nodes + 1, np.int32)
    sink = np.empty(nodes, np.int32)
    count = 0
    sinks = 0
    node = origin
    down = True
    while True:
        if down:
            order[count] = node
            start[node] = count
            before[count] = sinks
            if sink_of[node] >= 0:
                sink[sinks] = node
                sinks += 1
            count += 1
            before[count] = sinks
            if child[node] >= 0:
                node = child[node]
                continue
        end[node] = count
        if node == origin:
            break
        if sibling[node] >= 0:
            node = sibling[node]
            down = True
        else:
            node = tails[via[node]]
            down = False
    return _Order(order, start, end, before, sink[:sinks])


@inlined
def _tail(tails: Ints, more: Ints, arc: int) -> int:
    return int(tails[arc] if arc < tails.shape[0] else more[arc - tails.shape[0]])


@inlined
def _is_better(  # noqa: PLR0917 - as above
    tails: Ints, more: Ints, reached: Floats, via: Ints, node: int, there: float, arc: int
) -> bool:
    """Tell whether an arc is to be taken instead of that by which a node is come to."""
    if there != reached[node] or there == np.inf or via[node] < 0:
        return bool(there < reached[node])
    return bool(_tail(tails, more, arc) < _tail(tails, more, via[node]))


@compiled
def _is_touched(changes: Changes, number: int, reached: Floats, via: Ints, order: _Order) -> bool:
    """Tell whether a path to a sink may be another in a variant."""
    for k in range(changes.first[number], changes.first[number + 1]):
        head = changes.head[k]
        arc = changes.arc[k]
        is_used = arc >= 0 and via[head] == arc
        if is_used and order.before[order.start[head]] < order.before[order.end[head]]:
            return True
        here = reached[changes.tail[k]]
        if here < np.inf and changes.cost[k] < np.inf and here + changes.cost[k] <= reached[head]:
            return True
    return False


@compiled
def _lay(changes: Changes, number: int, variant: _Variant) -> None:
    for k in range(changes.first[number], changes.first[number + 1]):
        arc = changes.arc[k]
        if arc >= 0:
            variant.cost[arc] = changes.cost[k]
            variant.time_s[arc] = changes.time_s[k]
            variant.ground[arc] = changes.ground[k]
        else:
            tail, head = changes.tail[k], changes.head[k]
            variant.next_leaving[k] = variant.leaving[tail]
            variant.leaving[tail] = k
            variant.next_entering[k] = variant.entering[head]
            variant.entering[head] = k


@compiled
def _lift(arcs: Arcs, changes: Changes, number: int, variant: _Variant) -> None:
    for k in range(changes.first[number], changes.first[number + 1]):
        arc = changes.arc[k]
        if arc >= 0:
            variant.cost[arc] = arcs.cost[arc]
            variant.time_s[arc] = arcs.time_s[arc]
            variant.ground[arc] = arcs.ground[arc]
        else:
            variant.leaving[changes.tail[k]] = -1
            variant.entering[changes.head[k]] = -1


@compiled
def _repair(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one compiled loop
    arcs: Arcs,
    changes: Changes,
    number: int,
    variant: _Variant,
    via: Ints,
    order: _Order,
    sink_of: Ints,
    mark: int,
    heads: Ints,
    links: Ints,
    items: Ints,
    settled: Floats,
) -> tuple[int, int, bool]:
    """Mend the tree.

    Returns how many nodes are in the log, how many first ones were lost, and whether others are
    come to by another path.
    """
    tails, more = arcs.tails, changes.tail
    indptr, indices, by_head, arcs_in = arcs.indptr, arcs.indices, arcs.by_head, arcs.entering
    new_head, new_cost, number_of = changes.head, changes.cost, changes.arc
    cost, leaving, entering = variant.cost, variant.leaving, variant.entering
    next_leaving, next_entering = variant.next_leaving, variant.next_entering
    node_at, start, until = order.node, order.start, order.end
    count = tails.shape[0]
    per_grain = 1.0 / arcs.grain
    begin, end = changes.first[number], changes.first[number + 1]
    reached, mine, stamp, log = variant.reached, variant.via, variant.stamp, variant.log
    logged = 0
    waiting = 0
    for k in range(begin, end):
        root = new_head[k]
        if number_of[k] < 0 or via[root] != number_of[k] or stamp[root] == mark:
            continue
        for place in range(start[root], until[root]):
            node = node_at[place]
            if stamp[node] != mark:
                stamp[node] = mark
                log[logged] = node
                logged += 1
                reached[node] = np.inf
                mine[node] = -1
                waiting += sink_of[node] >= 0
    lost = logged
    for row in range(lost):
        node = log[row]
        # Written out here and below: a call would count the users of each array.
        least, by, by_tail = np.inf, -1, -1
        for place in range(by_head[node], by_head[node + 1]):
            arc = arcs_in[place]
            tail = tails[arc]
            there = reached[tail] + cost[arc]
            if there < least or (there == least and tail < by_tail):
                least, by, by_tail = there, arc, tail
        reached[node] = least
        mine[node] = by
        k = entering[node]
        while k >= 0:
            there = reached[more[k]] + new_cost[k]
            if _is_better(tails, more, reached, mine, node, there, count + k):
                reached[node] = there
                mine[node] = count + k
            k = next_entering[k]
    is_nearer = False
    for k in range(begin, end):
        node = new_head[k]
        there = reached[more[k]] + new_cost[k]
        arc = number_of[k] if number_of[k] >= 0 else count + k
        if _is_better(tails, more, reached, mine, node, there, arc):
            if stamp[node] != mark:
                stamp[node] = mark
                log[logged] = node
                logged += 1
                is_nearer = True
            mine[node] = arc
            reached[node] = min(reached[node], there)
    nearest = np.inf
    for row in range(logged):
        nearest = min(nearest, reached[log[row]])
    if nearest == np.inf:
        return logged, lost, is_nearer
    heads[:] = -1
    bucket = int(nearest * per_grain)
    used = 0
    for row in range(logged):
        node = log[row]
        if reached[node] < np.inf:
            _put(heads, links, items, used, node, int(reached[node] * per_grain), bucket)
            used += 1
    queued = used
    while queued > 0:
        slot = bucket & (_BUCKETS - 1)
        entry = heads[slot]
        if entry < 0:
            # Whatever is in the buckets so far is settled.
            if waiting == 0 and not is_nearer:
                break
            bucket += 1
            continue
        heads[slot] = links[entry]
        node = items[entry]
        here = reached[node]
        due = int(here * per_grain)
        if due > bucket:
            # The ring was too short for it; it goes on waiting.
            _put(heads, links, items, entry, node, due, bucket)
            continue
        queued -= 1
        if settled[node] == here:
            continue
        if sink_of[node] >= 0 and settled[node] == np.inf:
            waiting -= 1
        settled[node] = here
        for arc in range(indptr[node], indptr[node + 1]):
            other = indices[arc]
            there = here + cost[arc]
            if there > reached[other]:
                continue
            if there == reached[other]:
                by = mine[other]
                if there == np.inf or by < 0:
                    continue
                if (tails[by] if by < count else more[by - count]) <= node:
                    continue
            if stamp[other] != mark:
                stamp[other] = mark
                log[logged] = other
                logged += 1
                is_nearer = True
            mine[other] = arc
            if there < reached[other]:
                reached[other] = there
                if used == items.shape[0]:
                    items, links = _twice(items), _twice(links)
                place = max(int(there * per_grain), bucket)
                place = min(place, bucket + _BUCKETS - 1) & (_BUCKETS - 1)
                items[used] = other
                links[used] = heads[place]
                heads[place] = used
                used += 1
                queued += 1
        k = leaving[node]
        while k >= 0:
            other = new_head[k]
            there = here + new_cost[k]
            if _is_better(tails, more, reached, mine, other, there, count + k):
                if stamp[other] != mark:
                    stamp[other] = mark
                    log[logged] = other
                    logged += 1
                    is_nearer = True
                mine[other] = count + k
                if there < reached[other]:
                    reached[other] = there
                    if used == items.shape[0]:
                        items, links = _twice(items), _twice(links)
                    _put(heads, links, items, used, other, int(there * per_grain), bucket)
                    used += 1
                    queued += 1
            k = next_leaving[k]
    return logged, lost, is_nearer


@compiled
def _told_along(  # noqa: PLR0917 - as above
    order: _Order, tails: Ints, via: Ints, time_s: Floats, ground: Bytes, at_s: Floats, above: Ints
) -> None:
    """Fill the time to each node, and where its path back next comes over open ground."""
    nodes = order.node
    above[nodes[0]] = nodes[0]
    at_s[nodes[0]] = 0.0
    for place in range(1, order.end[nodes[0]]):
        node = nodes[place]
        arc = via[node]
        at_s[node] = at_s[tails[arc]] + time_s[arc]
        above[node] = node if ground[arc] else above[tails[arc]]


@compiled
def _time_to(  # noqa: PLR0917 - as above
    arcs: Arcs,
    changes: Changes,
    variant: _Variant,
    at_s: Floats,
    mark: int,
    is_other: bool,  # noqa: FBT001 - as above
    node: int,
    stack: Ints,
) -> float:
    """Return the time along the path to a node, added up in the order of travel.

    Unless other paths than those to lost nodes may differ, the path from the first node that was
    not lost is that in the graph itself.
    """
    if variant.reached[node] == np.inf:
        return np.inf
    tails, more, via, stamp = arcs.tails, changes.tail, variant.via, variant.stamp
    time_s, new_s = variant.time_s, changes.time_s
    count = tails.shape[0]
    depth = 0
    while via[node] >= 0 and (is_other or stamp[node] == mark):
        arc = via[node]
        stack[depth] = arc
        depth += 1
        node = tails[arc] if arc < count else more[arc - count]
    total = at_s[node]
    while depth > 0:
        depth -= 1
        arc = stack[depth]
        total += time_s[arc] if arc < count else new_s[arc - count]
    return float(total)


@compiled
def _runs_to(  # noqa: PLR0917 - as above
    arcs: Arcs,
    changes: Changes,
    via: Ints,
    ground: Bytes,
    above: Ints,
    stamp: Ints,
    mark: int,
    is_other: bool,  # noqa: FBT001 - as above
    node: int,
    codes: Longs,
    found: int,
) -> int:
    """Add the runs on the path to a node to the codes; see `trees.many` and `_time_to`."""
    tails, more, new_ground = arcs.tails, changes.tail, changes.ground
    count, nodes = tails.shape[0], via.shape[0]
    last = node
    length = 0
    while via[node] >= 0:
        arc = via[node]
        kind = ground[arc] if arc < count else new_ground[arc - count]
        if kind:
            if length == 0:
                last = node
            length += 1 if kind == 1 else 2
        else:
            if length > 1:
                codes[found] = np.int64(node) * nodes + last
                found += 1
            length = 0
            if stamp[node] != mark and not is_other:
                node = above[node]
                continue
        node = tails[arc] if arc < count else more[arc - count]
    if length > 1:
        codes[found] = np.int64(node) * nodes + last
        found += 1
    return found


@compiled
def _grown(values: Longs, used: int) -> Longs:
    larger = np.empty(2 * values.shape[0] + used, np.int64)
    larger[:used] = values[:used]
    return larger


@compiled
def _grown_floats(values: Floats, used: int) -> Floats:
    larger = np.empty(2 * values.shape[0] + used, np.float64)
    larger[:used] = values[:used]
    return larger


@compiled
def runs_on(arcs: Arcs, changes: Changes, origins: Ints, sinks: Ints) -> Longs:
    """Return the runs over open ground on the best path of each pair, as often as there are pairs.

    Parameters
    ----------
    arcs : Arcs
        Graph.
    changes : Changes
        Of no variant.
    origins, sinks : ndarray of int32
        Nodes.

    Returns
    -------
    ndarray of int64, shape (runs,)
        First node times the number of nodes, plus last node.
    """
    nodes = arcs.indptr.shape[0] - 1
    reached, via = np.empty(nodes), np.empty(nodes, np.int32)
    one = np.empty(nodes, np.int64)
    sink_of, above = np.full(nodes, -1, np.int32), np.empty(nodes, np.int32)
    at_s = np.empty(nodes)
    codes = np.empty(1 << 12, np.int64)
    is_other = False
    used = 0
    for origin in origins:
        spread(arcs.indptr, arcs.indices, arcs.cost, arcs.grain, origin, reached, via)
        order = _ordered(via, arcs.tails, origin, sink_of)
        _told_along(order, arcs.tails, via, arcs.time_s, arcs.ground, at_s, above)
        for sink in sinks:
            found = _runs_to(
                arcs, changes, via, arcs.ground, above, sink_of, 0, is_other, sink, one, 0
            )
            while used + found > codes.shape[0]:
                codes = _grown(codes, used)
            codes[used : used + found] = one[:found]
            used += found
    return codes[:used]


@compiled
def repaired(  # noqa: C901, PLR0912, PLR0915 - one compiled loop
    arcs: Arcs, changes: Changes, origins: Ints, sinks: Ints, with_runs: int
) -> tuple[Longs, Floats, Longs]:
    """Return in what the best paths of pairs differ in each variant.

    Parameters
    ----------
    arcs : Arcs
        Graph.
    changes : Changes
        Variants.
    origins, sinks : ndarray of int32
        Nodes.
    with_runs : int
        1 if runs are asked for, 0 if not.

    Returns
    -------
    pairs : ndarray of int64, shape (pairs, 3)
        Variant, row of the origin, row of the sink: of each pair whose path may be another.
    time_s : ndarray of float64, shape (pairs,)
        Its time in the variant; infinite where it has no path.
    runs : ndarray of int64, shape (runs, 3)
        Variant, run, and on the paths of how many pairs more it lies; below 0 for fewer.
    """
    nodes, count = arcs.indptr.shape[0] - 1, arcs.tails.shape[0]
    reached, via = np.empty(nodes), np.empty(nodes, np.int32)
    variant = _Variant(
        arcs.cost.copy(),
        arcs.time_s.copy(),
        arcs.ground.copy(),
        np.full(nodes, -1, np.int32),
        np.full(nodes, -1, np.int32),
        np.empty(changes.arc.shape[0], np.int32),
        np.empty(changes.arc.shape[0], np.int32),
        np.empty(nodes),
        np.empty(nodes, np.int32),
        np.full(nodes, -1, np.int32),
        np.empty(nodes, np.int32),
    )
    most = count + changes.arc.shape[0] + 2 * nodes
    heads, links = np.empty(_BUCKETS, np.int32), np.empty(most, np.int32)
    items, settled = np.empty(most, np.int32), np.full(nodes, np.inf)
    sink_of = np.full(nodes, -1, np.int32)
    for row in range(sinks.shape[0]):
        sink_of[sinks[row]] = row
    at_s, above = np.empty(nodes), np.empty(nodes, np.int32)
    seen = np.full(sinks.shape[0], -1, np.int32)
    moved = np.empty(sinks.shape[0], np.int32)
    stack = np.empty(nodes, np.int32)
    here, gone = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    pairs, times = np.empty(3 << 12, np.int64), np.empty(1 << 12)
    runs = np.empty(3 << 12, np.int64)
    n_pairs = 0
    n_runs = 0
    mark = 0
    is_other = False
    for row in range(origins.shape[0]):
        spread(arcs.indptr, arcs.indices, arcs.cost, arcs.grain, origins[row], reached, via)
        order = _ordered(via, arcs.tails, origins[row], sink_of)
        _told_along(order, arcs.tails, via, arcs.time_s, arcs.ground, at_s, above)
        variant.reached[:] = reached
        variant.via[:] = via
        for number in range(changes.first.shape[0] - 1):
            if not _is_touched(changes, number, reached, via, order):
                continue
            mark += 1
            _lay(changes, number, variant)
            logged, lost, is_nearer = _repair(
                arcs,
                changes,
                number,
                variant,
                via,
                order,
                sink_of,
                mark,
                heads,
                links,
                items,
                settled,
            )
            n_moved = 0
            for k in range(logged):
                node = variant.log[k]
                # What hung below a lost node was lost with it.
                if k < lost:
                    low, high = order.start[node], order.start[node] + 1
                elif order.start[node] >= 0 and variant.via[node] != via[node]:
                    low, high = order.start[node], order.end[node]
                elif order.start[node] < 0:
                    if sink_of[node] >= 0 and seen[sink_of[node]] != mark:
                        seen[sink_of[node]] = mark
                        moved[n_moved] = node
                        n_moved += 1
                    continue
                else:
                    continue
                for place in range(order.before[low], order.before[high]):
                    sink = order.sink[place]
                    if seen[sink_of[sink]] != mark:
                        seen[sink_of[sink]] = mark
                        moved[n_moved] = sink
                        n_moved += 1
            n_here = 0
            n_gone = 0
            for k in range(n_moved):
                sink = moved[k]
                if n_pairs == times.shape[0]:
                    pairs = _grown(pairs, 3 * n_pairs)
                    times = _grown_floats(times, n_pairs)
                pairs[3 * n_pairs] = number
                pairs[3 * n_pairs + 1] = row
                pairs[3 * n_pairs + 2] = sink_of[sink]
                times[n_pairs] = _time_to(
                    arcs, changes, variant, at_s, mark, is_nearer, sink, stack
                )
                n_pairs += 1
                if with_runs:
                    while max(n_here, n_gone) + nodes > here.shape[0]:
                        here, gone = _grown(here, n_here), _grown(gone, n_gone)
                    n_here = _runs_to(
                        arcs,
                        changes,
                        variant.via,
                        variant.ground,
                        above,
                        variant.stamp,
                        mark,
                        is_nearer,
                        sink,
                        here,
                        n_here,
                    )
                    n_gone = _runs_to(
                        arcs,
                        changes,
                        via,
                        arcs.ground,
                        above,
                        variant.stamp,
                        0,
                        is_other,
                        sink,
                        gone,
                        n_gone,
                    )
            now, then = np.sort(here[:n_here]), np.sort(gone[:n_gone])
            a = 0
            b = 0
            while a < n_here or b < n_gone:
                code = min(now[a] if a < n_here else then[b], then[b] if b < n_gone else now[a])
                more = 0
                while a < n_here and now[a] == code:
                    more += 1
                    a += 1
                while b < n_gone and then[b] == code:
                    more -= 1
                    b += 1
                if more != 0:
                    if 3 * n_runs + 3 > runs.shape[0]:
                        runs = _grown(runs, 3 * n_runs)
                    runs[3 * n_runs] = number
                    runs[3 * n_runs + 1] = code
                    runs[3 * n_runs + 2] = more
                    n_runs += 1
            _lift(arcs, changes, number, variant)
            for k in range(logged):
                node = variant.log[k]
                variant.reached[node] = reached[node]
                variant.via[node] = via[node]
                settled[node] = np.inf
    return (
        pairs[: 3 * n_pairs].reshape((n_pairs, 3)),
        times[:n_pairs],
        runs[: 3 * n_runs].reshape((n_runs, 3)),
    )
