"""Divides the groups of a coverage problem into windows of neighbours that few sites have in common.

Sites that share many groups lie close to each other in the eigenvectors of who shares with whom (spectral
embedding, Shi & Malik 2000, doi:10.1109/34.868688); groups lie between their sites. Windows are cut across
the longest axis by people, again and again, so that they come out alike and no coordinates are needed.
"""

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.siting.coverage_core import Core

_AXES, _FAINT = 2, 1e-3
"""Axes beside the trivial one; share of all groups that any two sites are taken to have in common."""


def split(core: Core, count: int) -> Int64s:
    """Window of each group, shape (g,), from 0: ``count`` windows, fewer where groups are few or heavy."""
    at, people = _places(core), core.people
    label, number = np.zeros(len(people), np.int64), 0
    waiting = [(np.arange(len(people)), max(1, count))]
    while waiting:
        groups, windows = waiting.pop()
        windows = max(1, min(windows, len(groups)))
        if windows == 1:
            label[groups] = number
            number += 1
            continue
        parts = 3 if windows % 3 == 0 else 2
        order = groups[np.argsort(_along(at[groups], people[groups]), kind="stable")]
        windows_of = np.array([len(own) for own in np.array_split(np.arange(windows), parts)])
        total = np.cumsum(people[order])
        middle = total - people[order] / 2
        ends = np.searchsorted(middle, total[-1] * np.cumsum(windows_of)[:-1] / windows)
        ends = np.maximum.accumulate(ends - np.arange(parts - 1)) + np.arange(parts - 1)
        ends = np.clip(ends, np.arange(1, parts), len(order) - np.arange(parts - 1, 0, -1))
        waiting += zip(np.split(order, ends), windows_of.tolist(), strict=True)
    return label


def _places(core: Core) -> Floats:
    """Where each group lies, shape (g, axes); sites of one connected part that share much are neighbours."""
    from optimizer._kernels.cover_windows import overlaps

    k, size = len(core.columns), np.diff(core.start)
    if k < 2:
        return np.zeros((len(size), 1))
    shared = overlaps(core.start, core.site, k)
    reach = shared.sum(axis=1)
    shared += _FAINT * reach[:, None] * reach / max(1e-12, reach.sum())  # or parts apart have no order
    root = np.sqrt(np.maximum(1e-12, shared.sum(axis=1)))
    value, vector = np.linalg.eigh(shared / (root[:, None] * root[None]))
    axes = min(_AXES, k - 1)
    vector *= np.where(vector[np.abs(vector).argmax(axis=0), np.arange(k)] < 0, -1.0, 1.0)
    at = (vector / root[:, None])[:, -1 - axes : -1] * value[-1 - axes : -1]
    group = np.repeat(np.arange(len(size)), size)
    total = [np.bincount(group, weights=one[core.site], minlength=len(size)) for one in at.T]
    return np.asarray(np.round(np.column_stack(total) / np.maximum(1, size)[:, None], 9))


def _along(at: Floats, people: Floats) -> Floats:
    """Place of each group along the axis on which people lie farthest apart, shape (g,)."""
    weight = np.maximum(1e-9, people)
    apart = at - (weight @ at) / weight.sum()
    axis = np.linalg.eigh((apart * weight[:, None]).T @ apart)[1][:, -1]
    return np.asarray(apart @ (axis * (1 if axis[np.abs(axis).argmax()] > 0 else -1)))
