"""Refinement by CP-SAT where the sum matters: never worse than the flow plan, always with its bound.

Slots filled and aid teams stay those of the exact plan. ``refine_complement`` minimizes sum_j w_j F_j (see
``complement``) over completion times as a chain of switches z_jl = "incident j is complete later than level
l", which is far stronger than F_j >= t x: teams that arrive at l or later in one group of q slots number at
most q z_jl. The search starts from the plan of the threshold descent as a full hint and is confined to
completion times that the price bound leaves open.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from optimizer.cp_sat import solve_cp
from optimizer.dispatch.choices import Choices, choices_of
from optimizer.dispatch.complement import Complement, complement_of, descended
from optimizer.dispatch.plan import DispatchPlan, plan_of
from optimizer.dispatch.price_bound import Bound, Levels, proven, raised
from optimizer.dispatch.problem import DispatchProblem
from optimizer.dispatch.stages import Staged, solved
from optimizer.problem import Bools, Int64s
from optimizer.watch import Watch

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

_FLOW_WORK = 1_000_000
"""Arcs that the flows of the descents may look at in all: half a second."""
_BOUND_WORK = 3_000_000
"""Arcs that the steps of the bound may look at in all: half a second; at most ``_BOUND_STEPS`` steps."""
_BOUND_STEPS = 150
_SEARCHED_ARCS = 5_000
"""Most arcs that CP-SAT gets; above, it found nothing better than the descents in 10 s (measured)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """A refined plan and how good any plan can be.

    Parameters
    ----------
    objective, bound
        Complement: sum of w_j F_j, weighted s. Headcount: weighted people missing.
    stopped_by
        ``work``, ``time`` or ``user`` when the search ended before a proof; ``size`` when the question is so
        large that only flows and prices were used. ``work`` and ``size`` give the same plan on every machine.
    """

    plan: DispatchPlan
    status: Literal["optimal", "feasible"]
    objective: float
    bound: float
    stopped_by: str | None = None

    @property
    def gap(self) -> float:
        """Distance of bound and objective over the objective (over 1 below that); 0 = proven."""
        return (self.objective - self.bound) / max(1.0, self.objective)


def refine_complement(problem: DispatchProblem, *, watch: Watch | None = None, work: float = 10.0) -> Refined:
    """Least weighted sum of full-complement times with the slots filled that the exact plan fills.

    ``work`` limits the search as in ``solve_cp``; the clock does not, unless ``watch`` does.
    """
    watch = watch or Watch(limit_s=float("inf"))
    choices = choices_of(problem)
    complement = complement_of(choices, solved(choices))
    best, bound = _bracketed(complement, watch)
    total, least = complement.total(complement.times_ds(best)), bound.total
    stopped_by = watch.stopped_by
    if least < total and stopped_by is None:
        bound.useful[best] = True
        if bound.useful.sum() > _SEARCHED_ARCS:
            stopped_by = "size"
        else:
            best, least = _searched(complement, best, bound, watch, work)
            stopped_by = watch.stopped_by or "work"
    total = complement.total(complement.times_ds(best))
    used = complement.cheapest(complement.times_ds(best))
    return Refined(
        plan=plan_of(problem, choices, used),
        status="optimal" if least >= total else "feasible",
        objective=total / 10,
        bound=min(least, total) / 10,
        stopped_by=None if least >= total else stopped_by,
    )


def _bracketed(complement: Complement, watch: Watch) -> tuple[Int64s, Bound]:
    """Arcs of a good plan by descents, and the bound by prices; neither needs a search."""
    arcs = max(1, len(complement.choices.team))
    best = descended(complement, flows=_FLOW_WORK // 2 // arcs)
    if not complement.weight.any():
        return best, Bound(0, complement.weight, np.ones(len(complement.choices.team), np.bool_))
    levels = Levels(complement)
    total = complement.total(complement.times_ds(best))
    price, aims = raised(levels, total, steps=min(_BOUND_STEPS, _BOUND_WORK // arcs), watch=watch)
    for aim_ds in reversed(aims):
        if watch.stopped_by or proven(levels, price, total).total >= total:
            break
        flows = _FLOW_WORK // 2 // len(aims) // arcs
        other = descended(complement, flows=flows, start=best, aim_ds=aim_ds)
        best, total = other, complement.total(complement.times_ds(other))
    return best, proven(levels, price, total)


def _searched(
    complement: Complement, best: Int64s, bound: Bound, watch: Watch, work: float
) -> tuple[Int64s, int]:
    """CP-SAT's plan, or the one known, and the better of both bounds (weighted ds)."""
    model, sent = matching_model(complement.choices, complement.exact, bound.useful, best)
    cost: list[tuple[int, Any]] = []
    constant = 0
    for incident in np.unique(complement.choices.incident[complement.choices.complement]).tolist():
        earliest = int(bound.earliest_ds[incident])
        weight = int(complement.weight[incident])
        constant += weight * earliest
        switches = _switches(model, complement, incident, earliest, sent, set(best.tolist()))
        steps = np.diff([earliest, *switches]).tolist()
        cost += [(weight * step, z) for step, z in zip(steps, switches.values(), strict=True)]
    model.minimize(sum(c * z for c, z in cost) + constant)
    found = solve_cp(model, watch=watch, phase="refine", work=work)
    least = max(bound.total, int(np.ceil(found.bound - 1e-6))) if np.isfinite(found.bound) else bound.total
    if found.value is None:
        return best, bound.total
    used = np.array([arc for arc, x in sent.items() if found.value(x)], np.int64)
    better = complement.total(complement.times_ds(used)) < complement.total(complement.times_ds(best))
    return (used if better else best), least


def matching_model(
    choices: Choices, exact: Staged, inside: Bools, best: Int64s
) -> "tuple[cp_model.CpModel, dict[int, Any]]":
    """A model of who fills what: a team one slot at most, each group as many as in the exact plan."""
    from ortools.sat.python import cp_model

    model, hinted = cp_model.CpModel(), set(best.tolist())
    arcs = np.flatnonzero(inside & (exact.filled[choices.group] > 0)).tolist()
    sent = {arc: model.new_bool_var("") for arc in arcs}
    teams: dict[int, list[Any]] = {}
    groups: dict[int, list[Any]] = {}
    for arc, x in sent.items():
        model.add_hint(x, arc in hinted)
        teams.setdefault(int(choices.team[arc]), []).append(x)
        groups.setdefault(int(choices.group[arc]), []).append(x)
    for several in teams.values():
        model.add_at_most_one(several)
    for group, members in groups.items():
        model.add(sum(members) == int(exact.filled[group]))
    aid = [x for arc, x in sent.items() if choices.aid[choices.team[arc]]]
    model.add(sum(aid) <= exact.aid_teams)
    return model, sent


def _switches(
    model: "cp_model.CpModel",
    complement: Complement,
    incident: int,
    earliest: int,
    sent: dict[int, Any],
    hinted: set[int],
) -> dict[int, Any]:
    """By level above the earliest, ascending: whether the incident is complete at that level or later."""
    choices = complement.choices
    here = choices.complement & (choices.incident == incident)
    arcs = [arc for arc in sent if here[choices.group[arc]] and choices.arrival_ds[arc] > earliest]
    arcs.sort(key=lambda arc: (-int(choices.arrival_ds[arc]), arc))
    last = max((int(choices.arrival_ds[arc]) for arc in arcs if arc in hinted), default=0)
    levels = sorted({int(choices.arrival_ds[arc]) for arc in arcs})
    switches = {level: model.new_bool_var("") for level in levels}
    for level, z in switches.items():
        model.add_hint(z, last >= level)
    for lower, higher in pairwise(levels):
        model.add_implication(switches[higher], switches[lower])
    since: dict[int, tuple[Any, int]] = {}
    for arc in arcs:
        group, z = int(choices.group[arc]), switches[int(choices.arrival_ds[arc])]
        model.add_implication(sent[arc], z)
        later, number = since.get(group, (0, 0))
        most, number = int(complement.exact.filled[group]), number + (arc in hinted)
        teams = model.new_int_var(0, most, "")
        model.add_hint(teams, number)
        model.add(teams == later + sent[arc])
        model.add(teams <= most * z)
        since[group] = (teams, number)
    return switches
