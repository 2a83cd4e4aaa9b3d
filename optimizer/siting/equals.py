"""Among choices that cover the same people, the one that is quickest to all of them."""

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Floats, Int64s, SitingProblem

_PASSES = 20


def quickest_of_equals(problem: SitingProblem, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """Exchange free sites, one at a time, for others that cover no fewer people and are quicker on average.

    Covering leaves many choices equal; this settles which one a plan names, whatever the solver returned.
    A person whom nobody reaches counts as waiting twice the longest time that occurs. Rules and floors stay
    kept. Sites stay as they are where no exchange helps.
    """
    time, covers = _capped(problem), problem.covers()
    now = list(chosen)
    for _ in range(_PASSES):
        before = list(now)
        for place, site in enumerate(before):
            if not problem.fixed[site]:
                now[place] = _better(problem, time, covers, site, rest=now[:place] + now[place + 1 :])
        if now == before:
            break
    return tuple(sorted(now))


def _capped(problem: SitingProblem) -> Floats:
    reached = problem.response_ds < NEVER_DS
    longest = problem.response_ds[reached].max(initial=1)
    return np.where(reached, problem.response_ds, 2 * longest).astype(float)


def _better(problem: SitingProblem, time: Floats, covers: Bools, site: int, *, rest: list[int]) -> int:
    """The quickest site that covers, beside the rest, no fewer people than this one does."""
    left = ~covers[:, rest].any(axis=1)
    gain: Int64s = (problem.people * left) @ covers
    rivals = np.setdiff1d(problem.free[gain[problem.free] >= gain[site]], rest)
    nearest = time[:, rest].min(axis=1, initial=time.max(initial=0.0))
    total = problem.people @ np.minimum(nearest[:, None], time[:, rivals])
    now = total[rivals == site][0]
    for best in np.argsort(total, kind="stable").tolist():
        if total[best] >= now:
            break
        if _keeps(problem, covers, [*rest, int(rivals[best])]):
            return int(rivals[best])
    return site


def _keeps(problem: SitingProblem, covers: Bools, opened: list[int]) -> bool:
    """Whether a choice keeps all rules and floors."""
    if any(rule.beyond(opened) for rule in problem.rules):
        return False
    return all(
        problem.people[floor.rows][covers[floor.rows][:, opened].any(axis=1)].sum() >= floor.people
        for floor in problem.floors
    )
