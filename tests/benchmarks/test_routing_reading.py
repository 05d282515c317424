"""Standard instances are read as they are, or refused."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import pyvrp
import vrplib as vrplib_package
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.routing.instance import Place, Vehicle
from benchmarks.routing.known import known_of, solution_of
from benchmarks.routing.reading import read
from benchmarks.routing.tables import li_lim, solomon
from optimizer.errors import FileError, FormatError
from tests.benchmarks import routing_texts as texts

number = st.integers(0, 10_000)


@st.composite
def rows(draw: st.DrawFn) -> list[tuple[int, ...]]:
    found = []
    for _ in range(draw(st.integers(2, 12))):
        x, y, demand, ready, width, service = (draw(number) for _ in range(6))
        found.append((x, y, demand, ready, ready + width, service))
    return found


@given(rows(), st.integers(1, 60), st.integers(1, 5000))
def test_what_is_written_in_solomons_format_is_read_again(
    written: list[tuple[int, ...]], vehicles: int, capacity: int
) -> None:
    found = solomon(texts.solomon(written, vehicles, capacity, "R101 x"))
    assert found.name == "R101 x"
    assert found.places == tuple(Place(*row) for row in written)
    assert found.vehicles == (Vehicle(0, capacity),) * vehicles


@given(rows(), st.randoms())
def test_what_is_written_in_li_and_lims_format_is_read_again(
    written: list[tuple[int, ...]], chance: object
) -> None:
    customers = list(range(1, len(written) - (len(written) - 1) % 2))
    chance.shuffle(customers)  # type: ignore[attr-defined]  # a random.Random
    pairs = sorted(zip(customers[::2], customers[1::2], strict=True))
    lines = [[*row, 0, 0] for row in written[: len(customers) + 1]]
    for pickup, delivery in pairs:
        lines[pickup][7], lines[delivery][6] = delivery, pickup
        lines[delivery][2] = -lines[pickup][2]
    if not pairs:
        return
    found = li_lim(texts.li_lim(lines), "lr1")
    assert found.pairs == tuple(pairs)
    assert found.places == tuple(Place(*line[:6]) for line in lines)


@settings(deadline=None)
@given(text=st.text() | st.text("0123456789 -.\n\t") | st.text("VEHICLE CUSTOMER\n01"))
def test_any_other_text_is_refused_and_nothing_else_happens(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_text(text, encoding="utf-8")
    with contextlib.suppress(FormatError):
        found = read(path)
        assert found.customers


@settings(deadline=None)
@given(at=st.integers(0, 10_000), to=st.integers(0, 10_000), put=st.sampled_from(["", "x", "-1"]))
def test_a_damaged_file_in_vrplibs_format_is_read_or_refused(
    at: int, to: int, put: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = texts.vrplib("CVRP")
    begin, end = sorted((at % len(text), to % len(text)))
    path = tmp_path_factory.getbasetemp() / "any.vrp"
    path.write_text(text[:begin] + put + text[end:], encoding="utf-8")
    with contextlib.suppress(FormatError):
        assert read(path).vehicles


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tiny.vrp"
    path.write_text(text)
    return path


def test_what_one_vehicle_may_and_another_may_not_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        texts.vrplib(
            "HFVRP",
            specifications="VEHICLES: 2\nVEHICLES_MAX_DURATION: 90\nSERVICE_TIME: 7",
            sections="CAPACITY_SECTION\n1 10\n2 20\nVEHICLES_FIXED_COST_SECTION\n1 100\n2 150\n"
            "VEHICLES_UNIT_DISTANCE_COST_SECTION\n1 2\n2 3\n"
            "VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2 3\n2 3\n",
        ),
    )
    found = read(path)
    assert found.vehicles == (
        Vehicle(0, 10, 100, 2, 90, frozenset({1, 2})),
        Vehicle(0, 20, 150, 3, 90, frozenset({2})),
    )
    # One service time for all is one of customers.
    assert [place.service for place in found.places] == [0, 7, 7]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (texts.vrplib("VRPB"), "is of type VRPB"),
        (texts.vrplib("CVRP", sections="BACKHAUL_SECTION\n1 0\n2 0\n3 1\n"), "states BACKHAUL"),
        (texts.vrplib("CVRP", demands=(0, 4)), "gives 2 values of DEMAND where there are 3"),
        (texts.vrplib("CVRP").replace("EUC_2D", "GEO"), "EDGE_WEIGHT_TYPE"),
        (texts.vrplib("CVRP", specifications=""), "has no CAPACITY"),
        (texts.solomon([(0, 0, 0, 0, 9, 0), (1, 1, 1, 5, 4, 0)]), "place 1: its window ends"),
        (texts.solomon([(0, 0, 0, 0, 9, 0), (1, 1, 1, 5)]), "line 11: 7 whole numbers"),
        (texts.li_lim([(0, 0, 0, 0, 9, 0, 0, 0), (1, 1, 4, 0, 9, 0, 0, 0)]), "place 1 is neither"),
        ("", "there is nothing in it"),
    ],
)  # fmt: skip
def test_a_file_that_would_be_another_problem_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(FormatError, match=told) as caught:
        read(written(tmp_path, text))
    assert str(caught.value).startswith(str(tmp_path))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.vrp"):
        read(tmp_path / "none.vrp")


def test_a_fleet_without_limit_is_cut_to_what_a_best_solution_can_need(tmp_path: Path) -> None:
    points = [(at, 0) for at in range(10)]
    text = texts.vrplib("CVRP", points, (0, *[3] * 9))
    found = read(written(tmp_path, text))
    # One vehicle a customer; 27 to carry fill three vehicles of 10, and twice three are enough.
    assert (len(found.vehicles), found.useful()) == (9, (0, 1, 2, 3, 4, 5))


#: One of each family that has a solution beside it, with what PyVRP calls its rounding.
SOLVED = {
    "cvrp/X-n101-k25.vrp": "round",
    "hfvrp/X115-HVRP.vrp": "exact",
    "hfvrp/X204-FSMD.vrp": "exact",
    "mdvrptw/PR11A.vrp": "exact",
    "sdvrptw/PR01.vrp": "exact",
    "mtvrptw/C205R0.5.vrp": "dimacs",
    "pcvrptw/C1_10_1.vrp": "dimacs",
}


@pytest.mark.parametrize("name", SOLVED)
def test_best_known_solutions_are_worth_what_they_state_and_what_pyvrp_says(
    instances: Path, name: str
) -> None:
    path = instances / name
    found = read(path)
    # Refuses a solution that is infeasible, or worth something else than it states.
    known = known_of(found, path)
    data = pyvrp.read(path, SOLVED[name])
    told = pyvrp.read_solution(path.with_suffix(".sol"), data)
    assert told.is_feasible()
    parts = found.family.convention.parts
    cost = told.distance_cost() + told.fixed_vehicle_cost() + told.uncollected_prizes()
    assert known is not None
    assert known.cost == pytest.approx(cost / parts)
    assert known.vehicles == told.num_routes()


def test_the_known_value_of_solomons_is_one_of_tenths_cut_off(instances: Path) -> None:
    path = instances / "solomon" / "C104.txt"
    found = read(path)
    # 822.9 in tenths; the same routes are 824.78 long in doubles.
    assert known_of(found, path).cost == pytest.approx(822.9)  # type: ignore[union-attr]
    told = vrplib_package.read_instance(path, "solomon")
    assert [place.due for place in found.places] == told["time_window"][:, 1].tolist()
    assert found.straight() == pytest.approx(told["edge_weight"])


def test_where_vehicles_count_first_the_known_value_names_them(instances: Path) -> None:
    for name, vehicles, cost in (
        ("homberger/r1_2_4.txt", 18, 3057.81),
        ("pdptw/lrc106.txt", 11, 1424.73),
    ):
        found = read(instances / name)
        known = known_of(found, instances / name)
        assert found.family.vehicles_first
        assert (known.vehicles, known.cost) == (vehicles, cost)  # type: ignore[union-attr]


def test_a_solution_that_states_another_cost_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, texts.vrplib("CVRP"))
    path.with_suffix(".sol").write_text("Route #1: 1 2\nCost 120\n")
    found = read(path)
    # 30 + 50 + 40.
    assert known_of(found, path).cost == 120  # type: ignore[union-attr]
    path.with_suffix(".sol").write_text("Route #1: 1\nRoute #2: 2\nCost 120\n")
    with pytest.raises(FormatError, match="states 120, but is worth 140"):
        known_of(found, path)
    assert len(solution_of(found, path.with_suffix(".sol"))[0]) == 2
