"""Branch and cut for what the linear bound of a p-median leaves open."""

import heapq
from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.siting.median_relaxation import Bounded, Relaxation, decided
from optimizer.siting.median_swap import SwapSearch
from optimizer.watch import Watch

_WHOLE = 1e-6
_ROUNDS = 30
_STALL = 0.02
"""Part of the gap that a round of cuts has to close for another round to follow at once."""


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    bound: float
    lower: Floats
    upper: Floats


class Tree:
    """Best bound first; each node adds cuts, fixes sites by its own bound, then branches on one site."""

    def __init__(
        self,
        relaxation: Relaxation,
        search: SwapSearch,
        chosen: Int64s,
        watch: Watch,
        enough: float = np.inf,
    ) -> None:
        self.relaxation, self.keep, self.watch = relaxation, search, watch
        self.chosen, self.best = chosen, search.total(chosen)
        self.bound = -np.inf
        self.stopped_by: str | None = None
        self.nodes = 0
        self._enough = enough

    @property
    def _limit(self) -> float:
        return min(self._enough, self.best - self.keep.sites.slack(self.best))

    def search(self, root: Bounded) -> None:
        """Search until every open node is as good as the choice, or time is out."""
        f = self.relaxation.f
        first = _Node(root.bound, *self._decided(root, np.zeros(f), np.ones(f)))
        waiting = [(first.bound, 0, first)]
        while waiting:
            self.bound = max(self.bound, waiting[0][0])
            if self.bound >= self._limit:
                break
            self.watch.tell("p-median: proof", 0.8, self.bound, self.best)
            if self.watch.stopped_by:
                self.stopped_by = self.watch.stopped_by
                return
            _, _, node = heapq.heappop(waiting)
            for child in self._branched(node):
                self.nodes += 1
                heapq.heappush(waiting, (child.bound, self.nodes, child))
            if self.stopped_by:
                return
        self.bound = max(self.bound, min([self.best, self._enough, *(bound for bound, _, _ in waiting)]))

    def _branched(self, node: _Node) -> list[_Node]:
        """Bound a node; its two halves, or nothing when it is settled."""
        lower, upper, bound = node.lower, node.upper, node.bound
        x = np.empty(0)
        for _ in range(_ROUNDS):
            self.relaxation.limit(lower, upper)
            found = self.relaxation.solve(self.watch.left_s)
            if found.status == "stopped":
                self.stopped_by = self.watch.stopped_by or "time"
                return []
            if found.status == "infeasible":
                return []
            known = self.relaxation.bounded(found.duals, lower, upper)
            gained = known.bound - bound
            bound = max(bound, known.bound)
            if bound > self._limit:
                return []
            lower, upper = self._decided(known, lower, upper)
            x, theta = self.relaxation.point(found)
            whole = bool((np.minimum(x, 1 - x) < _WHOLE).all())
            if whole:
                x = np.rint(x)
                self._offer(np.flatnonzero(x > 0.5))
            if not (self.relaxation.separate_shares(x) + self.relaxation.separate(x, x, theta)):
                if whole:
                    return []
                break
            if not whole and gained < _STALL * (self.best - bound):
                break
        return self._halves(_Node(bound, lower, upper), x)

    def _halves(self, node: _Node, x: Floats) -> list[_Node]:
        free = np.flatnonzero((node.lower < 0.5) & (node.upper > 0.5))
        if not len(free):
            return [] if self._settled(node) else [node]
        site = int(free[np.abs(x[free] - 0.5).argmin()])
        lower, upper = node.lower.copy(), node.upper.copy()
        lower[site], upper[site] = 1.0, 0.0
        return [_Node(node.bound, lower, node.upper), _Node(node.bound, node.lower, upper)]

    def _settled(self, node: _Node) -> bool:
        """A node with every site decided: offer its choice; cuts at it make the bound exact."""
        chosen = np.flatnonzero(node.lower > 0.5)
        if self.keep.keeping.allows(chosen):
            self._offer(chosen)
        return True

    def _decided(self, known: Bounded, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        return decided(known, self._limit, lower, upper, self.relaxation.keeping)

    def _offer(self, chosen: Int64s) -> None:
        """Take a choice, or the swap optimum from it, where it keeps to the rules and is better."""
        if not self.keep.keeping.allows(chosen):
            return
        found = self.keep.improve(chosen)
        total = self.keep.total(found)
        if total < self.best:
            self.chosen, self.best = found, total
