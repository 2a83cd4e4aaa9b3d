"""A search of coverage choices that empties one neighbourhood after another: for numbers hard to bound.

Ruin and recreate (Schrimpf et al. 2000, doi:10.1006/jcph.1999.6413) around one column at a time, swaps after
each, small losses taken on the way.
"""

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.siting.coverage_core import Core

HEAT = 0.002
"""The loss taken at first, as a share of the value."""
_CLOSE = 0.05
"""Nearness from which on a unit is tried again when the other column changed."""


def nearness(core: Core) -> Floats:
    """How much the people of two columns are the same, directly or by a third column, shape (k, k)."""
    from scipy.sparse import csr_array

    k = len(core.columns)
    shape = (len(core.people), k)
    covers = csr_array((np.ones(len(core.site)), core.site, core.start), shape=shape)
    weighted = csr_array((np.repeat(core.people, np.diff(core.start)), core.site, core.start), shape=shape)
    both = np.asarray((covers.T @ weighted).todense())
    own = np.sqrt(np.maximum(np.diagonal(both), 1e-9))
    direct = both / own[:, None] / own[None]
    return np.ascontiguousarray(direct + 0.5 * (direct @ direct) / max(1.0, float(direct.sum(axis=1).max())))


def wandered(
    core: Core, near: Floats, first: Int64s, *, rounds: int, seed: int, heat: float = HEAT
) -> Int64s:
    """The best units by column on a way from ``first``, shape (k,); without rules and floors.

    ``heat`` is the loss taken at first, as a share of the value.
    """
    from optimizer._kernels.cover_swap import wander

    _, added = wander(
        core.start,
        core.site,
        core.begin,
        core.group,
        core.people,
        core.done,
        core.worth,
        core.most,
        core.places,
        near,
        near > _CLOSE,
        np.ascontiguousarray(first, np.int64),
        rounds,
        seed,
        heat,
        1e-9 * max(1.0, core.room),
    )
    return np.asarray(added)
