"""The base layers say what the theatre says, are made once, and are served for ever."""

from __future__ import annotations

import io
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pyproj import Transformer

from dashboard.map import ground, vectors
from dashboard.map.ground import FILES, GroundFiles, ground_layers
from dashboard.map.mercator import Mercator, packed
from dashboard.map.relief import relief
from dashboard.map.routes import SCRIPTS, STYLES, map_router, web_file, web_url
from optimizer.datasets import data_path
from optimizer.errors import UsageError
from optimizer.terrain.theatre import Theatre, find_theatre


def unpacked(line: list[int]) -> np.ndarray:
    """Undo `packed`, as the script does."""
    return np.cumsum(np.array(line).reshape(-1, 2), axis=0)


@pytest.fixture(scope="module")
def sarvenne() -> Theatre:
    return Theatre.open(data_path("terrain", "sarvenne"))


@pytest.fixture(scope="module")
def mercator(sarvenne: Theatre) -> Mercator:
    return Mercator.of(sarvenne)


@pytest.fixture(scope="module")
def contours(sarvenne: Theatre) -> dict[str, Any]:
    return vectors.contours(sarvenne)


# Packing.


def test_a_line_is_packed_as_steps_and_what_falls_together_is_one() -> None:
    line = np.array([[0.4, 0.4], [10.2, 5.0], [10.3, 5.1], [20.0, 4.6]])
    # 10.2 and 10.3 are both the metre 10, and 5.0 and 5.1 the metre 5.
    assert packed(line) == [0, 0, 10, 5, 10, 0]


@given(
    st.lists(
        st.tuples(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7)),
        min_size=1, max_size=30, unique=True,
    )
)  # fmt: skip
def test_whole_metres_survive_packing(positions: list[tuple[int, int]]) -> None:
    assert unpacked(packed(np.array(positions, float))).tolist() == [list(p) for p in positions]


def test_many_lines_are_packed_as_one_by_one(mercator: Mercator, sarvenne: Theatre) -> None:
    shapes = sarvenne.frame("roads").geometry.to_numpy()[:40]
    one_by_one = [mercator.line(shapely.get_coordinates(shape)) for shape in shapes]
    assert mercator.lines(shapes) == one_by_one


# What the layers say.


def test_every_road_is_there_within_the_tolerance(sarvenne: Theatre, mercator: Mercator) -> None:
    document, frame = vectors.roads(sarvenne), sarvenne.frame("roads")
    assert document["id"] == frame["id"].tolist()
    back = Transformer.from_crs("EPSG:3857", sarvenne.manifest.crs, always_xy=True)
    for number in range(0, len(frame), 97):
        world = unpacked(document["line"][number]) + mercator.origin
        line = shapely.linestrings(np.column_stack(back.transform(world[:, 0], world[:, 1])))
        # 1.5 m of simplification and half a metre of Mercator, which is less on the ground.
        assert shapely.hausdorff_distance(line, frame.geometry.iloc[number]) < 2.2


def test_flags_tell_bridges_tunnels_and_fords(sarvenne: Theatre) -> None:
    document, frame = vectors.roads(sarvenne), sarvenne.frame("roads")
    flags = np.array(document["flags"])
    for bit, column in ((1, "bridge"), (2, "tunnel"), (4, "ford")):
        assert ((flags & bit) > 0).tolist() == frame[column].tolist()


class Unassessed(Theatre):
    """A theatre in which nobody assessed the first bridge for tracks, nor the second at all."""

    def frame(self, name: str) -> Any:
        frame = super().frame(name).copy()
        if name == "roads":
            bridges = frame.index[frame["bridge"]]
            frame.loc[bridges[0], "mlc_tracked"] = np.nan
            frame.loc[bridges[1], ["mlc_wheeled", "mlc_tracked"]] = np.nan
            frame.loc[bridges[1], "class"] = "primary"
        return frame


def test_bridges_have_the_load_class_of_the_theatre(sarvenne: Theatre) -> None:
    document = vectors.bridges(sarvenne)
    statistics = sarvenne.manifest.statistics
    assert len(document["id"]) == statistics["bridges"] == 115
    # The manifest says that none of them is without.
    assert statistics["bridges_without_load_class"] == 0
    assert all(document["stated"])


def test_a_load_class_that_is_assumed_is_told_apart(sarvenne: Theatre) -> None:
    stated = vectors.bridges(sarvenne)
    document = vectors.bridges(Unassessed(sarvenne.folder, sarvenne.manifest))
    assert document["stated"][:3] == [False, False, True]
    # What is known of the first stays; bridge_default.csv gives a primary road 70 and 60.
    assert document["wheeled"][0] == stated["wheeled"][0]
    assert (document["wheeled"][1], document["tracked"][1]) == (70.0, 60.0)


def test_contours_lie_at_their_height(
    contours: dict[str, Any], sarvenne: Theatre, mercator: Mercator
) -> None:
    back = Transformer.from_crs("EPSG:3857", sarvenne.manifest.crs, always_xy=True)
    z, interval = sarvenne.raster("elevation"), contours["interval"]
    off = []
    for level in contours["levels"]:
        assert level["z"] % interval == 0
        for line in level["lines"][::25]:
            world = unpacked(line) + mercator.origin
            for x, y in zip(*back.transform(world[:, 0], world[:, 1]), strict=True):
                row, column = sarvenne.grid.cell(x, y)
                if sarvenne.grid.contains(row, column):
                    off.append(abs(float(z[row, column]) - level["z"]))
    # Half a cell of 30 m on a slope of one in two is 7.5 m; most ground is flatter.
    assert np.median(off) < 4
    assert np.quantile(off, 0.99) < interval


def test_without_relief_there_are_no_contours(sarvenne: Theatre) -> None:
    layers = {k: v for k, v in sarvenne.manifest.layers.items() if k != "elevation"}
    flat = Theatre(sarvenne.folder, sarvenne.manifest.model_copy(update={"layers": layers}))
    assert vectors.contours(flat) == {"interval": None, "index": 5, "levels": []}


def test_places_come_with_the_populous_in_front_and_peaks_with_their_height(
    sarvenne: Theatre,
) -> None:
    document = vectors.places(sarvenne)
    # Roucourt has 46,200 inhabitants, more than any other place of Sarvenne.
    assert document["name"][0] == "Roucourt"
    for kind, height in zip(document["kind"], document["z"], strict=True):
        assert (height is not None) == (kind in {"peak", "pass"})


def test_water_is_told_by_kind(sarvenne: Theatre) -> None:
    document = vectors.water(sarvenne)
    assert {kind for kind, _ in document["lines"]} <= {"river", "stream", "canal"}
    for rings in document["areas"]:
        for ring in rings:
            assert np.array(ring).reshape(-1, 2)[1:].sum(axis=0).tolist() == [0, 0], "not closed"


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_the_relief_covers_the_theatre_and_nothing_else(
    sarvenne: Theatre, mercator: Mercator, shade: Any
) -> None:
    picture = np.asarray(Image.open(io.BytesIO(relief(sarvenne, shade))))
    height, width, bands = picture.shape
    shape = (mercator.east - mercator.west) / (mercator.north - mercator.south)
    assert width / height == pytest.approx(shape, abs=0.002)
    # UTM lies askew in Mercator: corners of the picture are outside of the theatre.
    assert bands == 4
    assert picture[0, 0, 3] == 0
    assert picture[height // 2, width // 2, 3] == 255
    brightness = picture[..., :3][picture[..., 3] == 255].mean()
    assert brightness > 180 if shade == "light" else brightness < 90


# Made once, served for ever.


def test_saying_where_layers_are_makes_none(sarvenne: Theatre, tmp_path: Path) -> None:
    layers = ground_layers(sarvenne)
    assert set(layers["urls"]) == {name.partition(".")[0] for name in FILES}
    assert all(sarvenne.manifest.digest in url for url in layers["urls"].values())
    assert json.dumps(layers)
    assert list(tmp_path.iterdir()) == []


def test_those_who_ask_together_wait_for_one_that_makes(
    tmp_path: Path, sarvenne: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    gate = threading.Barrier(4, timeout=10)

    def make(theatre: Theatre) -> bytes:
        made.append(theatre.manifest.name)
        return b"{}"

    monkeypatch.setattr(ground, "FILES", {"roads.json": make})
    files = GroundFiles(tmp_path, find_theatre)

    def ask() -> Path:
        gate.wait()
        return files.file("sarvenne", sarvenne.manifest.digest, "roads.json")

    with ThreadPoolExecutor(4) as pool:
        paths = {task.result() for task in [pool.submit(ask) for _ in range(4)]}
    assert made == ["sarvenne"]
    assert {path.read_bytes() for path in paths} == {b"{}"}


def test_what_fails_leaves_nothing_behind(
    tmp_path: Path, sarvenne: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(theatre: Theatre) -> bytes:
        raise ValueError(theatre.manifest.name)

    monkeypatch.setattr(ground, "FILES", {"roads.json": fail})
    files = GroundFiles(tmp_path, find_theatre)
    with pytest.raises(ValueError, match="sarvenne"):
        files.file("sarvenne", sarvenne.manifest.digest, "roads.json")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    server = FastAPI()
    server.include_router(map_router(tmp_path))
    return TestClient(server)


def test_layers_are_served_with_their_digest_and_kept_for_ever(
    client: TestClient, sarvenne: Theatre
) -> None:
    answer = client.get(ground_layers(sarvenne)["urls"]["places"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == vectors.places(sarvenne)


@pytest.mark.parametrize(
    "path",
    [
        "/ground/1/sarvenne/{digest}/secrets.json",
        "/ground/1/sarvenne/0000/places.json",
        "/ground/1/nowhere/{digest}/places.json",
        "/ground/1/sarvenne/{digest}/..%2f..%2fplaces.json",
        "/ground/1/..%2fsarvenne/{digest}/places.json",
        "/map/web/nothing.js",
        "/map/web/../routes.py",
        "/map/web/..%2froutes.py",
        "/map/web/routes.py",
    ],
)
def test_nothing_else_is_served(client: TestClient, sarvenne: Theatre, path: str) -> None:
    assert client.get(path.format(digest=sarvenne.manifest.digest)).status_code == 404


@pytest.mark.parametrize("name", [*SCRIPTS, *STYLES, "images/layers.png"])
def test_scripts_and_styles_are_served(client: TestClient, name: str) -> None:
    answer = client.get(web_url(name))
    assert answer.status_code == 200
    assert answer.content == web_file(name).read_bytes()
    assert "immutable" in answer.headers["cache-control"]
    assert "immutable" not in client.get(f"/map/web/{name}").headers["cache-control"]


def test_style_sheets_ask_for_nothing_that_is_not_served(client: TestClient) -> None:
    for name in STYLES:
        folder = f"/map/web/{name}".rpartition("/")[0]
        text = web_file(name).read_text("utf-8")
        for target in re.findall(r"url\(\s*['\"]?([^'\")]+)", text):
            if target.startswith(("data:", "#", "%23")):
                continue
            assert client.get(f"{folder}/{target}").status_code == 200, (name, target)


def test_every_kind_has_a_symbol_on_the_map(client: TestClient) -> None:
    symbols = client.get("/map/symbols.json").json()
    assert symbols["unit_infantry"].startswith("<svg ")
    assert len(symbols) > 30


def test_a_file_of_the_map_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="no file"):
        web_file("plotly.min.js")
