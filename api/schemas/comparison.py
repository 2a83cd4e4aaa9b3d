"""Two plans beside each other, and plans of what might be: as they are asked for and shown."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from api.schemas.edge import Instant, Named, Shown, Strict
from api.schemas.geojson import Area
from scenarios.dispatch_plan import DispatchPlan
from scenarios.model_base import wrong


class PlanFigures(Shown):
    """The figures of one plan; times from its order, s. ``people_uncovered``: nobody who stays is in time."""

    at: str
    status: str
    slots: int
    filled: int
    in_time: int
    shortage: int
    teams: int
    aid_teams: int
    first_arrival_s: float | None
    last_arrival_s: float | None
    weighted_arrival_s: float
    people_in_zones: int
    people_uncovered: int


Pair = Annotated[tuple[float | None, float | None], Field(description="by the one plan and the other, s")]


class ComparedTeam(Shown):
    """A team that does something else, or is there at another time; no task: it stays."""

    team_id: str
    name_zh: str
    name_en: str
    tasks: Annotated[
        tuple[tuple[str, ...], tuple[str, ...]],
        Field(description="by the one plan and the other: incident, capability and level"),
    ]
    arrival_s: Pair


class ComparedShortage(Shown):
    """Slots of a kind that stay empty, by the one plan and the other."""

    incident_id: str
    capability: str
    level: int
    count: tuple[int, int]


class PlanComparison(Shown):
    """Two plans: the figures of both, then only what differs. ``same``: their decisions are."""

    figures: tuple[PlanFigures, PlanFigures]
    teams: tuple[ComparedTeam, ...]
    shortages: tuple[ComparedShortage, ...]
    same: bool


class PlansCompared(PlanComparison):
    """Two plans of the store."""

    plans: tuple[str, str]


class WindAsked(Strict):
    """Another wind; what is left out stays as it was reported."""

    wind_from_deg: Annotated[float | None, Field(ge=0, le=360, description="where it comes from")] = None
    wind_m_s: Annotated[float | None, Field(ge=0, le=75, description="at 10 m")] = None


class WhatIfAsked(Strict):
    """What would be otherwise: the wind, roads closed, teams that cannot go; one of these at least."""

    also: Annotated[tuple[Named, ...], Field(max_length=20)] = ()
    wind: WindAsked | None = None
    close_roads: Annotated[tuple[Named, ...], Field(max_length=1_000, description="ids of roads")] = ()
    close_area: Area | None = None
    without_teams: Annotated[tuple[Named, ...], Field(max_length=1_000)] = ()

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"wind": {"wind_from_deg": 45}}, {"without_teams": ["crew-hanlin"]}]}
    )

    @model_validator(mode="after")
    def _something(self) -> "WhatIfAsked":
        wind = self.wind is not None and self.wind != WindAsked()
        if not (wind or self.close_roads or self.close_area or self.without_teams):
            raise wrong(
                "A235", "another wind, roads closed or teams left out", "Say what would be otherwise."
            )
        return self


class WhatIfShown(Shown):
    """Two plans from the same state: as it is, and as it might be. Neither is kept, nobody is bound.

    ``in_force``: the plan that both go on from, missing where none is carried out.
    """

    incidents: tuple[str, ...]
    at: Instant
    asked: dict[str, Any]
    in_force: str | None
    comparison: PlanComparison
    now: DispatchPlan
    then: DispatchPlan
