"""Which words of a text stand whole on one line: ids are read and typed as one."""

from __future__ import annotations

import functools
import re

__all__ = ["NARROW", "WIDE", "whole_words"]

#: In a cell of a table a word that is as long as this may be broken, in running text one as this.
NARROW = 13
WIDE = 26


@functools.cache
def _pattern(most: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?=\S{{1,{most - 1}}}(?!\S))(\S*[-/]\S*)")


def whole_words(text: str, most: int = WIDE) -> list[str]:
    """Split a text at the words in which a line would be broken though they are to stand whole.

    Parameters
    ----------
    text : str
        Plain text.
    most : int
        Length from which a word may be broken.

    Returns
    -------
    list of str
        In turn what is set as it comes, and a word that stands whole; together they are the text.
    """
    return _pattern(most).split(text)
