"""Quotas: so many people of some groups must be covered; and packed bits to flags by site and back."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.siting.cover_bits import Words, words_for
from optimizer.siting.coverage_problem import CoverageProblem

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quotas:
    """So many people of these groups must be covered; ``q`` groups, ``k`` quotas.

    Parameters
    ----------
    covers
        Sites that cover each group, packed, shape (q, words).
    people
        Weight of each group in each quota, shape (k, q).
    wanted
        Least people by quota, inclusive, shape (k,).
    """

    covers: Words
    people: Floats
    wanted: Floats

    def met_by(self, sites: Int64s) -> bool:
        """Whether these sites meet all of them."""
        got = covered_by(self.covers, sites)
        return bool((self.people[:, got].sum(axis=1) >= self.wanted - _ROUNDING).all())


def quotas_of(problem: CoverageProblem, people: float | None = None) -> Quotas | None:
    """``people`` in all, and the floors, over the groups that fixed sites leave; ``None`` = nothing asked."""
    asked = [] if people is None else [(problem.people, people)]
    asked.extend((floor.weight, floor.people) for floor in problem.floors)
    if not asked:
        return None
    weight = np.array([by_group for by_group, _ in asked], float).reshape(len(asked), -1)
    done = covered_by(problem.covers, np.flatnonzero(problem.fixed))
    counts = ~done & (weight > 0).any(axis=0)
    return Quotas(
        covers=problem.covers[counts],
        people=weight[:, counts],
        wanted=np.array([least for _, least in asked], float) - weight[:, done].sum(axis=1),
    )


def covered_by(covers: Words, sites: Int64s) -> Bools:
    """Rows that any of these sites covers, shape (rows,)."""
    common: Words = covers & mask_of(sites, covers.shape[1])
    return np.asarray((common != 0).any(axis=1))


def mask_of(sites: Int64s, words: int) -> Words:
    """The bits of some sites, shape (1, words)."""
    flags = np.zeros((1, 64 * words), np.bool_)
    flags[0, sites] = True
    return packed(flags)


def unpacked(words: Words, sites: Int64s) -> Bools:
    """Flags of some sites, shape (rows, sites)."""
    flags = np.unpackbits(
        np.ascontiguousarray(words).astype("<u8", copy=False).view(np.uint8), axis=1, bitorder="little"
    )
    return flags[:, sites].astype(np.bool_)


def packed(flags: Bools) -> Words:
    """Flags by site as bits, shape (rows, words)."""
    wide = np.zeros((len(flags), 8 * words_for(flags.shape[1])), np.uint8)
    bits = np.packbits(flags, axis=1, bitorder="little")
    wide[:, : bits.shape[1]] = bits
    return wide.view("<u8").astype(np.uint64, copy=False)
