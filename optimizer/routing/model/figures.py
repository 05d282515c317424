"""The figures that loads are counted by: of one unit of a good, and of a compartment."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from optimizer.routing.model.scale import exact
from optimizer.scenario.model import Compartment, Good

__all__ = ["capacities", "triple", "unit_figures"]


def unit_figures(good: Good) -> tuple[Fraction, Fraction, Fraction]:
    """Return what one unit of a good takes up.

    Parameters
    ----------
    good : Good
        Good.

    Returns
    -------
    tuple of Fraction
        Kilograms, litres and pallets, exactly as they were written.
    """
    pallets = Fraction(0) if good.units_per_pallet is None else 1 / exact(good.units_per_pallet)
    return exact(good.unit_mass_kg), exact(good.unit_volume_l), pallets


def capacities(part: Compartment) -> tuple[Fraction | None, ...]:
    """Return what a compartment holds.

    Parameters
    ----------
    part : Compartment
        Compartment.

    Returns
    -------
    tuple of Fraction or None
        Kilograms, litres and pallets; None where nothing is stated.
    """
    limits = (part.capacity_kg, part.capacity_l, part.pallets)
    return tuple(None if limit is None else exact(limit) for limit in limits)


def triple(values: Iterable[int]) -> tuple[int, int, int]:
    """Return one figure a load dimension, as checkers of types want it.

    Parameters
    ----------
    values : iterable of int
        Three figures.

    Returns
    -------
    tuple of int
        The same.
    """
    mass, volume, pallets = values
    return mass, volume, pallets
