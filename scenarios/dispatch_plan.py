"""The dispatch plan as a file: zones, staging, who goes where by which road, what is short; no clock."""

from pathlib import Path
from typing import Any, Literal

from scenarios.depth_plan import DepthRun
from scenarios.doctrine import Complement
from scenarios.incident_models import IncidentHazard, IncidentLevel
from scenarios.plan import (
    EXIT_CODES,
    Figure,
    LayerProvenance,
    PlanWarning,
    RegionInput,
    ScenarioInput,
    Status,
)
from scenarios.plan_file import plan_of, plan_text
from scenarios.refinement_plan import Refinement
from scenarios.relief_plan import Relief
from scenarios.route_plan import Route
from scenarios.scenario_models import Strict


class OtherInput(Strict):
    """A further file a plan rests on; ``content`` is missing where Muster ships it or none was given."""

    digest: str
    content: dict[str, Any] | None


class DispatchFrom(Strict):
    """What a dispatch plan was computed from."""

    region: RegionInput
    scenario: ScenarioInput
    board: OtherInput
    doctrine: OtherInput


class Zone(Strict):
    """One hazard zone; ``people`` live inside it, ``closes_roads`` within the look-ahead of the doctrine."""

    id: str
    kind: str
    level: int
    polygon: dict[str, Any]
    valid_from: str | None
    valid_to: str | None
    formula: str
    certainty: str
    threshold: str
    reach_m: float | None
    capped: bool
    depth_m: float | None
    water_class: int | None
    people: int
    closes_roads: bool
    notes: tuple[str, ...]


class StagingArea(Strict):
    """Where outside forces wait: on a road, outside every zone."""

    lon: float
    lat: float
    distance_m: float
    off_downwind_deg: float | None
    side: str
    street: str


class PlaceInside(Strict):
    """A key place inside a zone, with advice for a release.

    ``zone`` is the gravest one it lies in; ``cloud_s`` seconds until the cloud is there, missing for water or
    where the wind does not carry it; ``action`` is evacuate, shelter or none, empty where no rule applies.
    """

    layer: str
    id: str
    name_zh: str
    name_en: str
    zone: str
    level: int
    cloud_s: float | None
    action: str
    reason_zh: str
    reason_en: str


class IncidentPlan(Strict):
    """One incident: its zones, who is inside, where outside forces wait."""

    id: str
    name_zh: str
    name_en: str
    hazard: IncidentHazard
    level: IncidentLevel
    priority: int
    lon: float
    lat: float
    downwind_deg: float | None
    zones: tuple[Zone, ...]
    people: int
    staging: StagingArea | None
    key_places: tuple[PlaceInside, ...]
    notes: tuple[str, ...]


class SlotFilled(Strict):
    """What was asked, and who comes; times run from the order, ``within_s`` inclusive.

    ``team_id`` is empty for a slot that stays short; ``late_s`` seconds beyond ``within_s``, 0 in time.
    """

    incident_id: str
    capability: str
    level: int
    complement: Complement
    within_s: float
    source: str
    team_id: str
    arrival_s: float | None
    late_s: float | None


class TeamSent(Strict):
    """A team under way, to the staging area of its incident."""

    id: str
    name_zh: str
    name_en: str
    force: str
    mutual_aid: bool
    people: int
    vehicles: int
    vehicle_class: str
    lon: float
    lat: float
    incident_id: str
    turnout_s: float
    travel_s: float
    arrival_s: float
    route: Route


class DispatchDecisions(Strict):
    """Incidents with their zones, slots with who fills them, teams with their roads."""

    incidents: tuple[IncidentPlan, ...]
    slots: tuple[SlotFilled, ...]
    teams: tuple[TeamSent, ...]


class IncidentMeasures(Strict):
    """How an incident is served; times run from the order, missing where nobody comes.

    ``first_alarm_s``: the last of the first alarm is there; ``complement_s``: the last of all, first alarm
    included, as stage 2 of the plan shortens it by priority class.
    """

    incident_id: str
    asked: int
    filled: int
    in_time: int
    first_arrival_s: float | None
    first_alarm_s: float | None
    complement_s: float | None


class DispatchMeasures(Strict):
    """How good the plan is, stage by stage, and by incident."""

    shortage: int
    aid_teams: int
    worst_complement_s: tuple[float, ...]
    scarce_spent: int
    weighted_arrival_s: float
    incidents: tuple[IncidentMeasures, ...]


class TeamReason(Strict):
    """Why one team goes: the plan without it, solved again.

    ``instead``: team that then takes the place, empty if it stays short or a like slot is given up for it;
    ``later_s``: how much later that team arrives; ``shortage``, ``aid_teams``, ``complement_later_s`` by
    priority class from the highest, ``scarce_spent``, ``weighted_later_s``: what the whole plan loses;
    ``moved``: other teams whose task changes; ``nearest``: no team that could do it arrives sooner.
    """

    team_id: str
    instead: str
    later_s: float | None
    shortage: int
    aid_teams: int
    complement_later_s: tuple[float, ...]
    scarce_spent: int
    weighted_later_s: float
    moved: tuple[str, ...]
    nearest: bool


class NearestSource(Strict):
    """The nearest team with the capability that does not come for it, and why not; no time without a road."""

    team_id: str
    name_zh: str
    name_en: str
    arrival_s: float | None
    why: Literal["not_available", "sent_elsewhere", "level_below", "no_road"]


class SlotShortage(Strict):
    """Slots of one kind that stay empty, and the nearest source; missing where nobody has the capability."""

    code: str
    incident_id: str
    capability: str
    level: int
    count: int
    nearest: NearestSource | None


class Order(Strict):
    """What one team is told when a plan is looked at again.

    ``task`` and ``before``: incident, capability and level now and in the plan in force, empty for none.
    Gains are of the chain of exchanges that the order belongs to: shortage less, mutual-aid teams less,
    seconds that the last team of each priority class arrives sooner, highest first, and seconds of weighted
    arrival less. Missing for a team that goes on as it did.
    """

    team_id: str
    order: Literal["send", "divert", "hold", "release"]
    task: str
    before: str
    shortage_gain: int | None
    aid_teams_gain: int | None
    complement_sooner_s: tuple[float, ...] | None
    weighted_sooner_s: float | None


class ChangedTask(Strict):
    """A team that does something else: incident, capability and level, empty where it stays."""

    team_id: str
    before: str
    after: str


class WhatIfAnswer(Strict):
    """The plan if one thing were otherwise, against this one; ``..._then`` are its figures."""

    question: str
    shortage: int
    shortage_then: int
    filled: int
    filled_then: int
    aid_teams: int
    aid_teams_then: int
    last_arrival_s: float | None
    last_arrival_then_s: float | None
    changes: tuple[ChangedTask, ...]


class TownshipCover(Strict):
    """Cover of a township: people within the standard of teams that stay, before and with the plan."""

    id: str
    name_zh: str
    name_en: str
    within_s: float
    people: int
    covered_before: int
    covered_after: int


class CoverTrade(Strict):
    """A team that could stay: people it keeps covered, and what the plan would lose by it."""

    team_id: str
    people: int
    complement_later_s: tuple[float, ...]
    weighted_later_s: float


class MovedUp(Strict):
    """An idle team that should stand at the station ``to``; people covered without and with all moves."""

    team_id: str
    to: str
    lon: float
    lat: float
    travel_s: float
    people_before: int
    people_after: int


class Cover(Strict):
    """The cover left behind; trades one after the other, moves all together."""

    townships: tuple[TownshipCover, ...]
    trades: tuple[CoverTrade, ...]
    moves: tuple[MovedUp, ...]


class DispatchPlan(Strict):
    """A dispatch plan; the same inputs give the same plan, byte for byte."""

    muster: Literal[1] = 1
    kind: Literal["dispatch"] = "dispatch"
    name_zh: str
    name_en: str
    status: Status
    objective: Figure
    bound: Figure
    gap: float
    seed: int
    at: str
    inputs: DispatchFrom
    decisions: DispatchDecisions
    measures: DispatchMeasures
    reasons: tuple[TeamReason, ...]
    shortages: tuple[SlotShortage, ...]
    cover: Cover
    relief: Relief | None = None
    what_if: tuple[WhatIfAnswer, ...]
    sensitivity: tuple[DepthRun, ...]
    refinement: Refinement | None
    orders: tuple[Order, ...]
    warnings: tuple[PlanWarning, ...]
    provenance: tuple[LayerProvenance, ...]

    @property
    def exit_code(self) -> int:
        """0 for a plan: a shortage is part of a plan."""
        return EXIT_CODES[self.status]


def dispatch_json(plan: DispatchPlan) -> str:
    """The plan as JSON text, the same bytes for the same plan."""
    return plan_text(plan)


def read_dispatch_plan(path: Path | str) -> DispatchPlan:
    """Read a dispatch plan; raises ``InputError`` P101 to P103 as ``plan_of``."""
    return plan_of(path, DispatchPlan)
