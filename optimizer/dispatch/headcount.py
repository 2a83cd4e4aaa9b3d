"""Refinement by CP-SAT where head counts matter: one team counts with all its people.

Slots filled, aid teams and the worst arrivals of stage 2 stay those of the exact plan. Within them: minimize
sum_j w_j m_j, the people missing at incident j where m_j >= people wanted - people of the teams sent, then
the weighted arrival. A knapsack beside the matching, so it is proven for tens of teams, not for hundreds;
without a proof the answer is the exact plan or better, with the bound reached.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.cp_sat import solve_cp
from optimizer.dispatch.choices import Choices, choices_of
from optimizer.dispatch.plan import plan_of
from optimizer.dispatch.problem import DispatchProblem
from optimizer.dispatch.refine import Refined, matching_model
from optimizer.dispatch.stages import solved
from optimizer.problem import Int64s
from optimizer.watch import Watch

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


def refine_headcount(problem: DispatchProblem, *, watch: Watch | None = None, work: float = 10.0) -> Refined:
    """Fewest people missing, each weighted by the heaviest slot of the incident; then least weighted arrival.

    ``work`` limits the search as in ``solve_cp``; the clock does not, unless ``watch`` does.

    Raises
    ------
    ValueError
        The problem wants no head counts.
    """
    if problem.people_wanted is None:
        raise ValueError("people_wanted: want a head count for each incident")
    watch = watch or Watch(limit_s=float("inf"))
    choices = choices_of(problem)
    exact = solved(choices)
    inside = choices.arrival_ds <= exact.limit_ds[choices.group]
    model, sent = matching_model(choices, exact, inside, exact.used)
    arrival = choices.weight[choices.group] * choices.arrival_ds
    above = int(sum(np.sort(arrival)[::-1][: int(exact.filled.sum())].tolist())) + 1
    short = _missing_variables(model, problem, choices, sent, exact.used)
    weight = _incident_weight(problem)
    model.minimize(
        sum(above * int(weight[j]) * y for j, y in short.items())
        + sum(int(arrival[arc]) * x for arc, x in sent.items())
    )
    found = solve_cp(model, watch=watch, phase="refine", work=work)
    used = exact.used
    if found.value is not None:
        used = np.array([arc for arc, x in sent.items() if found.value(x)], np.int64)
    missing = _missing(problem, choices, used)
    before = _missing(problem, choices, exact.used)
    if weight @ missing > weight @ before:
        used, missing = exact.used, before
    least = max(0, int(np.floor(found.bound / above))) if np.isfinite(found.bound) else 0
    refined = Refined(
        plan=plan_of(problem, choices, used),
        status="optimal" if found.status == "optimal" else "feasible",
        objective=float(weight @ missing),
        bound=float(min(least, int(weight @ missing))),
    )
    return refined if refined.status == "optimal" else replace(refined, stopped_by=watch.stopped_by or "work")


def _incident_weight(problem: DispatchProblem) -> Int64s:
    weight = np.ones(problem.incidents, np.int64)
    for slot in problem.slots:
        weight[slot.incident] = max(int(weight[slot.incident]), slot.weight)
    return weight


def _missing(problem: DispatchProblem, choices: Choices, used: Int64s) -> Int64s:
    """People wanted and not sent, by incident."""
    assert problem.people_wanted is not None
    people = np.array([team.people for team in problem.teams], np.int64)
    missing = problem.people_wanted.copy()
    np.subtract.at(missing, choices.incident[choices.group[used]], people[choices.team[used]])
    return np.maximum(missing, 0)


def _missing_variables(
    model: "cp_model.CpModel",
    problem: DispatchProblem,
    choices: Choices,
    sent: dict[int, Any],
    used: Int64s,
) -> dict[int, Any]:
    assert problem.people_wanted is not None
    before = _missing(problem, choices, used)
    short = {}
    for incident in np.flatnonzero(problem.people_wanted).tolist():
        wanted = int(problem.people_wanted[incident])
        here = [arc for arc in sent if choices.incident[choices.group[arc]] == incident]
        short[incident] = model.new_int_var(0, wanted, "")
        model.add_hint(short[incident], int(before[incident]))
        people = sum(problem.teams[int(choices.team[arc])].people * sent[arc] for arc in here)
        model.add(short[incident] + people >= wanted)
    return short
