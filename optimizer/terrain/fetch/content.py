"""Tells by its first bytes whether a file is what it should be."""

from __future__ import annotations

__all__ = ["HEAD_BYTES", "complaint"]

#: So many bytes are looked at.
HEAD_BYTES = 64

_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")  # the latter two are BigTIFF
#: Length of the first header, then its type: see the format of OpenStreetMap's PBF.
_PBF = b"\x0a\x09OSMHeader"


def complaint(kind: str, head: bytes) -> str:
    """Say what is wrong with a file.

    Parameters
    ----------
    kind : {"elevation", "landcover", "osm"}
        What it should be; anything else may be anything.
    head : bytes
        Its first `HEAD_BYTES`, or all of it.

    Returns
    -------
    str
        What it is instead; empty if it is right.
    """
    if kind in {"elevation", "landcover"}:
        what, right = "a GeoTIFF", head.startswith(_TIFF)
    elif kind == "osm":
        what, right = "an OpenStreetMap file (PBF)", head[4:].startswith(_PBF)
    else:
        return ""
    if right:
        return ""
    start = head.lstrip()[:40]
    if start.lower().startswith((b"<!doctype html", b"<html")):
        return f"a web page instead of {what}"
    if start.startswith(b"<"):
        return f"XML instead of {what}: {start.decode('ascii', 'replace')!r}"
    if not head:
        return f"nothing instead of {what}"
    return f"no {what.partition(' ')[2]}: it begins with {head[:16]!r}"
