"""Components as HTML text, for what is long: documents have thousands of parts, timelines hundreds.

Each Dash component is watched by the page for as long as it stands there, which takes minutes for a
whole movement order. As text, which a script puts into its place, the same takes milliseconds. Only
``dash.html`` components are written, and whatever a person named comes out as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from dash.development.base_component import Component

__all__ = ["markup"]

_NAMES = {"className": "class", "tabIndex": "tabindex", "colSpan": "colspan", "htmlFor": "for"}
_VOID = {"br", "hr", "img"}


def markup(children: Any) -> str:  # noqa: ANN401 - what Dash takes for children
    """Write components as HTML.

    Parameters
    ----------
    children : Component, str, list or None
        What Dash takes for children; of components, only those of ``dash.html``.

    Returns
    -------
    str
        HTML in which every text and attribute is escaped.

    Raises
    ------
    TypeError
        If a component is of another library, which only a browser can draw.
    """
    return "".join(_written(children))


def _written(children: Any) -> Iterator[str]:  # noqa: ANN401
    if children is None:
        return
    if isinstance(children, list | tuple):
        for child in children:
            yield from _written(child)
    elif isinstance(children, Component):
        yield from _element(children)
    else:
        yield escape(str(children), quote=False)


def _element(component: Component) -> Iterator[str]:
    if component._namespace != "dash_html_components":  # noqa: SLF001 - Dash tells it nowhere else
        raise TypeError(
            f"{type(component).__name__} is drawn by a script and has no HTML of its own"
        )
    tag = component._type.lower()  # noqa: SLF001
    properties = dict(component.to_plotly_json()["props"])  # type: ignore[no-untyped-call] # Dash has no types here
    children = properties.pop("children", None)
    yield f"<{tag}{''.join(_attribute(k, v) for k, v in properties.items())}>"
    if tag not in _VOID:
        yield from _written(children)
        yield f"</{tag}>"


def _attribute(name: str, value: Any) -> str:  # noqa: ANN401
    if value is None or value is False or (name == "className" and not value):
        return ""
    if isinstance(value, Mapping):
        value = ";".join(f"{key}:{one}" for key, one in value.items())
    text = "" if value is True else escape(str(value))
    return f' {_NAMES.get(name, name)}="{text}"'
