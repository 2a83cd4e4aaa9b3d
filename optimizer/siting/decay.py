"""Coverage that wears off with time: what a response is worth falls as it takes longer."""

from collections.abc import Sequence

import numpy as np

from optimizer.problem import NEVER_DS, Floats, Int64s, SitingAnswer, SitingProblem
from optimizer.siting.least_total import least_total
from optimizer.siting.median import answer_of, shares_of
from optimizer.siting.median_problem import MedianProblem
from optimizer.siting.shared_capacity import least_shared_total
from optimizer.watch import Watch


def decay_covering(
    problem: SitingProblem,
    *,
    worth: Sequence[tuple[float, float]],
    linear: bool = False,
    watch: Watch | None = None,
) -> SitingAnswer:
    """Choose at most ``places`` sites so that people times the worth of their response is most.

    max sum_i a_i max_{j open} v(d_ij),  sum_j x_j <= p,  rules, floors,  x binary: gradual covering, Berman,
    Krass & Drezner (2003), doi:10.1016/S0377-2217(02)00604-5; with survival for worth Erkut, Ingolfsson &
    Erdogan (2008), doi:10.1002/nav.20267. Solved as a median of what is lost, v(0) - v(d) (``least_total``);
    with ``capacity`` people may be shared between sites (``least_shared_total``). Floors count people within
    ``limit_s``, which is not used otherwise.

    Parameters
    ----------
    worth
        (response in s, worth), times ascending, worth falling or level, >= 0. A response is worth what
        stands at the first time that is not below it, inclusive; nothing beyond the last.
    linear
        Worth between two times on a straight line instead; up to the first time what stands there.

    ``objective`` and ``bound`` are people times worth; ``unmet`` are rows to which no site is worth anything.

    Raises
    ------
    ValueError
        For a table that is empty, out of order, rising or negative.
    """
    table = _checked(worth)
    value = worth_of(problem.response_ds, table, linear=linear)
    top = float(table[0, 1])
    median = MedianProblem(
        cost=np.where(value > 0, top - value, np.inf),
        weight=problem.people.astype(float),
        fixed=problem.fixed,
        places=problem.places,
        unserved=np.full(problem.rows, top),
        rules=problem.rules,
        shares=shares_of(problem),
    )
    if problem.capacity is None:
        found = least_total(median, watch=watch)
    else:
        found = least_shared_total(median, problem.capacity.astype(float), watch=watch)
    unmet = tuple(np.flatnonzero(~(value > 0).any(axis=1)).tolist())
    return answer_of("decay", found, unmet=unmet, most=top * float(problem.people.sum()))


def worth_of(response_ds: Int64s, table: Floats, *, linear: bool) -> Floats:
    """Worth of responses, same shape, by a table of seconds and worth, shape (k, 2); 0 beyond its end."""
    times_ds = np.rint(table[:, 0] * 10)
    within = response_ds <= min(times_ds[-1], NEVER_DS - 1)
    if linear:
        value = np.interp(response_ds, times_ds, table[:, 1])
    else:
        place = np.searchsorted(times_ds, response_ds, side="left")
        value = table[np.minimum(place, len(table) - 1), 1]
    return np.where(within, value, 0.0)


def _checked(worth: Sequence[tuple[float, float]]) -> Floats:
    table = np.array(worth, float).reshape(-1, 2)
    if not len(table) or not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("worth: want a table of seconds and worth, finite and >= 0")
    if (np.diff(np.rint(table[:, 0] * 10)) <= 0).any() or (np.diff(table[:, 1]) > 0).any():
        raise ValueError("worth: want times ascending by 0.1 s or more, and worth falling or level")
    return table
