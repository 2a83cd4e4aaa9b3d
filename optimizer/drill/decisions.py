"""Decisions of the exact engine: the dispatch code of real incidents, asked at every event.

``nearest`` poses slot by slot: the plan of ``assign`` for one slot is the team that arrives first, own before
aid. ``flow`` poses all open slots of all waiting calls as one question, in the
stages of ``optimizer.dispatch.assign``; a question of one slot is answered by the definition of these stages,
without a flow.
"""

import numpy as np

from optimizer.dispatch.assign import assign
from optimizer.dispatch.choices import Choices
from optimizer.dispatch.problem import DispatchProblem, Slot, Team
from optimizer.dispatch.stages import solved
from optimizer.drill.clock import Answer, Clock, Question
from optimizer.drill.problem import DrillProblem
from optimizer.problem import NEVER_DS, Bools, Int64s


def nearest(clock: Clock, _: Question) -> Answer:
    """Teams call by call: a new call first, then, if it took teams from others, all that wait, in order.

    A team that became free goes to the first waiting slot that it may fill.
    """
    call, team = clock.due()
    if team >= 0:
        any(_filled(clock, waiting, only=team) for waiting in clock.waiting().tolist())
    elif call < 0 or _filled(clock, call) > 1:
        while _walked(clock):
            pass
    return Answer([], [], again=False)


def _walked(clock: Clock) -> bool:
    """Look at every waiting call in order; whether a team was taken from one of them."""
    taken, order = False, -(2**62)
    while True:
        behind = [call for call in clock.waiting().tolist() if clock.place(call) > order]
        if not behind:
            return taken
        order = clock.place(behind[0])
        taken = _filled(clock, behind[0]) > 1 or taken


def _filled(clock: Clock, call: int, *, only: int | None = None) -> int:
    """Fill open slots of a call one by one; 0 = none, 1 = by free teams, 2 = by one of another call too.

    With ``only`` that team alone may go, if it is free.
    """
    found, asked = 0, clock.ask(call)
    for slot in asked.slot.tolist():
        arrival_ds = asked.arrival_ds[asked.slot == slot][0]
        taken = asked.taken[asked.slot == slot][0]
        if only is not None:
            arrival_ds = np.where(~taken & (np.arange(len(arrival_ds)) == only), arrival_ds, NEVER_DS)
        if (arrival_ds < NEVER_DS).any():
            team = _first_to_arrive(clock.problem.fleet.aid, arrival_ds)
            found = max(found, 2 if taken[team] else 1)
            asked = clock.ask(call, Answer([slot], [team], again=True))
            if only is not None:
                return found
    return found


def flow(clock: Clock, asked: Question) -> Answer:
    """The best plan; again if it takes teams from other calls."""
    problem = clock.problem
    teams = np.flatnonzero((asked.arrival_ds < NEVER_DS).any(axis=0))
    if not len(teams):
        return Answer([], [], again=False)
    if len(asked.slot) == 1:
        pairs = [(0, int(teams[np.lexsort((asked.arrival_ds[0, teams], problem.fleet.aid[teams]))[0]]))]
    else:
        choices = _choices(problem, asked, teams)
        used = solved(choices).used
        pairs = list(zip(choices.group[used].tolist(), teams[choices.team[used]].tolist(), strict=True))
    return Answer(
        [int(asked.slot[at]) for at, _ in pairs],
        [team for _, team in pairs],
        again=any(bool(asked.taken[at, team]) for at, team in pairs),
    )


def _first_to_arrive(aid: Bools, arrival_ds: Int64s) -> int:
    """The team that ``assign`` sends to one slot; of teams that arrive alike the first in number."""
    numbers = np.flatnonzero(arrival_ds < NEVER_DS)
    teams = tuple(
        Team(id=str(k), capabilities={"answer": 1}, mutual_aid=bool(aid[k])) for k in numbers.tolist()
    )
    travel_s = arrival_ds[numbers, None] / 10
    slots = (Slot(incident=0, capability="answer"),)
    sent = assign(DispatchProblem(teams=teams, slots=slots, travel_s=travel_s)).team_of[0]
    assert sent is not None, "a team that can arrive fills the slot"
    alike = (travel_s[:, 0] == travel_s[sent, 0]) & (aid[numbers] == aid[numbers[sent]])
    return int(numbers[np.flatnonzero(alike)[0]])


def _choices(problem: DrillProblem, asked: Question, teams: Int64s) -> Choices:
    """The question as ``assign`` would put it; each slot is a group, since offers differ."""
    kinds, count = problem.kinds, len(asked.slot)
    arrival_ds = asked.arrival_ds[:, teams]
    group, team = np.nonzero(arrival_ds < NEVER_DS)
    kind = np.searchsorted(kinds.slot_from, asked.row, side="right") - 1
    return Choices(
        slots=tuple((at,) for at in range(count)),
        count=np.ones(count, np.int64),
        incident=asked.call,
        priority=kinds.priority[kind],
        weight=kinds.weight[asked.row],
        shortage_weight=kinds.shortage_weight[asked.row],
        complement=np.ones(count, np.bool_),
        team=team,
        group=group,
        arrival_ds=arrival_ds[group, team],
        spent=np.zeros(len(team), np.int64),
        aid=problem.fleet.aid[teams],
    )
