"""Tasks on spawned processes: a process that is lost costs the task it was at, which is done again.

Every worker has a pipe of its own, so that one that is killed takes nothing from the others. Results come in
the order in which they end; what depends on that order is for the caller to avoid.
"""

import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, runtime_checkable

TRIES = 3
"""Processes that a task may lose before it is given up: one that kills its process would do so for ever."""


class TaskError(Exception):
    """A task that failed in itself, or that lost too many processes."""


@dataclass(frozen=True, slots=True)
class Job:
    """What all tasks of a run share: ``work(shared, task)`` gives a task's result; all can be pickled."""

    work: Callable[[Any, Any], Any]
    shared: Any


@runtime_checkable
class Apportioned(Protocol):
    """Tasks that fit some workers better than others, as those that a worker has prepared for."""

    def draw(self, worker: int, workers: int) -> Any:
        """The next task of a worker, 0 to ``workers`` - 1; ``None`` when nothing is left."""


class Engine(Protocol):
    """Whoever does tasks: processes of this machine, or a cluster (``scenarios.task_cluster``)."""

    def results(self, job: Job, tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Each task with its result, as they end; tasks are drawn as workers become free.

        Raises
        ------
        TaskError
            A task that failed; the others that were under way are given up.
        """


@dataclass(frozen=True, slots=True)
class Processes:
    """Spawned processes of this machine; ``workers`` of them, at least one."""

    workers: int

    def results(self, job: Job, tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Each task with its result, as they end; tasks are drawn as workers become free."""
        crew = [_Worker(job) for _ in range(max(1, self.workers))]
        waiting = _Waiting(tasks, len(crew))
        try:
            for number, worker in enumerate(crew):
                worker.take(waiting.next(number))
            while any(worker.busy for worker in crew):
                ready = set(wait([end for worker in crew if worker.busy for end in worker.ends]))
                for number, worker in enumerate(crew):
                    if not (worker.busy and ready.intersection(worker.ends)):
                        continue
                    handed, found = worker.answer()
                    if found is None:
                        waiting.again(handed)
                        worker.end()
                        crew[number] = worker = _Worker(job)
                    worker.take(waiting.next(number))
                    if found is not None:
                        yield handed.task, found[0]
        finally:
            for worker in crew:
                worker.end()


@dataclass(frozen=True, slots=True)
class _Handed:
    """A task, and how many processes were lost at it."""

    task: Any
    lost: int = 0


class _Waiting:
    """Tasks not begun, and those whose process was lost, which come first."""

    def __init__(self, tasks: Iterable[Any], workers: int) -> None:
        self._drawn = tasks if isinstance(tasks, Apportioned) else _InTurn(iter(tasks))
        self._workers = workers
        self._lost: deque[_Handed] = deque()

    def next(self, worker: int) -> _Handed | None:
        if self._lost:
            return self._lost.popleft()
        task = self._drawn.draw(worker, self._workers)
        return None if task is None else _Handed(task)

    def again(self, handed: _Handed) -> None:
        lost = handed.lost + 1
        if lost >= TRIES:
            raise TaskError(f"a task ended {lost} processes, one after the other: {handed.task!r:.200}")
        self._lost.append(_Handed(handed.task, lost))


@dataclass(frozen=True, slots=True)
class _InTurn:
    """Tasks for whoever is free."""

    tasks: Iterator[Any]

    def draw(self, worker: int, workers: int) -> Any:
        return next(self.tasks, None)


class _Worker:
    """One process and the task it is at."""

    def __init__(self, job: Job) -> None:
        spawn = get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._handed: _Handed | None = None
        self._begun = False
        self._job = job

    @property
    def busy(self) -> bool:
        return self._handed is not None

    @property
    def ends(self) -> tuple[Connection, int]:
        """What becomes ready when the process answers or is lost."""
        return self._pipe, self._process.sentinel

    def take(self, handed: _Handed | None) -> None:
        self._handed = handed
        if handed is None:
            return
        try:
            if not self._begun:
                self._pipe.send(self._job)
                self._begun = True
            self._pipe.send(handed.task)
        except OSError:
            return  # lost while idle or just begun: the sentinel tells, and the task is done again

    def answer(self) -> tuple[_Handed, tuple[Any] | None]:
        """What was handed over and its result; no result when the process is lost."""
        assert self._handed is not None
        try:
            kind, value = self._pipe.recv() if self._pipe.poll() else ("lost", None)
        except (EOFError, OSError):
            kind, value = "lost", None
        if kind == "failed":
            raise TaskError(value)
        return self._handed, None if kind == "lost" else (value,)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection) -> None:
    """The loop of a process: the job, then tasks, until the pipe closes."""
    try:
        job = pipe.recv()
        while True:
            task = pipe.recv()
            try:
                answer = ("done", job.work(job.shared, task))
            except Exception:
                answer = ("failed", traceback.format_exc())
            pipe.send(answer)
    except (EOFError, OSError, KeyboardInterrupt):
        return
