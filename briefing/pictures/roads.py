"""The roads of a sheet by tier, with casings, bridges with parapets, and fords."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from briefing.pictures.fine_lines import (
    FINE,
    Lines,
    fine,
    fine_group,
    lines_of,
    pale,
    tier_of,
    within,
)
from briefing.pictures.sheet import Sheet
from briefing.pictures.svg import element, number, whole_path
from optimizer.terrain.show.style import BRIDGE, TIERS, WATER, Tier
from optimizer.terrain.theatre import Theatre

__all__ = ["RoadLines"]

#: Lines of roads against those of a sheet ten inches wide.
_THIN = 0.72
_BRIDGE_LENGTH = 2.6
_BRIDGED_TIERS = frozenset({"trunk", "primary", "secondary", "tertiary", "local"})


class RoadLines:
    """Roads of a sheet by tier.

    Parameters
    ----------
    theatre : Theatre
        The ground.
    sheet : Sheet
        The sheet.
    """

    def __init__(self, theatre: Theatre, sheet: Sheet) -> None:
        frame = theatre.frame("roads")
        frame = frame[within(frame, sheet)]
        self._sheet = sheet
        self._tier = np.array([tier_of(str(value)) for value in frame["class"]], dtype=object)
        self._bridge = frame["bridge"].to_numpy(np.bool_)
        self._tunnel = frame["tunnel"].to_numpy(np.bool_)
        self._ford = frame["ford"].to_numpy(np.bool_)
        self._shapes = frame.geometry.to_numpy()
        self._thin = float(np.clip((60.0 / sheet.metres_a_point) ** 0.3, 0.6, 1.5)) * _THIN
        shown = [t for t in reversed(TIERS) if sheet.metres_a_point <= t.coarsest_m]
        self.tiers = tuple(tier for tier in shown if (self._tier == tier.name).any())
        names = {tier.name for tier in self.tiers}
        visible = np.array([name in names for name in self._tier], bool)
        self._bridge = (
            self._bridge & np.array([name in _BRIDGED_TIERS for name in self._tier], bool) & visible
        )
        self._ford = self._ford & visible & (self._tier != "path")
        self.bridged, self.forded = bool(self._bridge.any()), bool(self._ford.any())

    def svg(self) -> str:
        """Draw them.

        Returns
        -------
        str
            Elements.
        """
        return fine_group(self._drawn(), self._sheet)

    def _courses(self, chosen: NDArray[np.bool_]) -> Lines:
        """Return the lines of edges, joined end to end so that dashes and caps are few."""
        shapes = shapely.line_merge(shapely.multilinestrings(self._shapes[chosen]))
        return lines_of(np.atleast_1d(fine(self._sheet, np.array([shapes], object))))

    def _path(self, lines: Lines, **style: str | float) -> Iterator[str]:
        if data := whole_path(lines):
            yield element("path", d=data, **style)

    def _drawn(self) -> Iterator[str]:
        tiers = list(reversed(self.tiers))
        courses = {t.name: self._courses((self._tier == t.name) & ~self._tunnel) for t in tiers}
        tunnels = {t.name: self._courses((self._tier == t.name) & self._tunnel) for t in tiers}
        for tier in tiers:
            if tier.casing:
                wide = tier.casing_width * self._thin * FINE
                casing = pale(tier.casing, 0.15)
                yield from self._path(courses[tier.name], stroke=casing, stroke_width=wide,
                                      stroke_linecap="round")  # fmt: skip
                yield from self._path(tunnels[tier.name], stroke=casing, stroke_width=wide,
                                      stroke_dasharray="15 10", stroke_opacity=0.7)  # fmt: skip
        for tier in tiers:
            yield from self._fill(tier, courses[tier.name])
        for tier in tiers:
            yield from self._bridges(tier)
        yield from self._fords()

    def _fill(self, tier: Tier, lines: Lines) -> Iterator[str]:
        wide = tier.width * self._thin * FINE
        if tier.dashes:
            dashes = " ".join(number(dash * wide, 0) for dash in tier.dashes)
            yield from self._path(lines, stroke=tier.fill, stroke_width=wide,
                                  stroke_dasharray=dashes, stroke_opacity=0.75)  # fmt: skip
        else:
            yield from self._path(lines, stroke=pale(tier.fill, 0.25), stroke_width=wide,
                                  stroke_linecap="round")  # fmt: skip

    def _bridges(self, tier: Tier) -> Iterator[str]:
        mine = self._shapes[self._bridge & (self._tier == tier.name)]
        shown = lines_of(fine(self._sheet, mine))
        decks = [_lengthened(line, _BRIDGE_LENGTH * FINE) for line in shown]
        yield from self._path(
            decks, stroke=BRIDGE, stroke_width=(tier.casing_width + 1.1) * self._thin * FINE
        )
        yield from self._path(
            decks, stroke="#ffffff", stroke_width=(tier.width + 0.2) * self._thin * FINE
        )

    def _fords(self) -> Iterator[str]:
        if not self.forded:
            return
        middle = shapely.line_interpolate_point(self._shapes[self._ford], 0.5, normalized=True)
        for x, y in shapely.get_coordinates(fine(self._sheet, middle)).tolist():
            yield element("rect", x=x - 9, y=y - 9, width=18, height=18, fill="#ffffff",
                          stroke=WATER["text"], stroke_width=4)  # fmt: skip


def _lengthened(line: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    """Draw a short bridge out along its own direction, so that its parapets show."""
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    chord = line[-1] - line[0]
    reach = float(np.hypot(*chord))
    if length >= least or reach == 0:
        return line
    extra = (least - length) / 2 * chord / reach
    return np.vstack((line[0] - extra, line[1:-1], line[-1] + extra))
