"""The bound of a coverage problem by Benders cuts, and the sites it decides before any branching.

max sum_k theta_k  s.t.  theta_k <= constant_c + slope_c x for every cut c of part k,  sum x <= p,  rules:
the groups are projected out in parts, as in Cordeau, Furini & Ljubic (2019), doi:10.1016/j.ejor.2018.12.021,
with tangents of any concave worth instead of single covers, and stabilised between the relaxed optimum and
an inner point (Ben-Ameur & Neto 2007, doi:10.1002/net.20190). Cuts do not depend on the number of places, so
that one pool serves them all. Inside, theta is what is missing from the most that a part could add, in a
unit that makes values near 1.
"""

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.siting.coverage_core import Core
from optimizer.solver import CutLoop
from optimizer.watch import Watch

_PARTS = 20
ROUNDS = 400
_KEPT_BOUNDS = 40
_CONVERGED = 1e-7
_LOOK_BACK, _STALLED = 25, 0.04
"""The relaxation ends when so many rounds closed less than this share of what was open."""
_POOL, _PURGE_EVERY, _PATIENCE = 200, 5, 2
"""Beyond so many cuts, look every few rounds which did not bind at so many looks in turn, and drop them."""


class CoverageMaster:
    """The linear relaxation with warm re-solves.

    Attributes
    ----------
    places
        Most units that the columns may have in all.
    bound
        No allowed choice adds more to the value of the decided units.
    relaxed
        Units by column at the last optimum of the relaxation, shape (k,).
    infeasible
        Whether the rules and floors leave no choice at all, as far as the relaxation's tolerance goes.
    """

    def __init__(self, core: Core) -> None:
        self.core, self.places = core, core.places
        k = len(core.columns)
        self.parts = max(1, min(_PARTS, k))
        first = core.site[core.start[:-1]].astype(np.int64) if len(core.people) else np.empty(0, np.int64)
        self.part = first * self.parts // max(1, k)
        level = np.concatenate([[0.0], np.cumsum(core.worth)])
        open_worth = core.people * (level[len(core.worth) - 1] - level[core.done])
        self.room = np.bincount(self.part, weights=open_worth, minlength=self.parts)
        self.unit = max(1e-9, float(self.room.mean())) or 1.0
        self.slope, self.right = np.zeros((256, k)), np.zeros(256)
        self.theta, self.idle = np.zeros(256, np.int64), np.zeros(256, np.int64)
        self.rows = 0
        self.loop = CutLoop(
            np.concatenate([np.zeros(k), np.ones(self.parts)]),
            np.concatenate([core.most.astype(float), self.room / self.unit]),
        )
        self.loop.add(np.arange(k), -np.ones(k), -float(self.places))
        self.infeasible = False
        self.relaxed = np.zeros(k)
        self._add_rules()
        self._forget()

    def _forget(self) -> None:
        self.bound = float(self.room.sum())
        self.inner: Floats | None = None
        self._bounds: list[tuple[float, Floats]] = []

    def set_places(self, places: int) -> None:
        """Go on with another number of places and all the cuts."""
        self.places = places
        self.loop.set_at_least(0, -float(places))
        self._forget()

    def relax(
        self,
        added: Int64s,
        best: float,
        watch: Watch,
        *,
        slack: float,
        enough: float = 0.0,
        rounds: int = ROUNDS,
    ) -> None:
        """Close the relaxation by cuts, until it shows that ``best`` is within ``slack`` or no cut is left.

        ``added`` are units by column that come near the optimum; ``enough`` is a relative distance of bound
        and relaxed value that will do.
        """
        k = len(self.core.columns)
        spread = np.minimum(self.core.most, self.places / max(1, k))
        inner = 0.5 * spread + 0.5 * added if self.inner is None else self.inner
        inside = self._cut(inner, None)
        self._cut(added.astype(float), None)
        before_last = np.inf
        for done in range(rounds):
            found = self.loop.solve(watch.left_s)
            if found is None:
                self.infeasible = self.loop.infeasible
                return
            x, theta = found.values[:k], found.values[k:]
            self._lower_bound(found.duals[1:])
            self.relaxed = x
            if self.rows > _POOL and done % _PURGE_EVERY == 0:
                self._drop(found.duals[1:])
            watch.tell("coverage: bound", 0.1 + 0.6 * done / rounds)
            if watch.stopped_by or self.bound - best < slack:
                break
            if done % _LOOK_BACK == 0:
                if before_last - self.bound < _STALLED * (self.bound - best):
                    break
                before_last = self.bound
            at = 0.5 * (x + inner)
            before = self.rows
            value = self._cut(at, (x, theta))
            if self.rows == before:
                value = self._cut(x, (x, theta))
                at = x
                if self.rows == before:
                    break
            if value > inside:
                inside, inner = value, 0.5 * (inner + at)
            if self.bound - value <= max(enough, _CONVERGED) * max(1.0, self.core.base + self.bound):
                break
        self.inner = inner

    def decided(self, best: float, slack: float) -> tuple[Bools, Bools]:
        """Columns that no choice better than ``best`` by ``slack`` opens further; those it has full."""
        k = len(self.core.columns)
        closed, full = np.zeros(k, np.bool_), np.zeros(k, np.bool_)
        for bound, pull in self._bounds:
            chosen, marginal, following = self._greedy(pull)
            closed |= (chosen == 0) & (bound - (marginal - pull) < best + slack)
            full |= (chosen == self.core.most) & (bound - (pull - following) < best + slack)
        return closed, full

    def _drop(self, duals: Floats) -> None:
        """Drop the cuts that have not bound for some rounds: the simplex slows down with every row."""
        self.idle[: self.rows] += 1
        self.idle[: self.rows][(duals > 1e-9) | (self.theta[: self.rows] < 0)] = 0
        idle = np.flatnonzero(self.idle[: self.rows] >= _PATIENCE)
        if not len(idle):
            return
        self.loop.drop(idle + 1)
        kept = np.setdiff1d(np.arange(self.rows), idle)
        self.rows = len(kept)
        for array in (self.slope, self.right, self.theta, self.idle):
            array[: self.rows] = array[kept]

    def _cut(self, at: Floats, violated: tuple[Floats, Floats] | None) -> float:
        """Add the cuts at a point, all or those that (x, theta) violates; returns what the point adds."""
        from optimizer._kernels.cover_cuts import tangents

        core = self.core
        constant, slope = np.zeros(self.parts), np.zeros((self.parts, len(core.columns)))
        lists = (core.start, core.site)
        value = tangents(*lists, core.people, core.done, self.part, core.worth, at, constant, slope)
        right, slope = (self.room - constant) / self.unit, slope / self.unit
        which = np.arange(self.parts)
        if violated is not None:
            x, theta = violated
            which = which[right - slope @ x - theta > 1e-7]
        self._add(slope[which], right[which], which)
        self.cut_floors(at, violated)
        return float(value)

    def cut_priced(self, price: Floats) -> None:
        """Add the cuts of prices of cover, by group (g,): the next bound is theirs at least."""
        core = self.core
        gain = core.people[:, None] * core.worth[None]
        gain[np.arange(len(core.worth))[None] < core.done[:, None]] = 0.0
        profit = np.maximum(0.0, gain - price[:, None]).sum(axis=1)
        constant = np.bincount(self.part, weights=profit, minlength=self.parts)
        slope = np.zeros((self.parts, len(core.columns)))
        size = np.diff(core.start)
        np.add.at(slope, (np.repeat(self.part, size), core.site), np.repeat(price, size))
        self._add(slope / self.unit, (self.room - constant) / self.unit, np.arange(self.parts))

    def floor_rows(self) -> tuple[Floats, Floats]:
        """The rows without theta, rules among them: ``slope @ x >= right``."""
        plain = self.theta[: self.rows] < 0
        return self.slope[: self.rows][plain], self.right[: self.rows][plain]

    def cut_floors(self, at: Floats, violated: tuple[Floats, Floats] | None = None) -> None:
        """Add the rows of the floors at a point: tangents of how many of the protected are covered."""
        from optimizer._kernels.cover_cuts import tangents

        core = self.core
        once, none = np.array([1.0, 0.0]), np.zeros(len(core.people), np.int64)
        for weight, people in zip(core.floor_weight, core.floor_people, strict=True):
            constant, slope = np.zeros(1), np.zeros((1, len(core.columns)))
            tangents(core.start, core.site, weight, none, none, once, at, constant, slope)
            unit = max(1.0, abs(people))
            right, slope = (people - constant - 1e-6) / unit, slope / unit
            if violated is None or float((right - slope @ violated[0])[0]) > 1e-7:
                self._add(slope, right, np.array([-1]))

    def _add_rules(self) -> None:
        rules, k = self.core.rules, len(self.core.columns)
        column = np.repeat(np.arange(k), np.diff(rules.entry))
        line = np.zeros((len(rules.low), k))
        line[rules.rule, column] = rules.amount
        unit = np.maximum(1e-9, np.abs(line).max(axis=1, initial=0.0))
        unit[unit <= 1e-9] = 1.0
        for sign, limit in ((1.0, rules.low), (-1.0, -rules.high)):
            limited = np.isfinite(limit)
            self._add(
                sign * (line / unit[:, None])[limited], (limit / unit)[limited], np.full(limited.sum(), -1)
            )

    def _add(self, slope: Floats, right: Floats, theta: Int64s) -> None:
        """Add rows ``slope @ x + theta >= right``; theta -1 = none."""
        count, k = len(right), len(self.core.columns)
        while self.rows + count > len(self.right):
            self.slope = np.concatenate([self.slope, np.zeros_like(self.slope)])
            self.right = np.concatenate([self.right, np.zeros_like(self.right)])
            self.theta = np.concatenate([self.theta, np.zeros_like(self.theta)])
            self.idle = np.concatenate([self.idle, np.zeros_like(self.idle)])
        new = slice(self.rows, self.rows + count)
        self.slope[new], self.right[new], self.theta[new], self.idle[new] = slope, right, theta, 0
        self.rows += count
        row, column = np.nonzero(slope)
        parts = np.flatnonzero(theta >= 0)
        self.loop.add_many(
            np.concatenate([row, parts]),
            np.concatenate([column, k + theta[parts]]),
            np.concatenate([slope[row, column], np.ones(len(parts))]),
            right,
        )

    def _lower_bound(self, duals: Floats) -> None:
        """Lagrangian bound from any multipliers >= 0, so that no solver tolerance enters it."""
        used = np.flatnonzero(duals > 0)
        theta, weight = self.theta[used], duals[used]
        cut = theta >= 0
        share = np.bincount(theta[cut], weights=weight[cut], minlength=self.parts)
        weight[cut] /= np.maximum(1.0, share)[theta[cut]]
        pull = (weight @ self.slope[used]) * self.unit
        chosen, _, _ = self._greedy(pull)
        missing = float(weight @ self.right[used]) * self.unit - float(np.maximum(pull, 0.0) @ chosen)
        bound = float(self.room.sum()) - missing
        self._bounds = [*self._bounds, (bound, pull)]
        self._bounds.sort(key=lambda kept: kept[0])
        del self._bounds[_KEPT_BOUNDS:]
        self.bound = min(self.bound, bound)

    def _greedy(self, pull: Floats) -> tuple[Floats, float, float]:
        """Units that make most of ``pull``; the pull of the last unit placed and of the next one, >= 0."""
        most = self.core.most
        order = np.argsort(-pull, kind="stable")
        order = order[pull[order] > 0]
        before = np.cumsum(most[order]) - most[order]
        chosen = np.zeros(len(pull))
        chosen[order] = np.clip(self.places - before, 0, most[order])
        taken = order[chosen[order] > 0]
        all_placed = chosen.sum() >= self.places and len(taken) > 0
        left = order[chosen[order] < most[order]]
        marginal = float(pull[taken[-1]]) if all_placed else 0.0
        following = float(pull[left[0]]) if len(left) else 0.0
        return chosen, marginal, following
