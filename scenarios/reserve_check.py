"""Verify a reserve plan without a solver: needs, roads, deliveries, costs and shortages worked out again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from geo.errors import Fault
from geo.region.ledger import read_ledger, with_ledger
from geo.region.region import Region
from optimizer.reserve.check import reserve_violations
from optimizer.reserve.evaluate import cost_split, outcome
from optimizer.reserve.reserve_answer import Binding as Limit
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import MODES
from optimizer.watch import Watch
from scenarios.check import MOST_DIFFERENCES, CheckReport, region_of_plan, unequal
from scenarios.files import scenario_digest, scenario_from
from scenarios.reserve_consistency import inconsistencies
from scenarios.reserve_further import ReserveFurther
from scenarios.reserve_models import ReserveScenario
from scenarios.reserve_plan import ReservePlan, read_reserve_plan
from scenarios.run_record import record_path
from scenarios.stock_further import rules_of_thumb
from scenarios.stock_plan import Solved, reserve_plan
from scenarios.stock_problem import StockInputs, stock_inputs
from scenarios.stock_renewal import renewal
from scenarios.stock_tested import stock_trial, with_simulation
from scenarios.stock_validation import validation
from scenarios.stock_whole import InUnits, at_service, judged

VERIFIED = (
    "digests",
    "needs",
    "travel times",
    "stock in hand",
    "rules",
    "deliveries",
    "costs",
    "shortages",
    "rules of thumb",
    "fresh scenarios",
    "renewal",
    "provenance",
)
_AGAIN = "Do not use the plan; compute it again."


def check_reserve(plan_path: Path | str, region: Region | Path | str | None = None) -> CheckReport:
    """Verify a reserve plan; ``region`` where its run record does not say, or no longer lies, where it did.

    Raises
    ------
    InputError
        P101 to P103 no readable plan, P104 no region to check against, and the faults of that region.
    """
    where, plan = str(plan_path), read_reserve_plan(plan_path)
    content = plan.inputs.scenario.content
    scenario = scenario_from(content, where=f"{where} inputs.scenario.content", model=ReserveScenario)
    found = _with_own_stock(Path(plan_path), region_of_plan(Path(plan_path), region))
    faults = _foreign(where, plan, scenario, found)
    if not faults:
        inputs = stock_inputs(found, scenario)
        faults = [*_unknown(where, plan, inputs)] or [*_broken(where, plan, inputs)]
        faults += [_different(where, *one) for one in inconsistencies(plan, inputs)]
        faults += [] if faults else [*_differences(where, plan, found, scenario, inputs)]
    trusted = ("bound", "limits that bind", "curve", "plans without a way of holding", "value of knowing")
    return CheckReport(
        plan=where,
        faults=tuple(faults[:MOST_DIFFERENCES]),
        verified=(*VERIFIED, *(("simulation",) if plan.simulation is not None else ())),
        trusted=("infeasibility",) if plan.status == "infeasible" else trusted,
    )


def _with_own_stock(plan_path: Path, region: Region) -> Region:
    """The region with the ledger that the run record names, while it lies where it did."""
    try:
        record = json.loads(record_path(plan_path).read_text(encoding="utf-8"))
        ledger, mapping = record["ledger"], record["mapping"]
    except (OSError, ValueError, KeyError, TypeError):
        return region
    if not isinstance(ledger, str) or not Path(ledger).exists():
        return region
    rule = Path(mapping) if isinstance(mapping, str) else None
    return with_ledger(region, read_ledger(Path(ledger), mapping=rule, layer="stock"))


def _foreign(where: str, plan: ReservePlan, scenario: ReserveScenario, region: Region) -> list[Fault]:
    said = plan.inputs
    pairs = (
        ("P105", "inputs.region.digest", said.region.digest, region.digest()),
        ("P106", "inputs.scenario.digest", said.scenario.digest, scenario_digest(scenario)),
    )
    fix = "Check against what it was computed from, or compute it again."
    return [
        Fault(code=code, where=f"{where} {key}", found=found, wanted=wanted, fix=fix)
        for code, key, found, wanted in pairs
        if found != wanted
    ]


def _unknown(where: str, plan: ReservePlan, inputs: StockInputs) -> Iterator[Fault]:
    """Holdings of sources or items that the question does not have."""
    sources, items = set(inputs.problem.depots.ids), {item.id for item in inputs.items}
    for number, one in enumerate(plan.decisions.held):
        if one.source not in sources or one.item_id not in items:
            yield Fault(
                code="P107",
                where=f"{where} decisions.held[{number}]",
                found=f"{one.source}, {one.item_id}",
                wanted="a depot and an item of the question",
                fix=_AGAIN,
            )
    for number, depot in enumerate(plan.decisions.depots):
        if depot.id not in sources:
            yield Fault(
                code="P107",
                where=f"{where} decisions.depots[{number}]",
                found=depot.id,
                wanted="a depot of the question",
                fix=_AGAIN,
            )


def stated_holding(plan: ReservePlan, inputs: StockInputs) -> Holding:
    """The holding that a plan states, as the optimizer's arrays."""
    source = {name: number for number, name in enumerate(inputs.problem.depots.ids)}
    item = {one.id: number for number, one in enumerate(inputs.items)}
    quantity = np.zeros(inputs.problem.shape)
    for one in plan.decisions.held:
        quantity[source[one.source], item[one.item_id], MODES.index(one.mode)] = one.after
    steps, opened = np.zeros(len(source), np.int64), np.zeros(len(source), np.bool_)
    for depot in plan.decisions.depots:
        steps[source[depot.id]] = depot.enlarged_steps
        opened[source[depot.id]] = bool(depot.opened)
    return Holding(quantity=quantity, steps=steps, opened=opened)


def _broken(where: str, plan: ReservePlan, inputs: StockInputs) -> Iterator[Fault]:
    """Rules of the question that the stated holding breaks, or its deliveries worked out again."""
    if plan.cost is None:
        return
    held = stated_holding(plan, inputs)
    then = outcome(inputs.problem, held)
    costs = cost_split(inputs.problem, held, then)
    for text in reserve_violations(inputs.problem, held, then, costs):
        yield Fault(
            code="P108", where=f"{where} decisions", found=text, wanted="an answer that holds", fix=_AGAIN
        )


def _differences(
    where: str, plan: ReservePlan, region: Region, scenario: ReserveScenario, inputs: StockInputs
) -> Iterator[Fault]:
    """Where the plan differs from the one that its own holding gives."""
    again = _tested(
        plan, region, inputs, reserve_plan(region, scenario, inputs, _stated(plan, region, inputs))
    )
    for key, found, wanted in unequal(plan.model_dump(mode="json"), again.model_dump(mode="json"), ""):
        yield _different(where, key, str(found), str(wanted))


def _tested(plan: ReservePlan, region: Region, inputs: StockInputs, again: ReservePlan) -> ReservePlan:
    """The plan with its deliveries played again, in as many scenarios as it says."""
    if plan.cost is None or (plan.simulation is None and plan.stopped_by):
        return again
    often = None if plan.simulation is None else plan.simulation.scenarios
    trucks, held = stock_trial(region, inputs), stated_holding(plan, inputs)
    return with_simulation(region, inputs, again, held, trucks, watch=Watch(), scenarios=often)


def _different(where: str, key: str, found: str, wanted: str) -> Fault:
    return Fault(code="P109", where=f"{where} {key}", found=found[:80], wanted=wanted[:80], fix=_AGAIN)


def _stated(plan: ReservePlan, region: Region, inputs: StockInputs) -> Solved:
    """What the optimizer must have found, with everything that needs no solver worked out anew."""
    stated: dict[str, Any] = {
        "status": plan.status,
        "objective": plan.objective.value if plan.objective else None,
        "bound": plan.bound.value if plan.bound else None,
        "binding": tuple(Limit(kind=one.kind, place=one.place, price=one.price) for one in plan.binding),
        "stopped_by": plan.stopped_by,
    }
    if plan.cost is None:
        return Solved(**stated, held=None, cost=None, outcome=None, further=plan.further)
    held = stated_holding(plan, inputs)
    found = at_service(inputs.problem, judged(inputs.problem, held, inputs.aim), inputs.aim)
    stated["further"] = _further(plan, region, inputs, found)
    stated["objective"] = found.objective
    return Solved(**stated, held=held, cost=found.cost, outcome=found.outcome)


def _further(plan: ReservePlan, region: Region, inputs: StockInputs, found: InUnits) -> ReserveFurther:
    """What stands beside the plan, the parts that need no solver worked out anew."""
    said, update = plan.further, dict[str, Any]()
    if said.rotation:
        update["rotation"] = renewal(region, inputs, found.held)
    if said.validation:
        update["validation"] = validation(inputs, found, seed=plan.seed)
    if said.compared:
        solved = tuple(one for one in said.compared if one.rule.startswith("without_"))
        update["compared"] = (*rules_of_thumb(inputs, found.held), *solved)
    return said.model_copy(update=update)
