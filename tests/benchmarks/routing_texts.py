"""Tiny instances, written as the files of each format are."""

from __future__ import annotations

from collections.abc import Sequence

#: Customers 30 and 40 from the depot, at right angles: 50 from each other.
CORNER = ((0, 0), (30, 0), (0, 40))


def solomon(
    rows: Sequence[Sequence[int]], vehicles: int = 2, capacity: int = 10, name: str = "tiny"
) -> str:
    """Write x, y, demand, ready, due and service of each place."""
    head = f"{name}\n\nVEHICLE\nNUMBER     CAPACITY\n  {vehicles}    {capacity}\n\nCUSTOMER\n"
    head += "CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME\n \n"
    return head + "\n".join("  ".join(str(n) for n in (at, *row)) for at, row in enumerate(rows))


def li_lim(rows: Sequence[Sequence[int]], vehicles: int = 2, capacity: int = 10) -> str:
    """Write x, y, demand, ready, due, service, pickup and delivery of each place."""
    lines = [(vehicles, capacity, 1), *((at, *row) for at, row in enumerate(rows))]
    return "\n".join("\t".join(map(str, line)) for line in lines) + "\n"


def vrplib(
    kind: str,
    points: Sequence[tuple[float, float]] = CORNER,
    demands: Sequence[int] = (0, 4, 5),
    *,
    specifications: str = "CAPACITY: 10",
    sections: str = "",
    depots: int = 1,
) -> str:
    """Write an instance in VRPLIB's format."""

    def section(name: str, rows: Sequence[object]) -> str:
        return f"{name}_SECTION\n" + "".join(f"{n}\t{row}\n" for n, row in enumerate(rows, 1))

    return (
        f"NAME: tiny\nTYPE: {kind}\nDIMENSION: {len(points)}\nEDGE_WEIGHT_TYPE: EUC_2D\n"
        f"{specifications}\n"
        + section("NODE_COORD", [f"{x}\t{y}" for x, y in points])
        + section("DEMAND", list(demands))
        + sections
        + "DEPOT_SECTION\n"
        + "".join(f"{n}\n" for n in range(1, depots + 1))
        + "-1\nEOF\n"
    )
