"""Places thinned out evenly over the map."""

import numpy as np

from optimizer.problem import Floats, Int64s

_BITS = 16


def spread(lonlat: Floats, at_most: int) -> Int64s:
    """Numbers of at most so many places, ascending: every k-th along a Z-order curve over their extent.

    The curve (Morton 1966) keeps neighbours together, so each k-th stands for those around it.
    """
    if len(lonlat) <= at_most:
        return np.arange(len(lonlat))
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    cells = ((lonlat - low) / np.maximum(high - low, 1e-12) * (2**_BITS - 1)).astype(np.int64)
    code = np.zeros(len(lonlat), np.int64)
    for bit in range(_BITS):
        code |= ((cells[:, 0] >> bit) & 1) << (2 * bit)
        code |= ((cells[:, 1] >> bit) & 1) << (2 * bit + 1)
    order = np.argsort(code, kind="stable")
    return np.sort(order[np.arange(at_most) * len(lonlat) // at_most])
