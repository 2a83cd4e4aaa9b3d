"""Travel times among threads and processes: eight threads, fork, spawn, an install that cannot be written."""

import multiprocessing
import os
import pickle
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import geo
from geo.closures import Closure
from geo.roads import Floats, RoadGraph
from geo.topologies import topology_of
from geo.travel import TravelTimes
from tests.geo.drawn_roads import TRUCK, roads_of

SIDE = 30


def lattice() -> RoadGraph:
    """A street grid with uneven lengths."""
    spots = [(x, y) for y in range(SIDE) for x in range(SIDE)]
    streets = [(i, i + 1) for i in range(SIDE * SIDE) if (i + 1) % SIDE]
    streets += [(i, i + SIDE) for i in range(SIDE * (SIDE - 1))]
    rng = np.random.default_rng(0)
    return roads_of(spots, streets, length_m=rng.integers(80, 400, len(streets)).astype(float))


def places(count: int) -> Floats:
    """Places all over the grid."""
    rng = np.random.default_rng(1)
    return rng.uniform([106.0, 39.0], [106.0 + SIDE / 1000, 39.0 + SIDE / 1000], (count, 2))


def test_eight_threads_under_their_own_closures_get_the_answers_of_one() -> None:
    """Each thread closes other roads, asks everything, and opens them again, on one shared object."""
    travel, points = TravelTimes(lattice(), TRUCK), places(60)

    def answers(number: int) -> bytes:
        shut = travel.with_closures([Closure(id="c", edges=tuple(range(number, 900, 40)), closed=True)])
        said = [shut.matrix_s(points, points), shut.nearest(points[:40], points, 3),
                shut.covered(points[:9], points, [60.0])[0].point, travel.matrix_s(points[:3], points),
                shut.route(points[0], points[1]).arcs]  # fmt: skip
        return pickle.dumps(said)

    alone = [answers(number) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(answers, list(range(8)) * 4))
    assert together == alone * 4


def _ask(connection: "multiprocessing.connection.Connection", travel: TravelTimes) -> None:
    points = places(60)
    connection.send(travel.matrix_s(points, points))


METHODS = [name for name in ("spawn", "fork") if name in multiprocessing.get_all_start_methods()]


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.parametrize("method", METHODS)
def test_a_child_process_answers_as_its_parent(method: str) -> None:
    """Also after the parent has used two threads, which is where other engines break on fork."""
    travel, points = TravelTimes(lattice(), TRUCK), places(60)
    want = travel.matrix_s(points, points)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: travel.matrix_s(points, points), range(2)))
    context: Any = multiprocessing.get_context(method)
    here, there = context.Pipe()
    child = context.Process(target=_ask, args=(there, travel))
    child.start()
    assert here.poll(60)
    assert np.array_equal(here.recv(), want)
    child.join(10)
    assert child.exitcode == 0


PROGRAM = """
import numpy as np
from geo.hierarchy import build
from geo.customization import customize
from geo.many_to_many import table_ds
from geo.seeds import Seeds
metric = customize(build(np.eye(2), np.array([0]), np.array([1])), np.array([7], np.int32))
print(table_ds(metric, Seeds.at([0]), Seeds.at([1]))[0, 0])
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no folder from its owner by a mode")
def test_an_install_that_cannot_be_written_without_a_home_still_answers(tmp_path: Path) -> None:
    """The only folder that can be written is the temporary one; compiled code goes there."""
    closed, scratch = tmp_path / "home", tmp_path / "scratch"
    closed.mkdir()
    scratch.mkdir()
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    inherited = {k: v for k, v in os.environ.items() if k not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    root = str(Path(geo.__file__).parent.parent)
    env = {**inherited, "HOME": str(closed / "none"), "TMPDIR": str(scratch), "PYTHONPATH": root,
           "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        env["XDG_CACHE_HOME"] = "/proc/none"  # the administrator can write anywhere but there
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "7"
    assert any(scratch.rglob("*.nbi"))


def test_a_damaged_topology_on_disk_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file, and the file of other roads, cost time and never a wrong answer."""
    monkeypatch.setattr("geo.topologies._folder", lambda: tmp_path)
    monkeypatch.setattr("geo.topologies.KEPT_FROM_NODES", 0)
    network = TravelTimes(lattice(), TRUCK).conditions.network
    made = topology_of.__wrapped__(network)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", whole[:200] + b"\0" * 50 + whole[250:]):
        file.write_bytes(damaged)
        assert np.array_equal(topology_of.__wrapped__(network).rank, made.rank)
    assert np.array_equal(topology_of.__wrapped__(network).rank, made.rank)


def test_warm_leaves_nothing_to_make() -> None:
    """The metric is there, and warming changes no answer."""
    travel, points = TravelTimes(lattice(), TRUCK), places(5)
    assert travel.warm() is travel
    assert "metric" in vars(travel.conditions)
    assert np.array_equal(
        travel.matrix_s(points, points), TravelTimes(lattice(), TRUCK).matrix_s(points, points)
    )
