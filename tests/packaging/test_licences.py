"""Everything that Convoi pulls in is under a licence that lets it be used and passed on freely."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.licenses import canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: SPDX identifiers of the families MIT, BSD, Apache, ISC, MPL and PSF; OFL is for fonts.
ACCEPTED = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-CMU", "MPL-2.0",
        "OFL-1.1", "PSF-2.0",
    }
)  # fmt: skip

#: What authors wrote before there were SPDX expressions, in classifiers and free text.
SPOKEN = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}

#: Read and judged one by one: distribution -> (what it declares, why that is acceptable). An entry
#: holds only as long as the declaration is the one that was read.
JUDGED = {
    "llvmlite": (
        "BSD-2-Clause AND Apache-2.0 WITH LLVM-exception",
        "the exception only gives more: object code may be passed on without the notices",
    ),
    "numpy": (
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
        "single files under Zlib (as free as MIT) and CC0 (no conditions at all)",
    ),
}


def declared(distribution: metadata.Distribution) -> str:
    """Give the licence that a distribution declares, as an SPDX expression where it can be one."""
    facts = distribution.metadata
    for expression in facts.get_all("License-Expression") or ():
        return str(expression)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in facts.get_all("Classifier") or ()
        if line.startswith("License :: ")
    ]
    spoken = classifiers or [text.strip() for text in facts.get_all("License") or ["nothing"]]
    return " AND ".join(SPOKEN.get(text, text) for text in spoken)


def is_accepted(name: str, licence: str) -> bool:
    """Tell whether every part of a licence is accepted, or one of each choice."""
    if name in JUDGED:
        return JUDGED[name][0] == licence
    try:
        expression = canonicalize_license_expression(licence)
    except ValueError:
        return False
    words = re.findall(r"[()]|[^()\s]+", expression)
    if "WITH" in words:
        return False  # an exception is a thing to read, and to judge
    # SPDX has Python's grammar for AND, OR and parentheses; every other word becomes True or False.
    grammar = {"AND": "and", "OR": "or", "(": "(", ")": ")"}
    return bool(eval(" ".join(grammar.get(w, str(w in ACCEPTED)) for w in words)))  # noqa: S307 - made of these words only


def pulled_in(root: str, extras: Iterable[str]) -> Iterator[metadata.Distribution]:
    """Yield every distribution that one needs on this machine, itself left out."""
    seen: set[tuple[str, str]] = set()
    met: set[str] = {canonicalize_name(root)}
    queue = [(root, extra) for extra in ("", *extras)]
    while queue:
        name, extra = queue.pop()
        if (canonicalize_name(name), extra) in seen:
            continue
        seen.add((canonicalize_name(name), extra))
        distribution = metadata.distribution(name)
        if canonicalize_name(name) not in met:
            met.add(canonicalize_name(name))
            yield distribution
        for requirement in map(Requirement, distribution.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                queue += [(requirement.name, more) for more in ("", *requirement.extras)]


def objections(distributions: Iterable[metadata.Distribution]) -> list[str]:
    """Say which licences are not accepted."""
    named = [(canonicalize_name(d.metadata["Name"]), declared(d)) for d in distributions]
    return [
        f"{name}: {licence[:80]!r}" for name, licence in named if not is_accepted(name, licence)
    ]


@pytest.fixture(scope="module")
def shipped() -> list[metadata.Distribution]:
    """Everything that Convoi and all its extras pull in."""
    extras = metadata.metadata("convoi").get_all("Provides-Extra") or []
    return list(pulled_in("convoi", extras))


def test_every_licence_is_accepted(shipped: list[metadata.Distribution]) -> None:
    assert objections(shipped) == []


def test_the_walk_reaches_what_is_needed_only_by_others(
    shipped: list[metadata.Distribution],
) -> None:
    # certifi is named by no one in pyproject.toml: rasterio, pyproj and requests pull it in, and
    # requests itself comes with osmium. llvmlite comes with numba.
    names = {canonicalize_name(d.metadata["Name"]) for d in shipped}
    assert {"certifi", "llvmlite", "numpy", "pydantic-core", "requests"} <= names


def test_no_judgement_is_kept_for_what_is_gone(shipped: list[metadata.Distribution]) -> None:
    assert JUDGED.keys() <= {canonicalize_name(d.metadata["Name"]) for d in shipped}


def _plant(folder: Path, name: str, *lines: str) -> metadata.Distribution:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    head = ["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0"]
    (info / "METADATA").write_text("\n".join([*head, *lines, "", ""]), encoding="utf-8")
    return metadata.Distribution.at(info)


GPL_CLASSIFIER = "Classifier: License :: OSI Approved :: GNU General Public License v2 (GPLv2)"


@pytest.mark.parametrize(
    "line",
    [
        "License-Expression: GPL-3.0-or-later",
        "License-Expression: MIT AND LGPL-2.1-only",
        "License-Expression: GPL-2.0-only WITH Classpath-exception-2.0",
        "License-Expression: MIT AND (BSD-3-Clause OR Apache-2.0) AND AGPL-3.0-only",
        "Classifier: License :: OSI Approved :: GNU Affero General Public License v3",
        "Classifier: License :: OSI Approved :: MIT License\n" + GPL_CLASSIFIER,
        "License: Hippocratic License 2.1",
        "License: GPL",
        "Summary: says nothing of its licence",
    ],
)
def test_a_licence_that_is_not_accepted_is_found(tmp_path: Path, line: str) -> None:
    assert len(objections([_plant(tmp_path, "planted", line)])) == 1


@pytest.mark.parametrize(
    "line",
    [
        "License-Expression: MIT",
        "License-Expression: GPL-3.0-or-later OR MIT",
        "License-Expression: (Apache-2.0 OR GPL-2.0-only) AND BSD-2-Clause",
        "Classifier: License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)",
        "License: MPL-2.0 AND MIT",
    ],
)
def test_a_licence_that_may_be_chosen_freely_is_accepted(tmp_path: Path, line: str) -> None:
    assert objections([_plant(tmp_path, "planted", line)]) == []


def test_a_judged_licence_that_changes_is_judged_again(tmp_path: Path) -> None:
    assert len(objections([_plant(tmp_path, "numpy", "License-Expression: MIT")])) == 1


def test_a_planted_dependency_of_a_dependency_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plant(tmp_path, "front", "License-Expression: MIT", "Requires-Dist: middle[more]")
    _plant(
        tmp_path, "middle", "License-Expression: MIT", "Provides-Extra: more",
        'Requires-Dist: copyleft; extra == "more"', 'Requires-Dist: absent; extra == "other"',
    )  # fmt: skip
    _plant(tmp_path, "copyleft", "License-Expression: GPL-3.0-only", "Requires-Dist: front")
    monkeypatch.syspath_prepend(tmp_path)
    assert objections(pulled_in("front", [])) == ["copyleft: 'GPL-3.0-only'"]
