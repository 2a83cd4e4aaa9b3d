"""Tasks on a real Dask cluster on this machine: all done once, also when a worker is killed."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.errors import InputError
from scenarios.task_cluster import Cluster
from scenarios.task_pool import Job, TaskError

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


def test_a_task_that_fails_is_told(cluster: Any) -> None:
    with pytest.raises(TaskError, match="division"):
        list(Cluster(cluster.scheduler_address).results(Job(_wrong, None), [0]))


def test_an_address_where_nothing_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.task_cluster._ANSWER_S", 1)
    with pytest.raises(InputError, match="S481"):
        list(Cluster("tcp://127.0.0.1:9").results(Job(_square, 0), [1]))
