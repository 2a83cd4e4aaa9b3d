"""Mutated files, read in a process of their own: no crash, no hang over 5 s, no memory over 500 MB."""

import json
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.faults.outcome import Outcome

MOST_CPU_S = 5.0
"""For one file, processor seconds: the machine may be busy."""
MOST_BYTES = 500_000_000
SILENT_S = 120.0
"""Wall time without a word after which a reader hangs."""


def fuzz_rounds(kind: str, cases: int, folder: Path, *, seed: int = 0) -> Outcome:
    """So many files of a kind; what came of them is counted by code."""
    outcome = Outcome(f"fuzz {kind}")
    folder.mkdir(parents=True)
    words = ["-m", "tests.faults.fuzz_child", kind, str(cases), str(seed), str(folder)]
    with subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        said, trying, peak = _lines(child), 0, None
        while (line := _next(said, child, f"{kind} {seed} {trying}: hangs")) is not None:
            trying = line.get("trying", trying)
            if "came" in line:
                outcome.rounds += 1
                outcome.hold(
                    not line["came"].startswith(("crash", "out")), f"{kind} {trying}: {line['came']}"
                )
                outcome.hold(line["cpu_s"] <= MOST_CPU_S, f"{kind} {trying}: {line['cpu_s']} s")
                outcome.note(line["came"])
            peak = line.get("peak_bytes", peak)
        assert child.stderr is not None
        errors = child.stderr.read()
    outcome.hold(
        child.returncode == 0, f"{kind} {trying}: the process ended with {child.returncode}: {errors[-800:]}"
    )
    outcome.hold(peak is not None and peak <= MOST_BYTES, f"{kind}: {peak} bytes at its peak")
    outcome.note("MB at the peak", (peak or 0) // 1_000_000)
    return outcome


def _lines(child: "subprocess.Popen[str]") -> "queue.Queue[str | None]":
    found: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert child.stdout is not None
        with suppress(ValueError):  # closed while the reader of a hanging process still waited
            for line in child.stdout:
                found.put(line)
        found.put(None)

    threading.Thread(target=read, daemon=True).start()
    return found


def _next(
    said: "queue.Queue[str | None]", child: "subprocess.Popen[str]", otherwise: str
) -> dict[str, Any] | None:
    try:
        line = said.get(timeout=SILENT_S)
    except queue.Empty:
        child.kill()
        child.wait()
        raise AssertionError(otherwise) from None
    return None if line is None else json.loads(line)
