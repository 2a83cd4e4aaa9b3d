"""The oracle on a bucket queue against scipy: long arcs, arcs of no length, limits, trees; then as oracle."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.ends import arrivals, departures
from geo.many_to_many import table_ds as hierarchy_table_ds
from geo.roads import Floats, Int32s, RoadGraph
from geo.seeds import Seeds as Places
from geo.travel import TravelTimes
from tests.geo.bucket_dijkstra import UNREACHED, WHEEL, Arcs, Seeds, search, table_ds
from tests.geo.drawn_roads import TRUCK, drawn_points, drawn_roads

N = 7


@st.composite
def drawn_arcs(draw: st.DrawFn) -> Arcs:
    """Arcs between seven junctions, with weights around the size of the wheel and far beyond it."""
    node = st.integers(0, N - 1)
    weight = st.sampled_from([0, 1, 7, WHEEL - 1, WHEEL, WHEEL + 1, 3 * WHEEL, 10**8, UNREACHED])
    drawn = sorted(draw(st.lists(st.tuples(node, node, weight), max_size=25)))
    tail = np.array([arc[0] for arc in drawn], np.int32)
    return Arcs(
        np.searchsorted(tail, np.arange(N + 1)),
        np.array([arc[1] for arc in drawn], np.int32),
        np.array([arc[2] for arc in drawn], np.int32),
    )


def want_ds(arcs: Arcs, seed: int, limit_ds: int) -> Int32s:
    """By scipy, which takes stored zeros for missing arcs: all weights are one higher in thousandths."""
    least = np.full((N, N), np.inf)
    tail = np.repeat(np.arange(N), np.diff(arcs.start))
    np.minimum.at(least, (tail, arcs.head), np.where(arcs.weight_ds < UNREACHED, arcs.weight_ds, np.inf))
    row, column = np.nonzero(least < np.inf)
    graph = csr_array((least[row, column] + 1e-3, (row, column)), shape=(N, N))
    ds = np.floor(dijkstra(graph, indices=np.array([seed]))[0])
    return np.where(ds <= limit_ds, ds, UNREACHED).astype(np.int32)


@settings(deadline=None)
@given(drawn_arcs(), st.sampled_from([0, WHEEL, 10**6, UNREACHED - 1]))
def test_distances_are_those_of_scipy(arcs: Arcs, limit_ds: int) -> None:
    dist, parent = np.empty(N, np.int32), np.empty(N, np.int32)
    search(arcs, np.array([0], np.int32), np.array([0], np.int32), limit_ds, dist, parent)
    assert np.array_equal(dist, want_ds(arcs, 0, limit_ds))
    tail = np.repeat(np.arange(N), np.diff(arcs.start))
    for junction, last in enumerate(parent):
        if last >= 0:
            assert arcs.head[last] == junction
            assert dist[tail[last]] + arcs.weight_ds[last] == dist[junction]


@settings(deadline=None)
@given(drawn_arcs(), st.lists(st.integers(0, 2 * WHEEL), min_size=N, max_size=N))
def test_several_seeds_with_costs_give_the_least_of_each(arcs: Arcs, costs: list[int]) -> None:
    dist = np.empty(N, np.int32)
    seeds, ds = np.arange(N, dtype=np.int32), np.array(costs, np.int32)
    search(arcs, seeds, ds, UNREACHED - 1, dist, np.empty(0, np.int32))
    each = [
        np.minimum(want_ds(arcs, i, UNREACHED - 1).astype(np.int64) + costs[i], UNREACHED) for i in range(N)
    ]
    assert np.array_equal(dist, np.min(each, axis=0))


def seeds_of(places: Places) -> Seeds:
    return Seeds(places.start.astype(np.int64), places.node, places.ds)


@settings(deadline=None)
@given(drawn_roads(), drawn_points(), drawn_points())
def test_the_hierarchy_gives_the_table_of_the_simple_engine(
    roads: RoadGraph, origins: Floats, destinations: Floats
) -> None:
    travel = TravelTimes(roads, TRUCK)
    now = travel.conditions
    out, into = departures(now, travel.snap(origins)), arrivals(now, travel.snap(destinations))
    order = np.argsort(now.network.tail, kind="stable")
    start = np.searchsorted(now.network.tail[order], np.arange(len(now.network.junction) + 1))
    arcs = Arcs(start, now.network.head[order], now.metric.arc_ds[order])
    want_ds = table_ds(arcs, seeds_of(out), seeds_of(into), UNREACHED - 1)
    assert np.array_equal(hierarchy_table_ds(now.metric, out, into), want_ds)
