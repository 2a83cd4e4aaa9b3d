"""Cover sets of very many rows: packed bits, rows that the very same sites cover counted together.

Aggregation of identical cover sets as in Cordeau, Furini & Ljubic (2019), doi:10.1016/j.ejor.2018.12.021.
Rows come in blocks, so that no matrix of rows by sites ever stands in memory as a whole.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Bools, Floats, Int64s

Words = NDArray[np.uint64]
Int32s = NDArray[np.int32]

_BLOCK = 65_536
_ROOM = 4096


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoverGroups:
    """Groups of rows that the same sites cover; ``g`` groups, ``n`` rows.

    Parameters
    ----------
    covers
        Sites that cover each group, packed: site ``j`` is bit ``j % 64`` of word ``j // 64``; (g, words).
    people
        Weight of each group, shape (g,).
    group
        Group of each row, shape (n,).
    """

    covers: Words
    people: Floats
    group: Int32s


def words_for(sites: int) -> int:
    """Words that hold a bit for each site, at least one."""
    return max(1, -(-sites // 64))


class CoverRows:
    """Collects rows under cover sets over ``sites`` sites, in blocks of any size and kind.

    Rows are numbered in the order in which they come; scenarios of closed roads are further rows, weighted
    with their probability.
    """

    def __init__(self, sites: int) -> None:
        self.sites = sites
        self._sets = np.zeros((_ROOM, words_for(sites)), np.uint64)
        self._people = np.zeros(_ROOM)
        self._table = np.full(4 * _ROOM, -1, np.int32)
        self._count = 0
        self._group: list[Int32s] = []

    def add(self, covers: Bools, people: np.ndarray) -> None:
        """Add rows by flags, shape (b, sites), with their weights, shape (b,)."""
        for at in range(0, len(covers), _BLOCK):
            flags = np.packbits(covers[at : at + _BLOCK], axis=1, bitorder="little")
            wide = np.zeros((len(flags), 8 * words_for(self.sites)), np.uint8)
            wide[:, : flags.shape[1]] = flags
            self.add_words(wide.view("<u8").astype(np.uint64, copy=False), people[at : at + _BLOCK])

    def add_times(self, response: np.ndarray, limit: np.ndarray, people: np.ndarray) -> None:
        """Add rows by times, shape (b, sites), covered up to a limit, inclusive, shape (b,), same unit."""
        from optimizer._kernels.covers import mark_within

        limit = np.ascontiguousarray(limit)
        for at in range(0, len(response), _BLOCK):
            block = np.ascontiguousarray(response[at : at + _BLOCK])
            bits = np.empty((len(block), words_for(self.sites)), np.uint64)
            mark_within(block, limit[at : at + _BLOCK], bits)
            self.add_words(bits, people[at : at + _BLOCK])

    def add_pairs(self, row: Int64s, site: Int64s, people: np.ndarray) -> None:
        """Add ``len(people)`` rows by the pairs of row (from 0) and site that are covered, in any order."""
        from optimizer._kernels.covers import mark_pairs

        if len(row) and not (0 <= site.min() <= site.max() < self.sites and row.min() >= 0):
            raise ValueError(f"pairs: want sites below {self.sites} and rows from 0")
        bits = np.zeros((len(people), words_for(self.sites)), np.uint64)
        mark_pairs(np.ascontiguousarray(row, np.int64), np.ascontiguousarray(site, np.int64), bits)
        self.add_words(bits, people)

    def add_words(self, bits: Words, people: np.ndarray) -> None:
        """Add rows by packed bits, shape (b, words), with their weights, shape (b,)."""
        from optimizer._kernels.covers import gather

        if bits.shape != (len(people), words_for(self.sites)):
            raise ValueError(f"covers: want shape {(len(people), words_for(self.sites))}, got {bits.shape}")
        bits, weight = np.ascontiguousarray(bits), np.ascontiguousarray(people, np.float64)
        group = np.empty(len(bits), np.int32)
        at = 0
        while at < len(bits):
            at, self._count = gather(
                bits, weight, at, self._sets, self._people, self._table, self._count, group
            )
            if at < len(bits):
                self._grow()
        self._group.append(group)

    def _grow(self) -> None:
        from optimizer._kernels.covers import enter

        room = 2 * len(self._sets)
        self._sets = np.resize(self._sets, (room, self._sets.shape[1]))
        self._people = np.concatenate([self._people, np.zeros(room // 2)])
        self._table = np.full(4 * room, -1, np.int32)
        enter(self._sets, self._count, self._table)

    def groups(self) -> CoverGroups:
        """The groups so far, in the order in which their first rows came."""
        return CoverGroups(
            covers=self._sets[: self._count].copy(),
            people=self._people[: self._count].copy(),
            group=np.concatenate(self._group) if self._group else np.empty(0, np.int32),
        )


def regrouped(covers: Words, people: Floats) -> CoverGroups:
    """Group rows of packed bits of any width that are alike."""
    rows = CoverRows(64 * covers.shape[1])
    rows.add_words(covers, people)
    return rows.groups()
