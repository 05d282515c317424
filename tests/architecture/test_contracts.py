"""The contracts of import-linter hold, and each of them breaks when somebody crosses it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["name"] for contract in CONFIG["tool"]["importlinter"]["contracts"]}


def broken(checkout: Path) -> set[str]:
    """Name the contracts that a checkout breaks."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    found = set(re.findall(r"^(.+) BROKEN\b", done.stdout, re.MULTILINE))
    assert bool(found) == bool(done.returncode), done.stdout + done.stderr
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rooms, without data and caches, in which to plant."""
    left_out = shutil.ignore_patterns("__pycache__", "_built")
    for room in ("optimizer", "briefing", "dashboard"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_holds_in_an_untouched_copy(copy: Path) -> None:
    # So a contract that breaks below breaks by what is planted.
    assert broken(copy) == set()


ONE_WAY = "Data flows one way: from optimizer to briefing to dashboard"
DOOR = "Nobody reaches back to the front door"
SOLVERS = "Only routing imports the solvers"
OFFLINE = "No language model, nor anything that calls a server"
SERVED = "Only the rooms of the interface know how they are served"
CONNECTED = "Only the client and the fetching of ground open connections"
VERIFIER = "The verifier shares nothing with routing or the search of the network"
GEOMETRY = "Scenario and plan know no geometry library"
INSIDE = "The layers inside the optimizer"
WORDS = "The layers inside the briefing"
ROUTES = "The layers inside routing"
WAYS = "The layers inside the network"

#: Where something is planted, what, and which contract it breaks.
PLANTS = [
    ("optimizer/units.py", "import briefing", {ONE_WAY}),
    ("briefing/built.py", "import dashboard", {ONE_WAY}),
    ("optimizer/terrain/theatre.py", "import convoi", {DOOR}),
    ("dashboard/map/__init__.py", "import convoi", {DOOR}),
    ("dashboard/map/__init__.py", "import ortools", {SOLVERS}),
    ("dashboard/map/__init__.py", "import mistralai", {OFFLINE}),
    ("briefing/render/__init__.py", "from convoi import main", {DOOR}),
    ("briefing/documents/__init__.py", "import ortools.sat.python.cp_model", {SOLVERS}),
    ("optimizer/network/__init__.py", "from pyvrp import Model", {SOLVERS}),
    ("optimizer/planted.py", "import pyvrp", {SOLVERS, INSIDE}),
    ("briefing/wording/__init__.py", "import mistralai", {OFFLINE}),
    ("optimizer/terrain/write.py", "import requests", {OFFLINE}),
    ("optimizer/jobs/jobs.py", "import uvicorn", {SERVED}),
    ("briefing/write.py", "from fastapi import FastAPI", {SERVED}),
    ("optimizer/jobs/jobs.py", "from optimizer.api import create_api", {INSIDE}),
    ("optimizer/api/plans.py", "import httpx2", {CONNECTED}),
    ("optimizer/terrain/build/assemble.py", "import httpx2", {CONNECTED}),
    ("optimizer/terrain/fetch/run.py", "import httpx2", {CONNECTED}),
    ("optimizer/verify/__init__.py", "import optimizer.network", {VERIFIER}),
    ("optimizer/network/search/__init__.py", "import optimizer.network.state.roads", {WAYS}),
    ("optimizer/network/planted.py", "x = 1", {WAYS}),
    ("optimizer/verify/__init__.py", "from optimizer.check import x", {VERIFIER}),
    ("optimizer/verify/__init__.py", "from optimizer import routing", {VERIFIER, INSIDE}),
    ("optimizer/scenario/__init__.py", "import shapely.geometry", {GEOMETRY}),
    ("optimizer/plan/__init__.py", "import geopandas as gpd", {GEOMETRY}),
    # Not directly: the reader of theatres imports geopandas.
    ("optimizer/plan/__init__.py", "from optimizer.terrain import theatre", {GEOMETRY, INSIDE}),
    ("optimizer/plan/__init__.py", "import optimizer.layers.read", {GEOMETRY, INSIDE}),
    ("optimizer/scenario/__init__.py", "import optimizer.plan", {INSIDE}),
    ("optimizer/check/__init__.py", "import optimizer.routing", {INSIDE}),
    ("optimizer/routing/model/group.py", "from optimizer.routing.evaluate import route", {ROUTES}),
    ("optimizer/routing/repair/ruin.py", "import optimizer.routing.generate.generator", {ROUTES}),
    ("optimizer/routing/search.py", "from optimizer.routing.explain import proofs", {ROUTES}),
    ("optimizer/routing/repair/draft.py", "import ortools.sat.python.cp_model", {SOLVERS}),
    ("briefing/render/html.py", "from briefing.pictures import pictures_of", {WORDS}),
    ("briefing/facts/march.py", "import briefing.wording", {WORDS}),
]


@pytest.mark.parametrize(("file", "line", "contracts"), PLANTS)
def test_a_planted_import_breaks_its_contract(
    copy: Path, file: str, line: str, contracts: set[str]
) -> None:
    # Inside a function, where an import is easily overlooked.
    with (copy / file).open("a", encoding="utf-8") as module:
        module.write(f"\n\ndef planted() -> None:\n    {line}\n")
    assert contracts <= broken(copy)


def test_an_import_for_types_alone_counts_as_well(copy: Path) -> None:
    with (copy / "optimizer/scenario/__init__.py").open("a", encoding="utf-8") as module:
        module.write(
            "\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import geopandas\n"
        )
    assert broken(copy) == {GEOMETRY}


def test_each_contract_is_among_those_that_were_broken() -> None:
    assert set().union(*(contracts for *_, contracts in PLANTS)) == CONTRACTS
