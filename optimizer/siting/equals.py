"""Among choices that cover the same people, the one that is quickest to all of them."""

import numpy as np

from optimizer.problem import NEVER_DS, Floats, Int64s, SitingProblem

_PASSES = 20


def quickest_of_equals(problem: SitingProblem, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """Exchange free sites, one at a time, for others that cover no fewer people and are quicker on average.

    Covering leaves many choices equal; this settles which one a plan names, whatever the solver returned.
    A person whom nobody reaches counts as waiting twice the longest time that occurs. Sites stay as they are
    where no exchange helps.
    """
    time = _capped(problem)
    now = list(chosen)
    for _ in range(_PASSES):
        before = list(now)
        for place, site in enumerate(before):
            if not problem.fixed[site]:
                now[place] = _better(problem, time, site, rest=now[:place] + now[place + 1 :])
        if now == before:
            break
    return tuple(sorted(now))


def _capped(problem: SitingProblem) -> Floats:
    reached = problem.response_ds < NEVER_DS
    longest = problem.response_ds[reached].max(initial=1)
    return np.where(reached, problem.response_ds, 2 * longest).astype(float)


def _better(problem: SitingProblem, time: Floats, site: int, *, rest: list[int]) -> int:
    """The quickest site that covers, beside the rest, no fewer people than this one does."""
    covers = problem.covers()
    left = ~covers[:, rest].any(axis=1)
    gain: Int64s = problem.people[left] @ covers[left]
    rivals = np.setdiff1d(problem.free[gain[problem.free] >= gain[site]], rest)
    nearest = time[:, rest].min(axis=1, initial=time.max(initial=0.0))
    total = problem.people @ np.minimum(nearest[:, None], time[:, rivals])
    best = int(total.argmin())
    return int(rivals[best]) if total[best] < total[rivals == site][0] else site
