"""The siting plan as a file: decisions, proof, measures, reasons, shortages, provenance. No clock in it."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from scenarios.plan_file import plan_of, plan_text
from scenarios.plan_further import Further
from scenarios.plan_service import LimitServed as LimitServed
from scenarios.plan_service import Measures as Measures
from scenarios.plan_service import Served as Served
from scenarios.plan_service import StandardServed as StandardServed
from scenarios.plan_service import TeamsAt as TeamsAt
from scenarios.plan_service import TownshipServed as TownshipServed
from scenarios.plan_service import UnitsAt as UnitsAt
from scenarios.plan_simulation import Simulation
from scenarios.scenario_models import Question, Strict

Status = Literal["optimal", "feasible", "infeasible", "cancelled"]
EXIT_CODES: dict[str, int] = {"optimal": 0, "feasible": 0, "infeasible": 1, "cancelled": 1}


class RegionInput(Strict):
    """The region a plan was computed from."""

    name: str
    digest: str


class ScenarioInput(Strict):
    """The scenario a plan was computed from, in full, so that a plan can be verified by itself."""

    digest: str
    content: dict[str, Any]


class Inputs(Strict):
    """What a plan was computed from."""

    region: RegionInput
    scenario: ScenarioInput


class Figure(Strict):
    """One number with its name and unit."""

    name: str
    unit: str
    value: float


class Site(Strict):
    """A place where a station stands or may open; ``cost`` is what opening or closing it costs, if known."""

    id: str
    layer: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    township_id: str = ""
    cost: float | None = None


class Decisions(Strict):
    """What to open, keep and close.

    ``teams``: new teams at these places; ``years``: when each new site opens; ``moves``: to which new site
    the station of an existing one moves; ``units``: at each open site. All empty where the scenario
    does not ask.
    """

    open: tuple[Site, ...]
    keep: tuple[Site, ...]
    close: tuple[Site, ...]
    teams: tuple[TeamsAt, ...] = ()
    years: dict[str, int] = Field(default_factory=dict)
    moves: dict[str, str] = Field(default_factory=dict)
    units: tuple[UnitsAt, ...] = ()


class BeforeAfter(Strict):
    """The service of the stations that stand, and of the plan; no ``after`` without a plan."""

    before: Measures
    after: Measures | None


class CurvePoint(Strict):
    """The best that so many new sites can do; ``sites`` are ids of new sites, ``closed`` of existing ones."""

    open: int
    status: Status
    objective: float | None
    bound: float | None
    covered: int | None
    mean_response_s: float | None
    sites: tuple[str, ...]
    closed: tuple[str, ...]
    moves: dict[str, str] = Field(default_factory=dict)
    units: tuple[UnitsAt, ...] = ()


class Curve(Strict):
    """What each further site is worth, in the measure that ``name`` says."""

    name: str
    unit: str
    points: tuple[CurvePoint, ...]


class SiteReason(Strict):
    """What is lost without one chosen site.

    ``alone``: the objective when it is left out and nothing replaces it; ``without``: the best that the same
    rules allow without it, with its proven ``bound``, by opening ``sites`` and closing ``closed``;
    ``instead``: those of ``sites`` that were not chosen before;
    ``covered_lost``: people who then are no longer within the limit. Missing objectives mean that no plan
    is left.
    """

    site: str
    existing: bool = False
    status: Status
    alone: float | None
    without: float | None
    bound: float | None
    sites: tuple[str, ...]
    closed: tuple[str, ...]
    instead: tuple[str, ...]
    covered_lost: int | None
    teams: tuple[TeamsAt, ...] = ()
    years: dict[str, int] = Field(default_factory=dict)
    moves: dict[str, str] = Field(default_factory=dict)
    units: tuple[UnitsAt, ...] = ()


class Shortage(Strict):
    """People of one township who stay without service in time, and why.

    ``no_road``: no site can reach them at all; ``too_far``: no site, chosen or not, reaches them in time;
    ``not_chosen``: some site would, but was not chosen, ``best_site`` first.
    """

    code: str
    township_id: str
    name_zh: str
    name_en: str
    force: str
    within_s: float
    people: int
    no_road: int
    too_far: int
    not_chosen: int
    best_site: str | None
    of: str | None = None


class PlanWarning(Strict):
    """Something to look at; ``records`` are the ids it is about, ``people`` those they stand for."""

    code: str
    text_zh: str
    text_en: str
    layer: str = ""
    records: tuple[str, ...] = ()
    people: int | None = None


class LayerProvenance(Strict):
    """Where the records of a layer come from, and how many are assumed."""

    layer: str
    records: int
    assumed: int
    sources: dict[str, int]


class Assumption(Strict):
    """A figure that no record gives; ``name`` is for programs, the texts for people."""

    name: str
    text_zh: str
    text_en: str
    value: float | str
    unit: str
    source: str
    certainty: str


class SitingPlan(Strict):
    """A siting plan; the same inputs give the same plan, byte for byte, unless ``stopped_by`` says time."""

    muster: Literal[1] = 1
    kind: Literal["siting"] = "siting"
    name_zh: str
    name_en: str
    question: Question
    status: Status
    objective: Figure | None
    bound: Figure | None
    gap: float | None
    stopped_by: str | None
    seed: int
    inputs: Inputs
    decisions: Decisions
    measures: BeforeAfter
    curve: Curve
    reasons: tuple[SiteReason, ...]
    shortages: tuple[Shortage, ...]
    further: Further = Further()
    simulation: Annotated[
        Simulation | None,
        Field(description="the test by simulation, where asked for", exclude_if=lambda one: one is None),
    ] = None
    warnings: tuple[PlanWarning, ...]
    provenance: tuple[LayerProvenance, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def exit_code(self) -> int:
        """0 for a plan, 1 where there is none."""
        return EXIT_CODES[self.status]


def plan_json(plan: SitingPlan) -> str:
    """The plan as JSON text, the same bytes for the same plan."""
    return plan_text(plan)


def read_plan(path: Path | str) -> SitingPlan:
    """Read a siting plan; raises ``InputError`` P101 to P103 as ``plan_of``."""
    return plan_of(path, SitingPlan)
