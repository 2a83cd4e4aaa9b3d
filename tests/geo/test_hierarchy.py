"""The hierarchy on bare arrays, held against SciPy's Dijkstra on every pair."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.customization import Metric, customize, recustomize
from geo.hierarchy import Topology, build
from geo.many_to_many import covered, nearest, spread, table_ds
from geo.metric import IMPASSABLE
from geo.roads import Floats, Int32s, Int64s
from geo.seeds import Direct, Seeds

Graph = tuple[Floats, Int32s, Int32s, Int32s]
"""Coordinates, tail, head and deciseconds of each arc."""

QUICK = settings(deadline=None, max_examples=40)


@st.composite
def graphs(draw: st.DrawFn, most_nodes: int = 40) -> Graph:
    """Random arcs with loops, parallels, zero times, closed arcs, nodes without arcs, equal coordinates."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(1, most_nodes))
    arcs = draw(st.integers(0, 4 * n))
    lonlat = rng.integers(0, draw(st.integers(1, 30)), (n, 2)) / 10
    tail, head = rng.integers(0, n, (2, arcs)).astype(np.int32)
    arc_ds = rng.integers(0, draw(st.sampled_from([1, 3, 1000])), arcs).astype(np.int32)
    arc_ds[rng.random(arcs) < draw(st.sampled_from([0, 0.2]))] = IMPASSABLE
    return lonlat, tail, head, arc_ds


def oracle(n: int, tail: Int32s, head: Int32s, arc_ds: Int32s) -> Int64s:
    """Least times by SciPy, which takes a stored 0 for no arc: all times are 1e-7 longer there."""
    least = np.full((n, n), np.inf)
    np.minimum.at(least, (tail, head), np.where(arc_ds < IMPASSABLE, arc_ds + 1e-7, np.inf))
    there = np.isfinite(least)
    graph = csr_array((least[there], np.nonzero(there)), shape=(n, n))
    ds = dijkstra(graph)
    return np.where(np.isfinite(ds), np.floor(ds + 0.01), IMPASSABLE).astype(np.int64)


def everywhere(n: int) -> Seeds:
    return Seeds.at(np.arange(n, dtype=np.int32))


@QUICK
@given(graphs(), st.booleans())
def test_every_pair_equals_scipy(graph: Graph, perfect: bool) -> None:
    lonlat, tail, head, arc_ds = graph
    n = len(lonlat)
    metric = customize(build(lonlat, tail, head), arc_ds, perfect=perfect)
    assert (table_ds(metric, everywhere(n), everywhere(n)) == oracle(n, tail, head, arc_ds)).all()


@QUICK
@given(graphs(), st.data())
def test_changed_arcs_give_what_a_full_customization_gives(graph: Graph, data: st.DataObject) -> None:
    lonlat, tail, head, arc_ds = graph
    topology = build(lonlat, tail, head)
    metric = customize(topology, arc_ds)
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    for _ in range(3):
        arcs = rng.permutation(len(tail))[: data.draw(st.integers(0, 6))]
        new_ds = rng.choice(np.array([0, 1, 5, 500, IMPASSABLE], np.int32), len(arcs))
        metric = partial(metric, arcs, new_ds)
        scratch = customize(topology, metric.arc_ds, perfect=False)
        assert (
            metric.weights[: 2 * len(topology.up_head)] == scratch.weights[: 2 * len(topology.up_head)]
        ).all()


def partial(metric: Metric, arcs: Int64s, new_ds: Int32s) -> Metric:
    """Partial customization however many arcs changed."""
    from geo import customization

    changed = arcs[new_ds != metric.arc_ds[arcs]].astype(np.int32)
    now_ds = metric.arc_ds.copy()
    now_ds[arcs] = new_ds
    return customization._partial(metric, changed, now_ds)


@QUICK
@given(graphs(), st.data())
def test_closing_and_reopening_leaves_the_first_metric_as_it_was(graph: Graph, data: st.DataObject) -> None:
    lonlat, tail, head, arc_ds = graph
    metric = customize(build(lonlat, tail, head), arc_ds, perfect=False)
    before = metric.weights.copy()
    arcs = np.unique(
        data.draw(st.lists(st.integers(0, max(len(tail) - 1, 0)), max_size=5)) if len(tail) else []
    )
    arcs = arcs.astype(np.int64)
    closed = recustomize(metric, arcs, np.full(len(arcs), IMPASSABLE, np.int32))
    again = recustomize(closed, arcs, arc_ds[arcs])
    assert (metric.weights == before).all()
    m = 2 * len(metric.topology.up_head)
    assert (again.weights[:m] == before[:m]).all()
    assert again.digest == metric.digest
    assert (closed.digest == metric.digest) == bool((arc_ds[arcs] == IMPASSABLE).all())


@st.composite
def places(draw: st.DrawFn, n: int, most: int = 70) -> Seeds:
    """Places joined to none, one or several nodes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    counts = rng.integers(0, 4, draw(st.integers(0, most)))
    start = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    node = rng.integers(0, n, start[-1]).astype(np.int32)
    return Seeds(start=start, node=node, ds=rng.integers(0, 50, start[-1]).astype(np.int32))


def between(times: Int64s, origins: Seeds, destinations: Seeds) -> Int64s:
    """Times between places by trying all pairs of their seeds."""
    table = np.full((len(origins), len(destinations)), IMPASSABLE, np.int64)
    for o in range(len(origins)):
        for d in range(len(destinations)):
            for a in range(origins.start[o], origins.start[o + 1]):
                for b in range(destinations.start[d], destinations.start[d + 1]):
                    ds = origins.ds[a] + times[origins.node[a], destinations.node[b]] + destinations.ds[b]
                    table[o, d] = min(table[o, d], ds)
    return table


@QUICK
@given(graphs(most_nodes=15), st.data())
def test_fused_answers_equal_those_read_from_the_table(graph: Graph, data: st.DataObject) -> None:
    lonlat, tail, head, arc_ds = graph
    n = len(lonlat)
    metric = customize(build(lonlat, tail, head), arc_ds, perfect=data.draw(st.booleans()))
    stations, points = data.draw(places(n)), data.draw(places(n, most=12))
    table = between(oracle(n, tail, head, arc_ds), stations, points)
    assert (table_ds(metric, stations, points) == table).all()
    direct = Direct.none()
    if table.size and data.draw(st.booleans()):
        direct = Direct(
            origin=np.array([len(stations) - 1], np.int32),
            destination=np.array([0], np.int32),
            ds=np.array([3], np.int32),
        )
        table[-1, 0] = min(table[-1, 0], 3)
    check_nearest(metric, stations, points, direct, table)
    check_covered(metric, stations, points, direct, table)
    check_spread(metric, stations, points, direct, table)


def check_nearest(metric: Metric, stations: Seeds, points: Seeds, direct: Direct, table: Int64s) -> None:
    for k in (0, 1, 3):
        station, ds = nearest(metric, stations, points, k, direct=direct)
        order = np.argsort(table, axis=0, kind="stable")[:k].T
        best = np.take_along_axis(table.T, order, axis=1)
        pad = ((0, 0), (0, k - order.shape[1]))
        best = np.pad(best, pad, constant_values=IMPASSABLE)
        order = np.pad(order, pad, constant_values=-1)
        assert (ds == best).all()
        assert (station == np.where(best < IMPASSABLE, order, -1)).all()


def check_covered(metric: Metric, stations: Seeds, points: Seeds, direct: Direct, table: Int64s) -> None:
    limits = [0, 20, 100, IMPASSABLE + 5]
    for limit, pairs in zip(limits, covered(metric, stations, points, limits, direct=direct), strict=True):
        place, source = np.nonzero((table <= min(limit, IMPASSABLE - 1)).T)
        assert (pairs.place == place).all()
        assert (pairs.source == source).all()


def check_spread(metric: Metric, stations: Seeds, points: Seeds, direct: Direct, table: Int64s) -> None:
    weight = np.arange(len(points), dtype=float)
    found = spread(metric, stations, points, weight, direct=direct)
    reached = np.where(table < IMPASSABLE, weight, 0.0)
    assert np.allclose(found.reached, reached.sum(axis=1))
    has = reached.sum(axis=1) > 0
    mean = (reached * table).sum(axis=1)[has] / reached.sum(axis=1)[has]
    assert np.allclose(found.mean_ds[has], mean)
    assert np.isnan(found.mean_ds[~has]).all()
    assert (found.worst_ds == table.max(axis=1, initial=0)).all()


def grid(side: int, seed: int = 0) -> Graph:
    """A street grid with random times, two arcs for each street."""
    rng = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    a = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    b = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    tail, head = np.concatenate([a, b]).astype(np.int32), np.concatenate([b, a]).astype(np.int32)
    lonlat = np.stack(np.divmod(np.arange(side * side), side), axis=1) / 100.0
    return lonlat, tail, head, rng.integers(1, 100, len(tail)).astype(np.int32)


def test_a_grid_needs_separators_no_wider_than_its_side() -> None:
    lonlat, tail, head, _ = grid(40)
    topology = build(lonlat, tail, head)
    assert topology.widest <= 3 * 40
    assert len(topology.up_head) < 12 * len(tail)


def test_sweeps_in_several_steps_and_threads_equal_scipy() -> None:
    lonlat, tail, head, arc_ds = grid(100)
    n = len(lonlat)
    metric = customize(build(lonlat, tail, head), arc_ds)
    some = np.random.default_rng(1).choice(n, 50, replace=False).astype(np.int32)
    graph = csr_array((arc_ds.astype(float), (tail, head)), shape=(n, n))
    expected = dijkstra(graph, indices=some)
    for threads in (1, 2, 3):
        assert (table_ds(metric, Seeds.at(some), everywhere(n), threads=threads) == expected).all()
        assert (
            dijkstra(graph.T, indices=some)
            == table_ds(metric, everywhere(n), Seeds.at(some), threads=threads).T
        ).all()
        (pairs,) = covered(metric, Seeds.at(some), everywhere(n), [900], threads=threads)
        place, source = np.nonzero(expected.T <= 900)
        assert (pairs.place == place).all()
        assert (pairs.source == source).all()


def test_a_saved_topology_is_read_back_equal_and_half_a_file_is_refused(tmp_path: Path) -> None:
    lonlat, tail, head, arc_ds = grid(6)
    topology = build(lonlat, tail, head)
    topology.save(tmp_path / "deep" / "t.npz")
    again = Topology.load(tmp_path / "deep" / "t.npz")
    assert again.digest == topology.digest
    assert (customize(again, arc_ds).weights == customize(topology, arc_ds).weights).all()
    assert [f.name for f in (tmp_path / "deep").iterdir()] == ["t.npz"]
    whole = (tmp_path / "deep" / "t.npz").read_bytes()
    (tmp_path / "half.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Exception, match="zip"):
        Topology.load(tmp_path / "half.npz")


def test_the_same_roads_give_the_same_bytes() -> None:
    lonlat, tail, head, _ = grid(12)
    one, two = build(lonlat, tail, head), build(lonlat, tail, head)
    assert (one.rank == two.rank).all()
    assert one.digest == two.digest != build(lonlat, head, tail).digest


def test_wrong_input_is_refused_by_name() -> None:
    lonlat, tail, head, arc_ds = grid(4)
    topology = build(lonlat, tail, head)
    metric = customize(topology, arc_ds)
    with pytest.raises(ValueError, match="arc_ds: want shape"):
        customize(topology, arc_ds[1:])
    with pytest.raises(ValueError, match="arc_ds: want 0 to"):
        customize(topology, arc_ds - 1000)
    with pytest.raises(ValueError, match="arcs: an arc is not in"):
        recustomize(metric, np.array([len(arc_ds)]), np.array([1], np.int32))
    with pytest.raises(ValueError, match="tail, head: a node is not in"):
        build(lonlat, tail + 1, head)
    with pytest.raises(ValueError, match="lonlat: want finite"):
        build(lonlat * np.nan, tail, head)


def test_times_near_the_largest_add_up_without_wrapping() -> None:
    """Two arcs that are as long as can be are together longer than any time there is."""
    lonlat = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]])
    arc_ds = np.array([IMPASSABLE - 1, IMPASSABLE - 1], np.int32)
    metric = customize(build(lonlat, np.array([0, 1]), np.array([1, 2])), arc_ds)
    table = table_ds(metric, everywhere(3), everywhere(3))
    assert table[0].tolist() == [0, IMPASSABLE - 1, IMPASSABLE]
