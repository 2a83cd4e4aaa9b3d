"""Existing sites that may move: a move costs less than closing the one site and opening the other.

Columns stand for what may become of the sites: an existing one stays; a new one is built; an existing one k
moves to the new place j. With x_k, x_j and z_kj for the three, all binary,

x_k + sum_j z_kj <= 1 (a site stays, moves once, or closes),  x_j + sum_k z_kj <= 1 (a place is taken once),
sum_k close_k (1 - x_k - sum_j z_kj) + sum_j open_j x_j + sum_kj move_kj z_kj <= budget,

so that moves form a matching of closed and opened sites, and the cheapest one is a matter of the rules alone.
Moving and modular relocation as in Min (1988), doi:10.1016/0377-2217(88)90013-X.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Bools, Floats, Int64s, SitingAnswer, SitingProblem
from optimizer.rules import Rule

STAYS = -1
"""Stands for the site that a column's station comes from, where it comes from none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relocatable:
    """The problem over stays, new sites and moves; ``c`` columns, ``m`` sites.

    Parameters
    ----------
    whole
        The problem without moves.
    site
        Site that is open when a column is, shape (c,).
    moved_from
        Existing site whose station moves there, ``STAYS`` for stays and new sites, shape (c,).
    cost
        What each column costs when open, closing of existing ones counted as saved by staying, shape (c,);
        all sites closed cost ``closing_all``.
    """

    problem: SitingProblem
    whole: SitingProblem
    site: Int64s
    moved_from: Int64s
    cost: Floats
    closing_all: float

    def open_sites(self, answer: SitingAnswer) -> tuple[int, ...]:
        """Sites that are open in the end, ascending."""
        return tuple(sorted({int(self.site[c]) for c in answer.chosen}))

    def moves(self, answer: SitingAnswer) -> tuple[tuple[int, int], ...]:
        """From which existing site to which new one, ascending."""
        moved = [c for c in answer.chosen if self.moved_from[c] != STAYS]
        return tuple(sorted((int(self.moved_from[c]), int(self.site[c])) for c in moved))

    def spent(self, answer: SitingAnswer) -> float:
        """What closing, opening and moving cost together."""
        return self.closing_all + float(self.cost[list(answer.chosen)].sum())


def relocatable(
    problem: SitingProblem,
    *,
    existing: Bools,
    opening: Floats,
    closing: Floats,
    moving: dict[int, float] | dict[int, Floats],
    budget: float | None = None,
) -> Relocatable:
    """One problem in which existing sites stay, close or move, at their costs.

    A move that would cost no less than closing and opening is left out: it is never needed. ``places``,
    floors, capacities (of the new place) and rules hold for the sites that are open in the end.
    The costs become those of the cheapest covering, less what closing everything would cost.

    Parameters
    ----------
    existing
        Sites that stand today, shape (m,); fixed ones stay.
    opening, closing
        Cost of opening each new site and of closing each existing one, >= 0, shape (m,).
    moving
        By existing site that may move: the cost of moving it to any new site, or to each, shape (m,) with
        ``inf`` where it may not go.
    budget
        Most that all this may cost, inclusive.

    Raises
    ------
    ValueError
        A cost below 0, a site that may move but is fixed or does not stand, or a fixed site that does not.
    """
    _checked(problem, existing, opening, closing, moving)
    new = np.flatnonzero(~existing)
    site, moved_from, cost = [np.arange(problem.sites)], [np.full(problem.sites, STAYS)], []
    cost.append(np.where(existing, -closing, opening).astype(float))
    for k, price in sorted(moving.items()):
        to = np.broadcast_to(np.asarray(price, float), problem.sites)[new]
        worth = to < closing[k] + opening[new]
        site.append(new[worth])
        moved_from.append(np.full(int(worth.sum()), k))
        cost.append(to[worth] - closing[k])
    return _relocatable(
        problem,
        np.concatenate(site),
        np.concatenate(moved_from),
        np.concatenate(cost),
        closing_all=float(closing[existing].sum()),
        budget=budget,
    )


def _checked(
    problem: SitingProblem,
    existing: Bools,
    opening: Floats,
    closing: Floats,
    moving: dict[int, float] | dict[int, Floats],
) -> None:
    prices = [np.asarray(price, float).min(initial=np.inf) for price in moving.values()]
    if min([opening.min(initial=0.0), closing.min(initial=0.0), *prices]) < 0:
        raise ValueError("opening, closing, moving: want costs >= 0")
    if any(not existing[k] or problem.fixed[k] for k in moving):
        raise ValueError("moving: want existing sites that are not fixed")
    if (problem.fixed & ~existing).any():
        raise ValueError("fixed: want existing sites; a new site that must open is a rule")


def _relocatable(
    problem: SitingProblem,
    site: Int64s,
    moved_from: Int64s,
    cost: Floats,
    *,
    closing_all: float,
    budget: float | None,
) -> Relocatable:
    rules = [_over_columns(rule, site) for rule in problem.rules]
    if budget is not None:
        used = np.flatnonzero(cost)
        rules.append(Rule(name="budget", sites=used, amount=cost[used], at_most=budget - closing_all))
    fixed = problem.fixed[site] & (moved_from == STAYS)
    moves = replace(
        problem,
        response_s=problem.response_s[:, site],
        fixed=fixed,
        cost=cost,
        capacity=None if problem.capacity is None else problem.capacity[site],
        rules=(*rules, *_matching(site, moved_from)),
    )
    return Relocatable(
        problem=moves, whole=problem, site=site, moved_from=moved_from, cost=cost, closing_all=closing_all
    )


def _over_columns(rule: Rule, site: Int64s) -> Rule:
    """A rule over sites as one over columns: a site counts whichever column opens it."""
    amount = np.zeros(int(max(site.max(initial=0), rule.sites.max(initial=0))) + 1)
    amount[rule.sites] = rule.amount
    counts = np.flatnonzero(amount[site])
    return replace(rule, sites=counts, amount=amount[site[counts]])


def _matching(site: Int64s, moved_from: Int64s) -> Sequence[Rule]:
    """A site stays or moves once; a place is taken once."""
    moved = moved_from != STAYS
    leaves = [
        ("stays or moves once", k, np.append(np.flatnonzero(moved_from == k), k))
        for k in np.unique(moved_from[moved]).tolist()
    ]
    takes = [("taken once", j, np.flatnonzero(site == j)) for j in np.unique(site[moved]).tolist()]
    return [
        Rule(
            name=f"site {j}: {what}",
            sites=columns,
            amount=np.ones(len(columns)),
            at_most=1.0,
            structural=True,
        )
        for what, j, columns in (*leaves, *takes)
    ]
