"""Tasks on a Dask cluster: the same results as on processes of this machine. Dask is an optional extra.

A worker that is lost has its tasks done elsewhere. Where all are lost that held what the tasks share, it is
sent anew and the tasks are handed out again. Where the scheduler goes away, or no worker is left for a
minute, the run ends with an error; it waits for nobody for ever.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from geo.errors import InputError, refuse
from scenarios.made_with import made_with
from scenarios.task_pool import TRIES, Job, TaskError

_AHEAD = 3
"""Tasks handed out for each thread of the cluster, so that none waits for the next."""
_ANSWER_S = 10
_SILENT_S = 30.0
"""A scheduler that does not answer for so long is gone; one that is busy may take its time."""
_LOOK_S = 2.0
"""Without a result for so long, the cluster is asked whether it is still there."""
_NOBODY_S = 60.0
"""Longest wait for a first worker, or for another one when all are lost."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler that already runs, such as ``tcp://10.0.0.5:8786``; its machines have Muster installed."""

    address: str

    def results(self, job: Job, tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Each task with its result, as they end; a worker that is lost has its tasks done elsewhere.

        Raises
        ------
        InputError
            S480 Dask is not installed, S481 no scheduler answers at the address, S493 the scheduler went away
            or no worker is left.
        TaskError
            A task that failed, that lost too many workers, or that met a worker with another Muster.
        """
        client = self._client()
        try:
            yield from _Run(client, job, self.address).results(iter(tasks))
        finally:
            client.close(timeout=_ANSWER_S)

    def _client(self) -> Any:
        try:
            from distributed import Client
        except ModuleNotFoundError as missing:
            raise refuse(
                "S480",
                where="--cluster",
                found="Dask is not installed",
                wanted="the optional extra 'cluster'",
                fix="Install muster[cluster], or leave --cluster out and use --workers.",
            ) from missing
        try:
            client: Any = Client  # untyped
            return client(self.address, set_as_default=False, timeout=_ANSWER_S)
        except (OSError, ValueError, TimeoutError) as silent:
            raise refuse(
                "S481",
                where="--cluster",
                found=f"nothing answers at {self.address}",
                wanted="the address of a Dask scheduler, tcp://HOST:PORT",
                fix="Start the scheduler with 'dask scheduler', or correct the address.",
            ) from silent


@dataclass(frozen=True, slots=True)
class _Handed:
    """A task that is under way, and how often it was lost."""

    future: Any
    task: Any
    lost: int


class _Run:
    """Tasks of one job on a cluster that answers."""

    def __init__(self, client: Any, job: Job, address: str) -> None:
        self._client, self._job, self._address = client, job, address
        self._under_way: dict[str, _Handed] = {}
        self._ended: SimpleQueue[Any] = SimpleQueue()
        self._everywhere: Any = None

    def results(self, tasks: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
        """Each task with its result, once."""
        self._share()
        for task in islice(tasks, _AHEAD * max(1, self._threads())):
            self._hand_out(task, lost=0)
        while self._under_way:
            future = self._next()
            handed = self._under_way.pop(future.key, None)
            if handed is None:
                continue
            found = self._answer(future)
            if found is None:
                self._hand_out_again(handed)
                continue
            for task in islice(tasks, 1):
                self._hand_out(task, lost=0)
            yield handed.task, found[0]

    def _share(self) -> None:
        """Send what all tasks share to every worker; waits for a first one."""
        try:
            self._client.wait_for_workers(1, timeout=_NOBODY_S)
            self._everywhere = self._client.scatter(self._job, broadcast=True, hash=False)
        except (OSError, TimeoutError) as silent:
            raise self._lost() from silent

    def _hand_out(self, task: Any, *, lost: int) -> None:
        future = self._client.submit(_one, made(), self._everywhere, task, pure=False, retries=TRIES - 1)
        self._under_way[future.key] = _Handed(future, task, lost)
        future.add_done_callback(self._ended.put)

    def _hand_out_again(self, handed: _Handed) -> None:
        """Once more what came to nothing, with what the tasks share if that was lost with its workers."""
        if self._client.status != "running":
            raise self._lost()
        if handed.lost + 1 >= TRIES:
            raise TaskError(f"a task was lost {TRIES} times, one after the other: {handed.task!r:.200}")
        if self._everywhere.status != "finished":
            self._share()
        self._hand_out(handed.task, lost=handed.lost + 1)

    def _next(self) -> Any:
        """The next future that ended, however it did."""
        seen = monotonic()
        while True:
            try:
                return self._ended.get(timeout=_LOOK_S)
            except Empty:
                if self._threads():
                    seen = monotonic()
                elif monotonic() - seen > _NOBODY_S:
                    raise self._lost() from None

    def _answer(self, future: Any) -> tuple[Any] | None:
        """The result; ``None`` where the task was called off, or lost with the worker that had it."""
        from distributed import CancelledError

        if future.status == "error":
            raise TaskError(str(future.exception()))
        try:
            return (future.result(timeout=_NOBODY_S),)
        except (CancelledError, TimeoutError):
            return None

    def _threads(self) -> int:
        """Threads of all workers that are there now."""
        try:
            counts = self._client.sync(self._client.scheduler.ncores, callback_timeout=_SILENT_S)
        except Exception as gone:  # whatever Dask's connection raises: it does not answer
            raise self._lost(answers=False) from gone
        return sum(counts.values())

    def _lost(self, *, answers: bool = True) -> InputError:
        """S493, for whichever it was."""
        there = answers and self._client.status == "running"
        return refuse(
            "S493",
            where="--cluster",
            found=f"no worker at {self._address}" if there else f"the scheduler at {self._address} is gone",
            wanted="a scheduler and at least one worker until the end",
            fix="What is done is kept: start them, and run the same command again.",
        )


def made() -> str:
    """Digest of what results are made with, to be the same on every machine."""
    return hashlib.sha256(json.dumps(made_with(), sort_keys=True).encode()).hexdigest()


def _one(wanted: str, job: Job, task: Any) -> Any:
    if made() != wanted:
        raise TaskError("a worker of the cluster has another Muster: other code, packages or shipped figures")
    return job.work(job.shared, task)
