"""The measure of any choice of sites in the words of a question, from the arrays alone, without a solver."""

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Floats, Int64s, SitingProblem
from optimizer.siting.asked import Asked
from optimizer.siting.sharing import least_shared_cost, most_shared_people


def measure_of(
    problem: SitingProblem, chosen: tuple[int, ...], asked: Asked, *, units: tuple[int, ...] = ()
) -> float:
    """What a choice is worth or costs, in the unit of the question; ``inf`` where somebody is never reached.

    Rows that no site of the problem reaches are left out of p-median, p-center and mix, as the models do.
    With ``capacity`` people are shared between the open sites in the best way (maximal covering, p-median,
    decay).

    Parameters
    ----------
    chosen
        Open sites, fixed ones included.
    units
        Units at each of them, expected coverage only; empty = one each.
    """
    opened = np.array(chosen, np.int64)
    if asked.question == "lscp":
        return float(len(opened) if problem.cost is None else problem.cost[opened].sum())
    if asked.question in ("mclp", "backup", "mexclp"):
        return _covered(problem, opened, asked, units)
    if asked.question == "decay":
        return _decayed(problem, opened, asked)
    return _waited(problem, opened, asked)


def _covered(problem: SitingProblem, opened: Int64s, asked: Asked, units: tuple[int, ...]) -> float:
    covers = problem.covers()[:, opened]
    if asked.question == "mclp" and problem.capacity is not None:
        return float(most_shared_people(covers, problem.people, problem.capacity[opened]))
    times = covers @ (np.array(units, np.int64) if units else np.ones(len(opened), np.int64))
    if asked.question == "mexclp":
        return float(problem.people @ (1.0 - asked.busy**times))
    if asked.question == "backup":
        first, second = problem.people[times > 0].sum(), problem.people[times > 1].sum()
        return float((1 - asked.second) * first + asked.second * second)
    return float(problem.people[times > 0].sum())


def _decayed(problem: SitingProblem, opened: Int64s, asked: Asked) -> float:
    """People times the worth of their response, by the table of times and worths."""
    worth = np.zeros((problem.rows, len(opened)))
    response_ds = problem.response_ds[:, opened]
    for until_s, value in reversed(asked.worth):
        worth[response_ds <= min(round(until_s * 10), NEVER_DS - 1)] = value
    if problem.capacity is None:
        return float(problem.people @ worth.max(axis=1, initial=0.0))
    lost = np.column_stack([-worth, np.zeros(problem.rows)])
    room = np.append(problem.capacity[opened], problem.people.sum())
    return -least_shared_cost(lost, problem.people, room)


def _waited(problem: SitingProblem, opened: Int64s, asked: Asked) -> float:
    kept: Bools = np.asarray((problem.response_ds < NEVER_DS).any(axis=1))
    kept &= (problem.people > 0) | (asked.question == "p_center")
    response_ds, people = problem.response_ds[kept][:, opened], problem.people[kept]
    nearest = response_ds.min(axis=1, initial=NEVER_DS)
    if (nearest >= NEVER_DS).any():
        return float("inf")
    if asked.question == "p_center":
        return int(nearest.max(initial=0)) / 10
    if asked.question == "mix":
        return _mixed(nearest, problem.limit_ds[kept], people, asked)
    if problem.capacity is not None:
        cost: Floats = np.where(response_ds < NEVER_DS, response_ds, np.inf).astype(float)
        return least_shared_cost(cost, people, problem.capacity[opened]) / 10
    return int(people @ nearest) / 10


def _mixed(nearest: Int64s, limit_ds: Int64s, people: Int64s, asked: Asked) -> float:
    """Share of people beyond their limit, mean and longest response, each by its weight."""
    everybody = max(1, int(people.sum()))
    late = int(people[nearest > limit_ds].sum()) / everybody
    mean_s, worst_s = int(people @ nearest) / everybody / 10, int(nearest.max(initial=0)) / 10
    return asked.uncovered * late + (asked.mean * mean_s + asked.worst * worst_s) / asked.per_s
