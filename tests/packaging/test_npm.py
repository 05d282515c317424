"""What comes from npm is locked, freely licensed, and fetched without running anything of it."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from fontTools.ttLib import TTFont

from briefing import built
from briefing.built import font_folder, symbol_svg
from optimizer.datasets import read_table
from optimizer.errors import OutsideError, UsageError

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "dashboard/web"
LOCK = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
#: Every package of the lock by its path; the project itself is the one without a path.
PACKAGES = {path: about for path, about in LOCK["packages"].items() if path}
ACCEPTED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MPL-2.0",
    "OFL-1.1",
}
#: Read and judged one by one: package -> (what it declares, why that is acceptable).
JUDGED = {
    "robust-predicates": ("Unlicense", "given to the public domain, with no conditions at all"),
    "splaytree-ts": ("BDS-3-Clause", "misspelt: the text in the package is that of BSD-3-Clause"),
}
ROOMS = ("dashboard", "briefing", "optimizer")


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    """The build hook, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "tools/hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path, hook: ModuleType) -> Path:
    """A copy of what the hook reads, in which nothing is built."""
    for source in hook._SOURCES:
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / source, tmp_path / source)
    return tmp_path


def test_every_licence_is_accepted() -> None:
    declared = {(path.rpartition("node_modules/")[2], a["license"]) for path, a in PACKAGES.items()}
    refused = {
        (name, licence)
        for name, licence in declared
        if licence not in ACCEPTED and JUDGED.get(name, ("",))[0] != licence
    }
    assert refused == set()
    assert JUDGED.keys() <= {name for name, _ in declared}, "judged, but not there any more"
    assert len(PACKAGES) > 20, "the lock holds hardly anything"


def test_the_lock_names_no_registry_and_hashes_every_file() -> None:
    assert [path for path, about in PACKAGES.items() if "resolved" in about] == []
    assert [path for path, about in PACKAGES.items() if "integrity" not in about] == []
    text = (WEB / "package-lock.json").read_text(encoding="utf-8")
    # Pages of those who ask for support are the only addresses left.
    addresses = re.findall(r'"(\w+)": "[^"]*://', text)
    assert set(addresses) <= {"url"}
    funding = [about.get("funding") for about in PACKAGES.values()]
    assert len(addresses) == json.dumps(funding).count("://")


def test_the_settings_of_npm_name_no_registry_and_let_no_package_run() -> None:
    settings = (WEB / ".npmrc").read_text(encoding="utf-8").splitlines()
    assert "ignore-scripts=true" in settings
    assert "omit-lockfile-registry-resolved=true" in settings
    assert [line for line in settings if "registry=" in line or "://" in line] == []


def test_versions_are_exact() -> None:
    wanted = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert [v for v in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_licences_of_what_is_shipped_lie_beside_it(room: str) -> None:
    text = (ROOT / room / "_built/LICENCES.txt").read_text(encoding="utf-8")
    named = re.findall(r"^(\S+) (\d\S*) \((\S+)\)\n=+$", text, re.MULTILINE)
    assert named
    for name, version, licence in named:
        about = PACKAGES[f"node_modules/{name}"]
        assert (about["version"], about["license"]) == (version, licence)
    # Geoman carries the code of others inside its one file; so does its licence text here.
    assert ("lodash" in text) == (room == "dashboard")


def test_notice_names_what_is_fetched() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    wanted = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert [name for name in wanted if name not in notice] == []


def test_nothing_is_made_twice_from_the_same_sources(hook: ModuleType) -> None:
    assert hook.fill(ROOT) is False


def test_a_changed_table_of_symbols_is_noticed(project: Path, hook: ModuleType) -> None:
    before = hook._digest(project)
    table = project / "data/symbols.csv"
    table.write_text(table.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert hook._digest(project) != before


def test_without_a_registry_one_message_says_what_is_missing_and_nothing_is_half_made(
    project: Path, hook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing listens at port 9, and an empty cache knows no package.
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(project / "cache"))
    with pytest.raises(hook.BuildError, match=r"package-lock\.json.*could not fetch.*ECONNREFUSED"):
        hook.fill(project)
    assert not [folder for folder in hook.FOLDERS if (project / folder).exists()]


def test_a_font_is_unpacked_to_what_it_was(hook: ModuleType) -> None:
    fonts = sorted(font_folder().glob("*.ttf"))
    assert len(fonts) == len(hook._FONTS)
    for path in fonts:
        # Every table against the checksum that the font's directory gives for it.
        font = TTFont(path, checkChecksums=2)
        assert [font[tag] for tag in font.keys() if tag != "GlyphOrder"], path.name  # noqa: SIM118 - a TTFont is no mapping
    with pytest.raises(hook.BuildError, match="no WOFF"):
        hook.sfnt_of_woff(b"wOF2" + bytes(60))


def test_figures_stand_under_each_other_and_french_can_be_written() -> None:
    for path in sorted(font_folder().glob("*.ttf")):
        font = TTFont(path)
        cmap = font.getBestCmap()
        assert len({font["hmtx"][cmap[ord(c)]][0] for c in "0123456789"}) == 1, path.name
        # Letters, guillemets, dashes, and the two narrow or unbreakable spaces of French.
        missing = [
            c for c in "éèêëàâçîïôùûüÿœæÉÀÇŒ«»…°→±²³€\u00a0\u2013\u2014\u2019" if ord(c) not in cmap
        ]
        assert missing == [], path.name


def test_every_kind_has_its_symbol_with_the_site_in_the_middle() -> None:
    for row in read_table("symbols.csv"):
        svg = symbol_svg(row["kind"])
        match = re.search(r'viewBox="(\S+) (\S+) (\S+) (\S+)"', svg)
        assert match is not None
        x, y, width, height = map(float, match.groups())
        middle = 100.0 if row["sidc"] else 0.0
        assert (x + width / 2, y + height / 2) == (middle, middle), row["kind"]
        assert svg.startswith("<svg ")
        assert "href" not in svg


def test_friends_have_wide_frames_and_neutrals_square_ones() -> None:
    # APP-6: friend = rectangle 3:2 in blue, neutral = square in green.
    assert "rgb(128,224,255)" in symbol_svg("unit_infantry")
    assert "rgb(170,255,170)" in symbol_svg("village")
    assert "rgb(170,255,170)" in symbol_svg("hospital")


@pytest.mark.parametrize("kind", ["castle", "../fonts/x", ""])
def test_an_unknown_kind_is_refused(kind: str) -> None:
    with pytest.raises(UsageError, match="unit_infantry"):
        symbol_svg(kind)


def test_what_is_not_built_says_how_to_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "_BUILT", tmp_path)
    with pytest.raises(OutsideError, match="make"):
        font_folder()
