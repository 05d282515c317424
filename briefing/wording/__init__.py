"""The phrase banks, French and English: how facts become sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from briefing.wording.bank import LANGUAGES, BankError, bank
from briefing.wording.statement import Sentence, Span, Statement, Voice
from briefing.wording.values import Writer
from optimizer.errors import UsageError
from optimizer.faults import Language

__all__ = ["LANGUAGES", "BankError", "Sentence", "Span", "Statement", "Voice", "bank", "voice"]


def voice(language: Language, zone: str, *, over: Sequence[datetime] = ()) -> Voice:
    """Return a voice that speaks one language and tells times in one zone.

    Parameters
    ----------
    language : {"en", "fr"}
        Language.
    zone : str
        IANA name of the display zone.
    over : sequence of datetime, optional
        Start and end of what is told. Where the zone has one offset at both, every time is told
        with it, also one at which clocks are set otherwise: one letter serves throughout.

    Returns
    -------
    Voice
        The voice.

    Raises
    ------
    UsageError
        If there is no such zone.
    """
    try:
        known = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"the scenario's display_zone {zone!r} is no time zone; an IANA name such as "
            "Europe/Paris is"
        ) from error
    phrases = bank()
    offsets = {time.astimezone(known).utcoffset() for time in over}
    offset = offsets.pop() if len(offsets) == 1 else None
    told = known if offset is None else timezone(offset)
    return Voice(phrases, Writer(language, told, phrases.vocabulary))
