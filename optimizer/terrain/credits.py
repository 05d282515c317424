"""What must be said of the sources of a theatre wherever it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.terrain.theatre import Source

__all__ = ["UNSTATED", "attributions"]

#: Licence of a source whose file says nothing of it.
UNSTATED = "not stated by the file"


def attributions(sources: Sequence[Source]) -> str:
    """Join the attributions of sources for a caption, each once.

    Parameters
    ----------
    sources : sequence of Source
        Of a manifest.

    Returns
    -------
    str
        For instance ``© OpenStreetMap contributors, ODbL 1.0; SRTM, NASA/USGS``.
    """
    lines = []
    for source in sources:
        licence = source.licence if source.licence not in {UNSTATED, "public domain"} else ""
        line = ", ".join(dict.fromkeys(part for part in (source.attribution, licence) if part))
        if line not in lines:
            lines.append(line)
    return "; ".join(lines)
