"""The map alone on a page, to try it without the rest of the dashboard.

``python tests/dashboard/map/demo.py PLAN.json [--language en]`` serves it on port 18865.
"""

from __future__ import annotations

import argparse
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
from optimizer.terrain.theatre import theatre_of

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
        server=server, external_scripts=scripts(), external_stylesheets=styles(),
        serve_locally=True, update_title="",
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
    parser.add_argument("plan", type=Path)
    parser.add_argument("--language", default="fr", choices=["en", "fr"])
    parser.add_argument("--port", type=int, default=18865)
    chosen = parser.parse_args()
    plan = load_plan(chosen.plan)
    theatre = theatre_of(plan.scenario)
    ground = None if theatre is None else ground_layers(theatre)
    folder = Path(tempfile.gettempdir()) / "convoi-demo-ground"
    server = demo(folder, ground, layers(plan), chosen.language)
    uvicorn.run(server, host="127.0.0.1", port=chosen.port, log_level="warning")


if __name__ == "__main__":
    main()
