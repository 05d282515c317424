"""The committed JSON Schemas are those of the models, and say what the models say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_schemas_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/write_schemas.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schema_refuses_unknown_keys_and_names_the_required_ones() -> None:
    schema = json.loads((ROOT / "data/schema/scenario.schema.json").read_text(encoding="utf-8"))
    assert schema["additionalProperties"] is False
    assert {"format", "id", "horizon", "sites", "bases", "fleet"} <= set(schema["required"])
    demand = schema["$defs"]["Demand"]
    assert demand["properties"]["quantity"]["exclusiveMinimum"] == 0
    assert schema["$defs"]["Window"]["properties"]["start"]["format"] == "date-time"
