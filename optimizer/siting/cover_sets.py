"""Cover sets: rows that the very same sites cover become one group; rows that never matter go.

Aggregation of identical cover sets and dominance as in Cordeau, Furini & Ljubic (2019),
doi:10.1016/j.ejor.2018.12.021, and Toregas & ReVelle (1972), doi:10.1111/j.1538-4632.1972.tb00446.x.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Int64s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoverSets:
    """Groups of rows; ``g`` groups, ``n`` rows, ``m`` sites.

    Parameters
    ----------
    covers
        Whether a site covers a group, no two groups alike, shape (g, m).
    people
        Weight of each group, shape (g,).
    group
        Group of each row, shape (n,).
    """

    covers: Bools
    people: Int64s
    group: Int64s


def cover_sets(covers: Bools, people: Int64s) -> CoverSets:
    """Group the rows of ``covers``, shape (n, m), that are alike; ``people`` by row, shape (n,)."""
    words = _words(covers)
    keys = words.view([("", words.dtype)] * words.shape[1]).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    weight = np.zeros(len(first), np.int64)
    np.add.at(weight, group, people)
    return CoverSets(covers=covers[first], people=weight, group=group.astype(np.int64))


def least_sets(covers: Bools) -> Int64s:
    """Rows whose sites are not a superset of another row's: covering these covers all. Ascending numbers."""
    from optimizer._kernels.dominance import least

    return np.flatnonzero(least(_words(covers), np.argsort(covers.sum(axis=1), kind="stable")))


def _words(covers: Bools) -> np.ndarray:
    """Rows of flags as rows of 64-bit words, at least one word each."""
    packed = np.packbits(covers, axis=1)
    wide = np.zeros((len(covers), max(8, -(-packed.shape[1] // 8) * 8)), np.uint8)
    wide[:, : packed.shape[1]] = packed
    return wide.view(np.uint64)
