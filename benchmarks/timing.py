"""Fair timing: ours and theirs in turn within one run, medians, wall and processor time apart."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Timed:
    """Medians over the counted runs, seconds; ``cpu_s`` is of the whole process, all threads."""

    wall_s: float
    cpu_s: float
    runs: int


def timed(work: Callable[[], object], *, runs: int = 3) -> Timed:
    """Median time of ``work`` after one run that is not counted."""
    return alternating({"": work}, runs=runs)[""]


def alternating(works: dict[str, Callable[[], object]], *, runs: int = 3) -> dict[str, Timed]:
    """Median time of each work, run in turn A B A B ... so that a drifting machine hits all alike."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for turn in range(runs + 1):
        for name, work in works.items():
            measured = _once(work)
            if turn:  # the first turn compiles, loads and warms
                seen[name].append(measured)
    return {
        name: Timed(median(w for w, _ in pairs), median(c for _, c in pairs), runs)
        for name, pairs in seen.items()
    }


def _once(work: Callable[[], object]) -> tuple[float, float]:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu
