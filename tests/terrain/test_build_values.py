"""Values of OpenStreetMap tags are read with their units; what is no number is no limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.terrain.build.values import (
    parse_length_m,
    parse_load_class,
    parse_population,
    parse_speed_kmh,
    parse_weight_t,
)


@pytest.mark.parametrize(
    ("text", "tonnes"),
    [
        ("3.5", 3.5),  # OSM's default unit is the tonne
        ("3,5", 3.5),  # a decimal comma is a slip that is often made
        ("7.5 t", 7.5),
        ("7.5t", 7.5),
        ("3500 kg", 3.5),
        ("12 st", 10.8862),  # a short ton is 2000 lb = 907.18474 kg
        ("10 lt", 10.1605),  # a long ton is 2240 lb = 1016.0469088 kg
        ("26000 lbs", 11.7934),
        ("7.5;3.5", 3.5),  # the smallest binds
        ("none", None),
        ("default", None),
        ("unsigned", None),
        ("0", None),  # no bridge is posted for nothing
        ("heavy", None),
        ("", None),
    ],
)
def test_weights(text: str, tonnes: float | None) -> None:
    assert parse_weight_t(text) == tonnes


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3.5", 3.5),
        ("3.5 m", 3.5),
        ("3,80", 3.8),
        ("350 cm", 3.5),
        ("11'6\"", 3.5052),  # 11 x 0.3048 + 6 x 0.0254
        ("11' 6\"", 3.5052),
        ("12 ft", 3.6576),
        ("12'", 3.6576),
        ("8 ft 6 in", 2.5908),
        ('126"', 3.2004),
        ("default", None),
        ("below_default", None),
        ("no_sign", None),
        ("4000", None),  # 4 km is no height: a slip of the mapper
    ],
)
def test_lengths(text: str, metres: float | None) -> None:
    assert parse_length_m(text) == metres


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50.0),
        ("30 mph", 48.2803),  # 1 mile = 1.609344 km
        ("10 knots", 18.52),
        ("FR:urban", 50.0),
        ("FR:rural", 80.0),
        ("RO:rural", 90.0),  # no row of its own: the cautious middle
        ("DE:zone:30", 30.0),
        ("DE:zone30", 30.0),
        ("FR:30", 30.0),
        ("walk", 7.0),
        ("80;60", 60.0),
        ("none", None),
        ("signals", None),
        ("fast", None),
    ],
)
def test_speeds(text: str, kmh: float | None) -> None:
    assert parse_speed_kmh(text) == kmh


@pytest.mark.parametrize(
    ("text", "load_class"), [("70", 70.0), ("MLC 40", 40.0), ("200", None), ("?", None)]
)
def test_load_classes(text: str, load_class: float | None) -> None:
    assert parse_load_class(text) == load_class


@pytest.mark.parametrize(
    ("text", "people"),
    [("22256", 22256), ("22 256", 22256), ("22,256", 22256), ("many", 0), ("-5", 0), ("", 0)],
)
def test_populations(text: str, people: int) -> None:
    assert parse_population(text) == people


@given(st.floats(0.01, 900), st.sampled_from(["", " t", "t", " kg"]))
def test_a_written_weight_is_read_back(value: float, unit: str) -> None:
    text = f"{value:.2f}{unit}"
    expected = round(round(value, 2) * (0.001 if unit.strip() == "kg" else 1), 4)
    assert parse_weight_t(text) == (pytest.approx(expected) if expected > 0 else None)


@given(st.integers(1, 60), st.integers(0, 11))
def test_feet_and_inches_are_exact(feet: int, inches: int) -> None:
    assert parse_length_m(f"{feet}'{inches}\"") == pytest.approx(
        feet * 0.3048 + inches * 0.0254, abs=1e-4
    )


@given(st.text(max_size=30))
def test_any_text_is_a_positive_number_or_nothing(text: str) -> None:
    for parse in (parse_weight_t, parse_length_m, parse_speed_kmh, parse_load_class):
        value = parse(text)
        assert value is None or 0 < value <= 1000
    assert parse_population(text) >= 0
