"""Turns stretches so that neighbours in a bundle stay neighbours from one stretch to the next."""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict

from briefing.pictures.courses import Drive, Stretch, Ways

__all__ = ["oriented"]


class _Groups:
    """Stretches that are joined, each with whether it is turned against the first of its group."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))
        self._turned = [False] * count

    def find(self, one: int) -> tuple[int, bool]:
        turned = False
        while self._parent[one] != one:
            turned ^= self._turned[one]
            one = self._parent[one]
        return one, turned

    def join(self, one: int, other: int, *, turned: bool) -> None:
        first, first_turned = self.find(one)
        second, second_turned = self.find(other)
        if first != second:
            self._parent[second] = first
            self._turned[second] = first_turned ^ second_turned ^ turned


def oriented(ways: Ways) -> Ways:
    """Turn stretches so that as many convoys as can be keep their side of the road.

    A line's place in a bundle is counted across its stretch. Where convoys go on from one stretch
    to the next, both should run the same way; what most convoys do is settled first.

    Parameters
    ----------
    ways : Ways
        Ways of a plan.

    Returns
    -------
    Ways
        The same, some stretches turned round.
    """
    follows: dict[tuple[int, int], int] = defaultdict(int)
    for convoy in sorted(ways.drives):
        for before, after in itertools.pairwise(itertools.chain(*ways.drives[convoy])):
            if before.stretch != after.stretch:
                a, b = sorted((before.stretch, after.stretch))
                # Only what is shared can change sides.
                shared = len(set(ways.stretches[a].convoys) & set(ways.stretches[b].convoys))
                follows[a, b] += shared if before.along == after.along else -shared
    groups = _Groups(len(ways.stretches))
    for (a, b), weight in sorted(follows.items(), key=lambda item: (-abs(item[1]), item[0])):
        if weight:
            groups.join(a, b, turned=weight < 0)
    turned = [groups.find(number)[1] for number in range(len(ways.stretches))]
    stretches = tuple(
        _turned(stretch) if turned[number] else stretch
        for number, stretch in enumerate(ways.stretches)
    )
    drives = {
        convoy: [
            [Drive(one.stretch, one.along ^ turned[one.stretch]) for one in leg] for leg in legs
        ]
        for convoy, legs in ways.drives.items()
    }
    return Ways(stretches, drives)


def _turned(stretch: Stretch) -> Stretch:
    ways = {convoy: {not way for way in found} for convoy, found in stretch.ways.items()}
    return dataclasses.replace(stretch, points=stretch.points[::-1], ways=ways)
