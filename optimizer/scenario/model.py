"""The scenario: everything that the planner decides, as frozen models.

Only the shape of each value is checked here; whether ids exist, windows make sense and so on is
told by ``optimizer.scenario.checks``, all faults at once.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from optimizer.units import from_mgrs

__all__ = [
    "FORMAT",
    "Apart",
    "Area",
    "AreaKind",
    "Base",
    "Change",
    "ChangeKind",
    "Compartment",
    "ConvoyEntry",
    "Criterion",
    "Demand",
    "Documents",
    "ExposureRule",
    "FleetEntry",
    "Good",
    "GroundState",
    "Horizon",
    "Id",
    "Light",
    "MatrixTable",
    "Objective",
    "Position",
    "Rules",
    "Scenario",
    "Site",
    "Stock",
    "TheatreRef",
    "Time",
    "VehicleType",
    "Water",
    "Weather",
    "Window",
]

FORMAT = "convoi/scenario/1"

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Text = Annotated[str, StringConstraints(max_length=10_000)]
Label = Annotated[str, StringConstraints(max_length=200)]
# The bounds keep everything that is computed inside, in grams and seconds, within 64 bits.
#: A file beside the scenario, never a path.
RasterName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.tiff?$")
]
Positive = Annotated[float, Field(ge=0.001, le=1e9, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Cell = Annotated[int, Field(ge=0, le=1_000_000_000)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]

_ISO_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII
)


def _iso_time(value: object) -> object:
    # Pydantic by itself also takes the digits of a string for seconds since 1970.
    if not isinstance(value, str):
        return value
    if not _ISO_TIME.fullmatch(value):
        raise PydanticCustomError("bad_time", "not an ISO 8601 time with offset")
    try:
        time = datetime.fromisoformat(value.upper())
    except ValueError as error:
        raise PydanticCustomError("bad_time", "not an ISO 8601 time with offset") from error
    if time.tzinfo is None:
        raise PydanticCustomError("naive_time", "the time has no offset")
    return time


#: ISO 8601 with offset, such as ``2026-06-15T06:00+02:00``.
Time = Annotated[AwareDatetime, BeforeValidator(_iso_time)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Objective(enum.StrEnum):
    """What a plan may be judged by; a scenario lists them in order of importance."""

    UNDELIVERED = "undelivered"
    LATENESS = "lateness"
    EXPOSURE = "exposure"
    TIME = "time"
    DISTANCE = "distance"
    FUEL = "fuel"
    VEHICLES = "vehicles"


class Criterion(enum.StrEnum):
    """What the path of a leg is best for."""

    TIME = "time"
    DISTANCE = "distance"
    FUEL = "fuel"
    EXPOSURE = "exposure"


class GroundState(enum.StrEnum):
    """State of the ground, from the weather."""

    DRY = "dry"
    WET = "wet"
    SNOW = "snow"


class Light(enum.StrEnum):
    """The light that convoys move by."""

    DAY = "day"
    #: With lights.
    NIGHT = "night"
    #: By night without lights.
    BLACKOUT = "blackout"


class Water(enum.StrEnum):
    """The level of rivers and streams, which decides how deep fords are."""

    LOW = "low"
    ORDINARY = "ordinary"
    HIGH = "high"
    FLOOD = "flood"


class AreaKind(enum.StrEnum):
    """What an area does to movement."""

    NO_GO = "no_go"
    NO_FLY = "no_fly"
    SLOW = "slow"
    EXPOSURE = "exposure"


class ChangeKind(enum.StrEnum):
    """What a planner may say of a road or bridge over what the theatre says."""

    BRIDGE_OUT = "bridge_out"
    ROAD_CUT = "road_cut"
    CLASS_ASSESSED = "class_assessed"
    SPEED_LIMITED = "speed_limited"
    SPACING = "spacing"


class TheatreRef(_Frozen):
    """The theatre that a scenario names."""

    name: Id
    digest: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class Window(_Frozen):
    """A span of time: a stop's handling must begin inside it, a closure holds through it."""

    start: Time
    end: Time


class Horizon(Window):
    """The span that the plan covers; inside, times are seconds from its start."""


class Position(_Frozen):
    """A place on Earth, as degrees of WGS 84 or as an MGRS reference."""

    lon: Longitude | None = None
    lat: Latitude | None = None
    mgrs: Annotated[str, StringConstraints(max_length=24)] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        degrees = self.lon is not None and self.lat is not None
        half = (self.lon is None) != (self.lat is None)
        if half or degrees == (self.mgrs is not None):
            raise PydanticCustomError("position_form", "a position is lon and lat, or mgrs")
        if self.mgrs is not None:
            try:
                from_mgrs(self.mgrs)
            except ValueError as error:
                raise PydanticCustomError("bad_mgrs", "not an MGRS reference") from error
        return self

    @property
    def lonlat(self) -> tuple[float, float]:
        """Longitude and latitude in degrees."""
        if self.lon is not None and self.lat is not None:
            return self.lon, self.lat
        return from_mgrs(self.mgrs or "")


class Site(_Frozen):
    """A place that convoys come to; every base is a site too."""

    id: Id
    label: Label = ""
    kind: Id = "unit"
    position: Position | None = None
    windows: tuple[Window, ...] = ()
    reached_by: tuple[Id, ...] | None = None
    handling_fixed_min: NotNegative = 10
    handling_kg_per_min: Positive = 200
    #: Convoys that can be handled there at once; none stated, any number.
    places: int | None = Field(default=None, ge=1, le=1_000_000)
    note: Text = ""


class Stock(_Frozen):
    """So much of a good at a base."""

    good: Id
    quantity: int = Field(ge=0, le=1_000_000_000)


class Base(_Frozen):
    """A site where convoys load and to which they return; what is not in stock is not there."""

    site: Id
    stock: tuple[Stock, ...] = ()
    loading_min: NotNegative = 45
    #: Convoys that can be loaded there at once; none stated, any number.
    loading_places: int | None = Field(default=None, ge=1, le=1_000_000)


class Good(_Frozen):
    """An item of supply, counted in whole units."""

    id: Id
    label_en: Label
    label_fr: Label
    unit: Literal["each", "l", "kg", "case", "pallet"]
    unit_mass_kg: Positive
    unit_volume_l: NotNegative = 0
    units_per_pallet: Positive | None = None
    nato_class: str = ""
    us_class: str = ""
    compartment: Id = "cargo"
    source: Text = ""


class Demand(_Frozen):
    """So much of a good at a site; without windows of its own, those of the site hold.

    With a ``pickup`` it stands ready at that site and is taken aboard there, within the trip that
    delivers it; without, it comes from the stock of the convoy's base. ``pickup_windows`` are to
    the one site what ``windows`` are to the other.
    """

    id: Id
    site: Id
    good: Id
    quantity: int = Field(gt=0, le=1_000_000_000)
    priority: int = Field(default=5, ge=1, le=9)
    windows: tuple[Window, ...] = ()
    pickup: Id | None = None
    pickup_windows: tuple[Window, ...] = ()
    due: Time | None = None
    note: Text = ""


class Compartment(_Frozen):
    """A part of a vehicle that carries goods of one kind; a limit left out does not bind."""

    id: Id
    kind: Id = "cargo"
    capacity_kg: Positive
    capacity_l: Positive | None = None
    pallets: Positive | None = None


class VehicleType(_Frozen):
    """A kind of vehicle."""

    id: Id
    label: Label = ""
    mobility: Id
    load_class: Positive | None = None
    gross_weight_t: Positive | None = None
    width_m: Positive | None = None
    height_m: Positive | None = None
    length_m: Positive = 8
    compartments: tuple[Compartment, ...]
    range_km: Positive | None = None
    fuel: Id | None = None
    fuel_l_per_100km: NotNegative = 0
    crew: int = Field(default=2, ge=0)
    source: Text = ""


class FleetEntry(_Frozen):
    """One vehicle with an id of its own, or so many of a type whose ids are derived."""

    type: Id
    base: Id
    id: Id | None = None
    count: int = Field(default=1, ge=1, le=1000)
    available: Window | None = None

    @model_validator(mode="after")
    def _id_names_one(self) -> Self:
        if self.id is not None and self.count != 1:
            raise PydanticCustomError("id_and_count", "an entry with an id is one vehicle")
        return self


class ConvoyEntry(_Frozen):
    """Vehicles of one base that march together; a vehicle named nowhere marches alone."""

    id: Id
    label: Label = ""
    vehicles: tuple[Id, ...] = Field(min_length=1)
    commander: Label = ""
    deputy: Label = ""


class Apart(_Frozen):
    """Two goods that may not be on one vehicle in the same trip."""

    goods: tuple[Id, Id]


class ExposureRule(_Frozen):
    """Exposure that the ground itself gives, besides that of areas."""

    cover: Id | None = None
    per_km: NotNegative = 1
    raster: RasterName | None = None


class Rules(_Frozen):
    """Rules that hold for every convoy."""

    shift_h: Positive = 12
    trips_max: int = Field(default=4, ge=1, le=20)
    apart: tuple[Apart, ...] = ()
    gap_m: NotNegative = 100
    march_speed_kmh: Positive = 30
    criterion: Criterion = Criterion.TIME
    exposure: ExposureRule | None = None


class Area(_Frozen):
    """An area that closes, slows or exposes movement; the ring is closed by itself.

    ``no_go`` closes ground and water, ``no_fly`` the air. Without windows it holds all the time.
    """

    id: Id
    label: Label = ""
    kind: AreaKind
    polygon: tuple[tuple[Longitude, Latitude], ...] = Field(min_length=3)
    speed_factor: Annotated[float, Field(gt=0, le=1)] | None = None
    exposure_per_km: NotNegative | None = None
    exposure_per_h: NotNegative | None = None
    windows: tuple[Window, ...] = ()
    note: Text = ""


class Change(_Frozen):
    """What the planner knows of a road or bridge, over what the theatre says.

    Without windows it holds all the time.
    """

    id: Id
    label: Label = ""
    kind: ChangeKind
    road: Annotated[str, StringConstraints(max_length=64)] | None = None
    near: Position | None = None
    load_class_wheeled: NotNegative | None = None
    load_class_tracked: NotNegative | None = None
    speed_kmh: Positive | None = None
    spacing_m: Positive | None = None
    windows: tuple[Window, ...] = ()
    note: Text = ""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.road is None) == (self.near is None):
            raise PydanticCustomError(
                "change_target", "a change names a road, or a position near it"
            )
        return self


class Weather(_Frozen):
    """The weather of the whole horizon."""

    ground: GroundState = GroundState.DRY
    light: Light = Light.DAY
    water: Water | None = None
    visibility_m: Positive | None = None
    source: Text = ""

    @property
    def at_fords(self) -> str:
        """What fords are as deep as: the stated level of the waters, else the ground's state."""
        return self.ground.value if self.water is None else self.water.value


class Documents(_Frozen):
    """What documents need and no plan can know; what is left out becomes a ruled blank."""

    number: Label = ""
    version: Label = ""
    cancels: Label = ""
    issuer: Label = ""
    addressee: Label = ""
    references: tuple[Label, ...] = ()
    commander: Label = ""
    deputy: Label = ""
    signals: Text = ""
    refuel: Text = ""
    halts: Text = ""
    breakdown: Text = ""
    separation: Text = ""
    recovery: Text = ""
    medical_evacuation: Text = ""
    situation: Text = ""


class MatrixTable(_Frozen):
    """Matrices of one's own for a mobility class, instead of a theatre.

    Rows and columns follow ``sites``; null where there is no way.
    """

    mobility: Id
    sites: tuple[Id, ...]
    time_s: tuple[tuple[Cell | None, ...], ...]
    distance_m: tuple[tuple[Cell | None, ...], ...]
    fuel_m: tuple[tuple[Cell | None, ...], ...] | None = None
    exposure_milli: tuple[tuple[Cell | None, ...], ...] | None = None


class Scenario(_Frozen):
    """Everything that the planner decides."""

    format: Literal["convoi/scenario/1"]
    id: Id
    title: Label = ""
    marking: Label = ""
    illustrative: bool = False
    horizon: Horizon
    display_zone: Annotated[str, StringConstraints(max_length=64)] = "UTC"
    theatre: TheatreRef | None = None
    matrices: tuple[MatrixTable, ...] = ()
    weather: Weather = Weather()
    time_contingency: Annotated[float, Field(ge=0, le=3)] = 0.25
    objectives: tuple[Objective, ...] = (
        Objective.UNDELIVERED,
        Objective.LATENESS,
        Objective.EXPOSURE,
        Objective.TIME,
        Objective.FUEL,
        Objective.VEHICLES,
    )
    rules: Rules = Rules()
    goods: tuple[Good, ...] = ()
    sites: tuple[Site, ...] = Field(min_length=1)
    bases: tuple[Base, ...] = Field(min_length=1)
    demands: tuple[Demand, ...] = ()
    vehicle_types: tuple[VehicleType, ...] = Field(min_length=1)
    fleet: tuple[FleetEntry, ...] = Field(min_length=1)
    convoys: tuple[ConvoyEntry, ...] = ()
    areas: tuple[Area, ...] = ()
    changes: tuple[Change, ...] = ()
    documents: Documents = Documents()
    sources: Mapping[str, Text] = Field(default_factory=dict)
    note: Text = ""

    def document(self) -> dict[str, object]:
        """Return the scenario as given: JSON types, and only what was stated.

        Returns
        -------
        dict
            A document that reads back as the same scenario.
        """
        return self.model_dump(mode="json", exclude_unset=True)
