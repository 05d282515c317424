"""What is not delivered and why, in words as honest as the reasons are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefing.documents.ask import Asker, columns, said, turned
from briefing.documents.tree import Block, Bullets, Heading, Paragraph, Table
from briefing.facts.model import Name, Names, Subject, Term
from briefing.wording.statement import Statement

__all__ = ["reason_claims", "reasons", "undelivered"]

#: A reason with its figures before the bare one.
_VARIANTS = ("figures", "by", "available", "of_good", "of_kind", "at_site", "bare")
#: So many demands with one reason are named beside it; of more, only the most urgent.
_FEW = 3
_KINDS = ("proved", "observed", "time_ran_out")


def reason_claims(kind: str, code: str, cause: str | None = None) -> tuple[str, ...]:
    """Return the claims that may tell a reason, the most telling first.

    Parameters
    ----------
    kind : str
        Kind of the reason, or ``"limit"`` for one of several proofs.
    code : str
        Its code, as in ``docs/reference/plan.md``.
    cause : str, optional
        What cuts a site off, for the code ``unreachable``.

    Returns
    -------
    tuple of str
        Claim types; the last one tells any reason of the kind.
    """
    if kind == "time_ran_out":
        return ("reason.time_ran_out",)
    stem = f"reason.{kind}.{code}"
    stems = (stem,) if cause is None else (f"{stem}.{cause}", stem)
    told = (f"{one}.{variant}" for one in stems for variant in _VARIANTS)
    return (*told, stem, f"reason.{kind}.other")


def undelivered(ask: Asker) -> tuple[Block, ...]:
    """Return the section on what is not delivered.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        Heading, table, what the kinds of reasons mean, and each demand's reasons.
    """
    heading = Heading(2, said("heading.undelivered"))
    demands = ask.parts(None, "demand")
    if not demands:
        return heading, Paragraph((said("undelivered.nothing"),))
    labels = ["id", "site", "good", "priority", "wanted", "delivered", "missing"]
    titles = ["demand", "site", "goods", "priority", "wanted", "delivered", "missing"]
    if _has_many(ask):
        # What is too long to be named beside its reason is found by the reason's number.
        labels.append("reason")
        titles.append("reason")
    table = Table(
        columns(*titles),
        tuple(tuple(ask.cell(demand, label) for label in labels) for demand in demands),
        frozenset(range(3, len(labels))),
    )
    priorities = Paragraph((said("undelivered.priorities"),))
    named = _by_number if _has_many(ask) else _by_id
    return heading, table, priorities, *_reasons(ask, named)


def reasons(ask: Asker) -> tuple[Block, ...]:
    """Return the section on what is not delivered without its table: demands in words.

    Parameters
    ----------
    ask : Asker
        Facts of the plan.

    Returns
    -------
    tuple of Block
        Heading, what the kinds of reasons mean, and each demand's reasons; nothing where all is
        delivered.
    """
    if not ask.parts(None, "demand"):
        return ()
    return Heading(2, said("heading.undelivered")), *_reasons(ask, _in_words)


def _has_many(ask: Asker) -> bool:
    return any(ask.count(one, "number") > _FEW for one in ask.parts(None, "shortfall"))


def _by_id(ask: Asker, shortfall: Subject) -> tuple[Statement, ...]:
    return ask.say("undelivered.demands", shortfall)


def _by_number(ask: Asker, shortfall: Subject) -> tuple[Statement, ...]:
    return ask.say("undelivered.reason", shortfall)


def _in_words(ask: Asker, shortfall: Subject) -> tuple[Statement, ...]:
    fact = ask.fact(shortfall, "demands")
    names = fact.value.texts if fact and isinstance(fact.value, Names) else ()
    many = ask.say("undelivered.many", shortfall) if len(names) > _FEW else ()
    told = (
        one
        for place, name in enumerate(names[:_FEW], start=1)
        for one in ask.say(
            "undelivered.demand_then" if place < min(len(names), _FEW) else "undelivered.demand",
            Subject("demand", name),
            missing="missing_supply",
        )
    )
    return (*many, *told)


def _reasons(
    ask: Asker, named: Callable[[Asker, Subject], tuple[Statement, ...]]
) -> tuple[Block, ...]:
    """Say why each demand falls short; how that was found stands in the colophon."""
    shortfalls = ask.parts(None, "shortfall")
    kinds = {_kind(ask, reason) for s in shortfalls for reason in ask.parts(s, "reason")}
    legend = tuple(said(f"undelivered.legend_{kind}") for kind in _KINDS if kind in kinds)
    items = tuple(
        (*named(ask, shortfall), *turned(turn, _why(ask, shortfall)))
        for turn, shortfall in enumerate(shortfalls)
    )
    return *((Paragraph(legend),) if legend else ()), Bullets(items)


def _kind(ask: Asker, reason: Subject) -> str:
    fact = ask.fact(reason, "kind")
    return fact.value.key.partition(".")[2] if fact and isinstance(fact.value, Term) else ""


def _why(ask: Asker, shortfall: Subject) -> tuple[Statement, ...]:
    reasons = ask.parts(shortfall, "reason")
    by_kind = {kind: [r for r in reasons if _kind(ask, r) == kind] for kind in _KINDS}
    told = (
        *_proofs(ask, by_kind["proved"]),
        *_observations(ask, shortfall, by_kind["observed"]),
        *(said("reason.time_ran_out") for _ in by_kind["time_ran_out"]),
    )
    return told or (said("reason.none"),)


def _proofs(ask: Asker, reasons: Sequence[Subject]) -> tuple[Statement, ...]:
    several = len(reasons) > 1
    kind = "limit" if several else "proved"
    told = (ask.first(reason_claims(kind, *_code(ask, r)), r) for r in reasons)
    lead = (said("reason.several"),) if several else ()
    return (*lead, *(statement for statements in told for statement in statements))


def _observations(
    ask: Asker, shortfall: Subject, reasons: Sequence[Subject]
) -> tuple[Statement, ...]:
    if not reasons:
        return ()
    return ask.say("reason.observed.several", shortfall) or ask.first(
        reason_claims("observed", *_code(ask, reasons[0])), reasons[0]
    )


def _code(ask: Asker, reason: Subject) -> tuple[str, str | None]:
    code, cause = ask.fact(reason, "code"), ask.fact(reason, "cause")
    name = code.value.text if code and isinstance(code.value, Name) else ""
    why = cause.value.key.partition(".")[2] if cause and isinstance(cause.value, Term) else None
    return name, why
