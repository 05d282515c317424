"""What is malformed ends in one clear message, the right exit code, and nothing half-written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest
import rasterio
from affine import Affine

Run = Callable[..., "CompletedProcess[str]"]

SMALL = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")


def _replaced(old: str, new: str) -> str:
    assert old in SMALL, f"the small scenario has no {old!r}"
    return SMALL.replace(old, new)


# A billion laughs: nine levels of nine aliases each would be 387 million nodes.
_BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)

CASES = {
    # case: (text of the scenario or None for no file, exit code, words of the message)
    "missing file": (None, 2, r"scenario\.yaml"),
    "broken YAML": (SMALL + "\n  - [unclosed\n", 2, r"scenario\.yaml:\d+"),
    "a list at the top": ("- 1\n- 2\n", 2, r"scenario\.yaml"),
    "unknown key": (_replaced("title:", "titel:"), 1, r"titel.*title"),
    "negative quantity": (_replaced("quantity: 1000", "quantity: -1"), 1, r"/demands/0/quantity"),
    "naive time": (_replaced("04:00:00+02:00", "04:00:00"), 1, r"offset"),
    "tabs": (SMALL.replace("  - ", "\t- "), 2, r"scenario\.yaml:\d+:\d+.*tab.*spaces"),
    "a plan": ("format: convoi/plan/1\n", 2, r"scenario\.yaml: format is 'convoi/plan/1'"),
    "unknown format": (_replaced("scenario/1", "scenario/9"), 2, r"convoi/scenario/9"),
    "YAML bomb": (_BOMB, 2, r"scenario\.yaml"),
    "unknown site": (_replaced("site: U2", "site: U9"), 1, r"U9"),
}  # fmt: skip


@pytest.mark.parametrize("command", ["check", "plan"])
@pytest.mark.parametrize("case", CASES)
def test_a_malformed_scenario(convoi: Run, tmp_path: Path, case: str, command: str) -> None:
    text, code, words = CASES[case]
    if text is not None:
        (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
    before = set(tmp_path.iterdir())
    if command == "check":
        done = convoi("scenario", "check", "scenario.yaml", cwd=tmp_path, code=code)
    else:
        done = convoi("plan", "scenario.yaml", "-o", "plan.json", cwd=tmp_path, code=code)
    assert re.search(words, done.stderr + done.stdout, re.DOTALL), done.stderr
    assert set(tmp_path.iterdir()) == before, "something half-written was left behind"


def test_a_scenario_of_200_megabytes_is_refused_at_once(convoi: Run, tmp_path: Path) -> None:
    with (tmp_path / "big.yaml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    done = convoi("scenario", "check", "big.yaml", cwd=tmp_path, code=2)
    assert re.search(r"MB|MiB", done.stderr), done.stderr


def test_a_picture_is_not_a_scenario(convoi: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    done = convoi("scenario", "check", "plan.yaml", cwd=tmp_path, code=2)
    assert "plan.yaml" in done.stderr


def test_a_page_is_not_an_extract(convoi: Run, tmp_path: Path) -> None:
    (tmp_path / "country.osm.pbf").write_text("<!doctype html><title>404</title>")
    done = convoi(
        *("terrain", "build", "--osm", "country.osm.pbf", "-o", "country"), cwd=tmp_path, code=2
    )
    assert "country.osm.pbf" in done.stderr
    assert not (tmp_path / "country").exists()


@pytest.mark.realdata
def test_an_extract_cut_short_gives_no_theatre(convoi: Run, realdata: Path, tmp_path: Path) -> None:
    whole = (realdata / "liechtenstein" / "liechtenstein.osm.pbf").read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: len(whole) * 2 // 3])
    done = convoi("terrain", "build", "--osm", "cut.osm.pbf", "-o", "cut", cwd=tmp_path, code=2)
    assert "cut.osm.pbf" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["cut.osm.pbf"]


@pytest.mark.realdata
def test_an_elevation_model_elsewhere_does_not_cover_the_roads(
    convoi: Run, realdata: Path, tmp_path: Path
) -> None:
    with rasterio.open(
        tmp_path / "far.tif",
        "w",
        driver="GTiff",
        width=20,
        height=20,
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=Affine(0.001, 0, 2.0, 0, -0.001, 45.0),  # 2 E 45 N; Liechtenstein is at 9.5 E
    ) as target:
        target.write(np.zeros((20, 20), np.float32), 1)
    done = convoi(
        *("terrain", "build", "--osm", realdata / "liechtenstein" / "liechtenstein.osm.pbf"),
        *("--dem", "far.tif", "-o", "theatre"),
        cwd=tmp_path,
        code=2,
    )
    assert "cover" in done.stderr
    assert not (tmp_path / "theatre").exists()
