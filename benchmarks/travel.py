"""Travel times against every peer: tables, re-weighting, closed roads, fused coverage, memory, start-up.

Every graph is answered by the public functions of ``geo``; the peers answer the same places in a process of
their own, in turn with ours. Peers too slow for a whole table answer some of its sources, and their time is
scaled up; the row says so. Times are processor seconds of one thread unless the row says otherwise.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.registry import Options, Row, case
from benchmarks.travel_graphs import ROOT, Graph, graphs, world
from benchmarks.travel_peers import REPEATED_S
from benchmarks.travel_prepared import Prepared
from geo.customization import Metric, customize, recustomize
from geo.hierarchy import build
from geo.many_to_many import Within, covered, table_ds
from geo.metric import IMPASSABLE
from geo.roads import Int32s
from geo.seeds import Seeds

SAMPLE_S = 1.5
"""Seconds of work from which on a peer answers only some sources."""

ASKED: dict[tuple[str, str, str], float] = {
    ("amsterdam", "1000x1000", "scipy"): 150,
    ("moscow", "1000x1000", "scipy"): 1000,
    ("amsterdam", "1000x1000", "pyroutingkit"): 15,
    ("moscow", "1000x1000", "pyroutingkit"): 20,
    ("amsterdam", "100x20000", "scipy"): 30,
    ("moscow", "100x20000", "scipy"): 200,
    ("amsterdam", "13xall", "pyroutingkit"): 5,
    ("moscow", "13xall", "pyroutingkit"): 5,
    ("amsterdam", "reweight", "pyroutingkit"): 0.83,
    ("moscow", "reweight", "pyroutingkit"): 0.83,
    ("amsterdam", "closed", "scipy"): 15,
    ("moscow", "closed", "scipy"): 50,
}
"""Ratios that the requirement states."""


@case("travel", "tables", quick=True)
def tables(options: Options) -> Iterator[Row]:
    """Tables of several shapes against all peers; each first answer is checked against scipy."""
    for graph in graphs(options):
        with Prepared(graph, options) as prepared:
            yield _topology_row(prepared)
            for load, (sources, targets) in _loads(graph).items():
                prepared.places(load, sources, targets)
                yield from _table_rows(prepared, load, sources, targets)


def _loads(graph: Graph) -> dict[str, tuple[Int32s, Int32s]]:
    rng, n = np.random.default_rng(1), graph.nodes
    counts = {"1000x1000": (1000, 1000), "100x20000": (100, 20_000), "13xall": (13, n)}
    return {
        load: (_some(rng, n, sources), _some(rng, n, targets)) for load, (sources, targets) in counts.items()
    }


def _some(rng: np.random.Generator, n: int, count: int) -> Int32s:
    """So many nodes, or all there are."""
    if count >= n:
        return np.arange(n, dtype=np.int32)
    return rng.choice(n, count, replace=False).astype(np.int32)


def _topology_row(prepared: Prepared) -> Row:
    theirs = prepared.ask(do="prepare", peer="pyroutingkit")
    prepared.notes["pyroutingkit"] = theirs.get("error", "")
    return Row(
        suite="travel",
        case=f"{prepared.graph.name} topology",
        metric="processor time",
        unit="s",
        ours=prepared.build_s,
        peer="pyroutingkit",
        theirs=theirs.get("cpu_s"),
        quick=True,
        runs=1,
        note=f"{prepared.graph.nodes} nodes, {len(prepared.graph.w)} arcs; ours may include compiling, "
        f"theirs includes one metric {theirs.get('error', '')}",
    )


def _table_rows(prepared: Prepared, load: str, sources: Int32s, targets: Int32s) -> Iterator[Row]:
    def ours() -> Int32s:
        return table_ds(prepared.metric, Seeds.at(sources), Seeds.at(targets), threads=1)

    table = ours()
    right = _equals_scipy(prepared, load, table)
    for peer in prepared.peers():
        yield _against(
            prepared,
            peer,
            load,
            ours,
            lambda peer=peer, count=None: prepared.ask(do="table", peer=peer, load=load, count=count),
            sources=len(sources),
            verified=right,
        )


def _equals_scipy(prepared: Prepared, load: str, table: Int32s) -> bool | None:
    """Whether the rows of some sources are those of scipy; ``None`` where it is not there."""
    if prepared.ready("scipy"):
        return None
    count = min(len(table), max(3, 100_000 // table.shape[1]))
    answer = prepared.ask(do="table", peer="scipy", load=load, count=count, keep=True)
    return None if "error" in answer else bool((table[:count] == prepared.kept()).all())


def _against(
    prepared: Prepared,
    peer: str,
    load: str,
    ours: Callable[[], object],
    theirs: Callable[..., dict[str, Any]],
    *,
    sources: int,
    verified: bool | None,
) -> Row:
    """Ours and theirs in turn; a slow peer answers some of the sources."""
    asked = ASKED.get((prepared.graph.name, load, peer))
    row = Row(
        suite="travel",
        case=f"{prepared.graph.name} {load}",
        metric="processor time",
        unit="ms",
        peer=peer,
        asked=asked,
        asked_on="ratio",
        verified=verified,
        quick=True,
    )
    first = theirs(count=min(2, sources)) if not prepared.ready(peer) else {}
    if wrong := prepared.ready(peer) or first.get("error"):
        return replace(row, ours=_median_ms(ours), runs=3, note=wrong)
    each_s = first["cpu_s"] / min(2, sources)
    count = (
        sources if each_s * sources < SAMPLE_S else max(2, min(sources, int(SAMPLE_S / max(each_s, 1e-9))))
    )
    runs = max(3, prepared.options.seeds)
    mine, other = [], []
    for _ in range(runs):
        mine.append(_cpu_ms(ours))
        other.append(theirs(count=count)["cpu_s"] * 1000 * sources / count)
    note = "" if count == sources else f"extrapolated from {count} of {sources} sources"
    return replace(row, ours=median(mine), theirs=median(other), runs=runs, note=note)


def _cpu_ms(work: Callable[[], object]) -> float:
    """Processor time of one call; short ones are repeated, as the peers' are, so that caches are warm."""
    begun, calls = time.process_time(), 0
    while not calls or time.process_time() - begun < REPEATED_S:
        work()
        calls += 1
    return (time.process_time() - begun) * 1000 / calls


def _median_ms(work: Callable[[], object], runs: int = 3) -> float:
    work()
    return median(_cpu_ms(work) for _ in range(runs))


@case("travel", "reweight", quick=True)
def reweight(options: Options) -> Iterator[Row]:
    """New times for every arc: basic customization on both sides, one thread."""
    for graph in graphs(options):
        with Prepared(graph, options) as prepared:
            yield from _reweight_rows(prepared)


def _basic_is_exact(prepared: Prepared) -> bool:
    """Whether the basic metric answers as the perfect one, which the tables hold against scipy."""
    some = Seeds.at(_some(np.random.default_rng(2), prepared.graph.nodes, 300))
    basic = customize(prepared.topology, prepared.graph.w, perfect=False)
    return bool((table_ds(basic, some, some) == table_ds(prepared.metric, some, some)).all())


def _reweight_rows(prepared: Prepared) -> Iterator[Row]:
    yield _against(
        prepared,
        "pyroutingkit",
        "reweight",
        lambda: customize(prepared.topology, prepared.graph.w, perfect=False),
        lambda count: prepared.ask(do="reweight", peer="pyroutingkit"),
        sources=1,
        verified=_basic_is_exact(prepared),
    )
    yield Row(
        suite="travel",
        case=f"{prepared.graph.name} reweight, perfect",
        metric="processor time",
        unit="ms",
        ours=_median_ms(lambda: customize(prepared.topology, prepared.graph.w)),
        quick=True,
        runs=3,
    )


@case("travel", "closed", quick=True)
def closed(options: Options) -> Iterator[Row]:
    """Twenty roads close at once, then 13 teams x 3 incidents; scipy searches from the incidents.

    Closed together, as a flood closes them, and anywhere in the graph.
    """
    for graph in graphs(options):
        with Prepared(graph, options) as prepared:
            for spread, arcs in _closures(graph):
                yield from _closed_rows(prepared, spread, arcs)


def _closures(graph: Graph) -> Iterator[tuple[str, Int32s]]:
    rng = np.random.default_rng(2)
    centre = graph.xy[graph.tail[rng.integers(len(graph.tail))]]
    away = ((graph.xy[graph.tail] - centre) ** 2).sum(axis=1)
    yield "closed", np.argsort(away, kind="stable")[:20].astype(np.int32)
    yield "closed anywhere", rng.choice(len(graph.tail), 20, replace=False).astype(np.int32)


def _closed_rows(prepared: Prepared, load: str, arcs: Int32s) -> Iterator[Row]:
    graph, rng = prepared.graph, np.random.default_rng(3)
    teams, incidents = (rng.choice(graph.nodes, k, replace=False).astype(np.int32) for k in (13, 3))
    shut = np.full(len(arcs), IMPASSABLE, np.int32)

    def ours() -> Int32s:
        changed = recustomize(prepared.metric, arcs.astype(np.int64), shut)
        return table_ds(changed, Seeds.at(teams), Seeds.at(incidents), threads=1)

    left = np.ones(len(graph.w), np.bool_)
    left[arcs] = False
    backwards = Graph(
        name=graph.name, tail=graph.head[left], head=graph.tail[left], w=graph.w[left], xy=graph.xy
    )
    with Prepared(backwards, prepared.options) as reverse:
        reverse.places(load, incidents, teams)
        right = _equals_scipy(reverse, load, ours().T)
        yield _against(
            reverse,
            "scipy",
            load,
            ours,
            lambda count: reverse.ask(do="table", peer="scipy", load=load, count=None),
            sources=1,
            verified=right,
        )


@case("travel", "coverage", quick=True)
def coverage(options: Options) -> Iterator[Row]:
    """Points within a limit of 1,000 stations, all nodes as points, without a table; a source's share."""
    for graph in graphs(options):
        metric = customize(build(graph.xy, graph.tail, graph.head), graph.w)
        for limit_ds in (1800, 3000):
            yield _coverage_row(graph, metric, limit_ds)


def _coverage_row(graph: Graph, metric: Metric, limit_ds: int) -> Row:
    stations = Seeds.at(_some(np.random.default_rng(4), graph.nodes, 1000))
    every = Seeds.at(np.arange(graph.nodes, dtype=np.int32))

    def ours() -> Within:
        return covered(metric, stations, every, [limit_ds], threads=1)[0]

    pairs, some = ours(), stations.taken(np.arange(min(32, len(stations)), dtype=np.int32))
    table = table_ds(metric, some, every)
    return Row(
        suite="travel",
        case=f"{graph.name} coverage within {limit_ds // 10} s",
        metric="processor time a source",
        unit="ms",
        ours=_median_ms(ours) / len(stations),
        asked=0.2 if graph.name == "moscow" else None,
        verified=bool((table <= limit_ds).sum() == (pairs.source < len(some)).sum()),
        quick=True,
        runs=3,
        note=f"{len(stations)} stations, {len(pairs.place)} pairs found",
    )


@case("travel", "memory")
def memory(options: Options) -> Iterator[Row]:
    """What topology, metric and one 1,000 x 1,000 table add to a process that holds the graph."""
    for graph in graphs(options):
        with tempfile.TemporaryDirectory() as scratch:
            graph.save(Path(scratch, "graph.npz"))
            told = _child(_MEMORY, str(Path(scratch, "graph.npz")))
        yield Row(
            suite="travel",
            case=f"{graph.name} memory",
            metric="resident memory above the graph",
            unit="MB",
            ours=told.get("held_mb"),
            asked=150 if graph.name == "moscow" else None,
            runs=1,
            note=f"peak while answering {told.get('peak_mb', 0):.0f} MB above it",
        )


@case("travel", "start")
def start(options: Options) -> Iterator[Row]:
    """From starting a process to its first answer, compiled code and topology kept from before."""
    for graph in graphs(options):
        with tempfile.TemporaryDirectory() as scratch:
            graph.save(Path(scratch, "graph.npz"))
            build(graph.xy, graph.tail, graph.head).save(Path(scratch, "topology.npz"))
            wall, cpu = [], []
            for _ in range(4):
                begun = time.perf_counter()
                cpu.append(_child(_START, scratch)["cpu_s"])
                wall.append(time.perf_counter() - begun)
        yield Row(
            suite="travel",
            case=f"{graph.name} start",
            metric="processor time to the first answer",
            unit="s",
            ours=median(cpu[1:]),
            asked=3.0,
            runs=3,
            note=f"wall time {median(wall[1:]):.1f} s",
        )


@case("travel", "world")
def trunk_roads_of_the_world(options: Options) -> Iterator[Row]:
    """The largest real graph in reach, trunk roads of all countries: topology, one to all, 1,000 x 1,000."""
    graph = world()
    if graph is None:
        yield Row(suite="travel", case="world", metric="", unit="", note="python dev.py bench --peers-setup")
        return
    with Prepared(graph, options) as prepared:
        yield _topology_row(prepared)
        rng = np.random.default_rng(5)
        sources, targets = rng.choice(graph.nodes, (2, 1000), replace=False).astype(np.int32)
        every = np.arange(graph.nodes, dtype=np.int32)
        for load, (froms, tos) in {"1xall": (sources[:1], every), "1000x1000": (sources, targets)}.items():
            prepared.places(load, froms, tos)
            yield from _table_rows(prepared, load, froms, tos)


def _child(program: str, argument: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", program, argument], cwd=ROOT, check=True, capture_output=True, text=True
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


_MEMORY = """
import json, sys, numpy as np
from pathlib import Path
from geo.customization import customize
from geo.hierarchy import build
from geo.many_to_many import table_ds
from geo.seeds import Seeds
def held(key):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
small = customize(build(np.eye(2), np.array([0]), np.array([1])), np.array([1], np.int32))
table_ds(small, Seeds.at([0]), Seeds.at([1])); table_ds(small, Seeds.at([0] * 40), Seeds.at([1] * 50))
with np.load(sys.argv[1]) as g:
    tail, head, w, xy = (g[k].copy() for k in ("tail", "head", "w", "xy"))
before = held("VmRSS")
metric = customize(build(xy, tail, head), w)
some = np.random.default_rng(0).choice(len(xy), (2, min(1000, len(xy) // 2)), replace=False).astype(np.int32)
table = table_ds(metric, Seeds.at(some[0]), Seeds.at(some[1]))
print(json.dumps({"held_mb": held("VmRSS") - before, "peak_mb": held("VmHWM") - before}))
"""

_START = """
import json, sys, time, numpy as np
from pathlib import Path
from geo.customization import customize
from geo.hierarchy import Topology
from geo.many_to_many import table_ds
from geo.seeds import Seeds
folder = Path(sys.argv[1])
with np.load(folder / "graph.npz") as g:
    w = g["w"]
metric = customize(Topology.load(folder / "topology.npz"), w)
table = table_ds(metric, Seeds.at(np.arange(13)), Seeds.at(np.arange(100)))
print(json.dumps({"first_ds": int(table[0, 1]), "cpu_s": time.process_time()}))
"""
