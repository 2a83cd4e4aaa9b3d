"""Routing: published instances against their best known costs, and PyVRP in the same run and time."""

import pickle
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.registry import Options, Row, case
from benchmarks.routing_instances import round_of_tasks
from benchmarks.travel_graphs import ROOT, peers_python
from benchmarks.vrplib import read_best_known, read_instance
from optimizer.routing.answer import RoutingAnswer
from optimizer.routing.check import routing_violations
from optimizer.routing.fleet import route_fleet
from optimizer.routing.problem import RoutingProblem
from optimizer.watch import Watch

_LIMIT_S = 10.0
_COST_UNIT = {"HFVRP": 100_000.0, "MDVRPTW": 1.0}
"""What one unit of the published costs of a folder is here."""


@dataclass(frozen=True, slots=True)
class Run:
    """Cost, processor seconds, whether the routes hold and leave nothing out, and words on what failed."""

    cost: int | None
    cpu_s: float
    holds: bool
    note: str = ""


def _ours(problem: RoutingProblem, seed: int) -> Run:
    begun = time.process_time()
    answer = route_fleet(problem, iterations=None, seed=seed, watch=Watch(_LIMIT_S))
    return _run(problem, answer, time.process_time() - begun)


def _run(problem: RoutingProblem, answer: RoutingAnswer, cpu_s: float) -> Run:
    wrong = routing_violations(problem, answer)
    served = not answer.unserved
    return Run(
        answer.cost if served else None, cpu_s, not wrong, "; ".join(wrong) if served else "tasks left out"
    )


def _pyvrp(problem: RoutingProblem, seed: int) -> Run:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "problem")
        file.write_bytes(pickle.dumps((problem, _LIMIT_S, seed)))
        command = [str(peers_python()), "-m", "benchmarks.routing_peers", str(file)]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        except OSError:
            return Run(None, 0.0, holds=False, note="peers not installed: dev.py bench --peers-setup")
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["failed"])[-1]
            return Run(None, 0.0, holds=False, note=f"PyVRP: {said[:120]}")
        answer, cpu_s = pickle.loads(file.with_suffix(".answer").read_bytes())
    return _run(problem, answer, cpu_s)


def _warm() -> None:
    route_fleet(round_of_tasks(5, 0), iterations=10)


@case("routing", "tasks-50", quick=True)
def tasks_fifty(options: Options) -> Iterator[Row]:
    """50 tasks, 5 depots, windows and capabilities: cost over PyVRP's after 10 s each, worst of the seeds."""
    yield from _drawn(options, "tasks-50", 50, asked=3.0)


@case("routing", "tasks-200")
def tasks_two_hundred(options: Options) -> Iterator[Row]:
    """200 tasks of the same kind."""
    yield from _drawn(options, "tasks-200", 200, asked=None)


def _drawn(options: Options, name: str, count: int, *, asked: float | None) -> Iterator[Row]:
    _warm()
    seeds = 1 if options.quick else options.seeds
    problems = [round_of_tasks(count, seed) for seed in range(seeds)]
    ours, theirs = [], []
    for problem in problems:
        ours.append(_ours(problem, 0))
        if options.wants("pyvrp"):
            theirs.append(_pyvrp(problem, 0))
    pairs = [(a.cost, b.cost) for a, b in zip(ours, theirs, strict=False) if a.cost and b.cost]
    over = [(a / b - 1) * 100 for a, b in pairs]
    yield Row(
        suite="routing",
        case=name,
        metric="cost over PyVRP's, 10 s each, worst of the seeds",
        unit="%",
        ours=max(over) if over else None,
        peer="PyVRP" if over else None,
        asked=asked,
        verified=all(run.holds and run.cost for run in ours),
        quick=True,
        runs=len(ours),
        note=_said(ours, theirs) + (f"; median {median(over):.2f} %" if over else ""),
    )


def _said(ours: list[Run], theirs: list[Run]) -> str:
    """Processor seconds of both, and what went wrong."""
    parts = [f"CPU ours {median(run.cpu_s for run in ours):.1f} s"]
    if theirs:
        parts.append(f"PyVRP {median(run.cpu_s for run in theirs):.1f} s")
    return "; ".join([*parts, *sorted({run.note for run in (*ours, *theirs) if run.note})])


@case("routing", "published")
def published(options: Options) -> Iterator[Row]:
    """Every instance file beside its best known cost; ``--data`` is a folder of them, or the data folder."""
    folder = (
        options.data / "routing" if options.data and (options.data / "routing").is_dir() else options.data
    )
    files = sorted(folder.rglob("*.vrp")) if folder else []
    if not files:
        yield Row(
            suite="routing", case="published", metric="gap", unit="%", note="no .vrp files: give --data"
        )
        return
    _warm()
    for file in files:
        yield from _instance(options, file)


def _instance(options: Options, file: Path) -> Iterator[Row]:
    problem = read_instance(file)
    best = read_best_known(file.with_suffix(".sol"))[1] if file.with_suffix(".sol").exists() else None
    ours = _ours(problem, 0)
    theirs = _pyvrp(problem, 0) if options.wants("pyvrp") else None
    unit = best * _COST_UNIT.get(file.parent.name, 1.0) if best else None

    def gap(run: Run | None) -> float | None:
        return (run.cost / unit - 1) * 100 if run and run.cost and unit else None

    yield Row(
        suite="routing",
        case=f"published-{file.stem}",
        metric=f"cost over the best known, {len(problem.tasks)} tasks, 10 s each",
        unit="%",
        ours=gap(ours),
        peer="PyVRP" if theirs else None,
        theirs=gap(theirs),
        verified=ours.holds,
        runs=1,
        note=_said([ours], [theirs] if theirs else []),
    )
