"""The phrase bank is complete: whatever can be said can be said in both languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefing.documents.shortfall import reason_claims
from briefing.facts import Count, Fact, Name, Subject, Time
from briefing.facts.comparison import _FIGURES, _NAMED, _PAPER
from briefing.wording import LANGUAGES, BankError, Statement, bank, voice
from briefing.wording.bank import parse_template
from briefing.wording.values import _OTHERS, _QUANTITIES
from optimizer.plan.model import ReasonKind
from optimizer.scenario.model import AreaKind, ChangeKind, GroundState, Scenario

ROOT = Path(__file__).resolve().parents[2]
SLOT_TYPES = {"any", *_QUANTITIES.values(), *_OTHERS.values()}


def _fields(text: str) -> set[str]:
    """Slots of a template, read without the program's own parser."""
    return set(re.findall(r"\{(?:de |à |short |and )?([a-z_]+)", text))


def _phrasings(given: object) -> list[str]:
    return [str(text) for text in given] if isinstance(given, list) else [str(given)]


def _tables(node: dict[str, object], key: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    for name, inner in node.items():
        if isinstance(inner, dict):
            if "en" in inner or "fr" in inner:
                yield f"{key}{name}", inner
            else:
                yield from _tables(inner, f"{key}{name}.")


def test_each_claim_has_both_languages_with_the_same_slots() -> None:
    folder = ROOT / "briefing" / "wording" / "phrases"
    count = 0
    for file in sorted(folder.glob("[!v]*.toml")):
        for key, entry in _tables(tomllib.loads(file.read_text("utf-8"))):
            slots = set(entry.get("slots", {}))  # type: ignore[call-overload]
            for language in LANGUAGES:
                for text in _phrasings(entry[language]):
                    assert _fields(text) == slots, key
                    assert text.strip(), key
            count += 1
    assert count == len(bank().claims)


def test_each_slot_has_a_type_that_a_value_can_have() -> None:
    for claim in bank().claims.values():
        assert set(claim.slots.values()) <= SLOT_TYPES, claim.key


def _reason_rows() -> Iterator[tuple[str, str]]:
    """Kinds and codes of the table in docs/reference/plan.md."""
    text = (ROOT / "docs" / "reference" / "plan.md").read_text("utf-8")
    table = text.split("| code | proved | observed | parameters |")[1]
    for line in table.splitlines()[2:]:
        if not line.startswith("|"):
            break
        code, proved, observed, _ = (cell.strip() for cell in line.strip("|").split("|"))
        for kind, said in (("proved", proved), ("observed", observed)):
            if said:
                yield kind, code.strip("`")


@pytest.mark.parametrize(("kind", "code"), list(_reason_rows()))
def test_each_code_of_a_reason_has_words_of_its_own(kind: str, code: str) -> None:
    # Without any of its parameters, too: the entry for "other" codes is not enough.
    bare = [c for c in reason_claims(kind, code) if c in bank().claims]
    assert bare[:-1], f"{kind} {code} has only the words for unknown codes"
    assert any(not bank().claims[c].slots for c in bare[:-1])
    if kind == "observed":
        assert bank().vocabulary.word(f"lifted.{code}", "fr")


def test_each_cause_of_an_unreachable_site_has_words() -> None:
    text = (ROOT / "optimizer" / "network" / "ground.py").read_text("utf-8")
    listed = text.split("code : str")[1].split("site : str")[0]
    causes = re.findall(r'``"([a-z_]+)"``', listed)
    assert len(causes) == 17
    for cause in causes:
        assert f"reason.proved.unreachable.{cause}.at_site" in bank().claims


@pytest.mark.parametrize(
    ("group", "members"),
    [
        ("ground", GroundState),
        ("change", ChangeKind),
        ("area", AreaKind),
        ("reason_kind", ReasonKind),
    ],
)
def test_each_coded_value_has_words(group: str, members: type) -> None:
    vocabulary = bank().vocabulary
    for member in members:  # type: ignore[attr-defined]
        for language in LANGUAGES:
            assert vocabulary.word(f"{group}.{member.value}", language), (member, language)


def test_each_assumption_has_words() -> None:
    text = (ROOT / "docs" / "reference" / "plan.md").read_text("utf-8")
    codes = re.findall(r"^\| `([a-z_]+)[^`]*` \|", text.split("## Assumptions")[1], re.MULTILINE)
    assert len(codes) >= 6
    for code in codes:
        assert f"assumption.{code}" in bank().claims


def test_each_kind_of_reason_is_explained() -> None:
    for kind in ReasonKind:
        assert f"undelivered.legend_{kind.value}" in bank().claims


def _in_both(key: str) -> bool:
    vocabulary = bank().vocabulary
    return all(vocabulary.word(key, language) for language in LANGUAGES)


@pytest.mark.parametrize(("kind", "code"), list(_reason_rows()))
def test_each_reason_says_what_would_have_to_change(kind: str, code: str) -> None:
    # An unreachable site says so by what cuts it off, see below.
    assert code == "unreachable" or _in_both(f"condition.{kind}.{code}")
    assert _in_both(f"certainty.{kind}")


def test_each_cause_of_an_unreachable_site_says_what_would_have_to_change() -> None:
    text = (ROOT / "optimizer" / "network" / "ground.py").read_text("utf-8")
    causes = re.findall(r'``"([a-z_]+)"``', text.split("code : str")[1].split("site : str")[0])
    for cause in causes:
        assert _in_both(f"condition.proved.unreachable.{cause}"), cause


def test_each_figure_that_is_compared_has_a_name() -> None:
    assert all(_in_both(f"figure.{label}") for label in (*_FIGURES, "fuel"))


def test_each_part_of_a_scenario_that_may_change_has_a_name() -> None:
    # What is told by name, and what is of the paper and not of the question, needs none.
    told = {*_NAMED, *_PAPER, "format"}
    for part in Scenario.model_fields.keys() - told:
        assert _in_both(f"asked.{part}"), part


def test_phrasings_take_turns() -> None:
    facts = {
        "first": Fact(Subject("plan", "P"), "first", Time(datetime(2026, 6, 15, 4, tzinfo=UTC)))
    }
    said = [
        voice("fr", "UTC").say(Statement("proposal.approve", facts, turn)).text for turn in range(3)
    ]
    assert said[0] != said[1]
    # After the last phrasing comes the first.
    assert said[2] == said[0]
    assert all("150400ZJUN26" in text for text in said)


def test_a_stray_brace_is_a_defect_of_the_bank() -> None:
    with pytest.raises(BankError, match="brace"):
        parse_template("{ share }", "en")


def test_a_fact_of_another_type_does_not_fit_a_slot() -> None:
    # A mass is wanted; a name in its place must not be printed as if it were one.
    wrong = Fact(Subject("plan", "P"), "undelivered_kg", Name("twelve"))
    time = Fact(Subject("plan", "P"), "first", Name("noon"))
    statement = Statement("decision.shortfall", {"missing": wrong, "first": time})
    with pytest.raises(BankError, match=r"slot missing .* takes a mass, not a name"):
        voice("en", "UTC").say(statement)


def test_a_claim_with_a_slot_too_few_is_not_said() -> None:
    number = Fact(Subject("plan", "P"), "convoys", Count(2))
    with pytest.raises(BankError, match="takes"):
        voice("fr", "UTC").say(Statement("bottom_line.movement", {"convoys": number}))
