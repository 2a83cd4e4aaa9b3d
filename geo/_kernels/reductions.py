"""What is kept of a sweep: the table itself, or an answer that needs no table.

Each kernel goes through the places ``p0 <= place < p1``, brings the times of all lanes at a place into a
tile, with the drives that need no junction (``direct_*``: those to place ``i`` are ``direct_start[i]`` up to
``direct_start[i + 1]``; an empty ``direct_start`` says that there are none), and keeps what it wants of them.
"""

import numpy as np
from numba import njit

from geo._kernels.flow import Bytes, Floats, Int, Ints
from geo._kernels.lanes import (
    FEW,
    MANY,
    UNREACHED,
    arrive_few,
    arrive_many,
    bits_set,
    lowest_bit,
    within_few,
    within_many,
)
from geo._kernels.turning import SIDE, fetch, turn


@njit(cache=True, nogil=True)
def _arrive(labels: Ints, start: Ints, row: Ints, ds: Ints, place: int, out: Ints, at: Int) -> None:
    """Times of all lanes at one place, the least over its rows, into ``out.flat[at:]``."""
    begin, end = start[place], start[place + 1]
    few = labels.shape[1] == FEW
    if begin == end and few:
        arrive_few(labels, np.int64(0), UNREACHED, out, at, True)
    elif begin == end:
        arrive_many(labels, np.int64(0), UNREACHED, out, at, True)
    for k in range(begin, end):
        if few:
            arrive_few(labels, row[k], ds[k], out, at, k == begin)
        else:
            arrive_many(labels, row[k], ds[k], out, at, k == begin)


@njit(cache=True, nogil=True)
def _add_direct(start: Ints, source: Ints, ds: Ints, place: int, first: int, count: int, tile: Ints) -> None:
    """Lower ``tile[0]`` by the direct drives to a place."""
    if start.size == 0:
        return
    for k in range(start[place], start[place + 1]):
        lane = source[k] - first
        if 0 <= lane < count:
            tile[0, lane] = min(tile[0, lane], ds[k])


@njit(cache=True, nogil=True)
def write_table(
    labels: Ints, start: Ints, row: Ints, ds: Ints, p0: int, p1: int, count: int, source: Ints, tile: Ints,
    table: Ints,
) -> None:  # fmt: skip
    """``table[source[lane], place]`` for the first ``count`` lanes.

    ``tile`` (SIDE, lanes) is scratch: so many places are brought together, then turned at once.
    """
    lanes = labels.shape[1]
    at = np.zeros(lanes, np.int64)
    for place in range(p0, p1, SIDE):
        here = min(SIDE, p1 - place)
        soon = min(place + SIDE, p1)
        for k in range(start[soon], start[min(soon + SIDE, p1)]):
            fetch(labels, np.int64(row[k]))
        for j in range(here):
            _arrive(labels, start, row, ds, place + j, tile, np.int64(j * lanes))
        for lane in range(count):
            at[lane] = np.int64(source[lane]) * table.shape[1] + place
        if here == SIDE:
            for lane in range(0, count, SIDE):
                turn(tile, np.int64(lane), np.int64(count), table, at)
            continue
        for lane in range(count):
            for j in range(here):
                table[source[lane], place + j] = tile[j, lane]


@njit(cache=True, nogil=True)
def mark_within(
    labels: Ints, start: Ints, row: Ints, ds: Ints, direct_start: Ints, direct_source: Ints, direct_ds: Ints,
    p0: int, p1: int, first: int, count: int, is_near: Bytes, limits_ds: Ints, marks: Ints,
    is_marked: Bytes,
) -> None:  # fmt: skip
    """Bit ``lane`` of ``marks[limit, place, block]`` is set where the time is within the limit, inclusive.

    A least time is within a limit where any of its parts is: no tile is needed. ``marks`` is 0 before.
    ``is_marked`` is set for places with a bit in any block.
    """
    few, block, mask = labels.shape[1] == FEW, first // MANY, (np.int64(1) << count) - 1
    for place in range(p0, p1):
        is_any = direct_start.size > 0
        for k in range(start[place], start[place + 1]):
            is_any |= is_near[row[k]] != 0
        if not is_any:
            continue
        for limit in range(limits_ds.size):
            within_ds, bits = limits_ds[limit], np.int64(0)
            for k in range(start[place], start[place + 1]):
                if not is_near[row[k]]:
                    continue
                if few:
                    bits |= within_few(labels, row[k], ds[k], within_ds)
                else:
                    bits |= within_many(labels, row[k], ds[k], within_ds)
            if direct_start.size > 0:
                for k in range(direct_start[place], direct_start[place + 1]):
                    lane = direct_source[k] - first
                    if 0 <= lane < count and direct_ds[k] <= within_ds:
                        bits |= np.int64(1) << lane
            if bits & mask:
                marks[limit, place, block] = np.int32(bits & mask)
                is_marked[place] = 1


@njit(cache=True, nogil=True)
def count_marks(marks: Ints, is_marked: Bytes) -> int:
    """How many bits of ``marks`` (places, blocks) are set."""
    total = 0
    for place in range(marks.shape[0]):
        if not is_marked[place]:
            continue
        for block in range(marks.shape[1]):
            total += bits_set(np.int64(marks[place, block]) & 0xFFFFFFFF)
    return total


@njit(cache=True, nogil=True)
def list_marks(
    marks: Ints, is_marked: Bytes, at: Ints, source_at: Ints, place_of: Ints, source_of: Ints
) -> None:
    """Places and sources of the set bits, by place, then source.

    The marks of place ``i`` stand at ``at[i]``; bit ``k`` of block ``b`` is source ``source_at[MANY b + k]``.
    A bit for every source puts those of one place in order.
    """
    words = (source_at.size + 63) // 64
    of_place = np.zeros(words, np.int64)
    end = 0
    for place in range(at.size):
        fetch(marks, np.int64(at[min(place + SIDE, at.size - 1)]))
        if not is_marked[at[place]]:
            continue
        for block in range(marks.shape[1]):
            bits = np.int64(marks[at[place], block]) & 0xFFFFFFFF
            while bits:
                source = source_at[block * MANY + lowest_bit(bits)]
                of_place[source >> 6] |= np.int64(1) << (source & 63)
                bits &= bits - 1
        for word in range(words):
            bits = of_place[word]
            of_place[word] = 0
            while bits:
                source_of[end], place_of[end] = word * 64 + lowest_bit(bits), place
                end += 1
                bits &= bits - 1


@njit(cache=True, nogil=True)
def keep_nearest(
    labels: Ints, start: Ints, row: Ints, ds: Ints, direct_start: Ints, direct_source: Ints, direct_ds: Ints,
    p0: int, p1: int, first: int, count: int, tile: Ints, best_source: Ints, best_ds: Ints,
) -> None:  # fmt: skip
    """Keep the nearest sources of each place, (places, k), rising; on a tie the lower source stays first."""
    last = best_ds.shape[1] - 1
    for place in range(p0, p1):
        _arrive(labels, start, row, ds, place, tile, np.int64(0))
        _add_direct(direct_start, direct_source, direct_ds, place, first, count, tile)
        for lane in range(count):
            time, source = tile[0, lane], first + lane
            worst_ds, worst = best_ds[place, last], best_source[place, last]
            if time >= UNREACHED or time > worst_ds or (time == worst_ds and source > worst >= 0):
                continue
            k = last
            while k > 0 and (
                best_ds[place, k - 1] > time
                or (best_ds[place, k - 1] == time and best_source[place, k - 1] > source)
            ):
                best_ds[place, k], best_source[place, k] = best_ds[place, k - 1], best_source[place, k - 1]
                k -= 1
            best_ds[place, k], best_source[place, k] = time, source


@njit(cache=True, nogil=True)
def add_up(
    labels: Ints, start: Ints, row: Ints, ds: Ints, direct_start: Ints, direct_source: Ints, direct_ds: Ints,
    p0: int, p1: int, first: int, count: int, tile: Ints, weight: Floats, total: Floats, reached: Floats,
    worst: Ints,
) -> None:  # fmt: skip
    """By source: weighted sum of times and weight of the places reached, and the longest time of all."""
    for place in range(p0, p1):
        _arrive(labels, start, row, ds, place, tile, np.int64(0))
        _add_direct(direct_start, direct_source, direct_ds, place, first, count, tile)
        for lane in range(count):
            time = tile[0, lane]
            worst[first + lane] = max(worst[first + lane], time)
            if time < UNREACHED:
                total[first + lane] += weight[place] * time
                reached[first + lane] += weight[place]
