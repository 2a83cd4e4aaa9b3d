"""Maximal covering by sites that can serve only so many people (capacitated MCLP)."""

import numpy as np

from optimizer.problem import Floats, Int64s, SitingAnswer, SitingProblem
from optimizer.program import Program, Rows
from optimizer.siting.cover_sets import CoverSets, cover_sets
from optimizer.siting.coverage_answer import beyond_reach, nothing_allowed
from optimizer.siting.sharing import most_shared_people
from optimizer.solver import PROVEN_GAP, solve
from optimizer.watch import Watch


def capacitated_covering(problem: SitingProblem, *, watch: Watch | None = None) -> SitingAnswer:
    """Choose at most ``places`` sites so that the most people are served within their standard.

    max sum z_gj  s.t.  sum_j z_gj <= a_g,  sum_g z_gj <= c_j x_j,  z_gj <= min(a_g, c_j) x_j,
    sum_j x_j <= p,  rules, floors,  x binary, z >= 0, over groups g of rows with equal
    cover sets and sites j that cover them; Current & Storbeck (1988), doi:10.1068/b150063, with people of a
    row shared between sites. A floor asks for so many of its people within their standard, served or not.
    """
    watch = watch or Watch()
    if problem.capacity is None:
        raise ValueError("capacity: want the people that each site can serve")
    watch.tell("capacitated covering", 0.0)
    unmet = beyond_reach(problem)
    sets = cover_sets(problem.covers(), problem.people)
    found = solve(_program(problem, sets), limit_s=watch.left_s, absolute_gap=0.999)
    if not len(found.values):
        return nothing_allowed("mclp", unmet, watch)
    opened = np.flatnonzero(found.values[: problem.sites] > 0.5)
    people = float(served(sets, problem.capacity, opened))
    bound = max(people, float(np.floor(found.bound + 1e-6)))
    return SitingAnswer(
        question="mclp",
        status="optimal" if bound - people <= PROVEN_GAP * max(1.0, people) else "feasible",
        chosen=tuple(opened.tolist()),
        objective=people,
        bound=bound,
        unmet=unmet,
        stopped_by=None if found.status == "optimal" else "time",
    )


def served(sets: CoverSets, capacity: Int64s, opened: Int64s) -> int:
    """Most people whom the open sites can serve together within their standards: a largest flow."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    covers = sets.covers[:, opened]
    reached = np.flatnonzero(covers.any(axis=1))
    g, j = np.nonzero(covers[reached])
    n, m = len(reached), len(opened)
    people, room = sets.people[reached], capacity[opened]
    flow = np.concatenate([people, people[g], room])
    if flow.sum() > np.iinfo(np.int32).max:
        return most_shared_people(covers, sets.people, capacity[opened])
    start = np.concatenate([np.zeros(n, np.int64), 1 + g, 1 + n + np.arange(m)])
    end = np.concatenate([1 + np.arange(n), 1 + n + j, np.full(m, 1 + n + m)])
    arcs = csr_array((flow.astype(np.int32), (start, end)), shape=(n + m + 2, n + m + 2))
    return int(maximum_flow(arcs, 0, n + m + 1).flow_value) if n and m else 0


def _program(problem: SitingProblem, sets: CoverSets) -> Program:
    """The program of ``capacitated_covering``; x first, then z by group and site."""
    assert problem.capacity is not None
    m = problem.sites
    room = problem.capacity.astype(float)
    g, j = np.nonzero(sets.covers & (sets.people > 0)[:, None])
    z = m + np.arange(len(g))
    rows = Rows()
    rows.add(len(sets.people), g, z, np.ones(len(g)), lower=0.0, upper=sets.people.astype(float))
    rows.add(
        m,
        np.concatenate([j, np.arange(m)]),
        np.concatenate([z, np.arange(m)]),
        np.concatenate([np.ones(len(g)), -room]),
        lower=-np.inf,
        upper=0.0,
    )
    most = np.minimum(sets.people[g], room[j])
    rows.add(
        len(g),
        np.tile(np.arange(len(g)), 2),
        np.concatenate([z, j]),
        np.concatenate([np.ones(len(g)), -most]),
        lower=-np.inf,
        upper=0.0,
    )
    places = m if problem.places is None else problem.places
    rows.add_one(np.arange(m), np.ones(m), lower=0.0, upper=float(places))
    for rule in problem.rules:
        rows.add_one(rule.sites, rule.amount, lower=rule.at_least, upper=rule.at_most)
    y = _add_floors(problem, sets, rows, m + len(g))
    upper = np.concatenate([np.ones(m), most, np.ones(y)])
    objective: Floats = np.concatenate([np.zeros(m), np.ones(len(g)), np.zeros(y)])
    return rows.program(
        objective,
        lower=np.concatenate([problem.fixed.astype(float), np.zeros(len(g) + y)]),
        upper=upper,
        integer=np.arange(len(objective)) < m,
        maximize=True,
    )


def _add_floors(problem: SitingProblem, sets: CoverSets, rows: Rows, first: int) -> int:
    """Floors over groups that are within a standard (variables from ``first`` on); how many variables."""
    if not problem.floors:
        return 0
    groups = len(sets.people)
    g, j = np.nonzero(sets.covers)
    rows.add(
        groups,
        np.concatenate([g, np.arange(groups)]),
        np.concatenate([j, first + np.arange(groups)]),
        np.concatenate([np.ones(len(g)), -np.ones(groups)]),
        lower=0.0,
        upper=np.inf,
    )
    for floor in problem.floors:
        weight = np.bincount(sets.group[floor.rows], weights=problem.people[floor.rows], minlength=groups)
        counted = np.flatnonzero(weight)
        rows.add_one(first + counted, weight[counted].astype(float), lower=floor.people - 1e-6, upper=np.inf)
    return groups
