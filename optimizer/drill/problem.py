"""What a drill is made of: teams, kinds of calls, drives between places, rules of the game, as arrays.

Times are whole deciseconds from the start of the drill. A *node* is any place that matters: homes and posts
of teams, scenes, hospitals. A *kind* of call asks for *slots*, in order; one team fills one slot. A *row* is
a slot of a kind.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Bools, Int64s

Int32s = NDArray[np.int32]
NO_ROAD_DS = 2**30
"""A drive that cannot be made, in tables of drives."""
MOST_SLOTS = 400
"""Open slots in one question of the exact engine, first in line first; those behind wait for the next."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fleet:
    """Teams; ``t`` teams, ``k`` kinds.

    Parameters
    ----------
    home
        Node of each, shape (t,).
    turnout_ds
        Order to wheels rolling where it stands idle, shape (t,); a team on the road has none.
    aid
        Of another county: sent only where no own team can go, shape (t,).
    mode
        Table of drives that a team uses on the way to a call of each kind, shape (t, k).
    home_mode
        The same on every other way, shape (t,).
    on_duty
        At the start, shape (t,).
    duty_at_ds, duty_team, duty_on
        Changes of shift by time, shape (d,). A team that is out finishes its call first.
    """

    home: Int64s
    turnout_ds: Int64s
    aid: Bools
    mode: Int64s
    home_mode: Int64s
    on_duty: Bools
    duty_at_ds: Int64s = field(default_factory=lambda: np.empty(0, np.int64))
    duty_team: Int64s = field(default_factory=lambda: np.empty(0, np.int64))
    duty_on: Bools = field(default_factory=lambda: np.empty(0, np.bool_))

    def __len__(self) -> int:
        return len(self.home)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kinds:
    """Kinds of calls; ``k`` kinds, ``r`` rows.

    Parameters
    ----------
    priority
        Class of each kind, the higher the graver, >= 0, shape (k,).
    slot_from
        Rows of kind ``i`` are ``slot_from[i]`` up to ``slot_from[i + 1]``, shape (k + 1,), at least one each.
    eligible
        Whether a team may fill a row, shape (r, t).
    weight, shortage_weight
        What a second of arrival and an empty slot count in the flow, by row, shape (r,).
    within_ds
        Response that is in time, from the call to the first arrival, inclusive, shape (k,).
    recovery_ds
        After the work until the team may be sent again, spent where it stands, shape (k,).
    """

    priority: Int64s
    slot_from: Int64s
    eligible: Bools
    weight: Int64s
    shortage_weight: Int64s
    within_ds: Int64s
    recovery_ds: Int64s

    def __len__(self) -> int:
        return len(self.priority)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drives:
    """Drives between nodes under each state of the roads; ``n`` nodes, ``m`` modes, ``w`` tables of drives.

    Parameters
    ----------
    drive_ds
        By table, mode, destination and origin, shape (w, m, n, n); ``NO_ROAD_DS`` = no road. The state at
        the order holds for the whole drive.
    state_at_ds, state
        When the roads change, ascending, after 0, and to which state, shape (c,); state 0 at the start.
    hospital
        Node where patients go, by table, mode of the team that carries and scene, -1 = none, shape (w, m, n).
    table
        Table that holds in each state, shape (states,): states that no team tells apart share one. ``None``:
        each state has its own.
    """

    drive_ds: Int32s
    state_at_ds: Int64s = field(default_factory=lambda: np.empty(0, np.int64))
    state: Int64s = field(default_factory=lambda: np.empty(0, np.int64))
    hospital: Int64s | None = None
    table: Int64s | None = None

    def __post_init__(self) -> None:
        if self.drive_ds.ndim != 4 or self.drive_ds.shape[2] != self.drive_ds.shape[3]:
            raise ValueError(f"drive_ds: want shape (w, m, n, n), got {self.drive_ds.shape}")
        if (self.drive_ds < 0).any():
            raise ValueError("drive_ds: want times >= 0")
        if self.hospital is not None and self.hospital.shape != self.drive_ds.shape[:3]:
            raise ValueError(f"hospital: want shape (w, m, n), got {self.hospital.shape}")
        if (self.tables >= len(self.drive_ds)).any() or (self.state >= len(self.tables)).any():
            raise ValueError("table, state: want numbers of tables and of states")
        if len(self.tables) and self.tables[0] != 0:
            raise ValueError("table: want table 0 at the start")

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return int(self.drive_ds.shape[2])

    @property
    def tables(self) -> Int64s:
        """Table of each state, shape (states,)."""
        return np.arange(len(self.drive_ds)) if self.table is None else self.table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComplianceTable:
    """Which posts to hold with so many idle teams (Gendreau, Laporte and Semet 2006,
    doi:10.1057/palgrave.jors.2601991).

    Parameters
    ----------
    group
        Teams that are counted and moved, shape (t,).
    posts
        Nodes to hold with 0, 1, 2 ... idle teams; the last row also for more. The rest stay at home.
    """  # noqa: D205 - the source belongs to the first sentence

    group: Bools
    posts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrillProblem:
    """A drill: who answers what, by which roads, under which rules.

    Parameters
    ----------
    handling_ds
        Call to order.
    waits
        Whether calls wait for a team; without, a slot that nobody can fill at once stays empty.
    give_up_ds
        Longest wait from the order time on; ``None`` = any.
    free_returning
        Whether a team on its way home may be sent.
    divert_gain_ds
        A team on its way to a call of lower priority is sent elsewhere if it is there so much before any
        free one; ``None`` = never.
    table
        Move-up by a compliance table; ``None`` = teams stay at home.
    horizon_ds, warm_up_ds
        End, exclusive; and from when on figures count.
    """

    fleet: Fleet
    kinds: Kinds
    drives: Drives
    horizon_ds: int
    warm_up_ds: int = 0
    handling_ds: int = 0
    waits: bool = True
    give_up_ds: int | None = None
    free_returning: bool = True
    divert_gain_ds: int | None = None
    table: ComplianceTable | None = None

    def __post_init__(self) -> None:
        t, k = len(self.fleet), len(self.kinds)
        rows = int(self.kinds.slot_from[-1])
        for name, array, shape in (
            ("mode", self.fleet.mode, (t, k)),
            ("eligible", self.kinds.eligible, (rows, t)),
            ("slot_from", self.kinds.slot_from, (k + 1,)),
            ("weight", self.kinds.weight, (rows,)),
        ):
            if array.shape != shape:
                raise ValueError(f"{name}: want shape {shape}, got {array.shape}")
        if (np.diff(self.kinds.slot_from) < 1).any():
            raise ValueError("slot_from: want at least one slot of each kind")
        if not 0 <= self.warm_up_ds < self.horizon_ds:
            raise ValueError("warm_up_ds: want it before the horizon")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calls:
    """The calls of one replication by time, with all that chance decides; ``n`` calls, ``q`` slots.

    Parameters
    ----------
    at_ds
        Ascending, shape (n,).
    kind, node
        Of each, shape (n,).
    work_ds
        Work on the scene by slot, calls in order, shape (q,).
    transport
        Whether the team of the first slot takes a patient to hospital, shape (n,).
    handover_ds
        Time there, shape (n,).
    """

    at_ds: Int64s
    kind: Int64s
    node: Int64s
    work_ds: Int64s
    transport: Bools
    handover_ds: Int64s

    def __len__(self) -> int:
        return len(self.at_ds)
