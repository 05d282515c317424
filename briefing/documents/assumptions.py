"""What a plan assumes: margins, rules of reckoning, and what nobody mapped or assessed."""

from __future__ import annotations

from briefing.documents.ask import Asker, said
from briefing.documents.tree import Block, Bullets, Heading
from briefing.facts.model import Name, Ratio, Subject
from briefing.wording.statement import Statement

__all__ = ["assumptions"]


def assumptions(ask: Asker, *, march: bool = True) -> tuple[Block, ...]:
    """Return the section on what a plan assumes.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.
    march : bool
        Whether to tell how the time of passing is calculated; an order tells it with its march.

    Returns
    -------
    tuple of Block
        Heading and list.
    """
    plan = ask.plan
    contingency = ask.fact(plan, "time_contingency")
    stated = isinstance(contingency.value, Ratio) and contingency.value.share if contingency else 0
    items: list[tuple[Statement, ...]] = []
    if ask.fact(plan, "illustrative"):
        items.append((said("assumption.illustrative"),))
    if stated:
        items.append(ask.say("assumption.contingency", plan, contingency="time_contingency"))
    else:
        items.append((said("assumption.no_contingency"),))
    if not ask.fact(plan, "theatre"):
        items.append((said("assumption.no_theatre"),))
    if march and (passing := ask.say("assumption.march", plan, speed="march_speed")):
        items.append(passing)
    items.append(ask.say("assumption.shift", plan))
    if ask.fact(plan, "rounded"):
        items.append((said("assumption.rounded"),))
    items.extend(_assumed(ask, part) for part in ask.parts(plan, "assumption"))
    return Heading(2, said("heading.assumptions")), Bullets(tuple(items))


def _assumed(ask: Asker, assumption: Subject) -> tuple[Statement, ...]:
    code = ask.fact(assumption, "code")
    name = code.value.text if code and isinstance(code.value, Name) else ""
    told = ask.first((f"assumption.{name}", "assumption.other"), assumption)
    return (*told, *(_fords(ask) if name == "ford_depth_assumed" else ()))


def _fords(ask: Asker) -> tuple[Statement, ...]:
    """Say how far the depth that is assumed of fords concerns anybody; nothing without ground."""
    if ask.fact(ask.plan, "fords") is None:
        return ()
    crossed = ask.count(ask.plan, "fords")
    return ask.say(
        "assumption.fords_crossed" if crossed else "assumption.no_ford_crossed", ask.plan
    )
