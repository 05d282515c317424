"""The bottom line in plain words, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from optimizer.plan.model import Plan
from optimizer.routing.bottom_line import bottom_line
from optimizer.scenario.model import Scenario

MINUTES = [[0, 30], [30, 0]]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "Delivered: 100% of 2 t.",
                "On the road: 1 convoy, 1 vehicle, 1 trip, 60 km.",
                "Last convoy back: 2026-06-15 07:00 (UTC).",
            ],
        ),
        (
            "fr",
            [
                "Livré : 100 % de 2 t.",
                "En route : 1 convoi, 1 véhicule, 1 rotation, 60 km.",
                "Retour du dernier convoi : 2026-06-15 07:00 (UTC).",
            ],
        ),
    ],
)
def test_everything_delivered_takes_three_lines(
    scenario_of: Callable[..., Scenario],
    planned: Callable[..., Plan],
    language: str,
    lines: list[str],
) -> None:
    # Two crates of a tonne, half an hour and 30 km there, as much back, from six o'clock.
    plan = planned(scenario_of(MINUTES, [{"site": "S1", "quantity": 2}]), iterations=10)
    said = [line.replace("\N{NO-BREAK SPACE}", " ") for line in bottom_line(plan, language)]
    assert said == [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def test_what_is_not_delivered_is_named_with_its_reason(
    scenario_of: Callable[..., Scenario], planned: Callable[..., Plan]
) -> None:
    plan = planned(scenario_of([[0, None], [None, 0]], [{"site": "S1"}]), iterations=10)
    assert list(bottom_line(plan)) == [
        "Delivered: 0% of 1 t.",
        "Undelivered of priority 5: 1 t.",
        "  D1: 1 crate for S1 — proved: no convoy can get there.",
        "No convoy moves.",
    ]


@pytest.mark.parametrize(
    ("delivered_kg", "told"),
    [
        (2000 / 3, "66.7%"),
        (937.6, "93.8%"),
        # Something is missing, so it is not all; something came, so it is not nothing.
        (999.9, "99.9%"),
        (0.1, "0.1%"),
        (1000, "100%"),
        (0, "0%"),
    ],
)
def test_a_share_is_rounded_but_never_to_all_or_nothing(
    scenario_of: Callable[..., Scenario],
    planned: Callable[..., Plan],
    delivered_kg: float,
    told: str,
) -> None:
    plan = planned(scenario_of([[0, None], [None, 0]], [{"site": "S1"}]), iterations=10)
    metrics = plan.metrics.model_copy(update={"delivered_kg": delivered_kg})
    first = next(bottom_line(plan.model_copy(update={"metrics": metrics})))
    assert first == f"Delivered: {told} of 1 t."
