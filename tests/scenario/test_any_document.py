"""Whatever a document holds, it ends in faults with words, or in an error raised on purpose."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.errors import ConvoiError
from optimizer.scenario.json_text import read_json
from optimizer.scenario.read import parse
from optimizer.scenario.yaml_text import read_yaml

values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(
            [
                "alpha",
                "2026-06-15T04:00Z",
                "9999-12-31T23:59-14:00",
                "0001-01-01T00:00+14:00",
                "diesel_l",
            ]
        ),
        st.sampled_from([0, -1, 1e308, 10**30, "", "x" * 300, float("nan")]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def _places(data: object, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [above] if above else []
    if isinstance(data, dict):
        for key, value in data.items():
            found += _places(value, (*above, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            found += _places(value, (*above, i))
    return found


def _put(data: Any, place: tuple[str | int, ...], value: object) -> None:
    for part in place[:-1]:
        data = data[part]
    data[place[-1]] = value


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(choose=st.data())
def test_any_value_at_any_place_is_told_in_words(
    sound: dict[str, Any], choose: st.DataObject
) -> None:
    data = copy.deepcopy(sound)
    for _ in range(choose.draw(st.integers(1, 3))):
        place = choose.draw(st.sampled_from(_places(data)))
        _put(data, place, choose.draw(values))
    with contextlib.suppress(ConvoiError):
        scenario, faults = parse(data)
        for fault in faults:
            assert fault.text("en")
            assert fault.text("fr")
        assert scenario is not None or faults


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="{}[]:,&*!-?|>'\"# \n\tab0", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_yaml, read_json):
        with contextlib.suppress(ConvoiError):
            data, lines = read(text, "x")
            json.dumps(data)
            assert all(line >= 1 for line in lines.values())


@settings(max_examples=100, deadline=None)
@given(values.filter(lambda v: isinstance(v, (dict, list))))
def test_json_reads_back_with_a_line_for_every_value(value: Any) -> None:
    text = json.dumps(value, indent=1, allow_nan=False) if _finite(value) else "[]"
    data, lines = read_json(text, "x")
    assert data == json.loads(text)
    assert len(lines) == 1 + len(_places(data))


def _finite(value: object) -> bool:
    with contextlib.suppress(ValueError):
        json.dumps(value, allow_nan=False)
        return True
    return False
