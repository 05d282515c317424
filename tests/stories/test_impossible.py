"""What is merely impossible is a warning, and an undelivered quantity with its reason.

One scenario on the bundled ground holds one demand for each way in which a demand can be
impossible, beside one that is not. It is checked, planned, verified and worded once.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from scipy import ndimage

import convoi as door
from optimizer.terrain.theatre import Theatre, find_theatre

#: demand: (code that the check tells, or None where no check can know it; place that it tells it
#: at; code of the reason; figures of the reason; words of the order in English and in French).
Case = tuple[str | None, str, str, dict[str, str | int | float], str, str]
CASES: dict[str, Case] = {
    "IN-LAKE": (
        "ground.site_in_lake",
        "/sites/{site}/position",
        "unreachable",
        {"cause": "in_water", "site": "LAKE"},
        "water",
        "eau",
    ),
    "IN-NO-GO": (
        "ground.site_in_no_go",
        "/sites/{site}/position",
        "unreachable",
        {"cause": "in_no_go", "site": "MINED"},
        "closed to movement",
        "interdite",
    ),
    "OUTSIDE": (
        "ground.site_outside",
        "/sites/{site}/position",
        "unreachable",
        {"cause": "outside_theatre", "site": "ABROAD"},
        "outside",
        "hors",
    ),
    "NO-BRIDGE": (
        "ground.cut_off_load_class",
        "/demands/{demand}",
        "unreachable",
        {"cause": "load_class", "site": "FAR", "needed": 400.0},
        "class",
        "classe",
    ),
    "NO-COMPARTMENT": (
        "scenario.no_compartment",
        "/demands/{demand}/good",
        "compartment",
        {"kind": "reefer"},
        "compartment",
        "compartiment",
    ),
    "ONE-UNIT": (
        "scenario.unit_too_heavy",
        "/demands/{demand}/good",
        "unit_too_large",
        {"good": "transformer"},
        "large enough",
        "assez grand",
    ),
    "NO-STOCK": (
        "scenario.demand_over_stock",
        "/demands/{demand}",
        "stock",
        {"good": "tent", "available": 0},
        "hold less",
        "détiennent moins",
    ),
    "YESTERDAY": (
        "scenario.window_outside",
        "/demands/{demand}/windows/0",
        "window",
        {"site": "NEAR"},
        "while it is open",
        "créneau",
    ),
    # Loading alone takes 45 minutes, so that nobody is there within the first half hour.
    "AT-ONCE": (None, "", "window", {"site": "NEAR"}, "while it is open", "créneau"),
    # The only tanker comes 3 km far.
    "NO-RANGE": (None, "", "range", {"site": "NEAR", "range_km": 3}, "on one filling", "autonomie"),
    # Handling at the site takes 11 hours of a shift of 10, in a horizon of 16.
    "NO-SHIFT": (None, "", "shift", {"site": "SLOW"}, "longer than a shift", "engagement"),
}


@dataclass(frozen=True)
class Story:
    """What became of the scenario.

    Parameters
    ----------
    given : dict
        The scenario.
    told : dict
        What the check tells, as JSON.
    plan : dict
        The plan.
    orders : dict of str to str
        The movement order by language.
    """

    given: dict[str, Any]
    told: dict[str, Any]
    plan: dict[str, Any]
    orders: dict[str, str]

    def undelivered(self) -> dict[str, dict[str, Any]]:
        """Return what is undelivered, by demand."""
        return {missing["demand"]: missing for missing in self.plan["undelivered"]}


def _call(*words: object) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        door.main([str(word) for word in words])
    return ended.value.code


def _scenario(theatre: Theatre) -> dict[str, Any]:
    towns = theatre.frame("places").sort_values("population", ascending=False).geometry

    def at(x: float, y: float) -> dict[str, float]:
        lon, lat = theatre.to_earth.transform(x, y)
        return {"lon": lon, "lat": lat}

    # The cell of a lake that is farthest from any shore.
    depth = ndimage.distance_transform_edt(theatre.raster("water") == 3)
    lake = at(*theatre.grid.centre(*divmod(int(depth.argmax()), theatre.grid.width)))
    base, far, near, mined, slow = (at(t.x, t.y) for t in towns.iloc[:5])
    around = [(-0.01, -0.01), (0.01, -0.01), (0.01, 0.01), (-0.01, 0.01)]
    first_half_hour = {"start": "2026-06-15T06:00Z", "end": "2026-06-15T06:30Z"}
    day_before = {"start": "2026-06-14T08:00Z", "end": "2026-06-14T18:00Z"}

    def good(name: str, compartment: str = "cargo", mass_kg: float = 10) -> dict[str, Any]:
        return {
            "id": name,
            "label_en": name,
            "label_fr": name,
            "unit": "each",
            "unit_mass_kg": mass_kg,
            "compartment": compartment,
        }

    def demand(name: str, site: str, what: str, **rest: object) -> dict[str, Any]:
        return {"id": name, "site": site, "good": what, "quantity": 2, **rest}

    def vehicle(name: str, kind: str, **rest: object) -> dict[str, Any]:
        hold = {"id": "hold", "kind": kind, "capacity_kg": 4000}
        return {"id": name, "mobility": "heavy_truck", "compartments": [hold], **rest}

    return {
        "format": "convoi/scenario/1",
        "id": "impossible",
        "title": "One demand for each way to be impossible",
        "illustrative": True,
        "horizon": {"start": "2026-06-15T06:00Z", "end": "2026-06-15T22:00Z"},
        "theatre": {"name": theatre.manifest.name},
        "rules": {"shift_h": 10},
        "goods": [
            *(good(name) for name in ("case", "tent")),
            good("ice", "reefer"),
            good("girder", "platform"),
            good("oil", "tank"),
            good("transformer", mass_kg=60_000),
        ],
        "sites": [
            {"id": "BASE", "kind": "base", "position": base},
            {"id": "NEAR", "position": near},
            {"id": "FAR", "position": far},
            {"id": "LAKE", "position": lake},
            {"id": "MINED", "position": mined},
            {"id": "ABROAD", "position": {"lon": base["lon"], "lat": base["lat"] + 2}},
            {"id": "SLOW", "position": slow, "handling_fixed_min": 11 * 60},
        ],
        "areas": [
            {
                "id": "mines",
                "kind": "no_go",
                "polygon": [[mined["lon"] + dx, mined["lat"] + dy] for dx, dy in around],
            }
        ],
        "bases": [
            {
                "site": "BASE",
                "loading_min": 45,
                "stock": [
                    {"good": name, "quantity": 100}
                    for name in ("case", "ice", "girder", "oil", "transformer")
                ],
            }
        ],
        "demands": [
            demand("POSSIBLE", "NEAR", "case"),
            demand("IN-LAKE", "LAKE", "case"),
            demand("IN-NO-GO", "MINED", "case"),
            demand("OUTSIDE", "ABROAD", "case"),
            demand("NO-BRIDGE", "FAR", "girder"),
            demand("NO-COMPARTMENT", "NEAR", "ice"),
            demand("ONE-UNIT", "NEAR", "transformer"),
            demand("NO-STOCK", "NEAR", "tent"),
            demand("YESTERDAY", "NEAR", "case", windows=[day_before]),
            demand("AT-ONCE", "NEAR", "case", windows=[first_half_hour]),
            demand("NO-RANGE", "NEAR", "oil"),
            demand("NO-SHIFT", "SLOW", "case"),
        ],
        "vehicle_types": [
            vehicle("truck", "cargo", load_class=8),
            vehicle("tanker", "tank", load_class=8, range_km=3),
            vehicle("transporter", "platform", load_class=400),
        ],
        "fleet": [
            {"type": name, "base": "BASE"} for name in ("truck", "tanker", "transporter")
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    theatre = find_theatre("sarvenne")
    assert theatre is not None
    folder: Path = tmp_path_factory.mktemp("impossible")
    given = _scenario(theatre)
    scenario, plan = folder / "scenario.yaml", folder / "plan.json"
    scenario.write_text(yaml.safe_dump(given, sort_keys=False), encoding="utf-8")
    printed: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("click.echo", lambda said="", **_: printed.append(str(said)))
        assert _call("scenario", "check", scenario, "--json") == 0
        told = json.loads("".join(printed))
        assert _call("plan", scenario, "-o", plan, "--iterations", 20) == 0
        assert _call("verify", plan) == 0
        for language in ("en", "fr"):
            order = folder / f"order-{language}.md"
            assert _call("brief", plan, "--lang", language, "-o", order) == 0
    orders = {
        language: (folder / f"order-{language}.md").read_text(encoding="utf-8")
        for language in ("en", "fr")
    }
    return Story(given, told, json.loads(plan.read_text(encoding="utf-8")), orders)


def test_what_is_possible_is_delivered(story: Story) -> None:
    assert set(story.undelivered()) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_check_warns_where_it_can_know(story: Story, name: str) -> None:
    code, place, *_ = CASES[name]
    ids = [demand["id"] for demand in story.given["demands"]]
    number = ids.index(name)
    sites = [site["id"] for site in story.given["sites"]]
    site = sites.index(story.given["demands"][number]["site"])
    told = [(f["code"], f["pointer"], f["severity"]) for f in story.told["faults"]]
    if code is not None:
        assert (code, place.format(demand=number, site=site), "warning") in told
    else:
        assert not [one for one in told if one[1].startswith(f"/demands/{number}")]


@pytest.mark.parametrize("name", CASES)
def test_the_quantity_is_undelivered_for_the_right_reason(story: Story, name: str) -> None:
    _, _, code, figures, _, _ = CASES[name]
    missing = story.undelivered()[name]
    assert missing["quantity"] == 2
    (reason,) = missing["reasons"]
    assert (reason["kind"], reason["code"]) == ("proved", code)
    assert reason["params"].items() >= figures.items()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", CASES)
def test_the_order_words_the_reason(story: Story, name: str, language: str) -> None:
    words = dict(zip(("en", "fr"), CASES[name][4:], strict=True))[language]
    # Demands of one site that fail for the same reason share a line: "- A; B. Proved: ...".
    lines = re.findall(rf"^- [^.]*\b{name}\b[^.]*\. (.*)$", story.orders[language], re.MULTILINE)
    assert len(lines) == 1, story.orders[language]
    assert words in lines[0]
