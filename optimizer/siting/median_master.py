"""The p-median's Benders master problem: bound, fixing and proof."""

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.program import Rows
from optimizer.siting.median_costs import MedianCosts
from optimizer.siting.swap import improve
from optimizer.solver import CutLoop, Solution, solve
from optimizer.watch import Watch

_ROUNDS = 300


class Master:
    """Benders master: first its linear relaxation with warm re-solves, then small integer programs."""

    def __init__(self, costs: MedianCosts, chosen: Int64s) -> None:
        self.costs = costs
        self.f, self.k = costs.time.shape[1], len(costs.start)
        self.unit = max(1.0, costs.total(chosen) / self.k)
        self.slope: list[Floats] = []
        self.constant: list[float] = []
        self.theta: list[int] = []
        self.bound = 0.0
        self.pull = np.zeros(self.f)
        objective = np.concatenate([np.zeros(self.f), np.ones(self.k)])
        upper = np.concatenate([np.ones(self.f), np.full(self.k, np.inf)])
        self.loop = CutLoop(objective, upper)
        self.loop.add(np.arange(self.f), -np.ones(self.f), -costs.p)
        for group in costs.must:
            self.loop.add(np.flatnonzero(group), np.ones(int(group.sum())), 1.0)

    def relax(self, chosen: Int64s, watch: Watch) -> tuple[Int64s, str | None]:
        """Close the linear relaxation by cuts; returns the best choice met on the way."""
        costs = self.costs
        core = 0.5 * costs.p / self.f + 0.5 * self._indicator(chosen)
        self._separate(self._indicator(chosen))
        self._separate(core)
        for done in range(_ROUNDS):
            relaxed = self.loop.solve(watch.left_s)
            best = costs.total(chosen)
            if relaxed is None:
                return chosen, watch.stopped_by or "time"
            x, theta = relaxed.values[: self.f], relaxed.values[self.f :] * self.unit
            self._raise_bound(relaxed.duals)
            watch.tell("p-median: bound", 0.1 + 0.6 * done / _ROUNDS, self.bound / 10, best / 10)
            if watch.stopped_by or best - self.bound <= costs.slack(best):
                return chosen, watch.stopped_by
            if not self._separate(0.5 * (x + core), x, theta) and not self._separate(x, x, theta):
                break
            core = 0.5 * (core + x)
            if done % 8 == 7:
                chosen = self._round(x, chosen)
        return self._round(x, chosen), None

    def branch(self, chosen: Int64s, watch: Watch) -> tuple[Int64s, float, str | None]:
        """Fix what the bound allows, then solve integer masters until one proves the best choice."""
        costs = self.costs
        while True:
            best = costs.total(chosen)
            lower, upper = self.decided(best)
            found = self._integer(lower, upper, best, watch)
            if found.status == "infeasible":
                self.bound = float(best)
            elif np.isfinite(found.bound):
                self.bound = max(self.bound, min(float(best), found.bound * self.unit))
            watch.tell("p-median: proof", 0.8, self.bound / 10, best / 10)
            if best - self.bound <= costs.slack(best) or watch.stopped_by or found.status == "unknown":
                break
            x = np.rint(found.values[: self.f])
            theta = found.values[self.f :] * self.unit
            other = np.flatnonzero(x > 0.5)
            added = self._separate(x, x, theta)
            other = improve(costs.time, costs.cap, costs.people, other)
            chosen = min(chosen, other, key=costs.total)
            self._separate(self._indicator(other), self._indicator(other), np.zeros(self.k))
            if not added:
                break
        stopped = watch.stopped_by if costs.total(chosen) - self.bound > costs.slack(best) else None
        return chosen, self.bound, stopped

    def _indicator(self, chosen: Int64s) -> Floats:
        x = np.zeros(self.f)
        x[chosen] = 1.0
        return x

    def _separate(self, at: Floats, x: Floats | None = None, theta: Floats | None = None) -> int:
        """Add the cuts at a point that the point (x, theta) violates, or all; returns how many."""
        slope, constant = self.costs.cuts(at)
        groups = np.arange(self.k)
        if x is not None and theta is not None:
            short = constant - slope @ x - theta
            groups = groups[short > 1e-7 * np.maximum(self.unit, np.abs(theta))]
        for k in groups.tolist():
            used = np.flatnonzero(slope[k])
            columns = np.append(used, self.f + k)
            self.loop.add(columns, np.append(slope[k, used] / self.unit, 1.0), constant[k] / self.unit)
            self.slope.append(slope[k])
            self.constant.append(float(constant[k]))
            self.theta.append(k)
        return len(groups)

    def _raise_bound(self, duals: Floats) -> None:
        """Lagrangian bound from any multipliers >= 0, so that no solver tolerance enters it."""
        musts = 1 + len(self.costs.must)
        cut, must = duals[musts:], duals[1:musts] * self.unit
        theta = np.array(self.theta)
        cut = cut / np.maximum(1.0, np.bincount(theta, weights=cut, minlength=self.k))[theta]
        pull = cut @ np.array(self.slope) + must @ self.costs.must
        top = np.sort(pull)[::-1][: self.costs.p].sum()
        bound = float(cut @ np.array(self.constant) + must.sum() - top)
        if bound > self.bound:
            self.bound, self.pull = bound, pull

    def decided(self, best: int) -> tuple[Floats, Floats]:
        """Limits of the sites after dropping every choice that cannot be better than the best."""
        lower, upper = np.zeros(self.f), np.ones(self.f)
        p = self.costs.p
        if p >= self.f:
            return lower, upper
        order = np.argsort(-self.pull, kind="stable")
        top, rest = order[:p], order[p:]
        limit = best - self.costs.slack(best)
        upper[rest[self.bound + self.pull[order[p - 1]] - self.pull[rest] > limit]] = 0.0
        lower[top[self.bound + self.pull[top] - self.pull[order[p]] > limit]] = 1.0
        return lower, upper

    def _integer(self, lower: Floats, upper: Floats, best: int, watch: Watch) -> Solution:
        """Solve the master with x integer and the limits of ``_fixed``."""
        f, k, unit = self.f, self.k, self.unit
        slope = np.array(self.slope) / unit
        cut, site = np.nonzero(slope)
        count = len(self.constant)
        rows = Rows()
        rows.add_one(np.arange(f), np.ones(f), lower=0.0, upper=float(self.costs.p))
        must, by = np.nonzero(self.costs.must)
        rows.add(len(self.costs.must), must, by, np.ones(len(must)), lower=1.0, upper=np.inf)
        rows.add(
            count,
            np.concatenate([cut, np.arange(count)]),
            np.concatenate([site, f + np.array(self.theta)]),
            np.concatenate([slope[cut, site], np.ones(count)]),
            lower=np.array(self.constant) / unit,
            upper=np.inf,
        )
        program = rows.program(
            np.concatenate([np.zeros(f), np.ones(k)]),
            lower=np.concatenate([lower, np.zeros(k)]),
            upper=np.concatenate([upper, np.full(k, np.inf)]),
            integer=np.arange(f + k) < f,
        )
        return solve(program, limit_s=watch.left_s, absolute_gap=self.costs.slack(best) / unit / 2)

    def _round(self, x: Floats, chosen: Int64s) -> Int64s:
        """The better of the best choice and the swap optimum from the p largest values of x."""
        costs = self.costs
        largest = np.sort(np.argsort(-x, kind="stable")[: costs.p])
        return min(chosen, improve(costs.time, costs.cap, costs.people, largest), key=costs.total)
