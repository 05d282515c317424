"""Figures and grammar as each language writes them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.facts import (
    Count,
    Fact,
    Label,
    Name,
    Names,
    Quantity,
    Subject,
    Supply,
    Term,
    Time,
    Times,
    Value,
    Way,
)
from briefing.wording import Statement, bank, numbers, voice
from briefing.wording.grammar import typeset, with_preposition
from briefing.wording.values import Writer
from optimizer.errors import UsageError
from optimizer.faults import Language

THIN = "\u202f"
HARD = "\u00a0"


def _plain(text: str) -> str:
    """Write typographic signs as a keyboard has them, so that expected texts are easy to read."""
    return text.replace(HARD, " ").replace(THIN, " ").replace("\u2019", "'").replace("\u00d7", "x")


@pytest.mark.parametrize(
    ("number", "places", "en", "fr"),
    [
        (0, 0, "0", "0"),
        (999, 0, "999", "999"),
        (1000, 0, "1,000", f"1{THIN}000"),
        (1234567.25, 1, "1,234,567.3", f"1{THIN}234{THIN}567,3"),
        # Halves go away from zero, as readers expect, not to the even neighbour.
        (2.5, 0, "3", "3"),
        (-1200.5, 1, "\u22121,200.5", f"\u22121{THIN}200,5"),
    ],
)
def test_numbers(number: float, places: int, en: str, fr: str) -> None:
    assert numbers.decimal(number, places, "en") == en
    assert numbers.decimal(number, places, "fr") == fr


@pytest.mark.parametrize(
    ("share", "en", "fr"),
    [
        (0.25, "25%", f"25{THIN}%"),
        (0.9649, "96.5%", f"96,5{THIN}%"),
        (4000 / 6000, "66.7%", f"66,7{THIN}%"),
        (0.9995, "99.9%", f"99,9{THIN}%"),
        (0.9994, "99.9%", f"99,9{THIN}%"),
        (0.0004, "0.1%", f"0,1{THIN}%"),
        (0.0015, "0.2%", f"0,2{THIN}%"),
        (0.29, "29%", f"29{THIN}%"),
        (0.1 + 0.2, "30%", f"30{THIN}%"),
        (1.0, "100%", f"100{THIN}%"),
        # Something is missing, so it is not all; something came, so it is not nothing.
        (0.99999, "99.9%", f"99,9{THIN}%"),
        (0.00001, "0.1%", f"0,1{THIN}%"),
        (0.0, "0%", f"0{THIN}%"),
        (1.5, "150%", f"150{THIN}%"),
    ],
)
def test_shares_never_round_to_all_or_nothing(share: float, en: str, fr: str) -> None:
    assert numbers.percent(share, "en") == en
    assert numbers.percent(share, "fr") == fr


@given(st.floats(min_value=0, max_value=1, exclude_max=True))
def test_no_share_below_one_reads_as_all(share: float) -> None:
    assert numbers.percent(share, "en") != "100%"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 min"),
        (1.3, "1.3 s"),
        (42, "42 s"),
        (200, "3 min 20 s"),
        (300, "5 min"),
        (630, "10 min"),
        (6030, "1 h 40 min"),
        (3660, "1 h 01 min"),
        (307, "5 min 07 s"),
        (43_200, "12 h"),
    ],
)
def test_durations_drop_what_is_left_over(seconds: float, text: str) -> None:
    assert numbers.duration(seconds, "en") == text.replace(" ", HARD)


@pytest.mark.parametrize(
    ("metres", "text"),
    [
        (0.4, "0.4 m"),
        (3.85, "3.85 m"),
        (5, "5 m"),
        (850, "850 m"),
        (1000, "1.0 km"),
        # The tenth of a day's marches is still read off an odometer, that of a plan's is not.
        (145_030, "145.0 km"),
        (1_265_400, "1,265 km"),
        (12_449, "12.4 km"),
    ],
)
def test_distances(metres: float, text: str) -> None:
    assert numbers.distance(metres, "en") == text.replace(" ", HARD)


@pytest.mark.parametrize(
    ("kg", "text"), [(0, "0 kg"), (0.02, "0.1 kg"), (0.5, "0.5 kg"), (1e4, "10,000 kg")]
)
def test_a_small_mass_is_not_nothing(kg: float, text: str) -> None:
    assert numbers.mass(kg, "en") == text.replace(" ", HARD)


@pytest.mark.parametrize(
    ("preposition", "name", "said"),
    [
        ("de", "Ordino", "d'Ordino"),
        ("de", "Écluse", "d'Écluse"),
        ("de", "Canillo", "de Canillo"),
        ("de", "Hôpital Nord", "d'Hôpital Nord"),
        ("de", "Hameau Bas", "de Hameau Bas"),
        ("de", "Yverdon", "d'Yverdon"),
        ("de", "Yaoundé", "de Yaoundé"),
        ("de", "Œuvres", "d'Œuvres"),
        ("de", "Le Pas de la Case", "du Pas de la Case"),
        ("à", "Les Escaldes", "aux Escaldes"),
        ("à", "Le Pas", "au Pas"),
        ("à", "La Massana", "à La Massana"),
        # Ids are spelt out, not read as words.
        ("de", "A12", "de A12"),
        ("de", "B", "de B"),
    ],
)
def test_french_prepositions(preposition: str, name: str, said: str) -> None:
    assert _plain(with_preposition(preposition, name)) == said


def test_french_punctuation_has_narrow_spaces() -> None:
    assert (
        typeset("Reste : « rien » ; oui !", "fr")
        == f"Reste{THIN}: «{THIN}rien{THIN}»{THIN}; oui{THIN}!"
    )
    assert typeset("l'ordre", "fr") == "l\u2019ordre"
    assert typeset("Left: none; yes!", "en") == "Left: none; yes!"
    assert typeset("the bases' stocks", "en") == "the bases\u2019 stocks"


def _write(value: Value, language: Language, zone: str = "UTC") -> str:
    return _plain(voice(language, zone).writer.write(value))


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        (Supply(300, "l", Label("diesel", "gazole")), "300 l of diesel", "300 l de gazole"),
        (
            Supply(300, "l", Label("drinking water, bulk", "eau potable, vrac")),
            "300 l of drinking water, bulk",
            "300 l d'eau potable, vrac",
        ),
        (
            Supply(1, "case", Label("Biscuits", "Biscuits")),
            "1 case of biscuits",
            "1 caisse de biscuits",
        ),
        (Supply(2, "case", Label("MRE", "RCIR")), "2 cases of MRE", "2 caisses de RCIR"),
        (Supply(3, "each", Label("tent", "tente")), "3 x tent", "3 x tente"),
        # The label tells the packing itself: "cases of packed meals, case of 12" says it twice.
        (
            Supply(4, "case", Label("packed meals, case of 12", "rations, caisse de 12")),
            "4 x packed meals, case of 12",
            "4 x rations, caisse de 12",
        ),
        (
            Names(("Order 3, annex B", "Map 1")),
            "Order 3, annex B; Map 1",
            "Order 3, annex B ; Map 1",
        ),
        (Way("Ordino", "Le Pas"), "from Ordino to Le Pas", "d'Ordino au Pas"),
        (Quantity(1582, "case"), "1,582 cases", "1 582 caisses"),
        (Quantity(1, "piece"), "1 piece", "1 pièce"),
        (Quantity(40.0, "MLC"), "MLC 40", "MLC 40"),
        # A limit is never rounded: 17.5 is below a vehicle of class 18 and above one of 17.
        (Quantity(17.5, "MLC"), "MLC 17.5", "MLC 17,5"),
        (Quantity(3.5, "t"), "3.5 t", "3,5 t"),
    ],
)
def test_values(value: Value, en: str, fr: str) -> None:
    assert _write(value, "en") == en
    assert _write(value, "fr") == fr


def test_times_are_date_time_groups_of_the_display_zone() -> None:
    # Winter in Madrid is UTC+1, letter A; the same moment is 0530 there.
    moment = Time(datetime.fromisoformat("2026-01-15T04:30:00+00:00"))
    assert _write(moment, "fr", "Europe/Madrid") == "150530AJAN26"


@pytest.mark.parametrize(
    ("steps", "en", "fr"),
    [
        (("2.1",), "2.1", "2.1"),
        (("2.1", "3.1"), "2.1 and 3.1", "2.1 et 3.1"),
        (("2.1", "3.1", "4.1"), "2.1, 3.1 and 4.1", "2.1, 3.1 et 4.1"),
    ],
)
def test_legs_are_told_as_in_speech(steps: tuple[str, ...], en: str, fr: str) -> None:
    about = Subject("hazard", "h")
    told = {
        "label": Fact(about, "label", Name("mud")),
        "kind": Fact(about, "kind", Term("area.slow")),
        "steps": Fact(about, "steps", Names(steps)),
    }
    for language, said in (("en", en), ("fr", fr)):
        assert f" {said}" in voice(language, "UTC").say(Statement("hazard.area", told)).text


def test_the_last_of_several_times_is_joined_by_and() -> None:
    moments = tuple(
        datetime.fromisoformat(f"2026-06-15T{at}:00+00:00") for at in ("06:18", "08:25", "10:18")
    )
    for language, joined in (("en", "and"), ("fr", "et")):
        writer = voice(language, "UTC").writer
        assert writer.short(Times(moments)) == f"150618Z, 150825Z {joined} 151018Z"


def test_words_agree_with_their_number() -> None:
    plan = Subject("plan", "P")

    def said(language: Language, number: int) -> str:
        facts = {x: Fact(plan, x, Count(number)) for x in ("convoys", "vehicles", "trips")}
        sentence = voice(language, "UTC").say(Statement("bottom_line.movement", facts))
        return _plain(sentence.text)

    assert said("en", 1) == "1 convoy (1 vehicle) makes 1 trip."
    assert said("en", 2) == "2 convoys (2 vehicles) make 2 trips."
    assert said("fr", 1) == "1 convoi (1 véhicule) effectue 1 rotation."
    assert said("fr", 3) == "3 convois (3 véhicules) effectuent 3 rotations."


@pytest.mark.parametrize(
    ("label", "en", "fr"),
    [
        ("Bridge of Pal", "Road cut: Bridge of Pal.", "Route coupée : Bridge of Pal."),
        # A label that begins with the kind tells it already; in the other language it does not.
        ("ROAD CUT, CG 3", "ROAD CUT, CG 3.", "Route coupée : ROAD CUT, CG 3."),
        ("Route coupée n° 1", "Road cut: Route coupée n° 1.", "Route coupée n° 1."),
    ],
)
def test_a_kind_is_not_said_twice(label: str, en: str, fr: str) -> None:
    about = Subject("change", "c")
    facts = {
        "label": Fact(about, "label", Name(label)),
        "kind": Fact(about, "kind", Term("change.road_cut")),
    }
    statement = Statement("situation.change.bare", facts)
    assert _plain(voice("en", "UTC").say(statement).text) == en
    assert _plain(voice("fr", "UTC").say(statement).text) == fr


def test_a_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match="Europe/Atlantis"):
        voice("en", "Europe/Atlantis")


@pytest.mark.parametrize("zone", ["", "../etc/passwd", "/etc/passwd", "a\0b"])
def test_a_zone_that_is_no_name_is_refused(zone: str) -> None:
    with pytest.raises(UsageError, match="time zone"):
        voice("en", zone)


def test_a_writer_knows_every_unit_of_the_goods() -> None:
    vocabulary = bank().vocabulary
    for unit in ("l", "kg", "case", "pallet"):
        assert vocabulary.word(f"unit.{unit}", "fr")
    assert isinstance(voice("en", "UTC").writer, Writer)
