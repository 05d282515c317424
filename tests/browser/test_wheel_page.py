"""The installed wheel serves the same page from an empty folder without any network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Test modules are imported by path; what builds and installs lies with the tests of packages.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packaging"))

from installing import installed_once

pytestmark = pytest.mark.slow

TIMEOUT_S = 300


@pytest.fixture
def namespace() -> str:
    """The program that makes a namespace without network, where that is permitted."""
    unshare, ip = shutil.which("unshare"), shutil.which("ip")
    if unshare is None or ip is None:
        pytest.skip("no unshare or no ip on this machine, so there is no namespace without network")
    up = subprocess.run([unshare, "-rn", ip, "link", "set", "lo", "up"], check=False)
    if up.returncode:
        pytest.skip("this machine permits no network namespace (unshare -rn)")
    return unshare


def test_the_wheel_shows_the_brigade_planned_without_a_network(
    namespace: str,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    (tmp_path / "empty").mkdir()
    installed = installed_once(tmp_path_factory)
    done = subprocess.run(
        [
            namespace, "-rn", sys.executable, Path(__file__).with_name("in_namespace.py"),
            installed / "bin" / "convoi", browser_type_launch_args["executable_path"],
            tmp_path / "empty", *browser_type_launch_args["args"],
        ],
        capture_output=True, text=True, check=False, timeout=TIMEOUT_S, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["interfaces"] == ["lo"]
    assert seen["abroad"] == seen["errors"] == []
    assert seen["title"] == "Ravitaillement journalier d'une brigade"
    assert seen["order"] == "Movement order"
    # 75 demands of 18 units, supplied from two bases.
    assert "of 145,887 kg" in seen["demanded"].replace("\xa0", " ")
    assert seen["sites"] == "20"
    assert seen["fonts"] is True
