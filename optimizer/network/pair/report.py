"""What is told of one pair as text: tables for people, JSON, GeoJSON and CSV for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.network.answers.told import End, Told
    from optimizer.network.ground import Course
    from optimizer.terrain.theatre import Theatre

__all__ = ["FORMAT", "document", "geojson", "profile_csv", "routes_csv", "table"]

FORMAT = "convoi/path/1"
_QUANTITIES = ("time_s", "distance_m", "fuel_m", "exposure_milli")
#: Lines of a front, and of a profile, that a terminal shows.
_SHOWN = 12


def document(told: Told, theatre: Theatre) -> dict[str, Any]:
    """Return everything as a document of JSON types; null is what was not asked.

    Parameters
    ----------
    told : Told
        What was asked of a pair.
    theatre : Theatre
        Theatre.

    Returns
    -------
    dict
        Document.
    """
    return {
        "format": FORMAT,
        "theatre": theatre.manifest.name,
        "origin": told.origin,
        "destination": told.destination,
        "profile": told.profile.model_dump(mode="json"),
        "best": {criterion.value: _course(course) for criterion, course in told.best.items()},
        "ends": [
            {**asdict(end.joined), "ground_m": round(end.ground_m, 1), "first_road": end.road}
            for end in told.ends
        ],
        "front": None if told.front is None else [_course(course) for course in told.front],
        "alternatives": None
        if told.alternatives is None
        else {
            "criterion": told.criterion.value,
            "paths": [
                {**_course(a.course), "shared": round(a.shared, 4)} for a in told.alternatives
            ],
        },
        "along": None
        if told.along is None
        else {"criterion": told.criterion.value, "points": _points(told, theatre)},
    }


def geojson(told: Told) -> str:
    """Return all paths as GeoJSON.

    Parameters
    ----------
    told : Told
        What was asked of a pair.

    Returns
    -------
    str
        A collection of features, longitudes first.
    """
    from optimizer.network.answers.frames import routes_frame  # noqa: PLC0415 - half a second

    return str(routes_frame(told).to_json(drop_id=True, ensure_ascii=False)) + "\n"


def routes_csv(told: Told) -> str:
    """Return the quantities of all paths as CSV.

    Parameters
    ----------
    told : Told
        What was asked of a pair.

    Returns
    -------
    str
        Text with a row of headings.
    """
    from optimizer.network.answers.frames import routes_frame  # noqa: PLC0415 - as above

    frame = routes_frame(told).drop(columns="geometry")
    return str(frame.to_csv(index=False, lineterminator="\n"))


def profile_csv(told: Told, theatre: Theatre) -> str:
    """Return the profile as CSV, one row a point.

    Parameters
    ----------
    told : Told
        What was asked of a pair, its profile too.
    theatre : Theatre
        Theatre.

    Returns
    -------
    str
        Text with a row of headings; positions in degrees, the rest as in `Point`.
    """
    import csv  # noqa: PLC0415 - seldom asked for
    import io  # noqa: PLC0415

    points = _points(told, theatre)
    text = io.StringIO()
    rows = csv.DictWriter(text, list(points[0]), lineterminator="\n")
    rows.writeheader()
    rows.writerows(points)
    return text.getvalue()


def table(told: Told, names: Sequence[str], wanted: int, share: float) -> str:
    """Return everything as tables for a terminal, in English.

    Parameters
    ----------
    told : Told
        What was asked of a pair.
    names : sequence of str
        What origin and destination were called.
    wanted : int
        How many alternatives were asked for.
    share : float
        Most that they may share.

    Returns
    -------
    str
        Lines.
    """
    head = f"{' + '.join(told.profile.mobility)} from {names[0]} to {names[1]}"
    lines = [head, "", _HEAD.format("best for")]
    lines += [_line(criterion.value, course) for criterion, course in told.best.items()]
    if told.ends:  # of what moves on the ground
        lines += ["", *(_end(name, end) for name, end in zip(names, told.ends, strict=True))]
    if told.front is not None:
        some = _spread(told.front)
        lines += [
            "",
            f"time against exposure: {_count(len(told.front), 'path')}, each of them best",
        ]
        if len(some) < len(told.front):
            lines[-1] += f"; {len(some)} shown, all with --json"
        lines += [_HEAD.format("")]
        lines += [_line(str(1 + told.front.index(course)), course) for course in some]
    if told.alternatives is not None:
        found = len(told.alternatives) - 1
        lines += ["", f"other paths by {told.criterion.value}, sharing at most {share:.0%}"]
        if found < wanted:
            lines[-1] += f": {found} of {wanted}, no more differ so much within twice the cost"
        lines += [_HEAD.format("") + "  shared"]
        for number, other in enumerate(told.alternatives):
            mark = "best" if number == 0 else str(number)
            lines.append(_line(mark, other.course) + (f"  {other.shared:6.0%}" if number else ""))
    if told.along is not None:
        lines += ["", f"along the best path by {told.criterion.value}"]
        lines += [f"{'km':>8}{'elevation':>11}{'grade':>8}{'km/h':>7}{'time':>10}  over"]
        some_points = _spread(told.along, 2 * _SHOWN)
        for point in some_points:
            over = " ".join(filter(None, (point.highway, point.surface, point.cover))) or point.kind
            lines.append(
                f"{point.distance_m / 1000:8.2f}{point.elevation_m:9.0f} m{point.grade:8.1%}"
                f"{point.speed_kmh:7.1f}{_clock(point.time_s):>10}  {over}"
            )
        if len(some_points) < len(told.along):
            lines.append(
                f"{len(some_points)} of {len(told.along)} points; all in a file.csv or with --json"
            )
    return "\n".join(lines)


_HEAD = "{:<12}{:>9}{:>12}{:>12}{:>12}".format("{:<12}", "time", "distance", "fuel", "exposure")


def _line(name: str, course: Course) -> str:
    return (
        f"{name:<12}{_clock(course.time_s):>9}{course.distance_m / 1000:9.1f} km"
        f"{course.fuel_m / 1000:9.1f} km{course.exposure_milli / 1000:12.3f}"
    )


def _clock(time_s: float) -> str:
    minutes, seconds = divmod(round(time_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _end(name: str, end: End) -> str:
    """Return how a place is joined to the ground, as one line."""
    joined = end.joined
    if joined.road is not None:
        told = f"{name} lies on {joined.road}, {joined.road_m:.0f} m off"
    elif end.road is not None:
        told = f"{name} lies on no road: {end.ground_m:.0f} m over open ground to {end.road}"
    else:
        told = f"{name} lies on no road, and no road is taken"
    if joined.nearer is not None:
        what = "water" if joined.between == "water" else "an area that nobody may enter"
        told += f"; {joined.nearer} is nearer, {joined.nearer_m:.0f} m, but {what} lies between"
    if joined.road is not None and not (joined.leaves and joined.comes):
        told += f"; {_CUT[joined.leaves, joined.comes]}"
    return told


_CUT = {
    (False, False): "no road joins it to most other roads",
    (False, True): "no road leads on from it",
    (True, False): "no road leads to it",
}


def _spread(items: Sequence[Any], shown: int = _SHOWN) -> list[Any]:
    """Return some of the items, both ends among them."""
    if len(items) <= shown:
        return list(items)
    return [items[number * (len(items) - 1) // (shown - 1)] for number in range(shown)]


def _course(course: Course) -> dict[str, Any]:
    parts: Iterable[Any] = () if course.path is None else course.path.polyline
    figures = {name: getattr(course, name) for name in _QUANTITIES}
    return {**figures, "polyline": [list(point) for point in parts]}


def _points(told: Told, theatre: Theatre) -> list[dict[str, Any]]:
    points = told.along or ()
    lon, lat = theatre.to_earth.transform([p.x for p in points], [p.y for p in points])
    return [
        {
            "distance_m": round(point.distance_m, 3),
            "time_s": round(point.time_s, 3),
            "fuel_m": round(point.fuel_m, 3),
            "exposure_milli": round(point.exposure_milli, 3),
            "lon": round(east, 6),
            "lat": round(north, 6),
            "elevation_m": round(point.elevation_m, 2),
            "grade": round(point.grade, 4),
            "speed_kmh": round(point.speed_kmh, 2),
            "kind": point.kind,
            "road": point.road,
            "class": point.highway,
            "surface": point.surface,
            "cover": point.cover,
        }
        for point, east, north in zip(points, lon, lat, strict=True)
    ]
