"""Reads scenarios: text to plain data, plain data to models, and every fault on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from optimizer.errors import FaultsError, FileError, FormatError
from optimizer.faults import Fault, has_errors
from optimizer.files import read_text
from optimizer.scenario.checks import check_scenario
from optimizer.scenario.json_text import read_json
from optimizer.scenario.model import FORMAT, Scenario
from optimizer.scenario.partial import Partial, without_faulty
from optimizer.scenario.places import Lines
from optimizer.scenario.shape import shape_faults, validate
from optimizer.scenario.yaml_text import read_yaml

__all__ = ["load_scenario", "loads", "parse", "read_document"]

Syntax = Literal["yaml", "json"]
SUFFIXES: Mapping[str, Syntax] = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}

_FORMAT = re.compile(r"convoi/([a-z]+)/(\d{1,9})", re.ASCII)


def load_scenario(path: Path | str) -> Scenario:
    """Read a scenario from a file.

    Parameters
    ----------
    path : Path or str
        YAML or JSON, as the name ends in ``.yaml``, ``.yml`` or ``.json``.

    Returns
    -------
    Scenario
        The scenario; warnings are not told here, see `parse`.

    Raises
    ------
    FileError
        If the file cannot be read as what its name says.
    FormatError
        If it is no scenario, or one of another major version.
    FaultsError
        If it has faults; carries all of them, and the warnings.
    """
    return _accepted(*parse(*read_document(path)))


def loads(text: str, syntax: Syntax = "yaml") -> Scenario:
    """Read a scenario from text.

    Parameters
    ----------
    text : str
        The document.
    syntax : {"yaml", "json"}
        What it is written in.

    Returns
    -------
    Scenario
        The scenario.

    Raises
    ------
    FileError, FormatError, FaultsError
        As `load_scenario`.
    """
    return _accepted(*parse(*_READERS[syntax](text, "the text")))


_READERS = {"yaml": read_yaml, "json": read_json}


def read_document(path: Path | str) -> tuple[dict[str, Any], Lines]:
    """Read a YAML or JSON file as plain data.

    Parameters
    ----------
    path : Path or str
        File.

    Returns
    -------
    data : dict
        Its content.
    lines : Lines
        On which line each value stands, by JSON pointer.

    Raises
    ------
    FileError
        If the file cannot be read as what its name says, or holds no mapping.
    FormatError
        If it is no scenario, or one of another major version.
    """
    path = Path(path)
    syntax = SUFFIXES.get(path.suffix.lower())
    text = read_text(path)
    if syntax is None:
        raise FileError(f"{path}: the name of a document ends in {', '.join(SUFFIXES)}")
    data, lines = _READERS[syntax](text, str(path))
    if not isinstance(data, dict):
        what = {list: "a list", type(None): "nothing"}.get(type(data), "a single value")
        raise FileError(f"{path}: holds {what}; a document is a mapping of keys to values")
    _check_format(data.get("format"), f"{path}: ")
    return data, lines


def parse(data: object, lines: Lines | None = None) -> tuple[Scenario | None, tuple[Fault, ...]]:
    """Make a scenario from plain data and tell everything that is wrong with it.

    Parameters
    ----------
    data : object
        Plain data, as JSON has it.
    lines : Lines, optional
        Where its values stand.

    Returns
    -------
    scenario : Scenario or None
        The scenario, or None if its shape is wrong or it has other faults.
    faults : tuple of Fault
        Every fault and warning, in the order of the document.

    Raises
    ------
    FileError
        If it is no mapping.
    FormatError
        If it is no scenario, or one of another major version.
    """
    if not isinstance(data, dict):
        raise FileError("a scenario is a mapping of keys to values")
    _check_format(data.get("format"))
    lines = lines if lines is not None else Lines()
    faults = [
        Fault(
            "scenario.repeated_key",
            repeated.pointer,
            {"key": repeated.key, "first_line": repeated.first_line},
            line=repeated.line,
        )
        for repeated in lines.repeated
    ]
    scenario: Scenario | None = None
    try:
        scenario = validate(data)
        faults += check_scenario(scenario)
    except ValidationError as error:
        faults += shape_faults(error)
        rest = without_faulty(data, error)
        if rest is not None:
            found = check_scenario(rest.scenario, data=data, damaged=rest.damaged)
            faults += [_in_document(fault, rest) for fault in found]
    placed = tuple(_placed(fault, lines) for fault in faults)
    return (None if has_errors(placed) else scenario), tuple(sorted(placed, key=_line))


def _accepted(scenario: Scenario | None, faults: tuple[Fault, ...]) -> Scenario:
    if scenario is None:
        raise FaultsError(faults)
    return scenario


def _check_format(found: object, where: str = "") -> None:
    match = _FORMAT.fullmatch(found) if isinstance(found, str) else None
    if found == FORMAT:
        return
    if found is None:
        raise FormatError(f"{where}no format is stated; a scenario begins with 'format: {FORMAT}'")
    if match is None or match[1] != "scenario":
        raise FormatError(f"{where}format is {found!r}, which is no scenario; wanted {FORMAT!r}")
    raise FormatError(f"{where}format is {found!r}; this version of Convoi reads {FORMAT!r}")


def _in_document(fault: Fault, rest: Partial) -> Fault:
    """Place a fault of what is left of a document in the document as given."""
    params = dict(fault.params)
    # Of what stands twice this is the place where it stands first.
    if isinstance(first := params.get("first"), str):
        params["first"] = rest.original(first)
    return replace(fault, pointer=rest.original(fault.pointer), params=params)


def _placed(fault: Fault, lines: Lines) -> Fault:
    if fault.line is not None:
        return fault
    return Fault(fault.code, fault.pointer, fault.params, fault.severity, lines.find(fault.pointer))


def _line(fault: Fault) -> int:
    return fault.line or 0
