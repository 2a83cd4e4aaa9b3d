"""Stations, teams, depots, stock, closures: as they are shown and changed."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from api.schemas.edge import Instant, Named, Shown, Strict, Words
from api.schemas.geojson import Area, Latitude, Longitude
from scenarios.model_base import wrong

TeamStatusWord = Literal["available", "committed", "en_route", "on_scene", "returning", "off_duty"]


class RegionShown(Shown):
    """The region served; ``people`` and ``layers`` count its records."""

    name: str
    name_zh: str
    name_en: str
    digest: str
    taken_at: Instant
    layers: Annotated[dict[str, int], Field(description="records by layer")]
    utc_offset_s: Annotated[int, Field(description="local time before UTC, s", examples=[28_800])]


class StationShown(Shown):
    """A station of the region."""

    name_zh: str
    name_en: str
    kind: str
    status: str
    township_id: str
    listed: Annotated[bool, Field(description="the region still names it")]


class TeamShown(Shown):
    """A team: what it is and what it does now. Phone and call sign are shown to those who may call."""

    name_zh: str
    name_en: str
    station_id: str
    force: str
    people: int | None
    capabilities: Annotated[dict[str, int], Field(description="level by capability, 1 to 3")]
    vehicle_class: str
    vehicles: int | None
    turnout_s: Annotated[float | None, Field(description="order to wheels rolling, s")]
    phone: str | None
    call_sign: str | None
    listed: Annotated[bool, Field(description="the region still names it")]
    status: TeamStatusWord
    crew: Annotated[int | None, Field(description="members on duty now")]
    changed_at: Instant | None
    seen: Annotated[bool, Field(description="the geometry is where it was seen; else its base")]
    position_at: Instant | None
    position_age_s: float | None
    order_id: str | None
    incident_id: str | None
    eta: Instant | None


class TeamReport(Strict):
    """What a team does now; ``crew`` stays as it was when left out."""

    status: TeamStatusWord
    crew: Annotated[int | None, Field(ge=0, le=10_000)] = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "on_scene", "crew": 6}]})


class PositionSeen(Strict):
    """Where a team was at an instant."""

    team_id: Named
    lon: Longitude
    lat: Latitude
    at: Instant


class PositionBatch(Strict):
    """Positions of an AVL system, in any order."""

    positions: Annotated[tuple[PositionSeen, ...], Field(min_length=1, max_length=10_000)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "positions": [
                        {
                            "team_id": "crew-hanlin",
                            "lon": 106.55,
                            "lat": 38.91,
                            "at": "2026-01-15T02:10:00+08:00",
                        }
                    ]
                }
            ]
        }
    )


class PositionsTaken(Shown):
    """What became of a batch: taken, older than what is known, of teams nobody knows, of the future."""

    taken: int
    older: int
    unknown: tuple[str, ...]
    future: tuple[str, ...]


class DepotShown(Shown):
    """A store of relief material."""

    name_zh: str
    name_en: str
    level: str
    township_id: str
    listed: bool


class StockShown(Shown):
    """What a depot holds of an item; ``free`` is what no order has been promised."""

    depot_id: str
    item_id: str
    mode: str
    unit: str
    stated: Annotated[float, Field(description="by the region files")]
    on_hand: float
    reserved: float
    free: float


class MovementReport(Strict):
    """Stock in or out; promises to orders are made by committing plans."""

    kind: Literal["in", "requisition", "out", "expire"]
    depot_id: Named
    item_id: Named
    mode: Literal["physical", "agreement", "capacity"] = "physical"
    quantity: Annotated[float, Field(gt=0, le=1e9, description="in the item's unit")]
    note: Words = ""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "in",
                    "depot_id": "county-depot",
                    "item_id": "quilt",
                    "quantity": 200,
                    "note": "from Shizuishan",
                }
            ]
        }
    )


class MovementShown(Shown):
    """One movement of stock."""

    number: int
    at: Instant
    kind: Literal["in", "requisition", "out", "expire", "reserve", "unreserve"]
    depot_id: str
    item_id: str
    mode: str
    quantity: float
    order_id: str | None
    note: str
    by: str


class ClosureReport(Strict):
    """Roads closed, slowed or flooded: by ids of the layer ``roads`` or within an area, one of the two."""

    road_ids: Annotated[tuple[Named, ...], Field(max_length=1_000)] = ()
    polygon: Area | None = None
    speed_factor: Annotated[float | None, Field(gt=0, le=1, description="slowed, not closed")] = None
    depth_m: Annotated[float | None, Field(gt=0, le=50, description="flooded so deep")] = None
    vehicle_classes: tuple[Named, ...] | None = None
    valid_from: Instant | None = None
    valid_to: Instant | None = None
    reason: Words = ""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"road_ids": ["bridge-taole"], "reason": "Bridge closed"}]}
    )

    @model_validator(mode="after")
    def _one_way(self) -> "ClosureReport":
        if bool(self.road_ids) == (self.polygon is not None):
            raise wrong("A135", "road_ids or polygon, one of the two", "Say in one way which roads.")
        if self.speed_factor is not None and self.depth_m is not None:
            raise wrong("A135", "speed_factor or depth_m, not both", "Remove one of the two.")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise wrong("A135", "valid_to not before valid_from", "Correct the times.")
        return self

    def content(self) -> dict[str, Any]:
        """As the board takes it."""
        return self.model_dump(mode="json", exclude={"reason"})


class ClosureShown(Shown):
    """A closure."""

    road_ids: tuple[str, ...]
    closed: bool
    speed_factor: float | None
    depth_m: float | None
    vehicle_classes: tuple[str, ...] | None
    valid_from: Instant | None
    valid_to: Instant | None
    reason: str
    reported_at: Instant
    reported_by: str
    lifted_at: Instant | None
