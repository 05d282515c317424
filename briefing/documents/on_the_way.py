"""What a convoy meets on its way: stated areas and changes, open ground, bridges and fords."""

from __future__ import annotations

from briefing.documents.ask import Asker, said
from briefing.facts.model import Subject
from briefing.wording.statement import Statement

__all__ = ["on_the_way"]

#: What is said of a change to the ground, the most telling first.
_CHANGES = (
    "hazard.class_at",
    "hazard.class",
    "hazard.spacing_speed",
    "hazard.spacing",
    "hazard.speed",
    "hazard.change_at",
    "hazard.change",
    "hazard.unplaced",
)

#: Where a change lies whose road the convoy drives on.
_MET = "near.on_way"

#: What is said where nothing stated concerns a convoy that does not drive.
_CLEAR = {"medium.air": "ways.clear_air", "medium.water": "ways.clear_water"}


def on_the_way(ask: Asker, convoy: Subject) -> tuple[tuple[Statement, ...], ...]:
    """Return what a convoy has to watch for on its way, an item each.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    convoy : Subject
        The convoy.

    Returns
    -------
    tuple of tuple of Statement
        Stated areas and changes, open ground, then bridges and fords. What was not looked up is
        said as well.
    """
    if ask.text(convoy, "course") != "course.known":
        return ((said("ways.no_course"),),)
    # A bridge of which the planner stated something is told once, with what is crossed.
    crossed = {part.at for part in ask.parts(convoy, "crossing") if ask.fact(part, "change")}
    looked_up = ask.fact(convoy, "bridges") is not None
    hazards = ask.parts(convoy, "hazard")
    stated = tuple(
        (
            *ask.first(("hazard.area",) if ask.fact(part, "near") is None else _CHANGES, part),
            *ask.say("stated.hours", part),
        )
        for part in hazards
        if part.at not in crossed
        and not (looked_up and ask.fact(part, "spacing") and ask.text(part, "near") == _MET)
    )
    moves_in = ask.text(convoy, "medium")
    # Where nothing is stated anywhere, nothing is said of it convoy by convoy.
    any_stated = ask.parts(ask.plan, "area") or ask.parts(ask.plan, "change")
    nothing = said(_CLEAR.get(moves_in, "ways.clear"))
    clear = ((nothing,),) if any_stated and not hazards else ()
    # Bridges and fords concern those who drive.
    crossings = () if moves_in in _CLEAR else _crossings(ask, convoy)
    return (*stated, *clear, *crossings)


def _crossings(ask: Asker, convoy: Subject) -> tuple[tuple[Statement, ...], ...]:
    if ask.fact(convoy, "bridges") is None:
        return ((said("ways.no_ground"),),)
    due = "crossing.due" if len(ask.parts(convoy, "vehicle")) > 1 else "crossing.due_alone"
    told = tuple(
        (
            *ask.first((f"{kind}_stated", f"{kind}_spaced", f"{kind}_at", kind), part),
            *ask.first(("crossing.spacing_speed", "crossing.spacing"), part),
            *ask.say("stated.hours", part),
            *ask.say(due, part),
            *ask.say("crossing.weakest", part),
            *ask.say("crossing.alike", part),
        )
        for part in ask.parts(convoy, "crossing")
        if (kind := ask.text(part, "kind"))
    )
    off_road = ask.say("hazard.off_road", convoy, steps="off_road_steps")
    return (*((off_road,) if off_road else ()), *told, _bridges(ask, convoy))


def _bridges(ask: Asker, convoy: Subject) -> tuple[Statement, ...]:
    if not ask.count(convoy, "bridges"):
        return (said("bridges.none"),)
    if ask.fact(convoy, "load_class") is None:
        return ask.say("bridges.unbound", convoy)
    if ask.count(convoy, "bridges") == ask.count(convoy, "bridges_assumed"):
        return ask.say("bridges.all_assumed", convoy)
    return ask.say("bridges.assumed", convoy) or ask.say("bridges.known", convoy)
