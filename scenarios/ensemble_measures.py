"""The figures that an ensemble keeps of each plan: flat, by name, with their unit in the name."""

from math import isfinite

from optimizer.drill.figures import FIELDS, Replicated
from scenarios.dispatch_plan import DispatchPlan
from scenarios.plan import SitingPlan
from scenarios.reserve_plan import ReservePlan

Measures = dict[str, float | str | None]
"""Figures by name; texts such as ``status`` are kept as they are, and not averaged."""


def dispatch_measures(plan: DispatchPlan) -> Measures:
    """Slots filled and when, people in zones, people relocated and supplied."""
    rows = plan.measures.incidents
    last = [one.complement_s for one in rows if one.complement_s is not None]
    first = [one.first_arrival_s for one in rows if one.first_arrival_s is not None]
    found: Measures = {
        "status": plan.status,
        "slots_asked": sum(one.asked for one in rows),
        "slots_filled": sum(one.filled for one in rows),
        "slots_in_time": sum(one.in_time for one in rows),
        "first_arrival_s": max(first) if len(first) == len(rows) else None,
        "complement_s": max(last, default=None),
        "aid_teams": plan.measures.aid_teams,
        "weighted_arrival_s": plan.measures.weighted_arrival_s,
        "people_in_zones": sum(one.people for one in plan.decisions.incidents),
    }
    if plan.relief is not None:
        found["people_sheltered"] = sum(one.people for one in plan.relief.shelters)
    return found


def siting_measures(plan: SitingPlan) -> Measures:
    """Objective, bound and service with the chosen sites; ``opened`` names the new ones."""
    found: Measures = {
        "status": plan.status,
        "objective": None if plan.objective is None else plan.objective.value,
        "bound": None if plan.bound is None else plan.bound.value,
        "gap": plan.gap,
        "opened": " ".join(sorted(site.id for site in plan.decisions.open)),
    }
    served = plan.measures.after
    for one in served.standards if served is not None else ():
        name = "_".join(part for part in (one.force, one.zone, one.of) if part)
        found[f"covered_share_{name}"] = one.share
        found[f"mean_response_s_{name}"] = one.mean_response_s
    return found


_OF_CALLS = {
    "calls": "calls", "served": "calls_served", "lost": "calls_lost", "open": "calls_open",
    "short": "slots_short", "in_time": "in_time_share",
    "mean_s": "response_mean_s", "p50_s": "response_p50_s",
    "p90_s": "response_p90_s", "p95_s": "response_p95_s",
}  # fmt: skip


def drill_measures(played: Replicated) -> Measures:
    """Calls of one whole replication and when somebody came; how busy teams were, in the mean of all."""
    (whole,) = played.parts
    values = dict(zip(FIELDS, whole.total.tolist(), strict=True))
    found: Measures = {"status": "done"}
    for key, name in _OF_CALLS.items():
        found[name] = values[key] if isfinite(values[key]) else None
    found["utilisation_share"] = float(played.utilisation.mean()) if len(played.utilisation) else None
    return found


def reserve_measures(plan: ReservePlan) -> Measures:
    """Cost, its parts, and the expected share of needs met by each window."""
    found: Measures = {
        "status": plan.status,
        "objective": None if plan.objective is None else plan.objective.value,
        "bound": None if plan.bound is None else plan.bound.value,
        "gap": plan.gap,
    }
    if plan.cost is not None:
        found["first_stage_cny"] = plan.cost.first_stage
        found["penalty_cny"] = plan.cost.penalty
    for window_s, share in zip(plan.windows_s, plan.service, strict=False):
        found[f"met_share_{window_s / 3600:g}h"] = share
    return found
