"""Siting: published optima, a county's size against a plain model and greedy, files to plan end to end."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks import siting_county as siting_county  # its cases register when it is imported
from benchmarks import siting_curve as siting_curve
from benchmarks import siting_orlib as siting_orlib
from benchmarks import siting_scale as siting_scale
from benchmarks.registry import Options, Row, case

LONG_S = 5.0
"""An answer that took longer is not repeated for a median."""
ROOT = Path(__file__).resolve().parent.parent


@case("siting", "help", quick=True)
def help_text(options: Options) -> Iterator[Row]:
    """``muster --help``, the whole process."""
    yield _process("help", [["--help"]], asked=0.5, runs=5)


@case("siting", "pingluo-three-stations", quick=True)
def pingluo(options: Options) -> Iterator[Row]:
    """The shipped region to the plan with its page, warm: the part of ``muster demo`` after set-up."""
    yield _process("pingluo-three-stations", [["demo", "--out", "{scratch}/demo"]], asked=20.0, runs=3)


@case("siting", "liechtenstein-two-stations", quick=True)
def liechtenstein(options: Options) -> Iterator[Row]:
    """From the .pbf to two more fire stations for 8,992 buildings, both commands, the whole processes."""
    name = "liechtenstein-two-stations"
    pbf = options.data / "networks" / "liechtenstein-latest.osm.pbf" if options.data else None
    if pbf is None or not pbf.exists():
        yield Row(suite="siting", case=name, metric="time", unit="s", note="file not there")
        return
    region = "{scratch}/liechtenstein.gpkg"
    scenario = str(ROOT / "scenarios" / "data" / "liechtenstein-two-stations.yaml")
    build = ["region", "build", "--osm", str(pbf), "--out", region]
    site = ["site", scenario, "--region", region, "--out", "{scratch}/plan"]
    yield _process(name, [build, site], asked=15.0, runs=3)


def _process(name: str, commands: list[list[str]], *, asked: float, runs: int) -> Row:
    """Median wall time of ``muster`` commands run one after the other, after one run not counted."""
    walls = []
    failed = ""
    for _ in range(runs + 1):
        with tempfile.TemporaryDirectory() as scratch:
            begun = time.perf_counter()
            for command in commands:
                words = [word.replace("{scratch}", scratch) for word in command]
                done = subprocess.run(
                    [sys.executable, "-m", "api.cli", *words], cwd=ROOT, capture_output=True, check=False
                )
                failed = failed or (done.stderr.decode().strip() if done.returncode else "")
            walls.append(time.perf_counter() - begun)
    return Row(
        suite="siting",
        case=name,
        metric="whole process",
        unit="s",
        ours=median(walls[1:]),
        asked=asked,
        verified=not failed,
        quick=True,
        runs=runs,
        note=failed[:200],
    )
