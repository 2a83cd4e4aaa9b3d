"""What is around an incident, as it is shown."""

from typing import Annotated

from pydantic import Field

from api.schemas.edge import Instant, Shown
from api.schemas.resources import StockShown

Distance = Annotated[float, Field(description="from the incident, m")]
Bearing = Annotated[float, Field(description="from the incident, degrees clockwise from north")]
PlaceDistance = Annotated[
    float | None, Field(description="of the place it is for, m; missing for the whole region")
]


class DocumentNear(Shown):
    """A plan document for the hazard, here or in the whole region."""

    id: str
    name_zh: str
    name_en: str
    hazard: str
    level: str
    document: str
    place_id: str
    distance_m: PlaceDistance


class UnitNear(Shown):
    """A unit responsible for the hazard, here or in the whole region; phone for those who may call."""

    id: str
    unit: str
    hazard: str
    leader: str
    phone: str | None
    channel: str | None
    place_id: str
    distance_m: PlaceDistance


class TargetNear(Shown):
    """A place that needs a word of its own; ``people``: who is there, places or beds."""

    layer: str
    id: str
    name_zh: str
    name_en: str
    kind: str
    people: int | None
    lon: float
    lat: float
    distance_m: Distance
    bearing_deg: Bearing


class PeopleNear(Shown):
    """People who live in the circle, in how many places, and how near the nearest of these is, m."""

    people: int
    places: int
    nearest_m: float | None


class DepotNear(Shown):
    """A store of relief material with what it holds."""

    id: str
    name_zh: str
    name_en: str
    level: str
    lon: float
    lat: float
    distance_m: Distance
    bearing_deg: Bearing
    stock: tuple[StockShown, ...]


class TeamNear(Shown):
    """A team with its vehicles, where it was last seen, else at its base."""

    id: str
    name_zh: str
    name_en: str
    status: str
    vehicle_class: str
    vehicles: int | None
    people: Annotated[int | None, Field(description="members on duty, else all")]
    capabilities: dict[str, int]
    phone: str | None
    call_sign: str | None
    seen_at: Instant | None
    lon: float
    lat: float
    distance_m: Distance
    bearing_deg: Bearing


class Around(Shown):
    """Everything within a radius of an incident, each list the nearest first."""

    incident_id: str
    lon: float
    lat: float
    radius_m: float
    plan_documents: tuple[DocumentNear, ...]
    responsible_units: tuple[UnitNear, ...]
    key_targets: tuple[TargetNear, ...]
    people: PeopleNear
    materials: tuple[DepotNear, ...]
    vehicles: tuple[TeamNear, ...]
