"""Divides the groups of a coverage problem into windows of neighbours that few sites have in common.

Sites that share many groups lie close to each other; ways from one to the next give a map of all, without
coordinates (Isomap, Tenenbaum, de Silva & Langford 2000, doi:10.1126/science.290.5500.2319). Groups lie
between their sites. Strips across the longer axis are cut into windows, with as many people each; a second
division has the borders of the first in the middle of its windows, where borders lose nothing.
"""

from itertools import pairwise
from math import ceil

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.siting.coverage_core import Core

_AXES, _NEIGHBOURS = 2, 30
"""Axes of the map, and the neighbours to which a site has a way of its own."""
_SPAN, _ROUNDS = 8, 40
"""Vectors and rounds of the iteration that finds the axes: the nearest of the others sets how fast."""
_LEAST, _APART = 1e-6, 2.0
"""Length of the way between sites that share all, of 1; how far apart parts without any way lie, as a
multiple of the longest way."""


def split(core: Core, count: int, *, between: bool = False) -> Int64s:
    """Window of each group, shape (g,), from 0: ``count`` windows, fewer where groups are few or heavy.

    With ``between`` the windows lie over the borders of those without, and smaller ones at the edges.
    """
    at, people = _places(core), core.people
    strips = max(1, min(ceil(max(1, count) ** 0.5), len(people)))
    windows = [len(own) for own in np.array_split(np.arange(max(1, count)), strips)]
    size, inside = [float(own) for own in windows], [[1.0] * own for own in windows]
    if between:
        size, inside = _between(size), [_between([1.0] * own) for own in [*windows, windows[-1]]]
    size = size[: max(1, len(people))]
    label, number = np.zeros(len(people), np.int64), 0
    for groups, own in zip(_cut(np.arange(len(people)), at[:, -1], people, size), inside, strict=False):
        for window in _cut(groups, at[groups, 0], people[groups], own):
            label[window] = number
            number += 1
    return label


def _between(parts: list[float]) -> list[float]:
    """Parts whose borders are in the middle of these."""
    return [parts[0] / 2, *((a + b) / 2 for a, b in pairwise(parts)), parts[-1] / 2]


def _cut(groups: Int64s, along: Floats, people: Floats, parts: list[float]) -> list[Int64s]:
    """Groups in their order along an axis, in parts of these shares of the people; none is empty."""
    parts = parts[: max(1, len(groups))]
    order = np.argsort(along, kind="stable")
    total = np.cumsum(people[order])
    ends = np.searchsorted(total - people[order] / 2, people.sum() * np.cumsum(parts)[:-1] / sum(parts))
    least = np.arange(1, len(parts))
    ends = np.maximum.accumulate(np.maximum(ends, least) - least) + least
    ends = np.minimum(ends, len(order) - len(parts) + least)
    return np.split(groups[order], ends)


def _places(core: Core) -> Floats:
    """Where each group lies, shape (g, axes): in the middle of its sites."""
    from optimizer._kernels.cover_windows import overlaps

    k, size = len(core.columns), np.diff(core.start)
    if k < 2:
        return np.zeros((len(size), 1))
    at = _mapped(overlaps(core.start, core.site, k))
    group = np.repeat(np.arange(len(size)), size)
    total = [np.bincount(group, weights=one[core.site], minlength=len(size)) for one in at.T]
    return np.asarray(np.round(np.column_stack(total) / np.maximum(1, size)[:, None], 9))


def _mapped(shared: Floats) -> Floats:
    """Places of sites, shape (k, axes), by how much any two share, shape (k, k).

    Sites that share nothing are as far from each other as the way over sites between them is long.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    from optimizer._kernels.leading_axes import leading

    k, own = len(shared), np.sqrt(np.maximum(1e-12, np.diagonal(shared)))
    alike = shared / (own[:, None] * own[None])
    step = np.where(alike > 0, np.maximum(_LEAST, 1 - alike), np.inf)
    np.fill_diagonal(step, np.inf)
    longest = np.sort(step, axis=1)[:, min(_NEIGHBOURS, k) - 1]
    step[step > np.maximum(longest[:, None], longest[None])] = np.inf
    row, column = np.nonzero(np.isfinite(step))
    way = shortest_path(csr_array((step[row, column], (row, column)), shape=(k, k)), directed=False)
    near = np.isfinite(way)
    squared = np.where(near, way, _APART * max(1.0, float(way[near].max()))) ** 2
    inner = squared.mean(axis=0)[None] + squared.mean(axis=1)[:, None] - squared.mean() - squared
    rows, seen = leading(inner / 2, np.random.default_rng(0).standard_normal((min(_SPAN, k), k)), _ROUNDS)
    value, vector = np.linalg.eigh((seen + seen.T) / 2)
    axes = min(_AXES, k - 1)
    at = np.einsum("mk,ma->ka", rows, vector[:, -axes:]) * np.sqrt(np.maximum(0.0, value[-axes:]))
    return np.asarray(at * np.where(at[np.abs(at).argmax(axis=0), np.arange(axes)] < 0, -1.0, 1.0))
