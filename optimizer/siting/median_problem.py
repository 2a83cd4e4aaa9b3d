"""The p-median as lean arrays: what the engine takes at any size, from a county to a million rows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Share:
    """Rows of which open sites must cover a least weight; ``k`` rows, ``m`` sites.

    Parameters
    ----------
    covers
        Whether each site covers each row, shape (k, m).
    people
        Weight of each row, shape (k,).
    at_least
        Least weight of the covered ones, inclusive.
    """

    covers: Bools
    people: Floats
    at_least: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MedianProblem:
    """Serve ``n`` rows from ``m`` sites: each row by the open site where it costs least.

    Parameters
    ----------
    cost
        Cost of a row per unit of weight when a site serves it, >= 0, ``inf`` = cannot, shape (n, m). Any real
        type; it is never copied as a whole, so that float32 or int32 halves the memory.
    weight
        Weight of each row, >= 0, shape (n,).
    fixed
        Sites that are open, shape (m,).
    places
        Most sites that may be open, fixed ones included; ``None`` = no limit.
    opening
        Cost of having a site open, any sign, shape (m,); ``None`` = free.
    unserved
        What a row costs per unit of weight when no site serves it, or none for less, shape (n,); ``None`` =
        every row must be served.
    rules, shares
        What a choice keeps to.
    """

    cost: np.ndarray
    weight: Floats
    fixed: Bools
    places: int | None = None
    opening: Floats | None = None
    unserved: Floats | None = None
    rules: tuple[Rule, ...] = ()
    shares: tuple[Share, ...] = ()

    def __post_init__(self) -> None:
        n, m = self.cost.shape
        for name, shape in (("weight", (n,)), ("fixed", (m,))):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name}: want shape {shape}, got {getattr(self, name).shape}")
        if self.opening is not None and self.opening.shape != (m,):
            raise ValueError(f"opening: want shape {(m,)}, got {self.opening.shape}")
        if self.unserved is not None and self.unserved.shape != (n,):
            raise ValueError(f"unserved: want shape {(n,)}, got {self.unserved.shape}")
        if n and not self.weight.min() >= 0:
            raise ValueError("weight: want >= 0 in every row")
        if self.places is not None and self.places < self.fixed.sum():
            raise ValueError(f"places: want at least the {self.fixed.sum()} fixed sites, got {self.places}")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianAnswer:
    """The best choice found and how good any choice can be at most.

    Parameters
    ----------
    chosen
        Open sites, fixed ones included, ascending; empty when infeasible.
    total, bound
        Weighted cost of all rows and of opening; ``inf`` when there is no choice.
    whole
        Whether every total is a whole number, so that a bound may be rounded up.
    shared
        With capacities: which part of a row an open site serves, as (row, site, part), by row.
    """

    status: Literal["optimal", "feasible", "infeasible", "cancelled"]
    chosen: tuple[int, ...]
    total: float
    bound: float
    whole: bool = False
    shared: tuple[tuple[int, int, float], ...] = ()
    stopped_by: str | None = None
