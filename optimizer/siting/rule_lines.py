"""The rules of a problem as lines over its free sites: what fixed sites add stands on the other side."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.program import Rows
from optimizer.rules import Rule

_SLACK = 1e-6
"""A line counts as kept up to this part of its largest amount, as in ``Rule.beyond``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleLines:
    """``lower <= amount @ x <= upper`` over all sites; ``r`` lines, ``m`` sites, 0 for fixed sites.

    Parameters
    ----------
    amount
        Shape (r, m).
    lower, upper
        Infinite where there is no limit, shape (r,).
    """

    amount: Floats
    lower: Floats
    upper: Floats

    def kept(self, chosen: Int64s) -> bool:
        """Whether a choice of free sites keeps all lines."""
        total = self.amount[:, chosen].sum(axis=1)
        slack = _SLACK * np.maximum(1.0, np.abs(self.amount).max(axis=1, initial=0.0))
        return bool(((total >= self.lower - slack) & (total <= self.upper + slack)).all())

    def load(self, columns: Int64s) -> Floats:
        """What each site weighs on each limited side, shape (columns, sides): less is easier to keep."""
        amount = self.amount[:, columns]
        return np.vstack([amount[np.isfinite(self.upper)], -amount[np.isfinite(self.lower)]]).T

    def add_to(self, rows: Rows, columns: Int64s) -> None:
        """Add the lines to a program whose first variables are these sites."""
        line, at = np.nonzero(self.amount[:, columns])
        rows.add(
            len(self.lower), line, at, self.amount[:, columns][line, at], lower=self.lower, upper=self.upper
        )


def rule_lines(rules: tuple[Rule, ...], fixed: Bools, places: int | None) -> RuleLines:
    """The rules, and the number of places where that can bind, over the sites that are not ``fixed`` (m,)."""
    amount = np.zeros((len(rules), len(fixed)))
    for line, rule in enumerate(rules):
        amount[line, rule.sites] = rule.amount
    by_fixed = amount[:, fixed].sum(axis=1)
    amount[:, fixed] = 0.0
    lower = np.array([rule.at_least for rule in rules], float) - by_fixed
    upper = np.array([rule.at_most for rule in rules], float) - by_fixed
    if places is not None and places < len(fixed):
        amount = np.vstack([amount, np.where(fixed, 0.0, 1.0)])
        lower, upper = np.append(lower, -np.inf), np.append(upper, float(places - fixed.sum()))
    return RuleLines(amount=amount, lower=lower, upper=upper)
