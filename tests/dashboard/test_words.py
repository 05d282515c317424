"""The catalogue: both languages say everything, and the code asks for nothing else."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from briefing.facts import facts_of
from dashboard.i18n import LANGUAGES, Words, catalogue
from optimizer.plan.read import load_plan

PLANS = Path(__file__).resolve().parents[1] / "plans"
ROOT = Path(__file__).resolve().parents[2] / "dashboard"
#: Keys whose end is put together in the code; each has a whole section, or a part of one.
BUILT = re.compile(r'words(?:\.maybe)?\(\s*f"([a-z]+)\.([a-z_]*)\{')
PLAIN = re.compile(r'words(?:\.maybe)?\(\s*"([a-z]+\.[a-z_]+)"')


def _code() -> str:
    files = [p for p in ROOT.rglob("*.py") if "map" not in p.relative_to(ROOT).parts[:1]]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_both_languages_say_the_same(key: str) -> None:
    entry = catalogue()[key]
    assert set(entry) == set(LANGUAGES)
    assert all(entry[language].strip() for language in LANGUAGES)
    assert _fields(entry["en"]) == _fields(entry["fr"])
    # A plural in one language is one in the other, or a number would be told wrongly.
    assert ("|" in entry["en"]) == ("|" in entry["fr"])


def test_the_code_asks_for_nothing_that_is_not_there() -> None:
    asked = set(PLAIN.findall(_code()))
    assert asked, "the pattern finds nothing any more"
    assert asked <= set(catalogue())
    for section, stem in BUILT.findall(_code()):
        assert any(key.startswith(f"{section}.{stem}") for key in catalogue()), (section, stem)


@pytest.mark.parametrize("path", sorted(PLANS.glob("pass-*.json")), ids=lambda path: path.stem)
def test_each_fact_that_a_sentence_may_rest_on_has_a_name(path: Path) -> None:
    # Without one the page would show the key of the table, in English, to everybody.
    labels = {fact.label for fact in facts_of(load_plan(path))}
    assert {f"fact.{label}" for label in labels} <= set(catalogue())


def test_french_takes_the_singular_for_nought_and_narrow_spaces() -> None:
    assert Words("fr")("start.edits", number=0) == "0 modification"
    assert Words("en")("start.edits", number=0) == "0 edits"
    assert "\u202f:" in Words("fr")("figure.priority", priority=1, mass="9 kg")
