"""What a person changed on the ground, as a list that can be read and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from briefing.facts.model import Periods
from briefing.wording.numbers import exact
from briefing.wording.values import Writer
from dashboard.i18n import Words
from optimizer.scenario.model import Area, AreaKind, Change, ChangeKind, Scenario

__all__ = ["GroundItem", "ground_of"]


@dataclass(frozen=True, slots=True)
class GroundItem:
    """An area, or a change of a road or bridge.

    Parameters
    ----------
    kind : {"area", "change"}
        What it is.
    id : str
        Its id.
    label : str
        Its name.
    told : str
        What it does.
    code : str
        Its kind in the scenario, such as ``"no_go"``.
    own : bool
        Whether it was made on this page, not opened with the scenario.
    """

    kind: str
    id: str
    label: str
    told: str
    code: str
    own: bool


def ground_of(
    opened: Scenario, now: Scenario, writer: Writer, words: Words
) -> tuple[GroundItem, ...]:
    """Return what stands on the ground, the person's own first.

    Parameters
    ----------
    opened : Scenario
        The scenario as it was opened.
    now : Scenario
        The scenario as it is now.
    writer : Writer
        Writes the hours.
    words : Words
        Words for what each does.

    Returns
    -------
    tuple of GroundItem
        Areas, then changes.
    """
    there = {*opened.areas, *opened.changes}
    areas = [_area(area, words, own=area not in there) for area in now.areas]
    changes = [_change(change, words, own=change not in there) for change in now.changes]
    all_stated: tuple[Area | Change, ...] = (*now.areas, *now.changes)
    items = [
        replace(item, told=_by_hours(item.told, stated, writer, words))
        for item, stated in zip((*areas, *changes), all_stated, strict=True)
    ]
    return tuple(sorted(items, key=lambda item: not item.own))


def _by_hours(told: str, stated: Area | Change, writer: Writer, words: Words) -> str:
    if not stated.windows:
        return told
    return words("ground.by_hours", told=told, hours=writer.short(Periods.of(stated.windows)))


def _area(area: Area, words: Words, *, own: bool) -> GroundItem:
    kind = area.kind.value
    figures = {
        "factor": f"{round(100 * (area.speed_factor or 1))}",
        "rate": exact(area.exposure_per_km or 0, words.language),
        "rate_h": exact(area.exposure_per_h or 0, words.language),
    }
    told = kind
    if area.exposure_per_h and area.kind is AreaKind.EXPOSURE:
        told = "exposure_both" if area.exposure_per_km else "exposure_per_h"
    return GroundItem(
        "area", area.id, area.label or area.id, words(f"ground.{told}", **figures), kind, own
    )


def _change(change: Change, words: Words, *, own: bool) -> GroundItem:
    kind = change.kind.value
    classes = [c for c in (change.load_class_wheeled, change.load_class_tracked) if c is not None]
    figures = {
        "load_class": " / ".join(exact(c, words.language) for c in classes),
        "speed": exact(change.speed_kmh or 0, words.language),
        "spacing": exact(change.spacing_m or 0, words.language),
    }
    slowly = change.kind is ChangeKind.SPACING and change.speed_kmh is not None
    told = "spacing_speed" if slowly else kind
    return GroundItem(
        "change",
        change.id,
        change.label or change.id,
        words(f"ground.{told}", **figures),
        kind,
        own,
    )
