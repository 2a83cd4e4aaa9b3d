"""What the clock of a drill reads and writes, in few arrays: many would have to be handed on at every step.

Rows of the tables are numbered in ``drill``; meanings stand in ``optimizer.drill.problem``.
"""

from typing import Any, NamedTuple

LOOP: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
"""How the loops are compiled; they make no arrays, so that counting references, which took five sixths of the
time, can be left away."""


class Rules(NamedTuple):
    """What does not change while the clock runs.

    ``team``, ``kind``, ``duty``, ``roads``: a row by figure; ``drive`` by state, mode, destination, origin;
    ``mode`` by team and kind; ``eligible`` by row of the kinds and team; ``hospital`` by state, mode,
    node; ``table_from``, ``table_post``: posts by number of idle teams; ``rule``: single figures.
    """

    team: Any
    kind: Any
    duty: Any
    roads: Any
    drive: Any
    mode: Any
    eligible: Any
    hospital: Any
    table_from: Any
    table_post: Any
    rule: Any


class Calls(NamedTuple):
    """The calls of one replication: a row by figure, columns by call (and one more) and by slot."""

    call: Any
    slot: Any


class State(NamedTuple):
    """What changes: scalars in ``at``, tables by team, slot and call, waiting calls in order, the log."""

    at: Any
    team: Any
    slot: Any
    call: Any
    waiting: Any
    log: Any
