"""Facts about what could be decided instead: each limit whose lifting would or might serve more.

An option is a limit that was observed, or proved, to stand in the way of demands; limits that stand
in the way of the very same demands are one option. What is told of it is what the plan knows: which
demands, how much of what, and what the limit is today. What it would cost in vehicles, time and
fuel nobody knows before the plan is made again.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import fsum

from briefing.facts.index import Index
from briefing.facts.model import (
    Count,
    FactTable,
    Name,
    Names,
    Quantity,
    Subject,
    Supplies,
    Term,
    Terms,
)
from optimizer.plan.metrics import delivered_of
from optimizer.plan.model import Plan, Reason, ReasonKind
from optimizer.scenario.model import Demand

__all__ = ["add_options"]

#: What was observed to serve comes before what may, and that before what was proved to be needed.
_ORDER = (ReasonKind.OBSERVED, ReasonKind.TIME_RAN_OUT, ReasonKind.PROVED)
#: Of limits that hold up the same demands, what is easier to grant comes first.
_EASE = ("window", "shift", "stock", "fuel", "dock", "range", "apart", "capacity")
#: Causes that ask for the same are one limit.
_ALIKE = {"in_no_go": "in_water", "cannot_enter": "in_water"}
#: The plan as it stands is option A; more options than there are letters are not lettered.
_LETTERS = string.ascii_uppercase[1:]
#: So many goods are named in a row of a table; of more, only the heaviest.
_GOODS, _FOREMOST = 3, 2


@dataclass
class _Option:
    kind: ReasonKind
    code: str
    cause: str
    demands: list[Demand] = field(default_factory=list)
    available: dict[str, int] = field(default_factory=dict)

    @property
    def condition(self) -> str:
        """Key of the words for what would have to change."""
        return ".".join(filter(None, ("condition", self.kind.value, self.code, self.cause)))


def add_options(table: FactTable, index: Index, plan: Plan, about: Subject) -> None:
    """Add the options of a plan that leaves something undelivered.

    Parameters
    ----------
    table : FactTable
        Table that is added to.
    index : Index
        The scenario of the plan.
    plan : Plan
        The plan.
    about : Subject
        The plan as a subject.
    """
    delivered = delivered_of(plan.routes)
    left = {d.id: d.quantity - delivered[d.id] for d in plan.scenario.demands}
    missing = {demand: units for demand, units in left.items() if units > 0}

    def mass_kg(option: _Option) -> float:
        # Exactly the same whatever the order of the demands.
        return fsum(index.mass_kg(d.good, missing[d.id]) for d in option.demands)

    def of_whom(option: _Option) -> tuple[int, float, list[str]]:
        names = sorted(demand.id for demand in option.demands)
        return _ORDER.index(option.kind), -mass_kg(option), names

    options = sorted(
        _options(index, plan, missing),
        key=lambda option: (
            *of_whom(option),
            _EASE.index(option.code) if option.code in _EASE else len(_EASE),
            option.condition,
        ),
    )
    letters = iter(_LETTERS)
    for _, alike in groupby(options, of_whom):
        option, *others = alike
        limits = (option, *others)
        part = Subject("option", option.condition.partition(".")[2], about)
        table.add(part, "letter", Name(letter) if (letter := next(letters, "")) else None)
        table.add(part, "kind", Term(f"reason_kind.{option.kind.value}"))
        table.add(part, "codes", Names(tuple(dict.fromkeys(limit.code for limit in limits))))
        table.add(part, "condition", Term(option.condition))
        conditions = Terms(tuple(limit.condition for limit in limits))
        table.add(part, "conditions", conditions if others else None)
        table.add(part, "certainty", Term(f"certainty.{option.kind.value}"))
        table.add(part, "mass", Quantity(mass_kg(option), "kg"))
        _add_served(table, index, part, option.demands, missing)
        for limit in limits:
            _add_short_of(table, index, part, limit, plan)
    told = table.children(about, "option")
    table.add(about, "options", Count(len(told)) if told else None)
    best = next(iter(told), None)
    if best is not None and options[0].kind is ReasonKind.OBSERVED:
        for label in ("letter", "mass", "condition"):
            fact = table.get(best, label)
            table.add(about, f"best_{label}", fact.value if fact else None)


def _options(index: Index, plan: Plan, missing: Mapping[str, int]) -> Iterator[_Option]:
    found: dict[str, _Option] = {}
    for entry in plan.undelivered:
        if entry.demand not in missing:
            continue
        for reason in entry.reasons:
            option = _Option(reason.kind, reason.code, _cause(reason))
            option = found.setdefault(option.condition, option)
            demand = index.demand(entry.demand)
            if demand not in option.demands:
                option.demands.append(demand)
            available = reason.params.get("available")
            if isinstance(available, int):
                option.available[demand.good] = available
    yield from found.values()


def _cause(reason: Reason) -> str:
    cause = str(reason.params.get("cause", "")) if reason.code == "unreachable" else ""
    return _ALIKE.get(cause, cause)


def _add_served(
    table: FactTable,
    index: Index,
    part: Subject,
    demands: Sequence[Demand],
    missing: Mapping[str, int],
) -> None:
    units: Counter[str] = Counter()
    for demand in demands:
        units[demand.good] += missing[demand.id]
    table.add(part, "demands", Count(len(demands)))
    table.add(part, "demand_names", Names(tuple(demand.id for demand in demands)))
    sites = tuple(dict.fromkeys(index.place(demand.site) for demand in demands))
    table.add(part, "sites", Names(sites))
    heaviest = sorted(units.items(), key=lambda one: -index.mass_kg(*one))
    serves = Supplies(tuple(index.supply(good, number) for good, number in heaviest))
    table.add(part, "serves", serves)
    most = Supplies(serves.items[:_FOREMOST])
    table.add(part, "serves_most", most if len(units) > _GOODS else None)


def _add_short_of(
    table: FactTable, index: Index, part: Subject, option: _Option, plan: Plan
) -> None:
    """Add how much more of each good is asked for in all than the bases hold in all."""
    wanted: Counter[str] = Counter()
    for demand in plan.scenario.demands:
        wanted[demand.good] += demand.quantity
    short = {
        good: wanted[good] - held for good, held in option.available.items() if wanted[good] > held
    }
    if option.code == "stock" and short:
        told = Supplies(tuple(index.supply(good, number) for good, number in short.items()))
        table.add(part, "short_of", told)
