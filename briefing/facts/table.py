"""From a plan to its facts: the only place where totals, differences, firsts and lasts are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from briefing.facts.comparison import add_comparison
from briefing.facts.deliveries import add_deliveries
from briefing.facts.document import add_document
from briefing.facts.index import Index
from briefing.facts.march import NO_SLACK_S, add_march
from briefing.facts.medium import medium
from briefing.facts.model import (
    Classes,
    Count,
    FactTable,
    Name,
    Names,
    Period,
    Periods,
    Prose,
    Quantity,
    Ratio,
    Subject,
    Term,
    Time,
    Value,
)
from briefing.facts.options import add_options
from briefing.facts.release import Release
from briefing.facts.ways import add_ways
from optimizer.plan.digests import plan_digest
from optimizer.plan.model import Plan, Route
from optimizer.scenario.model import Light, Scenario
from optimizer.terrain.media import Medium
from optimizer.units import date_time_group

if TYPE_CHECKING:
    from briefing.facts.crossings import Ground
    from optimizer.terrain.theatre import Theatre

__all__ = ["facts_of"]

#: Where a date-time group has the letter of its zone, after day, hour and minute.
_ZONE_LETTER = 6
_KILOMETRE_M = 1000
#: Convoys as tight as each other are named up to so many; of more it is told how many they are.
_NAMED = 3
#: What a sum of masses may be off by for the way in which numbers are kept.
_NOISE_KG = 1e-6


def facts_of(
    plan: Plan,
    *,
    release: Release | None = None,
    before: Plan | None = None,
    theatre: Theatre | None = None,
) -> FactTable:
    """Return every fact that documents and layers are made of.

    Sums are made anew from routes and demands, not taken from the plan's metrics, so that the
    bottom line of a document is the sum of its tables.

    Parameters
    ----------
    plan : Plan
        The plan.
    release : Release, optional
        Who released its documents; without one they are drafts.
    before : Plan, optional
        A plan that this one is compared with.
    theatre : Theatre, optional
        The ground that the plan was made on: tells what is crossed on the way.

    Returns
    -------
    FactTable
        Its facts; the plan itself is the one subject of kind ``"plan"``.

    Raises
    ------
    FileError
        If the plan names something that its scenario does not have.
    """
    table = FactTable()
    index = Index(plan)
    about = Subject("plan", plan.id)
    digest = plan_digest(plan)
    add_document(table, plan, about, digest, release)
    _add_conditions(table, plan, about)
    add_deliveries(table, index, plan, about)
    ground = _ground(plan, theatre)
    for route in plan.routes:
        add_march(table, index, route)
        add_ways(table, plan.scenario, route, ground.meant if ground else None)
        if ground is not None and medium(route.profile) is Medium.GROUND:
            ground.add(table, route)
        stamp = f"CONVOI {plan.id} {route.convoy} SHA256 {digest}"
        table.add(Subject("convoy", route.convoy), "stamp", Prose(stamp))
    if ground is not None:
        ground.add_plan(table, about)
    _add_movement(table, index, plan, about)
    add_options(table, index, plan, about)
    _add_warnings(table, plan, about)
    _add_provenance(table, index, plan, about)
    if before is not None:
        add_comparison(table, index, plan, before, facts_of(before))
    return table


def _ground(plan: Plan, theatre: Theatre | None) -> Ground | None:
    """Return the ground that tells what is crossed, if it is the one that the plan was made on."""
    stamp = plan.theatre
    if theatre is None or stamp is None or theatre.manifest.digest != stamp.digest:
        return None
    from briefing.facts.crossings import Ground  # noqa: PLC0415 - libraries that a plan alone needs not

    return Ground(theatre, plan.scenario)


def _add_conditions(table: FactTable, plan: Plan, about: Subject) -> None:
    scenario = plan.scenario
    table.add(about, "horizon_start", Time(scenario.horizon.start))
    table.add(about, "horizon_end", Time(scenario.horizon.end))
    table.add(about, "horizon", Period(scenario.horizon.start, scenario.horizon.end))
    table.add(about, "zone", Name(scenario.display_zone))
    table.add(about, "zone_with_letter", Name(_zone(scenario)))
    table.add(about, "ground", Term(f"ground.{scenario.weather.ground.value}"))
    light = scenario.weather.light
    table.add(about, "light", None if light is Light.DAY else Term(f"light.{light.value}"))
    visibility_m = scenario.weather.visibility_m
    if visibility_m is not None:
        # It is estimated, not measured: "5 km", where a distance is told as "5.0 km".
        far = visibility_m >= _KILOMETRE_M
        seen = Quantity(visibility_m / _KILOMETRE_M, "km") if far else Quantity(visibility_m, "m")
        table.add(about, "visibility", seen)
    table.add(about, "time_contingency", Ratio(scenario.time_contingency))
    table.add(about, "shift", Quantity(scenario.rules.shift_h * 3600, "s"))
    if scenario.illustrative:
        table.add(about, "illustrative", Term("illustrative"))
    for change in scenario.changes:
        part = Subject("change", change.id, about)
        table.add(part, "label", Name(change.label or change.id))
        table.add(part, "kind", Term(f"change.{change.kind.value}"))
        wheeled, tracked = change.load_class_wheeled, change.load_class_tracked
        table.add(part, "wheeled", None if wheeled is None else Quantity(wheeled, "MLC"))
        table.add(part, "tracked", None if tracked is None else Quantity(tracked, "MLC"))
        if (wheeled, tracked) != (None, None):
            table.add(part, "classes", Classes(wheeled, tracked))
        speed, spacing = change.speed_kmh, change.spacing_m
        table.add(part, "speed", None if speed is None else Quantity(speed, "km/h"))
        table.add(part, "spacing", None if spacing is None else Quantity(spacing, "m"))
        table.add(part, "hours", Periods.of(change.windows) if change.windows else None)
    for area in scenario.areas:
        part = Subject("area", area.id, about)
        table.add(part, "label", Name(area.label or area.id))
        table.add(part, "kind", Term(f"area.{area.kind.value}"))
        table.add(part, "hours", Periods.of(area.windows) if area.windows else None)


def _zone(scenario: Scenario) -> str:
    """Return the zone of the times, by its letter too where one letter serves throughout."""
    zone, ends = scenario.display_zone, (scenario.horizon.start, scenario.horizon.end)
    letters = {date_time_group(end, zone)[_ZONE_LETTER] for end in ends}
    # Where the clocks change on the way, each date-time group tells its own letter.
    return f"{letters.pop()} ({zone})" if len(letters) == 1 else zone


def _add_movement(table: FactTable, index: Index, plan: Plan, about: Subject) -> None:
    moving = [route for route in plan.routes if route.trips]
    trips = [trip for route in moving for trip in route.trips]
    table.add(about, "convoys", Count(len(moving)))
    table.add(about, "vehicles", Count(sum(len(route.vehicles) for route in moving)))
    table.add(about, "trips", Count(len(trips)))
    used = {route.convoy for route in moving}
    unused = [name for name in index.convoys() if name not in used]
    convoys = tuple(name for name in unused if index.entry(name))
    # A vehicle alone goes by its own name: it would have been a convoy, and is none.
    alone = (index.convoy(name).vehicles for name in unused if not index.entry(name))
    vehicles = tuple(vehicle.id for some in alone for vehicle in some)
    table.add(about, "unused_convoys", Names(convoys) if convoys else None)
    table.add(about, "unused_vehicles", Names(vehicles) if vehicles else None)
    table.add(about, "fleet", Count(index.fleet()))
    table.add(about, "bases", Count(len(plan.scenario.bases)))
    if not trips:
        return
    if any(len(route.vehicles) > 1 for route in moving):
        # Of use for nothing but how long a column is and takes to pass.
        rules = plan.scenario.rules
        table.add(about, "gap", Quantity(rules.gap_m, "m"))
        table.add(about, "march_speed", Quantity(rules.march_speed_kmh, "km/h"))
    table.add(about, "first_loading", Time(min(trip.loading_start for trip in trips)))
    table.add(about, "first_departure", Time(min(trip.depart for trip in trips)))
    table.add(about, "last_back", Time(max(trip.end for trip in trips)))
    last = max(moving, key=lambda route: max(trip.end for trip in route.trips))
    table.add(about, "last_convoy", Name(last.convoy))
    distance_m = sum(leg.distance_m for trip in trips for leg in trip.legs)
    table.add(about, "distance", Quantity(distance_m, "m"))
    exposure = sum(leg.exposure_milli for trip in trips for leg in trip.legs) / 1000
    table.add(about, "exposure", Quantity(exposure, "exposure") if exposure else None)
    fuel: Counter[str] = Counter()
    for trip in trips:
        fuel.update(trip.fuel_l)
    for good, litres in fuel.items():
        part = Subject("fuel", good, about)
        table.add(part, "drawn", index.supply(good, litres))
    stops = [(stop, route) for route in moving for trip in route.trips for stop in trip.stops]
    if stops:
        stop, route = min(stops, key=lambda pair: pair[0].slack_s)
        table.add(about, "least_slack", Quantity(stop.slack_s, "s"))
        table.add(about, "tightest_site", Name(index.place(stop.site)))
        table.add(about, "tightest_convoy", Name(route.convoy))
        _add_as_tight(table, about, moving, stop.slack_s)
    late = [
        (int((stop.start - due).total_seconds()), drop.demand)
        for stop, _ in stops
        for drop in stop.drops
        if (due := index.demand(drop.demand).due) is not None and stop.start > due
    ]
    if late:
        worst_s, demand = max(late, key=lambda pair: pair[0])
        table.add(about, "late_demands", Count(len({name for _, name in late})))
        table.add(about, "worst_late", Quantity(worst_s, "s"))
        table.add(about, "worst_late_site", Name(index.place(index.demand(demand).site)))


def _add_as_tight(table: FactTable, about: Subject, moving: Sequence[Route], least_s: int) -> None:
    """Add which convoys have no more time in hand than the one that has least, if there are any."""
    # Less than a minute is none: date-time groups tell no seconds.
    most_s = max(least_s, NO_SLACK_S - 1)
    tight = tuple(
        route.convoy
        for route in moving
        if any(stop.slack_s <= most_s for trip in route.trips for stop in trip.stops)
    )
    if len(tight) > 1:
        table.add(about, "tightest_count", Count(len(tight)))
        table.add(about, "tightest_convoys", Names(tight) if len(tight) <= _NAMED else None)


def _add_warnings(table: FactTable, plan: Plan, about: Subject) -> None:
    """Add what a reader is warned of: a plan made too late, totals of what is told rounded."""
    begins = table.get(about, "first_loading")
    if begins is not None and not plan.scenario.illustrative:
        late = isinstance(begins.value, Time) and plan.provenance.created > begins.value.at
        table.add(about, "overdue_since", begins.value if late else None)
    masses = (
        fact.value.amount
        for fact in table
        if isinstance(fact.value, Quantity) and fact.value.unit == "kg"
    )
    if any(abs(mass - round(mass)) > _NOISE_KG for mass in masses):
        table.add(about, "rounded", Term("rounded"))


def _add_provenance(table: FactTable, index: Index, plan: Plan, about: Subject) -> None:
    made = plan.provenance
    table.add(about, "scenario_digest", Name(plan.scenario_digest))
    if plan.theatre is not None:
        table.add(about, "theatre", Name(plan.theatre.name))
        table.add(about, "theatre_digest", Name(plan.theatre.digest))
    table.add(about, "program", Name(made.program))
    table.add(about, "created", Time(made.created))
    table.add(about, "seed", Name(str(made.seed)))
    table.add(about, "reproducible", Term(f"reproducible.{str(made.reproducible).lower()}"))
    for number, told in enumerate(made.assumptions, start=1):
        part = Subject("assumption", str(number), about)
        code, *figures = told.split(":")
        table.add(part, "code", Name(code))
        table.add(part, "told", Name(told))
        for label, value in _figures(index, code, figures):
            table.add(part, label, value)


def _figures(index: Index, code: str, figures: Sequence[str]) -> Iterator[tuple[str, Value]]:
    """Yield the figures of an assumption with their types, see docs/reference/plan.md."""
    try:
        match code, figures:
            case ("bridge_class_assumed", [number]):
                yield "stretches", Count(int(number))
            case (("unknown_surface" | "unmapped_cover"), [share]):
                yield "share", Ratio(float(share))
            case ("ford_depth_assumed", [number, depth_m]):
                yield "stretches", Count(int(number))
                yield "depth", Quantity(float(depth_m), "m")
            case ("speeds_by_light", [light]):
                yield "light", Term(f"light.{light}")
            case ("exposure_by_cover", [table]):
                yield "table", Name(table)
            case ("change_without_road", [change]):
                yield "change", Name(index.statement(change))
    except ValueError:
        # Not the figures that the code has today: the whole is told as it stands.
        return
