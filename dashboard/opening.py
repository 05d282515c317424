"""Reads what a person drops on the page: a scenario in YAML or JSON, or a plan."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from optimizer.errors import ConvoiError, FaultsError, FileError, FormatError
from optimizer.files import MAX_BYTES, write_text
from optimizer.plan.model import Plan
from optimizer.plan.read import load_plan
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import load_scenario

__all__ = ["opened"]

_SUFFIXES = (".yaml", ".yml", ".json")


def opened(name: str, text: str) -> tuple[Scenario, Plan | None]:
    """Read a file's content.

    Parameters
    ----------
    name : str
        Name of the file.
    text : str
        Its content.

    Returns
    -------
    scenario : Scenario
        The scenario, or the one inside the plan.
    plan : Plan or None
        The plan, if the file is one.

    Raises
    ------
    FileError, FormatError, FaultsError
        If it is neither, or has faults; the messages name the file as the person knows it.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in _SUFFIXES:
        raise FileError(f"{name}: the name of a scenario or plan ends in {', '.join(_SUFFIXES)}")
    if len(text) > MAX_BYTES:
        raise FileError(f"{name} is too large; the most that is read is {MAX_BYTES // 2**20} MB")
    with tempfile.TemporaryDirectory(prefix="convoi-") as folder:
        # The readers take a file, as only a file has lines and a syntax that its name tells.
        path = Path(folder) / f"document{suffix}"
        write_text(path, text)
        try:
            if suffix == ".json" and _is_plan(text):
                plan = load_plan(path)
                return plan.scenario, plan
            return load_scenario(path), None
        except FaultsError:
            raise
        except ConvoiError as error:
            kind = FormatError if isinstance(error, FormatError) else FileError
            raise kind(str(error).replace(str(path), name)) from error


def _is_plan(text: str) -> bool:
    try:
        found = json.loads(text)
    except ValueError:
        return False
    named = found.get("format") if isinstance(found, Mapping) else None
    return isinstance(named, str) and named.startswith("convoi/plan/")
