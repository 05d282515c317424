"""Every reason in words, both languages: the golden file is for people to read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.documents.movement_order import movement_order
from briefing.facts import facts_of
from briefing.render.markdown import to_markdown
from briefing.wording import LANGUAGES, voice
from optimizer.plan.model import Plan, Reason, ReasonKind

GOLDEN = Path(__file__).parent / "golden" / "reasons.txt"
CAUSES = (
    "in_water in_no_go outside_theatre cannot_enter load_class height width weight ford closed"
    " no_way not_given in_no_fly ceiling visibility no_landing no_waterway"
)
PROVED: list[tuple[str, dict[str, str | int | float]]] = [
    *(("unreachable", {"cause": cause, "site": "ALP"}) for cause in CAUSES.split()),
    ("unreachable", {"cause": "of_a_later_version", "site": "ALP"}),
    (
        "unreachable",
        {"cause": "load_class", "site": "ALP", "road": "w7-1", "limit": 12.0, "needed": 17.0},
    ),
    ("unreachable", {"cause": "weight", "site": "ALP", "limit": 7.5, "needed": 18.2}),
    ("unreachable", {"cause": "height", "site": "ALP", "limit": 3.2, "needed": 3.5}),
    ("unreachable", {"cause": "width", "site": "ALP", "limit": 2.4, "needed": 2.5}),
    ("unreachable", {"cause": "ford", "site": "ALP", "limit": 0.75, "needed": 1.2}),
    ("unreachable", {"cause": "ceiling", "site": "ALP", "limit": 3000.0, "needed": 3154.2}),
    ("unreachable", {"cause": "visibility", "site": "ALP", "limit": 500.0, "needed": 800.0}),
    ("unreachable", {"cause": "closed", "site": "ALP", "road": "w7-1", "change": "b1"}),
    ("unreachable", {"cause": "closed", "site": "ALP", "area": "flooded"}),
    ("not_allowed", {"site": "ALP"}),
    ("compartment", {"kind": "reefer"}),
    ("unit_too_large", {"good": "pump"}),
    ("stock", {"good": "diesel_l", "available": 1500}),
    ("capacity", {"good": "diesel_l", "most": 5400}),
    ("window", {"site": "ALP"}),
    ("range", {"site": "ALP", "needed_km": 612.4, "range_km": 600}),
    ("shift", {"site": "ALP", "needed_min": 805}),
    ("fuel", {"good": "diesel_l"}),
    ("fuel", {"good": "diesel_l, jet_fuel_l"}),
]
OBSERVED = ["stock", "window", "range", "shift", "fuel", "capacity", "apart"]
REASONS = [
    *(Reason(kind=ReasonKind.PROVED, code=code, params=params) for code, params in PROVED),
    *(Reason(kind=ReasonKind.PROVED, code=code) for code in sorted({c for c, _ in PROVED})),
    *(
        Reason(kind=ReasonKind.OBSERVED, code=code, seed=7, budget="2000 iterations")
        for code in OBSERVED
    ),
    *(
        Reason(kind=ReasonKind.OBSERVED, code="fuel", seed=7, budget=budget)
        for budget in ("20 s", "1.3 s", "1 iterations", "a long night")
    ),
    Reason(kind=ReasonKind.TIME_RAN_OUT, code="time_ran_out"),
]


def _with_reason(plan: Plan, reason: Reason) -> Plan:
    first = plan.undelivered[0].model_copy(update={"reasons": (reason,)})
    return plan.model_copy(update={"undelivered": (first,)})


def _worded(plan: Plan, reason: Reason, language: str) -> str:
    spoken = voice("fr" if language == "fr" else "en", "UTC")
    text = to_markdown(movement_order(facts_of(_with_reason(plan, reason))), spoken)
    item = next(line for line in text.splitlines() if line.startswith("- ILE-pump"))
    return item.partition(". ")[2]


def test_golden(shortfall: Plan, *, update_golden: bool) -> None:
    lines = []
    for reason in REASONS:
        told = ", ".join(f"{key}={value}" for key, value in reason.params.items())
        lines.append(f"{reason.kind.value} {reason.code} {reason.budget or ''} {told}".strip())
        lines.extend(f"    {_worded(shortfall, reason, language)}" for language in LANGUAGES)
    text = "\n".join(lines) + "\n"
    if update_golden:
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), "set CONVOI_UPDATE_GOLDEN=1 if meant"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_begin_with_how_much_is_known(shortfall: Plan, language: str) -> None:
    begin = {
        "en": {"proved": "Proved:", "observed": "Observed:", "time_ran_out": "Not served within"},
        "fr": {
            "proved": "Prouvé",
            "observed": "Constaté",
            "time_ran_out": "Non servi dans le temps",
        },
    }[language]
    for reason in REASONS:
        assert _worded(shortfall, reason, language).startswith(begin[reason.kind.value])


def _list_item(plan: Plan, *reasons: Reason) -> str:
    first = plan.undelivered[0].model_copy(update={"reasons": reasons})
    changed = plan.model_copy(update={"undelivered": (first,)})
    text = to_markdown(movement_order(facts_of(changed)), voice("en", "UTC"))
    return next(line for line in text.splitlines() if line.startswith("- ILE-pump"))


def test_several_proofs_do_not_each_speak_of_every_convoy(shortfall: Plan) -> None:
    # One convoy lacks the range, the other the time: that no convoy has the range is not said.
    item = _list_item(
        shortfall,
        Reason(
            kind=ReasonKind.PROVED,
            code="range",
            params={"site": "ILE", "needed_km": 700, "range_km": 600},
        ),
        Reason(kind=ReasonKind.PROVED, code="window", params={"site": "ILE"}),
    )
    assert "each convoy that could carry it is stopped by one of the limits" in item
    assert "no convoy" not in item


def test_what_would_serve_a_demand_is_told_in_one_sentence(shortfall: Plan) -> None:
    item = _list_item(
        shortfall,
        Reason(kind=ReasonKind.OBSERVED, code="stock", seed=7, budget="5 s"),
        Reason(kind=ReasonKind.OBSERVED, code="capacity", seed=7, budget="3 s"),
        Reason(kind=ReasonKind.OBSERVED, code="tide", seed=7, budget="3 s"),
    )
    assert (
        "any one of these changes is enough by itself: unlimited stocks, twice the vehicles, tide."
        in item
    )


def test_the_colophon_tells_each_budget_once(shortfall: Plan) -> None:
    # Three demands: two reasons share a budget, the third was given less. Of a demand with two
    # observations neither solve had more than the longer budget. "200 rounds" is no unit known.
    def observed(budget: str) -> Reason:
        return Reason(kind=ReasonKind.OBSERVED, code="stock", seed=7, budget=budget)

    each = [(observed("5 s"), observed("3 s")), (observed("5 s"),), (observed("200 rounds"),)]
    changed = [
        lacking.model_copy(update={"reasons": reasons})
        for lacking, reasons in zip(shortfall.undelivered, each, strict=True)
    ]
    plan = shortfall.model_copy(update={"undelivered": tuple(changed)})
    text = to_markdown(movement_order(facts_of(plan)), voice("en", "UTC")).replace("\u00a0", " ")
    again = "Reasons given as “observed” were checked by planning again with seed 7, "
    assert text.count(again) == 2
    assert again + "in at most 5 s." in text
    assert again + "budget 200 rounds." in text
