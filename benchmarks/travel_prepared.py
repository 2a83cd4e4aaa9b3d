"""One graph of the travel suite made ready: our topology and metric, and the peers' process beside it."""

import json
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from benchmarks.registry import Options
from benchmarks.travel_graphs import ROOT, Graph, peers_python
from geo.customization import Metric, customize
from geo.hierarchy import Topology, build
from geo.roads import Int32s

PEERS = ("scipy", "pyroutingkit", "igraph", "networkit", "rustworkx", "pandana", "networkx")
SMALL_ONLY = ("networkx", "pandana")
"""Peers that take minutes to be made ready, or to answer, on a metropolitan graph."""


class Prepared:
    """One graph with our topology and metric, and the peers' process beside it."""

    def __init__(self, graph: Graph, options: Options) -> None:
        self.graph, self.options = graph, options
        begun = time.process_time()
        self.topology: Topology = build(graph.xy, graph.tail, graph.head)
        self.build_s = time.process_time() - begun
        self.metric: Metric = customize(self.topology, graph.w)
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        graph.save(self.folder / "graph.npz")
        self.process: subprocess.Popen[str] | None = None
        self.notes: dict[str, str] = {}
        if peers_python().exists():
            command = [str(peers_python()), "-m", "benchmarks.travel_peers", str(self.folder)]
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )

    def __enter__(self) -> "Prepared":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process and self.process.stdin:
            self.process.stdin.close()
            self.process.wait(30)
        self.scratch.cleanup()

    def peers(self) -> list[str]:
        """Peers that take part on this graph."""
        chosen = ("scipy", "pyroutingkit") if self.options.quick else PEERS
        large = self.graph.nodes > 100_000
        return [p for p in chosen if self.options.wants(p) and not (large and p in SMALL_ONLY)]

    def ask(self, **command: Any) -> dict[str, Any]:
        """Send one command to the peers' process; an ``error`` comes back instead of figures."""
        if self.process is None or self.process.stdin is None or self.process.stdout is None:
            return {"error": "not installed: python dev.py bench --peers-setup"}
        try:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()
            answer: dict[str, Any] = json.loads(self.process.stdout.readline() or '{"error": "peer stopped"}')
        except (BrokenPipeError, ValueError) as failed:
            answer = {"error": f"peers' process: {failed}"}
        return answer

    def ready(self, peer: str) -> str:
        """Prepare a peer once; what went wrong, or nothing."""
        if peer not in self.notes:
            self.notes[peer] = self.ask(do="prepare", peer=peer).get("error", "")
        return self.notes[peer]

    def places(self, load: str, sources: Int32s, targets: Int32s) -> None:
        """Write the places of a load where the peers read them."""
        np.save(self.folder / f"{load}-sources.npy", sources)
        np.save(self.folder / f"{load}-targets.npy", targets)

    def kept(self) -> Any:
        """The last answer that a peer was told to keep."""
        return np.load(self.folder / "answer.npy")
