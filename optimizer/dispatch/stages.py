"""The three stages of the exact plan.

Nodes of the networks: the groups, then the teams, then the gate of mutual aid, then the sink. A unit of
flow is a slot: group, team, sink. In stage 1 a slot may go straight to the sink at the price of its
shortage.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.choices import Choices, apart
from optimizer.dispatch.flows import TooLargeError, least_cost_flow
from optimizer.problem import NEVER_DS, Bools, Int64s


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """Arcs used (ascending); by group slots filled and latest arrival allowed, ds; aid teams allowed."""

    used: Int64s
    filled: Int64s
    limit_ds: Int64s
    aid_teams: int


def solved(choices: Choices) -> Staged:
    """All stages for choices that may fall apart, each part on its own."""
    used: list[Int64s] = []
    filled = np.zeros(choices.groups, np.int64)
    limit_ds = np.full(choices.groups, NEVER_DS, np.int64)
    aid_teams = 0
    for groups, arcs in apart(choices):
        part = staged(choices.take(groups, arcs))
        used.append(arcs[part.used])
        filled[groups], limit_ds[groups] = part.filled, part.limit_ds
        aid_teams += part.aid_teams
    return Staged(np.sort(np.concatenate([*used, np.empty(0, np.int64)])), filled, limit_ds, aid_teams)


def staged(choices: Choices) -> Staged:
    """All stages for choices that hang together."""
    used = fill(choices)
    filled = np.bincount(choices.group[used], minlength=choices.groups)
    aid_teams = int(choices.aid[choices.team[used]].sum())
    limit_ds = tightest(choices, used, aid_teams)
    best = cheapest(choices, filled, limit_ds, aid_teams)
    assert best is not None, "stage 2 leaves a plan to stage 3"
    return Staged(best, filled, limit_ds, aid_teams)


def fill(choices: Choices) -> Int64s:
    """Stage 1: least weighted shortage; ties: aid teams, scarce spent, weighted arrival."""
    arrival, spent = _levels(choices)
    aid = choices.aid[choices.team].astype(np.int64)
    above_spent = arrival * spent
    above_aid = above_spent * (int(aid.any()) * min(int(choices.aid.sum()), int(choices.count.sum())) + 1)
    cost = _weighted(choices) + arrival * choices.spent + above_spent * aid
    groups = np.arange(choices.groups)
    flow = least_cost(
        choices,
        np.ones(len(choices.team), np.bool_),
        cost=cost,
        count=choices.count,
        aid_teams=int(choices.aid.sum()),
        straight=(groups, _exact_product(choices.shortage_weight, above_aid)),
    )
    assert flow is not None, "every slot may stay empty"
    return flow


def tightest(choices: Choices, used: Int64s, aid_teams: int) -> Int64s:
    """Stage 2: by class from the highest, the least worst arrival that leaves every filled slot filled.

    A greatest flow kept from one threshold to the next (bottleneck assignment by thresholds: Gross 1959, RAND
    P-1630; Burkard, Dell'Amico and Martello 2009, section 6.2, doi:10.1137/1.9780898717754).

    Parameters
    ----------
    used
        Arcs of a plan that fills the slots.
    aid_teams
        Most mutual-aid teams at once.

    Returns
    -------
    Latest arrival allowed by group, ds, inclusive.
    """
    from optimizer._kernels.exchanges import tighten

    is_filled = np.zeros(choices.groups, np.bool_)
    is_filled[choices.group[used]] = True
    is_filled &= choices.complement
    rank = np.full(choices.groups, -1)
    for number, priority in enumerate(sorted(set(choices.priority[is_filled].tolist()), reverse=True)):
        rank[is_filled & (choices.priority == priority)] = number
    sent = np.full(len(choices.aid), -1)
    sent[choices.team[used]] = used
    left = np.array([aid_teams - int(choices.aid[choices.team[used]].sum())])
    limit_ds = np.full(choices.groups, NEVER_DS, np.int64)
    first = np.searchsorted(choices.group, np.arange(choices.groups + 1))
    tighten(rank, first, choices.group, choices.team, choices.arrival_ds, sent, choices.aid, left, limit_ds)
    return limit_ds


def cheapest(choices: Choices, filled: Int64s, limit_ds: Int64s, aid_teams: int) -> Int64s | None:
    """Stage 3: least scarce spent, then least weighted arrival, inside the limits; ``None`` = none fits."""
    arrival, _ = _levels(choices)
    allowed = (choices.arrival_ds <= limit_ds[choices.group]) & (filled[choices.group] > 0)
    cost = _weighted(choices) + arrival * choices.spent
    return least_cost(choices, allowed, cost=cost, count=filled, aid_teams=aid_teams)


def _weighted(choices: Choices) -> Int64s:
    return choices.weight[choices.group] * choices.arrival_ds


def _levels(choices: Choices) -> tuple[int, int]:
    """One more than any plan's weighted arrival, and one more than any plan's scarce spending."""
    most = np.zeros((2, choices.groups), np.int64)
    np.maximum.at(most[0], choices.group, _weighted(choices))
    np.maximum.at(most[1], choices.group, choices.spent)
    arrival, spent = (sum((most * choices.count)[row].tolist()) + 1 for row in (0, 1))
    return arrival, spent


def _exact_product(weight: Int64s, factor: int) -> Int64s:
    if int(weight.max(initial=0)) * factor >= 2**62:
        raise TooLargeError("weights and times are too large to be compared exactly: want smaller weights")
    return weight * factor


def least_cost(
    choices: Choices,
    allowed: Bools,
    *,
    cost: Int64s,
    count: Int64s,
    aid_teams: int,
    straight: tuple[Int64s, Int64s] | None = None,
) -> Int64s | None:
    """Arcs of the cheapest way to fill ``count`` slots by group; ``straight`` = who may stay empty, price."""
    arcs = np.flatnonzero(allowed)
    tail, head, capacity = _network(choices, arcs, aid_teams)
    costs = np.zeros(len(tail), np.int64)
    costs[: len(arcs)] = cost[arcs]
    sink = choices.groups + len(choices.aid) + 1
    if straight is not None:
        groups, price = straight
        tail = np.concatenate([tail, groups])
        head = np.concatenate([head, np.full(len(groups), sink)])
        capacity, costs = np.concatenate([capacity, count[groups]]), np.concatenate([costs, price])
    supply = np.zeros(sink + 1, np.int64)
    supply[: choices.groups] = count
    supply[sink] = -count.sum()
    flow = least_cost_flow(tail, head, capacity=capacity, cost=costs, supply=supply)
    return None if flow is None else arcs[flow[: len(arcs)] > 0]


def _network(choices: Choices, arcs: Int64s, aid_teams: int) -> tuple[Int64s, Int64s, Int64s]:
    """Tail, head and capacity of: the arcs, teams to the sink or to the gate of aid, the gate to the sink."""
    first_team = choices.groups
    gate = first_team + len(choices.aid)
    sink = gate + 1
    teams = np.arange(first_team, gate)
    tail = np.concatenate([choices.group[arcs], teams, [gate]])
    head = np.concatenate([first_team + choices.team[arcs], np.where(choices.aid, gate, sink), [sink]])
    capacity = np.ones(len(tail), np.int64)
    capacity[-1] = aid_teams
    return tail, head, capacity
