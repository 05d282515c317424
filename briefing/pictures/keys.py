"""What the legend of the map of a plan explains: only what is on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

import numpy as np

from briefing.facts.model import Name, Subject
from briefing.pictures.areas import area_patch, change_sign
from briefing.pictures.courses import Ways, moving
from briefing.pictures.fine_lines import pale
from briefing.pictures.fonts import text_width
from briefing.pictures.ground import GroundDrawn
from briefing.pictures.legend import GAP as LEGEND_GAP
from briefing.pictures.legend import SIZE as LEGEND_PT
from briefing.pictures.legend import Entry, Section
from briefing.pictures.looks import Look
from briefing.pictures.routes import arrow, plate
from briefing.pictures.sites import Service, badge, service_of
from briefing.pictures.speech import Speech
from briefing.pictures.svg import Style, element, number, path_of
from briefing.wording.statement import Sentence
from optimizer.plan.model import Plan, Route
from optimizer.scenario.model import AreaKind, ChangeKind
from optimizer.terrain.show.style import BRIDGE, WATER, Tier

__all__ = ["sections_of"]

Drawer = Callable[[float, float], str]
#: Roads of the legend against those of the map, so that thin ones can be told.
_BOLDER = 1.35
_EDGES = 0.8
#: Wide enough for the dashes of a convoy's line to be told.
_CONVOY_KEY = 33.0


def sections_of(
    plan: Plan,
    speech: Speech,
    looks: Mapping[int, Look],
    *,
    ground: GroundDrawn | None,
    ways: Ways,
    stated: tuple[Collection[AreaKind], Collection[ChangeKind]],
    width: float,
) -> tuple[Section, ...]:
    """Return the sections of the legend.

    Parameters
    ----------
    plan : Plan
        The plan.
    speech : Speech
        Says what keys mean.
    looks : mapping of int to Look
        How each convoy that moves looks.
    ground : GroundDrawn or None
        What was drawn of the ground.
    ways : Ways
        What was drawn of the ways.
    stated : tuple of collection
        Kinds of areas and of changes that are drawn.
    width : float
        Width of the legend, points.

    Returns
    -------
    tuple of Section
        Convoys, sites and what is stated of the ground, the ground itself.
    """
    ids = [_id(speech, route) for route in moving(plan)]
    widest = max((text_width(said.text, LEGEND_PT) for said in ids), default=0.0)
    key = _CONVOY_KEY + 3.0
    columns = int(min(max(width // (key + widest + LEGEND_GAP + 1), 1), 4))
    convoys = tuple(
        Entry(_convoy(looks[place]), _id(speech, route)) for place, route in enumerate(moving(plan))
    )
    areas, changes = stated
    signs = [*_served(plan, speech), *_both_ways(speech, ways), *_areas(speech, areas)]
    signs += [
        Entry(_sign(kind), speech.words(f"change_{kind.value}"))
        for kind in ChangeKind
        if kind in changes
    ]
    return (
        Section(speech.words("convoys"), convoys, columns, key),
        Section(speech.words("sites"), tuple(signs), 4),
        Section(speech.words("ground"), tuple(_ground(speech, ground)), 4),
    )


def _id(speech: Speech, route: Route) -> Sentence:
    about = Subject("convoy", route.convoy)
    return speech.value(speech.must(about, "id", Name(route.convoy)))


def _convoy(look: Look) -> Drawer:
    def draw(x: float, y: float) -> str:
        wide, end = 1.5, x + _CONVOY_KEY
        dashes = " ".join(number(dash * wide) for dash in look.dashes) or None
        style: Style = {"stroke": look.colour, "stroke_width": wide, "stroke_dasharray": dashes}
        line = element("path", d=path_of([np.array([(x, y), (end, y)])]), fill="none", **style)
        head = arrow(end - 2.5, y, np.array((1.0, 0.0)), 4.6, look.colour)
        return line + head + plate(x + 4, y, look, 5.0)

    return draw


def _served(plan: Plan, speech: Speech) -> Iterator[Entry]:
    found = {service_of(speech.table, site.id) for site in plan.scenario.sites}
    for service in (Service.FULL, Service.PART, Service.NONE):
        if service in found:
            yield Entry(_badge(service), speech.words(f"service_{service.value}"))


def _badge(service: Service) -> Drawer:
    return lambda x, y: badge(x + 11, y, service, 3.0)


def _both_ways(speech: Speech, ways: Ways) -> Iterator[Entry]:
    if any(len(found) > 1 for stretch in ways.stretches for found in stretch.ways.values()):

        def draw(x: float, y: float) -> str:
            ahead = np.array((1.0, 0.0))
            line = element("path", d=path_of([np.array([(x, y), (x + 21, y)])]), stroke="#444444",
                           stroke_width=1.4, fill="none")  # fmt: skip
            return (
                line
                + arrow(x + 13.3, y, ahead, 4.6, "#444444")
                + arrow(x + 7.7, y, -ahead, 4.6, "#444444")
            )

        yield Entry(draw, speech.words("both_ways"))


def _areas(speech: Speech, kinds: Collection[AreaKind]) -> Iterator[Entry]:
    for kind in AreaKind:
        if kind in kinds:
            yield Entry(_patch(kind), speech.words(f"area_{kind.value}"))


def _patch(kind: AreaKind) -> Drawer:
    return lambda x, y: area_patch(x + 1, y - 3.4, 20, 6.8, kind)


def _sign(kind: ChangeKind) -> Drawer:
    return lambda x, y: change_sign(x + 11, y, kind, 3.9)


def _ground(speech: Speech, ground: GroundDrawn | None) -> Iterator[Entry]:
    if ground is None:
        return
    for tier in ground.tiers:
        yield Entry(_road(tier), speech.words(f"road_{tier.name}"))
    if ground.bridges:
        yield Entry(_bridge, speech.words("bridge_key"))
    if ground.fords:
        yield Entry(_ford, speech.words("ford_key"))


def _line(x: float, y: float, colour: str, width: float, dashes: str | None = None) -> str:
    return element("path", d=path_of([np.array([(x, y), (x + 21, y)])]), stroke=colour,
                   stroke_width=width, stroke_dasharray=dashes, fill="none")  # fmt: skip


def _road(tier: Tier) -> Drawer:
    def draw(x: float, y: float) -> str:
        if tier.dashes:
            dashes = " ".join(number(dash * max(tier.width, 0.5)) for dash in tier.dashes)
            return _line(x, y, tier.fill, max(tier.width, 0.6) * _BOLDER, dashes)
        # On white paper a white road is told by its edges alone.
        edged = max(tier.casing_width, tier.width + _EDGES) * _BOLDER
        casing = _line(x, y, tier.casing, edged) if tier.casing else ""
        return casing + _line(x, y, pale(tier.fill, 0.25), tier.width * _BOLDER)

    return draw


def _bridge(x: float, y: float) -> str:
    deck = [np.array([(x + 8, y), (x + 14, y)])]
    road = _line(x, y, "#8f8a82", 2.0) + _line(x, y, "#ffffff", 1.3)
    return (
        road
        + element("path", d=path_of(deck), stroke=BRIDGE, stroke_width=3.4)
        + element("path", d=path_of(deck), stroke="#ffffff", stroke_width=1.6)
    )


def _ford(x: float, y: float) -> str:
    return element("rect", x=x + 9.6, y=y - 1.4, width=2.8, height=2.8, fill="#ffffff",
                   stroke=WATER["text"], stroke_width=0.6)  # fmt: skip
