"""The map's words are complete in both languages, and its stores are those that are documented."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from dash import dcc

from dashboard.map import ids
from dashboard.map.face import map_view, map_words, scripts
from optimizer.scenario.model import AreaKind, ChangeKind
from optimizer.terrain.show.style import TIERS

SCRIPT = files("dashboard.map").joinpath("convoi_map.js").read_text("utf-8")
WORDS = tomllib.loads(files("dashboard.map").joinpath("words.toml").read_text("utf-8"))


def test_every_word_is_there_in_both_languages_with_the_same_fields() -> None:
    for key, entry in WORDS.items():
        assert set(entry) == {"en", "fr"}, key
        fields = [sorted(re.findall(r"\{\w+\}", text)) for text in entry.values()]
        assert fields[0] == fields[1], key


def test_every_word_that_the_script_uses_is_there() -> None:
    used = set(re.findall(r"\bwords\.(\w+)", SCRIPT)) - {"language"}
    used |= set(re.findall(r'button\("(\w+)",', SCRIPT)) & set(WORDS)
    assert used - set(WORDS) == set()
    assert len(used) > 20


def test_every_kind_has_its_word() -> None:
    kinds = (
        [f"area_{kind.value}" for kind in AreaKind]
        + [f"change_{kind.value}" for kind in ChangeKind]
        + [f"road_{tier.name}" for tier in TIERS]
    )
    assert [kind for kind in kinds if kind not in WORDS] == []


def test_every_road_and_area_has_its_colour_by_day_and_by_night() -> None:
    day, night = SCRIPT.split("dark: {", 1)[0], SCRIPT.split("dark: {", 1)[1]
    for name in [*(kind.value for kind in AreaKind), *(tier.name for tier in TIERS)]:
        assert re.search(rf"\b{name}: [\[\"]", day), name
        assert re.search(rf"\b{name}: [\[\"]", night), name


def test_french_has_the_spaces_of_french_before_double_signs() -> None:
    for key, entry in WORDS.items():
        assert not re.search(r"[^\s\u00a0\u202f][:;!?](\s|$)", entry["fr"]), key


def test_the_stores_are_those_that_others_read_and_write() -> None:
    stores = {c.id: c.data for c in map_view("en").children if isinstance(c, dcc.Store)}
    assert set(stores) == {ids.GROUND, ids.PLAN, ids.SELECTION, ids.MODE, ids.WORDS, ids.EVENT}
    assert stores[ids.MODE] == "look"
    # Not None, which would say that there is no theatre before anybody has looked.
    assert stores[ids.GROUND] == ids.AWAITED
    assert stores[ids.WORDS] == map_words("en")


def test_what_the_script_writes_to_is_what_the_face_has() -> None:
    sent = set(re.findall(r'send\("([\w-]+)"', SCRIPT))
    assert sent == {ids.SELECTION, ids.EVENT, ids.MODE}


def test_no_script_comes_from_elsewhere() -> None:
    assert all(url.startswith("/map/web/") for url in scripts())
    assert "http://" not in SCRIPT
    assert "https://" not in SCRIPT
