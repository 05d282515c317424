"""The situation that a plan was made for, as told by its planner and reckoned with by the plan."""

from __future__ import annotations

from briefing.documents.ask import Asker, said
from briefing.documents.tree import Block, Bullets, Fields, Heading, Paragraph, Quoted

__all__ = ["conditions", "situation"]

#: What is said of a change to the ground, the most telling first.
_CHANGES = (
    "situation.change.classes",
    "situation.change.spacing_speed",
    "situation.change.spacing",
    "situation.change.speed",
    "situation.change.bare",
)


def situation(ask: Asker) -> tuple[Block, ...]:
    """Return the section on the situation.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        Heading, the planner's words or a ruled blank, weather, changes and areas.
    """
    told = ask.fact(ask.plan, "situation")
    stated = Fields((ask.field(ask.plan, "situation"),)) if told is None else Quoted(told)
    return Heading(2, said("heading.situation")), stated, *conditions(ask)


def conditions(ask: Asker) -> tuple[Block, ...]:
    """Return what a plan reckons with: weather, changes to roads and bridges, areas.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        A paragraph, and a list where the scenario states areas or changes.
    """
    plan = ask.plan
    told = ("situation.ground", "situation.light", "situation.visibility")
    weather = tuple(statement for phrase in told for statement in ask.say(phrase, plan))
    items = [
        (*ask.first(phrases, part), *ask.say("stated.hours", part))
        for kind, phrases in (("change", _CHANGES), ("area", ("situation.area",)))
        for part in ask.parts(plan, kind)
    ]
    return Paragraph(weather), *((Bullets(tuple(items)),) if items else ())
