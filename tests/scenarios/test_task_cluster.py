"""Tasks on a real Dask cluster on this machine: all done once, also when a worker is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.errors import InputError
from geo.region.files import read_region
from scenarios.ensemble import ensemble
from scenarios.ensemble_models import EnsembleScenario
from scenarios.ensemble_store import MEMBERS
from scenarios.files import read_scenario
from scenarios.task_cluster import Cluster, _Run
from scenarios.task_pool import Job, Processes, TaskError
from tests.scenarios.small_ensemble import write_siting

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Dask warns of its own sockets


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as running:
        yield running


def _square(shared: int, task: int) -> int:
    return shared + task * task


def _slow(folder: str, task: int) -> int:
    Path(folder, f"{task}-{os.getpid()}").touch()
    time.sleep(0.05)
    return task


def _ends_its_worker_once(folder: str, task: int) -> int:
    """The first to come by ends the process it runs in, as a machine does that loses its power."""
    try:
        Path(folder, "ended").touch(exist_ok=False)
    except FileExistsError:
        return task
    os._exit(9)


def _wrong(_: None, task: int) -> float:
    return 1 / task


def test_every_task_is_done_once(cluster: Any) -> None:
    found = list(Cluster(cluster.scheduler_address).results(Job(_square, 100), range(40)))
    assert sorted(found) == [(task, 100 + task * task) for task in range(40)]


def test_a_killed_worker_has_its_tasks_done_elsewhere(cluster: Any, tmp_path: Path) -> None:
    found: dict[int, int] = {}
    for task, value in Cluster(cluster.scheduler_address).results(Job(_slow, str(tmp_path)), range(60)):
        if not found:
            os.kill(int(next(tmp_path.iterdir()).name.split("-")[1]), signal.SIGKILL)
        found[task] = value
    assert found == {task: task for task in range(60)}
    assert len({mark.name.split("-")[1] for mark in tmp_path.iterdir()}) > 1


def test_a_worker_that_dies_at_a_task_has_it_done_elsewhere(cluster: Any, tmp_path: Path) -> None:
    found = list(
        Cluster(cluster.scheduler_address).results(Job(_ends_its_worker_once, str(tmp_path)), range(20))
    )
    assert sorted(found) == [(task, task) for task in range(20)]
    assert Path(tmp_path, "ended").exists()


def test_all_workers_killed_lose_and_double_nothing(cluster: Any, tmp_path: Path) -> None:
    """What the tasks share is gone with them: it is sent anew to those that start in their place."""
    found: list[tuple[int, int]] = []
    for one in Cluster(cluster.scheduler_address).results(Job(_slow, str(tmp_path)), range(60)):
        if not found:
            for worker in {mark.name.split("-")[1] for mark in tmp_path.iterdir()} | _pids(cluster):
                os.kill(int(worker), signal.SIGKILL)
        found.append(one)
    assert sorted(found) == [(task, task) for task in range(60)]


def _pids(cluster: Any) -> set[str]:
    return {str(worker.process.process.pid) for worker in cluster.workers.values()}


def test_tasks_called_off_by_another_are_done_again(cluster: Any, tmp_path: Path) -> None:
    run = _Run(_client(cluster), Job(_slow, str(tmp_path)), cluster.scheduler_address)
    found: list[tuple[int, int]] = []
    for one in run.results(iter(range(30))):
        if not found:
            run._client.cancel([handed.future for handed in run._under_way.values()], force=True)
        found.append(one)
    run._client.close()
    assert sorted(found) == [(task, task) for task in range(30)]


def _client(cluster: Any) -> Any:
    return distributed.Client(cluster.scheduler_address, set_as_default=False)


def test_a_worker_with_another_muster_is_told(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.task_cluster.made", lambda: "another")
    with pytest.raises(TaskError, match="another Muster"):
        list(Cluster(cluster.scheduler_address).results(Job(_square, 0), [1]))


def test_a_scheduler_that_goes_away_ends_the_run_with_a_code(tmp_path: Path) -> None:
    """It is killed (signal 9) in the middle of the tasks."""
    file = tmp_path / "scheduler.json"
    started = [_started("scheduler", "--no-dashboard", "--port", "0", "--scheduler-file", str(file))]
    try:
        address = _address(file)
        started.append(_started("worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"))
        results = Cluster(address).results(Job(_slow, str(tmp_path)), range(10_000))
        first = [next(results) for _ in range(3)]
        started[0].kill()
        with pytest.raises(InputError, match="S493"):
            first.extend(results)
        assert len({task for task, _ in first}) == len(first) < 1_000
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_an_ensemble_on_a_cluster_that_loses_a_worker_is_the_same_bytes(cluster: Any, tmp_path: Path) -> None:
    """Signal 9 for the first worker once some members are done; none is lost, none is doubled."""
    file = write_siting(tmp_path, replications=12)
    scenario, region = read_scenario(file, EnsembleScenario), read_region(tmp_path / "county")
    ensemble(region, scenario, beside=tmp_path, out=tmp_path / "here", engine=Processes(1))
    killed: list[int] = []

    def kill(phase: str, done: float, bound: float | None = None, incumbent: float | None = None) -> bool:
        if not killed:
            killed.append(int(min(_pids(cluster))))
            os.kill(killed[0], signal.SIGKILL)
        return False

    engine = Cluster(cluster.scheduler_address)
    result = ensemble(region, scenario, beside=tmp_path, out=tmp_path / "there", engine=engine, progress=kill)
    assert result.whole
    assert killed
    assert (tmp_path / "here" / MEMBERS).read_bytes() == (tmp_path / "there" / MEMBERS).read_bytes()


def _address(file: Path) -> str:
    """Where a scheduler answers, as soon as its file says so."""
    while not (file.exists() and file.read_text(encoding="utf-8").rstrip().endswith("}")):
        time.sleep(0.1)
    return str(json.loads(file.read_text(encoding="utf-8"))["address"])


def _started(*words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_cluster_without_workers_ends_the_run_with_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.task_cluster._NOBODY_S", 1)
    with (
        distributed.LocalCluster(n_workers=0, processes=True, dashboard_address=None) as empty,
        pytest.raises(InputError, match="S493"),
    ):
        list(Cluster(empty.scheduler_address).results(Job(_square, 0), [1]))


def test_a_task_that_fails_is_told(cluster: Any) -> None:
    with pytest.raises(TaskError, match="division"):
        list(Cluster(cluster.scheduler_address).results(Job(_wrong, None), [0]))


def test_an_address_where_nothing_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.task_cluster._ANSWER_S", 1)
    with pytest.raises(InputError, match="S481"):
        list(Cluster("tcp://127.0.0.1:9").results(Job(_square, 0), [1]))
