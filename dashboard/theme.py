"""The look of the page: one blue, calm greys, IBM Plex; the rest is in ``assets/convoi.css``."""

from __future__ import annotations

from typing import Any

__all__ = ["THEME"]

THEME: dict[str, Any] = {
    "primaryColor": "steel",
    "primaryShade": {"light": 7, "dark": 6},
    "fontFamily": "'IBM Plex Sans', system-ui, 'Segoe UI', sans-serif",
    "fontFamilyMonospace": "'IBM Plex Mono', ui-monospace, monospace",
    "headings": {"fontFamily": "'IBM Plex Sans', system-ui, sans-serif", "fontWeight": "600"},
    "defaultRadius": "sm",
    "cursorType": "pointer",
    "focusRing": "auto",
    # A dialog is shown at once. One that fades in is shown by the next frame but given the focus by
    # a timer; where the timer is first, the focus goes to what is not shown yet, and so nowhere.
    "components": {"Modal": {"defaultProps": {"transitionProps": {"duration": 0}}}},
    "colors": {
        "steel": [
            "#eef4fa",
            "#dbe6f1",
            "#b4cce3",
            "#8ab0d5",
            "#6799c9",
            "#4f8ac1",
            "#2f76b5",
            "#1c5d96",
            "#154e80",
            "#0c3c66",
        ],
        "dark": [
            "#d5dae1",
            "#b3bbc6",
            "#929cab",
            "#6b7686",
            "#465060",
            "#363f4c",
            "#28303b",
            "#1c222b",
            "#151a21",
            "#0e1217",
        ],
    },
}
