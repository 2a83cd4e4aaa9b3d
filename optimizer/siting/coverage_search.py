"""Answers a coverage problem of any size with a proven bound.

Identical cover sets are one group; a swap search finds a choice, Benders cuts bound all choices, the bound
decides most sites, what is left is grouped anew and solved as an integer program. Cordeau, Furini & Ljubic
(2019), doi:10.1016/j.ejor.2018.12.021, for the cuts; Resende & Werneck (2007), doi:10.1007/s10479-006-0154-0,
for the search. Restarts of the search matter more than further cuts: a better choice decides more sites.
"""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.siting.coverage_core import Core, core_of
from optimizer.siting.coverage_master import ROUNDS, CoverageMaster
from optimizer.siting.coverage_problem import CoverageProblem
from optimizer.siting.coverage_program import allowed_units, solve_core
from optimizer.solver import PROVEN_GAP
from optimizer.watch import Watch

_FEW_RESTARTS, _MANY_RESTARTS = 10, 200
_WORK = 400_000_000
"""Entries of lists that the restarts of one search may go through; fewer restarts where lists are long."""
_ROUNDED = 8
_FLOOR_ROUNDS = 60
_PRICED, _STEP, _EASE = 20, 0.3, 0.9
"""Rounds of prices on floors, by how much a price rises while people are short, what stays of it after."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covered:
    """Units by site, shape (m,), their value, the most that any units can be worth, why the search ended."""

    units: Int64s
    value: float
    bound: float
    stopped_by: str | None = None


def most_covered(problem: CoverageProblem, *, gap: float = 0.0, watch: Watch | None = None) -> Covered | None:
    """Units that are worth most, ``None`` where no units keep the rules and floors.

    Parameters
    ----------
    gap
        Relative distance of bound and value that ends the search, beside a proven optimum.
    """
    watch = watch or Watch()
    least = problem.fixed.astype(np.int64)
    core = core_of(problem, least, most_units(problem))
    start = first_units(problem, core, watch)
    if start is None:
        return None
    search = Search(problem, core, core.units(start), gap=gap, watch=watch)
    master = CoverageMaster(core)
    search.relax(master)
    if not search.ended:
        search.decide(master)
        search.finish()
    return search.found()


def most_units(problem: CoverageProblem) -> Int64s:
    """Most units at each site, shape (m,)."""
    return np.ones(problem.sites, np.int64) if problem.most is None else problem.most


def first_units(problem: CoverageProblem, core: Core, watch: Watch) -> Int64s | None:
    """Units by column to start from, by what each column covers alone; ``None`` where none keep the rules."""
    if not core.bound_to:
        return improved(core, np.zeros((1, len(core.columns)), np.int64), restarts=0)
    return kept_units(problem, core, _alone(core), watch)


def kept_units(problem: CoverageProblem, core: Core, pull: Floats, watch: Watch) -> Int64s | None:
    """Units by column with the most ``pull`` that keep rules and floors; ``None`` where there are none."""
    cuts = CoverageMaster(core)
    for _ in range(_FLOOR_ROUNDS):
        added = allowed_units(core, pull, cuts.floor_rows(), watch)
        if added is None or problem.keeps(core.units(added)):
            return added
        cuts.cut_floors(added.astype(float))
    found, added = solve_core(core, absolute_gap=np.inf, watch=watch)
    solved = found.status in ("optimal", "feasible")
    return added if solved and problem.keeps(core.units(added)) else None


def _alone(core: Core) -> Floats:
    worth = core.people * core.worth[core.done]
    each = np.repeat(worth, np.diff(core.start))
    return np.bincount(core.site, weights=each, minlength=len(core.columns)).astype(float)


def improved(core: Core, first: Int64s, *, restarts: int, seed: int = 1, enough: float = np.inf) -> Int64s:
    """The best units that swaps reach from any start, shape (starts, k), and from changes of the best."""
    from optimizer._kernels.cover_swap import search

    entries = max(1, len(core.site))
    rules = core.rules
    _, added = search(
        core.start,
        core.site,
        core.begin,
        core.group,
        core.people,
        core.done,
        core.worth,
        core.most,
        core.places,
        rules.entry,
        rules.rule,
        rules.amount,
        rules.low,
        rules.high,
        np.ascontiguousarray(first, np.int64),
        min(restarts, max(2, _WORK // (8 * entries))),
        seed,
        1e-9 * max(1.0, core.room),
        enough,
    )
    return np.asarray(added)


class Search:
    """The best units so far and the lowest bound; values count everything, decided units included."""

    def __init__(
        self, problem: CoverageProblem, core: Core, units: Int64s, *, gap: float, watch: Watch
    ) -> None:
        self.problem, self.core, self.gap, self.watch = problem, core, gap, watch
        self.units, self.value = units, problem.value(units)
        self.bound = core.base + core.room
        self.solver_stopped = False
        self.decided: tuple[Bools, Bools] | None = None
        self.excluded = -np.inf

    @property
    def slack(self) -> float:
        """By how much another choice must be better to count."""
        return 1 - 1e-6 if self.problem.whole else 0.5 * PROVEN_GAP * max(1.0, self.value)

    @property
    def ended(self) -> bool:
        """Whether the proof is there or the search has to stop."""
        near = self.bound - self.value <= self.gap * max(1.0, self.value)
        return near or self.bound - self.value < self.slack or self.watch.stopped_by is not None

    def offer(self, units: Int64s) -> None:
        """Take these units if they are better and keep everything."""
        value = self.problem.value(units)
        if value > self.value and self.problem.keeps(units):
            self.units, self.value = units, value

    def relax(self, master: CoverageMaster, *, restarts: int = _FEW_RESTARTS, rounds: int = ROUNDS) -> None:
        """Improve by swaps, bound by cuts, improve again from what the relaxation says."""
        core = self.core
        self._improve(core, core.added(self.units)[None], restarts=restarts, seed=1)
        added, best = core.added(self.units), self.value - core.base
        slack = max(self.slack, self.gap * max(1.0, self.value))
        master.relax(added, best, self.watch, slack=slack, enough=0.1 * self.gap, rounds=rounds)
        self.bound = min(self.bound, core.base + master.bound)
        self.watch.tell("coverage", 0.7, self.bound, self.value)
        if not self.ended:
            self.round(master.relaxed)

    def _improve(
        self, core: Core, first: Int64s, *, restarts: int, seed: int, enough: float = np.inf
    ) -> None:
        """Search from these starts; with floors again and again, those short of theirs weighted more."""
        price = np.zeros(len(core.floor_people))
        for _ in range(_PRICED if len(price) else 1):
            weighted = replace(core, people=core.people + price @ core.floor_weight)
            found = improved(weighted, first, restarts=restarts, seed=seed, enough=enough)
            self.offer(core.units(found))
            short = core.short_of_floors(found)
            price = np.where(short > 0, price + _STEP, _EASE * price)

    def round(self, relaxed: Floats) -> None:
        """Search from roundings of the relaxed optimum."""
        core, g = self.core, np.random.default_rng(0)
        first = [core.added(self.units)]
        for k in range(_ROUNDED):
            pull = relaxed * (0.5 + g.random(len(relaxed))) if k else relaxed
            if not core.bound_to:
                first.append(_largest(core, pull))
            elif k == 0 and (kept := kept_units(self.problem, core, pull, self.watch)) is not None:
                first.append(kept)
        enough = self.bound - core.base - self.slack
        for start in first:
            self.offer(core.units(start))
        self._improve(core, np.array(first), restarts=_FEW_RESTARTS, seed=2, enough=enough)

    def decide(self, master: CoverageMaster) -> None:
        """Search on and decide by the bound, in turn; a better choice decides more sites."""
        for seed in (3, 4):
            self.decided = master.decided(self.value - self.core.base, self.slack)
            core = self._left()
            if core.places < 0 or self.ended:
                return
            start = np.clip(core.added(self.units), 0, core.most)
            if start.sum() <= core.places and self.problem.keeps(core.units(start)):
                self._improve(core, start[None], restarts=_MANY_RESTARTS, seed=seed)
        least = max(self.slack, self.gap * self.value)
        self.decided = master.decided(self.value - self.core.base, least)
        self.excluded = self.value + least if least > self.slack else self.value

    def finish(self, *, entries: int | None = None) -> None:
        """Solve what is left as an integer program, if its lists have at most so many entries."""
        if self.ended:
            return
        core = self._left()
        if entries is None or len(core.site) <= entries:
            self._solve(core)

    def _left(self) -> Core:
        """The core of the choices that may still be better than the best, grouped anew."""
        assert self.decided is not None, "decide comes first"
        closed, full = self.decided
        least, most = self.core.decided.copy(), most_units(self.problem).copy()
        most = np.maximum(most, least)
        most[self.core.columns[closed]] = least[self.core.columns[closed]]
        least[self.core.columns[full]] = most[self.core.columns[full]]
        return core_of(self.problem, least, most)

    def _solve(self, core: Core) -> None:
        if core.places < 0:
            self.bound = min(self.bound, max(self.value, self.excluded))
            return
        gap = max(0.999 if self.problem.whole else self.slack / 2, self.gap * self.value)
        found, added = solve_core(core, absolute_gap=gap, watch=self.watch)
        if found.status == "infeasible":
            self.bound = min(self.bound, max(self.value, self.excluded))
        if found.status in ("optimal", "feasible"):
            self.offer(core.units(added))
        if np.isfinite(found.bound):
            self.bound = min(self.bound, max(self.value, self.excluded, core.base + found.bound))
        self.solver_stopped = found.status in ("feasible", "unknown")

    def found(self) -> Covered:
        """The answer; the bound rounded down where values are whole, and equal to a proven value."""
        bound = float(np.floor(self.bound + 1e-6)) if self.problem.whole else self.bound
        near = bound - self.value <= 0.5 * PROVEN_GAP * max(1.0, self.value)
        bound = self.value if bound < self.value else bound
        stopped = self.watch.stopped_by or ("time" if self.solver_stopped and not near else None)
        return Covered(
            units=self.units,
            value=self.value,
            bound=bound,
            stopped_by=None if near else stopped,
        )


def _largest(core: Core, pull: Floats) -> Int64s:
    """Units at the columns with the largest values, as many as there are places."""
    added, left = np.zeros(len(pull), np.int64), core.places
    for j in np.argsort(-pull, kind="stable").tolist():
        added[j] = min(left, core.most[j], max(1, int(pull[j])))
        left -= added[j]
        if left <= 0:
            break
    return added
