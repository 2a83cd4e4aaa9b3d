"""Drill scenarios as typed models: who calls, who answers, under which rules, for how long."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, field_validator, model_validator

from geo.region.layers import CAPABILITIES
from scenarios.board import RoadClosure
from scenarios.drill_calls_models import CallsSection, Share, Varying
from scenarios.durations import Duration
from scenarios.incident_models import Incident, IncidentHazard, IncidentLevel
from scenarios.model_base import Id, Name, Records, Strict, Whole, wrong

Capability = Annotated[str, Field(pattern=f"^({'|'.join(CAPABILITIES)})$")]
Hours = Annotated[tuple[Annotated[Whole, Field(ge=0, le=23)], ...], Field(min_length=1, max_length=24)]
Weekday = Annotated[Whole, Field(ge=1, le=7, description="1 = Monday")]
ClockTime = Annotated[
    str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", description="HH:MM, 24:00 too")
]


class AskedTeams(Strict):
    """So many teams with a capability at a level or above."""

    capability: Capability
    level: Annotated[Whole, Field(ge=1, le=3)] = 1
    count: Annotated[Whole, Field(ge=1, le=50)] = 1


class Hospital(Strict):
    """Share of calls with a patient for the nearest hospital, and the time there."""

    share: Share
    handover: Varying


class CallKind(Strict):
    """One kind of call.

    ``hazard``: teams as the doctrine asks for such an incident of this level; else ``teams``, one team of
    one capability each. ``within``: from the call to the first arrival, inclusive. ``recovery``: after the
    work until the team may be sent again. ``share``: of calls whose kind no table or log says.
    """

    id: Id
    name_zh: Name = ""
    name_en: Name = ""
    level: IncidentLevel = "III"
    hazard: IncidentHazard | None = None
    teams: Annotated[tuple[AskedTeams, ...], Field(max_length=20)] = ()
    within: Duration
    on_scene: Varying
    recovery: Annotated[float, Field(ge=0, le=86_400)] | Duration = 0.0
    hospital: Hospital | None = None
    share: Annotated[float, Field(gt=0, le=1_000_000, description="weight among the kinds")] = 1.0

    @model_validator(mode="after")
    def _asks_one_way(self) -> "CallKind":
        if bool(self.teams) == (self.hazard is not None):
            raise wrong("S461", "hazard (as the doctrine asks) or teams, one of the two", "Keep one of them.")
        return self


class Shift(Strict):
    """A team on duty from ``start`` to ``end`` on these weekdays; over midnight where the end is earlier."""

    team: Id
    start: ClockTime
    end: ClockTime
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = (1, 2, 3, 4, 5, 6, 7)


class Traffic(Strict):
    """Roads slower at some hours of some weekdays; all roads, or those that meet a condition."""

    hours: Hours
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = (1, 2, 3, 4, 5, 6, 7)
    speed_factor: Annotated[float, Field(gt=0, le=1)]
    roads: Records | None = None


class Redispatch(Strict):
    """Teams sent elsewhere on the way.

    ``returning``: those on the way home may be sent. ``gain``: a team on its way to a call of lower level is
    taken for a graver one if it is there so much sooner than any free one; never when left out.
    """

    returning: bool = True
    gain: Annotated[float, Field(ge=0, le=86_400)] | Duration | None = None


class MoveUp(Strict):
    """Idle teams that fill the gaps of others.

    ``table``: posts (stations or teams) to hold with so many idle teams that have the capability.
    ``optimised``: posts chosen by the program that commands real incidents, most people covered first.
    """

    policy: Literal["none", "table", "optimised"] = "none"
    capability: Capability = "fire"
    level: Annotated[Whole, Field(ge=1, le=3)] = 1
    posts: dict[Annotated[Whole, Field(ge=1, le=500)], tuple[Id, ...]] = Field(default_factory=dict)

    @field_validator("posts", mode="before")
    @classmethod
    def _numbers(cls, posts: object) -> object:
        """JSON has no numbers as keys; the copy inside a report says them as text."""
        if not isinstance(posts, dict):
            return posts
        return {int(key) if isinstance(key, str) and key.isdigit() else key: to for key, to in posts.items()}

    @model_validator(mode="after")
    def _fits(self) -> "MoveUp":
        if (self.policy == "table") != bool(self.posts):
            raise wrong("S463", "posts with policy: table, and only then", "Add or remove the posts.")
        return self


class TeamsSection(Strict):
    """Who answers: teams of the region that meet a condition, ``out`` left out; neighbours last."""

    where: Records = Records(layer="teams")
    out: tuple[Id, ...] = ()
    mutual_aid: bool = False
    rosters: Annotated[bool, Field(description="duty as the layer rosters says")] = False
    shifts: tuple[Shift, ...] = ()

    @field_validator("where")
    @classmethod
    def _teams(cls, where: Records) -> Records:
        if where.layer != "teams":
            raise wrong("S128", "layer: teams", "Name the layer teams.")
        return where


class DrillSection(Strict):
    """The drill and its rules.

    ``engine``: ``compiled`` knows dispatch ``nearest`` alone; ``exact`` asks the dispatch code of real
    incidents, by ``flow`` over all that waits, or one by one with ``nearest``.
    ``give_up``: longest wait for a team. ``batches``: parts of one long run whose means give the intervals
    where there is one replication.
    """

    starts: AwareDatetime
    length: Duration
    warm_up: Duration | None = None
    replications: Annotated[Whole, Field(ge=1, le=100_000)] = 20
    batches: Annotated[Whole, Field(ge=2, le=200)] = 20
    engine: Literal["compiled", "exact"] = "compiled"
    dispatch: Literal["nearest", "flow"] = "nearest"
    handling: Annotated[float, Field(ge=0, le=3600)] | Duration = 60.0
    waits: bool = True
    give_up: Duration | None = None
    kinds: Annotated[tuple[CallKind, ...], Field(min_length=1, max_length=100)]
    calls: CallsSection
    teams: TeamsSection = TeamsSection()
    redispatch: Redispatch = Redispatch()
    move_up: MoveUp = MoveUp()
    traffic: Annotated[tuple[Traffic, ...], Field(max_length=10)] = ()
    closures: Annotated[tuple[RoadClosure, ...], Field(max_length=200)] = ()
    floods: Annotated[tuple[Incident, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _fits(self) -> "DrillSection":
        ids = [kind.id for kind in self.kinds]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise wrong("S206", "each kind of call once", f"Rename one of the kinds {twice[0]!r}.")
        if round((self.warm_up or 0.0) * 10) >= round(self.length * 10):
            raise wrong("S465", "length above warm_up, in tenths of a second", "Lengthen it.")
        if self.engine == "compiled" and (self.dispatch == "flow" or self.move_up.policy == "optimised"):
            raise wrong(
                "S460", "engine: exact for dispatch: flow and move_up optimised", "Write engine: exact."
            )
        if self.give_up is not None and not self.waits:
            raise wrong("S464", "give_up with waits: true only", "Remove give_up, or let calls wait.")
        return self


class DrillScenario(Strict):
    """A drill."""

    muster: Annotated[Literal[1], Field(description="file format")]
    kind: Literal["drill"]
    region: Annotated[str, Field(min_length=1, description="folder, .gpkg or .xlsx, relative to this file")]
    name_zh: Name = ""
    name_en: Name = ""
    seed: Annotated[Whole, Field(ge=0, le=2**31 - 1)] = 0
    doctrine: Annotated[str | None, Field(min_length=1, description="relative to this file")] = None
    drill: DrillSection
