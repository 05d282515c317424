"""The vehicles of a made scenario, and how many of each carry what is needed."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.scenario.model import Compartment, VehicleType

__all__ = ["CARGO", "TYPES", "composition"]

_RULE = "rule of thumb: 0.5 % of the load's weight per 100 km"

#: In the order in which a fleet of cargo vehicles grows.
TYPES: Mapping[str, VehicleType] = {
    kind.id: kind
    for kind in (
        VehicleType(
            id="truck_6t",
            label="camion 6 t",
            mobility="medium_truck",
            load_class=12,
            gross_weight_t=13,
            width_m=2.5,
            height_m=3.3,
            length_m=8,
            compartments=(Compartment(id="bed", kind="cargo", capacity_kg=6000, pallets=4),),
            range_km=600,
            fuel="diesel_l",
            fuel_l_per_100km=36,
            source=f"6 t payload (public press); 4 pallets: ATP 4-90 C-6, 5-ton; fuel by {_RULE};"
            " load class: 0.85 x 14.3 short tons (FM 3-34.343); the rest illustrative",
        ),
        VehicleType(
            id="light_4x4",
            label="véhicule léger 4x4",
            mobility="light_4x4",
            load_class=4,
            gross_weight_t=3.5,
            width_m=2.0,
            height_m=2.2,
            length_m=5,
            compartments=(Compartment(id="bed", kind="cargo", capacity_kg=1000, pallets=1),),
            range_km=600,
            fuel="diesel_l",
            fuel_l_per_100km=14,
            source="illustrative; load class: 0.85 x 3.9 short tons (FM 3-34.343), rounded up to 4",
        ),
        VehicleType(
            id="carrier_16t",
            label="porteur 8x8 16 t",
            mobility="heavy_truck",
            load_class=30,
            gross_weight_t=32,
            width_m=2.55,
            height_m=4.0,
            length_m=10,
            compartments=(Compartment(id="bed", kind="cargo", capacity_kg=16000, pallets=10),),
            range_km=1200,
            fuel="diesel_l",
            fuel_l_per_100km=95,
            source=f"16 t payload and 1,200 km range (public press); 10 pallets: ATP 4-90 C-6, PLS"
            f" flatrack; fuel by {_RULE}; load class: 0.85 x 35.3 short tons (FM 3-34.343); weight"
            " and size illustrative",
        ),
        VehicleType(
            id="tanker_water",
            label="citerne eau 6 000 l",
            mobility="medium_truck",
            load_class=12,
            gross_weight_t=13,
            width_m=2.5,
            height_m=3.3,
            length_m=8,
            compartments=(Compartment(id="tank", kind="water", capacity_kg=6000, capacity_l=6000),),
            range_km=600,
            fuel="diesel_l",
            fuel_l_per_100km=36,
            source=f"illustrative, on the chassis of truck_6t; fuel by {_RULE}",
        ),
        VehicleType(
            id="tanker_fuel",
            label="citerne gazole 6 000 l",
            mobility="medium_truck",
            load_class=12,
            gross_weight_t=13,
            width_m=2.5,
            height_m=3.3,
            length_m=8,
            compartments=(Compartment(id="tank", kind="fuel", capacity_kg=5200, capacity_l=6000),),
            range_km=600,
            fuel="diesel_l",
            fuel_l_per_100km=36,
            source=f"illustrative, on the chassis of truck_6t; fuel by {_RULE}",
        ),
    )
}
CARGO = ("truck_6t", "light_4x4", "carrier_16t")
_STOPS_A_TRIP = 4  # handling takes so much of a shift
_TANKERS = {"water": "tanker_water", "fuel": "tanker_fuel"}


def composition(
    mass_kg: Mapping[str, float], stops: Mapping[str, int], vehicles: int
) -> dict[str, int]:
    """Tell how many vehicles of each type suit what is needed.

    Parameters
    ----------
    mass_kg : mapping of str to float
        What is needed in a day by kind of compartment: ``cargo``, and perhaps ``water`` and
        ``fuel``.
    stops : mapping of str to int
        At how many sites, by kind.
    vehicles : int
        Size of the fleet, at least one for each kind.

    Returns
    -------
    dict of str to int
        Number by type, in proportion to the trips that each kind takes, by its mass or by its
        stops, whichever are more; cargo travels in turn on medium, light and heavy vehicles.
    """
    mean_cargo = sum(_capacity(name) for name in CARGO) / len(CARGO)
    wanted = {
        kind: max(
            mass / (mean_cargo if kind == "cargo" else _capacity(_TANKERS[kind])),
            stops[kind] / _STOPS_A_TRIP,
        )
        for kind, mass in mass_kg.items()
    }
    numbers = _shares(wanted, vehicles)
    fleet: dict[str, int] = {}
    for i in range(numbers["cargo"]):
        fleet[CARGO[i % len(CARGO)]] = fleet.get(CARGO[i % len(CARGO)], 0) + 1
    for kind, tanker in _TANKERS.items():
        if kind in numbers:
            fleet[tanker] = numbers[kind]
    return fleet


def _capacity(name: str) -> float:
    return sum(compartment.capacity_kg for compartment in TYPES[name].compartments)


def _shares(wanted: Mapping[str, float], total: int) -> dict[str, int]:
    """Share out whole numbers in proportion, at least one each (largest remainders)."""
    rest = total - len(wanted)
    whole = sum(wanted.values())
    exact = {kind: rest * share / whole for kind, share in wanted.items()}
    numbers = {kind: 1 + int(share) for kind, share in exact.items()}
    left = total - sum(numbers.values())
    for kind in sorted(exact, key=lambda k: (int(exact[k]) - exact[k], k))[:left]:
        numbers[kind] += 1
    return numbers
