"""One replication of a drill, by the compiled engine or by the exact one.

Both run on the same clock. In the *compiled* engine the nearest eligible team goes, decided inside the clock.
In the *exact* engine the clock stops at every decision and asks the dispatch code that commands real
incidents: ``nearest`` asks it slot by slot, which gives the same log as the compiled engine; ``flow`` asks it
for the best plan over all open slots of all waiting calls at once.
"""

from typing import Literal

from optimizer.drill.clock import Clock, Decide, Station
from optimizer.drill.log import DrillRun
from optimizer.drill.problem import Calls, DrillProblem

Policy = Literal["nearest", "flow"]
Engine = Literal["compiled", "exact"]
_ROWS_PER_SLOT, _ROWS_PER_CALL, _ROWS_BESIDE = 7, 4, 1_000


def simulate(
    problem: DrillProblem,
    calls: Calls,
    *,
    engine: Engine = "compiled",
    policy: Policy = "nearest",
    station: Station | None = None,
    log: bool = False,
) -> DrillRun:
    """One replication: same problem and calls, same run, byte for byte.

    Parameters
    ----------
    station
        Chooses posts of idle teams in place of a compliance table.
    log
        Keep every event.

    Raises
    ------
    ValueError
        The compiled engine knows only the policy ``nearest``.
    """
    if engine == "compiled" and policy != "nearest":
        raise ValueError(f"engine compiled: want policy nearest, got {policy}")
    decide = _decide(policy) if engine == "exact" else None
    rows = _ROWS_BESIDE + _ROWS_PER_CALL * len(calls) + _ROWS_PER_SLOT * len(calls.work_ds) if log else 0
    while True:
        clock = Clock(problem, calls, log_rows=rows, asks=decide is not None, asks_posts=station is not None)
        if clock.run(decide, station):
            return clock.result()
        rows *= 2


def _decide(policy: Policy) -> Decide:
    """The exact engine's decisions; loaded on use, for they need the flow solver."""
    from optimizer.drill import decisions

    return decisions.nearest if policy == "nearest" else decisions.flow
