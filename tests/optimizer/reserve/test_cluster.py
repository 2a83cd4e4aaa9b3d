"""The second stage on a real Dask cluster on this machine: same numbers, though a worker is killed."""

import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from optimizer.reserve.decomposition import Found, decompose
from optimizer.reserve.reserve_answer import Aim
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.watch import Watch
from tests.optimizer.reserve.made_up import made_up

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Dask warns of its own sockets


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as running:
        yield running


@pytest.fixture(scope="module")
def problem() -> ReserveProblem:
    return made_up(seed=5, townships=3, villages=1, items=4, shelters=4, scenarios=24)


@pytest.fixture(scope="module")
def here(problem: ReserveProblem) -> Found:
    return found(problem)


def found(problem: ReserveProblem, cluster: Any = None) -> Found:
    address = None if cluster is None else cluster.scheduler_address
    return decompose(problem, Watch(np.inf), aim=Aim(), relative_gap=1e-3, cluster=address)[1]


def same(one: Found, other: Found) -> bool:
    assert one.values is not None
    assert other.values is not None
    return one.values.tobytes() == other.values.tobytes() and one.bound == other.bound


def test_a_cluster_gives_the_same_plan_to_the_last_bit(
    cluster: Any, problem: ReserveProblem, here: Found
) -> None:
    assert same(found(problem, cluster), here)


def test_a_worker_that_is_killed_takes_no_result_with_it(
    cluster: Any, problem: ReserveProblem, here: Found
) -> None:
    """One of two workers is killed as soon as it has been given scenarios."""
    answers: list[Found] = []
    search = threading.Thread(target=lambda: answers.append(found(problem, cluster)))
    victim = next(iter(cluster.workers.values()))
    pid = victim.process.process.pid
    search.start()
    while search.is_alive() and not any(state.processing for state in cluster.scheduler.workers.values()):
        search.join(0.001)
    assert search.is_alive(), "the search ended before a worker could be killed"
    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    search.join(120)
    assert answers, "the search did not end"
    assert same(answers[0], here)
