"""Other ways to the same place, each the quickest through some junction off the quickest way.

Via-node alternatives of Abraham, Delling, Goldberg and Werneck 2013, doi:10.1145/2444016.2444019: bounded
stretch and limited sharing as there; their test of local optimality is replaced by the plainer demand that
no junction and no edge is driven twice.
"""

from collections.abc import Iterator

import numpy as np

from geo import pieces
from geo._kernels.dijkstra import UNREACHED
from geo.dijkstra import Dijkstra, Tree
from geo.ends import arrivals
from geo.pieces import Piece
from geo.roads import Int64s
from geo.route import Departure, arrival_piece, to_junction
from geo.snap import Snapped

MOST_TRIED = 1000
"""Ways looked at before giving up; they come quickest first."""

ROUNDING_DS = 2
"""Parts of the first and the last edge are whole deciseconds in a search, and exact shares in a drive."""


def other_drives(
    engine: Dijkstra,
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
    kept = [_durations_ds(engine, best_pieces)]
    onward = engine.tree(arrivals(engine.conditions, destination), backward=True)
    total: Int64s = start.tree.ds.astype(np.int64) + onward.ds
    near = (total <= stretch * best_ds) & (total < UNREACHED)
    near &= _least_shared_ds(engine, start, onward, best_pieces) <= most_ds + ROUNDING_DS
    for ds, drive in _drives_by_via(engine, start, destination, onward, np.flatnonzero(near)):
        if len(chosen) == count:
            break
        spent = _durations_ds(engine, drive)
        shared = [sum(min(t, one[arc]) for arc, t in spent.items() if arc in one) for one in kept]
        if max(shared) <= most_ds and spent.keys() != kept[0].keys():
            chosen.append((ds, drive))
            kept.append(spent)
    return chosen


def _least_shared_ds(engine: Dijkstra, start: Departure, onward: Tree, best: list[Piece]) -> Int64s:
    """Time that the way through each junction shares with the quickest before leaving it and after, (n,)."""
    network = engine.conditions.adjacency
    on_best = np.zeros(len(onward.ds), np.bool_)
    on_best[network.head[pieces.arcs(best)[:-1]]] = True
    shared = np.zeros(len(onward.ds), np.int64)
    for tree, towards in ((start.tree, network.tail), (onward, network.head)):
        towards_best = np.arange(len(on_best))
        follow = ~on_best & (tree.parent >= 0)
        towards_best[follow] = towards[tree.parent[follow]]
        while not np.array_equal(ahead := towards_best[towards_best], towards_best):
            towards_best = ahead
        shared += np.where(on_best[towards_best], tree.ds[towards_best], 0)
    return shared


def _drives_by_via(
    engine: Dijkstra, start: Departure, destination: Snapped, onward: Tree, vias: Int64s
) -> Iterator[tuple[int, list[Piece]]]:
    """Drives without repetition through each of some junctions, the quickest first."""
    total: Int64s = start.tree.ds.astype(np.int64) + onward.ds
    tried, seen = 0, np.zeros(len(total), np.bool_)
    for via in vias[np.argsort(total[vias], kind="stable")].tolist():
        if seen[via] or tried == MOST_TRIED:
            continue
        tried += 1
        drive = [*to_junction(engine, start, via), *_from_junction(engine, onward, destination, via)]
        passed = engine.conditions.adjacency.head[pieces.arcs(drive)[:-1]]
        seen[passed[total[passed] == total[via]]] = True
        edges = [piece.edge for piece in drive]
        if len(np.unique(passed)) == len(passed) and len(set(edges)) == len(edges):
            yield int(total[via]), drive


def _from_junction(engine: Dijkstra, onward: Tree, destination: Snapped, junction: int) -> list[Piece]:
    driven: list[Piece] = []
    while (arc := int(onward.parent[junction])) >= 0:
        driven.append(pieces.whole(arc))
        junction = int(engine.conditions.adjacency.head[arc])
    return [*driven, *arrival_piece(engine, destination, junction)]


def _durations_ds(engine: Dijkstra, drive: list[Piece]) -> dict[int, float]:
    weights = engine.conditions.leaving_ds()
    return {piece.arc: float(weights[piece.arc]) * abs(piece.end - piece.begin) for piece in drive}
