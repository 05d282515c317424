"""Conversions, date-time groups and MGRS."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.units import (
    date_time_group,
    from_mgrs,
    kmh_to_ms,
    seconds_since,
    time_at,
    to_mgrs,
)


@pytest.mark.parametrize(
    ("zone", "group"),
    [
        ("UTC", "150430ZJUN26"),
        ("Europe/Paris", "150630BJUN26"),  # summer time: two hours east is B
        ("America/New_York", "150030QJUN26"),  # summer time: four hours west is Q
        ("Asia/Kolkata", "151000JJUN26"),  # five and a half hours has no letter: local
        ("Pacific/Kiritimati", "151830JJUN26"),  # fourteen hours east has none either
    ],
)
def test_a_date_time_group_names_the_zone_by_its_letter(zone: str, group: str) -> None:
    assert date_time_group(datetime(2026, 6, 15, 4, 30, 59, tzinfo=UTC), zone) == group


def test_the_month_is_english_whatever_the_locale() -> None:
    assert date_time_group(datetime(2026, 8, 1, tzinfo=UTC)) == "010000ZAUG26"


def test_a_time_without_offset_has_no_date_time_group() -> None:
    with pytest.raises(ValueError, match="offset"):
        date_time_group(datetime(2026, 6, 15, 4, 30))  # noqa: DTZ001 - what is refused


def test_letters_skip_j() -> None:
    # ACP 121: I is nine hours east and K is ten; J is kept for local time.
    nine, ten = (timezone(timedelta(hours=h)) for h in (9, 10))
    assert date_time_group(datetime(2026, 1, 1, tzinfo=nine)) == "010000IJAN26"
    assert date_time_group(datetime(2026, 1, 1, tzinfo=ten)) == "010000KJAN26"


@given(st.floats(-179.99, 179.99), st.floats(-79, 83))
def test_mgrs_comes_back_within_two_metres(lon: float, lat: float) -> None:
    back_lon, back_lat = from_mgrs(to_mgrs(lon, lat))
    # The reference is cut to whole metres; a metre of latitude is 9e-6 degrees.
    assert abs(back_lat - lat) < 2e-5
    # Across the antimeridian a metre may turn the sign of the longitude.
    assert abs((back_lon - lon + 180) % 360 - 180) < 2e-4


@pytest.mark.parametrize("text", ["", "nowhere", "31TCH123", "99XXX1234512345"])
def test_what_is_no_mgrs_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="MGRS"):
        from_mgrs(text)


@given(st.integers(-(10**7), 10**7))
def test_seconds_and_times_are_each_others_inverse(seconds: int) -> None:
    start = datetime(2026, 3, 29, 0, 0, tzinfo=timezone(timedelta(hours=1)))
    assert seconds_since(start, time_at(start, seconds)) == seconds


def test_kilometres_an_hour() -> None:
    assert kmh_to_ms(36) == 10
