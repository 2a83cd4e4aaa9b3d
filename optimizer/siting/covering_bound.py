"""The bound of the maximal covering problem by Benders cuts, and the sites it decides before branching.

Covering is a p-median whose times are 0 where a site covers a group and 1 where not: the total is the number
of people left out. The cuts are those of Cordeau, Furini & Ljubic (2019), doi:10.1016/j.ejor.2018.12.021.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Int64s
from optimizer.siting.cover_sets import CoverSets
from optimizer.siting.median_costs import MedianCosts
from optimizer.siting.median_master import Master
from optimizer.siting.swap import improve
from optimizer.watch import Watch

_GROUPS = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Narrowed:
    """What the bound says: a choice, the most that any can cover, sites that every better one has or lacks.

    ``chosen`` are site numbers; ``opened`` and ``closed`` flags by site, shape (m,).
    """

    chosen: Int64s
    bound: int
    opened: Bools
    closed: Bools
    stopped_by: str | None


def narrow(sets: CoverSets, p: int, start: Int64s, watch: Watch) -> Narrowed:
    """Improve a choice by swaps, bound all choices of at most ``p`` sites, and decide what can be decided."""
    costs = _costs(sets, p)
    chosen = improve(costs.time, costs.cap, costs.people, start)
    master = Master(costs, chosen)
    chosen, stopped_by = master.relax(chosen, watch)
    lower, upper = master.decided(costs.total(chosen))
    left_out = int(np.ceil(master.bound - 1e-6))
    return Narrowed(
        chosen=chosen,
        bound=int(sets.people.sum()) - left_out,
        opened=lower > 0.5,
        closed=upper < 0.5,
        stopped_by=stopped_by,
    )


def _costs(sets: CoverSets, p: int) -> MedianCosts:
    """Groups of rows as clients, 0 where covered and 1 where not, gathered by their first site."""
    m = sets.covers.shape[1]
    group = sets.covers.argmax(axis=1) * min(_GROUPS, m) // m
    by_group = np.argsort(group, kind="stable")
    time = np.where(sets.covers[by_group], 0.0, 1.0)
    one = np.ones(len(time))
    return MedianCosts(
        time=time,
        cap=one,
        within=one,
        people=sets.people[by_group].astype(float),
        start=np.flatnonzero(np.diff(group[by_group], prepend=-1)),
        must=np.empty((0, m), np.bool_),
        order=np.argsort(time, axis=1, kind="stable"),
        near=m,
        p=p,
    )
