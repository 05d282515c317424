"""NOTICE names every compiled library that the installed distributions carry inside."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="NOTICE lists what the wheels for Linux carry"
)

ROOT = Path(__file__).resolve().parents[2]

#: A shared library of others, as wheels carry it: not an extension module of the package itself.
LIBRARY = re.compile(r"lib(?P<name>[^.]+?)(?:-[0-9a-f]{8,})*\.so(?:[.\d]*)")


def bundled(distribution: str) -> set[str]:
    """Give the names of the shared libraries in a distribution, without ``lib`` and versions."""
    files = metadata.files(distribution) or ()
    matches = (LIBRARY.fullmatch(file.name) for file in files)
    return {match["name"] for match in matches if match}


def noticed() -> dict[str, str]:
    """Give the libraries of the table in NOTICE, each with the text of its line."""
    text = (ROOT / "NOTICE").read_text(encoding="utf-8")
    table = text.partition("CARRIED BY\n")[2].partition("\n\n")[0]
    return {
        name: line
        for line in table.splitlines()
        for name in re.split(r"\s{2,}", line)[0].split(", ")
    }


def is_noticed(library: str, distribution: str) -> bool:
    """Tell whether the line of a library, or of the family it belongs to, names a distribution."""
    table = noticed()
    # Abseil comes as some ninety libraries absl_*.
    line = table.get(library) or table.get(library.partition("_")[0], "")
    return distribution in line


CARRIERS = (
    "llvmlite", "numpy", "ortools", "osmium", "pillow", "pyogrio", "pyproj", "rasterio", "scipy",
    "shapely",
)  # fmt: skip


@pytest.mark.parametrize("distribution", CARRIERS)
def test_every_bundled_library_is_named(distribution: str) -> None:
    libraries = bundled(distribution)
    assert libraries, f"{distribution} carries no library any more: take it out of NOTICE"
    assert sorted(name for name in libraries if not is_noticed(name, distribution)) == []


def test_no_other_distribution_carries_a_library() -> None:
    lock = (ROOT / "requirements/run.lock").read_text(encoding="utf-8")
    shipped = set(re.findall(r"^([a-z0-9.-]+)==", lock, re.MULTILINE))
    installed = {d.metadata["Name"].lower().replace("_", "-") for d in metadata.distributions()}
    assert [n for n in sorted(shipped & installed - set(CARRIERS)) if bundled(n)] == []


def test_a_library_that_is_not_in_the_table_is_missed() -> None:
    assert is_noticed("geos_c", "shapely")
    assert not is_noticed("geos_c", "numpy")
    assert not is_noticed("readline", "shapely")
