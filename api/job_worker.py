"""What the process of a job does: it takes the region, computes, and tells how far it is.

Told to the server through a pipe, each a pair: ``progress`` (phase, done, bound, value), then one of
``result`` (text and its figures), ``faults`` (what was asked cannot be computed) or ``defect`` (our mistake,
as a trace).
"""

import importlib
import json
import math
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

from api.orphans import end_with_the_server, step_back
from geo.errors import Fault, InputError, refuse

NICE = 15
"""Jobs leave the processor to plans, and to the server itself."""
_TELL_S = 0.2
"""Least time between two words of progress that bring no new figure."""


def work(connection: Connection, run: str, asked: dict[str, Any], region: Path, digest: str) -> None:
    """Compute one job and end."""
    end_with_the_server()
    step_back(NICE)
    try:
        text = _computed(connection, run, asked, region, digest)
        connection.send(("result", (text, figures(text))))
    except InputError as wrong:
        connection.send(("faults", [_told(fault) for fault in wrong.faults]))
    except Exception:  # whatever it is, the server has to know
        connection.send(("defect", traceback.format_exc()))


def _computed(connection: Connection, run: str, asked: dict[str, Any], where: Path, digest: str) -> str:
    from geo.region.files import read_region

    module, _, name = run.partition(":")
    compute = getattr(importlib.import_module(module), name)
    region = read_region(where)
    if region.digest() != digest:
        raise refuse(
            "A107",
            where="the region",
            found="files that changed since the server took them",
            wanted="the region that the server took",
            fix="Start the server again to take the new region.",
        )
    return cast(str, compute(region, asked, Teller(connection)))


def figures(document: str) -> dict[str, float | None]:
    """Value, bound and gap that a plan file states; missing where it states none."""
    plan = json.loads(document)
    stated = {"value": plan.get("objective"), "bound": plan.get("bound"), "gap": plan.get("gap")}
    plain = {name: one.get("value") if isinstance(one, dict) else one for name, one in stated.items()}
    found = {name: float(one) if isinstance(one, int | float) else None for name, one in plain.items()}
    if found["gap"] is None:
        found["gap"] = relative_gap(found["value"], found["bound"])
    return found


def relative_gap(value: float | None, bound: float | None) -> float | None:
    """Distance of value and bound, relative to the value; ``None`` while one is missing."""
    if value is None or bound is None:
        return None
    distance = abs(value - bound)
    return distance / max(abs(value), 1e-9) if distance else 0.0


def _told(fault: Fault) -> dict[str, str]:
    return {
        "code": fault.code,
        "where": fault.where,
        "found": fault.found,
        "wanted": fault.wanted,
        "fix": fault.fix,
    }


class Teller:
    """A progress callback that says what is new, and of the rest no more than anybody can read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._said: tuple[str, float | None, float | None] | None = None
        self._at = -math.inf

    def __call__(
        self, phase: str, done: float, bound: float | None = None, incumbent: float | None = None
    ) -> None:
        """Tell the server; figures that are missing are those told before."""
        _, last_bound, last_value = self._said or ("", None, None)
        figures = (phase, _finite(bound, last_bound), _finite(incumbent, last_value))
        if figures == self._said and time.monotonic() < self._at + _TELL_S:
            return
        self._said, self._at = figures, time.monotonic()
        self._connection.send(("progress", (phase, min(max(done, 0.0), 1.0), *figures[1:])))


def _finite(figure: float | None, before: float | None) -> float | None:
    return before if figure is None or not math.isfinite(figure) else float(figure)
