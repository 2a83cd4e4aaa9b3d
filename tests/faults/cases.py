"""Every case of the faults, by name, with the rounds of a short and of a full run."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.api.center.postgres import Cluster
from tests.faults import breaking
from tests.faults.fuzz_kinds import KINDS
from tests.faults.fuzzing import fuzz_rounds
from tests.faults.killing import kill_rounds
from tests.faults.openapi_cases import openapi_rounds
from tests.faults.outcome import Ground, Outcome
from tests.faults.racing import race_rounds

FULL = 200
"""Rounds of a full run; those of each case are in proportion."""


@dataclass(frozen=True, slots=True)
class Case:
    """``run`` takes a number of rounds; ``missing``: what this machine lacks for it, empty if nothing."""

    name: str
    short: int
    full: int
    run: Callable[[int], Outcome]
    missing: str = ""

    def rounds(self, asked: int | None) -> int:
        """Rounds for ``--rounds N`` of ``FULL``, at least one; the short run where nothing is asked."""
        return self.short if asked is None else max(1, self.full * asked // FULL)


def all_cases(ground: Ground, cluster: Cluster | None, *, seed: int = 0) -> tuple[Case, ...]:
    """The cases; those of PostgreSQL are named also where there is none.

    ``seed``: another one kills at other moments, and asks and mutates otherwise.
    """
    no_postgres = "" if cluster is not None else "PostgreSQL with PostGIS"
    clock = fake_clock()
    linux = "" if Path("/proc/self/stat").exists() else "/proc"
    return (
        Case("kill-sqlite", 6, 100, partial(kill_rounds, ground, "sqlite", seed=seed)),
        Case("kill-postgres", 4, 100, partial(kill_rounds, ground, "postgres", seed=seed), no_postgres),
        Case("race-sqlite", 5, 100, partial(race_rounds, ground, "sqlite")),
        Case("race-postgres", 5, 100, partial(race_rounds, ground, "postgres"), no_postgres),
        Case("worker", 2, 20, partial(breaking.worker_killed, ground), linux),
        Case(
            "disk",
            1,
            10,
            partial(breaking.disk_full, ground),
            "" if breaking.may_mount() else "the right to mount",
        ),
        Case("database", 2, 20, lambda rounds: _with_cluster(ground, cluster, rounds), no_postgres),
        Case(
            "clock",
            1,
            5,
            lambda rounds: breaking.clock_jumps(ground, rounds, clock),
            "" if clock else "libfaketime (Debian: faketime)",
        ),
        Case("slow", 1, 5, partial(breaking.slow_clients, ground)),
        Case("half", 2, 20, partial(breaking.half_bodies, ground)),
        Case("openapi", 500, 10_000, partial(openapi_rounds, ground, seed=seed)),
        *(Case(f"fuzz-{kind}", 40, 2_000, partial(_fuzz, ground, kind, seed=seed)) for kind in KINDS),
    )


def _fuzz(ground: Ground, kind: str, cases: int, *, seed: int) -> Outcome:
    return fuzz_rounds(kind, cases, ground.scratch / f"fuzz-{kind}", seed=seed)


def _with_cluster(ground: Ground, cluster: Cluster | None, rounds: int) -> Outcome:
    assert cluster is not None
    return breaking.database_gone(ground, cluster, rounds)


def fake_clock() -> str:
    """The library that gives a process a clock of its own; empty without one."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return str(found[0]) if found else ""
