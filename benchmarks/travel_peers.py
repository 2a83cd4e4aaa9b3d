"""The peers of the travel suite, run in an environment of their own.

``python -m benchmarks.travel_peers FOLDER`` answers commands: JSON lines on standard input, answers on
standard output. The folder holds ``graph.npz`` and the places of each load. ``... world FILE``
writes the world's trunk roads instead.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

Arrays = dict[str, Any]
FAR = 2**30
REPEATED_S = 0.02
"""Processor seconds for which a short piece of work is repeated."""


def main(folder: Path) -> None:
    """Answer commands until standard input ends."""
    with np.load(folder / "graph.npz") as stored:
        graph = {name: stored[name] for name in stored.files}
    ready: dict[str, Any] = {}
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # some peers print: their words must not stand between the answers
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = _answer(asked, graph, ready, folder)
        except Exception as failed:  # the parent shows it as the row's note
            answer = {"error": f"{type(failed).__name__}: {failed}"}
        print(json.dumps(answer), file=answers, flush=True)


def _answer(asked: Arrays, graph: Arrays, ready: Arrays, folder: Path) -> Arrays:
    peer, do = asked["peer"], asked["do"]
    if do == "prepare":
        wall, cpu, ready[peer] = _timed(lambda: PREPARE[peer](graph))
        return {"wall_s": wall, "cpu_s": cpu}
    if do == "reweight":
        weights = graph["w"].astype(np.uint32)
        wall, cpu, _ = _timed(lambda: ready[peer].customize(weights, 1), repeated_s=REPEATED_S)
        return {"wall_s": wall, "cpu_s": cpu}
    places = {side: np.load(folder / f"{asked['load']}-{side}.npy") for side in ("sources", "targets")}
    sources = places["sources"][: asked.get("count")]
    wall, cpu, table = _timed(
        lambda: TABLE[peer](ready[peer], sources, places["targets"], graph), repeated_s=REPEATED_S
    )
    if asked.get("keep"):
        np.save(folder / "answer.npy", np.where(np.asarray(table) < FAR, table, FAR).astype(np.int64))
    return {"wall_s": wall, "cpu_s": cpu, "sources": len(sources)}


def _timed(work: Callable[[], Any], *, repeated_s: float = 0.0) -> tuple[float, float, Any]:
    """Wall and processor seconds of one call, of several in a row where that is short, and what it gave."""
    wall, cpu, calls = time.perf_counter(), time.process_time(), 0
    while not calls or time.process_time() - cpu < repeated_s:
        done = work()
        calls += 1
    return (time.perf_counter() - wall) / calls, (time.process_time() - cpu) / calls, done


def _scipy(graph: Arrays) -> Any:
    from scipy.sparse import csr_array

    tail, head, w, n = graph["tail"], graph["head"], graph["w"], len(graph["xy"])
    order = np.lexsort((w, head, tail))
    tail, head, w = tail[order], head[order], w[order]
    least = np.ones(len(w), np.bool_)
    least[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return csr_array((np.maximum(w[least], 1e-9).astype(float), (tail[least], head[least])), shape=(n, n))


def _scipy_table(ready: Any, sources: Any, targets: Any, graph: Arrays) -> Any:
    from scipy.sparse.csgraph import dijkstra

    return np.rint(np.nan_to_num(dijkstra(ready, indices=sources)[:, targets], posinf=FAR))


def _igraph(graph: Arrays) -> Any:
    igraph = import_module("igraph")

    pairs = np.stack((graph["tail"], graph["head"]), axis=1)
    return igraph.Graph(n=len(graph["xy"]), edges=pairs, directed=True, edge_attrs={"w": graph["w"].tolist()})


def _igraph_table(ready: Any, sources: Any, targets: Any, graph: Arrays) -> Any:
    return ready.distances(sources.tolist(), targets.tolist(), weights="w", algorithm="dijkstra")


def _networkit(graph: Arrays) -> Any:
    networkit = import_module("networkit")

    made = networkit.Graph(len(graph["xy"]), weighted=True, directed=True)
    made.addEdges(
        (graph["w"].astype(float), (graph["tail"].astype(np.uint64), graph["head"].astype(np.uint64)))
    )
    networkit.setNumberOfThreads(1)
    return made


def _networkit_table(ready: Any, sources: Any, targets: Any, graph: Arrays) -> Any:
    networkit = import_module("networkit")

    run = networkit.distance.SPSP(ready, sources.tolist())
    run.run()
    return np.array(run.getDistances(asarray=True))[:, targets]


def _rustworkx(graph: Arrays) -> Any:
    rustworkx = import_module("rustworkx")

    made = rustworkx.PyDiGraph()
    made.add_nodes_from(range(len(graph["xy"])))
    made.extend_from_weighted_edge_list(
        list(
            zip(
                graph["tail"].tolist(), graph["head"].tolist(), graph["w"].astype(float).tolist(), strict=True
            )
        )
    )
    return made


def _rustworkx_table(ready: Any, sources: Any, targets: Any, graph: Arrays) -> Any:
    rustworkx = import_module("rustworkx")

    rows = np.full((len(sources), len(targets)), float(FAR))
    for i, source in enumerate(sources.tolist()):
        found = dict(rustworkx.dijkstra_shortest_path_lengths(ready, source, float).items())
        rows[i] = [found.get(t, 0.0 if t == source else FAR) for t in targets.tolist()]
    return rows


def _networkx(graph: Arrays) -> Any:
    networkx = import_module("networkx")

    made: Any = networkx.MultiDiGraph()
    made.add_nodes_from(range(len(graph["xy"])))
    made.add_weighted_edges_from(
        zip(graph["tail"].tolist(), graph["head"].tolist(), graph["w"].tolist(), strict=True), weight="w"
    )
    return made


def _networkx_table(ready: Any, sources: Any, targets: Any, graph: Arrays) -> Any:
    networkx = import_module("networkx")

    rows = np.full((len(sources), len(targets)), FAR)
    for i, source in enumerate(sources.tolist()):
        found = networkx.single_source_dijkstra_path_length(ready, source, weight="w")
        rows[i] = [found.get(t, FAR) for t in targets.tolist()]
    return rows


def _pandana(graph: Arrays) -> Any:
    pandana = import_module("pandana")
    pd = import_module("pandas")

    n = len(graph["xy"])
    weights = pd.DataFrame({"w": graph["w"].astype(float)})
    x, y = (pd.Series(graph["xy"][:, axis], index=np.arange(n)) for axis in (0, 1))
    return pandana.Network(x, y, pd.Series(graph["tail"]), pd.Series(graph["head"]), weights, twoway=False)


def _pandana_table(ready: Any, sources: Any, targets: Any, graph: Arrays) -> Any:
    a, b = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
    found = np.array(ready.shortest_path_lengths(a, b, imp_name="w"))
    return np.rint(np.minimum(found, FAR)).reshape(len(sources), len(targets))


def _pyroutingkit(graph: Arrays) -> Any:
    pyroutingkit = import_module("pyroutingkit")

    ends = graph["tail"].astype(np.uint32), graph["head"].astype(np.uint32)
    xy = graph["xy"].astype(np.float32)
    topology = pyroutingkit.CCHTopology()
    topology.build(*ends, np.ascontiguousarray(xy[:, 1]), np.ascontiguousarray(xy[:, 0]), len(xy))
    metric = pyroutingkit.CCHMetric(topology)
    metric.customize(graph["w"].astype(np.uint32), 1)
    return metric


def _pyroutingkit_table(ready: Any, sources: Any, targets: Any, graph: Arrays) -> Any:
    return ready.distances_many_to_many(sources.astype(np.uint32), targets.astype(np.uint32))


PREPARE: dict[str, Callable[[Arrays], Any]] = {
    "scipy": _scipy,
    "igraph": _igraph,
    "networkit": _networkit,
    "rustworkx": _rustworkx,
    "networkx": _networkx,
    "pandana": _pandana,
    "pyroutingkit": _pyroutingkit,
}
TABLE: dict[str, Callable[[Any, Any, Any, Arrays], Any]] = {
    "scipy": _scipy_table,
    "igraph": _igraph_table,
    "networkit": _networkit_table,
    "rustworkx": _rustworkx_table,
    "networkx": _networkx_table,
    "pandana": _pandana_table,
    "pyroutingkit": _pyroutingkit_table,
}


def write_world(file: Path) -> None:
    """The trunk roads of the world shipped by scgraph_data, both ways, at 36 km/h: a metre a decisecond."""
    import types

    holder: Any = types.ModuleType(
        "scgraph.core"
    )  # newer releases of scgraph lack what the data file asks for
    holder.GeoGraph = lambda graph, nodes, **_: types.SimpleNamespace(graph=graph, nodes=nodes)
    sys.modules["scgraph.core"] = holder
    world = import_module("scgraph_data.world_highways").world_highways_geograph

    found = world.graph
    pairs = [(u, v, d) for u, row in enumerate(found) for v, d in row.items()]
    tail, head, km = (np.array(part) for part in zip(*pairs, strict=True))
    nodes = np.array(world.nodes, float)
    w = np.rint(km * 1000).astype(np.int32)
    np.savez(file, tail=tail.astype(np.int32), head=head.astype(np.int32), w=w, xy=nodes[:, ::-1])


if __name__ == "__main__":
    if sys.argv[1] == "world":
        write_world(Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]))
