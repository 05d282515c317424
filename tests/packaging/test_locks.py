"""The lock files name exact files and nothing of the machine that made them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))

#: One locked distribution: name, version, perhaps a marker, then its hashes.
PIN = re.compile(r"(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
REMARK = re.compile(r" *#.*")

#: What would tie a lock to a machine or a registry.
ADDRESS = re.compile(
    r"://|\bfile:|\bwww\.|--(?:extra-)?index|--find-links|--trusted-host| @ "
    r"|(?:^|[\s'\"=])(?:/|~|[A-Z]:\\)",
    re.IGNORECASE,
)


def faults(text: str) -> list[str]:
    """List the lines of a lock that are not a pin with hashes, and those that hold an address."""
    found = []
    hashed = True
    for number, line in enumerate(text.splitlines(), start=1):
        if ADDRESS.search(line):
            found.append(f"line {number}: address: {line}")
        if PIN.fullmatch(line):
            if not hashed:
                found.append(f"line {number}: the pin before has no hash")
            hashed = False
        elif HASH.fullmatch(line):
            hashed = True
        elif line and not REMARK.fullmatch(line):
            found.append(f"line {number}: neither pin, hash nor remark: {line}")
    if not hashed:
        found.append("the last pin has no hash")
    return found


def pins(lock: Path) -> dict[str, str]:
    """Give the version of every distribution of a lock."""
    matches = map(PIN.fullmatch, lock.read_text(encoding="utf-8").splitlines())
    return {match["name"]: match["version"] for match in matches if match}


def _groups(project: dict[str, Any], names: tuple[str, ...]) -> Iterator[Requirement]:
    for name in names:
        yield from map(Requirement, project["dependency-groups"][name])


def test_both_locks_are_there() -> None:
    assert [lock.name for lock in LOCKS] == ["dev.lock", "run.lock"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_only_hashed_pins_and_no_address(lock: Path) -> None:
    assert faults(lock.read_text(encoding="utf-8")) == []


GOOD = f"click==8.1 \\\n    --hash=sha256:{'0' * 64}\n    # via convoi (pyproject.toml)\n"


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://registry.invalid/simple",
        "--extra-index-url=file:///srv/simple",
        "--find-links /srv/wheels",
        "-e .",
        "click @ file:///srv/click.whl",
        "# compiled with -c /home/someone/pins.txt",
        "# from https://registry.invalid/simple",
        "rich>=14 \\",
        "rich==14.0",
        f"rich==14.0 \\\n\nidna==3.1 \\\n    --hash=sha256:{'1' * 64}",
        "    --hash=md5:00",
    ],
)
def test_a_line_that_names_a_place_or_lacks_its_hash_is_found(line: str) -> None:
    # The text is clean without the planted line, so the fault that is found is the planted one.
    assert faults(GOOD) == []
    assert faults(GOOD + line + "\n") != []


def test_the_locks_satisfy_what_the_project_requires() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run, dev = pins(ROOT / "requirements/run.lock"), pins(ROOT / "requirements/dev.lock")
    shipped = [
        *map(Requirement, project["project"]["dependencies"]),
        *(
            Requirement(text)
            for extra in project["project"]["optional-dependencies"].values()
            for text in extra
        ),
        *map(Requirement, project["build-system"]["requires"]),
        *_groups(project, ("build",)),
    ]
    tools = list(_groups(project, ("test", "lint", "lock")))
    unmet = [
        f"{requirement} (locked: {versions.get(canonicalize_name(requirement.name))})"
        for versions, requirements in ((run, shipped), (dev, shipped + tools))
        for requirement in requirements
        if not requirement.specifier.contains(
            versions.get(canonicalize_name(requirement.name), "0"), prereleases=True
        )
    ]
    assert unmet == [], "run `make lock`"


def test_the_lock_of_the_tests_is_the_lock_of_use_and_more() -> None:
    # `make demo` and `make test` share one environment: it must not change between them.
    run, dev = pins(ROOT / "requirements/run.lock"), pins(ROOT / "requirements/dev.lock")
    assert run.items() <= dev.items()
    assert len(run) > 30, "the patterns read hardly anything"
