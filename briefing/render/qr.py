"""QR codes as SVG."""

from __future__ import annotations

import io

import segno

from briefing.facts.model import Fact, Name, Prose

__all__ = ["coded_text", "qr_svg"]

#: Cells that are left white around a code: ISO/IEC 18004 asks for four.
_QUIET_CELLS = 4


def coded_text(fact: Fact) -> str:
    """Return the text that a code carries.

    Parameters
    ----------
    fact : Fact
        A fact whose value is a name or prose.

    Returns
    -------
    str
        The text; empty for another value.
    """
    return fact.value.text if isinstance(fact.value, Name | Prose) else ""


def qr_svg(text: str) -> str:
    """Draw a QR code.

    Parameters
    ----------
    text : str
        What it carries.

    Returns
    -------
    str
        An SVG without size, black on white; empty where the text is empty or too long for a code.
    """
    if not text:
        return ""
    try:
        # Level M mends 15 % of the code: paper gets wet and is folded.
        code = segno.make(text, error="m", micro=False, boost_error=False)
    except segno.DataOverflowError:
        return ""
    drawn = io.BytesIO()
    code.save(
        drawn,
        kind="svg",
        border=_QUIET_CELLS,
        light="#fff",
        omitsize=True,
        svgclass=None,
        lineclass=None,
        xmldecl=False,
    )
    return drawn.getvalue().decode("utf-8")
