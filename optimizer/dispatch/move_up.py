"""Move-up: idle teams relocated so that most people stay covered after a plan's teams have left.

max sum_z people_z y_z, then min total driving, subject to y_z <= teams placed at stations that cover z,
each idle team at exactly one station (its own or one within reach), at most ``moves`` of them elsewhere
than now. The coverage model of relocation without call rates: Gendreau, Laporte and Semet 2006,
doi:10.1057/palgrave.jors.2601991. Up to two moves are all looked at; more are a small integer program.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.coverage import Zones, covering
from optimizer.dispatch.plan import DispatchPlan
from optimizer.dispatch.problem import DispatchProblem
from optimizer.problem import Bools, Floats, Int64s, deciseconds
from optimizer.program import Program, Rows
from optimizer.solver import solve
from optimizer.watch import Watch

MOST_NODES = 2_000
"""Nodes of the search tree at most, so that the same moves come out on every machine."""
MOST_LOOKED_AT = 20_000_000
"""Zones times pairs of moves that are all looked at: some milliseconds for a county."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A team that goes from its station to another, and how long it drives, s."""

    team: int
    station: int
    travel_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUp:
    """Moves in the order of the teams, people covered without and with them, and the proven most.

    Parameters
    ----------
    status
        ``optimal``, or ``feasible`` when the nodes of the search were used up before the proof.
    """

    moves: tuple[Move, ...]
    people_before: int
    people_after: int
    bound: int
    status: str


def move_up(
    problem: DispatchProblem,
    plan: DispatchPlan,
    zones: Zones,
    *,
    between_s: Floats,
    within_s: float,
    moves: int,
    watch: Watch | None = None,
) -> MoveUp:
    """Which idle teams should stand elsewhere while the plan's teams are away.

    Parameters
    ----------
    between_s
        Travel from station to station, s, shape (s, s); ``inf`` = no road.
    within_s
        Longest travel of a move, inclusive, s.
    moves
        Most teams that move.
    """
    watch = watch or Watch(limit_s=float("inf"))
    sent = frozenset(plan.slot_of)
    idle = [t for t in range(len(problem.teams)) if t not in sent and covering(problem, zones, t)]
    home = np.array([problem.teams[t].station for t in idle], np.int64)
    before = int(zones.people[zones.covered(problem, sent)].sum())
    may = (between_s[home] <= within_s) & np.isfinite(between_s[home])
    may[np.arange(len(idle)), home] = True
    who, where = np.nonzero(may)
    if not (home[who] != where).any() or moves <= 0:
        return MoveUp(moves=(), people_before=before, people_after=before, bound=before, status="optimal")
    away = where != home[who]
    drive_ds = np.where(away, deciseconds(between_s[home[who], where]), 0)
    if moves <= 2 and np.count_nonzero(away) ** 2 * len(zones.people) <= MOST_LOOKED_AT:
        chosen = np.flatnonzero(away)[
            _best_of_all(zones, home, who[away], where[away], drive_ds[away], moves)
        ]
        return _moved(zones, idle, home, who[chosen], where[chosen], drive_ds[chosen], before)
    program, scale = _program(zones, who, where, drive_ds, away, moves)
    found = solve(program, limit_s=watch.left_s, absolute_gap=0.999, most_nodes=MOST_NODES)
    if found.status not in ("optimal", "feasible"):
        return MoveUp(
            moves=(),
            people_before=before,
            people_after=before,
            bound=int(zones.people.sum()),
            status="feasible",
        )
    chosen = np.flatnonzero((found.values[: len(who)] > 0.5) & away)
    staffed = np.unique(where[found.values[: len(who)] > 0.5])
    after = int(zones.people[zones.near()[:, staffed].any(axis=1)].sum())
    return MoveUp(
        moves=tuple(
            Move(team=idle[who[k]], station=int(where[k]), travel_s=float(drive_ds[k] / 10)) for k in chosen
        ),
        people_before=before,
        people_after=after,
        bound=max(after, min(int(zones.people.sum()), int(np.ceil(found.bound / scale - 1e-6)))),
        status=found.status,
    )


def _best_of_all(
    zones: Zones, home: Int64s, who: Int64s, where: Int64s, drive_ds: Int64s, moves: int
) -> Int64s:
    """Which of the moves, at most two: most people covered, then least driving, then the first of equals.

    What a move covers anew, whatever it leaves bare, bounds what it can add; pairs that cannot reach the best
    known are passed over.
    """
    near, people = zones.near(), zones.people.astype(np.float64)
    standing = near[:, home].sum(axis=1)
    before = float(people[standing > 0].sum())
    change = (near[:, where].astype(np.int64) - near[:, home[who]].astype(np.int64)).T
    gain = near[:, where].T.astype(np.float64) @ np.where(standing > 0, 0.0, people)
    one = (standing + change > 0).astype(np.float64) @ people
    first = int(np.lexsort((drive_ds, -one))[0])
    none: tuple[float, int, tuple[int, ...]] = (-before, 0, ())
    best = min(none, (-float(one[first]), int(drive_ds[first]), (first,)))
    for k in np.argsort(-gain, kind="stable").tolist() if moves > 1 else ():
        if before + 2 * gain[k] < -best[0] or gain[k] == 0:
            break
        others = np.flatnonzero((who != who[k]) & (gain <= gain[k]) & (before + gain[k] + gain >= -best[0]))
        if len(others):
            two = (standing + change[k] + change[others] > 0).astype(np.float64) @ people
            drive = drive_ds[k] + drive_ds[others]
            at = int(np.lexsort((drive, -two))[0])
            pair = tuple(sorted((k, int(others[at]))))
            best = min(best, (-float(two[at]), int(drive[at]), pair))
    return np.array(best[2], np.int64)


def _moved(
    zones: Zones, idle: list[int], home: Int64s, who: Int64s, where: Int64s, drive_ds: Int64s, before: int
) -> MoveUp:
    stands = home.copy()
    stands[who] = where
    after = int(zones.people[zones.near()[:, np.unique(stands)].any(axis=1)].sum())
    return MoveUp(
        moves=tuple(
            Move(team=idle[team], station=int(station), travel_s=float(ds / 10))
            for team, station, ds in zip(who, where, drive_ds, strict=True)
        ),
        people_before=before,
        people_after=after,
        bound=after,
        status="optimal",
    )


def _program(
    zones: Zones, who: Int64s, where: Int64s, drive_ds: Int64s, away: Bools, moves: int
) -> tuple[Program, int]:
    """The integer program; variables: team at station, then zone covered; and what one person counts."""
    places, count = len(who), len(zones.people)
    scale = int(moves * drive_ds.max(initial=0)) + 1
    near = zones.near()[:, where]
    zone, place = np.nonzero(near)
    rows = Rows()
    teams = int(who.max()) + 1
    rows.add(teams, who, np.arange(places), np.ones(places), lower=1.0, upper=1.0)
    rows.add_one(np.flatnonzero(away), np.ones(int(away.sum())), lower=0.0, upper=float(moves))
    rows.add(
        count,
        np.concatenate([zone, np.arange(count)]),
        np.concatenate([place, places + np.arange(count)]),
        np.concatenate([np.ones(len(zone)), -np.ones(count)]),
        lower=0.0,
        upper=np.inf,
    )
    objective = np.concatenate([-drive_ds.astype(float), scale * zones.people.astype(float)])
    integer = np.arange(places + count) < places
    upper = np.ones(places + count)
    return rows.program(objective, upper=upper, integer=integer, maximize=True), scale
