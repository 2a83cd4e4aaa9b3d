"""p-median over scenarios that change travel times: the mean response over all of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Floats, Int64s, SitingAnswer, SitingProblem
from optimizer.siting.least_total import least_total
from optimizer.siting.median import answer_of, serving_all, shares_of
from optimizer.siting.median_problem import MedianProblem
from optimizer.watch import Watch

_BLOCK = 20_000


def mean_median(
    scenarios: Sequence[SitingProblem], probability: Sequence[float], *, watch: Watch | None = None
) -> SitingAnswer:
    """Choose at most ``places`` sites so that the response of all people, mean over scenarios, is least.

    min sum_s q_s sum_i a_i min_{j open} d_ijs,  sum_j x_j <= p,  rules, floors,  x binary: a p-median whose
    rows are those of all scenarios with weight q_s a_i (Weaver & Church 1983, doi:10.1287/trsc.17.2.168,
    with random travel times); rows with the same times become one.
    Places, rules and fixed sites are those of the first
    scenario, which all have to share; floors hold in every scenario that names them.

    ``objective`` and ``bound`` are person-seconds of the mean scenario. A row that no site reaches in a
    scenario is left out of that scenario and named in ``unmet``; when no choice reaches all others in all
    scenarios the question is infeasible and ``unmet`` names rows that are then not reached in one of them.

    Raises
    ------
    ValueError
        For scenarios with other sites, rows, places, fixed sites or with capacities, and for probabilities
        that are negative, all 0 or not one for each.
    """
    watch = watch or Watch()
    chance = np.array(probability, float)
    _check(scenarios, chance)
    first = scenarios[0]
    kept = [(one.response_ds < NEVER_DS).any(axis=1) & (one.people > 0) for one in scenarios]
    times = [one.response_ds[rows] for one, rows in zip(scenarios, kept, strict=True)]
    stacked = np.concatenate(times)
    weight = np.concatenate(
        [q * one.people[rows] for q, one, rows in zip(chance, scenarios, kept, strict=True)]
    )
    alike, group = equal_rows(stacked)
    found = least_total(
        MedianProblem(
            cost=np.where(stacked[alike] < NEVER_DS, stacked[alike].astype(float), np.inf),
            weight=np.bincount(group, weights=weight, minlength=len(alike)).astype(float),
            fixed=first.fixed,
            places=first.places,
            rules=first.rules,
            shares=tuple(share for one in scenarios for share in shares_of(one)),
        ),
        watch=watch,
    )
    if found.status == "infeasible":
        return answer_of("p_median", found, unmet=_stranded(first, kept, times, watch))
    left_out: Bools = np.any([~(one.response_ds < NEVER_DS).any(axis=1) for one in scenarios], axis=0)
    return answer_of("p_median", found, unmet=tuple(np.flatnonzero(left_out).tolist()), unit=10.0)


def stacked_median(
    costs: Sequence[np.ndarray], weight: Floats, probability: Sequence[float], *, places: int | None
) -> MedianProblem:
    """The same at any size, for ``least_total``: costs by scenario, each (n, m); weights of rows (n,)."""
    cost = np.concatenate(costs)
    alike, group = equal_rows(cost)
    mass = np.concatenate([q * weight for q in probability])
    return MedianProblem(
        cost=cost if len(alike) == len(cost) else cost[alike],
        weight=np.bincount(group, weights=mass, minlength=len(alike)).astype(float),
        fixed=np.zeros(cost.shape[1], np.bool_),
        places=places,
    )


def equal_rows(cost: np.ndarray) -> tuple[Int64s, Int64s]:
    """Rows that stand for all, ascending, and which of these is equal to each row, shape (n,).

    By a 64-bit sum with random factors, then compared in full: where two rows have the same sum and differ,
    none are merged.
    """
    n, m = cost.shape
    words = np.dtype(f"u{cost.dtype.itemsize}")
    factors = np.random.default_rng(11).integers(1, 2**63, m, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    keys = np.empty(n, np.uint64)
    for start in range(0, n, _BLOCK):
        part = np.ascontiguousarray(cost[start : start + _BLOCK]).view(words).astype(np.uint64)
        part ^= part >> np.uint64(29)
        keys[start : start + _BLOCK] = ((part * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(7)) @ factors
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty(len(first), np.int64)
    place[order] = np.arange(len(first))
    alike, group = first[order].astype(np.int64), place[group]
    for start in range(0, n, _BLOCK):
        rows = slice(start, start + _BLOCK)
        if not np.array_equal(cost[rows], cost[alike[group[rows]]]):
            return np.arange(n), np.arange(n)
    return alike, group


def _stranded(
    first: SitingProblem, kept: Sequence[Bools], times: Sequence[Int64s], watch: Watch
) -> tuple[int, ...]:
    """Rows that the choice which reaches most leaves out in some scenario."""
    stacked = np.concatenate(times)
    row = np.concatenate([np.flatnonzero(rows) for rows in kept])
    whole = replace(
        first,
        response_s=np.where(stacked < NEVER_DS, stacked / 10, np.inf),
        people=np.ones(len(stacked), np.int64),
        limit_s=np.zeros(len(stacked)),
        rules=(),
        floors=(),
    )
    left, _ = serving_all(whole, np.ones(len(stacked), np.bool_), watch)
    return tuple(sorted(set(row[list(left)].tolist())))


def _check(scenarios: Sequence[SitingProblem], chance: Floats) -> None:
    if not len(scenarios) or chance.shape != (len(scenarios),):
        raise ValueError("probability: want one for each scenario, and at least one scenario")
    if not (chance >= 0).all() or not chance.sum() > 0:
        raise ValueError("probability: want numbers >= 0, one above 0")
    first = scenarios[0]
    for one in scenarios:
        same = one.response_s.shape == first.response_s.shape and one.places == first.places
        if not same or (one.fixed != first.fixed).any():
            raise ValueError("scenarios: want the same rows, sites, fixed sites and places in all")
        if one.capacity is not None:
            raise ValueError("capacity: a mean over scenarios cannot be asked with capacities")
