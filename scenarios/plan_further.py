"""What a siting plan says beside its one choice: roads closed, years, other plans, plans drawn, conflicts."""

from pydantic import Field

from scenarios.model_base import Strict
from scenarios.plan_service import Measures, TeamsAt, UnitsAt
from scenarios.siting_rules import Aim, Measure


class StateServed(Strict):
    """Weight covered in one state of the roads: by what stands, by the plan, by the plan for every day."""

    name_zh: str
    name_en: str
    probability: float
    before: int
    covered: int | None
    nominal: int | None


class RobustServed(Strict):
    """How the plan holds when roads are closed, and what that costs.

    ``nominal_sites``, ``nominal_closed``: what would be best on the first state of the roads alone;
    ``price``: what the plan gives up there; ``gain``: what it gains in the measure.
    """

    measure: Measure
    tail: float
    states: tuple[StateServed, ...]
    nominal_sites: tuple[str, ...]
    nominal_closed: tuple[str, ...]
    nominal_measure: float | None
    price: int | None
    gain: float | None


class PhaseServed(Strict):
    """What stands at the end of a year; ``covered`` and ``people`` unweighted."""

    year: int
    weight: int
    opened: tuple[str, ...]
    covered: int
    people: int


class OtherPlan(Strict):
    """A plan that is nearly as good and clearly different: ``differs`` sites of it are not in the plan."""

    sites: tuple[str, ...]
    closed: tuple[str, ...]
    objective: float
    bound: float | None
    gap: float
    differs: int
    units: tuple[UnitsAt, ...] = ()


class PoolOfPlans(Strict):
    """Other plans; ``complete`` when it is proven that no further one exists within the gap."""

    within: float
    least_difference: int
    plans: tuple[OtherPlan, ...]
    complete: bool


class FrontPoint(Strict):
    """One plan of the front: its value in each aim, what the others were held to, the bound of the first.

    ``exact``: it is proven that no plan is as good in all aims and better in one.
    """

    sites: tuple[str, ...]
    closed: tuple[str, ...]
    values: dict[Aim, float]
    limits: dict[Aim, float]
    bound: float
    exact: bool


class FrontOfPlans(Strict):
    """Plans of which none is better in every aim; ``optimized`` is the aim that the others were held for."""

    aims: tuple[Aim, ...]
    optimized: Aim
    points: tuple[FrontPoint, ...]


class RuleBroken(Strict):
    """A rule that a drawn plan does not keep, and by how much."""

    text_zh: str
    text_en: str


class DrawnPlan(Strict):
    """A plan that the planner drew, in the same measures; ``breaks`` says which rules it does not keep."""

    sites: tuple[str, ...]
    objective: float | None
    measures: Measures
    breaks: tuple[RuleBroken, ...]


class Example(Strict):
    """A choice that keeps all but what gives way: new sites, closed ones, and what is decided of them."""

    sites: tuple[str, ...]
    closed: tuple[str, ...]
    teams: tuple[TeamsAt, ...] = ()
    years: dict[str, int] = Field(default_factory=dict)
    moves: dict[str, str] = Field(default_factory=dict)


class Conflict(Strict):
    """A demand that excludes the others of its ``group``, and by how much it would have to give way.

    The ``amount`` is missing where it was not found in time.

    Group 0 is one way out: all its demands give way together, and then there is a plan.
    ``example``: a choice with which so much is enough.
    """

    group: int
    kind: str
    rule: str
    amount: float | None
    unit: str
    text_zh: str
    text_en: str
    example: Example | None = None


class Further(Strict):
    """All of it; a part is missing where the scenario does not ask."""

    robust: RobustServed | None = None
    phases: tuple[PhaseServed, ...] = ()
    pool: PoolOfPlans | None = None
    front: FrontOfPlans | None = None
    drawn: DrawnPlan | None = None
    conflicts: tuple[Conflict, ...] = Field(default=())
