"""Cover sets as bits: who covers whom, packed 64 sites to a word; equal sets found and counted together.

``bits`` is rows by words; site ``j`` is bit ``j % 64`` of word ``j // 64``.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Int64s = NDArray[np.int64]


@njit(cache=True, nogil=True)
def _hash(row: Words) -> np.uint64:
    mixed = np.uint64(0x9E3779B97F4A7C15)
    for word in row:
        mixed = (mixed ^ word) * np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(32)
    return mixed * np.uint64(0xC4CEB9FE1A85EC53)


@njit(cache=True, nogil=True)
def gather(
    bits: Words, people: Floats, at: int, sets: Words, total: Floats, table: Ints, count: int, group: Ints
) -> tuple[int, int]:
    """Find the set of each row from ``at`` on among the first ``count`` sets, by value, or add it.

    ``table`` (a power of two) holds set numbers by hash, -1 where free. Writes ``group``, adds to ``total``.
    Returns the row it came to and the number of sets: less than all rows when the room for sets is used up.
    """
    mask = np.uint64(len(table) - 1)
    shift = np.uint64(29)
    for r in range(at, len(bits)):
        hashed = _hash(bits[r])
        slot = (hashed ^ (hashed >> shift)) & mask
        while True:
            known = table[slot]
            if known < 0:
                break
            same = True
            for w in range(bits.shape[1]):
                if sets[known, w] != bits[r, w]:
                    same = False
                    break
            if same:
                break
            slot = (slot + np.uint64(1)) & mask
        if known < 0:
            if count == len(sets):
                return r, count
            for w in range(bits.shape[1]):
                sets[count, w] = bits[r, w]
            table[slot] = count
            known = count
            count += 1
        total[known] += people[r]
        group[r] = known
    return len(bits), count


@njit(cache=True, nogil=True)
def enter(sets: Words, count: int, table: Ints) -> None:
    """Enter the first ``count`` sets, no two alike, into an empty table."""
    mask = np.uint64(len(table) - 1)
    shift = np.uint64(29)
    for s in range(count):
        hashed = _hash(sets[s])
        slot = (hashed ^ (hashed >> shift)) & mask
        while table[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = s


@njit(cache=True, nogil=True)
def mark_within(time: np.ndarray, limit: np.ndarray, bits: Words) -> None:
    """Set the bits where ``time`` (rows by sites) is at most the row's ``limit``; ``bits`` starts at 0."""
    for r in range(time.shape[0]):
        for w in range(bits.shape[1]):
            word = np.uint64(0)
            first = w * 64
            for b in range(min(64, time.shape[1] - first)):
                if time[r, first + b] <= limit[r]:
                    word |= np.uint64(1) << np.uint64(b)
            bits[r, w] = word


@njit(cache=True, nogil=True)
def mark_pairs(row: Int64s, site: Int64s, bits: Words) -> None:
    """Set the bit of each pair of row and site."""
    for k in range(len(row)):
        bits[row[k], site[k] >> 6] |= np.uint64(1) << np.uint64(site[k] & 63)


@njit(cache=True, nogil=True)
def count_units(bits: Words, site: Int64s, units: Int64s, covered: Int64s) -> None:
    """Add to ``covered`` how many units at these sites cover each row."""
    for r in range(len(bits)):
        for k in range(len(site)):
            if (bits[r, site[k] >> 6] >> np.uint64(site[k] & 63)) & np.uint64(1):
                covered[r] += units[k]


@njit(cache=True, nogil=True)
def list_sizes(bits: Words) -> Int64s:
    """Where the list of each row begins when the bits set are written in turn, shape (rows + 1,)."""
    start = np.zeros(len(bits) + 1, np.int64)
    for r in range(len(bits)):
        size = 0
        for w in range(bits.shape[1]):
            word = bits[r, w]
            while word:
                word &= word - np.uint64(1)
                size += 1
        start[r + 1] = start[r] + size
    return start


@njit(cache=True, nogil=True)
def write_lists(bits: Words, start: Int64s, column: Int64s, site: Ints) -> None:
    """Write the columns of each row's bits, ascending; ``column`` numbers the sites anew."""
    for r in range(len(bits)):
        at = start[r]
        for w in range(bits.shape[1]):
            word = bits[r, w]
            b = 0
            while word:
                if word & np.uint64(1):
                    site[at] = column[w * 64 + b]
                    at += 1
                word >>= np.uint64(1)
                b += 1


@njit(cache=True, nogil=True)
def turn_lists(start: Int64s, site: Ints, columns: int) -> tuple[Int64s, Ints]:
    """The rows of each column, ascending, from the columns of each row."""
    begin = np.zeros(columns + 1, np.int64)
    for j in site:
        begin[j + 1] += 1
    for j in range(columns):
        begin[j + 1] += begin[j]
    at = begin.copy()
    row = np.empty(len(site), np.int32)
    for r in range(len(start) - 1):
        for k in range(start[r], start[r + 1]):
            row[at[site[k]]] = r
            at[site[k]] += 1
    return begin, row
