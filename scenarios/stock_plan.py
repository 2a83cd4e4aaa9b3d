"""A reserve plan put together from its inputs and the optimizer's answers; nothing here searches.

The check of a plan puts it together a second time from the holdings that the plan states, so every other
figure of a plan has one origin.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from geo.region.region import Region
from optimizer.problem import Status
from optimizer.reserve.reserve_answer import Binding as Limit
from optimizer.reserve.reserve_answer import CostSplit, Holding, Outcome
from optimizer.reserve.service import service_met
from scenarios.files import scenario_digest
from scenarios.plan import Assumption, Figure, Inputs, RegionInput, ScenarioInput
from scenarios.provenance import provenance
from scenarios.reserve_further import ReserveFurther
from scenarios.reserve_models import ReserveScenario
from scenarios.reserve_plan import (
    Binding,
    CostLines,
    NamedShortage,
    ReservePlan,
    ScenarioResult,
    TownshipLeast,
)
from scenarios.stock_assumptions import assumptions
from scenarios.stock_items import item_lines
from scenarios.stock_moves import decisions
from scenarios.stock_problem import StockInputs
from scenarios.stock_served import relief_window, scenario_results
from scenarios.stock_shortages import named_shortages, no_plan

LAYERS = (
    "depots",
    "stock",
    "items",
    "shelters",
    "townships",
    "demand",
    "roads",
    "flood_zones",
    "hazard_sites",
)
MEASURES = {
    "cost": "cost_and_penalties",
    "service": "cost_at_service",
    "cvar": "cost_and_risk",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What the optimizer found; ``held``, ``cost`` and ``outcome`` are ``None`` without a plan."""

    status: Status
    objective: float | None
    bound: float | None
    held: Holding | None
    cost: CostSplit | None
    outcome: Outcome | None
    binding: tuple[Limit, ...] = ()
    further: ReserveFurther = field(default_factory=ReserveFurther)
    stopped_by: str | None = None


def reserve_plan(
    region: Region, scenario: ReserveScenario, inputs: StockInputs, solved: Solved
) -> ReservePlan:
    """The plan as it is written."""
    section = scenario.reserve
    results = () if solved.outcome is None else scenario_results(region, inputs, inputs.cases, solved.outcome)
    at = relief_window(section.windows, inputs.rules)
    return ReservePlan(
        name_zh=scenario.name_zh,
        name_en=scenario.name_en,
        objective_kind=section.objective.least,
        status=solved.status,
        objective=_figure(scenario, solved.objective),
        bound=_figure(scenario, solved.bound),
        gap=_gap(solved),
        stopped_by=solved.stopped_by,
        seed=scenario.seed,
        inputs=Inputs(
            region=RegionInput(name=region.name, digest=region.digest()),
            scenario=ScenarioInput(
                digest=scenario_digest(scenario),
                content=scenario.model_dump(mode="json"),
            ),
        ),
        people=section.people,
        windows_s=section.windows,
        relief_window_s=section.windows[at],
        items=tuple(item_lines(inputs, solved.held)),
        decisions=decisions(region, inputs, solved.held),
        cost=_cost(solved.cost),
        service=_service(inputs, solved.outcome),
        townships=tuple(_townships(region, inputs)),
        scenarios=results,
        binding=_binding(solved.binding),
        further=solved.further,
        shortages=_shortages(inputs, solved, results),
        warnings=inputs.warnings,
        provenance=provenance(region, LAYERS),
        assumptions=assumptions(inputs.rules) + _season(inputs),
    )


def _figure(scenario: ReserveScenario, value: float | None) -> Figure | None:
    if value is None:
        return None
    return Figure(name=MEASURES[scenario.reserve.objective.least], unit="CNY", value=round(value, 2))


def _gap(solved: Solved) -> float | None:
    if solved.objective is None or solved.bound is None:
        return None
    objective, bound = round(solved.objective, 2), round(solved.bound, 2)  # as the plan states them
    return round(abs(objective - bound) / max(1.0, abs(objective)), 9)


def _cost(cost: CostSplit | None) -> CostLines | None:
    if cost is None:
        return None
    names = ("holding", "moving", "enlarging", "opening", "use", "driving", "penalty", "first_stage", "total")
    return CostLines(**{name: round(float(getattr(cost, name)), 2) for name in names})


def _service(inputs: StockInputs, then: Outcome | None) -> tuple[float, ...]:
    if then is None:
        return ()
    return tuple(round(float(one), 9) for one in service_met(inputs.problem.scenarios, then.shortage))


def _townships(region: Region, inputs: StockInputs) -> Iterator[TownshipLeast]:
    table = region.table("townships").set_index("id")
    for one in inputs.least.townships:
        yield TownshipLeast(
            id=one.id,
            name_zh=str(table.loc[one.id, "name_zh"]),
            name_en=str(table.loc[one.id, "name_en"]),
            share=one.share,
            poor_roads=one.poor_roads,
            high_risk=one.high_risk,
            drive_s=one.drive_s,
            risk=round(one.risk, 6),
        )


def _binding(limits: tuple[Limit, ...]) -> tuple[Binding, ...]:
    return tuple(Binding(kind=one.kind, place=one.place, price=float(f"{one.price:.6g}")) for one in limits)


def _shortages(
    inputs: StockInputs, solved: Solved, results: tuple[ScenarioResult, ...]
) -> tuple[NamedShortage, ...]:
    if solved.status == "infeasible":
        return (no_plan(inputs, solved.binding),)
    return named_shortages(inputs, results)


def _season(inputs: StockInputs) -> tuple[Assumption, ...]:
    """What the scenario file says without a source."""
    said = inputs.section
    return (
        Assumption(
            name="probabilities",
            text_zh="各情景概率（有事发生时）",
            text_en="probabilities of the scenarios, given that something happens",
            value=len(said.scenarios),
            unit="",
            source="scenario file",
            certainty="assumed",
        ),
    )
