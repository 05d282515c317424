"""Turns the tags of a road into the attributes of a theatre's edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.terrain.build.tables import highway_table, surface_of
from optimizer.terrain.build.values import (
    parse_length_m,
    parse_load_class,
    parse_speed_kmh,
    parse_weight_t,
)

__all__ = ["RoadAttributes", "is_closed_to_all", "road_attributes"]

_OPEN = {"yes", "permissive", "designated", "destination", "private", "permit", "official"}
_OPEN |= {"agricultural", "forestry", "delivery", "customers", "military", "unknown"}
_ON_FOOT = {"path", "footway", "steps", "pedestrian", "track", "bridleway", "cycleway"}
#: Values of ``bridge`` and ``tunnel`` that are none.
_NO_BRIDGE = {"", "no", "abandoned", "proposed", "construction", "culvert", "removed", "collapsed"}
_NO_TUNNEL = {"", "no", "culvert", "building_passage", "covered", "proposed", "construction"}
_ROUND = {"roundabout", "circular"}


@dataclass(frozen=True, slots=True)
class RoadAttributes:
    """The columns of ``roads`` that the tags of a way decide.

    Parameters
    ----------
    road_class, surface, name, ref : str
        As in the layer ``roads``.
    oneway : int
        1, -1 or 0.
    bridge, tunnel, ford : bool
        Whether the whole way is one.
    max_weight_t, mlc_wheeled, mlc_tracked : float, optional
        None where not mapped.
    max_height_m, max_width_m, max_speed_kmh, ford_depth_m : float, optional
        None where not mapped.
    """

    road_class: str
    surface: str
    name: str
    ref: str
    oneway: int
    bridge: bool
    tunnel: bool
    ford: bool
    max_weight_t: float | None
    mlc_wheeled: float | None
    mlc_tracked: float | None
    max_height_m: float | None
    max_width_m: float | None
    max_speed_kmh: float | None
    ford_depth_m: float | None = None


def is_closed_to_all(tags: Mapping[str, str]) -> bool:
    """Tell whether nobody may use a road.

    Private roads stay: a planner may be allowed to use them. So do roads closed to motor vehicles
    by a sign, which a convoy under escort may pass.

    Parameters
    ----------
    tags : mapping
        Tags of the way.

    Returns
    -------
    bool
        True if access is refused in general and granted again neither to vehicles nor, on a way
        for walkers, to people on foot.
    """
    if tags.get("access") not in {"no", "impassable"} and tags.get("impassable") != "yes":
        return False
    if tags.get("motor_vehicle", tags.get("vehicle", "no")) in _OPEN:
        return False
    return not (tags.get("highway") in _ON_FOOT and tags.get("foot", "no") in _OPEN)


def _oneway(tags: Mapping[str, str]) -> int:
    value = tags.get("oneway:motor_vehicle", tags.get("oneway", "")).lower()
    if value in {"-1", "reverse"}:
        return -1
    if value in {"yes", "true", "1"}:
        return 1
    if value in {"no", "false", "0", "reversible", "alternating"}:
        return 0  # the last two change with the hour, or by signals: both ways are open in turn
    implied = highway_table()[tags["highway"]].oneway or tags.get("junction") in _ROUND
    return int(implied)


def _smallest(*values: float | None) -> float | None:
    known = [value for value in values if value is not None]
    return min(known) if known else None


def _load_class(tags: Mapping[str, str], kind: str, *, oneway: bool) -> float | None:
    # STANAG 2021 as tagged in OSM: a bridge carries more when traffic is held to one direction.
    two = (f"mlc:{kind}", "mlc")
    one = (f"mlc:{kind}_oneway", "mlc:oneway")
    for key in (*one, *two) if oneway else (*two, *one):
        value = parse_load_class(tags.get(key, ""))
        if value is not None:
            return value
    return None


def road_attributes(tags: Mapping[str, str]) -> RoadAttributes:
    """Return what the tags of a way say of the road.

    Parameters
    ----------
    tags : mapping
        Tags with a ``highway`` that `highway_table` keeps.

    Returns
    -------
    RoadAttributes
        The attributes.
    """

    def length(*keys: str) -> float | None:
        return _smallest(*(parse_length_m(tags.get(key, "")) for key in keys))

    def speed(*keys: str) -> float | None:
        return _smallest(*(parse_speed_kmh(tags.get(key, "")) for key in keys))

    oneway = _oneway(tags)
    bridge = tags.get("bridge", "") not in _NO_BRIDGE
    ford = tags.get("ford", "no") != "no" and not bridge
    return RoadAttributes(
        road_class=tags["highway"],
        surface=surface_of(tags),
        name=tags.get("name", ""),
        ref=tags.get("ref", ""),
        oneway=oneway,
        bridge=bridge,
        tunnel=tags.get("tunnel", "") not in _NO_TUNNEL and not bridge,
        ford=ford,
        max_weight_t=_smallest(
            parse_weight_t(tags.get("maxweight", "")), parse_weight_t(tags.get("maxweight:hgv", ""))
        ),
        mlc_wheeled=_load_class(tags, "wheeled", oneway=oneway != 0),
        mlc_tracked=_load_class(tags, "tracked", oneway=oneway != 0),
        max_height_m=length("maxheight", "maxheight:physical"),
        max_width_m=length("maxwidth", "maxwidth:physical", "width"),
        max_speed_kmh=speed("maxspeed") or speed("maxspeed:forward", "maxspeed:backward"),
        ford_depth_m=length("depth") if ford else None,
    )
