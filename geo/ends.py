"""The two ends of a drive: from a place on an edge to its junctions, and from junctions to a place.

Exact in whole deciseconds. A place at fraction ``f`` of an edge is ``q = floor(w f + 1/2)`` away from the
edge's start by the forward arc of weight ``w``, and ``w - q`` from its end, so that the parts of an edge
always add up to the whole; the backward arc likewise with its own weight. A place at fraction 0 or 1 stands
at the junction and needs no edge.
"""

from itertools import pairwise

import numpy as np

from geo.conditions import Conditions
from geo.metric import IMPASSABLE
from geo.roads import Bools, Int32s, Int64s
from geo.seeds import Direct, Seeds
from geo.snap import Snapped
from geo.trees import Tree, tree


def positions_ds(weight_ds: Int32s, place: Snapped) -> Int64s:
    """Time from the start of its edge to each place, by arcs of these weights, shape (p,)."""
    return np.floor(weight_ds * place.fraction + 0.5).astype(np.int64)


def departures(conditions: Conditions, place: Snapped) -> Seeds:
    """Nodes that a vehicle at each place reaches first, and when.

    A vehicle on a closed road leaves it by either end, in the directions that are open otherwise. One that
    stands inside a closed area may use its roads, closed as they are, up to the first junction outside.
    """
    seeds = own_ends(conditions, place)
    shut_in = enclosed(conditions, place)
    return _out_of_closed_area(conditions, seeds, shut_in) if shut_in.any() else seeds


def own_ends(conditions: Conditions, place: Snapped) -> Seeds:
    """Nodes at the ends of each place's own edge that a vehicle can drive to from there."""
    return _seeds(nodes_out(conditions, place), sides_out(conditions, place))


def arrivals(conditions: Conditions, place: Snapped) -> Seeds:
    """Nodes from which each place is reached, and how long that takes; none on a closed road."""
    return _seeds(nodes_in(conditions, place), sides_in(conditions, place))


def nodes_out(conditions: Conditions, place: Snapped) -> Int32s:
    """Nodes where a vehicle from each place comes to the start and to the end of its edge, shape (p, 2)."""
    net, forward = conditions.network, 2 * place.edge
    at_start, at_end = place.fraction == 0.0, place.fraction == 1.0
    start = np.where(at_start, net.edge_from[place.edge], net.head[forward + 1])
    return np.stack((start, np.where(at_end, net.edge_to[place.edge], net.head[forward])), axis=1)


def nodes_in(conditions: Conditions, place: Snapped) -> Int32s:
    """Nodes from which each place is reached by the start and by the end of its edge, shape (p, 2)."""
    net, forward = conditions.network, 2 * place.edge
    at_start, at_end = place.fraction == 0.0, place.fraction == 1.0
    start = np.where(at_start, net.arrival[net.edge_from[place.edge]], net.tail[forward])
    end = np.where(at_end, net.arrival[net.edge_to[place.edge]], net.tail[forward + 1])
    return np.stack((start, end), axis=1)


def sides_out(conditions: Conditions, place: Snapped) -> Int64s:
    """Time from each place to the start and to the end of its edge, ``IMPASSABLE`` = no way, shape (p, 2)."""
    forward, backward = _arc_weights(conditions.leaving_ds(), place)
    to_start = np.where(backward < IMPASSABLE, positions_ds(backward, place), IMPASSABLE)
    to_end = np.where(forward < IMPASSABLE, forward - positions_ds(forward, place), IMPASSABLE)
    return _at_junctions(place, to_start, to_end)


def sides_in(conditions: Conditions, place: Snapped) -> Int64s:
    """Time from the start and the end of its edge to each place, ``IMPASSABLE`` = no way, shape (p, 2)."""
    forward, backward = _arc_weights(conditions.now_ds, place)
    from_start = np.where(forward < IMPASSABLE, positions_ds(forward, place), IMPASSABLE)
    from_end = np.where(backward < IMPASSABLE, backward - positions_ds(backward, place), IMPASSABLE)
    return _at_junctions(place, from_start, from_end)


def direct(conditions: Conditions, origins: Snapped, destinations: Snapped) -> Direct:
    """Drives that never leave their edge; two places at one spot are 0 apart even where it is closed."""
    o, d = _on_same_edge(origins.edge, destinations.edge)
    origins, destinations = _take(origins, o), _take(destinations, d)
    forward, backward = _arc_weights(conditions.now_ds, origins)
    ahead = positions_ds(forward, destinations) - positions_ds(forward, origins)
    behind = positions_ds(backward, origins) - positions_ds(backward, destinations)
    onward = destinations.fraction - origins.fraction
    ds = np.full(len(o), IMPASSABLE, np.int64)
    ds = np.where((onward > 0) & (forward < IMPASSABLE), ahead, ds)
    ds = np.where((onward < 0) & (backward < IMPASSABLE), behind, ds)
    ds = np.where(onward == 0, 0, ds)
    return Direct(origin=o, destination=d, ds=ds)


def _arc_weights(weights_ds: Int32s, place: Snapped) -> tuple[Int32s, Int32s]:
    return weights_ds[2 * place.edge], weights_ds[2 * place.edge + 1]


def _take(place: Snapped, which: Int64s) -> Snapped:
    return Snapped(
        edge=place.edge[which],
        fraction=place.fraction[which],
        access_m=place.access_m[which],
        lonlat=place.lonlat[which],
    )


def _at_junctions(place: Snapped, start_ds: Int64s, end_ds: Int64s) -> Int64s:
    """Places that stand at a junction are there already, and drive no part of their edge."""
    first, last = place.fraction == 0.0, place.fraction == 1.0
    start_ds = np.where(first, 0, np.where(last, IMPASSABLE, start_ds))
    end_ds = np.where(last, 0, np.where(first, IMPASSABLE, end_ds))
    return np.stack((start_ds, end_ds), axis=1).astype(np.int64)


def _seeds(node: Int32s, ds: Int64s) -> Seeds:
    possible = ds < IMPASSABLE
    start = np.concatenate(([0], np.cumsum(possible.sum(axis=1)))).astype(np.int32)
    return Seeds(start=start, node=node[possible].astype(np.int32), ds=ds[possible].astype(np.int32))


def enclosed(conditions: Conditions, place: Snapped) -> Bools:
    """Places on a closed road, or between junctions inside a closed area, shape (p,)."""
    tail, head = conditions.network.edge_from[place.edge], conditions.network.edge_to[place.edge]
    forward, backward = _arc_weights(conditions.now_ds, place)
    shut = (forward >= IMPASSABLE) & (backward >= IMPASSABLE)
    within = shut | (conditions.inside[tail] & conditions.inside[head])
    within = np.where(place.fraction == 0.0, conditions.inside[tail], within)
    return np.where(place.fraction == 1.0, conditions.inside[head], within)


def _out_of_closed_area(conditions: Conditions, seeds: Seeds, shut_in: Bools) -> Seeds:
    node, ds = _split(seeds.node, seeds.start), _split(seeds.ds, seeds.start)
    for place in np.flatnonzero(shut_in):
        out = way_out(conditions, seeds.taken(np.array([place])))
        node[place] = np.flatnonzero(out.ds < IMPASSABLE).astype(np.int32)
        ds[place] = out.ds[node[place]]
    start = np.concatenate(([0], np.cumsum([len(part) for part in ds]))).astype(np.int32)
    return Seeds(start=start, node=np.concatenate(node), ds=np.concatenate(ds))


def way_out(conditions: Conditions, seeds: Seeds) -> Tree:
    """Least times from one place by roads of the closed area up to the first junctions outside."""
    return tree(conditions.out_metric, conditions.network, seeds)


def _split(values: Int32s, start: Int32s) -> list[Int32s]:
    return [values[a:b] for a, b in pairwise(start.tolist())]


def _on_same_edge(origin_edge: Int32s, destination_edge: Int32s) -> tuple[Int64s, Int64s]:
    """All pairs of places with one edge, sorted."""
    by_edge = np.argsort(destination_edge, kind="stable")
    first = np.searchsorted(destination_edge[by_edge], origin_edge, side="left")
    count = np.searchsorted(destination_edge[by_edge], origin_edge, side="right") - first
    origin = np.repeat(np.arange(len(origin_edge)), count)
    rank = np.arange(len(origin)) - np.repeat(np.cumsum(count) - count, count)
    return origin, by_edge[np.repeat(first, count) + rank]
