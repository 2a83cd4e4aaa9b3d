"""Pareto front: what more coverage, less waiting, a shorter longest response and a lower cost exclude."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from optimizer.problem import NEVER_DS, SitingProblem
from optimizer.siting.frontier_solve import Measure, Solved, solve_one
from optimizer.watch import Watch

_LEADS: tuple[Measure, ...] = ("mean_time", "coverage", "worst_time", "cost")
"""Which of the measures asked for is optimized; the others become limits. No model limits mean time."""
_ALONE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """A plan that no plan shown beats in one measure without losing in another.

    Parameters
    ----------
    chosen
        Open sites, fixed ones included, ascending.
    values
        By measure: people covered, mean response in s, longest response in s, cost (or number of sites).
    limits
        What the other measures were held to when the leading one was optimized; inclusive.
    bound
        Proven limit of the leading measure under these limits; equal to its value when the point is exact.
    exact
        Whether it is proven that no plan beats the point: none is as good in all measures and better in one.
    """

    chosen: tuple[int, ...]
    values: dict[Measure, float]
    limits: dict[Measure, float]
    bound: float
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """Points from the best of the leading measure to the best of the others.

    Parameters
    ----------
    lead
        The measure that was optimized.
    points
        None dominates another; empty when no plan keeps to rules and floors.
    """

    lead: Measure
    points: tuple[FrontierPoint, ...]
    stopped_by: str | None = None


def frontier(
    problem: SitingProblem,
    measures: tuple[Measure, ...] = ("coverage", "mean_time"),
    *,
    points: int = 10,
    watch: Watch | None = None,
) -> Frontier:
    """Trace the Pareto front of two or more measures by epsilon-constraints, at most ``points`` points.

    Haimes, Lasdon & Wismer (1971), doi:10.1109/TSMC.1971.4308298: one measure is optimized - mean time if it
    is asked for, else coverage, else the longest response - while the others are held to limits that step
    evenly from their value in the best plan to the best they can be; a limit that the plan before already
    keeps is not asked again. Ties are settled: the other measures are optimized in turn while the leading
    one is held, or, as nothing holds mean time, it is asked again under limits a step tighter: every exact
    point is efficient. Coverage is held by a floor over all rows, the longest response by cover sets of rows,
    cost by a budget: all bind the bound as well.

    Raises
    ------
    ValueError
        Fewer than two different measures, fewer than 2 points, or a problem with capacities.
    """
    if len(set(measures)) != len(measures) or len(measures) < 2 or points < 2:
        raise ValueError("frontier: want two or more different measures and 2 or more points")
    if problem.capacity is not None:
        raise ValueError("capacity: the longest response and cost do not count what a site can serve")
    watch = watch or Watch()
    lead = leading(measures)
    others = tuple(measure for measure in _LEADS if measure in measures and measure != lead)
    top = _point(problem, lead, others, {}, watch)
    if top is None:
        return Frontier(lead=lead, points=(), stopped_by=watch.stopped_by)
    anyone: dict[Measure, float] = {"coverage": 0.0} if lead == "coverage" else {}
    ends = {other: solve_one(problem, other, anyone, watch) for other in others}
    steps = max(2, int(points ** (1 / len(others)) + _ALONE))
    found = [top]
    grids = [_steps(top.values[other], _value(problem, other, ends[other]), steps) for other in others]
    for values in list(product(*grids))[1:points]:
        watch.tell("frontier", len(found) / points)
        limits = dict(zip(others, values, strict=True))
        if watch.stopped_by:
            break
        if _known(found, limits):
            continue
        point = _point(problem, lead, others, limits, watch)
        found.extend([] if point is None else [point])
    return Frontier(lead=lead, points=_undominated(found, lead), stopped_by=watch.stopped_by)


def leading(measures: tuple[Measure, ...]) -> Measure:
    """Which of the measures asked for is optimized."""
    return next(measure for measure in _LEADS if measure in measures)


def better(measure: Measure, one: float, other: float) -> bool:
    """Whether one value is strictly better than another."""
    return one > other if measure == "coverage" else one < other


def measured(problem: SitingProblem, opened: tuple[int, ...]) -> dict[Measure, float]:
    """All measures of a choice; mean and longest response over the rows that any site reaches."""
    sites = list(opened)
    nearest = problem.response_ds[:, sites].min(axis=1, initial=NEVER_DS)
    reached = (problem.response_ds < NEVER_DS).any(axis=1)
    weight = np.where(reached, problem.people, 0)
    served = bool((nearest[weight > 0] < NEVER_DS).all())
    cost = np.ones(problem.sites) if problem.cost is None else problem.cost
    covered = problem.covers()[:, sites].any(axis=1)
    return {
        "coverage": float(problem.people[covered].sum()),
        "mean_time": float(weight @ nearest / max(1, weight.sum()) / 10) if served else np.inf,
        "worst_time": _seconds(int(nearest[reached].max(initial=0))),
        "cost": float(cost[sites].sum()),
    }


def _seconds(time_ds: int) -> float:
    return time_ds / 10 if time_ds < NEVER_DS else np.inf


def _value(problem: SitingProblem, measure: Measure, solved: Solved) -> float | None:
    return None if solved.chosen is None else measured(problem, solved.chosen)[measure]


def _steps(first: float, last: float | None, steps: int) -> list[float]:
    """Limits from the value in the leading plan to the best possible, inclusive; an infinite one is open."""
    if last is None or first == last:
        return [first]
    if np.isinf(first):
        return [first, *np.linspace(2 * last, last, steps - 1).tolist()]
    return [float(value) for value in np.linspace(first, last, steps)]


def _point(
    problem: SitingProblem,
    lead: Measure,
    others: tuple[Measure, ...],
    limits: dict[Measure, float],
    watch: Watch,
) -> FrontierPoint | None:
    """The best of the leading measure within limits, then of the others without losing any of it."""
    solved = solve_one(problem, lead, limits, watch)
    if solved.chosen is None:
        return None
    settle = _tighter if lead == "mean_time" else _other_first
    chosen, exact = settle(problem, solved.chosen, (lead, *others), watch)
    values = measured(problem, chosen)
    return FrontierPoint(
        chosen=chosen,
        values={measure: values[measure] for measure in (lead, *others)},
        limits=limits,
        bound=solved.bound if solved.bound is not None else values[lead],
        exact=exact and solved.exact,
    )


def _other_first(
    problem: SitingProblem, chosen: tuple[int, ...], measures: tuple[Measure, ...], watch: Watch
) -> tuple[tuple[int, ...], bool]:
    """Optimize each other measure while the rest stays as it is; also whether all that is proven."""
    exact = True
    for other in measures[1:]:
        values = measured(problem, chosen)
        tied = solve_one(problem, other, {m: values[m] for m in measures if m != other}, watch)
        chosen, exact = tied.chosen or chosen, exact and tied.exact
    return chosen, exact


def _tighter(
    problem: SitingProblem, chosen: tuple[int, ...], measures: tuple[Measure, ...], watch: Watch
) -> tuple[tuple[int, ...], bool]:
    """Ask for a little more of each other measure as long as the leading one does not suffer."""
    lead, exact = measures[0], True
    for other in measures[1:]:
        while not watch.stopped_by:
            values = measured(problem, chosen)
            held = {m: values[m] for m in measures[1:]}
            held[other] = _tightened(problem, other, values[other])
            tied = solve_one(problem, lead, held, watch)
            exact = exact and tied.exact
            if tied.chosen is None or better(lead, values[lead], measured(problem, tied.chosen)[lead]):
                break
            chosen = tied.chosen
    return chosen, exact and not watch.stopped_by


def _tightened(problem: SitingProblem, measure: Measure, value: float) -> float:
    """The loosest limit that a better value keeps.

    Costs that are whole numbers differ by their common divisor; others count as better from 0.01 % of the
    dearest site on. Either is far more than the slack that rules are kept with, or the same plan came again.
    """
    if measure == "coverage":
        return value + 1.0
    if measure == "worst_time":
        road = problem.response_ds < NEVER_DS
        return min(value - 0.1, int(problem.response_ds.max(initial=0, where=road)) / 10)
    if problem.cost is None:
        return value - 1.0
    dearest = float(np.abs(problem.cost).max(initial=0.0))
    whole = dearest < 2**53 and bool((problem.cost == np.rint(problem.cost)).all())
    common = max(1.0, float(np.gcd.reduce(problem.cost.astype(np.int64)))) if whole else 0.0
    return value - max(common, 1e-4 * dearest)


def _known(found: list[FrontierPoint], limits: dict[Measure, float]) -> bool:
    """Whether a plan found under looser limits keeps these too: then it is the best under them."""
    return any(
        point.exact
        and all(
            not better(measure, limit, point.values[measure])
            and not better(measure, point.limits.get(measure, limit), limit)
            for measure, limit in limits.items()
        )
        for point in found
    )


def _undominated(found: list[FrontierPoint], lead: Measure) -> tuple[FrontierPoint, ...]:
    """Points that no other is as good as in all measures; of equal ones the first. Best lead first."""
    kept = [
        point
        for k, point in enumerate(found)
        if not any(_beats(other, point, first=j < k) for j, other in enumerate(found) if j != k)
    ]
    sign = -1 if lead == "coverage" else 1
    return tuple(sorted(kept, key=lambda point: (sign * point.values[lead], *point.chosen)))


def _beats(one: FrontierPoint, other: FrontierPoint, *, first: bool) -> bool:
    if any(better(measure, other.values[measure], value) for measure, value in one.values.items()):
        return False
    return first or one.values != other.values
