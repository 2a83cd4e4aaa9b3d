"""The compiled clock behind checked arrays: one replication, to the end or from question to question."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer._kernels import drill as kernel
from optimizer._kernels import drill_steps
from optimizer._kernels.drill_arrays import Calls as CallArrays
from optimizer._kernels.drill_arrays import Rules, State
from optimizer.drill.log import DrillRun
from optimizer.drill.problem import MOST_SLOTS, Calls, ComplianceTable, DrillProblem
from optimizer.problem import Bools, Int64s


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Open slots of waiting calls, first in line first, and who could come; ``s`` slots, ``t`` teams.

    Parameters
    ----------
    slot, call, row
        Each slot, its call and its row of the kinds, shape (s,).
    arrival_ds
        From now until a team would arrive, shape (s, t), ``NEVER_DS`` = it cannot come; for teams that would
        be taken from another call the gain asked is added.
    taken
        Whether it would be taken from another call, shape (s, t).
    """

    slot: Int64s
    call: Int64s
    row: Int64s
    arrival_ds: Int64s
    taken: Bools


@dataclass(frozen=True, slots=True)
class Answer:
    """Slots and the teams sent; ``again`` = look at what is open then before time goes on."""

    slots: list[int]
    teams: list[int]
    again: bool


Decide = Callable[["Clock", Question], Answer]
"""Answers a question about all open slots; it may ask and commit more on the way."""
Station = Callable[["Clock"], None]
"""Sets ``post`` of idle teams."""


class Clock:
    """One replication between two events.

    Parameters
    ----------
    log_rows
        Room for events; 0 = keep none.
    """

    def __init__(
        self,
        problem: DrillProblem,
        calls: Calls,
        *,
        log_rows: int = 0,
        asks: bool = False,
        asks_posts: bool = False,
    ) -> None:
        self.problem = problem
        self.calls = _call_arrays(problem, calls)
        self.rules = _rules(problem, asks=asks, asks_posts=asks_posts)
        self.state = _state(problem, self.calls, log_rows)
        self.crowded = 0
        self._open_slots = np.empty(MOST_SLOTS, np.int64)
        self._offers = np.empty((MOST_SLOTS, len(problem.fleet)), np.int64)

    @property
    def roads(self) -> int:
        """Table of drives that holds now."""
        return int(self.state.at[kernel.ROAD_TABLE])

    @property
    def post(self) -> Int64s:
        """Where each team stands or heads for when idle, node, shape (t,); to be changed by ``Station``."""
        post: Int64s = self.state.team[kernel.POST]
        return post

    def idle(self) -> Bools:
        """Whether each team may be moved up, shape (t,)."""
        free = [kernel.IDLE, kernel.MOVING, *([kernel.RETURNING] if self.problem.free_returning else [])]
        idle = np.isin(self.state.team[kernel.STATUS], free) & (self.state.team[kernel.DUTY] > 0)
        return np.asarray(idle & (self.rules.team[kernel.GROUP] > 0))

    def run(self, decide: Decide | None = None, station: Station | None = None) -> bool:
        """Go on to the horizon, deciding on the way; whether the log had room."""
        answer, then = Answer([], [], False), drill_steps.GO_ON
        while True:
            said, count = self._step(answer, then)
            answer, then = Answer([], [], False), drill_steps.GO_ON
            if said == kernel.ASK and decide is not None:
                answer = decide(self, self._question(count))
                then = drill_steps.ASK_AGAIN if answer.again else drill_steps.DECIDED
            elif said == kernel.ASK_POSTS and station is not None:
                station(self)
                kernel.move_to_posts(self.rules, self.state)
            else:
                return bool(said == kernel.DONE)

    def ask(self, call: int, answer: Answer | None = None) -> Question:
        """Commit an answer, and the question about the open slots of one call."""
        _, count = self._step(answer or Answer([], [], True), drill_steps.ASK_AGAIN, only=call)
        return self._question(count)

    def waiting(self) -> Int64s:
        """Waiting calls, first in line first."""
        calls: Int64s = self.state.waiting[: self.state.at[kernel.WAITING]].copy()
        return calls

    def place(self, call: int) -> int:
        """Place of a call in line: the lower goes first."""
        return call - (int(self.calls.call[kernel.RANK, call]) << 40)

    def due(self) -> tuple[int, int]:
        """Why a decision is due: the call that came in, the team that became free; -1 = not that."""
        due, about = int(self.state.at[kernel.DUE]), int(self.state.at[kernel.ABOUT])
        new_call, team = due == kernel.NEW_CALL, due in (kernel.FREED, kernel.ON_DUTY)
        return about if new_call else -1, about if team else -1

    def _step(self, answer: Answer, then: int, *, only: int = -1) -> tuple[int, int]:
        said, count = drill_steps.step(
            self.rules,
            self.calls,
            self.state,
            np.array(answer.slots, np.int64),
            np.array(answer.teams, np.int64),
            then,
            only,
            self._open_slots,
            self._offers,
        )
        return int(said), int(count)

    def _question(self, count: int) -> Question:
        self.crowded += count == MOST_SLOTS
        slot, offers = self._open_slots[:count].copy(), self._offers[:count].copy()
        call = self.calls.slot[kernel.CALL_OF, slot]
        first = self.calls.call[kernel.FIRST, call]
        taken = offers < 0
        return Question(
            slot=slot,
            call=call,
            row=self.problem.kinds.slot_from[self.calls.call[kernel.KIND, call]] + slot - first,
            arrival_ds=np.where(taken, -1 - offers, offers),
            taken=taken,
        )

    def result(self) -> DrillRun:
        """What has happened up to now."""
        team, slot = self.state.team, self.state.slot
        out = np.flatnonzero(team[kernel.SLOT] >= 0)
        begun = np.maximum(team[kernel.BUSY_FROM, out], self.problem.warm_up_ds)
        busy_ds = team[kernel.BUSY].copy()
        busy_ds[out] += np.maximum(0, self.problem.horizon_ds - begun)
        return DrillRun(
            log=self.state.log[: self.state.at[kernel.LOGGED]].copy(),
            first=self.calls.call[kernel.FIRST],
            team_of=slot[kernel.TEAM_OF],
            ordered_ds=slot[kernel.ORDERED],
            arrived_ds=slot[kernel.ARRIVED],
            outcome=self.state.call[kernel.OUTCOME],
            busy_ds=busy_ds,
            crowded=self.crowded,
        )


def _call_arrays(problem: DrillProblem, calls: Calls) -> CallArrays:
    kinds, count = problem.kinds, len(calls)
    slots = np.diff(kinds.slot_from)[calls.kind]
    first = np.concatenate([[0], np.cumsum(slots)]).astype(np.int64)
    if len(calls.work_ds) != first[-1]:
        raise ValueError(f"work_ds: want {first[-1]} numbers, got {len(calls.work_ds)}")
    if count and ((np.diff(calls.at_ds) < 0).any() or calls.at_ds[0] < 0 or (calls.work_ds < 0).any()):
        raise ValueError("calls: want times that rise from 0 on, and work >= 0")
    call = np.zeros((7, count + 1), np.int64)
    call[kernel.FIRST] = first
    for row, figures in (
        (kernel.AT, calls.at_ds),
        (kernel.KIND, calls.kind),
        (kernel.NODE, calls.node),
        (kernel.RANK, kinds.priority[calls.kind]),
        (kernel.TRANSPORT, calls.transport),
        (kernel.HANDOVER, calls.handover_ds),
    ):
        call[row, :count] = figures
    slot = np.stack([np.repeat(np.arange(count), slots), calls.work_ds])
    return CallArrays(call=call, slot=np.ascontiguousarray(slot, np.int64))


def _rules(problem: DrillProblem, *, asks: bool, asks_posts: bool) -> Rules:
    fleet, kinds, drives = problem.fleet, problem.kinds, problem.drives
    nowhere = np.full(drives.drive_ds.shape[:3], -1, np.int64)
    table = problem.table or ComplianceTable(group=np.ones(len(fleet), np.bool_), posts=())
    team = (fleet.home, fleet.turnout_ds, fleet.aid, fleet.home_mode, table.group)
    return Rules(
        team=_table(*team),
        kind=_table(kinds.slot_from[:-1], kinds.recovery_ds),
        duty=_table(fleet.duty_at_ds, fleet.duty_team, fleet.duty_on),
        roads=_table(drives.state_at_ds, drives.tables[drives.state], drives.state),
        drive=np.ascontiguousarray(drives.drive_ds, np.int32),
        mode=np.ascontiguousarray(fleet.mode, np.int64),
        eligible=np.ascontiguousarray(kinds.eligible),
        hospital=nowhere if drives.hospital is None else np.ascontiguousarray(drives.hospital, np.int64),
        table_from=np.concatenate([[0], np.cumsum([len(row) for row in table.posts])]).astype(np.int64),
        table_post=np.array([node for row in table.posts for node in row], np.int64),
        rule=np.array(
            [
                problem.handling_ds,
                -1 if problem.give_up_ds is None else problem.give_up_ds,
                problem.waits,
                problem.free_returning,
                -1 if problem.divert_gain_ds is None else problem.divert_gain_ds,
                problem.horizon_ds,
                problem.warm_up_ds,
                asks,
                asks_posts,
            ],
            np.int64,
        ),
    )


def _table(*rows: Int64s | Bools) -> Int64s:
    return np.array([np.asarray(row, np.int64) for row in rows], np.int64)


def _state(problem: DrillProblem, calls: CallArrays, log_rows: int) -> State:
    fleet = problem.fleet
    count, slots = calls.call.shape[1] - 1, calls.slot.shape[1]
    at = np.zeros(10, np.int64)
    at[kernel.DIRTY] = 1
    team = np.zeros((13, len(fleet)), np.int64)
    team[kernel.STATUS] = np.where(fleet.on_duty, kernel.IDLE, kernel.OFF)
    team[kernel.NEXT] = kernel.NEVER
    team[[kernel.ORIGIN, kernel.GOAL, kernel.POST]] = fleet.home
    team[kernel.SLOT] = -1
    team[kernel.DUTY] = fleet.on_duty
    slot = np.full((4, slots), -1, np.int64)
    slot[kernel.DROPPED] = 0
    return State(
        at=at,
        team=team,
        slot=slot,
        call=np.zeros((5, count), np.int64),
        waiting=np.zeros(count, np.int64),
        log=np.zeros((log_rows, 6), np.int64),
    )
