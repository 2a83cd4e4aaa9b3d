"""Loops of stage 2 of a dispatch plan, and of the parts that a question falls into.

Arcs go from groups of slots to teams; ``group``, ``team`` and ``arrival_ds`` (a,) are ordered by group, and
``first`` (g + 1,) says where the arcs of each group begin. ``sent`` (t,) is the arc that each team uses now,
-1 = idle; ``aid`` (t,) tells the teams of which at most some may be sent, and ``left`` (1,) how many more.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def parts(group, team, groups, teams):  # type: ignore[no-untyped-def]  # compiled
    """The least group that each group hangs together with through teams, shape (groups,)."""
    root = np.arange(groups)
    holder = np.full(teams, -1)
    for a in range(len(group)):
        one, other = group[a], holder[team[a]]
        if other < 0:
            holder[team[a]] = one
            continue
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        while root[other] != other:
            root[other] = root[root[other]]
            other = root[other]
        root[max(one, other)] = min(one, other)
    for g in range(groups):
        root[g] = root[root[g]]
    return root


@njit(cache=True, nogil=True)
def tighten(rank, first, group, team, arrival_ds, sent, aid, left, limit_ds):  # type: ignore[no-untyped-def]  # compiled
    """Lower ``limit_ds`` (g,) of the groups of each rank, 0 first, as far as all filled slots stay filled.

    Each step withdraws the latest teams of a rank and looks for exchanges that fill their slots within the
    lower limit; the step that finds none is taken back, and proves the limit before it.
    """
    for now in range(rank.max() + 1):
        while True:
            worst = -1
            for t in range(len(sent)):
                if sent[t] >= 0 and rank[group[sent[t]]] == now:
                    worst = max(worst, arrival_ds[sent[t]])
            if worst < 0:
                break
            sent_before, left_before = sent.copy(), left[0]
            limit_ds[rank == now] = worst - 1
            wanting = np.empty(len(sent), np.int64)
            wanted = 0
            for t in range(len(sent)):
                if sent[t] >= 0 and rank[group[sent[t]]] == now and arrival_ds[sent[t]] == worst:
                    wanting[wanted] = group[sent[t]]
                    wanted += 1
                    left[0] += aid[t]
                    sent[t] = -1
            filled = 0
            while filled < wanted and _refilled(
                wanting[filled], first, group, team, arrival_ds, sent, aid, left, limit_ds
            ):
                filled += 1
            if filled < wanted:
                sent[:] = sent_before
                left[0] = left_before
                limit_ds[rank == now] = worst
                break


@njit(cache=True, nogil=True)
def _refilled(start, first, group, team, arrival_ds, sent, aid, left, limit_ds):  # type: ignore[no-untyped-def]  # compiled
    """Fill one slot of a group by the shortest chain of exchanges that ends with an idle team, if one does.

    Where aid is used up, an idle aid team may also take the place of one that serves any group.
    """
    takes = np.full(len(sent), -1)  # team: the arc by which a group would take it
    loses, comes = np.full(len(first) - 1, -1), np.full(len(first) - 1, -1)  # group: a team for another
    queue = np.empty(len(first) - 1, np.int64)
    queue[0] = start
    at, end = 0, 1
    while at < end:
        for a in range(first[queue[at]], first[queue[at] + 1]):
            t = team[a]
            if arrival_ds[a] > limit_ds[queue[at]] or takes[t] >= 0:
                continue
            takes[t] = a
            if sent[t] < 0 and (left[0] > 0 or not aid[t]):
                _exchange(start, t, group, sent, aid, left, takes, loses, comes)
                return True
            is_idle = sent[t] < 0
            for loser in range(0 if is_idle else t, len(sent) if is_idle else t + 1):
                if sent[loser] < 0 or (is_idle and not aid[loser]):
                    continue
                other = group[sent[loser]]
                if other != start and loses[other] < 0:
                    loses[other], comes[other] = loser, t
                    queue[end] = other
                    end += 1
        at += 1
    return False


@njit(cache=True, nogil=True)
def _exchange(start, t, group, sent, aid, left, takes, loses, comes):  # type: ignore[no-untyped-def]  # compiled
    """Walk the chain back from an idle team to the group that wants one."""
    while True:
        if sent[t] < 0:
            left[0] -= aid[t]
        sent[t] = takes[t]
        g = group[takes[t]]
        if g == start:
            return
        if loses[g] != comes[g]:
            left[0] += aid[loses[g]]
            sent[loses[g]] = -1
        t = comes[g]
