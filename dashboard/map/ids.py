"""Names of what the map's element and stores are called, and what each store holds.

In: ``GROUND`` (`dashboard.map.ground.ground_layers`, None without a theatre, or `AWAITED` until the
server has answered), ``PLAN`` (GeoJSON FeatureCollections ``sites``, ``routes``, ``areas``,
``changes``, as `briefing.render.geojson` makes them), ``MODE`` (one of `MODES`), ``WORDS``
(`dashboard.map.face.map_words`).

Both ways: ``SELECTION``, ``{"kind", "id"}`` or None. A convoy, site, area, change, leg or trip
is shown on the map; a demand shows the site that it names under ``site``.

Out: ``EVENT``, a dict with ``type`` and ``n``, which grows, so that a thing may happen twice:

- ``select``: ``kind``, ``id``, or both None where bare ground was clicked.
- ``area_drawn``: ``polygon``, a list of (longitude, latitude), not closed.
- ``area_edited``: ``id``, ``polygon``. ``area_deleted``: ``id``.
- ``bridge_picked``: ``lon``, ``lat``, and where the theatre's roads are known ``road`` (id of the
  edge), ``way``, ``name``, ``bridge`` (whether it is one), and of a bridge ``wheeled``, ``tracked``
  and ``stated``.
- ``escape``: Escape was pressed while the map had the focus and nothing on it to end.
"""

from __future__ import annotations

from typing import Final

__all__ = ["AWAITED", "EVENT", "GROUND", "MAP", "MODE", "MODES", "PLAN", "SELECTION", "WORDS"]

MAP = "map"
GROUND = "map-ground"
PLAN = "map-plan"
SELECTION = "map-selection"
MODE = "map-mode"
WORDS = "map-words"
EVENT = "map-event"

#: What `GROUND` holds until the server has answered: the map says that it is being drawn.
AWAITED: Final = "awaited"

#: Look at it, draw an area on it, pick a bridge or a road.
MODES = ("look", "draw_area", "pick_bridge")
