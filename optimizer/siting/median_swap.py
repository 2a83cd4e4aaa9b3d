"""Swap search for the p-median: exchange one open site for a closed one while that saves anything.

Teitz & Bart (1968), doi:10.1287/opre.16.5.955, with gains, losses and what a pair has in common kept up to
date as in Resende & Werneck (2007), doi:10.1007/s10479-006-0154-0. With opening costs sites are also opened
and closed alone.
"""

from typing import Any

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.siting.keeping import Keeping
from optimizer.siting.nearest_sites import NearestSites, by_parts, kernel

_STEPS = 10_000
_TRIED = 400
"""Exchanges that are held against the rules at a step, best first, before the search gives up."""


class SwapSearch:
    """Swap search over all rows of ``sites``; the best of several starts."""

    def __init__(self, sites: NearestSites, keeping: Keeping, opening: Floats) -> None:
        self.sites, self.keeping, self.opening = sites, keeping, opening

    def total(self, chosen: Int64s) -> float:
        """Weighted cost of all rows and of opening."""
        return self.sites.total(chosen) + float(self.opening[chosen].sum())

    def improve(self, chosen: Int64s) -> Int64s:
        """Exchange, open or close sites while that saves anything; ascending site numbers."""
        state = self._state(chosen)
        least = max(1e-9 * abs(self.total(chosen)), 0.5 if self.sites.whole else 0.0)
        if self.keeping.free_choice:
            self._descend(state, least)
        else:
            self._descend_within_rules(state, least)
        slots = state["chosen"]
        return np.sort(slots[slots >= 0]).astype(np.int64)

    def perturbed(self, chosen: Int64s, tries: int, seed: int) -> Int64s:
        """Improve again and again from the best choice with some of its sites exchanged at random."""
        rng = np.random.default_rng(seed)
        best, least = chosen, self.total(chosen)
        closed_most = self.sites.free_sites - len(chosen)
        for _ in range(tries if len(chosen) and closed_most else 0):
            many = min(2 + int(rng.integers(max(1, len(best) // 3))), len(best), closed_most)
            stay = np.sort(rng.permutation(best)[many:])
            others = np.setdiff1d(np.arange(self.sites.free_sites), best)
            start = np.union1d(stay, rng.choice(others, min(many, len(others)), replace=False))
            if not self.keeping.free_choice and not self.keeping.allows(start):
                continue
            found = self.improve(start)
            total = self.total(found)
            if total < least:
                best, least = found, total
        return best

    def _state(self, chosen: Int64s) -> dict[str, Any]:
        serve_all = kernel("swaps", "serve_all")
        sites = self.sites
        n, f, p = len(sites.cap), sites.free_sites, self.keeping.places
        slots = np.full(p, -1, np.int64)
        slots[: len(chosen)] = chosen
        open_slot = np.full(f, -1, np.int32)
        open_slot[chosen] = np.arange(len(chosen))
        first, near, next_near = np.empty(n, np.int32), np.empty(n), np.empty(n)

        def served(part: slice) -> tuple[Floats, Floats, Floats]:
            sums = np.empty(f), np.empty(p), np.empty((f, p))
            rows = (first[part], near[part], next_near[part])
            serve_all(*sites.lists(part), sites.weight[part], open_slot, slots, *rows, *sums)
            return sums

        gain, loss, extra = (np.sum(sums, axis=0) for sums in zip(*by_parts(served, n), strict=True))
        return {
            "open_slot": open_slot,
            "chosen": slots,
            "first": first,
            "near": near,
            "next_near": next_near,
            "gain": gain,
            "loss": loss,
            "extra": extra,
        }

    def _lists(self) -> tuple[Any, ...]:
        return *self.sites.lists(slice(None)), self.sites.weight

    def _descend(self, state: dict[str, Any], least: float) -> None:
        descend = kernel("swaps", "descend")
        descend(*self._lists(), self.opening, *state.values(), least, _STEPS, self.keeping.at_least)

    def _descend_within_rules(self, state: dict[str, Any], least: float) -> None:
        exchange = kernel("swaps", "exchange")
        for _ in range(_STEPS):
            move = self._best_allowed(state, least)
            if move is None:
                return
            exchange(*self._lists(), *state.values(), *move)

    def _best_allowed(self, state: dict[str, Any], least: float) -> tuple[int, int] | None:
        """The exchange, opening or closing that saves most within the rules: slot and site (-1 = none)."""
        slots = state["chosen"]
        used = slots >= 0
        given = np.where(used, self.opening[slots] - state["loss"], 0.0)
        saved = (state["gain"] - self.opening)[:, None] + given + state["extra"] * used
        saved[state["open_slot"] >= 0] = -np.inf
        saved = np.vstack([saved, np.where(used, given, -np.inf)])
        flat = saved.ravel()
        better = np.flatnonzero(flat > least)
        for place in better[np.argsort(-flat[better], kind="stable")][:_TRIED].tolist():
            site, slot = divmod(place, len(slots))
            site = site if site < len(self.opening) else -1
            after = np.delete(slots, slot)
            after = after[after >= 0]
            if self.keeping.allows(after if site < 0 else np.append(after, site)):
                return slot, site
        return None


def greedy(search: SwapSearch, first: Int64s) -> Int64s:
    """These sites, and those that save most beside them until no more may open or saves anything."""
    now = np.asarray(first, np.int64)
    sites, f = search.sites, search.sites.free_sites
    state = search._state(now)
    while len(now) < search.keeping.places and len(now) < f:
        saved = np.where(state["open_slot"] < 0, state["gain"] - search.opening, -np.inf)
        site = int(saved.argmax())
        if len(now) >= search.keeping.at_least and saved[site] <= (0.5 if sites.whole else 0.0):
            break
        now = np.append(now, site)
        if not search.keeping.free_choice and not search.keeping.allows(now):
            return now[:-1]
        _open(search, state, site)
    return np.sort(now)


def _open(search: SwapSearch, state: dict[str, Any], site: int) -> None:
    exchange = kernel("swaps", "exchange")
    slot = int(np.flatnonzero(state["chosen"] < 0)[0])
    exchange(*search._lists(), *state.values(), slot, site)
