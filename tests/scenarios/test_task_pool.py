"""Tasks on processes: all done once, whatever happens to the processes."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from scenarios.task_pool import Job, Processes, TaskError


def _square(shared: int, task: int) -> int:
    return shared + task * task


def _noted(folder: Path, task: int) -> int:
    """Every begun task leaves a mark; the first try of task 3 kills its own process."""
    mark = folder / f"{task}-{os.getpid()}"
    mark.touch()
    if task == 3 and len(list(folder.glob("3-*"))) == 1:
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else 9)
    time.sleep(0.02)
    return task


def _deadly(_: None, task: int) -> int:
    os._exit(9)


def _wrong(_: None, task: int) -> float:
    return 1 / task


@pytest.mark.parametrize("workers", [1, 3])
def test_every_task_is_done_once(workers: int) -> None:
    found = list(Processes(workers).results(Job(_square, 100), range(20)))
    assert sorted(found) == [(task, 100 + task * task) for task in range(20)]


def test_a_killed_process_costs_its_own_task_only(tmp_path: Path) -> None:
    found = dict(Processes(2).results(Job(_noted, tmp_path), range(12)))
    assert found == {task: task for task in range(12)}
    begun = sorted(int(mark.name.split("-")[0]) for mark in tmp_path.iterdir())
    assert begun == sorted([*range(12), 3])


def test_a_task_that_ends_every_process_is_given_up() -> None:
    with pytest.raises(TaskError, match="3 processes"):
        list(Processes(1).results(Job(_deadly, None), [1]))


def test_a_task_that_fails_says_where() -> None:
    with pytest.raises(TaskError, match="ZeroDivisionError"):
        list(Processes(1).results(Job(_wrong, None), [0]))


def test_no_task_means_no_result() -> None:
    assert list(Processes(2).results(Job(_square, 0), [])) == []


def test_tasks_are_drawn_as_workers_become_free() -> None:
    drawn: list[int] = []

    def tasks() -> Any:
        for task in range(6):
            drawn.append(task)
            yield task

    results = Processes(1).results(Job(_square, 0), tasks())
    next(results)
    assert len(drawn) <= 2
    results.close()  # type: ignore[attr-defined]  # a generator ends its processes when closed


def _once(folder: Path, task: tuple[int, int]) -> int:
    """Every third task ends its process the first time."""
    mark = folder / str(task[0])
    if task[0] % 3 == 0 and not mark.exists():
        mark.touch()
        os._exit(9)
    return task[0]


def test_processes_lost_at_many_tasks_are_counted_task_by_task(tmp_path: Path) -> None:
    tasks = ((number, number) for number in range(18))
    found = list(Processes(2).results(Job(_once, tmp_path), tasks))
    assert sorted(number for _, number in found) == list(range(18))
