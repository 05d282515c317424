"""Reading: what YAML and JSON mean here, on which line it stands, what is no document."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from optimizer.errors import FaultsError, FileError, FormatError
from optimizer.files import MAX_BYTES
from optimizer.scenario.json_text import read_json
from optimizer.scenario.model import Scenario
from optimizer.scenario.read import load_scenario, loads, parse, read_document
from optimizer.scenario.yaml_text import read_yaml

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
#: Nine levels of nine aliases each: 9**9 values in 300 bytes.
BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # YAML 1.1 reads the first five as false, true, 630 minutes, 1000 and a date.
        ("no", "no"),
        ("on", "on"),
        ("10:30", "10:30"),
        ("1_000", "1_000"),
        ("2026-06-15", "2026-06-15"),
        ("2026-06-15T04:00:00+02:00", "2026-06-15T04:00:00+02:00"),
        ("true", True),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("010", 10),  # not eight, as in YAML 1.1
        ("0x1F", 31),
        ("0o17", 15),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", float("-inf")),
        ("'12'", "12"),
        ('"true"', "true"),
        ("1" * 5000, "1" * 5000),  # Python makes no integer of so many digits
    ],
)
def test_plain_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    data, _ = read_yaml(f"key: {text}\n", "x.yaml")
    assert data == {"key": value}
    assert type(data["key"]) is type(value)


def test_lines_of_yaml() -> None:
    text = "a: 1\nb:\n  - x: 1\n    y/z: 2\n  - [3,\n     4]\n"
    _, lines = read_yaml(text, "x.yaml")
    assert dict(lines) == {
        "": 1,
        "/a": 1,
        "/b": 2,
        "/b/0": 3,
        "/b/0/x": 3,
        "/b/0/y~1z": 4,
        "/b/1": 5,
        "/b/1/0": 5,
        "/b/1/1": 6,
    }
    assert lines.find("/b/0/w") == 3  # nothing there: the line of what is around it


def test_lines_of_json_are_those_of_the_same_text_as_yaml() -> None:
    # JSON written over several lines is YAML as well, so the two readers must agree.
    data = {"a": [1, {"b\n": "} ] , :", "c": []}, [[2]]], "": {"d": None}, 'q"': True}
    text = json.dumps(data, indent=1)
    assert dict(read_json(text, "x.json")[1]) == dict(read_yaml(text, "x.yaml")[1])


def test_a_fault_knows_its_line(changed: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    text = yaml.safe_dump(changed({"/demands/1/quantity": -5}), sort_keys=False)
    with pytest.raises(FaultsError) as caught:
        loads(text)
    (fault,) = caught.value.faults
    written = text.splitlines()[(fault.line or 0) - 1]
    assert written.strip() == "quantity: -5"


@pytest.mark.parametrize("syntax", ["yaml", "json"])
def test_a_repeated_key_is_a_fault_with_both_lines(syntax: str) -> None:
    text = '{"format": "convoi/scenario/1",\n "id": "a",\n "id": "b"}'
    reader = {"yaml": read_yaml, "json": read_json}[syntax]
    _, faults = parse(*reader(text, "x"))
    (fault,) = (f for f in faults if f.code == "scenario.repeated_key")
    assert (fault.pointer, fault.line, fault.params["first_line"]) == ("/id", 3, 2)


def test_aliases_repeat_a_value(sound: dict[str, Any]) -> None:
    del sound["demands"][1]
    window = "{start: 2026-06-15T06:00Z, end: 2026-06-15T08:00Z}"
    text = yaml.safe_dump(sound, sort_keys=False).replace(
        "demands:\n",
        f"demands:\n- &d {{id: d2, site: bravo, good: pump, quantity: 1, windows: [{window}]}}\n",
    )
    scenario = loads(text + "note: see\n")
    assert scenario.demands[0].windows[0].start.hour == 6
    data, lines = read_yaml("a: &w [1, 2]\nb: *w\n", "x.yaml")
    assert data == {"a": [1, 2], "b": [1, 2]}
    assert lines.find("/b/1") == 2


REFUSED: list[tuple[str, bytes, str]] = [
    ("a.yaml", b"", "empty"),
    ("a.yaml", b" \n\t\n", "empty"),
    ("a.yaml", b"# nothing but a remark\n", "holds nothing"),
    ("a.yaml", PNG, "a PNG picture"),
    ("a.json", b"PK\x03\x04" + bytes(9), "ZIP"),
    ("a.yaml", "id: dépôt\n".encode("latin-1"), ":1: byte 6 is not UTF-8"),
    ("a.yaml", "id: a\n".encode("utf-16"), "UTF-16"),
    ("a.yaml", b"id: a\x00b\n", "byte 6 is NUL"),
    ("a.yaml", b"- a\n- b\n", "holds a list"),
    ("a.json", b"[1, 2]", "holds a list"),
    ("a.yaml", b"just words\n", "a single value"),
    ("a.yaml", b"id: a\nsites: [1, 2\nbases: 3\n", ":3:6: not YAML"),
    ("a.yaml", b"id: a\n\tsites: 1\n", "not YAML"),
    ("a.yaml", b"id: a\x07\n", "not YAML"),
    ("a.json", b'{"id": "a",}', "not JSON"),
    ("a.json", b'{"id": NaN}', "NaN is not a number"),
    ("a.json", b'{"id": ' + b"9" * 5000 + b"}", "not JSON"),
    ("a.json", b'{"id": "\\ud800"}', "half a character"),
    ("a.json", b"id: yaml\n", "not JSON"),
    ("a.json", b"[" * 200_000, "nested too deep"),
    ("a.yaml", b"[" * 200_000, "nested more than 64 deep"),
    ("a.yaml", b"a: " + b"{b: " * 200_000, "nested more than 64 deep"),
    ("a.yaml", BOMB.encode(), "aliases repeat more than"),
    ("a.yaml", b"a: &a [*a]\n", "names nothing that stands complete before it"),
    ("a.yaml", b"a: *b\n", "names nothing"),
    ("a.yaml", b"a: !!python/object/apply:os.system ['true']\n", "is not used here"),
    ("a.yaml", b"? [a, b]\n: 1\n", "a key is text"),
    ("a.yaml", b"a: 1\n---\nb: 2\n", "a second document"),
    ("a.txt", b"id: a\n", "ends in .yaml, .yml, .json"),
]


@pytest.mark.parametrize(("name", "content", "message"), REFUSED)
def test_what_is_no_document_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_document(path)
    told = str(caught.value)
    assert message in told
    assert name in told
    assert len(told.splitlines()) == 1


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist"):
        read_document(tmp_path / "none.yaml")
    with pytest.raises(FileError, match="is a folder"):
        read_document(tmp_path)


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(FileError, match="not a regular file"):
        read_document(tmp_path / "pipe.yaml")


def test_200_mb_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)  # sparse: takes no room on the disk
    assert path.stat().st_size > MAX_BYTES
    with pytest.raises(FileError, match="has 200 MB; the most that is read is 32 MB"):
        read_document(path)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (None, "no format is stated"),
        ("convoi/scenario/2", "reads 'convoi/scenario/1'"),
        ("convoi/plan/1", "no scenario"),
        (1, "no scenario"),
    ],
)
def test_an_unknown_format_is_an_error_of_its_own(
    sound: dict[str, Any], stated: object, message: str
) -> None:
    sound["format"] = stated
    with pytest.raises(FormatError, match=message):
        parse(sound)


def test_reads_yaml_and_json_alike(tmp_path: Path, sound: dict[str, Any]) -> None:
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(sound), encoding="utf-8")
    (tmp_path / "a.json").write_text("\ufeff" + json.dumps(sound), encoding="utf-8")
    from_yaml = load_scenario(tmp_path / "a.yaml")
    assert isinstance(from_yaml, Scenario)
    assert from_yaml == load_scenario(tmp_path / "a.json")
