"""Live drills: as they are made, shown and scored."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from api.schemas.edge import Instant, Named, Shown, Strict, Words
from api.schemas.incidents import IncidentReport
from api.schemas.reports import Said
from api.schemas.resources import ClosureReport
from scenarios.incident_models import OUR_YEARS, WeatherSection
from scenarios.model_base import wrong

LONGEST_S = 7 * 86_400
DrillStatus = Literal["planned", "running", "paused", "ended"]
InjectKind = Literal["incident", "closure", "team_out", "wind", "message"]
KINDS: tuple[InjectKind, ...] = ("incident", "closure", "team_out", "wind", "message")
Speed = Annotated[float, Field(gt=0, le=60, description="exercise seconds a real second")]


class WindShift(Strict):
    """Other weather at an incident; ``incident``: the inject that reported it."""

    incident: Named
    weather: WeatherSection


class Inject(Strict):
    """One thing that happens ``after_s`` seconds of exercise time from the start; exactly one kind."""

    id: Named
    after_s: Annotated[float, Field(ge=0, le=LONGEST_S)]
    incident: IncidentReport | None = None
    closure: ClosureReport | None = None
    team_out: Annotated[Named | None, Field(description="id of a team that breaks down")] = None
    wind: WindShift | None = None
    message: Annotated[Words | None, Field(min_length=1)] = None

    @property
    def kind(self) -> InjectKind:
        """What happens."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @model_validator(mode="after")
    def _one_kind(self) -> "Inject":
        if sum(getattr(self, kind) is not None for kind in KINDS) != 1:
            raise wrong("A301", f"exactly one of {', '.join(KINDS)}", "Say one thing that happens.")
        return self


class DrillAsked(Strict):
    """A drill to prepare; ``starts_at``: the instant that it plays at its start, the real one without."""

    title: Named
    starts_at: Instant | None = None
    speed: Speed = 1.0
    script: Annotated[tuple[Inject, ...], Field(max_length=200)] = ()

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "氯气泄漏夜间演练",
                    "starts_at": "2026-01-15T02:00:00+08:00",
                    "speed": 4,
                    "script": [
                        {
                            "id": "call",
                            "after_s": 60,
                            "incident": {
                                "hazard": "toxic_gas",
                                "level": "III",
                                "where": {"lon": 106.54, "lat": 38.91},
                                "distances": {"isolate_m": 300, "source": "演练"},
                            },
                        },
                        {"id": "mayor", "after_s": 600, "message": "县长询问伤亡情况"},
                    ],
                }
            ]
        }
    )

    @model_validator(mode="after")
    def _fits(self) -> "DrillAsked":
        ids = [one.id for one in self.script]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise wrong("A301", f"each inject id once; {twice[0]} stands twice", "Rename one of them.")
        before = {one.id: one.after_s for one in self.script if one.incident is not None}
        for one in self.script:
            if one.wind is not None and before.get(one.wind.incident, LONGEST_S + 1) > one.after_s:
                raise wrong("A301", "wind at an incident reported before", f"Correct the inject {one.id}.")
        years = OUR_YEARS[1:-1]  # its clock runs on, and other zones are in other years
        if self.starts_at is not None and self.starts_at.year not in years:
            raise wrong("A301", f"a year from {years[0]} to {years[-1]}", "Correct starts_at.")
        return self


class ClockAsked(Strict):
    """How fast the clock goes from now on; as before when left out."""

    speed: Speed | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"speed": 10}]})


class DrillShown(Shown):
    """A drill; ``now`` and ``elapsed_s`` by the clock of the exercise, ``began_at`` and ``ended_at`` real."""

    id: str
    title: str
    status: DrillStatus
    region: str
    starts_at: Instant | None
    now: Instant | None
    elapsed_s: float
    speed: float
    injects: Annotated[int, Field(description="of the script; what they say is told when their time comes")]
    made_at: Instant
    made_by: str
    began_at: Instant | None
    ended_at: Instant | None


class DrillScript(Strict):
    """An exercise that comes with Muster: its names, the region it is for, and the drill to ask for."""

    title_zh: Words
    title_en: Words
    region: Named
    drill: DrillAsked


class DrillScripts(Shown):
    """Exercises that fit the region."""

    items: tuple[DrillScript, ...]


class DrillRecords(Shown):
    """Drills, newest first."""

    items: tuple[DrillShown, ...]


class DrillEvent(Shown):
    """One thing that happened; ``at`` and ``after_s`` by the clock of the exercise."""

    number: int
    at: Instant
    after_s: float
    actor: str
    action: str
    subject: str
    text: Said
    detail: dict[str, Any]


class DrillEvents(Shown):
    """Events in order, and the number to go on after (missing at the end)."""

    items: tuple[DrillEvent, ...]
    next: int | None


class IncidentScore(Shown):
    """How an incident of the script was answered; seconds from its inject, missing where it was not."""

    inject: str
    incident_id: str | None
    given_at: Instant
    to_plan_s: float | None
    to_commit_s: float | None
    orders: int
    late_orders: int
    slots: int
    slots_in_time: int


class ChangeScore(Shown):
    """How a change of the ground was answered; ``concerned``: something was under way that it could touch."""

    inject: str
    kind: InjectKind
    given_at: Instant
    concerned: bool
    to_plan_s: float | None


class Rule(Shown):
    """What a figure means."""

    key: str
    text: Said


class DrillScores(Shown):
    """Decisions and times of a drill, and the rule of each figure."""

    drill_id: str
    as_of: Instant
    incidents: tuple[IncidentScore, ...]
    changes: tuple[ChangeScore, ...]
    missed: Annotated[tuple[str, ...], Field(description="injects that nobody answered")]
    rules: tuple[Rule, ...]
