"""YAML text to plain data, from the parser's events: no recursion, no tags, no bombs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from optimizer.errors import FileError
from optimizer.scenario.places import Lines, Recorder, pointer
from optimizer.scenario.scalars import resolve

__all__ = ["MAX_ALIASED", "MAX_DEPTH", "read_yaml"]

#: The deepest place of a scenario, a cell of a matrix, lies at depth 5.
MAX_DEPTH = 64
#: How many values aliases may add to what is written. Ten lists of ten aliases each, nested ten
#: deep, are ten thousand million values in 500 bytes.
MAX_ALIASED = 100_000


def read_yaml(text: str, name: str) -> tuple[Any, Lines]:
    """Read a YAML document.

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
        If it is not YAML, nests too deeply, multiplies itself by aliases, carries tags, or is more
        than one document.
    """
    recorder = Recorder()
    data = _compose(text, name, recorder)
    return data, Lines(lambda: recorder, recorder.repeated)


@dataclass
class _Open:
    """A mapping or list whose end has not come yet."""

    data: dict[str, Any] | list[Any]
    place: str
    anchor: str | None
    size: int = 1
    key: str | None = None
    skips: bool = field(default=False)  # the value of a repeated key is read and dropped


def _compose(text: str, name: str, recorder: Recorder) -> Any:  # noqa: ANN401 - any document
    composer = _Composer(name, recorder)
    try:
        for event in _events(text):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark is not None else ""
        what = error.problem or error.context
        if mark is not None and _begins_with_tab(text, mark.line):
            what = "the line is indented by a tab; YAML is indented by spaces"
        raise FileError(f"{name}{place}: not YAML: {what}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise FileError(f"{name}:{line}: not YAML: {error.reason}") from error
    except yaml.YAMLError as error:
        raise FileError(f"{name}: not YAML: {error}") from error
    return composer.result


def _begins_with_tab(text: str, line: int) -> bool:
    indent = re.match(r"\s*", text.split("\n")[line] if line <= text.count("\n") else "")
    return indent is not None and "\t" in indent[0]


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=yaml.CSafeLoader)


class _Composer:
    def __init__(self, name: str, recorder: Recorder) -> None:
        self.result: Any = None
        self._name = name
        self._recorder = recorder
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._aliased = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        line = mark.line + 1 if mark is not None else 1
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise self._error(line, "a second document begins; one file holds one")
            case yaml.AliasEvent():
                self._alias(event.anchor, line)
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.CollectionStartEvent():
                self._begin(event, line)
            case yaml.CollectionEndEvent():
                self._end()

    def _error(self, line: int, what: str) -> FileError:
        return FileError(f"{self._name}:{line}: {what}")

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self._refuse_tag(event.tag, line)
        if self._wants_key():
            self._key(event.value, line)
            return
        plain = event.implicit[0] and event.style in (None, "")
        value = resolve(event.value) if plain else event.value
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, 1)
        self._recorder.value(self._place(), line)
        self._put(value, 1)

    def _begin(self, event: yaml.CollectionStartEvent, line: int) -> None:
        self._refuse_tag(event.tag, line)
        if self._wants_key():
            raise self._error(line, "a key is text, not a list or a mapping")
        if len(self._stack) >= MAX_DEPTH:
            raise self._error(line, f"nested more than {MAX_DEPTH} deep")
        place = self._place()
        self._recorder.value(place, line)
        data: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_Open(data, place, event.anchor))

    def _end(self) -> None:
        done = self._stack.pop()
        if done.anchor is not None:
            self._anchors[done.anchor] = (done.data, done.size)
        self._put(done.data, done.size)

    def _alias(self, anchor: str | None, line: int) -> None:
        if self._wants_key():
            raise self._error(line, "a key is text, not an alias")
        if anchor is None or anchor not in self._anchors:
            raise self._error(line, f"*{anchor} names nothing that stands complete before it")
        value, size = self._anchors[anchor]
        self._aliased += size
        if self._aliased > MAX_ALIASED:
            raise self._error(line, f"aliases repeat more than {MAX_ALIASED} values")
        self._recorder.value(self._place(), line)
        self._put(value, size)

    def _refuse_tag(self, tag: str | None, line: int) -> None:
        if tag not in (None, "!"):
            raise self._error(line, f"the tag {tag} is not used here; write the plain value")

    def _wants_key(self) -> bool:
        if not self._stack:
            return False
        return isinstance(self._stack[-1].data, dict) and self._stack[-1].key is None

    def _key(self, key: str, line: int) -> None:
        top = self._stack[-1]
        top.key = key
        place = top.place + pointer(key)
        top.skips = key in top.data
        if top.skips:
            self._recorder.again(place, key, line)
        self._recorder.value(place, line)

    def _place(self) -> str:
        if not self._stack:
            return ""
        top = self._stack[-1]
        return top.place + pointer(len(top.data) if top.key is None else top.key)

    def _put(self, value: Any, size: int) -> None:  # noqa: ANN401 - any value
        if not self._stack:
            self.result = value
            return
        top = self._stack[-1]
        top.size += size
        if isinstance(top.data, list):
            top.data.append(value)
        else:
            if not top.skips:
                top.data[str(top.key)] = value
            top.key = None
