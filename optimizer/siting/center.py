"""p-center: open p sites so that the last person waits least."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import NEVER_DS, Bools, SitingAnswer, SitingProblem
from optimizer.rules import Rule
from optimizer.siting.center_search import NEVER, CenterTimes, Found, least_radius
from optimizer.siting.cover_quotas import quotas_of
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.coverage_problem import lean
from optimizer.siting.rule_lines import rule_lines
from optimizer.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CenterProblem:
    """A p-center question of many rows: times and nothing else; ``n`` rows, ``m`` sites.

    Parameters
    ----------
    time_ds
        Response of each site at each row, whole deciseconds (or any other unit) as 32-bit integers, shape
        (n, m); ``center_search.NEVER`` = no road.
    fixed
        Sites that stand and stay, shape (m,).
    places
        Most sites that may be open, fixed ones included; ``None`` = no limit.
    """

    time_ds: np.ndarray
    fixed: Bools
    places: int | None = None
    rules: tuple[Rule, ...] = ()


def p_center(problem: SitingProblem | CenterProblem, *, watch: Watch | None = None) -> SitingAnswer:
    """Choose at most ``places`` sites so that the longest response is least (p-center).

    min max_i min_{j open} d_ij,  sum_j x_j <= p, the rules,  x binary; Hakimi (1964),
    doi:10.1287/opre.12.3.450. By bisection over the distinct times with a set-covering question at each
    (Minieka 1970, doi:10.1137/1012016): first with its linear bound, which is cheap and settles most, then
    exactly. Floors ask for so many people within ``limit_s``, whatever the longest response.

    ``objective`` and ``bound`` are seconds. All rows count, whatever their weight. Rows that no site reaches
    are left out and named in ``unmet``; when no choice reaches all others and keeps to rules and floors the
    question is infeasible and ``unmet`` names rows that the best choice does not reach.

    Raises
    ------
    ValueError
        A problem with capacities: a site serves all its rows here.
    """
    watch = watch or Watch()
    if isinstance(problem, CenterProblem):
        reached = np.asarray((problem.time_ds < NEVER).any(axis=1))
        times = CenterTimes(
            time=problem.time_ds if reached.all() else problem.time_ds[reached],
            fixed=problem.fixed,
            places=problem.places,
            lines=rule_lines(problem.rules, problem.fixed, problem.places),
        )
        return _answer(least_radius(times, watch), reached, problem.fixed, ())
    if problem.capacity is not None:
        raise ValueError("capacity: p-center does not count what a site can serve")
    reached = np.asarray((problem.response_ds < NEVER_DS).any(axis=1))
    found = least_radius(_times(problem, reached), watch)
    stranded = _stranded(problem, reached, watch) if found.radius is None and not found.stopped_by else ()
    return _answer(found, reached, problem.fixed, stranded)


def _times(problem: SitingProblem, reached: Bools) -> CenterTimes:
    """Times as 32-bit numbers where they fit, which is below 6 years."""
    time = problem.response_ds if reached.all() else problem.response_ds[reached]
    road = time < NEVER_DS
    if time.max(initial=0, where=road) < NEVER:
        time = np.where(road, time, NEVER).astype(np.int32)
    return CenterTimes(
        time=time,
        fixed=problem.fixed,
        places=problem.places,
        lines=rule_lines(problem.rules, problem.fixed, problem.places),
        quotas=quotas_of(lean(problem)) if problem.floors else None,
    )


def _answer(found: Found, reached: Bools, fixed: Bools, stranded: tuple[int, ...]) -> SitingAnswer:
    if found.radius is None:
        return SitingAnswer(
            question="p_center",
            status="cancelled" if found.stopped_by else "infeasible",
            chosen=(),
            objective=None,
            bound=None,
            unmet=stranded,
            stopped_by=found.stopped_by,
        )
    return SitingAnswer(
        question="p_center",
        status="optimal" if found.bound >= found.radius else "feasible",
        chosen=tuple(np.sort(np.concatenate([np.flatnonzero(fixed), found.chosen])).tolist()),
        objective=found.radius / 10,
        bound=min(found.bound, found.radius) / 10,
        unmet=tuple(np.flatnonzero(~reached).tolist()),
        stopped_by=found.stopped_by,
    )


def _stranded(problem: SitingProblem, reached: Bools, watch: Watch) -> tuple[int, ...]:
    """Rows that some site reaches, but not the choice that reaches most; none when there is no choice."""
    rows = np.flatnonzero(reached)
    reach = SitingProblem(
        response_s=problem.response_s[rows],
        people=np.ones(len(rows), np.int64),
        limit_s=np.full(len(rows), (NEVER_DS - 1) / 10),
        fixed=problem.fixed,
        places=problem.places,
        rules=problem.rules,
    )
    best = maximal_covering(reach, watch=watch)
    if best.objective is None:
        return ()
    left = ~reach.covers()[:, list(best.chosen)].any(axis=1)
    return tuple(rows[left].tolist())
