"""What a choice of sites must keep to, beside how many there may be: linear rules and floors, by name.

Budgets, exclusions, required pairs, numbers by force, phases: each is a line over the sites, so that every
model takes them alike and a planner is told by name which of them cannot be kept.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """``at_least <= sum of amount over the open sites <= at_most``, both inclusive.

    Parameters
    ----------
    name
        What the planner calls it: ``budget``, ``apart: a, b`` ...; unique within a problem.
    sites
        Sites (columns) that count, each once, shape (k,).
    amount
        What each counts when open, any sign, shape (k,).
    structural
        Whether it only holds columns together that stand for one thing (a site that opens in one of several
        years). Nobody asked for it by name, so it is never named as what makes a question impossible.
    """

    name: str
    sites: NDArray[np.int64]
    amount: NDArray[np.float64]
    at_least: float = -np.inf
    at_most: float = np.inf
    structural: bool = False

    def __post_init__(self) -> None:
        if self.sites.shape != self.amount.shape or not np.isfinite(self.amount).all():
            raise ValueError(f"rule {self.name}: want a finite amount for each site")
        if len(np.unique(self.sites)) != len(self.sites):
            raise ValueError(f"rule {self.name}: want each site once")
        if not self.at_least <= self.at_most:
            raise ValueError(f"rule {self.name}: want at_least <= at_most")

    def beyond(self, opened: Collection[int]) -> float:
        """By how much a choice breaks the rule, in the rule's unit; 0 when it is kept."""
        total = float(self.amount[np.isin(self.sites, list(opened))].sum())
        slack = 1e-6 * max(1.0, float(np.abs(self.amount).max(initial=0.0)))
        over = max(total - self.at_most, self.at_least - total)
        return over if over > slack else 0.0

    def among(self, kept: NDArray[np.int64]) -> "Rule":
        """The same rule over the columns ``kept`` alone, numbered anew, shape (k,); the others are closed."""
        number = np.full(max(int(self.sites.max(initial=-1)), int(kept.max(initial=-1))) + 1, -1)
        number[kept] = np.arange(len(kept))
        inside = number[self.sites] >= 0
        return replace(self, sites=number[self.sites][inside], amount=self.amount[inside])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Floor:
    """At least ``people`` of these rows must meet their standard, by one open site or more.

    Parameters
    ----------
    name
        Whom it protects, such as a township; unique within a problem.
    rows
        Rows that count, each once, shape (k,).
    people
        Least weight of those covered, inclusive.
    """

    name: str
    rows: NDArray[np.int64]
    people: float
