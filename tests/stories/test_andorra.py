"""Andorra, from the extract and the elevation tile to orders in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest

pytestmark = [pytest.mark.realdata, pytest.mark.slow]


@pytest.fixture(scope="module")
def work(
    realdata: Path, convoi: Callable[..., object], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with theatre, scenario and plan of Andorra."""
    folder = tmp_path_factory.mktemp("andorra")
    ground = realdata / "andorra"
    convoi(
        *("terrain", "build", "-o", folder / "andorra", "--name", "andorra"),
        *("--osm", ground / "andorra-2025-01-19.osm.pbf", "--dem", ground / "N42E001.hgt.zip"),
    )
    convoi(
        *("scenario", "generate", "--theatre", folder / "andorra", "--seed", 1),
        *("--sites", 40, "--vehicles", 20, "-o", folder / "scenario.yaml"),
    )
    convoi(
        *("plan", folder / "scenario.yaml", "--theatre", folder / "andorra"),
        *("-o", folder / "plan.json", "--iterations", 150, "--seed", 1),
    )
    return folder


def test_the_plan_is_proved(work: Path, convoi: Callable[..., object]) -> None:
    convoi("verify", work / "plan.json", "--theatre", work / "andorra")


def test_every_quantity_is_delivered_or_carries_a_reason(work: Path) -> None:
    plan = json.loads((work / "plan.json").read_text())
    delivered: dict[str, int] = {}
    for route in plan["routes"]:
        for trip in route["trips"]:
            for stop in trip["stops"]:
                for drop in stop["drops"]:
                    demand = drop["demand"]
                    delivered[demand] = delivered.get(demand, 0) + drop["quantity"]
    left = {u["demand"]: u for u in plan["undelivered"]}
    for demand in plan["scenario"]["demands"]:
        missing = demand["quantity"] - delivered.get(demand["id"], 0)
        assert missing == left.get(demand["id"], {"quantity": 0})["quantity"], demand["id"]
    kinds = {reason["kind"] for u in left.values() for reason in u["reasons"]}
    assert kinds <= {"proved", "observed", "time_ran_out"}
    assert delivered, "a plan that delivers nothing shows nothing"


@pytest.mark.parametrize(("language", "title"), [("fr", "Ordre de mouvement"), ("en", "Movement")])
def test_the_order_is_written(
    work: Path, convoi: Callable[..., object], language: str, title: str
) -> None:
    target = work / f"order-{language}.md"
    convoi(
        *("brief", work / "plan.json", "--document", "movement-order", "--lang", language),
        *("--format", "md", "-o", target),
    )
    assert title.casefold() in target.read_text(encoding="utf-8").casefold()


def test_the_map_layers_open_in_a_geographic_tool(
    work: Path, convoi: Callable[..., object]
) -> None:
    convoi("export", work / "plan.json", "--format", "geojson", "-o", work / "plan.geojson")
    frame = gpd.read_file(work / "plan.geojson")
    west, south, east, north = frame.total_bounds
    # Andorra lies between 1.41 and 1.79 degrees east, 42.43 and 42.66 degrees north.
    assert 1.3 < west < east < 1.9
    assert 42.3 < south < north < 42.8
    assert set(frame.geometry.geom_type) >= {"Point", "LineString"}
