"""Icons, drawn here in a box of 24 by 24, shown through a mask and so in the text's colour."""

from __future__ import annotations

from urllib.parse import quote

from dash import html

from dashboard.attributes import named

__all__ = ["icon"]

_PATHS = {
    "convoy": "M2 8h9v7H2zM13 10h5l3 3v2h-8zM5.5 15v.01M16.5 15v.01M4 18a1.5 1.5 0 1 0 3 0a1.5 1.5"
    " 0 1 0-3 0M15 18a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0",
    "play": "M7 4.5v15l12-7.5z",
    "stop": "M6 6h12v12H6z",
    "check": "M4.5 12.5l5 5l10-11",
    "accept": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M8 12.2l3 3l5.2-6",
    "cross": "M6 6l12 12M18 6L6 18",
    "unknown": "M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2.2M12 17.5v.01",
    "warning": "M12 4L2.8 20h18.4zM12 10v5M12 17.3v.01",
    "undo": "M9 6L4 11l5 5M4 11h10a5.5 5.5 0 0 1 0 11h-2",
    "redo": "M15 6l5 5l-5 5M20 11H10a5.5 5.5 0 0 0 0 11h2",
    "area": "M4 8l8-4l8 5l-2 9l-11 2zM4 8v.01M12 4v.01M20 9v.01M18 18v.01M7 20v.01",
    "bridge": "M2 16c6-8 14-8 20 0M2 11h20M6 11v2.5M10 11v-.5M14 11v-.5M18 11v2.5",
    "bridge-out": "M2 16c3-4 5-5 7-5.6M22 16c-3-4-5-5-7-5.6M2 11h6M16 11h6M10 5l4 4M14 5l-4 4",
    "download": "M12 4v11M7 11l5 5l5-5M4 20h16",
    "upload": "M12 16V5M7 9l5-5l5 5M4 20h16",
    "document": "M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7",
    "sun": "M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5"
    " 19l2-2M17 7l2-2",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4A8.5 8.5 0 1 0 20 14.5z",
    "keyboard": "M2 6h20v12H2zM6 10v.01M10 10v.01M14 10v.01M18 10v.01M7 14h10",
    "trash": "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
    "up": "M5 15l7-7l7 7",
    "down": "M5 9l7 7l7-7",
    "back": "M15 5l-7 7l7 7",
    "compare": "M8 4L4 8l4 4M4 8h12M16 12l4 4l-4 4M20 16H8",
    "clock": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 7v5l3.5 2",
    "table": "M3 5h18v14H3zM3 10h18M9 10v9",
    "timeline": "M3 6h9M8 12h10M6 18h7",
    "site": "M12 21s-7-6-7-11.5a7 7 0 0 1 14 0C19 15 12 21 12 21zM9.5 9.5a2.5 2.5 0 1 0 5 0a2.5 2.5"
    " 0 1 0-5 0",
    "empty": "M3 13l3-8h12l3 8v6H3zM3 13h5l1.5 3h5L16 13h5",
    "layers": "M12 3l9 5l-9 5l-9-5zM3 13l9 5l9-5",
    "shield": "M12 3l8 3v6c0 5-3.5 8-8 9c-4.5-1-8-4-8-9V6z",
}


def icon(name: str, size: int = 16) -> html.Span:
    """Return an icon.

    Parameters
    ----------
    name : str
        Its name.
    size : int
        Width and height in pixels.

    Returns
    -------
    html.Span
        Hidden from screen readers: what it stands beside says what it means.
    """
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='black'"
        " stroke-width='2' stroke-linecap='round' stroke-linejoin='round'>"
        f"<path d='{_PATHS[name]}'/></svg>"
    )
    style = {
        "--icon": f'url("data:image/svg+xml,{quote(drawing)}")',
        "width": f"{size}px",
        "height": f"{size}px",
    }
    return html.Span(className="icon", style=style, **named({"aria-hidden": "true"}))
