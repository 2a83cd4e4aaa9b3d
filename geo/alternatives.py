"""Other ways to the same place, each the quickest through some junction off the quickest way.

Via-node alternatives of Abraham, Delling, Goldberg and Werneck 2013, doi:10.1145/2444016.2444019: bounded
stretch and limited sharing as there, their test of local optimality is left out. A way with a spur, out and
back, shares all of the same way without it, which is quicker, so sharing keeps spurs out too.
"""

from collections.abc import Iterator

import numpy as np

from geo import pieces
from geo.conditions import Conditions
from geo.ends import arrivals
from geo.metric import IMPASSABLE
from geo.pieces import Piece
from geo.roads import Int64s
from geo.route import Departure, arrival_piece, to_node, whole_pieces
from geo.snap import Snapped
from geo.trees import Tree, tree

MOST_TRIED = 1000
"""Ways looked at before giving up; they come quickest first."""

ROUNDING_DS = 2
"""Parts of the first and the last edge are whole deciseconds in a search, and exact shares in a drive."""


def other_drives(
    start: Departure,
    destination: Snapped,
    best: tuple[int, list[Piece]],
    *,
    count: int,
    stretch: float = 1.25,
    sharing: float = 0.8,
) -> list[tuple[int, list[Piece]]]:
    """Up to ``count`` other drives, deciseconds and pieces, the quickest first.

    None takes longer than ``stretch`` times the quickest, and none shares with it, or with one before, roads
    of more than ``sharing`` times the duration of the quickest; both limits inclusive, both from the paper.
    """
    best_ds, best_pieces = best
    most_ds = sharing * best_ds
    chosen: list[tuple[int, list[Piece]]] = []
    conditions = start.conditions
    kept = [_durations_ds(conditions, best_pieces)]
    into = arrivals(conditions, destination)
    onward = tree(conditions.metric, conditions.network, into, backward=True)
    total: Int64s = start.tree.ds.astype(np.int64) + onward.ds
    near = (total <= stretch * best_ds) & (total < IMPASSABLE)
    near &= _least_shared_ds(start, onward, best_pieces) <= most_ds + ROUNDING_DS
    for ds, drive in _drives_by_via(start, destination, onward, np.flatnonzero(near)):
        if len(chosen) == count:
            break
        spent = _durations_ds(conditions, drive)
        shared = [sum(min(t, one[arc]) for arc, t in spent.items() if arc in one) for one in kept]
        if max(shared) <= most_ds:
            chosen.append((ds, drive))
            kept.append(spent)
    return chosen


def _least_shared_ds(start: Departure, onward: Tree, best: list[Piece]) -> Int64s:
    """Time that the way through each node shares with the quickest before leaving it and after."""
    network = start.conditions.network
    on_best = np.zeros(len(onward.ds), np.bool_)
    on_best[network.head[pieces.arcs(best)[:-1]]] = True
    shared = np.zeros(len(onward.ds), np.int64)
    for grown, towards in ((start.tree, network.tail), (onward, network.head)):
        towards_best = np.arange(len(on_best))
        follow = ~on_best & (grown.parent >= 0)
        towards_best[follow] = towards[grown.parent[follow]]
        while not np.array_equal(ahead := towards_best[towards_best], towards_best):
            towards_best = ahead
        shared += np.where(on_best[towards_best], grown.ds[towards_best], 0)
    return shared


def _drives_by_via(
    start: Departure, destination: Snapped, onward: Tree, vias: Int64s
) -> Iterator[tuple[int, list[Piece]]]:
    """Drives through each of some junctions, the quickest first, equal ones mostly once."""
    total: Int64s = start.tree.ds.astype(np.int64) + onward.ds
    tried, seen = 0, np.zeros(len(total), np.bool_)
    for via in vias[np.argsort(total[vias], kind="stable")].tolist():
        if seen[via] or tried == MOST_TRIED:
            continue
        tried += 1
        drive = [*to_node(start, via), *_from_node(start.conditions, onward, destination, via)]
        passed = start.conditions.network.head[pieces.arcs(drive)[:-1]]
        seen[passed[total[passed] == total[via]]] = True
        yield int(total[via]), drive


def _from_node(conditions: Conditions, onward: Tree, destination: Snapped, node: int) -> list[Piece]:
    arcs: list[int] = []
    while (arc := int(onward.parent[node])) >= 0:
        arcs.append(arc)
        node = int(conditions.network.head[arc])
    return [*whole_pieces(conditions, arcs), *arrival_piece(conditions, destination, node)]


def _durations_ds(conditions: Conditions, drive: list[Piece]) -> dict[int, float]:
    weights = conditions.leaving_ds()
    return {piece.arc: float(weights[piece.arc]) * abs(piece.end - piece.begin) for piece in drive}
