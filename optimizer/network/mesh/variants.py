"""The looks at a mesh that lacks a road, from the looks at the mesh itself.

What `refined` asks of a mesh depends on its best paths. Without a road some paths are others, so
that some ways over open ground are asked for that were not, and some are not that were; each look
tells what the next one sees. Only these differences are followed here, road by road, so that the
best times are those of a mesh that was built and refined without the road.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.network.mesh.lost import LOST, Arc, Between, Lost
from optimizer.network.mesh.refine import (
    Step,
    across,
    affordable,
    bounds,
    is_affordable,
    steps,
)
from optimizer.network.mesh.stage import Stage
from optimizer.network.search.graph import GROUND, LEAST_COST
from optimizer.network.search.repair import repaired, runs_on
from optimizer.threads import in_threads, shares

if TYPE_CHECKING:
    from optimizer.network.mesh.exact import Group
    from optimizer.network.mesh.mesh import Mesh
    from optimizer.progress import Advance

__all__ = ["LOOKS", "Times", "Variants"]

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Origins that are searched from between two chances to be interrupted, and in one thread at least.
_AT_ONCE, _SHARE = 16, 8
#: Searches of the small graph for each road: one a look, and the last.
LOOKS = 5


@dataclass(frozen=True)
class Times:
    """The times of a variant that differ.

    Parameters
    ----------
    origin, destination : ndarray of int64, shape (pairs,)
        Sites.
    time_s : ndarray of float64, shape (pairs,)
        Infinite where there is no way.
    """

    origin: Longs
    destination: Longs
    time_s: Floats


@dataclass
class _Variant:
    """A mesh without a road, as far as it was looked at.

    For each centre that is asked another thing than in the mesh itself, forward and backward, what
    it was asked in each look; and the pairs of each look that are new, and that are not.
    """

    lost: Lost
    groups: tuple[dict[int, list[Group | None]], dict[int, list[Group | None]]] = field(
        default_factory=lambda: ({}, {})
    )
    gained: list[set[int]] = field(default_factory=list)
    missed: list[set[int]] = field(default_factory=list)
    touched: set[Between] = field(default_factory=set)
    ways: dict[Between, Arc] = field(default_factory=dict)


class _Seen:
    """What one look at the mesh itself saw and asked.

    Pairs are packed: first terminal times the number of terminals, plus second.
    """

    def __init__(self, before: Mesh, step: Step, runs: Longs, asked: tuple[Longs, Longs]) -> None:
        overlay, count = before.overlay, len(before.overlay.terminal)
        self.step = step
        best = np.empty(0, np.int64)
        if step.favour < 1:
            site = np.flatnonzero(before.stands >= 0)
            at = before.stands[site]
            self.over_ground = {tuple(site.tolist()): overlay.finder.put_together(at)}
            best = _crossing(
                at,
                self.over_ground[tuple(site.tolist())],
                step.totals[np.ix_(site, site)][:, :, 0],
                step.favour,
                count,
            )
        self.across = best
        self._runs, self._times = np.unique(np.concatenate((runs, best)), return_counts=True)
        self.all_runs = set(self._runs.tolist())
        self.wanted = set(_packed(step.wanted, count).tolist())
        self.pairs = set(_packed(step.pairs, count).tolist())
        self.ends: list[dict[int, list[int]]] = []
        self.groups: list[dict[int, Group]] = []
        for backward, rows in enumerate(overlay.parted(step.pairs)):
            ends: dict[int, list[int]] = {}
            for centre, end in rows.tolist():
                ends.setdefault(centre, []).append(end)
            groups = overlay.groups(rows, asked[backward], backward=bool(backward))
            self.ends.append(ends)
            self.groups.append({group.centre: group for group in groups})

    def how_often(self, runs: Longs) -> Longs:
        """Return on the paths of how many pairs runs lie, and how many need them anyway."""
        if not self._runs.size:
            return np.zeros(runs.size, np.int64)
        place = np.minimum(np.searchsorted(self._runs, runs), self._runs.size - 1)
        return np.where(self._runs[place] == runs, self._times[place], 0)


_NO_TIMES = Times(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
_NO_RUNS = np.empty((0, 2), np.int64)


class Variants:
    """A mesh by time, and what it becomes without one road or another.

    Parameters
    ----------
    mesh : Mesh
        Graph of a profile by time, with no exact ways yet.
    """

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._count = len(mesh.overlay.terminal)
        self._bounds = bounds(mesh)
        self._tables: dict[Group, dict[int, Arc]] = {}
        self._looks: list[_Seen] = []
        self._stages: list[Stage] = []
        asked: tuple[list[Longs], list[Longs]] = ([], [])
        before = mesh
        for step in steps(mesh):
            stage = Stage(step.graph, self._bounds)
            runs = self._terminals(self._runs(stage), mesh.graph.matrix.shape[0])
            told = tuple(np.concatenate([np.empty(0, np.int64), *some]) for some in asked)
            seen = _Seen(before, step, runs, (told[0], told[1]))
            for backward in (0, 1):
                asked[backward].extend(
                    _asked(group, self._count) for group in seen.groups[backward].values()
                )
            self._looks.append(seen)
            self._stages.append(stage)
            before = step.mesh
        self._stages.append(Stage(before.graph, self._bounds))
        favours = [*(seen.step.favour for seen in self._looks), 1.0]
        #: At which looks the mesh is that of the look before, which asked for nothing.
        self._as_before = {
            k + 1
            for k, seen in enumerate(self._looks)
            if not seen.pairs and favours[k] == favours[k + 1]
        }
        self._known = set(self._tables)

    @property
    def time_s(self) -> Floats:
        """Times between sites with all roads, shape (sites, sites); infinite without a way."""
        graph = self._stages[-1].graph
        return graph.totals(self._mesh.sources, self._mesh.sinks)[:, :, 0]

    def without(self, roads: Sequence[Lost], advance: Advance) -> list[Times]:
        """Return the times that differ without each of some roads.

        Parameters
        ----------
        roads : sequence of Lost
            Roads, each lost alone.
        advance : callable
            Told of progress, `LOOKS` in all.

        Returns
        -------
        list of Times
            One a road.
        """
        variants = [_Variant(lost) for lost in roads]
        more = max((lost.more_nodes for lost in roads), default=0)
        ways: list[dict[Between, Arc]] = []
        times: list[Times] = [_NO_TIMES] * len(variants)
        runs: list[Longs] = [_NO_RUNS] * len(variants)
        for number in range(LOOKS):
            again = [
                k
                for k, variant in enumerate(variants)
                if number not in self._as_before or variant.ways != ways[k]
            ]
            some = [variants[k] for k in again]
            found = self._searched(number, some, more, advance)
            for k, time, run in zip(again, *found, strict=True):
                times[k], runs[k] = time, run
            if number == len(self._looks):
                break
            ways = [variant.ways for variant in variants]
            for variant, time, run in zip(variants, times, runs, strict=True):
                self._look(number, variant, time, run)
            self._find(number, variants)
        # What was found for these roads alone is not kept.
        self._tables = {group: self._tables[group] for group in self._known}
        return times

    def _searched(
        self,
        number: int,
        variants: list[_Variant],
        more: int,
        advance: Advance,
    ) -> tuple[list[Times], list[Longs]]:
        """Return in what the times and the runs of each variant differ at a look."""
        if not variants:
            advance(1)
            return [], []
        stage, is_last = self._stages[number], number == len(self._looks)
        changes = stage.changes([{**v.lost.arcs, **v.ways} for v in variants])
        arcs, sources, sinks = stage.arcs(more), self._mesh.sources, self._mesh.sinks

        def some(rows: Ints) -> tuple[Longs, Floats, Longs]:
            pairs, time_s, runs = repaired(arcs, changes, sources[rows], sinks, int(not is_last))
            pairs[:, 1] += rows[0]
            return pairs, time_s, runs

        rows = np.arange(sources.size, dtype=np.int32)
        found = []
        for start in range(0, rows.size, _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            found += in_threads(some, shares(part, _SHARE))
            advance(part.size / rows.size)
        pairs, time_s, runs = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(pairs[:, 0], kind="stable")
        pairs, time_s = pairs[order], time_s[order]
        bounds = np.searchsorted(pairs[:, 0], np.arange(1, len(variants)))
        times = [
            Times(some[:, 1], some[:, 2], time)
            for some, time in zip(np.split(pairs, bounds), np.split(time_s, bounds), strict=True)
        ]
        runs[:, 1] = self._terminals(runs[:, 1], arcs.indptr.size - 1)
        runs = runs[np.argsort(runs[:, 0], kind="stable")]
        bounds = np.searchsorted(runs[:, 0], np.arange(1, len(variants)))
        return times, [some[:, 1:] for some in np.split(runs, bounds)]

    def _look(self, number: int, variant: _Variant, times: Times, runs: Longs) -> None:
        """Follow what a look sees of a variant, and what is asked after it."""
        seen, count = self._looks[number], self._count
        if seen.step.favour < 1:
            runs = np.concatenate((runs, self._across(seen, variant, times)))
        run, place = np.unique(runs[:, 0], return_inverse=True)
        more = np.zeros(run.size, np.int64)
        np.add.at(more, place, runs[:, 1])
        before = seen.how_often(run)
        appeared = set(run[(before == 0) & (more > 0)].tolist())
        gone = set(run[(before > 0) & (before + more == 0)].tolist())
        wanted: tuple[set[int], set[int]] = (set(), set())
        for code in {*appeared, *gone, *chain(*variant.gained, *variant.missed)}:
            is_run = code in appeared or (code in seen.all_runs and code not in gone)
            is_wanted = is_run and not self._is_known(variant, code)
            if is_wanted != (code in seen.wanted):
                wanted[int(not is_wanted)].add(code)
        gained, missed = self._afforded(seen, *wanted)
        variant.gained.append(gained)
        variant.missed.append(missed)
        changed = np.array(sorted(gained | missed), np.int64)
        rows = self._mesh.overlay.parted(
            np.column_stack(np.divmod(changed, count)).astype(np.int32)
        )
        for backward in (0, 1):
            self._regroup(number, variant, rows[backward], backward)

    def _regroup(self, number: int, variant: _Variant, rows: Ints, backward: int) -> None:
        """Note what the centres are asked at a look that are asked another thing at any."""
        seen, groups = self._looks[number], variant.groups[backward]
        for centre in rows[:, 0].tolist():
            if centre not in groups:
                earlier = self._looks[:number]
                groups[centre] = [look.groups[backward].get(centre) for look in earlier]
        if not groups:
            return
        ends = {centre: set(seen.ends[backward].get(centre, ())) for centre in groups}
        for centre, end in rows.tolist():
            ends[centre] ^= {end}
        pairs = [(centre, end) for centre, some in ends.items() for end in some]
        asked = [_asked(g, self._count) for some in groups.values() for g in some if g]
        found = self._mesh.overlay.groups(
            np.array(pairs, np.int32).reshape(-1, 2),
            np.concatenate([np.empty(0, np.int64), *asked]),
            backward=bool(backward),
        )
        now = {group.centre: group for group in found}
        for centre, some in groups.items():
            group, before = now.get(centre), seen.groups[backward].get(centre)
            some.append(group)
            if group != before:
                for end in {*(group.ends if group else ()), *(before.ends if before else ())}:
                    variant.touched.add((end, centre) if backward else (centre, end))

    def _find(self, number: int, variants: list[_Variant]) -> None:
        """Find what was asked, and put the best ways between the same terminals together."""
        new = {
            group: None
            for variant in variants
            for groups in variant.groups
            for some in groups.values()
            if (group := some[-1]) is not None
        }
        self._know(list(new))
        next_favour = self._looks[number + 1].step.favour if number + 1 < len(self._looks) else 1.0
        first = self._mesh.first_terminal
        for variant in variants:
            variant.ways = {
                (tail + first, head + first): self._way(variant, tail, head, number, next_favour)
                for tail, head in variant.touched
            }

    def _way(self, variant: _Variant, tail: int, head: int, number: int, favour: float) -> Arc:
        """Return the best way of a variant from terminal to terminal after a look."""
        best, is_together = self._first_way(tail, head)
        for look in range(number + 1):
            for backward, centre, end in ((0, tail, head), (1, head, tail)):
                if centre in variant.groups[backward]:
                    group = variant.groups[backward][centre][look]
                else:
                    group = self._looks[look].groups[backward].get(centre)
                if group is None:
                    continue
                if group not in self._tables:
                    self._know([group])
                    self._known.add(group)
                way = self._tables[group].get(end, LOST)
                if way[0] < best[0]:
                    best, is_together = way, False
        return (best[0] * favour, *best[1:]) if is_together else best

    def _first_way(self, tail: int, head: int) -> tuple[Arc, bool]:
        """Return the way from terminal to terminal before any look, and if it is put together."""
        stage, first = self._stages[0], self._mesh.first_terminal
        place = int(stage.places(np.array([tail + first]), np.array([head + first]))[0])
        if place < 0 or stage.graph.kind[place] != GROUND:
            return LOST, False
        together = bool(stage.graph.ref[place] < self._mesh.overlay.number_put_together)
        cost, time_s = stage.graph.matrix.data[place], stage.graph.sums[place, 0]
        return (float(cost), float(time_s), int(stage.ground[place])), together

    def _know(self, groups: list[Group]) -> None:
        new = [group for group in groups if group not in self._tables]
        for group, exact in zip(new, self._mesh.overlay.finder.find(new), strict=True):
            times = zip(group.ends, exact.sums[:, 0].tolist(), strict=True)
            self._tables[group] = {
                end: (max(time, LEAST_COST), time, 2) for end, time in times if time < np.inf
            }

    def _is_known(self, variant: _Variant, code: int) -> bool:
        """Tell whether an earlier look at a variant asked for a pair."""
        return any(
            (code in seen.pairs) != (code in gained or code in missed)
            for seen, gained, missed in zip(
                self._looks, variant.gained, variant.missed, strict=False
            )
        )

    def _afforded(self, seen: _Seen, more: set[int], less: set[int]) -> tuple[set[int], set[int]]:
        """Return which pairs are searched for that were not, and the other way round."""
        if not more and not less:
            return set(), set()
        wanted = np.array(sorted((seen.wanted | more) - less), np.int64)
        pairs = np.column_stack(np.divmod(wanted, self._count)).astype(np.int32)
        if len(seen.wanted) == len(seen.pairs) and is_affordable(
            self._mesh, pairs, seen.step.covered
        ):
            return more, less
        kept = _packed(affordable(self._mesh, pairs, seen.step.covered), self._count)
        now = set(kept.tolist())
        return now - seen.pairs, seen.pairs - now

    def _across(self, seen: _Seen, variant: _Variant, times: Times) -> Longs:
        """Return by how much the pairs of sites that might do without roads are more or fewer."""
        stands = variant.lost.stands
        site = np.flatnonzero(stands >= 0)
        key = tuple(site.tolist())
        if key not in seen.over_ground:
            seen.over_ground[key] = self._mesh.overlay.finder.put_together(stands[site])
        time_s = seen.step.totals[:, :, 0].copy()
        time_s[times.origin, times.destination] = times.time_s
        between = time_s[np.ix_(site, site)]
        best = _crossing(
            stands[site], seen.over_ground[key], between, seen.step.favour, self._count
        )
        more, fewer = (
            np.column_stack((codes, np.full(codes.size, sign)))
            for codes, sign in ((best, 1), (seen.across, -1))
        )
        return np.concatenate((more, fewer))

    def _runs(self, stage: Stage) -> Longs:
        arcs, changes = stage.arcs(0), stage.changes([])
        sources, sinks = self._mesh.sources, self._mesh.sinks
        found = in_threads(
            lambda some: runs_on(arcs, changes, some, sinks), shares(sources, _SHARE)
        )
        return np.concatenate(found)

    def _terminals(self, runs: Longs, nodes: int) -> Longs:
        """Return runs packed by terminals instead of nodes."""
        first, last = np.divmod(runs, nodes)
        offset = self._mesh.first_terminal
        return (first - offset) * self._count + last - offset


def _crossing(at: Ints, over_ground: Floats, best: Floats, favour: float, count: int) -> Longs:
    return _packed(across(at, over_ground, best, favour), count)


def _packed(pairs: Ints, count: int) -> Longs:
    return np.asarray(pairs[:, 0].astype(np.int64) * count + pairs[:, 1], np.int64)


def _asked(group: Group, count: int) -> Longs:
    return group.centre * count + np.array(group.ends, np.int64)
