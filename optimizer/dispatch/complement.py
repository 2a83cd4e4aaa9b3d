"""Full-complement times: how late each incident is complete, and what that counts.

The measure of ``refine``: sum over incidents of w_j F_j, where F_j is the arrival of the last team in a
full-complement slot of incident j and w_j the greatest weight among these slots. Slots filled and aid teams
are those of the exact plan.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.choices import Choices
from optimizer.dispatch.stages import Staged, cheapest, least_cost
from optimizer.problem import NEVER_DS, Int64s


@dataclass(frozen=True, slots=True, eq=False)
class Complement:
    """Choices, the exact plan of them, and what a second counts at each incident, shape (i,)."""

    choices: Choices
    exact: Staged
    weight: Int64s

    def times_ds(self, used: Int64s) -> Int64s:
        """Arrival of the last full-complement team by incident, ds; 0 where none is filled."""
        counted = used[self.choices.complement[self.choices.group[used]]]
        times = np.zeros(len(self.weight), np.int64)
        incident = self.choices.incident[self.choices.group[counted]]
        np.maximum.at(times, incident, self.choices.arrival_ds[counted])
        return times

    def total(self, times_ds: Int64s) -> int:
        """The measure, weighted ds."""
        return int(self.weight @ times_ds)

    def limits(self, times_ds: Int64s) -> Int64s:
        """Limits by incident as limits by group; first-alarm groups have none."""
        choices = self.choices
        return np.where(choices.complement, times_ds[choices.incident], NEVER_DS)

    def cheapest(self, times_ds: Int64s) -> Int64s:
        """Arcs of the plan with least scarce spent, then least weighted arrival, complete in time."""
        used = cheapest(self.choices, self.exact.filled, self.limits(times_ds), self.exact.aid_teams)
        assert used is not None, "the times are those of a plan"
        return used


def complement_of(choices: Choices, exact: Staged) -> Complement:
    """What a second of full-complement time counts, by the slots that the exact plan fills."""
    filled = choices.complement & (exact.filled > 0)
    weight = np.zeros(int(choices.incident.max(initial=-1)) + 1, np.int64)
    np.maximum.at(weight, choices.incident[filled], choices.weight[filled])
    return Complement(choices, exact, weight)


def descended(
    complement: Complement, *, flows: int, start: Int64s | None = None, aim_ds: Int64s | None = None
) -> Int64s:
    """Arcs of a plan whose measure no single step down improves, or the best after some flows.

    A step takes one incident, heaviest first, forbids it the arrival of its last team, and lets the cheapest
    flow find another plan; convex costs keep the others from being late. Limits that helped stay.

    Parameters
    ----------
    start
        Arcs of the plan to improve; ``None`` = the exact plan.
    aim_ds
        By incident, arrivals that cost nothing; ``None`` = none does.
    """
    choices, filled, aid_teams = complement.choices, complement.exact.filled, complement.exact.aid_teams
    aim = np.zeros(len(complement.weight), np.int64) if aim_ds is None else aim_ds
    late_s = np.maximum(0, choices.arrival_ds - aim[choices.incident[choices.group]]) // 10
    convex = complement.weight[choices.incident[choices.group]] * late_s * late_s // 40
    convex = convex // (1 + int(convex.max(initial=0)) // 2**40)  # keeps week-long arrivals inside 64 bits

    def flow(limit_ds: Int64s) -> Int64s | None:
        inside = choices.arrival_ds <= complement.limits(limit_ds)[choices.group]
        return least_cost(choices, inside, cost=convex, count=filled, aid_teams=aid_teams)

    open_limits = np.full(len(complement.weight), NEVER_DS, np.int64)
    best, limit_ds = complement.exact.used if start is None else start, open_limits
    smooth = flow(open_limits)
    if smooth is not None and _total(complement, smooth) < _total(complement, best):
        best = smooth
    order = np.argsort(-complement.weight, kind="stable").tolist()
    failed = step = 0
    while failed < len(order) and step < flows:
        incident = order[step % len(order)]
        step, failed = step + 1, failed + 1
        tried = limit_ds.copy()
        tried[incident] = complement.times_ds(best)[incident] - 1
        found = flow(tried) if tried[incident] >= 0 else None
        if found is not None and _total(complement, found) < _total(complement, best):
            best, limit_ds, failed = found, tried, 0
    return best


def _total(complement: Complement, used: Int64s) -> int:
    return complement.total(complement.times_ds(used))
