"""JSON text to plain data; the lines of its values are worked out only when they are asked for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from optimizer.errors import FileError
from optimizer.scenario.places import Lines, Recorder, pointer

__all__ = ["read_json"]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def read_json(text: str, name: str) -> tuple[Any, Lines]:
    """Read a JSON document.

    Parameters
    ----------
    text : str
        Its text.
    name : str
        What to call it in messages.

    Returns
    -------
    data : object
        Mappings, lists, text, numbers, booleans and None.
    lines : Lines
        On which line each value stands.

    Raises
    ------
    FileError
        If it is not JSON, or nests too deeply.
    """
    repeats = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeats
        data: dict[str, Any] = {}
        for key, value in items:
            repeats |= key in data
            data.setdefault(key, value)
        return data

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise FileError(f"{name}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise FileError(f"{name}: nested too deep") from error
    except ValueError as error:  # NaN and Infinity; a number of more than 4,300 digits
        raise FileError(f"{name}: not JSON: {error}") from error
    if "\\u" in text:
        _refuse_half_characters(data, name)
    return data, Lines(lambda: _record(text), _record(text).repeated if repeats else ())


def _refuse_half_characters(data: Any, name: str) -> None:  # noqa: ANN401 - any document
    try:
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        raise FileError(f"{name}: \\u{code:04x} is half a character; write its pair") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


@dataclass
class _Open:
    place: str
    index: int | None  # of the next entry of a list; None in a mapping
    key: str | None = None


def _record(text: str) -> Recorder:
    """Walk the tokens of a text that is known to be JSON."""
    recorder = Recorder()
    stack: list[_Open] = []
    line, position = 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", position, token.start())
        position = token.start()
        first = token.group()[0]
        top = stack[-1] if stack else None
        if first == ":":
            continue
        if first == ",":
            if top is not None and top.index is not None:
                top.index += 1
            elif top is not None:
                top.key = None
            continue
        if first in "}]":
            stack.pop()
            continue
        if top is not None and top.index is None and top.key is None:
            _key(recorder, top, json.loads(token.group()), line)
            continue
        place = _place(top)
        recorder.value(place, line)
        if first in "{[":
            stack.append(_Open(place, None if first == "{" else 0))
    return recorder


def _key(recorder: Recorder, top: _Open, key: str, line: int) -> None:
    top.key = key
    place = top.place + pointer(key)
    if place in recorder.lines:
        recorder.again(place, key, line)
    recorder.value(place, line)


def _place(top: _Open | None) -> str:
    if top is None:
        return ""
    return top.place + pointer(str(top.key) if top.index is None else top.index)
