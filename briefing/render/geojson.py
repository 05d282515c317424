"""A plan as GeoJSON (RFC 7946): sites, routes along the ground, areas, changes to the ground.

Attributes are flat, in snake_case with their units; times are ISO 8601. ``id`` is the same in every
export of the same plan, and is that of the thing in the table of facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from briefing.facts.model import FactTable, Name, Quantity, Ratio, Subject, Time
from briefing.render import geometry
from optimizer.plan.model import Leg, Plan, Route
from optimizer.scenario.model import Area, Change, Site

__all__ = ["feature_collection", "geojson_text"]

Feature = dict[str, Any]


def feature_collection(plan: Plan, table: FactTable, layer: str | None = None) -> dict[str, Any]:
    """Return a plan as a GeoJSON document.

    Parameters
    ----------
    plan : Plan
        The plan.
    table : FactTable
        Its facts; every sum comes from there.
    layer : {"sites", "routes", "areas", "changes"}, optional
        One layer alone; by default all of them.

    Returns
    -------
    dict
        FeatureCollection with a bounding box; the marking stands on it and on every feature.
    """
    makers = {"sites": _sites, "routes": _routes, "areas": _areas, "changes": _changes}
    chosen = makers if layer is None else {layer: makers[layer]}
    features = [f for make in chosen.values() for f in make(plan, table)]
    marking = plan.scenario.marking or None
    for feature in features:
        feature["properties"] |= {"marking": marking, "plan": plan.id}
    box = geometry.bbox(feature["geometry"] for feature in features)
    return {
        "type": "FeatureCollection",
        "name": plan.id if layer is None else layer,
        "marking": marking,
        "plan": plan.id,
        "scenario": plan.scenario.id,
        "title": plan.scenario.title or None,
        "created": plan.provenance.created.isoformat(),
        "draft": True,
        **({} if box is None else {"bbox": box}),
        "features": features,
    }


def geojson_text(plan: Plan, table: FactTable, layer: str | None = None) -> str:
    """Return the GeoJSON document as text, one feature a line.

    Parameters
    ----------
    plan : Plan
        The plan.
    table : FactTable
        Its facts.
    layer : str, optional
        One layer alone.

    Returns
    -------
    str
        JSON that ends with a newline.
    """
    document = feature_collection(plan, table, layer)
    features = document.pop("features")
    head = ",\n".join(f"  {_json(key)}: {_json(value)}" for key, value in document.items())
    lines = ",\n".join(f"    {_json(feature)}" for feature in features)
    return f'{{\n{head},\n  "features": [\n{lines}\n  ]\n}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _feature(
    subject: Subject | str, layer: str, shape: dict[str, Any] | None, properties: Feature
) -> Feature:
    name = str(subject)
    box = None if shape is None or shape["type"] == "Point" else geometry.bbox([shape])
    return {
        "type": "Feature",
        "id": name,
        **({} if box is None else {"bbox": box}),
        "geometry": shape,
        "properties": {"id": name, "layer": layer, **properties},
    }


def _value(table: FactTable, subject: Subject, label: str) -> float | str | None:
    fact = table.get(subject, label)
    match fact.value if fact is not None else None:
        case Quantity(amount=amount):
            return round(amount, 3)
        case Ratio(share=share):
            return round(share, 4)
        case Name(text=text):
            return text
        case Time(at=at):
            return at.isoformat()
        case _:
            return None


def _place(site: Site) -> dict[str, Any] | None:
    return None if site.position is None else geometry.point(site.position.lonlat)


def _sites(plan: Plan, table: FactTable) -> Iterator[Feature]:
    bases = {base.site for base in plan.scenario.bases}
    for site in plan.scenario.sites:
        about = Subject("site", site.id)
        masses = {k: _value(table, about, k) for k in ("demanded_kg", "delivered_kg")}
        missing = _value(table, about, "undelivered_kg")
        yield _feature(
            about,
            "sites",
            _place(site),
            {
                "site": site.id,
                "name": site.label or site.id,
                "kind": site.kind,
                "role": "base" if site.id in bases else "unit",
                "status": _status(masses["delivered_kg"], missing),
                **{key: value or 0.0 for key, value in masses.items()},
                "undelivered_kg": missing or 0.0,
                "delivered_share": _value(table, about, "delivered_share"),
                "note": site.note or None,
            },
        )


def _status(delivered_kg: float | str | None, missing_kg: float | str | None) -> str:
    if missing_kg is None:
        return "no_demand"
    if not missing_kg:
        return "delivered"
    return "partly_delivered" if delivered_kg else "undelivered"


def _routes(plan: Plan, table: FactTable) -> Iterator[Feature]:
    sites = {site.id: site for site in plan.scenario.sites}
    for route in plan.routes:
        convoy = Subject("convoy", route.convoy)
        for trip in route.trips:
            part = Subject("trip", f"{convoy.id}/{trip.number}", convoy)
            for number, leg in enumerate(trip.legs, start=1):
                about = Subject("leg", f"{part.id}/{number}", part)
                shape, schematic = _course(leg, sites)
                yield _feature(
                    about,
                    "routes",
                    shape,
                    {
                        **_march(route, table, convoy),
                        "trip": trip.number,
                        "sequence": number,
                        **_drive(leg),
                        "origin_name": _value(table, about, "origin"),
                        "destination_name": _value(table, about, "destination"),
                        "tail_clear": _value(table, about, "tail_clear"),
                        "load_kg": _value(table, about, "load"),
                        "schematic": schematic,
                    },
                )


def _march(route: Route, table: FactTable, convoy: Subject) -> Mapping[str, Any]:
    return {
        "convoy": route.convoy,
        "name": _value(table, convoy, "label") or route.convoy,
        "vehicles": len(route.vehicles),
        "vehicle_ids": " ".join(route.vehicles),
        "mobility": " ".join(route.profile.mobility),
        "load_class": route.profile.load_class,
    }


def _drive(leg: Leg) -> Mapping[str, Any]:
    return {
        "origin": leg.origin,
        "destination": leg.destination,
        "depart": leg.depart.isoformat(),
        "arrive": leg.arrive.isoformat(),
        "travel_s": leg.travel_s,
        "distance_m": leg.distance_m,
        "fuel_m": leg.fuel_m,
        "exposure": leg.exposure_milli / 1000,
        "criterion": leg.criterion.value,
    }


def _course(leg: Leg, sites: Mapping[str, Site]) -> tuple[dict[str, Any] | None, bool]:
    """Return the course of a leg and whether it is only a straight line between its ends."""
    if leg.path is not None and leg.path.polyline:
        return geometry.line(leg.path.polyline), False
    ends = [sites[leg.origin].position, sites[leg.destination].position]
    known = [end.lonlat for end in ends if end is not None]
    return (geometry.line(known) if len(known) == len(ends) else None), True


def _areas(plan: Plan, table: FactTable) -> Iterator[Feature]:
    del table
    for area in plan.scenario.areas:
        yield _feature(
            f"area:{area.id}",
            "areas",
            geometry.polygon(area.polygon),
            {
                "area": area.id,
                "name": area.label or area.id,
                "kind": area.kind.value,
                "speed_factor": area.speed_factor,
                "exposure_per_km": area.exposure_per_km,
                "exposure_per_h": area.exposure_per_h,
                "windows": _windows(area),
                "note": area.note or None,
            },
        )


def _windows(stated: Area | Change) -> list[dict[str, str]] | None:
    """Return when something holds; None where it always does."""
    told = [window.model_dump(mode="json") for window in stated.windows]
    return told or None


def _changes(plan: Plan, table: FactTable) -> Iterator[Feature]:
    del table
    for change in plan.scenario.changes:
        yield _feature(
            f"change:{change.id}",
            "changes",
            None if change.near is None else geometry.point(change.near.lonlat),
            {
                "change": change.id,
                "name": change.label or change.id,
                "kind": change.kind.value,
                "road": change.road,
                "load_class_wheeled": change.load_class_wheeled,
                "load_class_tracked": change.load_class_tracked,
                "speed_kmh": change.speed_kmh,
                "spacing_m": change.spacing_m,
                "windows": _windows(change),
                "note": change.note or None,
            },
        )
