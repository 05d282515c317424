"""Places for handling and for loading: at no moment more convoys hold one than there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from optimizer.plan.model import Stop
from optimizer.verify.case import Case, March, Violation, violation

__all__ = ["Holding", "Holdings", "holdings", "violations", "waits_for_place"]

#: What holds a place: a stop at a site, or the loading of a trip at a base.
_STOP, _LOADING = "site.places", "base.places"


class Holding(NamedTuple):
    """A convoy that holds a place.

    Parameters
    ----------
    begin, end : int
        From when on, and when no more.
    convoy : str
        Who.
    pointer : str
        Where its begin stands in the plan.
    """

    begin: int
    end: int
    convoy: str
    pointer: str


#: Who holds a place when, by the code of the rule and the site, in the order of the plan.
Holdings = Mapping[tuple[str, str], list[Holding]]


def holdings(case: Case) -> Holdings:
    """Find who holds a place when, wherever their number is stated.

    Parameters
    ----------
    case : Case
        Case.

    Returns
    -------
    mapping of (str, str) to list of Holding
        By code of the rule and site.
    """
    found: dict[tuple[str, str], list[Holding]] = {key: [] for key in _stated(case)}
    for march in case.marches:
        convoy = march.convoy.id
        for pointer, trip in march.trips():
            if (_LOADING, trip.base) in found:
                span = case.seconds(trip.loading_start), case.seconds(trip.depart)
                held = Holding(*span, convoy, f"{pointer}/loading_start")
                found[_LOADING, trip.base].append(held)
            for number, stop in enumerate(trip.stops):
                if (_STOP, stop.site) in found:
                    span = case.seconds(stop.start), case.seconds(stop.depart)
                    held = Holding(*span, convoy, f"{pointer}/stops/{number}/start")
                    found[_STOP, stop.site].append(held)
    return found


def violations(case: Case) -> Iterator[Violation]:
    """Yield every moment at which a place too many begins to be held.

    Parameters
    ----------
    case : Case
        Case.

    Yields
    ------
    Violation
        Sites first, then bases, each in the order of time.
    """
    stated = _stated(case)
    for (code, site), held in holdings(case).items():
        for moment in sorted({one.begin for one in held}):
            here = [one for one in held if one.begin <= moment < one.end]
            if len(here) > stated[code, site]:
                # Who begins at this moment; of several, the last of the plan is one too many.
                last = [one for one in here if one.begin == moment][-1:]
                for one in last:
                    yield violation(
                        code,
                        one.pointer,
                        time=case.clock(moment),
                        site=site,
                        places=stated[code, site],
                        convoys=", ".join(sorted(other.convoy for other in here)),
                    )


def waits_for_place(case: Case, march: March, stop: Stop, held: Holdings) -> bool:
    """Tell whether others held all places of a site a second before a stop's handling starts.

    Parameters
    ----------
    case : Case
        Case.
    march : March
        Whose stop it is.
    stop : Stop
        Stop.
    held : mapping of (str, str) to list of Holding
        From `holdings`.

    Returns
    -------
    bool
        Whether it could not have started then.
    """
    before = case.seconds(stop.start) - 1
    others = [
        one
        for one in held.get((_STOP, stop.site), ())
        if one.convoy != march.convoy.id and one.begin <= before < one.end
    ]
    return bool(others) and len(others) >= _stated(case)[_STOP, stop.site]


def _stated(case: Case) -> dict[tuple[str, str], int]:
    """Return how many places there are, by code of the rule and site."""
    sites = {(_STOP, s.id): s.places for s in case.sites.values() if s.places is not None}
    bases = {
        (_LOADING, b.site): b.loading_places
        for b in case.bases.values()
        if b.loading_places is not None
    }
    return sites | bases
