"""What a replication comes to: calls, responses and teams, in all, by kind and area, whole or in parts."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from optimizer.drill.log import DrillRun, Event, Outcome
from optimizer.drill.problem import Calls, DrillProblem
from optimizer.problem import Bools, Floats, Int64s

FIELDS = (
    "calls", "served", "lost", "open", "slots", "short", "in_time", "mean_s", "p50_s", "p90_s", "p95_s",
)  # fmt: skip
"""Calls and how they ended; teams asked for and not sent; share in time; response from the call to the first
arrival, and its percentiles, over calls that somebody came to."""
PERCENTILES = (50, 90, 95)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """Figures of calls in one span of time, columns as ``FIELDS``; NaN where there is none.

    Parameters
    ----------
    total, kinds, areas
        Shapes (f,), (k, f) and (a, f).
    """

    total: Floats
    kinds: Floats
    areas: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replicated:
    """One replication: its parts in time (one, or batches), share of time that teams are out, their jobs.

    ``utilisation`` and ``jobs`` have shape (t,), warm-up left out; ``parts_utilisation`` and ``parts_jobs``
    are the same by part, shape (b, t). ``crowded`` as in ``DrillRun``.
    """

    parts: tuple[Figures, ...]
    utilisation: Floats
    jobs: Int64s
    parts_utilisation: Floats
    parts_jobs: Int64s
    crowded: int = 0


def replicated(
    problem: DrillProblem, calls: Calls, run: DrillRun, *, area: Int64s, areas: int, batches: int = 1
) -> Replicated:
    """Figures of a run.

    Parameters
    ----------
    area
        Of each node, -1 = none, shape (n,); nodes that no call comes from may be left off.
    areas
        Number of areas.
    batches
        Equal spans of time, by the time of the call; teams by the time they are out and of the order. More
        than one need a run with its log.
    """
    edges = np.linspace(problem.warm_up_ds, problem.horizon_ds, batches + 1)
    rows = _rows(problem, calls, run)
    of_area = area[calls.node] if len(calls) else np.empty(0, np.int64)
    parts = []
    for begin, end in pairwise(edges.tolist()):
        here = (calls.at_ds >= begin) & (calls.at_ds < end)
        parts.append(
            Figures(
                total=_summed(rows, here),
                kinds=np.stack(
                    [_summed(rows, here & (calls.kind == kind)) for kind in range(len(problem.kinds))]
                ),
                areas=np.stack([_summed(rows, here & (of_area == one)) for one in range(areas)])
                if areas
                else np.empty((0, len(FIELDS))),
            )
        )
    counted = (run.ordered_ds >= problem.warm_up_ds) & (run.team_of >= 0)
    part = np.searchsorted(edges, run.ordered_ds[counted], side="right") - 1
    jobs = np.zeros((batches, len(problem.fleet)), np.int64)
    np.add.at(jobs, (part, run.team_of[counted]), 1)
    busy_ds = run.busy_ds[None] if batches == 1 else _busy_ds(problem, run, edges)
    length_ds = problem.horizon_ds - problem.warm_up_ds
    return Replicated(
        parts=tuple(parts),
        utilisation=run.busy_ds / length_ds,
        jobs=jobs.sum(axis=0),
        parts_utilisation=busy_ds * batches / length_ds,
        parts_jobs=jobs,
        crowded=run.crowded,
    )


def duty_share(problem: DrillProblem) -> Floats:
    """Share of the time after the warm-up that each team is on duty, shape (t,)."""
    fleet = problem.fleet
    on, since = fleet.on_duty.copy(), np.full(len(fleet), problem.warm_up_ds, np.int64)
    duty_ds = np.zeros(len(fleet), np.int64)
    for at_ds, team, now in zip(fleet.duty_at_ds, fleet.duty_team, fleet.duty_on, strict=True):
        until = max(int(at_ds), problem.warm_up_ds)
        duty_ds[team] += until - since[team] if on[team] else 0
        on[team], since[team] = now, until
    duty_ds += np.where(on, problem.horizon_ds - since, 0)
    return np.asarray(duty_ds / (problem.horizon_ds - problem.warm_up_ds), np.float64)


def _busy_ds(problem: DrillProblem, run: DrillRun, edges: Floats) -> Floats:
    """Time of each team from order to free by part, from the log, shape (b, t)."""
    rows = run.log[np.isin(run.log[:, 1], (Event.ORDER, Event.FREE))]
    rows = rows[np.argsort(rows[:, 4], kind="stable")]
    at_ds, order, team = rows[:, 0], rows[:, 1] == Event.ORDER, rows[:, 4]
    follows = np.zeros(len(rows), np.bool_)
    follows[1:] = team[1:] == team[:-1]
    was_out = follows.copy()
    was_out[1:] &= order[:-1]
    last = np.append(~follows[1:], True)[: len(rows)]
    begun = at_ds[order & ~was_out]
    ended = np.where(order, problem.horizon_ds, at_ds)[~order | last]
    until = np.clip(edges[:, None] - begun, 0, ended - begun)
    busy_ds = np.zeros((len(edges), len(problem.fleet)))
    np.add.at(busy_ds.T, team[order & ~was_out], until.T)
    return np.diff(busy_ds, axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """By call: how it ended, slots and those left empty, response in s (NaN = nobody came), in time or not.

    ``known``: whether the call came so long before the end that an arrival in time would have been seen. The
    others are left out whether somebody came or not: to keep the answered among them alone would flatter.
    """

    outcome: Int64s
    slots: Int64s
    short: Int64s
    response_s: Floats
    known: Bools
    in_time: Bools


def _rows(problem: DrillProblem, calls: Calls, run: DrillRun) -> _Rows:
    first_ds = run.first_arrival_ds()
    came = first_ds >= 0
    response_ds = np.where(came, first_ds - calls.at_ds, 0)
    within_ds = problem.kinds.within_ds[calls.kind]
    empty = (run.team_of < 0).astype(np.int64)
    return _Rows(
        outcome=run.outcome,
        slots=np.diff(run.first),
        short=np.add.reduceat(empty, run.first[:-1]) if len(calls) else np.empty(0, np.int64),
        response_s=np.where(came, response_ds / 10, np.nan),
        known=calls.at_ds + within_ds < problem.horizon_ds,
        in_time=came & (response_ds <= within_ds),
    )


def _summed(rows: _Rows, here: Bools) -> Floats:
    ended = rows.outcome[here]
    response_s = rows.response_s[here]
    response_s = response_s[~np.isnan(response_s)]
    known = int((here & rows.known).sum())
    times = (
        [float(response_s.mean()), *np.percentile(response_s, PERCENTILES).tolist()]
        if len(response_s)
        else [np.nan] * (1 + len(PERCENTILES))
    )
    return np.array(
        [
            len(ended),
            (ended == Outcome.SERVED).sum(),
            (ended == Outcome.LOST).sum(),
            (ended == Outcome.OPEN).sum(),
            rows.slots[here].sum(),
            rows.short[here].sum(),
            (here & rows.known & rows.in_time).sum() / known if known else np.nan,
            *times,
        ],
        np.float64,
    )
