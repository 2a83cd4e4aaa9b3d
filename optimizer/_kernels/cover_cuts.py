"""Tangents of the coverage function: what is covered at a fractional choice, and how it grows at most."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Lists = NDArray[np.uint32]
Int64s = NDArray[np.int64]

_WHOLE = 1e-9


@njit(cache=True, nogil=True)
def tangents(
    start: Lists, site: Lists, people: Floats, done: Int64s, part: Int64s, worth: Floats, at: Floats,
    constant: Floats, slope: Floats,
) -> float:  # fmt: skip
    """What ``at`` adds to the value; of each part ``constant + slope @ x``, at least what any x adds to it.

    ``worth[k]`` is what cover ``k + 1`` is worth, non-increasing, its last entry 0. ``constant`` (parts,) and
    ``slope`` (parts, columns) start at 0.
    """
    top = len(worth) - 1
    below = np.zeros(len(worth))
    for k in range(1, len(worth)):
        below[k] = below[k - 1] + worth[k - 1]
    value = 0.0
    for i in range(len(people)):
        covers = float(done[i])
        for s in range(start[i], start[i + 1]):
            covers += at[site[s]]
        whole = min(int(covers + _WHOLE), top)
        rise = people[i] * worth[whole]
        level = people[i] * (below[whole] - below[done[i]])
        value += level + rise * (covers - whole)
        constant[part[i]] += level + rise * (done[i] - whole)
        if rise != 0.0:
            for s in range(start[i], start[i + 1]):
                slope[part[i], site[s]] += rise
    return value
