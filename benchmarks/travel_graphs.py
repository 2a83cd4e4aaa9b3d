"""The graphs of the travel suite as bare arrays: shared files, regions, the world's trunk roads."""

import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.registry import Options
from geo.metric import IMPASSABLE
from geo.roads import Floats, Int32s

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-peers"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Graph:
    """Nodes and arcs of a graph that can be driven; ``w`` deciseconds, ``xy`` degrees or any plane length."""

    name: str
    tail: Int32s
    head: Int32s
    w: Int32s
    xy: Floats

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.xy)

    def save(self, file: Path) -> None:
        """Write as .npz for another process."""
        np.savez(file, tail=self.tail, head=self.head, w=self.w, xy=self.xy)


def peers_python() -> Path:
    """The interpreter of the peers' environment, there or not."""
    windows = PEERS / "Scripts" / "python.exe"
    return windows if windows.exists() else PEERS / "bin" / "python"


def graphs(options: Options) -> Iterator[Graph]:
    """The graphs that this run measures: quick ones only the smaller, or the one file given."""
    if options.graph is not None:
        yield _from_file(options.graph)
        return
    if options.data is not None:
        yield _npz(options.data / "networks" / "amsterdam_csr.npz", "amsterdam")
        if options.quick:
            return
        yield _npz(options.data / "networks" / "moscow_csr.npz", "moscow")
        yield _osm(options.data / "networks" / "liechtenstein-latest.osm.pbf", "liechtenstein")
        yield from _edmonton(options.data / "networks" / "edmonton")
    yield _pingluo()


def world() -> Graph | None:
    """The world's trunk roads, 560,282 nodes; ``None`` where the peers' environment is not there."""
    if not peers_python().exists():
        return None
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "world.npz")
        command = [str(peers_python()), "-m", "benchmarks.travel_peers", "world", str(file)]
        subprocess.run(command, cwd=ROOT, check=True)
        return _npz(file, "world")


def _from_file(file: Path) -> Graph:
    return _npz(file, file.stem) if file.suffix == ".npz" else _osm(file, file.stem.split(".")[0])


def _npz(file: Path, name: str) -> Graph:
    with np.load(file) as stored:
        head = stored["adj"] if "adj" in stored.files else stored["head"]
        return Graph(name=name, tail=stored["tail"], head=head, w=stored["w"], xy=stored["xy"])


def _edmonton(folder: Path) -> Iterator[Graph]:
    with tempfile.TemporaryDirectory() as scratch:
        for archive in sorted(folder.rglob("*main_roads*.zip")):
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(scratch)
        for file in sorted(Path(scratch).glob("*.osm")):
            yield _osm(file, "edmonton")


def _osm(file: Path, name: str) -> Graph:
    from geo.osm import read_osm
    from geo.road_layer import road_graph

    extract = read_osm(file)
    return _drivable(road_graph(extract.roads, extract.turns, preset="generic"), name)


def _pingluo() -> Graph:
    from geo.road_layer import road_graph
    from scenarios.pingluo.times import shipped_region

    region = shipped_region()
    return _drivable(road_graph(region.placed("roads"), preset=region.about("speed_preset")), "pingluo")


def _drivable(roads: object, name: str) -> Graph:
    """The arcs that a car may drive and the largest network they form."""
    from geo.components import main_network
    from geo.roads import RoadGraph
    from geo.travel import TravelTimes
    from geo.vehicle_file import read_vehicle_classes

    assert isinstance(roads, RoadGraph)
    travel = TravelTimes(roads, read_vehicle_classes()["car"])
    main = main_network(roads, travel.conditions.open_ds)
    ends = np.stack((roads.edge_from, roads.edge_to), axis=1)
    tail, head = ends.ravel(), ends[:, ::-1].ravel()
    kept = (travel.conditions.open_ds < IMPASSABLE) & main[tail] & main[head]
    number = np.cumsum(main, dtype=np.int32) - 1
    return Graph(
        name=name,
        tail=number[tail[kept]].astype(np.int32),
        head=number[head[kept]].astype(np.int32),
        w=travel.conditions.open_ds[kept],
        xy=roads.junction_lonlat[main],
    )
