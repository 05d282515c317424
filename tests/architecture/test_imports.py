"""What the import contracts cannot see: names in strings, the front door, and what Python loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOLVERS = {"ortools", "pyvrp"}


def imports(source: str) -> Iterator[str]:
    """Yield the first part of the name of everything that a module imports, lazily or not.

    Strings count that look like a dotted name or ``module:attribute``, since
    ``importlib.import_module`` and tables of commands take them.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            dotted = node.value.partition(":")[0].split(".")
            if all(part.isidentifier() for part in dotted):
                yield dotted[0]


def offenders(folder: Path, forbidden: set[str]) -> list[str]:
    """Name the modules in a folder that reach for what is forbidden."""
    return [
        f"{path.name}: {name}"
        for path in sorted(folder.rglob("*.py"))
        for name in sorted(forbidden & set(imports(path.read_text(encoding="utf-8"))))
    ]


def test_the_optimizer_names_no_room_above_it_even_in_a_string() -> None:
    assert offenders(ROOT / "optimizer", {"briefing", "dashboard"}) == []


def test_the_briefing_names_no_room_above_it_even_in_a_string() -> None:
    assert offenders(ROOT / "briefing", {"dashboard", "ortools", "pyvrp"}) == []


def test_the_front_door_imports_no_solver() -> None:
    assert SOLVERS & set(imports((ROOT / "convoi.py").read_text(encoding="utf-8"))) == set()


@pytest.mark.parametrize(
    "source",
    [
        "import briefing.facts",
        "def f():\n    from briefing import facts",
        "import importlib\nimportlib.import_module('briefing.cli')",
        "TABLE = {'brief': 'briefing.cli:brief'}",
        "__import__('briefing')",
    ],
)
def test_every_way_to_import_is_seen(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source, encoding="utf-8")
    assert offenders(tmp_path, {"briefing"}) == ["module.py: briefing"]


def loaded(module: str) -> set[str]:
    """Give the top-level names and the rooms that a fresh interpreter holds after one import."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        # A reader of scenarios or plans must not wait for geometry libraries and solvers.
        ("optimizer.scenario", {"geopandas", "shapely", "rasterio", "pyogrio", "ortools", "pyvrp"}),
        ("optimizer.plan", {"geopandas", "shapely", "rasterio", "pyogrio", "ortools", "pyvrp"}),
        # What is not loaded cannot share a defect with the solver.
        ("optimizer.verify", {"ortools", "pyvrp", "optimizer.routing", "optimizer.network"}),
        ("briefing", {"ortools", "pyvrp", "optimizer.routing"}),
        # The help of the command appears at once.
        ("convoi", {"geopandas", "matplotlib", "numba", "ortools", "pandas", "pyvrp", "scipy"}),
    ],
)
def test_a_room_loads_nothing_that_it_must_not_know(module: str, forbidden: set[str]) -> None:
    names = loaded(module)
    assert module in names
    assert names & forbidden == set()
