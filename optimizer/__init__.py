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
    from optimizer.siting.center import p_center
    from optimizer.siting.coverage import maximal_covering
    from optimizer.siting.marginal import marginal_curve
    from optimizer.siting.median import p_median
    from optimizer.siting.reasons import reasons
    from optimizer.siting.set_covering import set_covering
    from optimizer.solver import SolverError
    from optimizer.watch import Progress, Watch

__all__ = [
    "Calendar",
    "DeliveryProblem",
    "DispatchProblem",
    "EvacuationProblem",
    "Lot",
    "NeedRule",
    "Progress",
    "RefinedPlan",
    "Relief",
    "Scarce",
    "ShelfItem",
    "SitingAnswer",
    "SitingProblem",
    "Slot",
    "SolverError",
    "Team",
    "Watch",
    "WhatIf",
    "assign",
    "deliver",
    "evacuate",
    "marginal_curve",
    "maximal_covering",
    "move_up",
    "needs",
    "p_center",
    "p_median",
    "reasons",
    "refine_complement",
    "refine_headcount",
    "replan",
    "rotate",
    "set_covering",
    "violations",
]

_HOME = {
    "Calendar": "optimizer.reserve.rotation",
    "DeliveryProblem": "optimizer.dispatch.delivery",
    "DispatchProblem": "optimizer.dispatch.problem",
    "EvacuationProblem": "optimizer.dispatch.evacuation",
    "Lot": "optimizer.reserve.shelf",
    "NeedRule": "optimizer.reserve.needs",
    "Progress": "optimizer.watch",
    "RefinedPlan": "optimizer.dispatch.refined",
    "Relief": "optimizer.reserve.needs",
    "Scarce": "optimizer.dispatch.problem",
    "ShelfItem": "optimizer.reserve.shelf",
    "SitingAnswer": "optimizer.problem",
    "SitingProblem": "optimizer.problem",
    "Slot": "optimizer.dispatch.problem",
    "SolverError": "optimizer.solver",
    "Team": "optimizer.dispatch.problem",
    "Watch": "optimizer.watch",
    "WhatIf": "optimizer.dispatch.what_if",
    "assign": "optimizer.dispatch.assign",
    "deliver": "optimizer.dispatch.deliver",
    "evacuate": "optimizer.dispatch.evacuate",
    "marginal_curve": "optimizer.siting.marginal",
    "maximal_covering": "optimizer.siting.coverage",
    "move_up": "optimizer.dispatch.move_up",
    "needs": "optimizer.reserve.needs",
    "p_center": "optimizer.siting.center",
    "p_median": "optimizer.siting.median",
    "reasons": "optimizer.siting.reasons",
    "refine_complement": "optimizer.dispatch.refine",
    "refine_headcount": "optimizer.dispatch.headcount",
    "replan": "optimizer.dispatch.replan",
    "rotate": "optimizer.reserve.rotation",
    "set_covering": "optimizer.siting.set_covering",
    "violations": "optimizer.check",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
