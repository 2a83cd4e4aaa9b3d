"""The hierarchy on every real graph that the benchmarks measure, held against SciPy's Dijkstra."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.customization import customize
from geo.hierarchy import build
from geo.many_to_many import table_ds
from geo.roads import Int32s
from geo.seeds import Seeds

NOT_IN_THE_WHEEL = "benchmarks are no part of the wheel"
registry = pytest.importorskip("benchmarks.registry", reason=NOT_IN_THE_WHEEL)
travel_graphs = pytest.importorskip("benchmarks.travel_graphs", reason=NOT_IN_THE_WHEEL)


@pytest.mark.data
@pytest.mark.parametrize("name", ["amsterdam", "moscow", "liechtenstein", "edmonton", "pingluo"])
def test_real_roads_equal_scipy_on_100_000_random_pairs(shared_data: Path, name: str) -> None:
    """At least so many pairs, from origins and to destinations drawn at random."""
    graph = next(g for g in travel_graphs.graphs(registry.Options(data=shared_data)) if g.name == name)
    n = graph.nodes
    rng = np.random.default_rng(7)
    destinations = rng.permutation(n)[:5000].astype(np.int32)
    origins = rng.permutation(n)[: -(-100_000 // len(destinations))].astype(np.int32)
    metric = customize(build(graph.xy, graph.tail, graph.head), graph.w)
    expected = dijkstra(least_arcs(n, graph.tail, graph.head, graph.w), indices=origins)
    assert np.isfinite(expected).all()
    assert (table_ds(metric, Seeds.at(origins), Seeds.at(destinations)) == expected[:, destinations]).all()


def least_arcs(n: int, tail: Int32s, head: Int32s, arc_ds: Int32s) -> csr_array:
    """The matrix of the shortest of parallel arcs, which SciPy would add up."""
    order = np.lexsort((arc_ds, head, tail))
    tail, head, arc_ds = tail[order], head[order], arc_ds[order]
    first = np.ones(len(tail), np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return csr_array((arc_ds[first].astype(float), (tail[first], head[first])), shape=(n, n))
