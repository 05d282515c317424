"""The wheel carries all that Convoi needs, and runs from an empty folder without any network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from optimizer.datasets import read_table

# Test modules are imported by path; what they share lies beside them.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from installing import ROOT, build, built_once, installed_once

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
TIMEOUT_S = 300

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built by the hatchling of the environment."""
    return built_once(tmp_path_factory)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it, which borrows the dependencies of this one."""
    return installed_once(tmp_path_factory)


@pytest.fixture
def isolated(installed: Path, tmp_path: Path) -> Run:
    """Run a program of the new environment in an empty folder, with a new HOME and no network."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("unshare is not on this machine, so there is no namespace without network")
    if subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine permits no network namespace (unshare -rn)")
    home, folder = tmp_path / "home", tmp_path / "empty"
    home.mkdir()
    folder.mkdir()

    def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [unshare, "-rn", installed / "bin" / program, *arguments],
            cwd=folder,
            env={"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
        )

    return run


def test_the_wheel_holds_the_rooms_the_front_door_and_the_data(wheel: Path) -> None:
    rooms = {
        path.relative_to(ROOT).as_posix()
        for room in ("optimizer", "briefing", "dashboard")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    data = {
        f"optimizer/_data/{path.relative_to(ROOT / 'data').as_posix()}"
        for path in (ROOT / "data").rglob("*")
        if path.is_file()
    }
    names = _names(wheel)
    assert data, "data/ is empty"
    # What git ignores is there as well: scripts, fonts, and a symbol for each kind of site.
    assert {
        f"{room}/_built/LICENCES.txt" for room in ("optimizer", "briefing", "dashboard")
    } <= rooms
    assert {
        f"briefing/_built/symbols/{row['kind']}.svg" for row in read_table("symbols.csv")
    } <= rooms
    assert rooms | data | {"convoi.py"} <= names
    # Nothing else but the metadata: no tests, no caches, no files of the repository.
    extra = names - rooms - data - {"convoi.py"}
    info = f"convoi-{VERSION}.dist-info"
    assert {name.split("/")[0] for name in extra} == {info}
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/NOTICE"} <= extra


def test_the_wheel_is_built_the_same_byte_for_byte(wheel: Path, tmp_path: Path) -> None:
    assert build(ROOT, "wheel", tmp_path / "again").read_bytes() == wheel.read_bytes()


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    source = build(ROOT, "sdist", tmp_path / "sdist")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    again = build(unpacked, "wheel", tmp_path / "wheel")
    assert again.read_bytes() == wheel.read_bytes()


WHERE = """
import socket
import briefing, convoi, dashboard, optimizer
from briefing.built import font_folder
from optimizer.datasets import data_path
print(convoi.__file__, optimizer.__file__, briefing.__file__, dashboard.__file__, sep="\\n")
print(font_folder(), data_path("."), sep="\\n")
print(socket.if_nameindex())
"""


def test_the_new_environment_uses_the_wheel_and_has_no_network(isolated: Run) -> None:
    # Otherwise the tests below would run the checkout, or succeed by the network.
    done = isolated("python", "-c", WHERE)
    assert done.returncode == 0, done.stderr
    *places, interfaces = done.stdout.splitlines()
    assert len(places) == 6
    assert not [place for place in places if Path(place).is_relative_to(ROOT)]
    assert all("site-packages" in place for place in places)
    assert interfaces == "[(1, 'lo')]"


def test_the_command_answers_from_an_empty_folder(isolated: Run) -> None:
    version = isolated("convoi", "--version")
    assert (version.returncode, version.stdout) == (0, f"convoi, version {VERSION}\n"), (
        version.stderr
    )
    usage = isolated("convoi", "--help")
    assert usage.returncode == 0, usage.stderr
    assert {"demo", "plan", "verify"} <= set(usage.stdout.split())


def test_it_plans_verifies_and_prints_an_order_without_a_network(
    isolated: Run, tmp_path: Path
) -> None:
    # The whole demonstration, with the page that it ends with, is tried in a browser.
    folder = tmp_path / "empty"
    steps: tuple[tuple[str | Path, ...], ...] = (
        ("plan", ROOT / "tests/stories/small.yaml", "-o", "plan.json", "--iterations", "20"),
        ("verify", "plan.json"),
        ("brief", "plan.json", "--lang", "fr", "-o", "ordre.pdf"),
    )
    for step in steps:
        done = isolated("convoi", *step)
        assert done.returncode == 0, done.stderr
    order = pypdf.PdfReader(folder / "ordre.pdf")
    assert "Ordre de mouvement" in order.pages[0].extract_text()
    # Its fonts are those of the wheel.
    fonts = {str(font["/BaseFont"]) for font in order.pages[0]["/Resources"]["/Font"].values()}
    assert any("IBMPlexSans" in name for name in fonts)
