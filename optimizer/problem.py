"""What a siting question is made of: demand rows, sites, times and rules, as plain arrays.

A *row* is one demand point under one service standard; a point that a fire engine and a hazmat team must both
reach has two rows. A *site* is a column: a station that stands or may be built. Nothing here knows maps.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.rules import Floor, Rule

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Lists = NDArray[np.uint32]
"""Numbers of rows or sites in a compiled loop, and where the list of each begins. Unsigned: of signed ones
the loop asks each time whether they count from the end, a third of the time of searches and windows."""

Question = Literal["lscp", "mclp", "backup", "mexclp", "decay", "p_median", "p_center", "mix"]
Status = Literal["optimal", "feasible", "infeasible", "cancelled"]

NEVER_DS = 2**40
"""Deciseconds that stand for "no road": longer than any real time, far from overflow when compared."""


def deciseconds(seconds: Floats) -> Int64s:
    """Whole deciseconds of times in seconds, rounded to nearest; ``NEVER_DS`` for ``inf``. Any shape."""
    if np.isnan(seconds).any() or (seconds < 0).any():
        raise ValueError("times: want seconds >= 0 or inf, got NaN or a negative time")
    never = ~(seconds < NEVER_DS / 10)
    return np.where(never, NEVER_DS, np.rint(np.where(never, 0.0, seconds) * 10)).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingProblem:
    """Rows, sites and rules; ``n`` rows, ``m`` sites.

    Parameters
    ----------
    response_s
        Order to arrival (turnout and travel) of each site at each row, s, shape (n, m); ``inf`` = no road.
    people
        Weight of each row, >= 0, shape (n,).
    limit_s
        Longest response that meets the row's standard, inclusive, s, shape (n,).
    fixed
        Sites that stand and stay, shape (m,). The others may be chosen.
    places
        Most sites that may be open, fixed ones included; ``None`` = no limit (LSCP).
    cost
        What having a site open costs more than not having it, in any unit, shape (m,); LSCP only. An existing
        site that may close at a cost has minus that cost.
    """

    response_s: Floats
    people: Int64s
    limit_s: Floats
    fixed: Bools
    places: int | None = None
    cost: Floats | None = None
    rules: tuple[Rule, ...] = ()
    floors: tuple[Floor, ...] = ()
    capacity: Int64s | None = None
    response_ds: Int64s = field(init=False)
    limit_ds: Int64s = field(init=False)

    def __post_init__(self) -> None:
        n, m = self.response_s.shape
        for name, shape in (("people", (n,)), ("limit_s", (n,)), ("fixed", (m,))):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name}: want shape {shape}, got {getattr(self, name).shape}")
        if self.cost is not None and (self.cost.shape != (m,) or not np.isfinite(self.cost).all()):
            raise ValueError(f"cost: want {m} finite numbers")
        if self.capacity is not None and (self.capacity.shape != (m,) or self.capacity.min(initial=0) < 0):
            raise ValueError(f"capacity: want {m} numbers >= 0")
        if any(rule.sites.size and not 0 <= rule.sites.min() <= rule.sites.max() < m for rule in self.rules):
            raise ValueError(f"rules: want sites below {m}")
        if any(
            floor.rows.size and not 0 <= floor.rows.min() <= floor.rows.max() < n for floor in self.floors
        ):
            raise ValueError(f"floors: want rows below {n}")
        if n and self.people.min() < 0:
            raise ValueError("people: want >= 0 in every row")
        if self.places is not None and self.places < self.fixed.sum():
            raise ValueError(f"places: want at least the {self.fixed.sum()} fixed sites, got {self.places}")
        object.__setattr__(self, "response_ds", deciseconds(self.response_s))
        object.__setattr__(self, "limit_ds", deciseconds(self.limit_s))

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.response_s)

    @property
    def sites(self) -> int:
        """Number of sites."""
        return int(self.response_s.shape[1])

    @property
    def free(self) -> Int64s:
        """Sites that may be chosen or not, ascending."""
        return np.flatnonzero(~self.fixed)

    @property
    def may_open(self) -> int:
        """How many of the free sites may be open at once."""
        if self.places is None:
            return len(self.free)
        return int(min(self.places - self.fixed.sum(), len(self.free)))

    def covers(self) -> Bools:
        """Whether each site meets the standard of each row, limits inclusive, shape (n, m)."""
        return (self.response_ds <= self.limit_ds[:, None]) & (self.response_ds < NEVER_DS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingAnswer:
    """Which sites are open, how good that is, and how good any choice can be at most.

    Parameters
    ----------
    chosen
        Open sites, fixed ones included, ascending; empty when infeasible.
    objective, bound
        In the question's measure: MCLP people covered; LSCP cost, or number of open sites; p-median
        person-seconds; p-center seconds. ``None`` when there is no plan, or no bound yet.
    unmet
        Rows that make the question infeasible, or that no choice can serve and that were left out.
    stopped_by
        ``time`` or ``user`` when the search ended before a proof.
    units
        Units at each chosen site, >= 1, where a question lets a site have several; else empty.
    """

    question: Question
    status: Status
    chosen: tuple[int, ...]
    objective: float | None
    bound: float | None
    unmet: tuple[int, ...] = ()
    stopped_by: str | None = None
    units: tuple[int, ...] = ()

    @property
    def gap(self) -> float | None:
        """Distance of bound and objective over the objective (over 1 below that); 0 = proven optimal."""
        if self.objective is None or self.bound is None:
            return None
        return abs(self.bound - self.objective) / max(1.0, abs(self.objective))
