"""Writes scenarios as YAML or JSON, and tells their digest."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal

import yaml

from optimizer.errors import UsageError
from optimizer.files import write_text
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import SUFFIXES
from optimizer.scenario.scalars import PATTERNS

__all__ = ["dump_scenario", "dumps", "scenario_digest"]


class _Dumper(yaml.SafeDumper):
    """Quotes every text that a reader of YAML 1.1 or 1.2 would take for something else."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the library's signature
        return True

    def represent_short(self, data: list[object]) -> yaml.Node:
        """Write a list of plain values, such as a corner of an area, on one line."""
        flow = not any(isinstance(value, (list, dict)) for value in data)
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)


for _tag, _pattern in PATTERNS.items():
    _Dumper.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern.pattern})$", _pattern.flags), None
    )
_Dumper.add_representer(list, _Dumper.represent_short)


def dumps(scenario: Scenario, syntax: Literal["yaml", "json"] = "yaml") -> str:
    """Write a scenario as text.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    syntax : {"yaml", "json"}
        What to write it in.

    Returns
    -------
    str
        A document that reads back as the same scenario.
    """
    document = scenario.document()
    if syntax == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def dump_scenario(scenario: Scenario, path: Path | str) -> None:
    """Write a scenario to a file, which stands there whole or not at all.

    Parameters
    ----------
    scenario : Scenario
        Scenario.
    path : Path or str
        File; the name ends in ``.yaml``, ``.yml`` or ``.json``.

    Raises
    ------
    UsageError
        If the name ends in something else.
    OutsideError
        If it cannot be written.
    """
    path = Path(path)
    syntax = SUFFIXES.get(path.suffix.lower())
    if syntax is None:
        raise UsageError(f"{path}: the name of a scenario ends in {', '.join(SUFFIXES)}")
    write_text(path, dumps(scenario, syntax))


def scenario_digest(scenario: Scenario) -> str:
    """Return the digest of what a scenario states.

    Parameters
    ----------
    scenario : Scenario
        Scenario.

    Returns
    -------
    str
        Hexadecimal SHA-256 of its document as JSON with sorted keys and no spaces; the order of
        keys, the syntax and the remarks of its file do not change it.
    """
    canonical = json.dumps(
        scenario.document(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
