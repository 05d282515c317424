"""The plans of ``tests/plans``: those that pass do, the others break the one rule of their name."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from optimizer.datasets import data_path
from optimizer.plan.read import load_plan
from optimizer.terrain.theatre import Theatre
from optimizer.verify import proved, verify

ROOT = Path(__file__).resolve().parent.parent.parent
PLANS = ROOT / "tests" / "plans"
FILES = sorted(PLANS.glob("pass-*.json")) + sorted(PLANS.glob("fail-*.json"))
#: Codes that no plan by itself can show; they have tests of their own.
ELSEWHERE = {
    "provenance.other_scenario",
    "provenance.raster",
    "past.changed",
    "past.parent",
    "unproved.past",
    "unproved.raster",
    "unproved.theatre",
    "path.ceiling",
    "path.link_nowhere",
    "path.together",
}


def _expected(name: str) -> set[str]:
    return set() if name.startswith("pass-") else {name[5:].partition("--")[0]}


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_plan_breaks_the_rule_of_its_name_and_no_other(path: Path, two_bridges: Theatre) -> None:
    plan = load_plan(path)
    found = verify(plan, None if plan.scenario.matrices else two_bridges)
    assert {violation.code for violation in found} == _expected(path.stem)
    assert proved(found) is path.stem.startswith("pass-")
    for violation in found:
        assert "{" not in violation.text("en")
        assert "{" not in violation.text("fr")


def test_there_is_a_plan_for_every_rule() -> None:
    """A rule that no plan breaks may well be one that nothing checks."""
    shown = {code for path in FILES for code in _expected(path.stem)}
    with data_path("messages", "violations.toml").open("rb") as file:
        assert set(tomllib.load(file)) == shown | ELSEWHERE
    assert len([path for path in FILES if path.stem.startswith("pass-")]) >= 6
    assert len([path for path in FILES if path.stem.startswith("fail-")]) >= 30


def test_every_code_in_the_source_has_words() -> None:
    with data_path("messages", "violations.toml").open("rb") as file:
        words = tomllib.load(file)
    sources = (ROOT / "optimizer" / "verify").rglob("*.py")
    codes = {
        code
        for source in sources
        for code in re.findall(
            r'"((?:provenance|id|convoy|vehicle|way|time|load|pickup|supply|demand|reason|metrics|matrix'
            r'|path|unproved|site|base)\.[a-z_]+)"',
            source.read_text(encoding="utf-8"),
        )
    }
    assert len(codes) > 60
    assert codes <= set(words)
    for sentences in words.values():
        fields = [set(re.findall(r"{(\w+)}", sentences[language])) for language in ("en", "fr")]
        assert fields[0] == fields[1]


def test_the_files_are_what_their_recipes_make(plan_recipes: ModuleType) -> None:
    """Otherwise ``cases.py`` would not say what is wrong with them."""
    made = plan_recipes.plans()
    assert sorted(made) == sorted(path.stem for path in FILES)
    for path in FILES:
        stored = json.loads(path.read_text(encoding="utf-8"))
        assert stored == made[path.stem], f"run python {PLANS.name}/build.py: {path.name} is stale"


def test_the_theatre_is_what_its_recipe_makes(
    plan_recipes: ModuleType, two_bridges: Theatre, tmp_path: Path
) -> None:
    plan_recipes.sibling("ground").write(tmp_path / "again")
    assert Theatre.open(tmp_path / "again").manifest.digest == two_bridges.manifest.digest
