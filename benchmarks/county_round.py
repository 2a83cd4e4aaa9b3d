"""A round of planning for a county: whole commands, from start to files, as ``docs/scale.md`` counts them."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.registry import Options, Row, case

_RUNS = 3
_COMMANDS = {
    "site": ("site", "three-stations"),
    "dispatch": ("dispatch", "chlorine-leak"),
    "stock": ("stock", "reserve-1200"),
    "drill": ("drill", "drill-year"),
}
_EXTRACT = Path("networks") / "liechtenstein-latest.osm.pbf"


@case("simulation", "county-round")
def county_round(_: Options) -> Iterator[Row]:
    """The commands of a round on the shipped county: processor time and greatest resident memory of each."""
    for words in _COMMANDS.values():
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            yield from _rows("county-round", " ".join(("muster", *words)), [(*words, "--out", str(out))])


@case("simulation", "country-from-extract")
def country_from_extract(options: Options) -> Iterator[Row]:
    """Liechtenstein from its OpenStreetMap extract to a proven plan: two commands."""
    name, what = "country-from-extract", "Liechtenstein, extract to plan"
    if options.data is None:
        yield Row(suite="simulation", case=name, metric=what, unit="s", note="no data: give --data")
        return
    with tempfile.TemporaryDirectory() as folder:
        region = str(Path(folder) / "region.gpkg")
        built = (
            "region",
            "build",
            "--osm",
            str(options.data / _EXTRACT),
            "--preset",
            "generic",
            "--out",
            region,
        )
        planned = (
            "site",
            "liechtenstein-two-stations",
            "--region",
            region,
            "--out",
            str(Path(folder) / "plan"),
        )
        yield from _rows(name, what, [built, planned])


def _rows(name: str, what: str, commands: list[tuple[str, ...]]) -> Iterator[Row]:
    """Processor time of some commands together, and the most memory that any of them held."""
    if not hasattr(os, "wait4"):
        note = "not measured on this system: it does not tell what a process used"
        yield Row(suite="simulation", case=name, metric=what, unit="s", note=note)
        return
    seen = [[_used(command) for command in commands] for _ in range(_RUNS)]
    for metric, unit, found in (
        (f"{what}, CPU", "s", median(sum(cpu_s for cpu_s, _ in turn) for turn in seen)),
        (f"{what}, memory", "MB", median(max(memory_mb for _, memory_mb in turn) for turn in seen)),
    ):
        yield Row(suite="simulation", case=name, metric=metric, unit=unit, ours=found, runs=_RUNS, note=_NOTE)


_NOTE = "whole processes with their start; loops compiled before"


def _used(words: tuple[str, ...]) -> tuple[float, float]:
    """Processor seconds and greatest resident memory, MB, of one command."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from api.cli import main; main()", *words],
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"muster {' '.join(words)} ended with {process.returncode}")
    in_kb = 1024 if sys.platform != "darwin" else 1024**2
    return used.ru_utime + used.ru_stime, used.ru_maxrss / in_kb
