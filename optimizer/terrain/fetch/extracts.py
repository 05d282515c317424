"""Chooses extracts of OpenStreetMap for a box from an index that states their outlines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from optimizer.errors import NotFoundError, OutsideError, UsageError
from optimizer.terrain.box import Box

__all__ = ["Choice", "Extract", "choose", "extracts_of"]

#: Share of the box below which an extract is not worth fetching, and what is left is not told.
_WORTH = 0.001
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.pbf")


@dataclass(frozen=True, slots=True)
class Extract:
    """An extract of a region.

    Parameters
    ----------
    id, name : str
        What the index calls it.
    path : str
        Of its file, under the base of the home.
    outline : Geometry
        Degrees.
    is_whole : bool
        Whether it is a continent, cut into others: never chosen of itself.
    """

    id: str
    name: str
    path: str
    outline: BaseGeometry
    is_whole: bool = False

    @property
    def file(self) -> str:
        """Name of its file."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Choice:
    """Extracts for a box.

    Parameters
    ----------
    extracts : tuple of Extract
        The smallest first.
    left : float
        Share of the box that lies in none of them.
    """

    extracts: tuple[Extract, ...]
    left: float


def extracts_of(text: str, where: str) -> tuple[Extract, ...]:
    """Read an index of extracts.

    Parameters
    ----------
    text : str
        GeoJSON; each feature has ``id``, ``name``, perhaps ``parent``, and ``urls`` with ``pbf``.
    where : str
        Address it came from, for messages.

    Returns
    -------
    tuple of Extract
        Those with an outline and a file. Of the address of a file only the path is used, so that a
        mirror may hold the index as it is.

    Raises
    ------
    OutsideError
        If it is no such index.
    """
    try:
        features = json.loads(text)["features"]
        parents = {feature["properties"].get("parent") for feature in features}
        found = [_extract(feature, parents) for feature in features]
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise OutsideError(
            f"{where} is no index of extracts with outlines: {type(error).__name__}: {error}"
        ) from error
    return tuple(extract for extract in found if extract is not None)


def _extract(feature: dict[str, Any], parents: set[str | None]) -> Extract | None:
    told = feature["properties"]
    url = told.get("urls", {}).get("pbf")
    if not url or not feature.get("geometry"):
        return None
    path = unquote(urlsplit(url).path).lstrip("/")
    # The name becomes that of a file of ours.
    if not _NAME.fullmatch(path.rpartition("/")[2]) or ".." in path.split("/"):
        raise ValueError(f"{url!r} is no address of an extract")
    outline = shapely.from_geojson(json.dumps(feature["geometry"]))
    if not outline.is_valid:
        outline = shapely.make_valid(outline)
    is_whole = told.get("parent") is None and told["id"] in parents
    return Extract(told["id"], told["name"], path, outline, is_whole)


def choose(extracts: Sequence[Extract], box: Box, wanted: Sequence[str] = ()) -> Choice:
    """Choose the extracts for a box: the smallest that holds it, or smaller ones together.

    Parameters
    ----------
    extracts : sequence of Extract
        What there is.
    box : tuple of float
        West, south, east, north in degrees.
    wanted : sequence of str
        Ids, instead of a choice.

    Returns
    -------
    Choice
        The extracts, and what of the box lies in none.

    Raises
    ------
    NotFoundError
        If there is no extract of a wanted id.
    UsageError
        If the box lies in no extract.
    """
    area = shapely.box(*box)
    if wanted:
        chosen = [_by_id(extracts, one) for one in wanted]
    else:
        near = [e for e in extracts if not e.is_whole and e.outline.intersects(area)]
        near.sort(key=lambda e: (e.outline.area, e.id))
        together = _together(near, area)
        alone = next((e for e in near if e.outline.covers(area)), None)
        if alone is not None and alone.outline.area <= sum(e.outline.area for e in together):
            chosen = [alone]
        else:
            chosen = together
    if not chosen:
        raise UsageError(
            f"no extract of OpenStreetMap holds anything of the box {','.join(map(str, box))}: it"
            " is sea, or far from any country; pass --without osm, or another box"
        )
    left = shapely.difference(area, _union(chosen)).area / area.area
    return Choice(tuple(chosen), left if left > _WORTH else 0.0)


def _by_id(extracts: Sequence[Extract], wanted: str) -> Extract:
    for extract in extracts:
        if extract.id == wanted:
            return extract
    near = sorted(e.id for e in extracts if wanted.lower() in e.id or wanted in e.name.lower())[:8]
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise NotFoundError(f"the index has no extract {wanted!r}{hint}")


def _together(near: Sequence[Extract], area: BaseGeometry) -> list[Extract]:
    """Return few small extracts that cover of the area what can be covered."""
    chosen: list[Extract] = []
    left = area
    for extract in near:
        rest = shapely.difference(left, extract.outline)
        if left.area - rest.area > _WORTH * area.area:
            chosen.append(extract)
            left = rest
    reached = shapely.intersection(area, _union(chosen)).area
    # What a later, larger one holds as well is not needed; the largest are tried first.
    for extract in reversed(chosen[:]):
        others = [e for e in chosen if e is not extract]
        if reached - shapely.intersection(area, _union(others)).area <= _WORTH * area.area:
            chosen = others
    return chosen


def _union(extracts: Sequence[Extract]) -> BaseGeometry:
    return shapely.union_all([e.outline for e in extracts])
