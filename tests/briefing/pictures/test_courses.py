"""Ways that convoys share are found as such, and drawn side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.pictures.bundles import lanes_of, spacing, strands_of
from briefing.pictures.courses import LegCourse, ways_of
from briefing.pictures.looks import look_of
from briefing.pictures.orient import oriented


def course(convoy: int, *points: tuple[float, float]) -> LegCourse:
    return LegCourse(convoy, np.array(points, float), schematic=False)


def length(points: Sequence[Sequence[float]]) -> float:
    return float(np.hypot(*np.diff(np.asarray(points), axis=0).T).sum())


def test_a_shared_piece_of_road_is_one_stretch_even_where_one_turns_off_midway() -> None:
    """The first drives a straight line without a point where the second turns off at 60."""
    ways = ways_of([course(0, (0, 0), (100, 0)), course(1, (0, 0), (60, 0), (60, 50))])
    told = {(s.convoys, length(s.points)) for s in ways.stretches}
    assert told == {((0, 1), 60.0), ((0,), 40.0), ((1,), 50.0)}


def test_there_and_back_is_one_stretch_with_two_directions() -> None:
    ways = ways_of([course(0, (0, 0), (40, 0)), course(0, (40, 0), (0, 0))])
    (stretch,) = ways.stretches
    assert stretch.ways == {0: {True, False}}
    assert [[drive.along for drive in leg] for leg in ways.drives[0]] == [[True], [False]]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=7),
        min_size=1,
        max_size=5,
    )
)
def test_the_stretches_of_a_leg_are_as_long_as_the_leg(
    walks: list[list[tuple[int, int]]],
) -> None:
    """On a raster of steps along streets, whatever walks are shared."""
    courses = []
    for convoy, walk in enumerate(walks):
        points = [(float(10 * walk[0][0]), float(10 * walk[0][1]))]
        for x, y in walk[1:]:
            points += [(10.0 * x, points[-1][1]), (10.0 * x, 10.0 * y)]
        courses.append(course(convoy, *points))
    ways = ways_of(courses)
    for convoy, given_course in enumerate(courses):
        (drives,) = ways.drives[convoy]
        driven = sum(length(ways.stretches[drive.stretch].points) for drive in drives)
        assert driven == pytest.approx(length(given_course.points))
        assert all(convoy in ways.stretches[drive.stretch].convoys for drive in drives)


def test_beyond_the_site_where_one_leg_turns_back_arrows_point_one_way() -> None:
    """To the site at 30 and back; the next trip drives on from there, round a block."""
    ways = ways_of(
        [
            course(0, (0, 0), (30, 0)),
            course(0, (30, 0), (0, 0)),
            course(0, (0, 0), (30, 0), (60, 0), (60, 40), (0, 40), (0, 0)),
        ]
    )
    told = sorted((length(s.points), sorted(s.ways[0])) for s in ways.stretches)
    assert told == [(30.0, [False, True]), (170.0, [True])]


def test_convoys_that_share_a_road_lie_beside_it_in_the_order_of_the_plan() -> None:
    """Three on a road to the east: two points apart, the first on the north side."""
    ways = ways_of([course(n, (0, 0), (50, 0)) for n in range(3)])
    lanes = lanes_of(ways.stretches[0])
    assert {n: lane[:, 1].tolist() for n, lane in lanes.items()} == {
        0: [-2.0, -2.0],
        1: [0.0, 0.0],
        2: [2.0, 2.0],
    }


def test_a_bundle_of_many_is_never_wider_than_it_may_be() -> None:
    for count in range(2, 40):
        assert spacing(count) * (count - 1) <= 9.5 + 1e-9 or count <= 5


def test_lanes_keep_to_their_road_round_a_hairpin() -> None:
    bend = [(0.0, 0.0), (40.0, 0.0), (42.0, 2.0), (40.0, 4.0), (0.0, 4.0)]
    ways = ways_of([course(n, *bend) for n in range(4)])
    for lane in lanes_of(ways.stretches[0]).values():
        assert lane[:, 0].min() >= -4
        assert lane[:, 0].max() <= 42 + 6
        assert -4 <= lane[:, 1].min() <= lane[:, 1].max() <= 8


def test_a_convoy_is_drawn_once_over_each_stretch() -> None:
    there = course(0, (0, 0), (40, 0), (40, 30))
    back = course(0, (40, 30), (40, 0), (0, 0))
    other = course(1, (0, 0), (40, 0))
    strands = strands_of(ways_of([there, back, other]))
    drawn = sum(length(lane.points) for strand in strands[0] for lane in strand.lanes)
    assert drawn == pytest.approx(70, abs=2)
    assert {way for strand in strands[0] for lane in strand.lanes for way in lane.ways} == {
        True,
        False,
    }


def test_no_two_of_35_convoys_look_the_same_and_letters_go_on() -> None:
    looks = [look_of(place) for place in range(60)]
    assert len({(look.colour, look.dashes) for look in looks[:35]}) == 35
    assert len({look.letter for look in looks}) == 60
    # A figure may not be taken for a letter.
    assert not {"I", "O"} & {look.letter for look in looks}
    assert (looks[0].letter, looks[23].letter, looks[24].letter) == ("A", "Z", "AA")


def test_convoys_keep_their_side_though_one_first_drives_the_road_the_other_way() -> None:
    """The first convoy comes home by the road that the others set out on, and leaves them at 60."""
    loop = course(0, (0, 0), (0, 50), (120, 50), (120, 0), (60, 0), (0, 0))
    out = [course(n, (0, 0), (60, 0), (60, -40)) for n in (1, 2)]
    far = course(1, (60, -40), (60, 0), (120, 0))
    ways = oriented(ways_of([loop, *out, far]))
    sides = set()
    for stretch in ways.stretches:
        if {0, 1} <= set(stretch.convoys) and stretch.points[:, 1].max() == 0:
            lanes = lanes_of(stretch)
            sides.add(bool(lanes[0][0, 1] < lanes[1][0, 1]))
    assert len(sides) == 1
    # Nothing else has changed: whoever drove along a turned stretch now drives against it.
    for convoy, legs in ways.drives.items():
        for drive in (one for leg in legs for one in leg):
            assert drive.along in ways.stretches[drive.stretch].ways[convoy]
