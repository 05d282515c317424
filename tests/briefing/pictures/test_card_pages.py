"""A convoy card is one page, or the two sides of a sheet where a convoy has very much to do."""

from __future__ import annotations

import io

import pypdf
import pytest

from briefing.wording import LANGUAGES
from briefing.write import write
from optimizer.faults import Language
from optimizer.plan.model import Plan
from optimizer.terrain.theatre import Theatre

CONTINUED = {"en": "Continued on the next page", "fr": "Suite page suivante"}


def _pages(plan: Plan, theatre: Theatre, language: Language) -> list[str]:
    pdf = write(plan, document="convoy-card", language=language, form="pdf", theatre=theatre)
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_convoy_has_one_page(woven: Plan, sarvenne: Theatre, language: Language) -> None:
    pages = _pages(woven, sarvenne, language)
    convoys = [route.convoy for route in woven.routes if route.trips]
    assert len(pages) == len(convoys)
    for convoy, text in zip(convoys, pages, strict=True):
        assert convoy in text.replace("\n", "")
        assert CONTINUED[language] not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_are_not_broken(woven: Plan, sarvenne: Theatre, language: Language) -> None:
    """That of the convoy below its code, those of vehicles, that of the order replaced."""
    cancelled, _, _ = woven.scenario.documents.cancels.partition(",")
    assert " " in cancelled
    moving = [route for route in woven.routes if route.trips]
    for route, text in zip(moving, _pages(woven, sarvenne, language), strict=True):
        assert f"{route.convoy}," in text
        assert all(vehicle in text for vehicle in route.vehicles)
        # It stands in the banner, and as the number of the order below it and in the foot.
        assert text.count(cancelled) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_finds_no_room_goes_on_the_back_of_the_same_sheet(
    woven: Plan, sarvenne: Theatre, language: Language
) -> None:
    """Forty lines of signals leave no room for the strip map under them."""
    documents = woven.scenario.documents.model_copy(update={"signals": "One channel.\n" * 40})
    scenario = woven.scenario.model_copy(update={"documents": documents})
    wordy = woven.model_copy(update={"scenario": scenario})
    pages = _pages(wordy, sarvenne, language)
    convoys = [route.convoy for route in woven.routes if route.trips]
    assert len(pages) == 2 * len(convoys)
    for n, text in enumerate(pages):
        assert convoys[n // 2] in text.replace("\n", "")
        assert (CONTINUED[language] in text) == (n % 2 == 0)


def test_a_card_is_the_same_each_time(woven: Plan, sarvenne: Theatre) -> None:
    once, again = (
        write(woven, document="convoy-card", language="fr", form="pdf", theatre=sarvenne).content
        for _ in range(2)
    )
    assert once == again
