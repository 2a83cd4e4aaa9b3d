"""What happened in a replication: the event log, and for every call who came and when."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from optimizer.problem import Int64s


class Event(IntEnum):
    """Kinds of events; numbers as in the compiled clock."""

    CALL = 0
    ORDER = 1
    ARRIVE = 2
    LEAVE = 3
    HOSPITAL = 4
    FREE = 5
    HOME = 6
    DIVERT = 7
    WAIT = 8
    SHORT = 9
    SERVED = 10
    LOST = 11
    DUTY_ON = 12
    DUTY_OFF = 13
    MOVE_UP = 14
    ROADS = 15


class Outcome(IntEnum):
    """How a call ended; numbers as in the compiled clock."""

    OPEN = 0
    SERVED = 1
    LOST = 2


_NEVER = 2**62


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrillRun:
    """One replication; ``n`` calls, ``q`` slots, ``t`` teams, ``e`` events.

    Parameters
    ----------
    log
        Time, ``Event``, call, slot within the call, team, node; -1 where there is none; shape (e, 6). Empty
        where no log was asked for.
    first
        First slot of each call and the number of slots, shape (n + 1,).
    team_of, ordered_ds, arrived_ds
        By slot, -1 where nobody was sent or has arrived, shape (q,).
    outcome
        ``Outcome`` of each call, shape (n,). A call that comes in after the horizon stays open.
    busy_ds
        Time of each team from order to free, warm-up left out, shape (t,).
    crowded
        Questions of the exact engine that were as full as they may be: slots behind were not looked at.
    """

    log: Int64s
    first: Int64s
    team_of: Int64s
    ordered_ds: Int64s
    arrived_ds: Int64s
    outcome: Int64s
    busy_ds: Int64s
    crowded: int = 0

    def first_arrival_ds(self) -> Int64s:
        """Time of the first arrival at each call, -1 = none, shape (n,)."""
        if len(self.first) < 2:
            return np.empty(0, np.int64)
        times = np.where(self.arrived_ds < 0, _NEVER, self.arrived_ds)
        found = np.minimum.reduceat(times, self.first[:-1])
        return np.where(found == _NEVER, -1, found).astype(np.int64)
