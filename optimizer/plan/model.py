"""The plan: routes, what is undelivered and why, metrics, and where the plan comes from.

Times in the file are ISO 8601 with the offset of the horizon's start.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_serializer,
    model_serializer,
)

from optimizer.scenario.convoys import Profile
from optimizer.scenario.model import Criterion, Id, Scenario, Time

__all__ = [
    "FORMAT",
    "AirPart",
    "Drop",
    "GroundPart",
    "Item",
    "Leg",
    "LinkPart",
    "Load",
    "Metrics",
    "Path",
    "Pickup",
    "Plan",
    "Provenance",
    "Reason",
    "ReasonKind",
    "RoadPart",
    "Route",
    "Stop",
    "TheatreStamp",
    "Trip",
    "Undelivered",
]

FORMAT = "convoi/plan/1"

# The bounds keep whatever a file states within what times and sums can be computed with.
Count = Annotated[int, Field(ge=0, le=10**12)]
Quantity = Annotated[int, Field(gt=0, le=10**9)]
Index = Annotated[int, Field(ge=0, le=10**6)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RoadPart(_Frozen):
    """A stretch of one road edge; ``from_m`` greater than ``to_m`` is against its direction."""

    kind: Literal["road"] = "road"
    edge: str
    from_m: float
    to_m: float


class GroundPart(_Frozen):
    """Steps over open ground or over water, from the centre of the first cell to the last."""

    kind: Literal["ground"] = "ground"
    cells: tuple[tuple[Index, Index], ...]


class LinkPart(_Frozen):
    """A short straight line between a site, a cell's centre and a road, in metres of the CRS.

    ``place`` tells which rule gives its speed: at a site (on a road, in a cell or by a landing of
    boats), or at a connector.
    """

    kind: Literal["link"] = "link"
    place: Literal["site", "connector"]
    start: tuple[float, float]
    end: tuple[float, float]


class AirPart(_Frozen):
    """Straight stretches of a flight at one level: positions in metres of the CRS.

    ``level_m`` is above the sea. It is climbed to over the first position and left over the last.
    """

    kind: Literal["air"] = "air"
    points: tuple[tuple[float, float], ...] = Field(min_length=2)
    level_m: float


Part = Annotated[RoadPart | GroundPart | LinkPart | AirPart, Field(discriminator="kind")]


class Path(_Frozen):
    """The course of a leg: its parts in order, and a polyline of (longitude, latitude)."""

    parts: tuple[Part, ...]
    polyline: tuple[tuple[float, float], ...]


class Leg(_Frozen):
    """A drive from one site to the next. ``travel_s`` includes the time contingency."""

    origin: Id
    destination: Id
    criterion: Criterion
    window: Count = 0
    depart: Time
    arrive: Time
    travel_s: Count
    distance_m: Count
    fuel_m: Count
    exposure_milli: Count
    path: Path | None = None


class Item(_Frozen):
    """So many units of a good in a compartment of a vehicle."""

    vehicle: Id
    compartment: Id
    good: Id
    quantity: Quantity


class Drop(Item):
    """What is handed over for one demand."""

    demand: Id


class Pickup(Item):
    """What is taken aboard for one demand."""

    demand: Id


class Load(_Frozen):
    """What is in a compartment when the convoy leaves a stop."""

    vehicle: Id
    compartment: Id
    mass_kg: float
    volume_l: float
    pallets: float


class Stop(_Frozen):
    """A visit to a site: first what is handed over there, then what is taken aboard.

    The head arrives, the tail is in ``pass_s`` later, handling begins at ``start`` inside a window
    and takes ``handling_s``; ``slack_s`` tells by how much the arrival could be later before the
    window of this stop or a later one of the route would be missed.
    """

    site: Id
    arrive: Time
    wait_s: Count
    start: Time
    handling_s: Count
    depart: Time
    drops: tuple[Drop, ...]
    # Plans in which nothing is taken aboard on the way say nothing of it.
    pickups: Annotated[tuple[Pickup, ...], Field(exclude_if=lambda taken: not taken)] = ()
    load_after: tuple[Load, ...]
    slack_s: int


class Trip(_Frozen):
    """From loading at the base to the return of the tail: legs are one more than stops."""

    number: int = Field(ge=1)
    base: Id
    loading_start: Time
    depart: Time
    load: tuple[Item, ...]
    legs: tuple[Leg, ...]
    stops: tuple[Stop, ...]
    end: Time
    fuel_l: Mapping[str, int]


class Route(_Frozen):
    """Everything that one convoy does."""

    id: Id
    convoy: Id
    vehicles: tuple[Id, ...]
    profile: Profile
    trips: tuple[Trip, ...]


class ReasonKind(enum.StrEnum):
    """How much is known of why something is undelivered."""

    PROVED = "proved"
    OBSERVED = "observed"
    TIME_RAN_OUT = "time_ran_out"


class Reason(_Frozen):
    """Why a quantity is undelivered.

    ``code`` is one of those of ``docs/reference/plan.md``; ``params`` give its figures and ids.
    What is observed states the seed and the budget of the solve that showed it.
    """

    kind: ReasonKind
    code: str
    params: Mapping[str, str | int | float] = Field(default_factory=dict)
    seed: int | None = None
    budget: str | None = None


class Undelivered(_Frozen):
    """What of a demand is not delivered."""

    demand: Id
    quantity: Quantity
    reasons: tuple[Reason, ...] = Field(min_length=1)


class Metrics(_Frozen):
    """The plan in figures."""

    demanded_kg: float
    delivered_kg: float
    undelivered_kg_by_priority: Mapping[int, float]
    lateness_s: Count
    exposure_milli: Count
    travel_s: Count
    distance_m: Count
    fuel_l: Mapping[str, int]
    vehicles: Count
    convoys: Count
    trips: Count
    finish: Time | None
    least_slack_s: int | None


class TheatreStamp(_Frozen):
    """The theatre that the plan was made on, and the digest of a raster of exposure."""

    name: Id
    digest: str
    exposure_raster: str | None = None

    @model_serializer(mode="wrap")
    def _stated(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        # Plans without a raster say nothing of one.
        return {key: value for key, value in handler(self).items() if value is not None}


class Provenance(_Frozen):
    """How the plan was made, enough to make it again."""

    program: str
    created: Time
    seed: int
    workers: int
    iterations: int | None
    time_limit_s: float | None
    reproducible: bool
    stopped_by: str
    elapsed_s: float
    solvers: Mapping[str, str]
    assumptions: tuple[str, ...] = ()


class Plan(_Frozen):
    """The answer."""

    format: Literal["convoi/plan/1"] = "convoi/plan/1"
    id: Id
    scenario_digest: str
    theatre: TheatreStamp | None
    parent: str | None = None
    decided_until: Time | None = None
    routes: tuple[Route, ...]
    undelivered: tuple[Undelivered, ...]
    metrics: Metrics
    provenance: Provenance
    scenario: Scenario

    @field_serializer("scenario")
    def _as_given(self, scenario: Scenario) -> dict[str, object]:
        return scenario.document()
