"""Bounds of coverage below the relaxation: windows of neighbouring groups, each solved in whole sites.

Every group belongs to one window. A site pays each window that it reaches a rent, of any sign, and

    f(S) <= sum_w max_T [ f_w(T) - rents of T in w ] + the largest rents in all of as many sites as places:

Lagrangian decomposition (Guignard & Kim 1987, doi:10.1007/BF02592954) of the copies that the windows have of
a site. The relaxation lets halves of sites cover everybody where they overlap; in a window that cannot be, so
that the bound falls below the relaxation's, the more the larger the windows are. Rents follow a proximal
bundle method: choices of the windows seen so far steer them (``optimizer._kernels.window_rents``), climbing
finds further choices, and where they let hope, the windows are solved. Choices hold for any number of places.
With two divisions each group counts half in either: what the borders of one lose, the other knows.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Floats, Int64s, Lists
from optimizer.siting.coverage_core import Core
from optimizer.watch import Watch

_SLACK, _ROOM, _NODES = 0.00003, 0.5, 6_000
"""Share of the value that the windows together may miss at least, share of what is left of the limit asked
that they may miss, most nodes of one window."""
_FIRST_ROUNDS, _ROUNDS = 60, 30
"""Rounds of prices at the first node of a window and at the others: with 12 there were 4 times the nodes, and
a third more time."""
_OTHERS = 40
"""Choices beside the best that solving a window leaves behind at most."""
_AT_FIRST = (0.1, 0.2, 0.4, 0.8) * 5
_NOISE = (0.05, 0.05, 0.1, 0.1, 0.2, 0.3)
"""Changes of rents, as a share, from which choices are climbed to: before the first round, and in each."""
_STEP, _LONGER, _SHORTER = 0.15, 2.0, 0.7
"""Step of the bundle method, at first and as a rule at most, as a multiple of the rent in all, and how it
changes; of what a place has on average where shorter ones promise nothing."""
_SERIOUS, _GOOD = 0.1, 0.5
"""Shares of the promised descent that make a step count, and the next one longer."""
_STUCK, _LITTLE = 0.03, 1e-5
"""A promised descent of less of what is missing is none, nor one of less of the value."""
_AHEAD, _AFTER = 0.1, 0.02
"""Windows are solved where the choices known make less than what is asked, by these shares of the gap asked:
the first time, and later. Solving is what costs, and choices that climbing finds do nearly as well."""
_MOST_ROUNDS = 200
"""Most turns before the rents are given back: each moves them, lengthens the step or solves the windows."""
_LEAST_EASE = 0.05
"""Rents move with the root of their share of the rent in all, and this much at least: else 0 would stay 0."""
_SWEEPS, _NEAR = 600, 3e-7
"""Most sweeps of one step, and the share of the value below which an exchange is not worth one."""
_MOST_COLUMNS = 2_000
"""Dividing holds all pairs of columns, and a way for each."""
_ADDED = 1e-12
"""Share of all people by which limits are raised: sums of large amounts are rounded."""
_KEPT = 600
"""Choices that a window remembers at most."""

Choices = NDArray[np.int8]
Done = TypeVar("Done")


@dataclass(slots=True, kw_only=True, eq=False)
class _Window:
    """Some groups, the columns that reach them, the prices of their cover, and choices of columns."""

    groups: Int64s
    columns: Int64s
    start: Lists
    site: Lists
    people: Floats
    price: Floats
    choices: Choices
    covers: Floats = field(default_factory=lambda: np.zeros(1))
    mix: Floats = field(default_factory=lambda: np.ones(1))
    known: set[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.known = {one.tobytes() for one in self.choices}

    def profits(self, rents: Floats) -> Floats:
        from optimizer._kernels.window_climb import profits  # threads of BLAS would be in the way of ours

        return profits(self.choices, self.covers, rents)

    def add(self, choices: Choices, covers: Floats) -> None:
        """Remember choices that are new."""
        new = []
        for i, one in enumerate(choices):
            if (told := one.tobytes()) not in self.known:
                self.known.add(told)
                new.append(i)
        self.choices = np.concatenate([self.choices, choices[new]])
        self.covers = np.concatenate([self.covers, covers[new]])
        self.mix = np.concatenate([self.mix, np.zeros(len(new))])

    def cover(self, choices: Choices) -> Floats:
        """People whom each choice covers, shape (n,)."""
        from optimizer._kernels.window_climb import covered

        return covered(self.start, self.site, self.people, choices)

    def forget(self, rents: Floats) -> None:
        """Keep the mix and the choices that make most."""
        if len(self.covers) <= _KEPT:
            return
        order = np.argsort(-self.profits(rents) - np.where(self.mix > 0, np.inf, 0.0), kind="stable")
        kept = np.sort(order[: max(2 * _KEPT // 3, int((self.mix > 0).sum()))])
        self.choices, self.covers, self.mix = self.choices[kept], self.covers[kept], self.mix[kept]
        self.known = {one.tobytes() for one in self.choices}

    def climb(self, rents: Floats, factor: Floats) -> None:
        """Add the choices that climbing reaches at rents changed by ``factor`` (n, k)."""
        from optimizer._kernels.window_climb import choices_near

        first = self.choices[int(self.profits(rents).argmax())] > 0
        choices, covers = np.zeros((2 * len(factor), len(rents)), np.int8), np.zeros(2 * len(factor))
        choices_near(self.start, self.site, self.people, rents, factor, first, choices, covers)
        self.add(choices, covers)

    def solve(self, rents: Floats, key: NDArray[np.uint64], slack: float) -> float:
        """The most that any choice makes at these rents, and the choice added."""
        from optimizer._kernels.cover_windows import most_profit

        opened = self.choices[int(self.profits(rents).argmax())] > 0
        others = np.zeros((_OTHERS, len(self.columns)), np.int8)
        limit, _, _, seen = most_profit(
            self.start, self.site, self.people, rents, key[self.columns], slack, _NODES,
            _FIRST_ROUNDS, _ROUNDS, self.price, opened, others,
        )  # fmt: skip
        found = np.concatenate([opened.astype(np.int8)[None], others[:seen]])
        self.add(found, self.cover(found))
        return float(limit)


def counted_once(core: Core) -> bool:
    """Whether a first cover is all that counts, by single sites, not too many: what windows are made for."""
    once = len(core.worth) == 2 and bool((core.most == 1).all()) and not core.bound_to
    return once and len(core.columns) <= _MOST_COLUMNS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rents:
    """Rents of the columns of each window, what a site pays in all, and how far the next step may go."""

    by_window: Sequence[Floats]
    in_all: float
    step: float


class CoverageWindows:
    """Limits of a core that is counted once; what the windows learn at some rents helps at others.

    Attributes
    ----------
    limits
        Most that 0, 1, ... places add to the value, as far as known, shape (k + 1,).
    shares
        How far each column is open in the mix that steered last, in its order of merit: at most 1, below 0
        for columns that pay less than the rent; shape (k,).
    """

    def __init__(self, core: Core, *divisions: Int64s) -> None:
        """Each division is the window of each group, shape (g,)."""
        self.core, k, self.part = core, len(core.columns), 1 / len(divisions)
        self.room = core.room  # kept: it is a product of vectors, and threads of BLAS stay awake after each
        self.key = np.random.default_rng(0).integers(1, 2**63, k).astype(np.uint64)
        self.random = np.random.default_rng(1)
        self.limits, self.shares = np.full(k + 1, self.room), np.zeros(k)
        self.windows = [
            self._window(np.flatnonzero(label == w)) for label in divisions for w in np.unique(label)
        ]

    def _window(self, groups: Int64s) -> _Window:
        core = self.core
        size = (core.start[1:] - core.start[:-1])[groups]
        start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        at = np.repeat(core.start[groups] - start[:-1], size) + np.arange(start[-1])
        columns, site = np.unique(core.site[at], return_inverse=True)
        return _Window(
            groups=groups,
            columns=columns.astype(np.int64),
            start=start.astype(np.uint32),
            site=site.astype(np.uint32),
            people=core.people[groups] * core.worth[0] * self.part,
            price=np.zeros(len(groups)),
            choices=np.zeros((1, len(columns)), np.int8),
        )

    def first_rents(self, price: Floats, places: int) -> Rents:
        """What prices of cover by group, shape (g,), say that are good for ``places``.

        The limit at these rents is that of the prices at most. The windows start from these prices.
        """
        price = np.clip(price, 0.0, self.core.people * self.core.worth[0])
        k, size = len(self.core.columns), np.diff(self.core.start)
        pull = np.bincount(self.core.site, weights=np.repeat(price, size), minlength=k)
        rent = float(np.sort(pull)[::-1][max(0, min(places, k) - 1)]) if k else 0.0
        rent = max(1e-9 * self.room, rent)
        own = []
        for window in self.windows:
            window.price = price[window.groups] * self.part
            each = np.repeat(window.price, np.diff(window.start))
            part = np.bincount(window.site, weights=each, minlength=len(window.columns))
            own.append(part * rent / np.maximum(1e-12, pull[window.columns]))
        if self.room > 0:
            self._climb(own, _AT_FIRST)
        return Rents(by_window=own, in_all=rent, step=_STEP * rent)

    def lower(
        self, rents: Rents, places: int, best: float, *, solves: int, enough: float, watch: Watch
    ) -> Rents:
        """Lower the limits, that of ``places`` first, until it is ``enough`` or hardly moves; the rents then.

        ``best`` is what a known choice of as many places adds to the value. The windows are solved so many
        times at most: with 0 the rents and shares come from what climbing finds, and no limit is lowered.
        """
        if not self.windows or self.room <= 0:
            return rents
        places, solved = min(places, len(self.core.columns)), 0
        for _ in range(_MOST_ROUNDS):
            if self.limits[places] <= enough or watch.stopped_by:
                break
            aim, in_all = self._steered(rents, places, best)
            promised, held = self._made(aim, places), self._made(rents.by_window, places)
            stuck = held - promised < max(_STUCK * abs(held - enough), _LITTLE * (self.core.base + best))
            if stuck and held > enough and rents.step < self._farthest(places):
                rents = replace(rents, step=min(_LONGER * rents.step, self._farthest(places)))
            elif stuck or held <= enough - (_AFTER if solved else _AHEAD) * max(0.0, enough - best):
                if solved >= solves:
                    break
                slack = max(_SLACK * (self.core.base + best), _ROOM * (enough - held))
                self._limit(rents.by_window, slack, watch)
                solved += 1
                if stuck and (held > enough or self._made(rents.by_window, places) <= held):
                    break
            else:
                aimed = Rents(by_window=aim, in_all=in_all, step=rents.step)
                rents = self._moved(rents, aimed, places, promised)
        return rents

    def _moved(self, rents: Rents, aim: Rents, places: int, promised: float) -> Rents:
        """The rents aimed at if they keep what they promise where windows have climbed, or a shorter step."""
        self._climb(aim.by_window, _NOISE)
        held, made = self._made(rents.by_window, places), self._made(aim.by_window, places)
        step = rents.step
        if made < held - _GOOD * (held - promised):
            step = min(_LONGER * step, max(step, _STEP * aim.in_all))
        elif made - held > held - promised:
            step *= _SHORTER
        rents = replace(aim if made < held - _SERIOUS * (held - promised) else rents, step=step)
        for window, own in zip(self.windows, rents.by_window, strict=True):
            window.forget(own)
        return rents

    def _farthest(self, places: int) -> float:
        return _STEP * self.room / max(1, places)

    def _climb(self, rents: Sequence[Floats], noise: tuple[float, ...]) -> None:
        """Let every window climb at rents changed by lot."""
        size = np.array(noise)[:, None]
        factor = [
            np.maximum(0.0, 1 + size * self.random.standard_normal((len(noise), len(window.columns))))
            for window in self.windows
        ]
        self._all(lambda i: self.windows[i].climb(rents[i], factor[i]))

    def _limit(self, rents: Sequence[Floats], slack: float, watch: Watch) -> None:
        """Solve the windows, which may miss ``slack`` together, and note the limits of all numbers."""
        each = slack / len(self.windows)

        def most(i: int) -> float:
            return np.inf if watch.stopped_by else self.windows[i].solve(rents[i], self.key, each)

        limit = sum(self._all(most)) + self._earned(rents) + _ADDED * self.room
        self.limits = np.minimum(self.limits, limit)

    def _made(self, rents: Sequence[Floats], places: int) -> float:
        """What the limit of ``places`` would be if no window had a better choice than those it knows."""
        made = sum(float(w.profits(own).max()) for w, own in zip(self.windows, rents, strict=True))
        return made + float(self._earned(rents)[places])

    def _earned(self, rents: Sequence[Floats]) -> Floats:
        """The largest rents in all of 0, 1, ... sites, shape (k + 1,)."""
        total = np.sort(np.maximum(0.0, self._by_column(rents)))[::-1]
        return np.concatenate([[0.0], np.cumsum(total)])

    def _by_column(self, amounts: Iterable[Floats]) -> Floats:
        total = np.zeros(len(self.core.columns))
        for window, amount in zip(self.windows, amounts, strict=True):
            total[window.columns] += amount
        return total

    def _all(self, work: Callable[[int], Done]) -> list[Done]:
        """Do the same for every window, the largest first."""
        order = sorted(range(len(self.windows)), key=lambda i: -len(self.windows[i].columns))
        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            done = dict(zip(order, threads.map(work, order), strict=True))
        return [done[i] for i in range(len(self.windows))]

    def _steered(self, rents: Rents, places: int, best: float) -> tuple[list[Floats], float]:
        """Rents that the choices known point to, by window, and in all."""
        from optimizer._kernels.window_rents import steered

        begin = np.concatenate([[0], np.cumsum([len(w.columns) for w in self.windows])]).astype(np.int64)
        first = np.concatenate([[0], np.cumsum([len(w.covers) for w in self.windows])]).astype(np.int64)
        choices = np.zeros((first[-1], int(np.diff(begin).max())), np.int8)
        for i, window in enumerate(self.windows):
            choices[first[i] : first[i + 1], : len(window.columns)] = window.choices
        center, columns = np.concatenate(rents.by_window), np.concatenate([w.columns for w in self.windows])
        ease = np.sqrt(np.maximum(0.0, center) / rents.in_all) + _LEAST_EASE
        mix, found = np.concatenate([w.mix for w in self.windows]), np.zeros_like(center)
        in_all = steered(
            begin, columns.astype(np.uint32), ease, center, first, choices,
            np.concatenate([w.covers for w in self.windows]), mix, len(self.core.columns), places,
            rents.in_all, rents.step, _SWEEPS, _NEAR * (self.core.base + best), found, self.shares,
        )  # fmt: skip
        for i, window in enumerate(self.windows):
            window.mix = mix[first[i] : first[i + 1]]
        own = [found[begin[i] : begin[i + 1]] for i in range(len(self.windows))]
        return self._even(own, in_all), max(1e-9 * self.room, in_all)

    def _even(self, rents: list[Floats], in_all: float) -> list[Floats]:
        """Rents of sites that pay less than the others in all, raised to as much, each by its amount."""
        total, amount = self._by_column(rents), self._by_column(np.abs(own) for own in rents)
        low = (total > 0) & (total < in_all)
        more = np.where(low, (in_all - total) / np.where(low, amount, 1.0), 0.0)
        return [own + more[w.columns] * np.abs(own) for w, own in zip(self.windows, rents, strict=True)]
