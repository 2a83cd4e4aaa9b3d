"""Numbers in, decisions out: no maps, no files, no HTTP.

The names below are loaded at first use, so that importing this package stays cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.check import violations
    from optimizer.dispatch.assign import assign
    from optimizer.dispatch.deliver import deliver
    from optimizer.dispatch.delivery import DeliveryProblem
    from optimizer.dispatch.evacuate import evacuate
    from optimizer.dispatch.evacuation import EvacuationProblem
    from optimizer.dispatch.headcount import refine_headcount
    from optimizer.dispatch.move_up import move_up
    from optimizer.dispatch.problem import DispatchProblem, Scarce, Slot, Team
    from optimizer.dispatch.refine import refine_complement
    from optimizer.dispatch.refined import RefinedPlan
    from optimizer.dispatch.replan import replan
    from optimizer.dispatch.what_if import WhatIf
    from optimizer.problem import SitingAnswer, SitingProblem
    from optimizer.reserve.needs import NeedRule, Relief, needs
    from optimizer.reserve.rotation import Calendar, rotate
    from optimizer.reserve.shelf import Lot, ShelfItem
    from optimizer.routing.check import routing_violations
    from optimizer.routing.fleet import route_fleet
    from optimizer.routing.problem import RoutingProblem
    from optimizer.rules import Floor, Rule
    from optimizer.siting.asked import Asked
    from optimizer.siting.backup import backup_covering
    from optimizer.siting.center import p_center
    from optimizer.siting.cover_bits import CoverRows
    from optimizer.siting.coverage import maximal_covering
    from optimizer.siting.coverage_curve import coverage_curve
    from optimizer.siting.coverage_problem import CoverageProblem
    from optimizer.siting.coverage_search import most_covered
    from optimizer.siting.decay import decay_covering
    from optimizer.siting.expected import expected_covering
    from optimizer.siting.forces import hosted
    from optimizer.siting.frontier import frontier
    from optimizer.siting.infeasible import why_infeasible
    from optimizer.siting.least_total import least_total
    from optimizer.siting.marginal import marginal_curve
    from optimizer.siting.median import p_median
    from optimizer.siting.median_problem import MedianProblem
    from optimizer.siting.median_scenarios import mean_median
    from optimizer.siting.mix import weighted_mix
    from optimizer.siting.phased import phased
    from optimizer.siting.pool import pool
    from optimizer.siting.questions import model_of
    from optimizer.siting.reasons import reasons
    from optimizer.siting.relocation import relocatable
    from optimizer.siting.robust import RoadState, robust_covering
    from optimizer.siting.set_covering import least_covering, set_covering
    from optimizer.siting.warehouse import WarehouseProblem, warehouse_location
    from optimizer.solver import SolverError
    from optimizer.watch import Progress, Watch

__all__ = [
    "Asked",
    "Calendar",
    "CoverRows",
    "CoverageProblem",
    "DeliveryProblem",
    "DispatchProblem",
    "EvacuationProblem",
    "Floor",
    "Lot",
    "MedianProblem",
    "NeedRule",
    "Progress",
    "RefinedPlan",
    "Relief",
    "RoadState",
    "RoutingProblem",
    "Rule",
    "Scarce",
    "ShelfItem",
    "SitingAnswer",
    "SitingProblem",
    "Slot",
    "SolverError",
    "Team",
    "WarehouseProblem",
    "Watch",
    "WhatIf",
    "assign",
    "backup_covering",
    "coverage_curve",
    "decay_covering",
    "deliver",
    "evacuate",
    "expected_covering",
    "frontier",
    "hosted",
    "least_covering",
    "least_total",
    "marginal_curve",
    "maximal_covering",
    "mean_median",
    "model_of",
    "most_covered",
    "move_up",
    "needs",
    "p_center",
    "p_median",
    "phased",
    "pool",
    "reasons",
    "refine_complement",
    "refine_headcount",
    "relocatable",
    "replan",
    "robust_covering",
    "rotate",
    "route_fleet",
    "routing_violations",
    "set_covering",
    "violations",
    "warehouse_location",
    "weighted_mix",
    "why_infeasible",
]

_HOME = {
    "Asked": "optimizer.siting.asked",
    "Calendar": "optimizer.reserve.rotation",
    "CoverRows": "optimizer.siting.cover_bits",
    "CoverageProblem": "optimizer.siting.coverage_problem",
    "DeliveryProblem": "optimizer.dispatch.delivery",
    "DispatchProblem": "optimizer.dispatch.problem",
    "EvacuationProblem": "optimizer.dispatch.evacuation",
    "Floor": "optimizer.rules",
    "Lot": "optimizer.reserve.shelf",
    "MedianProblem": "optimizer.siting.median_problem",
    "NeedRule": "optimizer.reserve.needs",
    "Progress": "optimizer.watch",
    "RefinedPlan": "optimizer.dispatch.refined",
    "Relief": "optimizer.reserve.needs",
    "RoadState": "optimizer.siting.robust",
    "RoutingProblem": "optimizer.routing.problem",
    "Rule": "optimizer.rules",
    "Scarce": "optimizer.dispatch.problem",
    "ShelfItem": "optimizer.reserve.shelf",
    "SitingAnswer": "optimizer.problem",
    "SitingProblem": "optimizer.problem",
    "Slot": "optimizer.dispatch.problem",
    "SolverError": "optimizer.solver",
    "Team": "optimizer.dispatch.problem",
    "WarehouseProblem": "optimizer.siting.warehouse",
    "Watch": "optimizer.watch",
    "WhatIf": "optimizer.dispatch.what_if",
    "assign": "optimizer.dispatch.assign",
    "backup_covering": "optimizer.siting.backup",
    "coverage_curve": "optimizer.siting.coverage_curve",
    "decay_covering": "optimizer.siting.decay",
    "deliver": "optimizer.dispatch.deliver",
    "evacuate": "optimizer.dispatch.evacuate",
    "expected_covering": "optimizer.siting.expected",
    "frontier": "optimizer.siting.frontier",
    "hosted": "optimizer.siting.forces",
    "least_covering": "optimizer.siting.set_covering",
    "least_total": "optimizer.siting.least_total",
    "marginal_curve": "optimizer.siting.marginal",
    "maximal_covering": "optimizer.siting.coverage",
    "mean_median": "optimizer.siting.median_scenarios",
    "model_of": "optimizer.siting.questions",
    "most_covered": "optimizer.siting.coverage_search",
    "move_up": "optimizer.dispatch.move_up",
    "needs": "optimizer.reserve.needs",
    "p_center": "optimizer.siting.center",
    "p_median": "optimizer.siting.median",
    "phased": "optimizer.siting.phased",
    "pool": "optimizer.siting.pool",
    "reasons": "optimizer.siting.reasons",
    "refine_complement": "optimizer.dispatch.refine",
    "refine_headcount": "optimizer.dispatch.headcount",
    "relocatable": "optimizer.siting.relocation",
    "replan": "optimizer.dispatch.replan",
    "robust_covering": "optimizer.siting.robust",
    "rotate": "optimizer.reserve.rotation",
    "route_fleet": "optimizer.routing.fleet",
    "routing_violations": "optimizer.routing.check",
    "set_covering": "optimizer.siting.set_covering",
    "violations": "optimizer.check",
    "warehouse_location": "optimizer.siting.warehouse",
    "weighted_mix": "optimizer.siting.mix",
    "why_infeasible": "optimizer.siting.infeasible",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
