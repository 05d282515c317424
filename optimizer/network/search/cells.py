"""Search over the cells of open ground: 16 neighbours, slopes up and down, barriers.

Cells are numbered row by row, ``cell = row * width + column``. A **move** is one of 16 numbers; the
opposite of a move is the move with its last bit flipped. What a step costs and when it is closed is
said in ``docs/reference/mobility.md``; `_step` is the only place here that computes it.

All of it is one module because Numba takes a compiled function from its cache for as long as the
module of that function is unchanged, whatever it calls elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.compiled import compiled, inlined

__all__ = [
    "MOVE_COLUMNS",
    "MOVE_ROWS",
    "NO_PRUNING",
    "Cells",
    "Looked",
    "Moves",
    "Pruning",
    "Scratch",
    "Search",
    "along",
    "direct",
    "empty_scratch",
    "mended",
    "moves_of",
    "path_between",
    "search",
    "search_after",
    "shortcuts",
    "spokes",
    "squares_of",
    "trace",
]

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

MOVE_ROWS = np.array([-1, 1, 0, 0, -1, 1, -1, 1, -1, 1, -1, 1, -2, 2, -2, 2], np.int64)
MOVE_COLUMNS = np.array([0, 0, -1, 1, -1, 1, 1, -1, -2, 2, 2, -2, -1, 1, 1, -1], np.int64)
#: The cells that a move passes besides its ends, as rows and columns from its start: two of them,
#: both the start itself for a straight move.
_PASS_ROWS = np.array(
    [
        [0, 0], [0, 0], [0, 0], [0, 0], [-1, 0], [1, 0], [-1, 0], [1, 0],
        [0, -1], [0, 1], [0, -1], [0, 1], [-1, -1], [1, 1], [-1, -1], [1, 1],
    ],
    np.int64,
)  # fmt: skip
_PASS_COLUMNS = np.array(
    [
        [0, 0], [0, 0], [0, 0], [0, 0], [0, -1], [0, 1], [0, 1], [0, -1],
        [-1, -1], [1, 1], [1, 1], [-1, -1], [0, -1], [0, 1], [0, 1], [0, -1],
    ],
    np.int64,
)  # fmt: skip
_NONE = np.uint8(255)
#: Length of the ring of buckets, a power of two.
_BUCKETS = 4096
#: Side of a square in cells, as a power of two.
_SIDE = 5


class Cells(NamedTuple):
    """The open ground for the classes of a profile.

    Parameters
    ----------
    width, height : int
        Columns and rows.
    resolution_m : float
        Side of a cell.
    z_m : ndarray of float32, shape (cells,)
        Elevation.
    blocked : ndarray of uint8, shape (cells,)
        1 where no class may be.
    pace : ndarray of float32, shape (classes, cells)
        Seconds a metre on the level.
    fuel : ndarray of float32, shape (classes, cells)
        Flat paved metres a metre on the level.
    exposure : ndarray of float32, shape (cells,)
        Thousandths of the planner's unit a metre.
    exposure_s : ndarray of float32, shape (cells,)
        Thousandths of the planner's unit a second.
    slope : ndarray of float64, shape (classes, points)
        Slope factor at grades from -1 to 1 in equal steps.
    fuel_per_grade : ndarray of float64, shape (classes,)
        Fuel that a rise adds.
    max_up, max_down : float
        Steepest grades, both positive.
    max_side : float
        Steepest slope to the side, positive; infinite where it does not matter.
    weights : ndarray of float64, shape (4,)
        Cost of a second, a metre, a flat paved metre and a thousandth of exposure.
    least : float
        A cost of a metre that no step falls below: what cannot be better need not be computed.
    """

    width: int
    height: int
    resolution_m: float
    z_m: Singles
    blocked: Bytes
    pace: Singles
    fuel: Singles
    exposure: Singles
    exposure_s: Singles
    slope: Floats
    fuel_per_grade: Floats
    max_up: float
    max_down: float
    max_side: float
    weights: Floats
    least: float


class Search(NamedTuple):
    """What a search found.

    Parameters
    ----------
    cost : ndarray of float64, shape (cells,)
        From the nearest source, or to it in a backward search; infinite where it does not reach.
    via : ndarray of uint8, shape (cells,)
        Move by which the best path comes into the cell (or leaves it, backward); 255 at sources.
    source : ndarray of int32, shape (cells,)
        Number of that source; -1 where the search does not reach.
    """

    cost: Floats
    via: Bytes
    source: Ints


class Pruning(NamedTuple):
    """What tells that a cell cannot lie on a better way than those that are known.

    Parameters
    ----------
    place : ndarray of int32, shape (cells,) or (0,)
        Number of a place near each cell, -1 where there is none; empty where nothing is pruned.
    between : ndarray of float32, shape (cells,)
        Cost from the place to the cell; in a backward search from the cell to the place.
    beyond : ndarray of float64, shape (places,)
        What is left from each place to the goal, less what a known way costs in all. A cell whose
        own cost, less ``between``, plus this is above 0 is not gone on from.
    """

    place: Ints
    between: Singles
    beyond: Floats


NO_PRUNING = Pruning(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0))


class Looked(NamedTuple):
    """What a search rests on: nothing else of the ground was looked at.

    Parameters
    ----------
    squares : ndarray of uint8, shape (bytes,)
        Bits of the squares in which it reached cells, as `squares_of` numbers them.
    places : ndarray of int32, shape (places,)
        Places of those cells by its pruning, in rising order.
    """

    squares: Bytes
    places: Ints


class Scratch(NamedTuple):
    """What a search works on, each of shape (cells,): `direct` leaves it as it was found.

    The last two are empty for a search that looks for nothing and notes nothing down.
    """

    cost: Floats
    via: Bytes
    source: Ints
    settled: Bytes
    targets: Ints
    touched: Ints


@compiled
def empty_scratch(cells: int) -> Scratch:
    """Return what `direct` works on, for one thread.

    Parameters
    ----------
    cells : int
        Number of cells.

    Returns
    -------
    Scratch
        For any number of calls, one after the other.
    """
    return _scratch_for(cells, np.full(cells, -1, np.int32), np.empty(cells, np.int32))


@compiled
def _scratch_for(cells: int, targets: Ints, touched: Ints) -> Scratch:
    return Scratch(
        np.full(cells, np.inf),
        np.full(cells, _NONE, np.uint8),
        np.full(cells, -1, np.int32),
        np.zeros(cells, np.uint8),
        targets,
        touched,
    )


@compiled
def _clear(scratch: Scratch, count: int) -> None:
    """Leave the cells that a search touched as they were before, so many of them."""
    for cell in scratch.touched[:count]:
        scratch.cost[cell] = np.inf
        scratch.via[cell] = _NONE
        scratch.source[cell] = -1
        scratch.settled[cell] = 0


@compiled
def squares_of(cells: Ints, width: int, height: int) -> Bytes:
    """Return the squares of 32 by 32 cells in which cells lie.

    Parameters
    ----------
    cells : ndarray of int32, shape (some,)
        Cells.
    width, height : int
        Columns and rows of the ground.

    Returns
    -------
    ndarray of uint8, shape (bytes,)
        Bit ``n % 8`` of byte ``n // 8`` is set for square n, numbered row by row.
    """
    across = ((width - 1) >> _SIDE) + 1
    down = ((height - 1) >> _SIDE) + 1
    bits = np.zeros((across * down + 7) >> 3, np.uint8)
    columns = np.int32(width)
    for cell in cells:
        row = cell // columns
        square = (row >> _SIDE) * across + ((cell - row * columns) >> _SIDE)
        bits[square >> 3] |= np.uint8(1 << (square & 7))
    return bits


@compiled
def _places_of(cells: Ints, pruning: Pruning) -> Ints:
    """Return the places of cells, each once and in rising order."""
    if pruning.place.shape[0] == 0:
        return np.empty(0, np.int32)
    among = np.zeros(pruning.beyond.shape[0], np.bool_)
    for cell in cells:
        place = pruning.place[cell]
        if place >= 0:
            among[place] = True
    return np.flatnonzero(among).astype(np.int32)


@compiled
def _offsets(width: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats]:
    move = MOVE_ROWS * width + MOVE_COLUMNS
    first = _PASS_ROWS[:, 0] * width + _PASS_COLUMNS[:, 0]
    second = _PASS_ROWS[:, 1] * width + _PASS_COLUMNS[:, 1]
    length = np.sqrt((MOVE_ROWS * MOVE_ROWS + MOVE_COLUMNS * MOVE_COLUMNS).astype(np.float64))
    return move, first, second, length


@inlined
def _step(ground: Cells, start: int, end: int, length_m: float) -> tuple[float, float, float]:
    """Return time, fuel and exposure of a step; a time below 0 says that it is too steep."""
    grade = (np.float64(ground.z_m[end]) - np.float64(ground.z_m[start])) / length_m
    if grade > ground.max_up or grade < -ground.max_down:
        return -1.0, 0.0, 0.0
    points = ground.slope.shape[1] - 1
    place = (min(max(grade, -1.0), 1.0) + 1.0) * 0.5 * points
    left = min(int(place), points - 1)
    share = place - left
    rise = max(grade, 0.0)
    time_s = 0.0
    fuel_m = 0.0
    for k in range(ground.slope.shape[0]):
        factor = ground.slope[k, left] * (1.0 - share) + ground.slope[k, left + 1] * share
        pace = (np.float64(ground.pace[k, start]) + np.float64(ground.pace[k, end])) * 0.5
        time_s = max(time_s, length_m * pace / factor)
        fuel = (np.float64(ground.fuel[k, start]) + np.float64(ground.fuel[k, end])) * 0.5
        fuel_m = max(fuel_m, length_m * fuel * (1.0 + ground.fuel_per_grade[k] * rise))
    exposure = length_m * np.float64(ground.exposure[end])
    return time_s, fuel_m, exposure + time_s * np.float64(ground.exposure_s[end])


@inlined
def _cost(ground: Cells, start: int, end: int, length_m: float) -> float:
    time_s, fuel_m, exposure = _step(ground, start, end, length_m)
    if time_s < 0.0:
        return -1.0
    weights = ground.weights
    cost = weights[0] * time_s + weights[1] * length_m + weights[2] * fuel_m
    return float(cost + weights[3] * exposure)


@compiled
def _between(
    ground: Cells,
    cell: int,
    other: int,
    length_m: float,
    backward: bool,  # noqa: FBT001 - compiled functions take no keyword-only arguments
) -> float:
    """Return the cost of the step from the cell to the other, backward of the one to the cell."""
    if backward:
        return _cost(ground, other, cell, length_m)
    return _cost(ground, cell, other, length_m)


class Moves(NamedTuple):
    """The open moves of all cells.

    Parameters
    ----------
    ahead : ndarray of uint16, shape (cells,)
        Bit m is set where the cell can be left by move m.
    behind : ndarray of uint16, shape (cells,)
        Bit m is set where the cell can be come to by move m.
    grain : float
        Width of the buckets of a search: at most the cost of the cheapest step, if that is not
        tiny. It decides about the speed alone.
    """

    ahead: NDArray[np.uint16]
    behind: NDArray[np.uint16]
    grain: float


def moves_of(ground: Cells) -> Moves:
    """Return the open moves of all cells.

    Parameters
    ----------
    ground : Cells
        Open ground.

    Returns
    -------
    Moves
        A move is open where it stays on the grid, neither its end nor a cell that it passes is
        blocked, and it is not too steep.
    """
    ahead = _open_moves(ground)
    return Moves(ahead, _reversed(ahead, ground.width), _grain(ground))


@compiled
def _open_moves(ground: Cells) -> NDArray[np.uint16]:
    width = ground.width
    height = ground.height
    move, first, second, length = _offsets(width)
    blocked = ground.blocked
    z_m = ground.z_m
    ways = np.zeros(z_m.shape[0], np.uint16)
    for m in range(16):
        run = length[m] * ground.resolution_m
        bit = np.uint16(1 << m)
        left = max(0, -MOVE_COLUMNS[m])
        count = width - left - max(0, MOVE_COLUMNS[m])
        for row in range(max(0, -MOVE_ROWS[m]), height - max(0, MOVE_ROWS[m])):
            # Slices, so that what is done for each cell is done for several at a time.
            at = row * width + left
            to = at + move[m]
            here = z_m[at : at + count]
            there = z_m[to : to + count]
            shut = blocked[at : at + count]
            shut_there = blocked[to : to + count]
            shut_first = blocked[at + first[m] : at + first[m] + count]
            shut_second = blocked[at + second[m] : at + second[m] + count]
            bits = ways[at : at + count]
            for k in range(count):
                grade = (np.float64(there[k]) - np.float64(here[k])) / run
                passed = shut[k] | shut_there[k] | shut_first[k] | shut_second[k]
                if (passed == 0) & (grade <= ground.max_up) & (grade >= -ground.max_down):
                    bits[k] |= bit
    if np.isfinite(ground.max_side):
        _close_side_slopes(ways, ground)
    return ways


@compiled
def _close_side_slopes(ways: NDArray[np.uint16], ground: Cells) -> None:
    """Close the moves with one end on ground that falls away too steeply to the side."""
    width = ground.width
    height = ground.height
    east, south = _gradients(ground)
    move, _, _, length = _offsets(width)
    for m in range(16):
        open_after = ~np.uint16(1 << m)
        along_south = MOVE_ROWS[m] / length[m]
        along_east = MOVE_COLUMNS[m] / length[m]
        left = max(0, -MOVE_COLUMNS[m])
        count = width - left - max(0, MOVE_COLUMNS[m])
        for row in range(max(0, -MOVE_ROWS[m]), height - max(0, MOVE_ROWS[m])):
            at = row * width + left
            to = at + move[m]
            bits = ways[at : at + count]
            east_here = east[at : at + count]
            south_here = south[at : at + count]
            east_there = east[to : to + count]
            south_there = south[to : to + count]
            for k in range(count):
                here = abs(east_here[k] * along_south - south_here[k] * along_east)
                there = abs(east_there[k] * along_south - south_there[k] * along_east)
                if (here > ground.max_side) | (there > ground.max_side):
                    bits[k] &= open_after


@compiled
def _gradients(ground: Cells) -> tuple[Floats, Floats]:
    """Return the rise per metre to the east and to the south, over the cells to both sides."""
    width = ground.width
    height = ground.height
    z_m = ground.z_m
    # In double precision: in single, a slope at its limit would be another than the verifier's.
    east = np.empty(z_m.shape[0])
    south = np.empty(z_m.shape[0])
    for row in range(height):
        north_row = max(row - 1, 0)
        south_row = min(row + 1, height - 1)
        down_m = max(south_row - north_row, 1) * ground.resolution_m
        for column in range(width):
            west_column = max(column - 1, 0)
            east_column = min(column + 1, width - 1)
            right_m = max(east_column - west_column, 1) * ground.resolution_m
            cell = row * width + column
            east[cell] = (z_m[row * width + east_column] - z_m[row * width + west_column]) / right_m
            south[cell] = (
                z_m[south_row * width + column] - z_m[north_row * width + column]
            ) / down_m
    return east, south


@compiled
def _reversed(ways: NDArray[np.uint16], width: int) -> NDArray[np.uint16]:
    move = _offsets(width)[0]
    back = np.zeros_like(ways)
    for cell in range(ways.shape[0]):
        bits = ways[cell]
        for m in range(16):
            if (bits >> m) & 1:
                back[cell + move[m]] |= np.uint16(1 << m)
    return back


@compiled
def _grain(ground: Cells) -> float:
    """Return the width of a bucket, from some of the cells."""
    total = 0.0
    count = 0
    weights = ground.weights
    for cell in range(0, ground.z_m.shape[0], 97):
        if not ground.blocked[cell]:
            pace = 0.0
            fuel = 0.0
            for k in range(ground.pace.shape[0]):
                pace = max(pace, np.float64(ground.pace[k, cell]))
                fuel = max(fuel, np.float64(ground.fuel[k, cell]))
            total += weights[0] * pace + weights[1] + weights[2] * fuel
            count += 1
    usual = total / count if count else 1.0
    return float(max(ground.least, usual / 256.0, 1e-9) * ground.resolution_m)


@inlined
def _unpruned() -> Pruning:
    return Pruning(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0))


@compiled
def _grown(values: Ints) -> Ints:
    larger = np.empty(2 * values.shape[0], np.int32)
    larger[: values.shape[0]] = values
    return larger


@compiled
def _forwarded(  # noqa: PLR0917 - no keyword-only arguments
    heads: Ints,
    items: Ints,
    links: Ints,
    cost: Floats,
    settled: Bytes,
    per_grain: float,
    waiting: int,
    free: int,
    bucket: int,
) -> tuple[int, int, int]:
    """Turn the ring to what is due next; return how many wait, the first free entry, the bucket."""
    chain = -1
    nearest = np.inf
    for slot in range(_BUCKETS):
        while heads[slot] >= 0:
            entry = heads[slot]
            heads[slot] = links[entry]
            if settled[items[entry]] & 1:
                links[entry] = free
                free = entry
                waiting -= 1
            else:
                links[entry] = chain
                chain = entry
                nearest = min(nearest, cost[items[entry]])
    if chain >= 0:
        bucket = max(bucket, int(nearest * per_grain))
    while chain >= 0:
        entry = chain
        chain = links[entry]
        due = int(cost[items[entry]] * per_grain)
        place = min(max(due, bucket), bucket + _BUCKETS - 1) & (_BUCKETS - 1)
        links[entry] = heads[place]
        heads[place] = entry
    return waiting, free, bucket


class _Ring(NamedTuple):
    """Cells that wait in buckets: the first entry of each; the cell of each entry and the next one.

    How far the search is stands in ``state`` between two calls of `_turn`, at the places below.
    """

    heads: Ints
    items: Ints
    links: Ints
    state: NDArray[np.int64]


#: Places of `_Ring.state`: the bucket at hand and how many before it were empty; the first entry
#: that is free again and how many were ever used; how many wait, were touched and were found.
_BUCKET, _IDLE, _FREE, _USED, _WAITING, _TOUCHED, _FOUND = range(7)
#: Entries that one turn may take.
_MOVES = 16


@compiled
def _spread(  # noqa: PLR0917 - compiled functions take no keyword-only arguments
    ground: Cells,
    moves: Moves,
    sources: Ints,
    starts: Floats,
    backward: bool,  # noqa: FBT001 - as above
    region: Ints,
    pruning: Pruning,
    limit: int,
    scratch: Scratch,
    found: Ints,
) -> tuple[int, int]:
    """Spread from sources until `limit` cells of the targets (0 or more) are settled.

    Each source begins with its cost in `starts`, or with 0 where that is empty.
    Where `region` is not empty, each source spreads over the cells that bear its number only.
    Arrays are filled in place; returned are how many cells were touched and how many targets were
    found, which may be a few more than asked for. A limit below 0 is none; then nothing is noted
    down. Cells that `pruning` tells to be too far are reached, but not gone on from.
    """
    cost, _, source, _, _, touched = scratch
    waiting = np.empty(sources.shape[0], np.int32)
    count = 0
    for number in range(sources.shape[0]):
        cell = sources[number]
        start = starts[number] if starts.shape[0] > 0 else 0.0
        if ground.blocked[cell] or cost[cell] <= start:
            continue
        cost[cell] = start
        source[cell] = number
        waiting[count] = cell
        count += 1
    ring = _ring(waiting[:count], cost, moves.grain)
    if limit >= 0:
        touched[:count] = waiting[:count]
        ring.state[_TOUCHED] = count
    while _turn(ground, moves, ring, backward, region, pruning, limit, scratch, found):
        ring = _Ring(ring.heads, _grown(ring.items), _grown(ring.links), ring.state)
    return int(ring.state[_TOUCHED]), int(ring.state[_FOUND])


@compiled
def _ring(waiting: Ints, cost: Floats, grain: float) -> _Ring:
    """Return a ring in which cells wait at their costs."""
    per_grain = 1.0 / grain
    heads = np.full(_BUCKETS, -1, np.int32)
    items = np.empty(waiting.shape[0] + (1 << 14), np.int32)
    links = np.empty(items.shape[0], np.int32)
    state = np.zeros(7, np.int64)
    state[_FREE] = -1
    for entry in range(waiting.shape[0]):
        items[entry] = waiting[entry]
        place = min(int(cost[waiting[entry]] * per_grain), _BUCKETS - 1)
        links[entry] = heads[place]
        heads[place] = entry
    state[_USED] = state[_WAITING] = waiting.shape[0]
    return _Ring(heads, items, links, state)


@compiled
def _turn(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one compiled loop: calls in it cost
    ground: Cells,
    moves: Moves,
    ring: _Ring,
    backward: bool,  # noqa: FBT001 - as above
    region: Ints,
    pruning: Pruning,
    limit: int,
    scratch: Scratch,
    found: Ints,
) -> bool:
    """Go on as `_spread` says; tell whether the ring became too small before the end.

    Cells wait in a ring of buckets, each for costs of one grain (Dial, "Algorithm 360", 1969). A
    cell that gets cheaper waits twice, and the later entry is passed over. Where a step may cost
    less than a grain, a cell of the bucket at hand may get cheaper after its turn, and takes
    another; so the costs are exact whatever the grain.

    Of equally good ways into a cell the one by the move of the lowest number counts, so that what
    is found depends on the ground alone, not on which cell had its turn first.

    That a ring which is too small ends the loop keeps arrays from being replaced inside it, which
    would make it a third slower.
    """
    offsets, _, _, length = _offsets(ground.width)
    length = length * ground.resolution_m
    least = length * ground.least
    # Backward, the neighbour is where the move would come from, and a rise towards it is a fall.
    move = -offsets if backward else offsets
    slope = ground.slope[0, ::-1].copy() if backward else ground.slope[0].copy()
    last = ground.slope.shape[1] - 2
    level = 0.5 * (ground.slope.shape[1] - 1)
    per_rise = level / length
    half = 0.5 * length
    # Time of one class is what is asked for most, and half of the work of the general step.
    plain = ground.slope.shape[0] == 1 and (
        ground.weights[0] == 1.0
        and ground.weights[1] == 0.0
        and ground.weights[2] == 0.0
        and ground.weights[3] == 0.0
    )
    ways = moves.behind if backward else moves.ahead
    z_m = ground.z_m
    pace = ground.pace[0]
    bounded = region.shape[0] > 0
    pruned = pruning.place.shape[0] > 0
    per_grain = 1.0 / moves.grain
    cost, via, source, settled, targets, touched = scratch
    heads, items, links, state = ring
    room = items.shape[0] - _MOVES
    bucket, idle, free, used, waiting, n_touched, n_found = state
    while waiting > 0 and used <= room:
        slot = bucket & (_BUCKETS - 1)
        entry = heads[slot]
        if entry < 0:
            if limit >= 0 and n_found >= limit:
                waiting = 0
                break
            bucket += 1
            idle += 1
            if idle > _BUCKETS:
                # Nothing was due for a round of the ring: some ground may cost far more than most.
                waiting, free, bucket = _forwarded(
                    heads, items, links, cost, settled, per_grain, waiting, free, bucket
                )
                idle = 0
            continue
        heads[slot] = links[entry]
        cell = items[entry]
        here = cost[cell]
        due = int(here * per_grain)
        if due > bucket:
            # The ring was too short for it; it goes on waiting.
            place = min(due, bucket + _BUCKETS - 1) & (_BUCKETS - 1)
            links[entry] = heads[place]
            heads[place] = entry
            continue
        links[entry] = free
        free = entry
        waiting -= 1
        if settled[cell] & 1 or due < bucket:
            continue
        if limit >= 0 and targets[cell] >= 0 and settled[cell] == 0:
            found[n_found] = cell
            n_found += 1
        settled[cell] = 3
        idle = 0
        if pruned:
            place = pruning.place[cell]
            if place < 0 or here - pruning.between[cell] + pruning.beyond[place] > 0.0:
                continue
        bits = ways[cell]
        z_here = np.float64(z_m[cell])
        pace_here = np.float64(pace[cell])
        mine = source[cell]
        for m in range(_MOVES):
            if not (bits >> m) & 1:
                continue
            other = cell + move[m]
            before = cost[other]
            if before < here + least[m] or (bounded and region[other] != mine):
                continue
            if plain:
                at = min(max((z_m[other] - z_here) * per_rise[m] + level, 0.0), 2.0 * level)
                left = min(int(at), last)
                factor = slope[left] + (slope[left + 1] - slope[left]) * (at - left)
                reached = here + half[m] * (pace_here + pace[other]) / factor
            else:
                reached = here + _between(ground, cell, other, length[m], backward)
            if reached > before:
                continue
            if reached == before:
                if m > via[other] or (m == via[other] and source[other] == mine):
                    continue
                via[other] = m
                known = source[other] == mine
                source[other] = mine
                if known or not settled[other] & 1:
                    continue
            elif limit >= 0 and before == np.inf:
                touched[n_touched] = other
                n_touched += 1
            cost[other] = reached
            via[other] = m
            source[other] = mine
            settled[other] &= 2
            if free >= 0:
                entry = free
                free = links[entry]
            else:
                entry = used
                used += 1
            items[entry] = other
            place = min(int(reached * per_grain), bucket + _BUCKETS - 1) & (_BUCKETS - 1)
            links[entry] = heads[place]
            heads[place] = entry
            waiting += 1
    state[:] = (bucket, idle, free, used, waiting, n_touched, n_found)
    return bool(waiting > 0)


@compiled
def search(
    ground: Cells,
    moves: Moves,
    sources: Ints,
    backward: bool,  # noqa: FBT001 - as above
    region: Ints,
) -> Search:
    """Find for every cell the source nearest to it and the best path.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        From `moves_of`.
    sources : ndarray of int32, shape (sources,)
        Cells; blocked ones are left out.
    backward : bool
        Whether paths run from the cells to the sources instead.
    region : ndarray of int32, shape (cells,) or (0,)
        Number of the only source that may reach each cell; empty where any may.

    Returns
    -------
    Search
        Exact least costs.
    """
    none = np.empty(0, np.int32)
    scratch = _scratch_for(ground.z_m.shape[0], none, none)
    _spread(ground, moves, sources, np.empty(0), backward, region, _unpruned(), -1, scratch, none)
    return Search(scratch.cost, scratch.via, scratch.source)


@compiled
def mended(  # noqa: PLR0917 - as above
    ground: Cells,
    moves: Moves,
    sources: Ints,
    backward: bool,  # noqa: FBT001 - as above
    region: Ints,
    before: Search,
    differs: NDArray[np.bool_],
) -> Search:
    """Return what `search` finds, from what it found on ground that differs in some cells.

    What was found holds for a cell whose best path touches no such cell. The other cells are
    searched for again, from those around them whose paths hold; so is whatever gets nearer.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        From `moves_of`.
    sources : ndarray of int32, shape (sources,)
        Cells; blocked ones are left out.
    backward : bool
        Whether paths run from the cells to the sources instead.
    region : ndarray of int32, shape (cells,) or (0,)
        As of `search`.
    before : Search
        From `search` on the other ground, with the numbers that its sources have among these.
    differs : ndarray of bool, shape (cells,)
        Cells of which anything differs that a search reads: the ground, the open moves, whether it
        is a source, its region.

    Returns
    -------
    Search
        Each value that of `search`.
    """
    lost = _lost(before, differs, _offsets(ground.width)[0], backward)
    none = np.empty(0, np.int32)
    scratch = Scratch(
        np.where(lost, np.inf, before.cost),
        np.where(lost, _NONE, before.via),
        np.where(lost, np.int32(-1), before.source),
        # What holds and does not wait has had its turn.
        np.where(lost, np.uint8(0), np.uint8(1)),
        none,
        none,
    )
    waiting = _beginnings(ground, moves, sources, backward, lost, scratch)
    ring = _ring(waiting, scratch.cost, moves.grain)
    while _turn(ground, moves, ring, backward, region, _unpruned(), -1, scratch, none):
        ring = _Ring(ring.heads, _grown(ring.items), _grown(ring.links), ring.state)
    return Search(scratch.cost, scratch.via, scratch.source)


@compiled
def _beginnings(  # noqa: PLR0917 - as above
    ground: Cells,
    moves: Moves,
    sources: Ints,
    backward: bool,  # noqa: FBT001 - as above
    lost: NDArray[np.bool_],
    scratch: Scratch,
) -> Ints:
    """Return where the search of what is lost begins: at sources there and at cells around it."""
    cost, _, source, settled, _, _ = scratch
    waiting = np.empty(lost.shape[0], np.int32)
    count = 0
    for number in range(sources.shape[0]):
        cell = sources[number]
        if lost[cell] and not ground.blocked[cell]:
            cost[cell] = 0.0
            source[cell] = number
            waiting[count] = cell
            count += 1
    move = _offsets(ground.width)[0]
    ways = moves.ahead if backward else moves.behind
    for cell in range(lost.shape[0]):
        if not lost[cell]:
            continue
        bits = ways[cell]
        for m in range(_MOVES):
            if not (bits >> m) & 1:
                continue
            other = cell + move[m] if backward else cell - move[m]
            if settled[other] and cost[other] < np.inf:
                settled[other] = 0
                waiting[count] = other
                count += 1
    return waiting[:count].copy()


@compiled
def _lost(
    before: Search,
    differs: NDArray[np.bool_],
    move: NDArray[np.int64],
    backward: bool,  # noqa: FBT001 - as above
) -> NDArray[np.bool_]:
    """Return the cells whose best path touches a cell that differs."""
    lost = differs.copy()
    known = differs.copy()
    for cell in range(known.shape[0]):
        at = cell
        while not known[at] and before.via[at] != _NONE:
            m = before.via[at]
            at = at + move[m] if backward else at - move[m]
        fate = lost[at]
        known[at] = True
        at = cell
        while not known[at]:
            known[at] = True
            lost[at] = fate
            m = before.via[at]
            at = at + move[m] if backward else at - move[m]
    return lost


@compiled
def search_after(ground: Cells, moves: Moves, sources: Ints, starts: Floats) -> Floats:
    """Return the least cost of every cell from sources that have costs of their own.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        From `moves_of`.
    sources : ndarray of int32, shape (sources,)
        Cells; blocked ones are left out.
    starts : ndarray of float64, shape (sources,)
        Cost of each source; finite.

    Returns
    -------
    ndarray of float64, shape (cells,)
        Infinite where no source reaches.
    """
    none = np.empty(0, np.int32)
    scratch = _scratch_for(ground.z_m.shape[0], none, none)
    _spread(
        ground,
        moves,
        sources,
        starts,
        False,  # noqa: FBT003 - as above
        none,
        _unpruned(),
        -1,
        scratch,
        none,
    )
    return scratch.cost


@compiled
def trace(ground: Cells, via: Bytes, cell: int, backward: bool) -> Ints:  # noqa: FBT001 - as above
    """Return the cells of a path that a search found, in the order of travel.

    Parameters
    ----------
    ground : Cells
        Open ground.
    via : ndarray of uint8, shape (cells,)
        From the search.
    cell : int
        Where the path ends, or begins in a backward search.
    backward : bool
        Whether the search was.

    Returns
    -------
    ndarray of int32, shape (cells of the path,)
        From the source to the cell, or from the cell to the source.
    """
    move = _offsets(ground.width)[0]
    count = 1
    at = cell
    while via[at] != _NONE:
        at = at + move[via[at]] if backward else at - move[via[at]]
        count += 1
    path = np.empty(count, np.int32)
    at = cell
    for k in range(count):
        path[k if backward else count - 1 - k] = at
        if via[at] != _NONE:
            at = at + move[via[at]] if backward else at - move[via[at]]
    return path


@compiled
def _sum(
    ground: Cells,
    via: Bytes,
    cell: int,
    backward: bool,  # noqa: FBT001 - as above
    total: Floats,
) -> None:
    """Add time, distance, fuel and exposure of a traced path to `total`."""
    move, _, _, length = _offsets(ground.width)
    at = cell
    while via[at] != _NONE:
        m = via[at]
        other = at + move[m] if backward else at - move[m]
        metres = length[m] * ground.resolution_m
        if backward:
            time_s, fuel_m, exposure = _step(ground, at, other, metres)
        else:
            time_s, fuel_m, exposure = _step(ground, other, at, metres)
        total[0] += time_s
        total[1] += metres
        total[2] += fuel_m
        total[3] += exposure
        at = other


@compiled
def _borders(  # noqa: PLR0917 - compiled functions take no keyword-only arguments
    ground: Cells,
    ahead: Search,
    behind: Search,
    open_moves: NDArray[np.uint16],
    among: NDArray[np.bool_],
    pairs: NDArray[np.int64],
    costs: Floats,
    starts: Ints,
    moves: Bytes,
) -> int:
    """List the open steps that join the regions of two sources; only count, if `pairs` is empty.

    One of the two must be among those told; empty where all are.
    A pair is the number of the first source times that of the cells, plus the second one's.
    """
    move, _, _, length = _offsets(ground.width)
    cells = ground.z_m.shape[0]
    count = 0
    for cell in range(cells):
        tail = ahead.source[cell]
        if tail < 0:
            continue
        bits = open_moves[cell]
        for m in range(16):
            if not (bits >> m) & 1:
                continue
            other = cell + move[m]
            head = behind.source[other]
            if head < 0 or head == tail:
                continue
            if among.shape[0] > 0 and not (among[tail] or among[head]):
                continue
            if pairs.shape[0] > 0:
                step = _cost(ground, cell, other, length[m] * ground.resolution_m)
                pairs[count] = np.int64(tail) * cells + head
                costs[count] = ahead.cost[cell] + step + behind.cost[other]
                starts[count] = cell
                moves[count] = m
            count += 1
    return count


@compiled
def _cheapest(pairs: NDArray[np.int64], costs: Floats, order: NDArray[np.int64]) -> Ints:
    """Return the cheapest step of each pair, the first of equals; `order` sorts the pairs."""
    best = np.empty(order.shape[0], np.int32)
    count = 0
    for place in range(order.shape[0]):
        step = order[place]
        if place == 0 or pairs[step] != pairs[order[place - 1]]:
            best[count] = step
            count += 1
        elif costs[step] < costs[best[count - 1]]:
            best[count - 1] = step
    return best[:count]


@compiled
def _shortcut_sums(
    ground: Cells, ahead: Search, behind: Search, starts: Ints, moves: Bytes
) -> Floats:
    move, _, _, length = _offsets(ground.width)
    sums = np.zeros((starts.shape[0], 4))
    for k in range(starts.shape[0]):
        cell = starts[k]
        other = cell + move[moves[k]]
        metres = length[moves[k]] * ground.resolution_m
        time_s, fuel_m, exposure = _step(ground, cell, other, metres)
        total = sums[k]
        total[0] = time_s
        total[1] = metres
        total[2] = fuel_m
        total[3] = exposure
        _sum(ground, ahead.via, cell, False, total)  # noqa: FBT003 - as above
        _sum(ground, behind.via, other, True, total)  # noqa: FBT003 - as above
    return sums


def shortcuts(
    ground: Cells,
    moves: Moves,
    ahead: Search,
    behind: Search,
    among: NDArray[np.bool_] | None = None,
) -> tuple[Ints, Ints, Floats, Ints, Bytes]:
    """Return the best path between each two sources whose regions meet.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        From `moves_of`.
    ahead : Search
        Forward search from the sources, which divides the ground into their regions.
    behind : Search
        Backward search from the same sources, each bounded by its region.
    among : ndarray of bool, shape (sources,), or None
        Sources to one of which a path must lead, or from one of which; None for all.

    Returns
    -------
    tails, heads : ndarray of int32, shape (shortcuts,)
        Numbers of the sources.
    sums : ndarray of float64, shape (shortcuts, 4)
        Time, distance, fuel and exposure.
    starts : ndarray of int32, shape (shortcuts,)
        Cell before the step that joins the two regions.
    steps : ndarray of uint8, shape (shortcuts,)
        Move of that step.
    """
    none = np.empty(0, np.int64), np.empty(0), np.empty(0, np.int32), np.empty(0, np.uint8)
    asked = np.empty(0, np.bool_) if among is None else among
    count = _borders(ground, ahead, behind, moves.ahead, asked, *none)
    pairs, costs = np.empty(count, np.int64), np.empty(count)
    starts, steps = np.empty(count, np.int32), np.empty(count, np.uint8)
    if count:
        _borders(ground, ahead, behind, moves.ahead, asked, pairs, costs, starts, steps)
    best = _cheapest(pairs, costs, np.argsort(pairs, kind="stable"))
    tails, heads = (part.astype(np.int32) for part in np.divmod(pairs[best], ground.z_m.size))
    starts, steps = starts[best], steps[best]
    return tails, heads, _shortcut_sums(ground, ahead, behind, starts, steps), starts, steps


@compiled
def spokes(  # noqa: PLR0917 - as above
    ground: Cells,
    moves: Moves,
    centres: Ints,
    targets: Ints,
    limit: int,
    backward: bool,  # noqa: FBT001 - as above
) -> tuple[Ints, Ints, Floats, Bytes]:
    """Return the best paths from each centre to the targets nearest to it.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        From `moves_of`.
    centres : ndarray of int32, shape (centres,)
        Cells.
    targets : ndarray of int32, shape (cells,)
        Number of the target in each cell; -1 where there is none.
    limit : int
        How many targets to look for from each centre.
    backward : bool
        Whether paths run from the targets to the centre.

    Returns
    -------
    owners : ndarray of int32, shape (spokes,)
        Number of the centre.
    ends : ndarray of int32, shape (spokes,)
        Cell of the target.
    sums : ndarray of float64, shape (spokes, 4)
        Time, distance, fuel and exposure.
    squares : ndarray of uint8, shape (centres, bytes)
        Where the search from each centre looked, as in `Looked`.
    """
    cells = ground.z_m.shape[0]
    none = np.empty(0, np.int32)
    touched = np.empty(cells if centres.shape[0] > 0 else 0, np.int32)
    scratch = _scratch_for(cells, targets, touched)
    n_targets = 0
    for cell in range(cells):
        n_targets += targets[cell] >= 0
    found = np.empty(n_targets, np.int32)
    owners = np.empty(limit * centres.shape[0], np.int32)
    ends = np.empty(limit * centres.shape[0], np.int32)
    sums = np.zeros((limit * centres.shape[0], 4))
    nowhere = squares_of(none, ground.width, ground.height)
    squares = np.zeros((centres.shape[0], nowhere.shape[0]), np.uint8)
    count = 0
    for number in range(centres.shape[0]):
        n_touched, n_found = _spread(
            ground,
            moves,
            centres[number : number + 1],
            np.empty(0),
            backward,
            none,
            _unpruned(),
            limit,
            scratch,
            found,
        )
        nearest = np.sort(found[:n_found])
        order = np.argsort(scratch.cost[nearest], kind="mergesort")
        for place in range(min(n_found, limit)):
            end = nearest[order[place]]
            if end == centres[number]:
                continue
            owners[count] = number
            ends[count] = end
            _sum(ground, scratch.via, end, backward, sums[count])
            count += 1
        squares[number] = squares_of(touched[:n_touched], ground.width, ground.height)
        _clear(scratch, n_touched)
    return owners[:count], ends[:count], sums[:count], squares


@compiled
def direct(  # noqa: PLR0917 - as above
    ground: Cells,
    moves: Moves,
    centre: int,
    ends: Ints,
    backward: bool,  # noqa: FBT001 - as above
    pruning: Pruning,
    scratch: Scratch,
) -> tuple[Floats, Ints, Bytes, Looked]:
    """Return the best paths between a centre and given cells.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        From `moves_of`.
    centre : int
        Cell.
    ends : ndarray of int32, shape (paths,)
        Cells, none twice.
    backward : bool
        Whether paths run from the ends to the centre.
    pruning : Pruning
        Which cells to leave out; `NO_PRUNING` for exact paths.
    scratch : Scratch
        From `empty_scratch`.

    Returns
    -------
    sums : ndarray of float64, shape (paths, 4)
        Time, distance, fuel and exposure; infinite where there is no path.
    first : ndarray of int32, shape (paths + 1,)
        Where the steps of each path begin, and where they end.
    steps : ndarray of uint8, shape (steps of all paths,)
        Moves of the paths, in the order of travel.
    looked : Looked
        Where it looked.
    """
    cost, via, _, _, targets, touched = scratch
    none = np.empty(0, np.int32)
    found = np.empty(ends.shape[0], np.int32)
    sums = np.zeros((ends.shape[0], 4))
    first = np.zeros(ends.shape[0] + 1, np.int32)
    origin = np.full(1, centre, np.int32)
    targets[ends] = 0
    n_touched, _ = _spread(
        ground,
        moves,
        origin,
        np.empty(0),
        backward,
        none,
        pruning,
        ends.shape[0],
        scratch,
        found,
    )
    move = _offsets(ground.width)[0]
    for k in range(ends.shape[0]):
        first[k + 1] = first[k]
        if cost[ends[k]] == np.inf:
            sums[k] = np.inf
            continue
        _sum(ground, via, ends[k], backward, sums[k])
        at = ends[k]
        while via[at] != _NONE:
            at = at + move[via[at]] if backward else at - move[via[at]]
            first[k + 1] += 1
    steps = np.empty(first[-1], np.uint8)
    for k in range(ends.shape[0]):
        at = ends[k]
        for step in range(first[k + 1] - first[k]):
            steps[first[k] + step if backward else first[k + 1] - 1 - step] = via[at]
            at = at + move[via[at]] if backward else at - move[via[at]]
    targets[ends] = -1
    reached = touched[:n_touched]
    squares = squares_of(reached, ground.width, ground.height)
    looked = Looked(squares, _places_of(reached, pruning))
    _clear(scratch, n_touched)
    return sums, first, steps, looked


def path_between(
    ground: Cells,
    moves: Moves,
    start: int,
    end: int,
    backward: bool,  # noqa: FBT001 - as above
) -> Ints:
    """Return the cells of the best path between two cells, as `spokes` found it.

    Parameters
    ----------
    ground : Cells
        Open ground.
    moves : Moves
        From `moves_of`.
    start, end : int
        Cells between which there is a path.
    backward : bool
        Whether to search from the end, which matters only among equally good paths.

    Returns
    -------
    ndarray of int32, shape (cells of the path,)
        In the order of travel.
    """
    centre, goal = (end, start) if backward else (start, end)
    ends = np.full(1, goal, np.int32)
    scratch = empty_scratch(ground.z_m.shape[0])
    _, _, steps, _ = direct(ground, moves, centre, ends, backward, NO_PRUNING, scratch)
    return along(start, steps, ground.width)


def along(start: int, steps: Bytes, width: int) -> Ints:
    """Return the cells of a path.

    Parameters
    ----------
    start : int
        Its first cell.
    steps : ndarray of uint8, shape (steps,)
        Moves, in the order of travel.
    width : int
        Cells to a row.

    Returns
    -------
    ndarray of int32, shape (steps + 1,)
        In the order of travel.
    """
    move = MOVE_ROWS * width + MOVE_COLUMNS
    return np.cumsum(np.append(start, move[steps])).astype(np.int32)
