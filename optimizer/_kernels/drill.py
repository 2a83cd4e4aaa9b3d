"""The clock of a drill: teams that answer calls, event by event, in whole deciseconds.

A decision is due when a call comes in, a team becomes free or comes on duty, or the roads change. With
``ASKS`` the caller decides (``commit``, then ``decided``); else the nearest eligible team goes, calls by
priority, then by arrival. At one instant roads and shifts change first, then teams by number, then calls
that waited too long give up, then new calls come in. A team on the way is as far from a place as by the
nearer end of its drive: it leaves or left ``ORIGIN`` at ``START``, and drives ``LEG`` to ``GOAL``. Arguments:
``r`` rules, ``c`` calls, ``s`` state (``drill_arrays``), ``k`` a team, ``q`` a slot.
"""

import numpy as np
from numba import njit

from optimizer._kernels.drill_arrays import LOOP

NEVER = 2**40
NO_ROAD = 2**30
IDLE, DRIVING, WORKING, TO_HOSPITAL, RECOVERING, RETURNING, MOVING, OFF = range(8)
CALL, ORDER, ARRIVE, LEAVE, HOSPITAL, FREE, HOME, DIVERT, WAIT, SHORT, SERVED, LOST = range(12)
DUTY_ON, DUTY_OFF, MOVE_UP, ROADS = range(12, 16)
NOTHING, NEW_CALL, FREED, ON_DUTY, NEW_STATE = range(5)
NOW, NEXT_CALL, NEXT_DUTY, NEXT_ROADS, ROAD_TABLE, LOGGED, DIRTY, DUE, ABOUT, WAITING = range(10)
DONE, ASK, ASK_POSTS, LOG_FULL = TEAM_OF, ORDERED, ARRIVED, DROPPED = range(4)
HANDLING, GIVE_UP, WAITS, FREE_RETURNING, DIVERT_GAIN, HORIZON, WARM_UP, ASKS, ASKS_POSTS = range(9)
OPEN_CALL, SERVED_CALL, LOST_CALL = range(3)
DUTY_AT, DUTY_TEAM, DUTY_SET = ROADS_AT, ROADS_TABLE, ROADS_TO = range(3)
ROW_FROM, RECOVERY = CALL_OF, WORK = range(2)
AT, KIND, NODE, FIRST, RANK, TRANSPORT, HANDOVER = range(7)
STATUS, NEXT, ORIGIN, GOAL, START, LEG, ON_ROAD, SLOT, POST, DUTY, BUSY_FROM, BUSY, SPARE = range(13)
BASE, TURNOUT, AID, HOME_MODE, GROUP = OPEN_SLOTS, ENGAGED, CAME, OUTCOME, QUEUED = range(5)


@njit(**LOOP)
def _log(s, what, call, slot, team, node):  # type: ignore[no-untyped-def]  # compiled
    if s.at[LOGGED] < len(s.log):
        line = s.log[s.at[LOGGED]]
        line[0], line[1], line[2], line[3], line[4], line[5] = s.at[NOW], what, call, slot, team, node
    s.at[LOGGED] += 1


@njit(**LOOP)
def way(r, s, k, node, mode):  # type: ignore[no-untyped-def]  # compiled
    """Time of team k to a node, the end of its present drive that it goes by, and the time to that end."""
    roads, back_to, forth_to = s.at[ROAD_TABLE], s.team[ORIGIN, k], s.team[GOAL, k]
    drive = r.drive[roads, mode, node, forth_to]
    if not s.team[ON_ROAD, k]:
        return (NEVER if drive >= NO_ROAD else np.int64(drive)), forth_to, np.int64(0)
    to_forth = s.team[START, k] + s.team[LEG, k] - s.at[NOW]
    forth = NEVER if drive >= NO_ROAD else to_forth + drive
    drive = r.drive[roads, mode, node, back_to]
    to_back = abs(s.at[NOW] - s.team[START, k])
    back = NEVER if drive >= NO_ROAD else to_back + drive
    return (back, back_to, to_back) if back <= forth else (forth, forth_to, to_forth)


@njit(**LOOP)
def set_out(r, s, k, node, mode, wait):  # type: ignore[no-untyped-def]  # compiled
    """Begin a drive after ``wait``; False, and nothing changes, where no road leads there."""
    total, via, to_via = way(r, s, k, node, mode)
    if total >= NEVER:
        return False
    s.team[ORIGIN, k], s.team[GOAL, k] = via, node
    s.team[START, k], s.team[LEG, k] = s.at[NOW] + wait + to_via, total - to_via
    s.team[ON_ROAD, k], s.team[NEXT, k] = True, s.at[NOW] + wait + total
    return True


@njit(**LOOP)
def _free(r, s, k):  # type: ignore[no-untyped-def]  # compiled
    """Whether team k is on duty and on no call; on its way home it is free where the rules say so."""
    status = s.team[STATUS, k]
    return s.team[DUTY, k] and (status in (IDLE, MOVING) or (status == RETURNING and r.rule[FREE_RETURNING]))


@njit(**LOOP)
def may_go(r, c, s, k, call, row):  # type: ignore[no-untyped-def]  # compiled
    """Whether team k can be sent to a slot of kind-row ``row``: 0 no, 1 it is free, 2 from another call."""
    if not (r.eligible[row, k] and s.team[DUTY, k]):
        return 0
    if _free(r, s, k):
        return 1
    if s.team[STATUS, k] != DRIVING or r.rule[DIVERT_GAIN] < 0 or s.team[NEXT, k] <= s.at[NOW]:
        return 0
    return 2 if c.call[RANK, c.slot[CALL_OF, s.team[SLOT, k]]] < c.call[RANK, call] else 0


@njit(**LOOP)
def arrival(r, c, s, k, call):  # type: ignore[no-untyped-def]  # compiled
    """From now until team k would be at a call: turnout where it stands idle, then the way."""
    total, _, _ = way(r, s, k, c.call[NODE, call], r.mode[k, c.call[KIND, call]])
    return total if total >= NEVER or s.team[STATUS, k] != IDLE else total + r.team[TURNOUT, k]


@njit(**LOOP)
def _enqueue(c, s, call):  # type: ignore[no-untyped-def]  # compiled
    """Put a call among the waiting: higher priority first, then the earlier one."""
    if not s.call[QUEUED, call]:
        s.call[QUEUED, call] = True
        at, s.at[WAITING] = s.at[WAITING], s.at[WAITING] + 1
        place = call - (c.call[RANK, call] << 40)
        while at > 0 and s.waiting[at - 1] - (c.call[RANK, s.waiting[at - 1]] << 40) > place:
            s.waiting[at] = s.waiting[at - 1]
            at -= 1
        s.waiting[at] = call


@njit(**LOOP)
def _settle(r, c, s, call):  # type: ignore[no-untyped-def]  # compiled
    """Take a call without open slots off the queue; it ends when nobody is engaged any more."""
    if s.call[OPEN_SLOTS, call] > 0:
        return
    if s.call[QUEUED, call]:
        s.call[QUEUED, call], s.at[WAITING], found = False, s.at[WAITING] - 1, False
        for at in range(s.at[WAITING]):
            found = found or s.waiting[at] == call
            s.waiting[at] = s.waiting[at + 1] if found else s.waiting[at]
    if s.call[ENGAGED, call] == 0 and s.call[OUTCOME, call] == OPEN_CALL:
        s.call[OUTCOME, call] = SERVED_CALL if s.call[CAME, call] > 0 else LOST_CALL
        _log(s, SERVED if s.call[CAME, call] > 0 else LOST, call, -1, -1, c.call[NODE, call])


@njit(**LOOP)
def _drop_open(r, c, s, call):  # type: ignore[no-untyped-def]  # compiled
    """Nobody will come any more for the open slots of a call."""
    for q in range(c.call[FIRST, call], c.call[FIRST, call + 1]):
        if s.slot[TEAM_OF, q] < 0 and not s.slot[DROPPED, q]:
            s.slot[DROPPED, q] = True
            s.call[OPEN_SLOTS, call] -= 1
            _log(s, SHORT, call, q - c.call[FIRST, call], -1, c.call[NODE, call])
    _settle(r, c, s, call)


@njit(**LOOP)
def commit(r, c, s, q, k):  # type: ignore[no-untyped-def]  # compiled
    """Send team k to slot q; from another call if it is on the way there, whose slot is then open again."""
    call = c.slot[CALL_OF, q]
    s.at[DIRTY] = 1
    wait = r.team[TURNOUT, k] if s.team[STATUS, k] == IDLE else 0
    if s.team[STATUS, k] == DRIVING:
        old = s.team[SLOT, k]
        other = c.slot[CALL_OF, old]
        s.slot[TEAM_OF, old] = -1
        s.call[ENGAGED, other] -= 1
        s.call[OPEN_SLOTS, other] += 1
        _log(s, DIVERT, other, old - c.call[FIRST, other], k, c.call[NODE, other])
        _enqueue(c, s, other)
    else:
        s.team[BUSY_FROM, k] = s.at[NOW]
    set_out(r, s, k, c.call[NODE, call], r.mode[k, c.call[KIND, call]], wait)
    s.team[STATUS, k], s.team[SLOT, k] = DRIVING, q
    s.slot[TEAM_OF, q], s.slot[ORDERED, q] = k, s.at[NOW]
    s.call[OPEN_SLOTS, call] -= 1
    s.call[ENGAGED, call] += 1
    _log(s, ORDER, call, q - c.call[FIRST, call], k, c.call[NODE, call])
    _settle(r, c, s, call)


@njit(**LOOP)
def _fill(r, c, s, call):  # type: ignore[no-untyped-def]  # compiled
    """Fill open slots in order: own before aid, by arrival (if diverted, and the gain). Was one diverted."""
    diverted = False
    for q in range(c.call[FIRST, call], c.call[FIRST, call + 1]):
        if s.slot[TEAM_OF, q] >= 0 or s.slot[DROPPED, q]:
            continue
        best, best_aid, best_at = -1, True, NEVER
        for k in range(r.team.shape[1]):
            how = may_go(r, c, s, k, call, r.kind[ROW_FROM, c.call[KIND, call]] + q - c.call[FIRST, call])
            if how == 0 or (best >= 0 and r.team[AID, k] and not best_aid):
                continue
            at = arrival(r, c, s, k, call) + (r.rule[DIVERT_GAIN] if how == 2 else 0)
            if at < NEVER and (best < 0 or at < best_at or (best_aid and not r.team[AID, k])):
                best, best_aid, best_at = k, r.team[AID, k], at
        if best >= 0:
            diverted = diverted or s.team[STATUS, best] == DRIVING
            commit(r, c, s, q, best)
    return diverted


@njit(**LOOP)
def _fill_waiting(r, c, s):  # type: ignore[no-untyped-def]  # compiled
    """Look at every waiting call in order, again while teams are taken from one call for another."""
    diverted = True
    while diverted:
        diverted, at = False, 0
        while at < s.at[WAITING]:
            call = s.waiting[at]
            diverted = _fill(r, c, s, call) or diverted
            if at < s.at[WAITING] and s.waiting[at] == call:
                at += 1


@njit(**LOOP)
def _serve_with(r, c, s, k):  # type: ignore[no-untyped-def]  # compiled
    """Send a team that became free to the first waiting slot that it may fill: nobody else could."""
    for at in range(s.at[WAITING]):
        call = s.waiting[at]
        row = r.kind[ROW_FROM, c.call[KIND, call]] - c.call[FIRST, call]
        for q in range(c.call[FIRST, call], c.call[FIRST, call + 1]):
            wanted = s.slot[TEAM_OF, q] < 0 and not s.slot[DROPPED, q]
            if wanted and may_go(r, c, s, k, call, row + q) == 1 and arrival(r, c, s, k, call) < NEVER:
                commit(r, c, s, q, k)
                return


@njit(**LOOP)
def decided(r, c, s):  # type: ignore[no-untyped-def]  # compiled
    """What follows a decision, whoever took it: calls that may not wait are short, free teams go home."""
    due, about, s.at[DUE] = s.at[DUE], s.at[ABOUT], NOTHING
    while not r.rule[WAITS] and s.at[WAITING] > 0:
        _drop_open(r, c, s, s.waiting[0])
    if due == NEW_CALL and s.call[QUEUED, about]:
        _log(s, WAIT, about, -1, -1, c.call[NODE, about])
    elif due == FREED and s.team[STATUS, about] == RETURNING and not s.team[ON_ROAD, about]:
        if not set_out(r, s, about, s.team[POST, about], r.team[HOME_MODE, about], 0):
            s.team[STATUS, about], s.at[DUE] = IDLE, ON_DUTY
    elif due == NEW_STATE:
        for k in range(r.team.shape[1]):
            away = s.team[STATUS, k] == IDLE and s.team[GOAL, k] != s.team[POST, k]
            if away and set_out(r, s, k, s.team[POST, k], r.team[HOME_MODE, k], 0):
                s.team[STATUS, k] = MOVING


@njit(**LOOP)
def _end_shift(r, s, k):  # type: ignore[no-untyped-def]  # compiled
    """A team on no call goes home and is off there; it is off at once where no road leads home."""
    base = r.team[BASE, k]
    s.team[POST, k], s.at[DIRTY] = base, 1
    away = s.team[ON_ROAD, k] or s.team[GOAL, k] != base
    if away and set_out(r, s, k, base, r.team[HOME_MODE, k], 0):
        s.team[STATUS, k] = RETURNING
        return
    s.team[STATUS, k], s.team[ON_ROAD, k], s.team[NEXT, k], s.team[GOAL, k] = OFF, False, NEVER, base
    _log(s, DUTY_OFF, -1, -1, k, base)


@njit(**LOOP)
def _release(r, c, s, k):  # type: ignore[no-untyped-def]  # compiled
    call = c.slot[CALL_OF, s.team[SLOT, k]]
    s.team[BUSY, k] += max(0, s.at[NOW] - max(s.team[BUSY_FROM, k], r.rule[WARM_UP]))
    s.at[DIRTY], s.team[NEXT, k] = 1, NEVER
    _log(s, FREE, call, s.team[SLOT, k] - c.call[FIRST, call], k, s.team[GOAL, k])
    s.team[SLOT, k] = -1
    if s.team[DUTY, k]:
        s.team[STATUS, k] = RETURNING
        s.at[DUE], s.at[ABOUT] = FREED, k
    else:
        _end_shift(r, s, k)


@njit(**LOOP)
def _leave(r, c, s, k):  # type: ignore[no-untyped-def]  # compiled
    """Work is done: to the nearest hospital, or to recovery where it stands."""
    q = s.team[SLOT, k]
    call = c.slot[CALL_OF, q]
    _log(s, LEAVE, call, q - c.call[FIRST, call], k, c.call[NODE, call])
    s.call[ENGAGED, call] -= 1
    _settle(r, c, s, call)
    node = r.hospital[s.at[ROAD_TABLE], r.team[HOME_MODE, k], c.call[NODE, call]]
    carries = c.call[TRANSPORT, call] and q == c.call[FIRST, call] and node >= 0
    s.team[STATUS, k] = TO_HOSPITAL
    if not (carries and set_out(r, s, k, node, r.team[HOME_MODE, k], 0)):
        s.team[STATUS, k], s.team[NEXT, k] = RECOVERING, s.at[NOW] + r.kind[RECOVERY, c.call[KIND, call]]


@njit(**LOOP)
def _team_event(r, c, s, k):  # type: ignore[no-untyped-def]  # compiled
    status, q = s.team[STATUS, k], s.team[SLOT, k]
    call = c.slot[CALL_OF, q] if q >= 0 else -1
    s.team[ON_ROAD, k] = False
    if status == DRIVING:
        s.team[STATUS, k], s.slot[ARRIVED, q] = WORKING, s.at[NOW]
        s.call[CAME, call] += 1
        s.team[NEXT, k] = s.at[NOW] + c.slot[WORK, q]
        _log(s, ARRIVE, call, q - c.call[FIRST, call], k, c.call[NODE, call])
    elif status == WORKING:
        _leave(r, c, s, k)
    elif status == TO_HOSPITAL:
        _log(s, HOSPITAL, call, q - c.call[FIRST, call], k, s.team[GOAL, k])
        handover = c.call[HANDOVER, call] + r.kind[RECOVERY, c.call[KIND, call]]
        s.team[STATUS, k], s.team[NEXT, k] = RECOVERING, s.at[NOW] + handover
    elif status == RECOVERING:
        _release(r, c, s, k)
    else:
        s.team[STATUS, k], s.team[NEXT, k] = IDLE, NEVER
        _log(s, HOME, -1, -1, k, s.team[GOAL, k])
        if not s.team[DUTY, k]:
            _end_shift(r, s, k)
        elif status == RETURNING and not r.rule[FREE_RETURNING]:
            s.at[DIRTY], s.at[DUE], s.at[ABOUT] = 1, ON_DUTY, k


@njit(**LOOP)
def _duty_event(r, s):  # type: ignore[no-untyped-def]  # compiled
    k, on = r.duty[DUTY_TEAM, s.at[NEXT_DUTY]], r.duty[DUTY_SET, s.at[NEXT_DUTY]]
    s.at[NEXT_DUTY] += 1
    status, was, s.team[DUTY, k] = s.team[STATUS, k], s.team[DUTY, k], on
    if on and not was and status in (OFF, RETURNING):
        s.at[DIRTY], s.at[DUE], s.at[ABOUT] = 1, NEW_STATE, -1
        if status == OFF:
            s.team[STATUS, k] = IDLE
            _log(s, DUTY_ON, -1, -1, k, r.team[BASE, k])
    elif not on and status in (IDLE, RETURNING, MOVING):
        _end_shift(r, s, k)


@njit(**LOOP)
def counts_idle(r, s, k):  # type: ignore[no-untyped-def]  # compiled
    """Whether team k may be moved up."""
    return r.team[GROUP, k] and _free(r, s, k)


@njit(**LOOP)
def move_to_posts(r, s):  # type: ignore[no-untyped-def]  # compiled
    """Send every idle team of the group whose post is elsewhere on its way there."""
    for k in range(r.team.shape[1]):
        away = counts_idle(r, s, k) and s.team[GOAL, k] != s.team[POST, k]
        if away and set_out(r, s, k, s.team[POST, k], r.team[HOME_MODE, k], 0):
            s.team[STATUS, k] = RETURNING if s.team[STATUS, k] == RETURNING else MOVING
            if s.team[POST, k] != r.team[BASE, k]:
                _log(s, MOVE_UP, -1, -1, k, s.team[POST, k])


@njit(**LOOP)
def _keep_table(r, s):  # type: ignore[no-untyped-def]  # compiled
    """Hold the posts of the table's row for so many idle teams, each by the nearest; the rest at home."""
    teams, count = r.team.shape[1], 0
    for k in range(teams):
        s.team[SPARE, k] = counts_idle(r, s, k)
        if s.team[SPARE, k]:
            count += 1
            s.team[POST, k] = r.team[BASE, k]
    count = min(count, len(r.table_from) - 2)
    for post in r.table_post[r.table_from[count] : r.table_from[count + 1]]:
        best, best_at = -1, NEVER
        for k in range(teams):
            if s.team[SPARE, k]:
                total, _, _ = way(r, s, k, post, r.team[HOME_MODE, k])
                if total < best_at:
                    best, best_at = k, total
        if best >= 0:
            s.team[SPARE, best], s.team[POST, best] = 0, post
    move_to_posts(r, s)


@njit(**LOOP)
def run(r, c, s):  # type: ignore[no-untyped-def]  # compiled
    """Go on to the horizon (``DONE``), a decision (``ASK``), posts (``ASK_POSTS``) or ``LOG_FULL``."""
    while True:
        while s.at[DUE] != NOTHING:
            due, about = s.at[DUE], s.at[ABOUT]
            if r.rule[ASKS] and s.at[WAITING] > 0:
                return ASK
            if due == NEW_STATE or (due == NEW_CALL and _fill(r, c, s, about)):
                _fill_waiting(r, c, s)
            elif due != NEW_CALL and s.at[WAITING] > 0:
                _serve_with(r, c, s, about)
            decided(r, c, s)
        if s.at[DIRTY]:
            s.at[DIRTY] = 0
            if r.rule[ASKS_POSTS]:
                return ASK_POSTS
            if len(r.table_from) > 1:
                _keep_table(r, s)
        if s.at[LOGGED] > len(s.log) > 0:
            return LOG_FULL
        when, kind, who = np.int64(NEVER), -1, -1
        if s.at[NEXT_ROADS] < r.roads.shape[1]:
            when, kind = r.roads[ROADS_AT, s.at[NEXT_ROADS]], 0
        if s.at[NEXT_DUTY] < r.duty.shape[1] and r.duty[DUTY_AT, s.at[NEXT_DUTY]] < when:
            when, kind = r.duty[DUTY_AT, s.at[NEXT_DUTY]], 1
        for k in range(r.team.shape[1]):
            if s.team[NEXT, k] < when:
                when, kind, who = s.team[NEXT, k], 2, k
        for at in range(s.at[WAITING] if r.rule[GIVE_UP] >= 0 else 0):
            until = max(s.at[NOW], c.call[AT, s.waiting[at]] + r.rule[HANDLING] + r.rule[GIVE_UP])
            if until < when:
                when, kind, who = until, 3, s.waiting[at]
        call = s.at[NEXT_CALL]
        if call < c.call.shape[1] - 1 and c.call[AT, call] + r.rule[HANDLING] < when:
            when, kind, who = c.call[AT, call] + r.rule[HANDLING], 4, call
        if when >= r.rule[HORIZON]:
            break
        s.at[NOW] = when
        if kind == 0:
            s.at[ROAD_TABLE], s.at[DUE] = r.roads[ROADS_TABLE, s.at[NEXT_ROADS]], NEW_STATE
            _log(s, ROADS, -1, -1, -1, r.roads[ROADS_TO, s.at[NEXT_ROADS]])
            s.at[ABOUT], s.at[NEXT_ROADS] = -1, s.at[NEXT_ROADS] + 1
        while kind < 2 and s.at[NEXT_DUTY] < r.duty.shape[1] and r.duty[DUTY_AT, s.at[NEXT_DUTY]] == when:
            _duty_event(r, s)
        if kind == 2:
            _team_event(r, c, s, who)
        elif kind == 3:
            _drop_open(r, c, s, who)
        elif kind == 4:
            s.at[NEXT_CALL] += 1
            s.call[OPEN_SLOTS, who] = c.call[FIRST, who + 1] - c.call[FIRST, who]
            _log(s, CALL, who, -1, -1, c.call[NODE, who])
            _enqueue(c, s, who)
            s.at[DUE], s.at[ABOUT] = NEW_CALL, who
    return DONE
