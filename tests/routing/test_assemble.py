"""Names in the plan that is written."""

from __future__ import annotations

import pytest

from optimizer.routing.assemble import route_id


@pytest.mark.parametrize("length", [63, 64])
def test_convoys_with_long_ids_get_routes_with_ids_of_their_own(length: int) -> None:
    first, second = ("x" * (length - 1) + end for end in "ab")
    assert route_id(first) != route_id(second)
    assert {len(route_id(name)) for name in (first, second)} == {64}
    assert route_id("x" * 62) == "R-" + "x" * 62
