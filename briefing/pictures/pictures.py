"""The pictures of one plan in one language."""

from __future__ import annotations

import functools

from briefing.documents.tree import Picture
from briefing.facts.model import FactTable
from briefing.pictures.courses import moving
from briefing.pictures.looks import look_of
from briefing.pictures.map import draw_map
from briefing.pictures.on_roads import GroundOf
from briefing.pictures.speech import Speech
from briefing.pictures.strip import draw_strip
from briefing.wording.statement import Voice
from optimizer.plan.model import Plan
from optimizer.terrain.theatre import Theatre

__all__ = ["Pictures", "pictures_of"]


class Pictures:
    """Draws the pictures of one plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    table : FactTable
        Its facts.
    voice : Voice
        Language and zone.
    theatre : Theatre or None
        Its ground.
    """

    def __init__(self, plan: Plan, table: FactTable, voice: Voice, theatre: Theatre | None) -> None:
        self._plan = plan
        self._theatre = theatre
        self._speech = Speech(table, voice)
        self._drawn: dict[tuple[str, str], str] = {}

    @property
    def facts(self) -> FactTable:
        """Facts that only the pictures drawn so far tell, such as what lies along a way."""
        return self._speech.more

    def svg(self, picture: Picture) -> str:
        """Draw a picture.

        Parameters
        ----------
        picture : Picture
            What it is to show.

        Returns
        -------
        str
            A self-contained SVG in its natural size, in points: at most as wide as the text of a
            page, and at most a page high but for plans of very many convoys. Values stand in
            ``<tspan class="fact" data-fact=ID>``, all other text in elements of class
            ``furniture``. Empty if there is nothing to draw.
        """
        key = (picture.kind, picture.about.id)
        if key not in self._drawn:
            self._drawn[key] = self._draw(picture)
        return self._drawn[key]

    def _draw(self, picture: Picture) -> str:
        if picture.kind == "map":
            return draw_map(self._plan, self._speech, self._theatre)
        for place, route in enumerate(moving(self._plan)):
            if route.convoy == picture.about.id:
                return draw_strip(
                    self._plan,
                    route,
                    self._speech,
                    look=look_of(place),
                    theatre=self._theatre,
                    ground=self._ground,
                )
        return ""

    @functools.cached_property
    def _ground(self) -> GroundOf | None:
        return None if self._theatre is None else GroundOf(self._theatre, self._plan.scenario)


def pictures_of(plan: Plan, table: FactTable, voice: Voice, theatre: Theatre | None) -> Pictures:
    """Return what draws the pictures of a plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    table : FactTable
        Its facts.
    voice : Voice
        Language and zone.
    theatre : Theatre or None
        Its ground; another one than the plan was made on is not drawn.

    Returns
    -------
    Pictures
        Each picture is drawn when it is first asked for.
    """
    stamp = plan.theatre
    fits = theatre is not None and stamp is not None and theatre.manifest.digest == stamp.digest
    return Pictures(plan, table, voice, theatre if fits else None)
