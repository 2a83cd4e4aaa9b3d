"""Which cover sets bind and which sites matter, on packed bits (any bit order, rows by words)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]


@njit(cache=True, nogil=True)
def _inside(one: Words, other: Words) -> bool:
    for w in range(len(one)):  # noqa: SIM110 - compiled: a loop, not a generator
        if one[w] & ~other[w]:
            return False
    return True


@njit(cache=True, nogil=True)
def least(bits: Words, order: Int64s) -> Bools:
    """Rows that contain no other; ``order`` (rows,) smallest first, of equal rows the first stays."""
    kept = np.zeros(len(bits), np.bool_)
    found = np.empty_like(bits)
    count = 0
    for r in order:
        binds = True
        for k in range(count):
            if _inside(found[k], bits[r]):
                binds = False
                break
        if binds:
            kept[r] = True
            found[count] = bits[r]
            count += 1
    return kept


@njit(cache=True, nogil=True)
def useful(bits: Words, load: Floats, order: Int64s) -> Bools:
    """Rows (here: sites) that no other replaces; ``order`` (rows,) by size, largest first.

    One site replaces another when it covers all that the other covers and weighs no more in any column of
    ``load`` (rows, k), and leaving the other out weighs nothing either: all its loads are >= 0. A site that
    covers nothing needs no replacement.
    """
    kept = np.zeros(len(bits), np.bool_)
    found = np.empty(len(bits), np.int64)
    count = 0
    for j in order:
        matters = False
        for c in range(load.shape[1]):
            if load[j, c] < 0:
                matters = True
        if not matters:
            for w in range(bits.shape[1]):
                if bits[j, w]:
                    matters = True
            for k in range(count):
                other = found[k]
                no_heavier = True
                for c in range(load.shape[1]):
                    if load[other, c] > load[j, c]:
                        no_heavier = False
                        break
                if no_heavier and _inside(bits[j], bits[other]):
                    matters = False
                    break
        if matters:
            kept[j] = True
            found[count] = j
            count += 1
    return kept


@njit(cache=True, nogil=True)
def implied(bits: Words, least_bits: Words) -> Bools:
    """Rows that contain one of ``least_bits``, shape (rows,)."""
    found = np.zeros(len(bits), np.bool_)
    for r in range(len(bits)):
        for k in range(len(least_bits)):
            if _inside(least_bits[k], bits[r]):
                found[r] = True
                break
    return found


@njit(cache=True, nogil=True)
def sizes(bits: Words) -> Int64s:
    """Number of bits set in each row, shape (rows,)."""
    size = np.zeros(len(bits), np.int64)
    for r in range(len(bits)):
        for w in range(bits.shape[1]):
            word = bits[r, w]
            while word:
                word &= word - np.uint64(1)
                size[r] += 1
    return size


@njit(cache=True, nogil=True)
def next_above(time: np.ndarray, limit: int) -> int:
    """Least entry above a limit; -1 when there is none."""
    best = -1
    for r in range(time.shape[0]):
        for j in range(time.shape[1]):
            if time[r, j] > limit and (best < 0 or time[r, j] < best):
                best = time[r, j]
    return best
