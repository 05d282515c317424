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
    "in_water in_no_go outside_theatre cannot_enter load_class height width weight closed no_way"
    " not_given"
)
PROVED: list[tuple[str, dict[str, str | int | float]]] = [
    *(("unreachable", {"cause": cause, "site": "ALP"}) for cause in CAUSES.split()),
    ("unreachable", {"cause": "of_a_later_version", "site": "ALP"}),
    ("not_allowed", {"site": "ALP"}),
    ("compartment", {"kind": "reefer"}),
    ("unit_too_large", {"good": "pump"}),
    ("stock", {"good": "diesel_l", "available": 1500}),
    ("window", {"site": "ALP"}),
    ("range", {"site": "ALP", "needed_km": 612.4, "range_km": 600}),
    ("shift", {"site": "ALP", "needed_min": 805}),
    ("fuel", {"good": "diesel_l"}),
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
        for budget in ("20 s", "1 iterations", "a long night")
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
    # "ILE-pump, L'Île: 1 x motor pump missing. " comes before the reason.
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
