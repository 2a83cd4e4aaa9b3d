"""The main network of a vehicle: the junctions among which it can drive to and fro."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.metric import IMPASSABLE
from geo.roads import Bools, Int32s, RoadGraph


def main_network(roads: RoadGraph, weights_ds: Int32s) -> Bools:
    """Junctions of the largest strongly connected component of the passable arcs, shape (n,).

    ``weights_ds`` as ``geo.metric.arc_weights_ds`` gives them, shape (2 e,). The component with the most
    junctions counts, on a tie the one with the westernmost junction. Tarjan (1972), doi:10.1137/0201010, or
    an equal of it (SciPy).
    """
    if not roads.junctions:
        return np.zeros(0, np.bool_)
    ends = np.column_stack([roads.edge_from, roads.edge_to])
    passable = weights_ds < IMPASSABLE
    tail, head = ends.ravel()[passable], ends[:, ::-1].ravel()[passable]
    arcs = coo_array((np.ones(len(tail), np.int64), (tail, head)), shape=(roads.junctions, roads.junctions))
    _, component = connected_components(arcs.tocsr(), connection="strong")
    sizes = np.bincount(component)
    largest = sizes[component] == sizes.max()
    main: Bools = component == component[int(np.argmax(largest))]
    return main
