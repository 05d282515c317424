"""What documents say of areas and changes that hold by the hour, and of who waits for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from briefing.write import write
from optimizer.faults import Language
from optimizer.network.of_scenario import ground_of
from optimizer.plan.model import Plan
from optimizer.plan.read import load_plan
from optimizer.routing import SolveOptions, solve
from optimizer.scenario.model import Scenario
from optimizer.terrain.theatre import Theatre
from optimizer.verify import verify

PLANS = Path(__file__).resolve().parents[1] / "plans"


def at(clock: str) -> str:
    return f"2026-06-15T{clock}:00+02:00"


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return Theatre.open(PLANS / "two-bridges")


@pytest.fixture(scope="module")
def plan(theatre: Theatre) -> Plan:
    """The lorry is at east just before its bridge closes, and waits there until 12:00."""
    document: dict[str, Any] = load_plan(PLANS / "pass-ground.json").scenario.document()
    document |= {
        "display_zone": "Europe/Paris",
        "weather": {"water": "flood"},
        "fleet": document["fleet"][:1],
        "changes": [
            {
                "id": "repairs",
                "label": "bridge under repair",
                "kind": "bridge_out",
                "road": "s1",
                "windows": [
                    {"start": at("08:00"), "end": at("12:00")},
                    {"start": at("18:00"), "end": at("20:00")},
                ],
            },
            {
                "id": "assessed",
                "kind": "class_assessed",
                "road": "s1",
                "load_class_wheeled": 24,
                "windows": [{"start": at("12:00"), "end": at("18:00")}],
            },
        ],
        "areas": [
            {
                "id": "mud",
                "label": "mud after rain",
                "kind": "slow",
                "speed_factor": 0.5,
                # All of the little theatre and more.
                "polygon": [[1.7, 44.2], [1.8, 44.2], [1.8, 44.3], [1.7, 44.3]],
                "windows": [{"start": at("16:00"), "end": at("17:00")}],
            },
        ],
        "demands": [
            {
                "id": "D-east",
                "site": "east",
                "good": "crate",
                "quantity": 30,
                "windows": [{"start": at("07:59"), "end": at("08:00")}],
            }
        ],
    }
    scenario = Scenario.model_validate(document)
    options = SolveOptions(seed=1, iterations=40)
    made = solve(scenario, ground_of(scenario, theatre), options=options)
    assert verify(made, theatre) == ()
    return made


def told(plan: Plan, theatre: Theatre, document: str, language: Language, form: str = "md") -> str:
    written = write(plan, document=document, language=language, form=form, theatre=theatre)
    return written.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "stated", "held"),
    [
        (
            "en",
            "In force only from 150800B to 151200B and from 151800B to 152000B.",
            "Then hold 3 h 4",
        ),
        (
            "fr",
            "En vigueur seulement du 150800B au 151200B et du 151800B au 152000B.",
            "Puis attendre 3 h 4",
        ),
    ],
)
@pytest.mark.parametrize("document", ["movement-order", "convoy-card"])
def test_hours_and_waiting_for_them_are_told(
    plan: Plan, theatre: Theatre, *, document: str, language: Language, stated: str, held: str
) -> None:
    text = told(plan, theatre, document, language)
    assert stated in text
    # Handed over from 07:59 for 16 min, home from 12:00.
    assert held in text
    home = next(line for line in text.splitlines() if line.startswith("| 1.2 |"))
    assert "| 151200B |" in home


def test_a_bridge_bears_on_each_leg_what_is_stated_for_its_hours(
    plan: Plan, theatre: Theatre
) -> None:
    # Out at 07:40 over what the map says, 40; back at 12:00, while 24 is stated: 24 is told.
    text = told(plan, theatre, "convoy-card", "en")
    assert "Bridge MLC 24 (as stated when planning), legs 1.1 and 1.2" in text


def text_of(plan: Plan, theatre: Theatre) -> str:
    """All words of the card with its strip map."""
    page = told(plan, theatre, "convoy-card", "en", "html")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_strip_of_a_closed_way_would_say_so(plan: Plan, theatre: Theatre) -> None:
    """The test below looks for what is written where the change always holds.

    The plan then names a window that is none any more, which is no reason to write nothing.
    """
    scenario = plan.scenario
    always = [change.model_copy(update={"windows": ()}) for change in scenario.changes]
    stated = scenario.model_copy(update={"changes": tuple(always)})
    assert "bridge under repair ( bridge out )" in text_of(
        plan.model_copy(update={"scenario": stated}), theatre
    )


def test_what_does_not_hold_while_a_convoy_passes_is_no_matter_to_it(
    plan: Plan, theatre: Theatre
) -> None:
    order = told(plan, theatre, "movement-order", "en")
    # It is told to all, but to no convoy: nobody drives from 16:00 to 17:00.
    assert order.count("mud after rain") == 1
    # Who watches for the bridge reads when it is out.
    assert "bridge under repair. In force only from" in told(plan, theatre, "convoy-card", "en")
    # The strip map of its card has no sign there: it is crossed while it is open.
    assert "bridge under repair ( bridge out )" not in text_of(plan, theatre)
