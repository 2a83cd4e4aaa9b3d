"""Bounds of coverage below the relaxation: windows of neighbouring groups, each solved in whole sites.

Every group belongs to one window. A site pays each window that it reaches a rent, and

    f(S) <= sum_w max_T [ f_w(T) - rents of T in w ] + the largest rents in all of as many sites as places

for any rents >= 0: Lagrangian decomposition (Guignard & Kim 1987, doi:10.1007/BF02592954) of the copies that
the windows have of a site. The relaxation lets halves of sites cover everybody where they overlap; within a
window that cannot be, so that the bound falls below the relaxation's, the more the larger the windows are.
Rents follow a deflected subgradient: a site pays more where a window wants it more than the others do. Any
rents bound every number of places.
"""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.siting.cover_bits import Int32s, Words
from optimizer.siting.coverage_core import Core
from optimizer.watch import Watch

_BALANCE = 1.5
"""Most people of a window, as a multiple of the mean."""
_SLACK, _NODES = 0.0004, 6_000
"""Share of the value that the windows together may miss, most nodes of one window."""
_FIRST_ROUNDS, _ROUNDS = 60, 30
"""Rounds of prices at the first node of a window and at the others: with 12 there were 4 times the nodes, and
a third more time."""
_NEWEST, _STEP, _SHORTER, _PATIENCE = 0.4, 0.15, 0.6, 3
_LEAST_SHARE = 0.02
"""Steps go with the root of the share of the rent that a window gets, and at least this share."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Window:
    """Some groups, the columns that reach them, their rents here, and what is known of the best choice."""

    groups: Int64s
    columns: Int64s
    start: Int64s
    site: Int32s
    people: Floats
    rent: Floats
    price: Floats
    opened: Bools
    ahead: Floats
    limit: float = np.inf

    def solve(self, key: Words, slack: float) -> None:
        """Find the best columns at the rents of now."""
        from optimizer._kernels.cover_windows import most_profit

        self.limit, _, _ = most_profit(
            self.start, self.site, self.people, self.rent, key[self.columns], slack, _NODES,
            _FIRST_ROUNDS, _ROUNDS, self.price, self.opened,
        )  # fmt: skip


def counted_once(core: Core) -> bool:
    """Whether a first cover is all that counts, by single sites: what windows are made for."""
    return len(core.worth) == 2 and bool((core.most == 1).all()) and not core.bound_to


def split(core: Core, counts: Sequence[int]) -> list[Int64s]:
    """Window of each group, shape (g,), for each count, about so many; each of windows of the one before."""
    label, labels = _neighbourhoods(core), []
    for count in counts:
        label = _merged(core, label, count)
        labels.append(label)
    return labels


class CoverageWindows:
    """Limits of a core that is counted once.

    Attributes
    ----------
    limits
        Most that 0, 1, ... places add to the value, as far as known, shape (k + 1,).
    """

    def __init__(self, core: Core, price: Floats) -> None:
        """``price`` of cover by group, shape (g,), from which the first rents are made."""
        self.core, self.price = core, price.copy()
        k = len(core.columns)
        self.pull = np.bincount(core.site, weights=np.repeat(price, np.diff(core.start)), minlength=k)
        self.key = np.random.default_rng(0).integers(1, 2**63, k).astype(np.uint64)
        self.limits = np.full(k + 1, core.room)
        self.windows: list[_Window] = []
        self.rent: float | None = None
        self.crowded = 0.0

    def divide(self, label: Int64s) -> None:
        """Work from now on with these windows, shape (g,), each a union of those before."""
        old = self.windows
        for window in old:
            self.price[window.groups] = window.price
        self.windows = [self._window(np.flatnonzero(label == w)) for w in np.unique(label)]
        if not old:
            return
        rent, opened = np.zeros((2, len(self.windows), len(self.core.columns)))
        into = {int(label[window.groups[0]]): w for w, window in enumerate(self.windows)}
        for window in old:
            w = into[int(label[window.groups[0]])]
            rent[w, window.columns] += window.rent
            opened[w, window.columns] += window.opened
        for window, paid, was in zip(self.windows, rent, opened, strict=True):
            window.rent, window.opened = paid[window.columns], was[window.columns] > 0

    def _window(self, groups: Int64s) -> _Window:
        core = self.core
        size = (core.start[1:] - core.start[:-1])[groups]
        start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        at = np.repeat(core.start[groups] - start[:-1], size) + np.arange(start[-1])
        columns, site = np.unique(core.site[at], return_inverse=True)
        price = self.price[groups]
        return _Window(
            groups=groups,
            columns=columns.astype(np.int64),
            start=start,
            site=site.astype(np.int32),
            people=core.people[groups] * core.worth[0],
            rent=np.bincount(site, weights=np.repeat(price, size), minlength=len(columns)).astype(float),
            price=price,
            opened=np.zeros(len(columns), np.bool_),
            ahead=np.zeros(len(columns)),
        )

    def lower(self, places: int, best: float, *, rounds: int, enough: float, watch: Watch) -> None:
        """Lower the limits, that of ``places`` first, until it is ``enough``; steps aim at ``best``."""
        if not self.windows:
            return
        if self.rent is None:
            marginal = np.sort(self.pull)[::-1][max(0, min(places, len(self.pull)) - 1)]
            self.rent = max(1e-9 * self.core.room, float(marginal))
        self._charge()
        lowest, step, quiet, kept = np.inf, _STEP, 0, self._rents()
        for _ in range(rounds):
            if watch.stopped_by:
                break
            limit = self._limited(places, best)
            quiet += 1
            if limit < lowest:
                lowest, quiet, kept = limit, 0, self._rents()
            if self.limits[places] <= enough:
                break
            if quiet > _PATIENCE:
                step, quiet = step * _SHORTER, 0
                self._pay(kept)
            if not self._step(places, step * (limit - best)):
                break
            self._charge()
        self._pay(kept)

    def _rents(self) -> tuple[float, list[Floats]]:
        return self.rent or 0.0, [window.rent for window in self.windows]

    def _pay(self, rents: tuple[float, list[Floats]]) -> None:
        self.rent = rents[0]
        for window, rent in zip(self.windows, rents[1], strict=True):
            window.rent = rent

    def _limited(self, places: int, best: float) -> float:
        """Solve the windows; the limit of ``places`` at these rents, those of all numbers noted."""
        slack = _SLACK * (self.core.base + best) / len(self.windows)
        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            list(threads.map(lambda window: window.solve(self.key, slack), self.windows))
        total = np.sort(self._by_column(window.rent for window in self.windows))[::-1]
        limits = sum(window.limit for window in self.windows) + np.concatenate([[0.0], np.cumsum(total)])
        self.limits = np.minimum(self.limits, limits)
        return float(limits[min(places, len(total))])

    def _by_column(self, amounts: Iterable[Floats]) -> Floats:
        total = np.zeros(len(self.core.columns))
        for window, amount in zip(self.windows, amounts, strict=True):
            total[window.columns] += amount
        return total

    def _charge(self) -> None:
        """Scale what each site pays so that it comes to the same in all."""
        total = self._by_column(window.rent for window in self.windows)
        paid = total > 1e-12 * self.core.room
        scale = np.where(paid, (self.rent or 0.0) / np.where(paid, total, 1.0), 1.0)
        for window in self.windows:
            window.rent = window.rent * scale[window.columns]

    def _step(self, places: int, by: float) -> bool:
        """Move rents from windows that do without a site to those that want it; False where all agree.

        The rent in all rises where more sites are wanted than there are places.
        """
        rent = self.rent or 0.0
        ease = [np.sqrt(window.rent / rent + _LEAST_SHARE) for window in self.windows]
        taken = sum(float(window.rent @ window.opened) for window in self.windows) / rent
        self.crowded += _NEWEST * (taken - places - self.crowded)
        wanted = self._by_column(e * w.opened for e, w in zip(ease, self.windows, strict=True))
        mean = wanted / np.maximum(self._by_column(ease), 1e-12)
        norm = self.crowded**2
        for e, window in zip(ease, self.windows, strict=True):
            window.ahead += _NEWEST * (window.opened - mean[window.columns] - window.ahead)
            norm += float(e @ window.ahead**2)
        if norm <= 1e-9 or by <= 0:
            return False
        self.rent = max(0.5 * rent, rent + by / norm * self.crowded)
        for e, window in zip(ease, self.windows, strict=True):
            window.rent = np.maximum(0.0, window.rent + by / norm * e * window.ahead)
        return True


def _neighbourhoods(core: Core) -> Int64s:
    """Each group with the column of most people that covers it, numbered from 0, shape (g,)."""
    size = np.diff(core.start)
    group = np.repeat(np.arange(len(size)), size)
    reach = np.bincount(core.site, weights=core.people[group], minlength=len(core.columns))
    order = np.lexsort((core.site, -reach[core.site], group))
    home = core.site[order[core.start[:-1]]]
    return np.asarray(np.unique(home, return_inverse=True)[1], np.int64)


def _merged(core: Core, label: Int64s, windows: int) -> Int64s:
    """Merge windows that share most sites by people, two by two, numbered anew from 0.

    Sharing is counted against the sizes of both, so that windows grow alike; none grows beyond the balance.
    """
    n, k = int(label.max(initial=-1)) + 1, len(core.columns)
    size = np.diff(core.start)
    reach = np.zeros((n, k))
    np.add.at(reach, (np.repeat(label, size), core.site), np.repeat(core.people, size))
    people = np.bincount(label, weights=core.people, minlength=n)
    most = _BALANCE * people.sum() / max(1, windows)
    into, alive = np.arange(n), np.ones(n, np.bool_)
    shared = np.array([np.minimum(one, reach).sum(axis=1) for one in reach]).reshape(n, n)
    while alive.sum() > windows:
        score = shared / np.sqrt(np.maximum(1e-12, people[:, None] * people[None]))
        score[(people[:, None] + people[None] > most) | ~alive[:, None] | ~alive[None]] = 0.0
        np.fill_diagonal(score, 0.0)
        a, b = np.unravel_index(int(score.argmax()), score.shape)
        if score[a, b] <= 0:
            break
        reach[a] += reach[b]
        people[a] += people[b]
        alive[b], into[into == b] = False, a
        shared[a] = shared[:, a] = np.minimum(reach[a], reach).sum(axis=1)
    return np.asarray(np.unique(into, return_inverse=True)[1][label], np.int64)
