"""Plans as members of an ensemble: siting plans played through drills, reserve plans on drawn scenarios.

A swept path ``plan`` names plan files, or scenario files that are solved once when the ensemble begins; the
word ``today`` stands for what there is without a plan.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from geo.errors import InputError, refuse
from geo.region.region import Region
from optimizer.drill.haulage import Haul, haul
from optimizer.reserve.evaluate import outcome
from optimizer.reserve.reserve_answer import Holding, Outcome
from optimizer.watch import Watch
from scenarios.dispatch_teams import ReadyTeam
from scenarios.doctrine import Doctrine
from scenarios.drill_inputs import asked_teams
from scenarios.drill_models import DrillScenario
from scenarios.ensemble_base import PLAN, TAKEN_BY, TODAY
from scenarios.ensemble_measures import Measures
from scenarios.ensemble_models import EnsembleSection
from scenarios.files import read_scenario, scenario_from
from scenarios.plan import SitingPlan, read_plan
from scenarios.reserve_check import stated_holding
from scenarios.reserve_draws import drawn
from scenarios.reserve_models import ReserveScenario, plan_alone
from scenarios.reserve_plan import ReservePlan, read_reserve_plan
from scenarios.reserve_scenarios import Cases
from scenarios.reserve_test_models import ReserveTest
from scenarios.scenario_models import Scenario
from scenarios.site import site
from scenarios.site_choice import decided
from scenarios.site_crews import crews_of, usual_levels
from scenarios.site_inputs import siting_inputs
from scenarios.site_response import asked_forces
from scenarios.stock import stock
from scenarios.stock_haulage import Haulage, haulage
from scenarios.stock_moves import present
from scenarios.stock_problem import StockInputs, stock_inputs
from scenarios.stock_served import served_whole
from scenarios.stock_tested import STREAM

Plans = Mapping[str, SitingPlan | ReservePlan]


def read_plans(section: EnsembleSection, kind: str, beside: Path, region: Region) -> Plans:
    """The plans that an ensemble sweeps over, by the name that it gives them.

    Raises
    ------
    InputError
        S491 plans for a scenario that takes none, plans that are drawn, or no plan of the right kind; and
        the faults of the files.
    """
    found: dict[str, SitingPlan | ReservePlan] = {}
    for vary in section.vary:
        if vary.path != PLAN:
            continue
        if kind not in TAKEN_BY or vary.values is None:
            raise _no_plan(f"a scenario of kind {kind}" if vary.values else "plans that are drawn")
        for name in map(str, vary.values):
            if name != TODAY:
                found[name] = _plan(name, TAKEN_BY[kind], beside, region)
    return found


def _plan(name: str, kind: str, beside: Path, region: Region) -> SitingPlan | ReservePlan:
    file = beside / name
    if not file.is_file():
        raise _no_plan(f"{name!r}, where nothing is")
    if file.suffix == ".json":
        plan = read_plan(file) if kind == "siting" else read_reserve_plan(file)
    elif kind == "siting":
        scenario = read_scenario(file)
        section = scenario.siting.model_copy(update={"test": None})
        plan = site(region, scenario.model_copy(update={"siting": section}))
    else:
        plan = stock(region, plan_alone(read_scenario(file, ReserveScenario)))
    if plan.inputs.region.digest != region.digest():
        raise _no_plan(f"{name!r}, a plan of another region")
    if plan.exit_code:
        raise _no_plan(f"{name!r}, which ends {plan.status}")
    return plan


def _no_plan(found: str) -> InputError:
    return refuse(
        "S491",
        where="ensemble.vary plan",
        found=found,
        wanted="values: siting plans (or their scenarios) with a drill, reserve plans (or theirs) with a"
        f" reserve scenario, or {TODAY}; of the same region, beside the ensemble",
        fix="Correct the names, or the scenario that they are run with.",
    )


def plan_crews(
    region: Region, plan: SitingPlan, drill: DrillScenario, doctrine: Doctrine
) -> tuple[ReadyTeam, ...]:
    """The teams of a drill as they would be under a siting plan."""
    scenario = scenario_from(plan.inputs.scenario.content, where="plan", model=Scenario)
    inputs = siting_inputs(region, scenario.siting, Watch())
    teams, _ = asked_teams(region, drill, doctrine)
    forces = {name: one for name, one in asked_forces(scenario.siting).items() if one.capability}
    levels = usual_levels(teams, forces, scenario.siting.test.levels if scenario.siting.test else {})
    return crews_of(inputs, decided(plan, inputs.sites), teams, forces, levels).teams


class Reserves:
    """A reserve scenario made ready, and what each plan holds; worked out once a process."""

    def __init__(self, region: Region, scenario: ReserveScenario) -> None:
        self.region = region
        self.inputs: StockInputs = stock_inputs(region, scenario)
        test = scenario.reserve.test or ReserveTest()
        self.trucks: Haulage = haulage(region, self.inputs, test)
        self._held: dict[str, Holding] = {}

    def measures(self, name: str, plan: ReservePlan | None, seed: int) -> Measures:
        """Figures of a plan in one scenario drawn by a seed, counted and played.

        Raises
        ------
        InputError
            S492 a plan with depots or items that the scenario does not have.
        """
        held, inputs = self._holding(name, plan), self.inputs
        grounds, written = inputs.maker.grounds, inputs.section.scenarios
        (one,) = drawn(grounds, written, count=1, seed=(seed, STREAM))
        cases = inputs.maker.cases((one,))
        counted = outcome(inputs.problem.among(cases.scenarios), held)
        problem = self.trucks.problem(self.region, inputs, held, cases, 0, seed=seed)
        found = haul(problem)
        brought = [found.brought(len(cases.places), int(due)) for due in problem.due_ds]
        shortage = np.maximum(0, problem.need - np.stack(brought, axis=2)).astype(np.float64)
        played = replace(counted, shortage=shortage[None])
        return _supplied(inputs, cases, counted, played, found)

    def _holding(self, name: str, plan: ReservePlan | None) -> Holding:
        if name not in self._held:
            self._held[name] = present(self.inputs) if plan is None else self._stated(name, plan)
        return self._held[name]

    def _stated(self, name: str, plan: ReservePlan) -> Holding:
        try:
            return stated_holding(plan, self.inputs)
        except KeyError as missing:
            raise refuse(
                "S492",
                where=f"plan {name}",
                found=f"{missing.args[0]!r}, which the scenario does not have",
                wanted="plans of the depots and items of the scenario",
                fix="Name in the scenario all items that the plans hold.",
            ) from missing


def _supplied(inputs: StockInputs, cases: Cases, counted: Outcome, played: Outcome, trips: Haul) -> Measures:
    """One scenario of a reserve plan: people served by the relief window, needs met, counted and played."""
    found: Measures = {"status": "done", "event": cases.emergencies[0].hazard}
    need = cases.scenarios.need[0].sum(axis=0)
    for name, one in (("counted", counted), ("played", played)):
        found[f"served_people_{name}"] = float(served_whole(inputs, cases, one, 0).sum())
        short = one.shortage[0].sum(axis=0)
        for window, end_s in enumerate(inputs.section.windows):
            asked = need[:, window] > 0
            met = 1 - short[asked, window] / need[asked, window]
            found[f"met_share_{end_s / 3600:g}h_{name}"] = float(met.mean()) if asked.any() else 1.0
    found["penalty_cny"] = round(float(counted.penalty[0]), 2)
    found["trips"] = int((trips.over_ds >= 0).sum())
    loaded = trips.loading_ds >= 0
    waits_s = (trips.loading_ds[loaded] - trips.at_dock_ds[loaded]) / 10
    found["dock_wait_mean_s"] = round(float(np.mean(waits_s)), 1) if loaded.any() else None
    return found
