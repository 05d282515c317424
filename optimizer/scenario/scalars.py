"""What a plain YAML scalar means: YAML 1.2's core schema, so that ``no`` is Norway and not false.

Times stay text, which the models read; ``10:30`` and ``1_000`` are text as well.
"""

from __future__ import annotations

import re

__all__ = ["PATTERNS", "resolve"]

#: Tag -> how its plain scalars look (YAML 1.2.2, section 10.3.2).
PATTERNS = {
    "null": re.compile(r"null|Null|NULL|~|"),
    "bool": re.compile(r"true|True|TRUE|false|False|FALSE"),
    "int": re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII),
    "float": re.compile(
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        re.ASCII,
    ),
}
_MAX_DIGITS = 40  # longer than any figure that a plan can use; Python refuses more than 4,300


def resolve(text: str) -> str | int | float | bool | None:
    """Return the value of a plain scalar.

    Parameters
    ----------
    text : str
        The scalar as it stands in the file.

    Returns
    -------
    str, int, float, bool or None
        Its value.
    """
    if PATTERNS["null"].fullmatch(text):
        return None
    if PATTERNS["bool"].fullmatch(text):
        return text.lower() == "true"
    if len(text) > _MAX_DIGITS:
        return text
    if PATTERNS["int"].fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        return int(text[2:] if base != 10 else text, base)  # noqa: PLR2004 - ten is ten
    if PATTERNS["float"].fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
