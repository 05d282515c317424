"""Writes the JSON Schemas of data/schema from the models, or with --check compares them.

Editors complete and check documents with them: a YAML file names its own in a first line such as
``# yaml-language-server: $schema=../schema/scenario.schema.json``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import BaseModel

from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario
from optimizer.terrain.theatre import Manifest

__all__ = ["schema_text"]

FOLDER = Path(__file__).resolve().parent.parent / "data" / "schema"
MODELS: dict[str, type[BaseModel]] = {"scenario": Scenario, "plan": Plan, "theatre": Manifest}


def schema_text(model: type[BaseModel]) -> str:
    """Return the JSON Schema of a document.

    Parameters
    ----------
    model : type of BaseModel
        Model of the document.

    Returns
    -------
    str
        JSON, indented.
    """
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the schemas, or compare them with the models.

    Returns
    -------
    int
        1 if one is not current, else 0.
    """
    stale = []
    for name, model in MODELS.items():
        path, text = FOLDER / f"{name}.schema.json", schema_text(model)
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    if stale:
        print(f"not current: {', '.join(stale)}; run python tools/write_schemas.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
