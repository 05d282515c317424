"""A resupply scenario of three sites whose best plan is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from optimizer.scenario.model import (
    Base,
    Compartment,
    Demand,
    FleetEntry,
    Good,
    Horizon,
    MatrixTable,
    Rules,
    Scenario,
    Site,
    Stock,
    VehicleType,
    Window,
)

START = datetime(2026, 6, 15, tzinfo=UTC)


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


#: Seconds and tens of metres from base, A, B and C: half an hour from the base to each, an hour
#: from one to another.
_WAYS = tuple(
    tuple(0 if a == b else 1800 if 0 in {a, b} else 3600 for b in range(4)) for a in range(4)
)


def tiny(*, stock: int = 40, vehicles: int = 1) -> Scenario:
    """A truck of 10 crates; A, B and C want 10 each, C least of all, and B not before four o'clock.

    One trip each, two hours with loading, ways and handing over, so that a shift of eight hours
    does for all three; B is also open from two to a quarter past two.
    """
    return Scenario(
        format="convoi/scenario/1",
        id="tiny",
        horizon=Horizon(start=hour(0), end=hour(10)),
        time_contingency=0,
        rules=Rules(shift_h=8),
        goods=(Good(id="crate", label_en="", label_fr="", unit="each", unit_mass_kg=100),),
        sites=(
            Site(id="base"),
            Site(id="A", handling_kg_per_min=100),
            Site(
                id="B",
                handling_kg_per_min=100,
                windows=(
                    Window(start=hour(2), end=hour(2.25)),
                    Window(start=hour(4), end=hour(8)),
                ),
            ),
            Site(id="C", handling_kg_per_min=100),
        ),
        bases=(Base(site="base", stock=(Stock(good="crate", quantity=stock),), loading_min=40),),
        demands=(
            Demand(id="dA", site="A", good="crate", quantity=10, priority=1),
            Demand(id="dB", site="B", good="crate", quantity=10, priority=2),
            Demand(id="dC", site="C", good="crate", quantity=10, priority=3),
        ),
        vehicle_types=(
            VehicleType(
                id="truck",
                mobility="wheels",
                compartments=(Compartment(id="bed", capacity_kg=1000),),
            ),
        ),
        fleet=(FleetEntry(type="truck", base="base", count=vehicles),),
        matrices=(
            MatrixTable(
                mobility="wheels",
                sites=("base", "A", "B", "C"),
                time_s=_WAYS,
                distance_m=_WAYS,
            ),
        ),
    )
