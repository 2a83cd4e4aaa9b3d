"""Upward searches along the elimination tree: from the seeds of places to all hierarchy nodes above them.

Every shortest way goes up and then down the hierarchy, and all nodes on its upward part are ancestors of
where it began; so a search needs no queue, and many searches share their upper part. Dibbelt, Strasser &
Wagner (2016), doi:10.1145/2886843, on elimination tree queries. ``towards``: 0 follows the arcs, 1 goes
against them.
"""

from numba import njit

from geo._kernels.flow import Bytes, Ints
from geo._kernels.lanes import FEW, UNREACHED, relax_row_few, relax_row_many, within_few, within_many


@njit(cache=True, nogil=True)
def ascend(
    up_start: Ints, up_head: Ints, weights: Ints, towards: int, node: Ints, position: Ints, seed_start: Ints,
    seed_node: Ints, seed_ds: Ints, first: int, count: int, above: Ints, row_of: Ints, labels: Ints,
    started: Bytes,
) -> None:  # fmt: skip
    """Search up from places ``first`` to ``first + count`` and write what rows are reached into their lanes.

    ``node``: the seeds and all their ancestors, rising; ``above`` (at least as many, lanes) and ``position``
    (n,) are scratch. Seeds of place ``i``: ``seed_start[i]:seed_start[i + 1]``. ``started[r]`` is set where
    row ``r`` of ``labels`` (rows, lanes) has been written.
    """
    few = labels.shape[1] == FEW
    for i in range(node.size):
        position[node[i]] = i
        for lane in range(labels.shape[1]):
            above[i, lane] = UNREACHED
    for lane in range(count):
        for k in range(seed_start[first + lane], seed_start[first + lane + 1]):
            i = position[seed_node[k]]
            above[i, lane] = min(above[i, lane], seed_ds[k])
    for i in range(node.size):
        for arc in range(up_start[node[i]], up_start[node[i] + 1]):
            ds = weights[2 * arc + towards]
            if ds == UNREACHED:
                continue
            if few:
                relax_row_few(above, position[up_head[arc]], i, ds)
            else:
                relax_row_many(above, position[up_head[arc]], i, ds)
        r = row_of[node[i]]
        if r < 0:
            continue
        if few:
            is_reached = within_few(above, i, 0, UNREACHED - 1) != 0
        else:
            is_reached = within_many(above, i, 0, UNREACHED - 1) != 0
        if is_reached:
            started[r] = 1
            for lane in range(labels.shape[1]):
                labels[r, lane] = above[i, lane]
