"""Puts a drawing into a page: its ids kept apart from those of others, nothing in it that acts."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

__all__ = ["inline_svg"]

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
#: Elements that act or that hold other languages than SVG.
_ACTIVE = frozenset({"script", "foreignObject", "iframe", "object", "embed"})
_URL = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)['\"]?\s*\)")

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _attribute(name: str, value: str, prefix: str) -> str | None:
    """Return a value as it may stand in the page, or None where it may not."""
    match _local(name):
        case "id":
            return prefix + value
        case "href" if value.startswith("#"):
            return f"#{prefix}{value[1:]}"
        case "href":
            return value if value.startswith(("data:image/png;", "data:image/jpeg;")) else None
        case "aria-labelledby" | "aria-describedby":
            return " ".join(prefix + part for part in value.split())
        case event if event.startswith("on"):
            return None
        case _:
            return _URL.sub(rf"url(#{prefix}\1)", value)


def inline_svg(svg: str, prefix: str, label: str) -> str:
    """Return an SVG as it stands in an HTML page.

    Parameters
    ----------
    svg : str
        A self-contained SVG.
    prefix : str
        Put before each id in it, so that two drawings of one page do not share any.
    label : str
        What it shows, for those who cannot see it.

    Returns
    -------
    str
        The SVG as one image, without anything that runs or is fetched.
    """
    root = ET.fromstring(svg)  # noqa: S314 - drawn by this program, not by others
    for element in list(root.iter()):
        for child in list(element):
            if _local(child.tag) in _ACTIVE:
                element.remove(child)
        for name, value in list(element.attrib.items()):
            kept = _attribute(name, value, prefix)
            if kept is None:
                del element.attrib[name]
            else:
                element.set(name, kept)
    root.set("role", "img")
    root.set("aria-label", label)
    return ET.tostring(root, encoding="unicode")
