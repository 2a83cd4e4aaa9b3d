"""One process for one job: started, listened to, ended by whoever wants it or when its time is over."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from api.job_worker import relative_gap, work
from api.jobs import Known
from api.log_lines import LOG

Told = Callable[[Known], None]


@dataclass(frozen=True, slots=True)
class Finished:
    """It found something, and knows so much of it."""

    document: str
    known: Known


@dataclass(frozen=True, slots=True)
class Failed:
    """It cannot be computed: a code, a sentence, facts for a program."""

    code: str
    detail: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Late:
    """It took longer than allowed."""

    limit_s: float


@dataclass(frozen=True, slots=True)
class Ended:
    """Somebody ended it."""


@dataclass(frozen=True, slots=True)
class Died:
    """It is gone, nobody knows why."""

    exit_code: int | None


Outcome = Finished | Failed | Late | Ended | Died


class JobProcess:
    """A process that may be ended before, while, and after it runs."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._unwanted = False

    def end(self) -> None:
        """End it now; a process that has not begun never will."""
        with self._lock:
            self._unwanted = True
            if self._process is not None:
                self._process.kill()

    def run(self, run: str, asked: Mapping[str, Any], region: Path, digest: str, told: Told) -> Outcome:
        """Compute in a process of its own; returns when it is gone."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(theirs, run, dict(asked), region, digest))
        with self._lock:
            if self._unwanted:
                return Ended()
            process.start()
            self._process = process
        theirs.close()
        try:
            outcome = self._listen(ours, told)
        finally:
            process.kill()
            process.join()
            ours.close()
        if outcome is None:
            outcome = Ended() if self._unwanted else Died(process.exitcode)
        return outcome

    def _listen(self, ours: Connection, told: Told) -> Outcome | None:
        """What it says, until its last word; ``None`` where it is gone without one."""
        until = time.monotonic() + self._limit_s
        while True:
            try:
                if not ours.poll(max(0.0, until - time.monotonic())):
                    return Late(self._limit_s)
                kind, content = ours.recv()
            except (EOFError, OSError):
                return None
            if kind == "progress":
                phase, done, bound, value = content
                told(Known(phase, done, bound, value, relative_gap(value, bound)))
            else:
                return _last_word(kind, content)


def _last_word(kind: str, content: Any) -> Outcome:
    if kind == "result":
        text, figures = content
        return Finished(text, Known("", 1.0, **figures))
    if kind == "faults":
        first = content[0]
        text = f"{first['where']}: found {first['found']}; wanted {first['wanted']}"
        return Failed(first["code"], text, {"faults": content})
    LOG.error("a defect of Muster in a job", extra={"facts": {"trace": content}})
    return Failed("A132", "a defect of Muster; the log has more under the job's id", {})
