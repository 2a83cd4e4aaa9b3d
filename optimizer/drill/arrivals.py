"""Calls drawn by chance: when, of which kind, where, and how long each part takes.

Calls come as a Poisson process whose rate is constant within an hour of the week: given their number, they
are placed by inverting the cumulative rate (Lewis and Shedler 1979, doi:10.1002/nav.3800260304). Every
purpose has its own stream of random numbers, keyed by seed and replication, so that two drills of one seed
see the same calls whatever their teams and rules are: common random numbers.
"""

from dataclasses import dataclass
from math import gamma
from typing import Literal

import numpy as np

from optimizer.drill.problem import Calls, DrillProblem
from optimizer.problem import Floats, Int64s

WEEK_H = 168
HOUR_DS = 36_000
_TIMES, _GROUPS, _PLACES, _WORK, _TRANSPORT, _HANDOVER = range(6)


@dataclass(frozen=True, slots=True)
class Spread:
    """A time that varies: its law, mean in seconds, and ``shape``.

    ``shape``: of ``lognormal`` the standard deviation over the mean, of ``weibull`` its exponent.
    """

    law: Literal["fixed", "exponential", "lognormal", "weibull"]
    mean_s: float
    shape: float = 1.0

    def drawn_ds(self, uniform: Floats) -> Int64s:
        """Times for uniform numbers in [0, 1), whole deciseconds, same shape."""
        return np.rint(self._seconds(uniform) * 10).astype(np.int64)

    def _seconds(self, uniform: Floats) -> Floats:
        if self.law == "fixed":
            return np.full(uniform.shape, self.mean_s)
        if self.law == "lognormal":
            from scipy.special import ndtri

            variance = np.log1p(self.shape**2)
            centre = np.log(self.mean_s) - variance / 2
            normal = ndtri(np.maximum(uniform, np.finfo(float).tiny))
            return np.asarray(np.exp(centre + np.sqrt(variance) * normal), np.float64)
        exponential = -np.log1p(-uniform)
        if self.law == "exponential":
            return np.asarray(self.mean_s * exponential)
        return np.asarray(self.mean_s / gamma(1 + 1 / self.shape) * exponential ** (1 / self.shape))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """Where calls come from; ``g`` groups (calls of one kind from one set of places), ``k`` kinds.

    Parameters
    ----------
    rate_per_h
        By hour of the week and group, shape (168, g); the first hour is the one in which the drill starts.
    into_hour_ds
        How far the drill starts into that hour.
    kind
        Of each group, shape (g,).
    place_from, node, share
        Places of group ``i``: ``node[place_from[i]:place_from[i + 1]]`` with cumulative shares that end at 1,
        shapes (g + 1,), (p,), (p,).
    work, handover
        Times on the scene and in hospital, by kind.
    transport
        Share of calls with a patient for hospital, by kind, shape (k,).
    """

    rate_per_h: Floats
    kind: Int64s
    place_from: Int64s
    node: Int64s
    share: Floats
    work: tuple[Spread, ...]
    handover: tuple[Spread, ...]
    transport: Floats
    into_hour_ds: int = 0

    def draw(self, problem: DrillProblem, *, seed: int, replication: int) -> Calls:
        """The calls of one replication, up to the horizon."""
        at_ds, hour = self._times(problem.horizon_ds, _stream(seed, replication, _TIMES))
        group = _pick(self._group_shares()[hour], _stream(seed, replication, _GROUPS).random(len(at_ds)))
        return self.calls_at(
            problem,
            at_ds,
            self.kind[group],
            self._places(group, _stream(seed, replication, _PLACES)),
            seed=seed,
            replication=replication,
        )

    def calls_at(
        self,
        problem: DrillProblem,
        at_ds: Int64s,
        kind: Int64s,
        node: Int64s,
        *,
        seed: int,
        replication: int,
    ) -> Calls:
        """Given calls, with the times of work drawn."""
        slots = np.repeat(kind, np.diff(problem.kinds.slot_from)[kind])
        return Calls(
            at_ds=at_ds,
            kind=kind,
            node=node,
            work_ds=_drawn_ds(self.work, slots, _stream(seed, replication, _WORK)),
            transport=_stream(seed, replication, _TRANSPORT).random(len(kind)) < self.transport[kind],
            handover_ds=_drawn_ds(self.handover, kind, _stream(seed, replication, _HANDOVER)),
        )

    def _times(self, horizon_ds: int, stream: np.random.Generator) -> tuple[Int64s, Int64s]:
        """Times of calls, ascending, and the hour of the week of each, from the first hour on."""
        hours = -(-(horizon_ds + self.into_hour_ds) // HOUR_DS)
        edges_ds = np.arange(hours + 1, dtype=np.int64) * HOUR_DS - self.into_hour_ds
        edges_ds[0], edges_ds[-1] = 0, horizon_ds
        rate = self.rate_per_h.sum(axis=1)[np.arange(hours) % WEEK_H]
        expected = np.concatenate([[0.0], np.cumsum(rate * np.diff(edges_ds) / HOUR_DS)])
        count = int(stream.poisson(expected[-1]))
        level = np.sort(stream.random(count)) * expected[-1]
        hour = np.clip(np.searchsorted(expected, level, side="right") - 1, 0, hours - 1)
        per_ds = np.maximum(rate[hour], 1e-300) / HOUR_DS
        at_ds = edges_ds[hour] + np.floor((level - expected[hour]) / per_ds).astype(np.int64)
        return np.minimum(at_ds, horizon_ds - 1), hour % WEEK_H

    def _group_shares(self) -> Floats:
        """Cumulative shares of the groups by hour, shape (168, g)."""
        total = self.rate_per_h.sum(axis=1, keepdims=True)
        return np.cumsum(
            np.divide(self.rate_per_h, total, where=total > 0, out=np.zeros_like(total + self.rate_per_h)),
            axis=1,
        )

    def _places(self, group: Int64s, stream: np.random.Generator) -> Int64s:
        sizes = np.diff(self.place_from)
        base = np.repeat(np.arange(len(sizes)), sizes) + self.share
        found = np.searchsorted(base, group + stream.random(len(group)), side="right")
        chosen: Int64s = self.node[np.minimum(found, self.place_from[group + 1] - 1)]
        return chosen


def _pick(cumulative: Floats, uniform: Floats) -> Int64s:
    """Number of the first share above each uniform number, shape (n,); ``cumulative`` is (n, g)."""
    above = cumulative > uniform[:, None]
    last = (
        cumulative.shape[1] - 1 - np.argmax((np.diff(cumulative, axis=1, prepend=0.0) > 0)[:, ::-1], axis=1)
    )
    chosen = np.where(above.any(axis=1), np.argmax(above, axis=1), last)
    return np.asarray(chosen, np.int64)


def _drawn_ds(spreads: tuple[Spread, ...], kind: Int64s, stream: np.random.Generator) -> Int64s:
    uniform = stream.random(len(kind))
    drawn = np.empty(len(kind), np.int64)
    for number, spread in enumerate(spreads):
        here = kind == number
        drawn[here] = spread.drawn_ds(uniform[here])
    return drawn


def _stream(seed: int, replication: int, purpose: int) -> np.random.Generator:
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(replication, purpose)))
    )
