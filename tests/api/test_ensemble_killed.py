"""Real runs of ``muster ensemble`` whose processes are killed at any moment: no member is lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.scenarios.small_ensemble import write_siting

MEMBERS = 60
ROUNDS = int(os.environ.get("MUSTER_FAULT_ROUNDS", "5"))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    folder = tmp_path_factory.mktemp("ensemble")
    file = write_siting(folder, replications=MEMBERS)
    assert _start(file, folder / "whole").wait(500) == 0
    return file, (folder / "whole" / "members.parquet").read_bytes()


def _start(file: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "api.cli",
        "ensemble",
        str(file),
        "--out",
        str(out),
        "--workers",
        "2",
        "-q",
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def _children(pid: int) -> list[int]:
    """Processes that a process has spawned and that compute; the tracker of resources is not one of them."""
    found = []
    for name in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        words = Path(f"/proc/{name}/cmdline").read_bytes()
        if b"spawn_main" in words:
            found.append(int(name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes in /proc")
@pytest.mark.parametrize("number", range(ROUNDS))
def test_killed_workers_and_a_killed_driver_lose_nothing(
    undisturbed: tuple[Path, bytes], tmp_path: Path, number: int
) -> None:
    """A worker dies, then the driver with all others; the same command again ends what is missing."""
    file, wanted = undisturbed
    chance, out = random.Random(number), tmp_path / "out"
    run, parts = _start(file, out), out / "parts"
    while not (parts.is_dir() and len(list(parts.glob("*.parquet"))) > chance.randint(0, 3)):
        assert run.poll() is None, "the run ended before anything was killed"
        time.sleep(0.01)
    if workers := _children(run.pid):
        os.kill(chance.choice(workers), signal.SIGKILL)
    time.sleep(chance.random() * 0.6)
    run.send_signal(signal.SIGKILL)
    run.wait(30)
    kept = len(list(parts.glob("*.parquet"))) if parts.is_dir() else 0
    again = _start(file, out)
    assert again.wait(500) == 0
    assert kept > 0
    members = pd.read_parquet(out / "members.parquet")["member"]
    assert members.tolist() == list(range(MEMBERS))
    assert (out / "members.parquet").read_bytes() == wanted


@pytest.mark.slow
def test_a_worker_that_is_killed_again_and_again_delays_but_does_not_end_the_run(
    undisturbed: tuple[Path, bytes], tmp_path: Path
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("finds processes in /proc")
    file, wanted = undisturbed
    out, killed = tmp_path / "out", 0
    run = _start(file, out)
    while run.poll() is None:
        time.sleep(0.7)
        try:
            workers = _children(run.pid)
            if killed < 4 and (out / "parts").is_dir() and workers:
                os.kill(workers[killed % len(workers)], signal.SIGKILL)
                killed += 1
        except (FileNotFoundError, ProcessLookupError):
            break
    assert run.wait(500) == 0
    assert killed > 0
    assert (out / "members.parquet").read_bytes() == wanted
