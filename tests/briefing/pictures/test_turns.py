"""Where a way turns or takes another road, on a straight road of five stretches of 1 km."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from briefing.pictures.mark import Mark, MarkKind, Rank
from briefing.pictures.on_roads import GroundOf, Piece
from briefing.pictures.turns import turns


def _ground(refs: list[str], names: list[str], *, forks: bool = True) -> GroundOf:
    stretches = len(refs)
    return cast(
        "GroundOf",
        SimpleNamespace(
            ref=refs,
            name=[ref or name for ref, name in zip(refs, names, strict=True)],
            tier=["primary"] * stretches,
            degree=np.full(stretches + 1, 3 if forks else 2),
            roads=SimpleNamespace(bridge=np.zeros(stretches, bool)),
        ),
    )


def _told(refs: list[str], names: list[str] | None = None, **more: Any) -> list[tuple[str, Rank]]:
    ground = _ground(refs, names or [""] * len(refs), **more)
    pieces = [Piece(n, 1000.0 * n, 1000.0 * (n + 1), n) for n in range(len(refs))]
    line = np.array([(0.0, 0.0), (0.0, 1000.0 * len(refs))])
    leg = cast("Any", SimpleNamespace(distance_m=1000 * len(refs)))
    marks: list[Mark] = turns(pieces, line, leg, ground)
    assert marks[0].kind is MarkKind.TAKE
    assert {mark.kind for mark in marks[1:]} <= {MarkKind.STRAIGHT}
    return [(mark.road, mark.rank) for mark in marks[1:]]


def test_a_road_of_another_number_is_an_instruction_even_straight_on() -> None:
    assert _told(["CG-2", "CG-2", "CS-220", "CS-220", "CG-2"]) == [
        ("CS-220", Rank.TURN),
        ("CG-2", Rank.TURN),
    ]


def test_where_no_road_forks_off_a_new_number_is_only_a_name() -> None:
    assert _told(["CG-2", "CG-2a"], forks=False) == [("CG-2a", Rank.CLASS)]


def test_a_road_that_bears_a_name_for_a_while_keeps_its_number() -> None:
    named = ["", "Avinguda Carlemany", ""]
    assert _told(["CG-2", "", "CG 2"], named) == [
        ("Avinguda Carlemany", Rank.CLASS),
        ("CG 2", Rank.CLASS),
    ]


def test_straight_on_along_the_same_road_is_told_once() -> None:
    """Stretches without any name, and other spellings, do not make it another road."""
    assert _told(["CG-2", "", "CG-2", "CG 2", "CG-2;E 9"]) == []
