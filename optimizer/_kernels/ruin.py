"""Routes improved by ruin and recreate: strings of neighbouring tasks are taken out and put back greedily.

Slack induction by string removals (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914), here with
time windows and durations by joining segments (Vidal et al. 2014, doi:10.1016/j.ejor.2013.09.045),
insertion beside near tasks only, and other vehicles: a task may go into a route that then needs a larger one
(Golden et al. 1984, doi:10.1016/0305-0548(84)90007-8), and whole routes change to a cheaper one.

The state has a row for each node: tasks, then the starts, then the ends of all vehicles. Its columns:
neighbours on the route, vehicle (-1 left out), position; the segment up to the node and the one from it on
(each: least time, earliest departure that needs no more, latest departure); place, service time, earliest and
latest begin; of starts also kind, number of tasks, length and cost of the route; loads (of a start: carried).
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer import _kernels  # noqa: F401 - gives numba a cache folder first

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rng = np.random.Generator
Int = int | np.int64
BEFORE, AFTER, VEHICLE, POSITION, HEAD, TAIL = 0, 1, 2, 3, 4, 7
PLACE, SERVICE, EARLIEST, LATEST, KIND, SIZE, LENGTH, COST, LOAD = 10, 11, 12, 13, 14, 15, 16, 17, 18
FIRST, LAST, FIXED, PER_LENGTH, PER_TIME, LONGEST, TABLE, GROUP, CAPACITY = 0, 1, 2, 3, 4, 5, 6, 7, 8
"""Columns of the kinds of vehicles: first vehicle and the one after the last, costs, longest time, table,
group of kinds that differ in capacity and costs only, capacities."""

REMOVED, LONGEST_STRING, GROW, BLINK = 10, 10, 0.99, 0.01
"""Mean tasks removed, longest string, chance that a split grows on, chance that a place is overlooked."""
NEVER = 2**62


class Work(NamedTuple):
    """What the search does not change. Tables: (tables, places, places).

    By task: allowed kinds, neighbours for removal (itself first) and for insertion (near first), whether a
    task is among the latter, orders of insertion (keys by rule), penalty of leaving it out in the end.
    """

    kinds: Int64s
    allowed: Bools
    around: Int32s
    close: Int32s
    is_close: Bools
    keys: Int64s
    penalty: Int64s
    travel: Int64s
    length: Int64s


@njit(cache=True, nogil=True)
def refresh(state: Int64s, start: Int, tasks: Int, kinds: Int64s, travel: Int64s, length: Int64s) -> None:
    """Compute everything known of a route again from its chain of nodes."""
    kind, vehicle = state[start, KIND], start - tasks
    table, end = kinds[kind, TABLE], start + (len(state) - tasks) // 2
    for d in range(LOAD, state.shape[1]):
        state[start, d] = 0
    time, begin, until = 0, state[start, EARLIEST], state[start, LATEST]
    state[start, HEAD], state[start, HEAD + 1], state[start, HEAD + 2] = time, begin, until
    at, position, long = start, 0, 0
    while at != end:
        to, position = state[at, AFTER], position + 1
        way = time + travel[table, state[at, PLACE], state[to, PLACE]]
        long += length[table, state[at, PLACE], state[to, PLACE]]
        wait = max(state[to, EARLIEST] - way - until, 0)
        time = way + state[to, SERVICE] + wait
        begin = max(state[to, EARLIEST] - way, begin) - wait
        until = min(state[to, LATEST] - way, until)
        state[to, HEAD], state[to, HEAD + 1], state[to, HEAD + 2] = time, begin, until
        state[to, VEHICLE], state[to, POSITION] = vehicle, position
        if to < tasks:
            for d in range(LOAD, state.shape[1]):
                state[start, d] += state[to, d]
        at = to
    size = position - 1
    state[start, SIZE], state[start, LENGTH], state[start, COST] = size, long if size else 0, 0
    if size:
        state[start, COST] = (
            kinds[kind, FIXED] + kinds[kind, PER_LENGTH] * long + kinds[kind, PER_TIME] * time
        )
    time, begin, until = 0, state[end, EARLIEST], state[end, LATEST]
    state[end, TAIL], state[end, TAIL + 1], state[end, TAIL + 2] = time, begin, until
    while at != start:
        to = state[at, BEFORE]
        way = state[to, SERVICE] + travel[table, state[to, PLACE], state[at, PLACE]]
        wait = max(begin - way - state[to, LATEST], 0)
        time, begin = way + time + wait, max(begin - way, state[to, EARLIEST]) - wait
        until = min(until - way, state[to, LATEST])
        state[to, TAIL], state[to, TAIL + 1], state[to, TAIL + 2] = time, begin, until
        at = to


@njit(cache=True, nogil=True)
def _free(state: Int64s, kind: Int, kinds: Int64s, tasks: Int) -> Int:
    """Start of the first vehicle of a kind that stays, or -1."""
    for vehicle in range(kinds[kind, FIRST], kinds[kind, LAST]):
        if state[tasks + vehicle, SIZE] == 0:
            return np.int64(tasks + vehicle)
    return np.int64(-1)


@njit(cache=True, nogil=True)
def _carrier(state: Int64s, task: Int, start: Int, work: Work) -> Int:
    """The cheapest kind that can carry a route and one more task: its own, or one of its group; or -1."""
    own, tasks, kinds = state[start, KIND], len(work.penalty), work.kinds
    if not work.allowed[task, own]:
        return np.int64(-1)
    least, best = NEVER, -1
    for kind in range(len(kinds)):
        fits = kinds[kind, GROUP] == kinds[own, GROUP]
        for d in range(state.shape[1] - LOAD):
            fits &= state[start, LOAD + d] + state[task, LOAD + d] <= kinds[kind, CAPACITY + d]
        if fits and kind == own:
            return np.int64(own)
        cost = kinds[kind, FIXED] + kinds[kind, PER_LENGTH] * state[start, LENGTH]
        if fits and cost < least and _free(state, kind, kinds, tasks) >= 0:
            least, best = cost, kind
    return np.int64(best)


@njit(cache=True, nogil=True)
def _best_place(
    state: Int64s, task: Int, near: Int32s, every: bool, carriers: Int64s, work: Work, rng: Rng
) -> tuple[Int, Int]:
    """Node after which a task costs least more, and the kind of vehicle then; -1 when nowhere.

    Looked at: before each near node; after it, when the next one is an end or not near; vehicles that stay.
    ``every``: overlook nothing.
    """
    kinds, travel, length, tasks = work.kinds, work.travel, work.length, len(work.penalty)
    least, best, best_kind = np.int64(NEVER), np.int64(-1), np.int64(-1)
    here, earliest, latest = state[task, PLACE], state[task, EARLIEST], state[task, LATEST]
    carriers[:] = -2
    seen = NEVER if every else int(np.log(1.0 - rng.random()) / np.log(1.0 - BLINK))
    for i in range(len(near) + len(kinds)):
        if i < len(near):
            node = np.int64(near[i])
            vehicle = state[node, VEHICLE]
            if vehicle < 0:
                continue
            start, first, last = tasks + vehicle, state[node, BEFORE], state[node, AFTER]
            both = last >= tasks or not work.is_close[task, last]
        else:
            start = _free(state, i - len(near), kinds, tasks)
            if start < 0:
                continue
            vehicle, first, node, both = start - tasks, start, state[start, AFTER], False
        if carriers[vehicle] == -2:
            carriers[vehicle] = _carrier(state, task, start, work)
        kind = carriers[vehicle]
        if kind < 0:
            continue
        table, was = kinds[kind, TABLE], state[start, COST]
        for side in range(2 if both else 1):
            at, to = (first, node) if side == 0 else (node, last)
            seen -= 1
            if seen < 0:
                seen = int(np.log(1.0 - rng.random()) / np.log(1.0 - BLINK))
                continue
            before, after = state[at, PLACE], state[to, PLACE]
            long = state[start, LENGTH] + length[table, before, here] + length[table, here, after]
            if state[start, SIZE]:
                long -= length[table, before, after]
            rise = kinds[kind, FIXED] + kinds[kind, PER_LENGTH] * long - was
            if rise >= least and kinds[kind, PER_TIME] == 0:
                continue
            way = state[at, HEAD] + travel[table, before, here]
            begin, until = state[at, HEAD + 1], state[at, HEAD + 2]
            if begin + way > latest:
                continue
            wait = max(earliest - way - until, 0)
            begin, until = max(earliest - way, begin) - wait, min(latest - way, until)
            way += state[task, SERVICE] + wait + travel[table, here, after]
            if begin + way > state[to, TAIL + 2]:
                continue
            time = way + state[to, TAIL] + max(state[to, TAIL + 1] - way - until, 0)
            rise += kinds[kind, PER_TIME] * time
            if time <= kinds[kind, LONGEST] and rise < least:
                least, best, best_kind = rise, at, kind
    return best, best_kind


@njit(cache=True, nogil=True)
def _touch(state: Int64s, vehicle: Int, touched: Int64s, tasks: Int) -> Int:
    """List a vehicle as changed (``touched[0]`` counts); its cost, or -1 when it was listed before."""
    for i in range(1, touched[0] + 1):
        if touched[i] == vehicle:
            return np.int64(-1)
    touched[0] += 1
    touched[touched[0]] = vehicle
    return np.int64(state[tasks + vehicle, COST])


@njit(cache=True, nogil=True)
def _hand_over(state: Int64s, start: Int, other: Int, work: Work) -> None:
    """Give a route to a vehicle that stays."""
    tasks = len(work.penalty)
    vehicles = (len(state) - tasks) // 2
    first, last = state[start, AFTER], state[start + vehicles, BEFORE]
    state[other, AFTER], state[first, BEFORE] = first, other
    state[last, AFTER], state[other + vehicles, BEFORE] = other + vehicles, last
    state[start, AFTER], state[start + vehicles, BEFORE] = start + vehicles, start
    refresh(state, start, tasks, work.kinds, work.travel, work.length)
    refresh(state, other, tasks, work.kinds, work.travel, work.length)


@njit(cache=True, nogil=True)
def _cost_with(state: Int64s, start: Int, other: Int, work: Work) -> Int:
    """Cost of a route when another vehicle drives it; ``NEVER`` when that cannot."""
    tasks, kinds, kind = len(work.penalty), work.kinds, state[other, KIND]
    table, at, to, long = kinds[kind, TABLE], other, state[start, AFTER], 0
    for d in range(state.shape[1] - LOAD):
        if state[start, LOAD + d] > kinds[kind, CAPACITY + d]:
            return NEVER
    time, begin, until = 0, state[other, EARLIEST], state[other, LATEST]
    end = other + (len(state) - tasks) // 2
    while at != end:
        if to >= tasks:
            to = end
        elif not work.allowed[to, kind]:
            return NEVER
        way = time + work.travel[table, state[at, PLACE], state[to, PLACE]]
        long += work.length[table, state[at, PLACE], state[to, PLACE]]
        if begin + way > state[to, LATEST]:
            return NEVER
        wait = max(state[to, EARLIEST] - way - until, 0)
        time, begin = way + state[to, SERVICE] + wait, max(state[to, EARLIEST] - way, begin) - wait
        until = min(state[to, LATEST] - way, until)
        at, to = to, state[to, AFTER]
    cost = kinds[kind, FIXED] + kinds[kind, PER_LENGTH] * long + kinds[kind, PER_TIME] * time
    return np.int64(cost) if time <= kinds[kind, LONGEST] else NEVER


@njit(cache=True, nogil=True)
def _ruin(state: Int64s, absent: Int64s, touched: Int64s, work: Work, rng: Rng) -> Int:
    """Take strings of tasks out of some neighbouring routes; what those routes cost."""
    tasks, used, cost = len(work.penalty), 0, np.int64(0)
    for start in range(tasks, tasks + len(touched) - 1):
        used += state[start, SIZE] > 0
    longest = min(float(LONGEST_STRING), (tasks - absent[0]) / max(used, 1))
    strings = int(rng.random() * (4.0 * REMOVED / (1.0 + longest) - 1.0) + 1.0)
    for near in work.around[int(rng.random() * tasks)]:
        if touched[0] >= strings:
            break
        vehicle = state[near, VEHICLE]
        was = np.int64(-1) if vehicle < 0 else _touch(state, vehicle, touched, tasks)
        if was < 0:
            continue
        cost += was
        size = state[tasks + vehicle, SIZE]
        string = min(int(rng.random() * min(float(size), longest) + 1.0), size)
        _take_string(state, np.int64(near), size, string, absent, rng)
        refresh(state, tasks + vehicle, tasks, work.kinds, work.travel, work.length)
    return cost


@njit(cache=True, nogil=True)
def _take_string(state: Int64s, near: Int, size: Int, string: Int, absent: Int64s, rng: Rng) -> None:
    """Take ``string`` tasks in a row around one out; half the time some in their midst stay."""
    kept = int(1 < string < size and rng.random() < 0.5)
    while 0 < kept < size - string and rng.random() < GROW:
        kept += 1
    span, position, at = string + kept, state[near, POSITION], near
    low, high = max(1, position - span + 1), min(position, size - span + 1)
    hole = 1 + int(rng.random() * (string - 1)) if kept else span
    for _ in range(position - low - int(rng.random() * (high - low + 1))):
        at = state[at, BEFORE]
    for i in range(span):
        to = state[at, AFTER]
        if i < hole or i >= hole + kept:
            before = state[at, BEFORE]
            state[before, AFTER], state[to, BEFORE], state[at, VEHICLE] = to, before, -1
            absent[0] += 1
            absent[absent[0]] = at
        at = to


@njit(cache=True, nogil=True)
def _sort(absent: Int64s, keys: Int64s, rng: Rng) -> None:
    """Order the tasks left out by one of the rules, or (as likely as four rules) at random."""
    rule = int(rng.random() * (len(keys) + 4))
    for i in range(2, absent[0] + 1):
        task, j = absent[i], i
        if rule >= len(keys):
            j = 1 + int(rng.random() * i)
            absent[i] = absent[j]
        else:
            while j > 1 and keys[rule, absent[j - 1]] > keys[rule, task]:
                absent[j] = absent[j - 1]
                j -= 1
        absent[j] = task


@njit(cache=True, nogil=True)
def _recreate(state: Int64s, absent: Int64s, touched: Int64s, carriers: Int64s, work: Work, rng: Rng) -> Int:
    """Put back what fits; what the routes cost before that are touched for the first time."""
    _sort(absent, work.keys, rng)
    cost, left, tasks = np.int64(0), 0, len(work.penalty)
    for i in range(1, absent[0] + 1):
        task = absent[i]
        at, kind = _best_place(state, task, work.close[task], False, carriers, work, rng)
        if at < 0:
            at, kind = _best_place(state, task, np.arange(tasks).astype(np.int32), True, carriers, work, rng)
        if at < 0:
            left += 1
            absent[left] = task
            continue
        start = at if at >= tasks else tasks + state[at, VEHICLE]
        cost += max(_touch(state, start - tasks, touched, tasks), 0)
        after = state[at, AFTER]
        state[at, AFTER], state[task, BEFORE] = task, at
        state[task, AFTER], state[after, BEFORE] = after, task
        if kind == state[start, KIND]:
            refresh(state, start, tasks, work.kinds, work.travel, work.length)
        else:
            other = _free(state, kind, work.kinds, tasks)
            cost += max(_touch(state, other - tasks, touched, tasks), 0)
            _hand_over(state, start, other, work)
    absent[0] = left
    return cost


@njit(cache=True, nogil=True)
def _exchange(state: Int64s, touched: Int64s, work: Work) -> Int:
    """Give each touched route its cheapest vehicle; what those cost that are touched for the first time."""
    cost, tasks, kinds = np.int64(0), len(work.penalty), work.kinds
    for i in range(1, touched[0] + 1):
        start = best = tasks + touched[i]
        least = state[start, COST]
        for kind in range(len(kinds) if state[start, SIZE] else 0):
            other = -1 if kind == state[start, KIND] else _free(state, kind, kinds, tasks)
            price = NEVER if other < 0 else _cost_with(state, start, other, work)
            if price < least:
                least, best = price, other
        if best != start:
            cost += max(_touch(state, best - tasks, touched, tasks), 0)
            _hand_over(state, start, best, work)
    return cost


@njit(cache=True, nogil=True)
def _copy(source: Int64s, target: Int64s, touched: Int64s, left: Int64s, tasks: Int) -> None:
    """Copy the touched routes and the tasks left out."""
    for i in range(1, touched[0] + 1):
        at = tasks + touched[i]
        end = at + len(touched) - 1
        while at != end:
            target[at] = source[at]
            at = source[at, AFTER]
        target[at] = source[at]
    for i in range(1, left[0] + 1):
        target[left[i]] = source[left[i]]


@njit(cache=True, nogil=True)
def improve(
    states: Int64s, lefts: Int64s, costs: Int64s, pressure: Int64s, work: Work, heats: Floats, rng: Rng
) -> None:
    """Ruin and recreate once for each heat, a temperature of simulated annealing in units of cost.

    ``states``, ``lefts`` (number of tasks left out, then the tasks) and ``costs`` are of the work in hand, of
    what was accepted last (the same when called) and of the best. The costs of the former two count the
    pressure (now, growth; by task), which grows while a task is left out, those of the best its penalty.
    """
    tasks = len(work.penalty)
    touched = np.zeros((len(states[0]) - tasks) // 2 + 1, np.int64)
    carriers = np.zeros(len(touched), np.int64)
    for heat in heats:
        touched[0] = 0
        was = _ruin(states[0], lefts[0], touched, work, rng)
        was += _exchange(states[0], touched, work)
        was += _recreate(states[0], lefts[0], touched, carriers, work, rng)
        was += _exchange(states[0], touched, work)
        free = costs[1] - was
        for i in range(1, touched[0] + 1):
            free += states[0, tasks + touched[i], COST]
        for i in range(1, lefts[1, 0] + 1):
            free -= pressure[0, lefts[1, i]]
        costs[0], final = free, free
        for i in range(1, lefts[0, 0] + 1):
            costs[0] += pressure[0, lefts[0, i]]
            final += work.penalty[lefts[0, i]]
        if final < costs[2]:
            states[2], lefts[2], costs[2] = states[0], lefts[0], final
        if costs[0] < costs[1] - heat * np.log(1.0 - rng.random()):
            _copy(states[0], states[1], touched, lefts[0], tasks)
            lefts[1], costs[1] = lefts[0], costs[0]
        else:
            _copy(states[1], states[0], touched, lefts[1], tasks)
            lefts[0] = lefts[1]
        for i in range(1, lefts[1, 0] + 1):
            pressure[0, lefts[1, i]] += pressure[1, lefts[1, i]]
            costs[1] += pressure[1, lefts[1, i]]
