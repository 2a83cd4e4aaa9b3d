"""Peers of the dispatch benchmarks: the textbook program in CP-SAT and in HiGHS, and nearest-first greedy."""

import numpy as np

from optimizer.dispatch.choices import Choices
from optimizer.problem import Int64s


def stage_one_cost(choices: Choices) -> tuple[Int64s, Int64s]:
    """Cost of each arc and of an empty slot of each group: shortage first, then weighted arrival."""
    arc = choices.weight[choices.group] * choices.arrival_ds
    above = int(arc.max(initial=0)) * int(choices.count.sum()) + 1
    return arc, choices.shortage_weight * above


def measured(choices: Choices, used: Int64s) -> tuple[int, int]:
    """Weighted shortage and weighted arrival of some arcs."""
    filled = np.bincount(choices.group[used], minlength=choices.groups)
    arc, _ = stage_one_cost(choices)
    return int(((choices.count - filled) * choices.shortage_weight).sum()), int(arc[used].sum())


def highs(choices: Choices) -> Int64s:
    """Stage 1 as an integer program in MathOpt's own modelling, solved by HiGHS; arcs used."""
    from ortools.math_opt.python import mathopt

    arc, empty = stage_one_cost(choices)
    model = mathopt.Model()
    x = [model.add_binary_variable() for _ in arc]
    short = [model.add_variable(lb=0.0, ub=float(n)) for n in choices.count]
    for group in range(choices.groups):
        members = [x[a] for a in np.flatnonzero(choices.group == group)]
        model.add_linear_constraint(mathopt.fast_sum([*members, short[group]]) == int(choices.count[group]))
    for team in np.unique(choices.team):
        members = [x[a] for a in np.flatnonzero(choices.team == team)]
        model.add_linear_constraint(mathopt.fast_sum(members) <= 1)
    costs = [int(c) * v for c, v in zip([*arc, *empty], [*x, *short], strict=True)]
    model.minimize(mathopt.fast_sum(costs))
    result = mathopt.solve(model, mathopt.SolverType.HIGHS)
    values = result.variable_values()
    return np.array([a for a, v in enumerate(x) if values[v] > 0.5], np.int64)


def cp_sat(choices: Choices, *, limit_s: float) -> tuple[Int64s, bool]:
    """Stage 1 in CP-SAT as it comes, one worker; arcs used and whether proven."""
    from ortools.sat.python import cp_model

    arc, empty = stage_one_cost(choices)
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in arc]
    short = [model.new_int_var(0, int(n), "") for n in choices.count]
    for group in range(choices.groups):
        members = [x[a] for a in np.flatnonzero(choices.group == group)]
        model.add(sum(members) + short[group] == int(choices.count[group]))
    for team in np.unique(choices.team):
        model.add_at_most_one([x[a] for a in np.flatnonzero(choices.team == team)])
    model.minimize(cp_model.LinearExpr.weighted_sum([*x, *short], [*arc.tolist(), *empty.tolist()]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = limit_s
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return np.empty(0, np.int64), False
    used = np.array([a for a, v in enumerate(x) if solver.value(v)], np.int64)
    return used, status == cp_model.OPTIMAL


def nearest_first(choices: Choices) -> Int64s:
    """The highest priority first, each slot takes the nearest free team; arcs used."""
    free = np.ones(len(choices.aid), np.bool_)
    used: list[int] = []
    for group in np.argsort(-choices.priority, kind="stable").tolist():
        arcs = np.flatnonzero(choices.group == group)
        arcs = arcs[np.argsort(choices.arrival_ds[arcs], kind="stable")]
        taken = arcs[free[choices.team[arcs]]][: choices.count[group]]
        free[choices.team[taken]] = False
        used += taken.tolist()
    return np.array(sorted(used), np.int64)
