"""Chooses for how many days a made scenario supplies, so that it is as tight as declared."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from optimizer.generate.document import Draft
from optimizer.generate.tightness import carriage, per_unit
from optimizer.scenario.convoys import goods_of, vehicles_of
from optimizer.scenario.model import Scenario

__all__ = ["scaled"]

_STOCK_SHARE = 1.3  # of what is demanded, over all bases: one base may run out, all do not
_OWN_FUEL_KM = 400  # that a base holds fuel for, for each of its vehicles
_MOST_DAYS = 400
_HALVINGS = 40


def scaled(draft: Draft, wanted: float) -> Scenario:
    """Give a draft its quantities and stocks.

    Parameters
    ----------
    draft : Draft
        Document without quantities.
    wanted : float
        Tightness.

    Returns
    -------
    Scenario
        Tightness grows with the days of supply, up to whole units; the days are found by halving.
    """
    tight = _measure(draft)
    low, high = 0.0, 1.0
    while tight(high) < wanted and high < _MOST_DAYS:
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if tight(middle) < wanted:
            low = middle
        else:
            high = middle
    days = min((low, high), key=lambda d: abs(tight(d) - wanted))
    return _stocked(_with_days(draft, days), days)


def _measure(draft: Draft) -> Callable[[float], float]:
    """Return the tightness as a function of the days, without making a scenario for each."""
    scenario = _with_days(draft, 0)
    room, goods = carriage(scenario), goods_of(scenario)
    per_day = np.array(draft.per_day)
    keys = dict.fromkeys(
        (goods[demand.good].compartment, dimension)
        for demand in scenario.demands
        for dimension in per_unit(goods[demand.good])
    )
    # Row: kind and dimension; column: demand; entry: the part of the room that one unit takes.
    parts = np.zeros((len(keys), len(per_day)))
    for column, demand in enumerate(scenario.demands):
        good = goods[demand.good]
        for row, (kind, dimension) in enumerate(keys):
            if kind == good.compartment:
                parts[row, column] = per_unit(good)[dimension] / room[kind, dimension]

    def tight(days: float) -> float:
        return float((parts @ np.maximum(1, np.round(per_day * days))).max())

    return tight


def _with_days(draft: Draft, days: float) -> Scenario:
    demands = [
        {**demand, "quantity": max(1, round(per_day * days))}
        for demand, per_day in zip(draft.document["demands"], draft.per_day, strict=True)
    ]
    return Scenario.model_validate({**draft.document, "demands": demands})


def _stocked(scenario: Scenario, days: float) -> Scenario:
    """Give each base an even part of everything, and the fuel of its own vehicles."""
    document: dict[str, Any] = scenario.document()
    demanded: Counter[str] = Counter()
    for demand in scenario.demands:
        demanded[demand.good] += demand.quantity
    share = _STOCK_SHARE / len(scenario.bases)
    for base in document["bases"]:
        stock = {good: math.ceil(share * quantity) for good, quantity in demanded.items()}
        for vehicle in vehicles_of(scenario):
            if vehicle.base == base["site"] and vehicle.type.fuel is not None:
                litres = math.ceil(vehicle.type.fuel_l_per_100km * _OWN_FUEL_KM / 100)
                stock[vehicle.type.fuel] = stock.get(vehicle.type.fuel, 0) + litres
        base["stock"] = [{"good": good, "quantity": stock[good]} for good in sorted(stock)]
    document["note"] += f" Supply for {days:.2f} days."
    return Scenario.model_validate(document)
