"""Answers a robust covering task: relaxation, swaps, bound, sites that it decides, program over the rest."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.program import Program, Rows
from optimizer.siting.cover_sets import cover_sets
from optimizer.siting.robust_task import Layout, RobustTask, least_mean, robust_program
from optimizer.siting.rule_lines import RuleLines
from optimizer.solver import PROVEN_GAP, Solution, solve
from optimizer.watch import Watch

_KICKS = 40
_FEW_LINES = 10
"""Under more rules hardly any exchange at random is allowed: searching again is not worth its time."""
_WHOLE = 0.999


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RobustChoice:
    """Free sites, most that any choice can be worth, why the search ended early."""

    chosen: Int64s
    bound: float
    stopped_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Limits:
    """A proven bound, and what it loses at least when each site is taken against its sign, shape (f,)."""

    bound: float
    pull: Floats

    def decided(self, at_least: float) -> tuple[Bools, Bools]:
        """Sites that are open, and sites that are closed, in every choice worth ``at_least``."""
        binding = self.bound - np.abs(self.pull) < at_least
        return binding & (self.pull > 0), binding & (self.pull < 0)


def most_robust(task: RobustTask, watch: Watch) -> RobustChoice | None:
    """The choice of the highest measure, ``None`` where none keeps rules and floors."""
    program, at = robust_program(task, integer=False)
    relaxed = solve(program, limit_s=watch.left_s, engine="glop")
    if relaxed.status == "infeasible":
        return None
    if not len(relaxed.duals):
        return _stopped(task, watch)
    limits = _limits(task, relaxed, at)
    watch.tell("robust covering: relaxed", 0.2, limits.bound)
    start = _first(task, relaxed.values[: at.sites], watch)
    if start is None:
        return None if watch.stopped_by is None else _stopped(task, watch)
    chosen = improved(task, start, enough=_enough(task, limits.bound))
    watch.tell("robust covering: swaps", 0.5, limits.bound, task.value(chosen))
    value = task.value(chosen)
    if value >= _enough(task, limits.bound):
        return RobustChoice(chosen=chosen, bound=max(value, _floored(task, limits.bound)), stopped_by=None)
    return _finished(task, chosen, limits, watch)


def _stopped(task: RobustTask, watch: Watch) -> RobustChoice | None:
    """Without a relaxation: any choice at all, and everybody as the bound."""
    found = _first(task, np.zeros(task.covers.shape[1]), watch.restarted(5.0))
    everybody = float(least_mean((task.sure + task.people.sum(axis=1))[: task.states], task.most))
    if found is None:
        return None
    return RobustChoice(chosen=found, bound=everybody, stopped_by=watch.stopped_by or "time")


def _enough(task: RobustTask, bound: float) -> float:
    """A value from which on nothing better is possible or worth looking for."""
    if task.whole:
        return float(np.floor(bound + 1e-6))
    return bound - PROVEN_GAP * max(1.0, abs(bound))


def _limits(task: RobustTask, relaxed: Solution, at: Layout) -> _Limits:
    """The Lagrangian bound at the duals, made valid whatever their rounding.

    For weights q of the states, l_g of the covering rows and n of the lines, any choice is worth at most
    q sure + sum_g (w_g - l_g) + sum_j max(0, sum_g l_g a_gj - n A_j) + n limit, where w = q people and
    0 <= l <= w; n > 0 goes with upper limits, n < 0 with lower ones, floors are lower limits of groups.
    """
    unit = at.unit
    by_row = np.split(relaxed.duals, np.cumsum([at.groups, at.states, len(task.floors)]))
    weight = _weights(np.abs(by_row[1]), task.most)
    floor_price = np.abs(by_row[2])
    group = weight @ task.people[: at.states] + floor_price @ task.people[at.states :]
    price = np.minimum(np.abs(by_row[0]) * unit, group)
    line_price = _signed(by_row[3] * unit / _units(task.lines), task.lines)
    limit = np.where(line_price > 0, task.lines.upper, task.lines.lower)
    pull = price @ task.covers - line_price @ task.lines.amount
    bound = (
        weight @ task.sure[: at.states]
        + floor_price @ (task.sure[at.states :] - task.floors)
        + (group - price).sum()
        + line_price[line_price != 0] @ limit[line_price != 0]
        + np.maximum(0.0, pull).sum()
    )
    return _Limits(bound=float(bound), pull=pull)


def _weights(raw: Floats, most: Floats) -> Floats:
    """Weights of the states near ``raw`` that are within their limits and sum to 1 exactly."""
    weight = np.minimum(raw, most)
    total = float(weight.sum())
    if total > 1:
        return np.divide(weight, total)
    room = most - weight
    return np.add(weight, room * ((1 - total) / max(float(room.sum()), 1e-300)))


def _units(lines: RuleLines) -> Floats:
    largest: Floats = np.abs(lines.amount).max(axis=1, initial=1e-9)
    return largest


def _signed(price: Floats, lines: RuleLines) -> Floats:
    """Prices of lines without those on a side that has no limit."""
    nothing = ((price > 0) & np.isinf(lines.upper)) | ((price < 0) & np.isinf(lines.lower))
    return np.where(nothing, 0.0, price)


def _first(task: RobustTask, prefer: Floats, watch: Watch) -> Int64s | None:
    """Sites that keep rules and floors, of much ``prefer``."""
    g, f = task.covers.shape
    ranked = np.lexsort((np.arange(f), -prefer))
    for size in range(f, -1, -1):
        if task.keeps(ranked[:size]):
            return np.sort(ranked[:size])
    rows = Rows()
    task.lines.add_to(rows, np.arange(f))
    group, site = np.nonzero(task.covers)
    own = np.arange(g if len(task.floors) else 0)
    if len(task.floors):
        rows.add(
            g,
            np.concatenate([group, own]),
            np.concatenate([site, f + own]),
            np.concatenate([np.ones(len(site)), -np.ones(g)]),
            lower=0.0,
            upper=np.inf,
        )
    for weight, least in zip(task.people[task.states :], task.floors - task.sure[task.states :], strict=True):
        rows.add_one(f + own, weight, lower=least, upper=np.inf)
    size = f + len(own)
    program = rows.program(
        np.concatenate([prefer, np.zeros(len(own))]),
        upper=np.ones(size),
        integer=np.arange(size) < f,
        maximize=True,
    )
    found = solve(program, limit_s=watch.left_s, engine="gscip", absolute_gap=0.5)
    return np.flatnonzero(found.values[:f] > 0.5) if len(found.values) else None


def improved(task: RobustTask, start: Int64s, *, enough: float = np.inf) -> Int64s:
    """Swaps and additions while they help, then again from disturbed choices; always the same."""
    best = _swapped(task, start)
    value = task.value(best)
    dice = np.random.default_rng(1)
    for _ in range(_KICKS if len(best) and len(task.lines.lower) <= _FEW_LINES else 0):
        if value >= enough:
            break
        other = _swapped(task, _kicked(task, best, dice))
        if task.value(other) > value:
            best, value = other, task.value(other)
    return best


def _kicked(task: RobustTask, chosen: Int64s, dice: np.random.Generator) -> Int64s:
    """The choice with up to three sites exchanged at random, as far as the rules allow."""
    now = chosen
    for _ in range(3):
        other = np.append(np.delete(now, dice.integers(len(now))), dice.integers(task.covers.shape[1]))
        if len(np.unique(other)) == len(now) and task.keeps(other):
            now = other
    return now


def _swapped(task: RobustTask, chosen: Int64s) -> Int64s:
    """Exchange each open site for the best other, or add one, until nothing improves."""
    now, value = chosen.tolist(), task.value(chosen)
    covers = task.covers.astype(float)
    better = True
    while better:
        better = False
        beside = _beside_choice(task, covers, now)
        for out in [*sorted(now), None]:
            rest = [j for j in now if j != out]
            values = _values_with(task, rest, beside.without(out))
            site = int(values.argmax()) if len(values) else 0
            if len(values) and values[site] > value + 1e-9 * max(1.0, value):
                now, value = [*rest, site], float(values[site])
                beside = _beside_choice(task, covers, now)
                better = True
    return np.array(sorted(now), np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _BesideChoice:
    """How often a choice covers each group (g,), what it reaches (s + k,), what each site adds (s + k, f)."""

    people: Floats
    covers: Floats
    count: Floats
    reached: Floats
    gain: Floats

    def without(self, out: int | None) -> Floats:
        """What is reached with each further site when one site of the choice is closed, shape (s + k, f).

        Only the groups that nobody else covers change: a small part of all, which are looked at alone.
        """
        if out is None:
            return np.asarray(self.reached[:, None] + self.gain)
        alone = np.flatnonzero((self.count == 1) & (self.covers[:, out] > 0))
        lost = self.people[:, alone]
        return np.asarray((self.reached - lost.sum(axis=1))[:, None] + self.gain + lost @ self.covers[alone])


def _beside_choice(task: RobustTask, covers: Floats, now: list[int]) -> _BesideChoice:
    count = covers[:, now].sum(axis=1)
    left = count == 0
    return _BesideChoice(
        people=task.people,
        covers=covers,
        count=count,
        reached=task.sure + task.people[:, ~left].sum(axis=1),
        gain=task.people[:, left] @ covers[left],
    )


def _values_with(task: RobustTask, rest: list[int], reached: Floats) -> Floats:
    """The measure with each further site beside the rest, -inf where not allowed, shape (f,)."""
    values = least_mean(reached[: task.states], task.most)
    total = task.lines.amount[:, rest].sum(axis=1)[:, None] + task.lines.amount
    slack = 1e-6 * np.maximum(1.0, np.abs(task.lines.amount).max(axis=1, initial=0.0))[:, None]
    kept = (total <= task.lines.upper[:, None] + slack) & (total >= task.lines.lower[:, None] - slack)
    enough = reached[task.states :] >= task.floors[:, None] - 1e-6
    values = np.where(kept.all(axis=0) & enough.all(axis=0), values, -np.inf)
    values[rest] = -np.inf
    return values


def _finished(task: RobustTask, chosen: Int64s, limits: _Limits, watch: Watch) -> RobustChoice:
    """Solve the program over the sites that the bound leaves open."""
    value = task.value(chosen)
    opened, closed = limits.decided(value + (_WHOLE if task.whole else PROVEN_GAP * max(1.0, value) / 2))
    sites = np.flatnonzero(~opened & ~closed)
    rest = _beside(task, np.flatnonzero(opened), sites)
    program, at = robust_program(rest, integer=True)
    gap = _WHOLE if task.whole else PROVEN_GAP * max(1.0, value) / 2
    found = _solved(program, gap / at.unit, watch)
    if found.status == "infeasible":
        return RobustChoice(chosen=chosen, bound=max(value, _floored(task, value + gap)), stopped_by=None)
    bound = min(limits.bound, max(found.bound * at.unit, value))
    stopped_by = None if found.status == "optimal" else "time"
    if len(found.values):
        other = np.union1d(np.flatnonzero(opened), sites[found.values[: len(sites)] > 0.5])
        if task.keeps(other) and task.value(other) > value:
            chosen, value = other, task.value(other)
    return RobustChoice(chosen=chosen, bound=max(value, _floored(task, bound)), stopped_by=stopped_by)


def _solved(program: Program, gap: float, watch: Watch) -> Solution:
    """The program solved to the end; GSCIP rarely gives up for numerical reasons, then HiGHS takes over."""
    # Cutting planes of the engine double the time here (measured).
    found = solve(program, limit_s=watch.left_s, engine="gscip", absolute_gap=gap, cuts=False)
    if found.status in ("optimal", "infeasible") or watch.stopped_by:
        return found
    return solve(program, limit_s=watch.left_s, absolute_gap=gap)


def _floored(task: RobustTask, bound: float) -> float:
    return float(np.floor(bound + 1e-6)) if task.whole else bound


def _beside(task: RobustTask, opened: Int64s, sites: Int64s) -> RobustTask:
    """The task over these sites when others are open for sure, grouped anew."""
    left = ~task.covers[:, opened].any(axis=1) & task.covers[:, sites].any(axis=1)
    sets = cover_sets(task.covers[np.ix_(left, sites)], np.zeros(int(left.sum()), np.int64))
    people = np.zeros((len(task.people), len(sets.people)))
    for line, weight in zip(people, task.people[:, left], strict=True):
        line += np.bincount(sets.group, weights=weight, minlength=len(line))
    by_opened = task.lines.amount[:, opened].sum(axis=1)
    return RobustTask(
        covers=sets.covers,
        people=people,
        sure=task.reached(opened),
        most=task.most,
        floors=task.floors,
        lines=RuleLines(
            amount=task.lines.amount[:, sites],
            lower=task.lines.lower - by_opened,
            upper=task.lines.upper - by_opened,
        ),
    )
