"""The small things that pictures are drawn with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.pictures import fonts
from briefing.pictures.fonts import text_width, wrap
from briefing.pictures.labels import Room, Wanted, place_all
from briefing.pictures.sheet import sheet_of, utm_of
from briefing.pictures.sites import spread_symbols, symbol
from briefing.pictures.svg import attributes, number, path_of, said_lines, whole_path
from briefing.wording.statement import Sentence, Span
from optimizer.errors import OutsideError

FRAME = (0.0, 0.0, 200.0, 200.0)


def test_numbers_are_as_short_as_they_can_be() -> None:
    told = [number(value) for value in (0.5, 12.0, -0.001, 1 / 3, 100.0)]
    assert told == ["0.5", "12", "0", "0.33", "100"]


def test_attributes_are_escaped_and_hyphenated() -> None:
    assert attributes(data_x='a"<&', class_="b", gone=None) == ' data-x=\'a"&lt;&amp;\' class="b"'


def test_a_path_in_whole_steps_leads_where_the_line_leads() -> None:
    line = np.array([(10.2, 5.0), (12.4, 5.1), (12.4, 5.2), (8.0, -3.0)])
    assert whole_path([line]) == "M10 5l2 0-4-8"
    # A line that goes nowhere is left out.
    assert whole_path([np.array([(1.0, 1.0), (1.2, 1.1)])]) == ""
    assert path_of([np.array([(1.0, 1.0), (2.5, 1.0)])], places=1) == "M1 1L2.5 1"


@given(st.text(max_size=80), st.floats(10, 200))
def test_broken_lines_are_the_text_again(text: str, width: float) -> None:
    lines = wrap(text, width, 6.0)
    assert "".join(lines) == text


def test_no_line_is_wider_than_it_may_be_even_of_one_word() -> None:
    for line in wrap("x" * 80 + " and more of it", 40.0, 6.0):
        assert text_width(line.rstrip(), 6.0) <= 40.0


def test_an_id_too_wide_for_a_line_is_cut_at_its_joints() -> None:
    assert wrap("C-PF-BRATOUR-CIT-EAU-01", 60.0, 5.6) == ("C-PF-BRATOUR-CIT-", "EAU-01")


def test_a_value_broken_over_lines_stays_one_fact() -> None:
    sentence = Sentence("c", (Span("to "), Span("Saint Maurin", "site:A#label"), Span(" now")))
    svg = said_lines([1, 2], 10, sentence, ["to Saint ", "Maurin now"], 6)
    fact = (
        '<tspan class="fact" data-fact="site:A#label">Saint '
        '<tspan x="2" y="16">Maurin</tspan></tspan>'
    )
    assert fact in svg
    assert svg.startswith('<text class="say" data-claim="c" data-facts="site:A#label">')


def test_without_the_built_font_widths_are_near_those_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built = text_width("3e compagnie, 1er bataillon", 6.0)

    def missing() -> None:
        raise OutsideError("not built")

    monkeypatch.setattr(fonts, "font_folder", missing)
    fonts._font.cache_clear()
    text_width.cache_clear()
    try:
        assert text_width("3e compagnie, 1er bataillon", 6.0) == pytest.approx(built, rel=0.15)
    finally:
        fonts._font.cache_clear()
        text_width.cache_clear()


def test_labels_of_a_crowd_find_room_for_all() -> None:
    """Sixteen symbols on a raster: each label must dodge the others' symbols."""
    spots = [(40.0 * i + 30, 40.0 * j + 30) for i in range(4) for j in range(4)]
    room = Room(FRAME)
    wanted = []
    for x, y in spots:
        box = (x - 5, y - 4, x + 5, y + 4)
        room.take(box)
        wanted.append(Wanted(box, ((34.0, 7.0), (20.0, 13.0))))
    placed = place_all(wanted, room, np.zeros((0, 2)))
    for n, one in enumerate(placed):
        assert FRAME[0] <= one.box[0] < one.box[2] <= FRAME[2]
        for m, other in enumerate(placed):
            if n < m:
                a, b = one.box, other.box
                apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
                assert apart


def test_a_label_goes_out_of_the_way_of_a_route() -> None:
    """Points of a route lie right of the symbol, where a label stands by itself."""
    box = (95.0, 96.0, 105.0, 104.0)
    route = np.array([(106.0 + n, 100.0) for n in range(60)])
    (free,) = place_all([Wanted(box, ((40.0, 7.0),))], Room(FRAME), np.zeros((0, 2)))
    (moved,) = place_all([Wanted(box, ((40.0, 7.0),))], Room(FRAME), route)
    assert (free.side, moved.side) == (1, -1)
    assert free.box[0] > 105
    assert moved.box[2] < 95


def test_symbols_at_one_place_are_spread() -> None:
    signs = [symbol("unit"), symbol("hospital"), symbol("depot")]
    middles = spread_symbols(np.array([(100.0, 100.0)] * 3), signs, Room(FRAME))
    assert middles[0] == (100.0, 100.0)
    assert len(set(middles)) == 3


def test_a_kind_that_nobody_knows_has_the_symbol_of_another_site() -> None:
    assert symbol("../../etc/passwd") == symbol("other") != symbol("unit")


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [
        (1.5, 42.5, "EPSG:32631"),
        (5.0, 60.4, "EPSG:32632"),  # Bergen: zone 32 is wider than the others
        (20.0, -33.9, "EPSG:32734"),
        (0.0, 85.0, None),
    ],
)
def test_the_grid_zone_is_that_of_mgrs(lon: float, lat: float, crs: str | None) -> None:
    assert utm_of(lon, lat) == crs


def test_a_sheet_keeps_its_ratio_and_holds_what_it_shows() -> None:
    shown = np.array([(0.0, 0.0), (10_000.0, 1_000.0)])
    sheet = sheet_of([shown], 400.0, (0.6, 1.0), (10.0, 20.0))
    assert sheet.width == pytest.approx(400)
    assert sheet.height == pytest.approx(240)
    (x0, y0), (x1, y1) = sheet.place(shown).tolist()
    assert 10 < x0 < x1 < 410
    assert 20 < y1 < y0 < 260


def test_a_label_stands_nearer_to_its_own_symbol_than_to_any_other() -> None:
    """Seven stops close to each other: where a number touched another's sign, it read wrong."""
    spots = np.array([(90, 90), (96, 91), (91, 97), (104, 98), (98, 106), (86, 110), (110, 110)])
    room = Room(FRAME)
    wanted = [Wanted((x - 2.6, y - 2.6, x + 2.6, y + 2.6), ((11.0, 7.4),)) for x, y in spots]
    for want in wanted:
        room.take(want.box)
    placed = place_all(
        wanted, room, np.zeros((0, 2)), symbols=spots.astype(float), gaps=(1.0, 4.5, 8.0, 12.0)
    )
    for n, one in enumerate(placed):
        left, top, right, bottom = one.box
        nearest = np.clip(spots, (left, top), (right, bottom))
        assert int(np.argmin(np.hypot(*(nearest - spots).T))) == n
        assert not one.covers
