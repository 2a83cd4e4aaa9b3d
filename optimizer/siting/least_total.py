"""The engine of the p-median family: swap search, Benders bound, fixing, proof."""

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.siting.keeping import keeping
from optimizer.siting.median_problem import MedianAnswer, MedianProblem
from optimizer.siting.median_relaxation import Bounded, Relaxation
from optimizer.siting.median_swap import SwapSearch, greedy
from optimizer.siting.median_tree import Tree
from optimizer.siting.nearest_sites import NearestSites, nearest_sites
from optimizer.watch import Watch

_GROUPS = 60
"""Most groups of rows with a cost variable of their own: finer needs more cuts, coarser more rounds."""
_SAMPLE_FROM = 20_000
_SAMPLE = 8_000
_ROUNDS = 400
_TRIES = 12


def least_total(
    problem: MedianProblem,
    *,
    enough: float = np.inf,
    known: tuple[int, ...] | None = None,
    watch: Watch | None = None,
) -> MedianAnswer:
    """Open at most ``places`` sites so that the weighted cost of all rows and of opening is least.

    min sum_j f_j x_j + sum_i a_i min_{j open} c_ij,  sum_j x_j <= p, rules, shares,  x binary. Swaps on a
    sample of the rows and then on all give the choice; Benders cuts (``median_relaxation``) give the bound;
    sites that it excludes are fixed; a branch-and-cut search (``median_tree``) closes what is left.

    A row that no site serves makes the problem infeasible: leave such rows out before. A bound of ``enough``
    ends the proof: the caller has no use for a choice of that total or more. ``known`` are sites, fixed ones
    included, to start from if they keep to everything: under floors the first choice is a program of its own.
    """
    watch = watch or Watch()
    return Engine(problem, watch, enough, known).answer()


class Engine:
    """One problem on its way: free sites, what they must keep to, and the steps to an answer."""

    def __init__(
        self,
        problem: MedianProblem,
        watch: Watch,
        enough: float = np.inf,
        known: tuple[int, ...] | None = None,
    ) -> None:
        self.problem, self.watch = problem, watch
        self.free = problem.free
        self.known = None if known is None else np.flatnonzero(np.isin(self.free, known))
        opening = np.zeros(len(problem.fixed)) if problem.opening is None else problem.opening
        self.opening = opening[self.free].astype(float)
        self.base = float(opening[problem.fixed].sum())
        self.enough = enough - self.base
        self.keeping = keeping(problem, lacking(problem))

    def answer(self) -> MedianAnswer:
        """Choice and proof."""
        start = self._start()
        if isinstance(start, MedianAnswer):
            return start
        sites = nearest_sites(self.problem)
        search = SwapSearch(sites, self.keeping, self.opening)
        chosen = self._first_choice(sites, search, start)
        if not len(self.free) or not len(sites.cap):
            return self._answered(search, chosen, search.total(chosen))
        sites = sites.grouped(chosen, min(_GROUPS, max(1, 4 * self.keeping.places), len(self.free)))
        search.sites = sites
        return self._proven(search, chosen)

    def bounded(self) -> tuple[Int64s, Bounded] | None:
        """A good choice, fixed sites included, and the linear bound without what fixed sites cost to open."""
        start = self._start()
        if isinstance(start, MedianAnswer):
            return None
        sites = nearest_sites(self.problem)
        search = SwapSearch(sites, self.keeping, self.opening)
        chosen = search.improve(greedy(search, start))
        search.sites = sites.grouped(chosen, min(_GROUPS, max(1, 4 * self.keeping.places), len(self.free)))
        root = Root(search, chosen, self.watch)
        bound = root.close(chosen)
        opened = np.concatenate([np.flatnonzero(self.problem.fixed), self.free[root.chosen]])
        return np.sort(opened), bound

    def _start(self) -> Int64s | MedianAnswer:
        """Free sites that keep to everything, or why there are none."""
        if self.keeping.at_least > self.keeping.places:
            return MedianAnswer(status="infeasible", chosen=(), total=np.inf, bound=np.inf)
        if self.keeping.free_choice:
            return np.empty(0, np.int64)
        if self.known is not None and self.keeping.allows(self.known):
            return self.known
        found = self.keeping.any_choice(np.maximum(0.0, self.opening), self.watch)
        if found.status == "infeasible":
            return MedianAnswer(status="infeasible", chosen=(), total=np.inf, bound=np.inf)
        if found.status == "unknown":
            return MedianAnswer(status="cancelled", chosen=(), total=np.inf, bound=-np.inf, stopped_by="time")
        return np.flatnonzero(found.values[: len(self.free)] > 0.5)

    def _first_choice(self, sites: NearestSites, search: SwapSearch, start: Int64s) -> Int64s:
        """A good choice, by swaps on a sample where there are many rows, then on all."""
        if len(sites.cap) <= _SAMPLE_FROM or not self.keeping.free_choice:
            chosen = search.improve(greedy(search, start))
            return search.perturbed(chosen, _TRIES, seed=1)
        part = SwapSearch(sample(sites), self.keeping, self.opening)
        chosen = part.perturbed(part.improve(greedy(part, start)), _TRIES, seed=1)
        return search.improve(chosen)

    def _proven(self, search: SwapSearch, chosen: Int64s) -> MedianAnswer:
        root = Root(search, chosen, self.watch, self.enough)
        bound = root.close(chosen)
        if root.stopped_by or bound.bound >= root.limit:
            return self._answered(search, root.chosen, bound.bound, root.stopped_by)
        tree = Tree(root.relaxation, search, root.chosen, self.watch, self.enough)
        tree.search(bound)
        return self._answered(search, tree.chosen, tree.bound, tree.stopped_by)

    def _answered(
        self, search: SwapSearch, chosen: Int64s, bound: float, stopped_by: str | None = None
    ) -> MedianAnswer:
        total, slack = search.total(chosen), search.sites.slack(search.total(chosen))
        opened = np.concatenate([np.flatnonzero(self.problem.fixed), self.free[chosen]])
        return MedianAnswer(
            status="optimal" if total - bound <= slack else "feasible",
            chosen=tuple(np.sort(opened).tolist()),
            total=self.base + total,
            bound=self.base + min(bound, total),
            whole=search.sites.whole and self.base == round(self.base),
            stopped_by=stopped_by if total - bound > slack else None,
        )


def sample(sites: NearestSites) -> NearestSites:
    """Some rows drawn by weight, alike in weight, which stand for all."""
    rng = np.random.default_rng(7)
    total = float(sites.weight.sum())
    rows = np.sort(rng.choice(len(sites.weight), _SAMPLE, p=sites.weight / total))
    return sites.sample(rows, np.full(_SAMPLE, total / _SAMPLE))


def lacking(problem: MedianProblem) -> Bools | None:
    """Which free sites serve each row that no fixed site serves and not all free ones do."""
    cost = problem.cost
    if cost.dtype.kind != "f" or problem.unserved is not None:
        return None
    found = []
    for start in range(0, len(cost), 50_000):
        block = cost[start : start + 50_000]
        served = np.isfinite(block)
        part = ~served.all(axis=1)
        part &= ~served[:, problem.fixed].any(axis=1)
        found.append(served[part][:, ~problem.fixed])
    return np.concatenate(found) if found else None


class Root:
    """The linear relaxation closed by cuts, rounded on the way."""

    def __init__(self, search: SwapSearch, chosen: Int64s, watch: Watch, enough: float = np.inf) -> None:
        self.search, self.watch, self.chosen = search, watch, chosen
        self.best = search.total(chosen)
        self.relaxation = Relaxation(search.sites, search.keeping, search.opening, self.best)
        self.stopped_by: str | None = None
        self._enough = enough

    @property
    def limit(self) -> float:
        """Bound that ends the proof."""
        return min(self._enough, self.best - self.search.sites.slack(self.best))

    def close(self, chosen: Int64s) -> Bounded:
        """Add cuts until none is violated, the choice is proven or time is out; the best bound."""
        f = self.relaxation.f
        lower, upper = np.zeros(f), np.ones(f)
        own = indicator(chosen, f)
        core = 0.5 * min(1.0, self.search.keeping.places / f) + 0.5 * own
        self.relaxation.separate(own)
        self.relaxation.separate(core)
        bound = Bounded(-np.inf, np.zeros(f))
        for done in range(_ROUNDS):
            found = self.relaxation.solve(self.watch.left_s)
            if found.status != "optimal":
                self.stopped_by = self.watch.stopped_by or ("time" if found.status == "stopped" else None)
                return bound if self.stopped_by else Bounded(np.inf, bound.reduced)
            x, theta = self.relaxation.point(found)
            bound = max(bound, self.relaxation.bounded(found.duals, lower, upper), key=lambda b: b.bound)
            self.watch.tell("p-median: bound", 0.1 + 0.6 * done / _ROUNDS, bound.bound, self.best)
            self.stopped_by = self.watch.stopped_by
            if self.stopped_by or bound.bound >= self.limit:
                return bound
            if self.relaxation.least_seen - bound.bound <= 1e-7 * abs(bound.bound):
                break
            if not (
                self.relaxation.separate_shares(x)
                or self.relaxation.separate(0.5 * (x + core), x, theta)
                or self.relaxation.separate(x, x, theta)
            ):
                break
            core = 0.5 * (core + x)
            if done % 8 == 7:
                self.round(x)
        self.round(x)
        return bound

    def round(self, x: Floats) -> None:
        """Keep the swap optimum from the largest values of x where it is better."""
        search = self.search
        largest = np.sort(np.argsort(-x, kind="stable")[: search.keeping.places])
        largest = largest[x[largest] > 0]
        if not search.keeping.free_choice and not search.keeping.allows(largest):
            return
        found = search.improve(largest)
        total = search.total(found)
        if total < self.best:
            self.chosen, self.best = found, total


def indicator(chosen: Int64s, f: int) -> Floats:
    """1 for these sites, 0 for the others."""
    x = np.zeros(f)
    x[chosen] = 1.0
    return x
