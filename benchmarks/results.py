"""Published results: rows of the suites kept beside the documents, each with the run that measured it."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.registry import Row

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "benchmarks"
PACKAGES = ("ortools", "numba", "numpy", "scipy", "networkx", "geopandas", "fastapi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Where and with what figures were measured; ``memory_gb`` of the machine, ``load`` at the start."""

    date: str
    commit: str
    system: str
    processor: str
    processors: int
    memory_gb: int | None
    load: float | None
    python: str
    versions: dict[str, str]


def this_run() -> Run:
    """The facts of this machine, this checkout and its packages."""
    return Run(
        date=datetime.now(UTC).strftime("%Y-%m-%d"),
        commit=_commit(),
        system=f"{platform.system()} {platform.machine()}",
        processor=_processor(),
        processors=os.cpu_count() or 1,
        memory_gb=_memory_gb(),
        load=round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        python=platform.python_version(),
        versions={name: version(name) for name in PACKAGES},
    )


def publish(rows: Iterable[Row], run: Run, *, folder: Path = FOLDER) -> list[Path]:
    """Put rows in the place of all earlier rows of their cases; returns the files written.

    A case that was skipped keeps what was published before.
    """
    by_suite: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row.metric != "skipped":
            by_suite.setdefault(row.suite, []).append(json.loads(row.line()))
    folder.mkdir(parents=True, exist_ok=True)
    return [_merge(folder / f"{suite}.json", new, run) for suite, new in sorted(by_suite.items())]


def published(folder: Path = FOLDER) -> dict[str, tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]]:
    """Rows and runs of each suite that was ever published, by suite."""
    found = {}
    for file in sorted(folder.glob("*.json")):
        held = json.loads(file.read_text(encoding="utf-8"))
        found[file.stem] = (held["rows"], held["runs"])
    return found


def _merge(file: Path, new: list[dict[str, Any]], run: Run) -> Path:
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"runs": {}, "rows": []}
    facts = asdict(run)
    known = [key for key, value in held["runs"].items() if value == facts]
    key = known[0] if known else str(1 + max((int(one) for one in held["runs"]), default=0))
    measured = {row["case"] for row in new}
    rows = [row for row in held["rows"] if row["case"] not in measured]
    rows += [row | {"run": key} for row in new]
    rows.sort(key=lambda row: row["case"])
    used = {row["run"] for row in rows}
    runs = {name: value for name, value in {**held["runs"], key: facts}.items() if name in used}
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    text = f'{{"runs": {json.dumps(runs, ensure_ascii=False, indent=1)},\n"rows": [\n{lines}\n]}}\n'
    scratch = file.with_suffix(".part")
    scratch.write_text(text, encoding="utf-8")
    return scratch.replace(file)


def _commit() -> str:
    asked = ["git", "-C", str(ROOT), "rev-parse", "--short=10", "HEAD"]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists() and (named := re.search(r"^model name\s*:\s*(.+)$", info.read_text(), re.M)):
        return named[1].strip()
    return platform.processor() or platform.machine()


def _memory_gb() -> int | None:
    info = Path("/proc/meminfo")
    if info.exists() and (said := re.search(r"^MemTotal:\s*(\d+) kB", info.read_text(), re.M)):
        return round(int(said[1]) / 1e6)
    return None
