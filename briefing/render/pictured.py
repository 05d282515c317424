"""Where renderers get pictures from: they know neither maps nor plans."""

from __future__ import annotations

from typing import Protocol

from briefing.documents.tree import Picture

__all__ = ["NoPictures", "Pictures"]


class Pictures(Protocol):
    """Draws the pictures of one plan."""

    def svg(self, picture: Picture) -> str:
        """Draw a picture.

        Parameters
        ----------
        picture : Picture
            What it is to show.

        Returns
        -------
        str
            A self-contained SVG; empty if there is no such picture, which renderers then say.
        """
        ...


class NoPictures:
    """Has no pictures at all: documents then say so in words."""

    def svg(self, picture: Picture) -> str:  # noqa: ARG002 - the protocol's signature
        """Return nothing.

        Parameters
        ----------
        picture : Picture
            What would be shown.

        Returns
        -------
        str
            An empty string.
        """
        return ""
