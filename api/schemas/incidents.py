"""Incidents as they are reported and shown."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from api.schemas.edge import Instant, Named, Shown, Strict, Words
from api.schemas.geojson import Area
from scenarios.durations import Duration
from scenarios.incident_models import (
    EnteredDistances,
    Incident,
    IncidentHazard,
    IncidentLevel,
    IncidentPlace,
    SubstanceSection,
    WeatherSection,
)
from scenarios.model_base import wrong


class WaterDrawn(Strict):
    """Ground under water as somebody drew it, and how deep, metres."""

    id: Named
    polygon: Area
    depth_m: Annotated[float, Field(gt=0, le=50)]
    speed_m_s: Annotated[float | None, Field(ge=0, le=20)] = None
    valid_from: Instant | None = None
    valid_to: Instant | None = None


EXAMPLE: dict[str, Any] = {
    "name_en": "Chlorine leak",
    "hazard": "toxic_gas",
    "level": "II",
    "where": {"hazard_site": "fine-chemical-park-tank-3"},
    "substance": {"cas": "7782-50-5", "container": "rail_car"},
    "weather": {"wind_from_deg": 315, "wind_m_s": 2.0, "cloud_tenths": 2},
}


class IncidentReport(Strict):
    """What happened, where, how grave; the same keys as in an incident file, without files of water."""

    name_zh: Words = ""
    name_en: Words = ""
    hazard: IncidentHazard
    level: Annotated[IncidentLevel, Field(description="of the county's plans, I the gravest")]
    where: IncidentPlace = IncidentPlace()
    substance: SubstanceSection | None = None
    distances: EnteredDistances | None = None
    depth_factor: Annotated[float, Field(gt=0, le=10)] = 1.0
    water: Annotated[tuple[WaterDrawn, ...], Field(max_length=50)] = ()
    water_after: Duration | None = None
    relocate: Annotated[int, Field(ge=1, le=10_000_000)] | Literal["all"] | None = None
    event_at: Instant | None = None
    weather: WeatherSection = WeatherSection()

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    @model_validator(mode="after")
    def _fits_together(self) -> "IncidentReport":
        names = [*self.where.flood_zones, *(one.id for one in self.water)]
        if len(set(names)) < len(names):
            raise wrong("A116", "every zone of water once, each by an id of its own", "Correct the ids.")
        self.incident("incident")
        return self

    def incident(self, name: str) -> Incident:
        """The incident as the dispatch reads it."""
        content = self.model_dump(mode="json", exclude={"weather"})
        return Incident.model_validate({"id": name, **content})


class IncidentShown(Shown):
    """An incident: what was reported, and how it stands."""

    status: Literal["open", "closed"]
    ended_as: Annotated[Literal["closed", "cancelled"] | None, Field(description="cancelled: it was none")]
    response_level: Annotated[IncidentLevel | None, Field(description="at which it is answered now")]
    hazard: str
    level: str
    name_zh: str
    name_en: str
    report: Annotated[dict[str, Any], Field(description="as an incident file has it")]
    weather: dict[str, Any]
    reported_at: Instant
    reported_by: str
    closed_at: Instant | None
    version: int


class ZoneShown(Shown):
    """A hazard zone of an incident, by its newest plan, or by an alert that came in."""

    incident_id: str
    plan_id: Annotated[str, Field(description="the plan or the alert that drew it")]
    kind: str
    level: Annotated[int, Field(description="1 the mildest, 3 the gravest")]
    depth_m: float | None
    people: int
    closes_roads: bool
    valid_from: Instant | None
    valid_to: Instant | None
