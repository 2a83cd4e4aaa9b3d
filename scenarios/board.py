"""The board: where each team is and what it does now, stock moved, roads closed since the region file."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, field_validator
from pydantic_core import PydanticCustomError

from scenarios.scenario_models import Id, Strict

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-85, le=85)]


class TeamStatus(Strict):
    """One team: ``position`` is longitude and latitude, ``at`` the time it was there."""

    id: Id
    status: Literal["available", "committed", "en_route", "on_scene", "returning", "off_duty"]
    position: tuple[Longitude, Latitude] | None = None
    at: AwareDatetime | None = None
    incident_id: Id | None = None
    eta: AwareDatetime | None = None


class StockMovement(Strict):
    """Stock in (above 0) or out (below 0) since the region file, in the item's unit."""

    depot_id: Id
    item_id: Id
    mode: Literal["physical", "agreement", "capacity"] = "physical"
    quantity: float
    at: AwareDatetime | None = None


class RoadClosure(Strict):
    """Roads closed, slowed or flooded, by ids of the layer ``roads`` or within a GeoJSON polygon."""

    id: Id
    road_ids: tuple[Id, ...] = ()
    polygon: Annotated[dict[str, Any] | None, Field(description="GeoJSON Polygon or MultiPolygon")] = None
    closed: bool = True
    speed_factor: Annotated[float, Field(gt=0, le=1)] | None = None
    depth_m: Annotated[float, Field(ge=0)] | None = None
    vehicle_classes: tuple[Id, ...] | None = None
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = None


class Board(Strict):
    """The state of all resources at one moment."""

    muster: Literal[1]
    at: AwareDatetime | None = None
    teams: tuple[TeamStatus, ...] = ()
    stock: tuple[StockMovement, ...] = ()
    closures: tuple[RoadClosure, ...] = ()

    @field_validator("teams")
    @classmethod
    def _teams_once(cls, teams: tuple[TeamStatus, ...]) -> tuple[TeamStatus, ...]:
        ids = [team.id for team in teams]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise PydanticCustomError("twice", "each team once; {names} stands twice", {"names": twice[0]})
        return teams
