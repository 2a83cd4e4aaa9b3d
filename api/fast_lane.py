"""The fast lane: warmed processes that compute plans behind a bounded queue; one that dies is replaced."""

import asyncio
import math
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from api import planning
from api.log_lines import LOG
from api.metrics import Metrics
from api.problems import Problem
from api.settings import Settings

Args = TypeVarTuple("Args")
T = TypeVar("T")
_TYPICAL_S = 0.5
"""What a plan takes, for the advice when to ask again."""


_AGAIN_S = 2.0
"""Between two tries to start processes that cannot start."""
_START_S = 300.0
"""Longest time until new processes have answered something, seconds; a busy machine starts them slowly."""


class FastLane:
    """A pool of spawned processes; one that dies is replaced and its question asked once more."""

    def __init__(self, settings: Settings, digest: str, metrics: Metrics) -> None:
        self._settings, self._digest, self._metrics = settings, digest, metrics
        self._pool, self._begun, self._answered = self._new_pool(), time.monotonic(), False
        self._waiting = 0
        self.warm = False

    async def begin(self) -> None:
        """Start all processes and wait until each has computed a plan."""
        loop = asyncio.get_running_loop()
        pids: set[int] = set()
        while len(pids) < self._settings.workers:
            pool = self._pool
            asked = [loop.run_in_executor(pool, planning.ready) for _ in range(self._settings.workers)]
            try:
                pids |= set(await asyncio.gather(*asked))
                self._answered |= pool is self._pool
                await asyncio.sleep(0.05)
            except BrokenProcessPool:
                pids.clear()
                self._replace(pool)
                await asyncio.sleep(_AGAIN_S)
        self.warm = True
        LOG.info("planning processes are warm", extra={"facts": {"processes": len(pids)}})

    async def run(self, work: Callable[[*Args], T], *args: *Args) -> T:
        """Do some work in a process.

        Raises
        ------
        Problem
            A129 the queue is full, A131 it took too long, or processes died twice.
        """
        if self._waiting >= self._settings.waiting + self._settings.workers:
            wait_s = math.ceil(self._waiting * _TYPICAL_S / self._settings.workers)
            raise Problem("A129", 429, "too many plans are being computed", retry_after_s=max(1, wait_s))
        self._waiting += 1
        self._metrics.plans_waiting.set(self._waiting)
        try:
            with self._metrics.plan_seconds.time():
                return await self._within_limit(work, *args)
        finally:
            self._waiting -= 1
            self._metrics.plans_waiting.set(self._waiting)

    async def _within_limit(self, work: Callable[[*Args], T], *args: *Args) -> T:
        for _ in range(2):
            pool = self._pool
            try:
                asked = asyncio.get_running_loop().run_in_executor(pool, work, *args)
                found = await asyncio.wait_for(asked, self._settings.plan_limit_s)
            except BrokenProcessPool:
                self._replace(pool)
            except TimeoutError:
                if not self._begins(pool):
                    self._replace(pool)
                break
            else:
                self._answered |= pool is self._pool
                return found
        raise Problem("A131", 503, "the plan could not be computed in time", retry_after_s=2)

    def _begins(self, pool: ProcessPoolExecutor) -> bool:
        """Whether a pool's processes may still be starting: to end them now would only start others."""
        return pool is self._pool and not self._answered and time.monotonic() - self._begun < _START_S

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        """Put a new pool in the place of a broken one, once."""
        if self._pool is not broken:
            return
        self._metrics.workers_lost.inc()
        LOG.error("planning processes are replaced")
        self._pool, self._begun, self._answered = self._new_pool(), time.monotonic(), False
        _end(broken)

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._settings.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=planning.begin,
            initargs=(Path(self._settings.region).resolve(), self._digest),
        )

    def close(self) -> None:
        """End all processes."""
        _end(self._pool)


def _end(pool: ProcessPoolExecutor) -> None:
    processes = list((pool._processes or {}).values())  # the pool offers no other way to end running work
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
