"""Shortest ways around areas: compared with every way that there is, and never through one."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import shapely

from optimizer.network.air.chart import Chart
from optimizer.network.air.closed import closed_to_flying, corners
from optimizer.network.state.areas import Place
from optimizer.terrain.tables import default


def _length(points: tuple[tuple[float, float], ...]) -> float:
    return sum(math.dist(a, b) for a, b in itertools.pairwise(points))


def _sides(polygon: shapely.Polygon) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return list(itertools.pairwise(polygon.exterior.coords))


def _inside(x: float, y: float, polygon: shapely.Polygon) -> bool:
    """Tell whether a point lies inside: the ray to the east crosses an odd number of sides.

    On a side is not inside.
    """
    odd = False
    for (ax, ay), (bx, by) in _sides(polygon):
        across = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        along = (bx - ax) * (x - ax) + (by - ay) * (y - ay)
        if abs(across) < 1e-3 and 0 <= along <= (bx - ax) ** 2 + (by - ay) ** 2:
            return False
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            odd = not odd
    return odd


def _crosses(a: tuple[float, float], b: tuple[float, float], polygon: shapely.Polygon) -> bool:
    """Tell whether a stretch leads through the inside, by where it meets the sides."""
    shares = [0.0, 1.0]
    for (cx, cy), (dx, dy) in _sides(polygon):
        cross = (b[0] - a[0]) * (dy - cy) - (b[1] - a[1]) * (dx - cx)
        if cross:
            share = ((cx - a[0]) * (dy - cy) - (cy - a[1]) * (dx - cx)) / cross
            if 0 < share < 1:
                shares.append(share)
    shares.sort()
    middles = [(s + t) / 2 for s, t in itertools.pairwise(shares) if t - s > 1e-9]
    return any(
        _inside(a[0] + m * (b[0] - a[0]), a[1] + m * (b[1] - a[1]), polygon) for m in middles
    )


def _least(
    start: tuple[float, float], end: tuple[float, float], polygons: list[shapely.Polygon]
) -> float:
    """Return the length of the shortest way: all orders of up to four corners are tried."""
    turns = [corner for polygon in polygons for corner in polygon.exterior.coords[:-1]]
    best = math.inf
    for number in range(5):
        for chosen in itertools.permutations(turns, number):
            way = (start, *chosen, end)
            if _length(way) < best and not any(
                _crosses(a, b, polygon) for a, b in itertools.pairwise(way) for polygon in polygons
            ):
                best = _length(way)
    return best


#: A dented pot that holds the first site, alone and with a bar across its mouth; two bars apart.
POT = [(2, 2), (10, 2), (10, 9), (8, 9), (8, 4), (4, 4), (4, 9), (2, 9)]
BAR = [(3, 10), (12, 10), (12, 11), (3, 11)]
FAR = [(0, 13), (7, 13), (7, 14), (0, 14)]


@pytest.mark.parametrize("rings", [[POT], [BAR, FAR], [BAR]], ids=["pot", "bars", "bar"])
def test_a_way_around_is_the_shortest_of_all(rings: list[list[tuple[float, float]]]) -> None:
    polygons = [shapely.Polygon([(100.0 * x, 100.0 * y) for x, y in ring]) for ring in rings]
    places = [(600.0, 600.0), (500.0, 1600.0), (1500.0, 300.0)]
    closed = shapely.union_all(polygons)
    chart = Chart.of(np.array(places), corners(closed), closed)
    ways = chart.ways(chart.length_m)
    for a, b in itertools.permutations(range(len(places)), 2):
        # A centimetre of each area is let off, lest a way along its edge counts as through it.
        assert ways.cost[a, b] == pytest.approx(_least(places[a], places[b], polygons), abs=0.2)


def test_no_way_leads_through_an_area_nor_near_it() -> None:
    """Areas of any shape, sites anywhere: whatever is found keeps half of the width off them."""
    rng = np.random.default_rng(5)
    ways_found = 0
    for _ in range(12):
        angles = np.sort(rng.uniform(0, 2 * np.pi, (4, 9)), axis=1)
        radii = rng.uniform(200, 2500, (4, 9))
        middles = rng.uniform(2000, 8000, (4, 2))
        areas = [
            Place(str(n), shapely.make_valid(shapely.Polygon(shape)), 0.0)
            for n, shape in enumerate(
                np.stack((radii * np.cos(angles), radii * np.sin(angles)), axis=2)
                + middles[:, None, :]
            )
        ]
        closed = closed_to_flying(areas)
        sites = rng.uniform(0, 10_000, (6, 2))
        chart = Chart.of(sites, corners(closed), closed)
        ways = chart.ways(chart.length_m)
        for a, b in itertools.permutations(range(len(sites)), 2):
            if np.isfinite(ways.cost[a, b]):
                line = shapely.LineString(chart.xy[ways.places(a, b)])
                assert line.length == pytest.approx(ways.cost[a, b])
                assert ways.cost[a, b] == pytest.approx(ways.cost[b, a])
                nearest = min(shapely.distance(line, area.polygon) for area in areas)
                assert nearest >= default("no_fly_m") / 2 - 0.02
                ways_found += 1
    assert ways_found > 100


def test_what_lies_in_a_ring_is_cut_off_and_not_in_it() -> None:
    ring = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6), (3, 6)]])
    chart = Chart.of(np.array([[4, 4], [5, 5], [20, 20], [1, 1]], float), corners(ring), ring)
    cost = chart.ways(chart.length_m).cost
    assert cost[0, 1] == pytest.approx(math.sqrt(2))
    assert np.isinf(cost[0, 2])
    # The last one lies in what is closed.
    assert np.isinf(cost[3, :3]).all()
