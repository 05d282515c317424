"""The map alone on a page, to try it without the rest of the dashboard.

``python tests/dashboard/map/demo.py PLAN.json [--language en]`` serves it on port 18865. Instead of
a plan, ``--layers FILE.json --theatre NAME`` takes what the store ``map-plan`` holds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import uvicorn
from dash import Dash, dcc, html
from fastapi import FastAPI

from briefing.facts import facts_of
from briefing.render.geojson import feature_collection
from dashboard.map import ids
from dashboard.map.face import connect, map_view, map_words, scripts, styles
from dashboard.map.ground import ground_layers
from dashboard.map.routes import map_router
from optimizer.plan.model import Plan
from optimizer.plan.read import load_plan
from optimizer.terrain.theatre import find_theatre, theatre_of

LAYERS = ("sites", "routes", "areas", "changes")


def layers(plan: Plan) -> dict[str, Any]:
    """Return the store ``map-plan`` of a plan."""
    table = facts_of(plan)
    return {layer: feature_collection(plan, table, layer) for layer in LAYERS}


def demo(
    folder: Path, ground: dict[str, Any] | None, plan: dict[str, Any] | None, language: str = "fr"
) -> FastAPI:
    """Return a server with nothing but the map."""
    server = FastAPI()
    server.include_router(map_router(folder))
    app = Dash(
        "map-demo", server=server, external_scripts=scripts(), external_stylesheets=styles(),
        assets_folder="none", update_title="",
    )  # fmt: skip
    view = map_view(language, ground)
    for child in view.children:
        if isinstance(child, dcc.Store) and child.id == ids.PLAN:
            child.data = plan
        if isinstance(child, dcc.Store) and child.id == ids.WORDS:
            child.data = dict(map_words(language))
    app.layout = html.Div(view, style={"position": "fixed", "inset": 0})
    connect(app)
    return server


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("plan", type=Path, nargs="?")
    parser.add_argument("--layers", type=Path)
    parser.add_argument("--theatre", default="sarvenne")
    parser.add_argument("--language", default="fr", choices=["en", "fr"])
    parser.add_argument("--port", type=int, default=18865)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "convoi-map")
    chosen = parser.parse_args()
    if chosen.plan:
        plan = load_plan(chosen.plan)
        theatre, drawn = theatre_of(plan.scenario), layers(plan)
    else:
        theatre = find_theatre(chosen.theatre)
        drawn = json.loads(chosen.layers.read_text("utf-8")) if chosen.layers else None
    ground = None if theatre is None else ground_layers(theatre)
    server = demo(chosen.folder, ground, drawn, chosen.language)
    uvicorn.run(server, host="127.0.0.1", port=chosen.port, log_level="error")


if __name__ == "__main__":
    main()
