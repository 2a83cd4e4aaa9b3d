"""The clock of a drill for those who decide outside: one call from question to question.

Numba looks only at the file of a loop when it decides whether kept code still fits; the name under which it
keeps this loop therefore carries what the clock beside it was compiled from.
"""

import hashlib
from pathlib import Path

import numpy as np
from numba import njit

from optimizer._kernels import drill
from optimizer._kernels.drill import (
    ASK,
    DIVERT_GAIN,
    DROPPED,
    FIRST,
    KIND,
    NEVER,
    ROW_FROM,
    TEAM_OF,
    WAITING,
    arrival,
    commit,
    decided,
    may_go,
    run,
)
from optimizer._kernels.drill_arrays import LOOP

ASK_AGAIN, DECIDED, GO_ON = range(3)


def _step(r, c, s, slots, teams, then, only, open_slots, offers):  # type: ignore[no-untyped-def]  # compiled
    """Commit ``teams`` to ``slots``; then put the question again, or go on to the next one.

    Fills ``open_slots`` with open slots of waiting calls (of the call ``only`` where that is not -1), first
    in line first, as many as it holds, and ``offers`` (slots, teams) with deciseconds to arrival; ``NEVER`` =
    cannot go; -1 minus them = taken from another call, the gain asked included. Returns why the clock
    stopped, and the number of slots.
    """
    for at in range(len(slots)):
        commit(r, c, s, slots[at], teams[at])
    if then != ASK_AGAIN:
        if then == DECIDED:
            decided(r, c, s)
        said = run(r, c, s)
        if said != ASK:
            return said, 0
    count = 0
    for at in range(s.at[WAITING]):
        call = s.waiting[at]
        if only >= 0 and call != only:
            continue
        for q in range(c.call[FIRST, call], c.call[FIRST, call + 1]):
            if s.slot[TEAM_OF, q] >= 0 or s.slot[DROPPED, q] or count == len(open_slots):
                continue
            row = r.kind[ROW_FROM, c.call[KIND, call]] + q - c.call[FIRST, call]
            for k in range(r.team.shape[1]):
                how = may_go(r, c, s, k, call, row)
                ds = arrival(r, c, s, k, call) if how else np.int64(NEVER)
                offers[count, k] = -1 - ds - r.rule[DIVERT_GAIN] if how == 2 and ds < NEVER else ds
            open_slots[count] = q
            count += 1
    return ASK, count


_step.__qualname__ += hashlib.sha256(Path(drill.__file__).read_bytes()).hexdigest()[:16]
step = njit(**LOOP)(_step)
