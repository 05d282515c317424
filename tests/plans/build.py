"""Writes the theatre and every plan of this folder again: ``python tests/plans/build.py``.

Each ``fail-*`` plan is a ``pass`` plan with one change, which stands in ``cases.py``; its name is
the code of the rule that it breaks, and after two dashes in which way.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
THEATRE = HERE / "two-bridges"
WIDTH = 110

Json = dict[str, Any]


def sibling(name: str) -> ModuleType:
    """Import a module of this folder, which is no package."""
    known = sys.modules.get(f"plans_{name}")
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(f"plans_{name}", HERE / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"plans_{name}"] = module
    spec.loader.exec_module(module)
    return module


def plans() -> dict[str, Json]:
    """Return every plan by name."""
    found: dict[str, Json] = sibling("cases").plans()
    return found


def text(plan: Json) -> str:
    """Write a plan with what fits into a line on one line."""
    return _written(plan, 0) + "\n"


def _written(value: Any, depth: int) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + depth <= WIDTH or not value or not isinstance(value, dict | list):
        return line
    pad = " " * (depth + 1)
    if isinstance(value, list):
        inner = [_written(item, depth + 1) for item in value]
        return "[\n" + ",\n".join(pad + item for item in inner) + "\n" + " " * depth + "]"
    inner = [f"{json.dumps(k)}: {_written(v, depth + 1)}" for k, v in value.items()]
    return "{\n" + ",\n".join(pad + item for item in inner) + "\n" + " " * depth + "}"


def main() -> None:
    """Write all files, and remove those of plans that are no more."""
    shutil.rmtree(THEATRE, ignore_errors=True)
    sibling("ground").write(THEATRE)
    for path in [*HERE.glob("pass-*.json"), *HERE.glob("fail-*.json")]:
        path.unlink()
    for name, plan in plans().items():
        (HERE / f"{name}.json").write_text(text(plan), encoding="utf-8")


if __name__ == "__main__":
    main()
