"""Ways over open ground kept on disk: the same answers without a search, whatever happens."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from optimizer.network.from_theatre import TheatreGround
from optimizer.network.mesh import exact, layers, regions, spokes
from optimizer.network.mesh.store import Store, default_store
from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Scenario
from optimizer.terrain.theatre import Theatre

FOOT = Profile(mobility=("foot",))
SITES = {"a": (150, 310), "b": (770, 1010), "c": (470, 560), "d": (1050, 400)}
ARRAYS = {"numbers": np.arange(1000), "flags": np.array([True, False])}


@pytest.fixture
def asked(tiny: Theatre, make_scenario: Callable[..., Scenario]) -> Callable[..., TheatreGround]:
    """Ground of a scenario on a store, with its matrix computed."""

    def ground(store: Store | None, **stated: object) -> TheatreGround:
        made = TheatreGround(make_scenario(tiny, SITES, **stated), tiny, store=store)
        made.matrix(FOOT, Criterion.TIME)
        return made

    return ground


def told(ground: TheatreGround) -> list[object]:
    matrix = ground.matrix(FOOT, Criterion.TIME)
    courses = [ground.course(FOOT, Criterion.TIME, "a", end) for end in "bcd"]
    return [matrix.time_s.tolist(), matrix.fuel_m.tolist(), courses]


def test_a_second_run_searches_nothing_and_answers_the_same(
    asked: Callable[..., TheatreGround], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = told(asked(None))
    assert told(asked(Store(tmp_path))) == alone

    def never(*_: object, **__: object) -> None:
        pytest.fail("the ground was searched again")

    monkeypatch.setattr(regions, "search", never)
    monkeypatch.setattr(spokes, "spokes", never)
    monkeypatch.setattr(exact, "direct", never)
    assert told(asked(Store(tmp_path))) == alone


@pytest.mark.parametrize("other", ["weather", "area"])
def test_other_ground_is_never_taken_for_this_one(
    asked: Callable[..., TheatreGround], tmp_path: Path, other: str
) -> None:
    def stated() -> dict[str, object]:
        if other == "weather":
            return {"weather": {"ground": "wet"}}
        everywhere = [(0, 0), (1200, 0), (1200, 1200), (0, 1200)]
        mud = {"id": "mud", "kind": "slow", "speed_factor": 0.5, "polygon": everywhere}
        return {"areas": [mud]}

    asked(Store(tmp_path))
    there = told(asked(None, **stated()))
    assert told(asked(Store(tmp_path), **stated())) == there != told(asked(None))


def test_a_change_of_the_search_itself_makes_what_is_kept_void(
    asked: Callable[..., TheatreGround], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(Store(tmp_path))
    kept = {file.name for file in tmp_path.iterdir()}
    monkeypatch.setattr(layers, "digest", lambda *parts: f"other-{len(parts)}")
    asked(Store(tmp_path))
    assert {file.name for file in tmp_path.iterdir()} > kept


def test_damaged_files_are_made_anew(asked: Callable[..., TheatreGround], tmp_path: Path) -> None:
    alone = told(asked(Store(tmp_path)))
    sizes = {file: file.stat().st_size for file in tmp_path.iterdir()}
    first, *rest = sorted(sizes)
    first.write_bytes(first.read_bytes()[:-200])
    for file in rest:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0xFF
        file.write_bytes(content)
    assert told(asked(Store(tmp_path))) == alone
    assert {file: file.stat().st_size for file in tmp_path.iterdir()} == sizes


def test_a_folder_that_cannot_be_written_only_makes_it_slower(
    asked: Callable[..., TheatreGround], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    assert told(asked(Store(tmp_path / "file"))) == told(asked(None))
    assert Store(tmp_path / "file").get("any") is None


def test_a_file_with_any_byte_damaged_counts_as_not_there(tmp_path: Path) -> None:
    store, file = Store(tmp_path), tmp_path / "small.npz"
    store.put("small", {"one": np.ones(1)})
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 9]) + whole[place + 1 :])
        arrays = store.get("small")
        assert arrays is None or arrays.get("one", 1.0) == 1.0


def test_the_least_recently_used_is_dropped_first(tmp_path: Path) -> None:
    size = 10_000
    store = Store(tmp_path, most_bytes=3 * size + 3000)
    for number, name in enumerate("abc"):
        store.put(name, {"zeros": np.zeros(size, np.uint8)})
        os.utime(tmp_path / f"{name}.npz", (number, number))
    assert store.get("a") is not None  # which makes it the youngest
    store.put("d", {"zeros": np.zeros(size, np.uint8)})
    assert {name for name in "abcd" if store.get(name) is not None} == {"a", "c", "d"}


def _put(folder: Path) -> None:
    for _ in range(40):
        Store(folder).put("same", ARRAYS)


def test_processes_that_write_at_once_never_show_half_a_file(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("same", ARRAYS)
    start = multiprocessing.get_context("spawn")
    writers = [start.Process(target=_put, args=[tmp_path]) for _ in range(2)]
    for writer in writers:
        writer.start()
    seen = 0
    while any(writer.is_alive() for writer in writers):
        arrays = store.get("same")
        assert arrays is not None
        np.testing.assert_array_equal(arrays["numbers"], ARRAYS["numbers"])
        seen += 1
    assert seen > 0
    assert [file.name for file in tmp_path.iterdir()] == ["same.npz"]


def test_the_default_lies_in_the_cache_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    default_store().put("any", ARRAYS)
    assert (tmp_path / "convoi" / "ways" / "any.npz").is_file()
