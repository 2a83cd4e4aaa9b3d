"""What a choice of free sites must keep to, as rows: number, rules, shares, who must be served."""

from dataclasses import dataclass, field

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.program import Rows
from optimizer.siting.cover_sets import cover_sets, least_sets
from optimizer.siting.median_problem import MedianProblem, Share
from optimizer.solver import Solution, solve
from optimizer.watch import Watch

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keeping:
    """Rows over the ``f`` free sites.

    Parameters
    ----------
    places, at_least
        Most and least free sites that may be open; at least 1 where rows must be served and none is fixed.
    amount, lower, upper
        Rules, less what fixed sites count, then one row for each set of sites of which one must be open;
        shapes (r, f), (r,) and (r,).
    shares
        Shares that fixed sites do not reach alone, over the free sites.
    """

    places: int
    at_least: int
    amount: Floats
    lower: Floats
    upper: Floats
    shares: tuple[Share, ...]
    _unit: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_unit", np.maximum(1.0, np.abs(self.amount).max(axis=1, initial=0.0)))

    @property
    def free_choice(self) -> bool:
        """Whether only the number of sites is limited."""
        return not len(self.lower) and not self.shares

    def allows(self, chosen: Int64s) -> bool:
        """Whether these free sites may be open together."""
        if not self.at_least <= len(chosen) <= self.places:
            return False
        total = self.amount[:, chosen].sum(axis=1)
        slack = _ROUNDING * self._unit
        if (total > self.upper + slack).any() or (total < self.lower - slack).any():
            return False
        return all(
            share.people[share.covers[:, chosen].any(axis=1)].sum() >= share.at_least - _ROUNDING
            for share in self.shares
        )

    def share_cuts(self, x: Floats) -> tuple[Floats, Floats]:
        """Rows ``slope x >= least`` that the point violates, at most one a share; shapes (c, f) and (c,).

        Covered weight is at most sum_{i: covered in whole at x} a_i + sum_{others} a_i sum_{j covers i} x_j;
        Cordeau, Furini & Ljubic (2019), doi:10.1016/j.ejor.2018.12.021.
        """
        slopes, least = [np.empty((0, len(x)))], [np.empty(0)]
        for share in self.shares:
            part = share.covers @ x < 1 - _ROUNDING
            slope = share.people[part] @ share.covers[part]
            need = share.at_least - share.people[~part].sum()
            if slope @ x < need - _ROUNDING * max(1.0, share.at_least):
                slopes.append(slope[None, :])
                least.append(np.array([need]))
        return np.concatenate(slopes), np.concatenate(least)

    def any_choice(self, prefer: Floats, watch: Watch) -> Solution:
        """A choice that keeps to everything, least in ``prefer`` (f,); the sites come first in the values."""
        f = len(prefer)
        rows = Rows()
        size = self.add_to(rows, np.arange(f), f)
        program = rows.program(
            np.concatenate([prefer, np.zeros(size - f)]), upper=np.ones(size), integer=np.arange(size) < f
        )
        return solve(program, limit_s=watch.left_s)

    def add_to(self, rows: Rows, columns: Int64s, at: int) -> int:
        """Add all of it to a program; ``columns`` are its free sites, variables from ``at`` on are new.

        Returns how many variables there are then; the new ones are between 0 and 1.
        """
        rows.add_one(columns, np.ones(len(columns)), lower=float(self.at_least), upper=float(self.places))
        rule, site = np.nonzero(self.amount)
        limits = {"lower": self.lower / self._unit, "upper": self.upper / self._unit}
        rows.add(len(self.lower), rule, columns[site], self.amount[rule, site] / self._unit[rule], **limits)
        for share in self.shares:
            found = cover_sets(share.covers, np.ones(len(share.covers), np.int64))
            groups = len(found.people)
            part, site = np.nonzero(found.covers)
            own = np.arange(groups)
            rows.add(
                groups,
                np.concatenate([part, own]),
                np.concatenate([columns[site], at + own]),
                np.concatenate([np.ones(len(part)), -np.ones(groups)]),
                lower=0.0,
                upper=np.inf,
            )
            people = np.bincount(found.group, weights=share.people, minlength=groups)
            unit = max(1.0, float(people.max(initial=0.0)))
            rows.add_one(at + own, people / unit, lower=share.at_least / unit, upper=np.inf)
            at += groups
        return at


def keeping(problem: MedianProblem, reach: Bools | None) -> Keeping:
    """What the free sites must keep to; ``reach`` (k, f): rows that need one of their free sites open."""
    free, fixed = problem.free, np.flatnonzero(problem.fixed)
    amount, lower, upper = [], [], []
    for rule in problem.rules:
        line = np.zeros(len(problem.fixed))
        line[rule.sites] = rule.amount
        amount.append(line[free])
        lower.append(rule.at_least - line[fixed].sum())
        upper.append(rule.at_most - line[fixed].sum())
    if reach is not None and len(reach):
        sets = cover_sets(reach, np.ones(len(reach), np.int64)).covers
        for line in sets[least_sets(sets)]:
            amount.append(line.astype(float))
            lower.append(1.0)
            upper.append(np.inf)
    return Keeping(
        places=problem.may_open,
        at_least=int(problem.unserved is None and not len(fixed) and len(problem.weight) > 0),
        amount=np.array(amount, float).reshape(len(amount), len(free)),
        lower=np.array(lower, float),
        upper=np.array(upper, float),
        shares=tuple(found for share in problem.shares if (found := _beside(share, fixed, free))),
    )


def _beside(share: Share, fixed: Int64s, free: Int64s) -> Share | None:
    """What of a share the fixed sites leave to the free ones; ``None`` when nothing."""
    met = share.covers[:, fixed].any(axis=1)
    least = share.at_least - float(share.people[met].sum())
    rest = ~met & (share.people > 0)
    if least <= _ROUNDING:
        return None
    return Share(
        covers=share.covers[np.ix_(rest, free)], people=share.people[rest].astype(float), at_least=least
    )
