"""Reads and writes ``plan.json``: what is not a plan is refused in one clear message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from optimizer.errors import FileError, FormatError
from optimizer.files import write_text
from optimizer.plan.model import FORMAT, Plan

__all__ = ["LIMIT_BYTES", "dump_plan", "load_plan", "plan_text", "pointer_in", "read_plan"]

#: A plan of a thousand legs with their paths has about 10 MB.
LIMIT_BYTES = 64_000_000
_TOKEN = re.compile(r"[\w.+-]{0,20}", re.ASCII)
#: So many faults of one file are worth reading.
_SHOWN = 40


def load_plan(path: Path | str) -> Plan:
    """Read a plan.

    Parameters
    ----------
    path : Path or str
        File that `dump_plan` wrote.

    Returns
    -------
    Plan
        The plan; whether it keeps the rules is for ``optimizer.verify`` to tell.

    Raises
    ------
    FileError
        If the file is missing, too large, cut short, not JSON, or not shaped as a plan.
    FormatError
        If it is another document, or of a major version that this program does not know.
    """
    path = Path(path)
    text = _text(path)
    try:
        return read_plan(text, str(path))
    except ValidationError as error:
        raise FileError(_faults(path, json.loads(text), error)) from error


def read_plan(text: str, name: str) -> Plan:
    """Read a plan in a text.

    Parameters
    ----------
    text : str
        JSON.
    name : str
        What to call it in messages.

    Returns
    -------
    Plan
        The plan.

    Raises
    ------
    FileError
        If it is cut short, or not JSON.
    FormatError
        If it is another document, or of a major version that this program does not know.
    ValidationError
        If it is not shaped as a plan; `pointer_in` tells where.
    """
    raw = _parse(name, text)
    if not isinstance(raw, dict):
        raise FileError(f"{name} is not a plan: it holds no JSON object")
    if raw.get("format") != FORMAT:
        raise FormatError(_other_format(name, raw.get("format")))
    # Strict, or a number would pass for a time.
    return Plan.model_validate_json(text, strict=True)


def plan_text(plan: Plan) -> str:
    """Return a plan as it is written: keys in the order of the model, one stable form.

    Parameters
    ----------
    plan : Plan
        Plan.

    Returns
    -------
    str
        Compact JSON, with each route, leg, stop and so on beginning a line, so that two plans can
        be compared line by line; ends with a newline.
    """
    return "".join(_written(plan.model_dump(mode="json"))) + "\n"


def dump_plan(plan: Plan, path: Path | str) -> None:
    """Write a plan; either all of it stands at the end, or what was there before.

    Parameters
    ----------
    plan : Plan
        Plan.
    path : Path or str
        File to write or replace.

    Raises
    ------
    UsageError
        If it is a folder, or its folder does not exist.
    OutsideError
        If it cannot be written.
    """
    write_text(Path(path), plan_text(plan))


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise FileError(f"{path} is a folder; a plan is a file such as plan.json")
        if size > LIMIT_BYTES:
            raise FileError(
                f"{path} has {size / 1e6:.0f} MB; a plan has at most {LIMIT_BYTES / 1e6:.0f} MB"
            )
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise FileError(f"{path} does not exist") from error
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path} is not a plan: it is no UTF-8 text") from error


def _parse(name: str, text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        if not text.strip():
            raise FileError(f"{name} is empty; a plan was expected") from error
        # What is left is nothing, the beginning of a text, or of a number or a word such as null.
        rest = text[error.pos :].strip()
        if error.pos and (error.msg.startswith("Unterminated") or _TOKEN.fullmatch(rest)):
            raise FileError(f"{name} is cut short: it ends inside line {error.lineno}") from error
        raise FileError(
            f"{name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except ValueError as error:
        raise FileError(f"{name} is not JSON: {error}") from error
    except RecursionError as error:
        raise FileError(f"{name} is not a plan: it is nested too deeply") from error


def _no_twins(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice in one object")
        found[key] = value
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _other_format(name: str, found: object) -> str:
    if isinstance(found, str) and found.startswith("convoi/plan/"):
        return (
            f"{name}: format is {found!r}; this version of Convoi reads {FORMAT!r}: use the"
            " version that wrote the plan, or plan again"
        )
    return f"{name} is not a plan: format is {found!r}, it should be {FORMAT!r}"


def _faults(path: Path, raw: dict[str, Any], error: ValidationError) -> str:
    found = [f"  {pointer_in(raw, e['loc'])}: {e['msg']}" for e in error.errors(include_url=False)]
    head = f"{path} is not shaped as a plan ({len(found)} faults):" if found[1:] else f"{path}:"
    if len(found) > _SHOWN:
        found[_SHOWN:] = [f"  and {len(found) - _SHOWN} more"]
    return "\n".join([head, *found])


def pointer_in(raw: object, location: Sequence[str | int]) -> str:
    """Write where a fault lies as a JSON pointer, without the tags that pydantic puts in.

    Parameters
    ----------
    raw : object
        The document as plain data.
    location : sequence of str or int
        Location of an error of pydantic.

    Returns
    -------
    str
        RFC 6901 pointer.
    """
    parts = []
    here: Any = raw
    for key in location:
        if isinstance(here, dict) and key not in here and here.get("kind") == key:
            continue
        parts.append(str(key).replace("~", "~0").replace("/", "~1"))
        inside = isinstance(here, dict) and key in here
        within = isinstance(here, list) and isinstance(key, int) and key < len(here)
        here = here[key] if inside or within else None
    return "/" + "/".join(parts)


def _written(value: object) -> Iterator[str]:
    """Yield compact JSON, with each object of a list on a line of its own."""
    if isinstance(value, Mapping):
        yield "{"
        for index, (key, inner) in enumerate(value.items()):
            yield f"{',' if index else ''}{json.dumps(key, ensure_ascii=False)}:"
            yield from _written(inner)
        yield "}"
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        yield "["
        for index, inner in enumerate(value):
            yield ",\n" if index else "\n"
            yield from _written(inner)
        yield "]"
    else:
        yield json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
