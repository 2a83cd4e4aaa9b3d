"""Siting: published optima, a county's size against a plain model and greedy, files to plan end to end."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.orlib import CENTER_OPTIMA, MEDIAN_OPTIMA, read_pmed
from benchmarks.registry import Options, Row, case
from benchmarks.timing import Timed, alternating, timed
from optimizer.check import violations
from optimizer.problem import SitingProblem
from optimizer.siting.center import p_center
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.median import p_median

LONG_S = 5.0
"""An answer that took longer is not repeated for a median."""
ROOT = Path(__file__).resolve().parent.parent


@case("siting", "pmed-median", quick=True)
def or_library_medians(options: Options) -> Iterator[Row]:
    """Each OR-Library file that is there, as p-median; a proven answer must be the published optimum."""
    for k, optimum in enumerate(MEDIAN_OPTIMA[: 5 if options.quick else 20], start=1):
        yield from _or_library(options, k, optimum, "p_median")


@case("siting", "pmed-center", quick=True)
def or_library_centers(options: Options) -> Iterator[Row]:
    """Files 1 to 6 as p-center."""
    for k, optimum in enumerate(CENTER_OPTIMA, start=1):
        yield from _or_library(options, k, optimum, "p_center")


def _or_library(options: Options, k: int, optimum: int, question: str) -> Iterator[Row]:
    name = f"pmed{k}-{question}"
    file = options.data / "siting" / "pmed" / f"pmed{k}.txt" if options.data else None
    if file is None or not file.exists():
        yield Row(suite="siting", case=name, metric="time", unit="s", note="file not there")
        return
    distance, p = read_pmed(file)
    n = len(distance)
    problem = SitingProblem(
        response_s=distance,
        people=np.ones(n, np.int64),
        limit_s=np.full(n, 1e6),
        fixed=np.zeros(n, np.bool_),
        places=p,
    )
    model = p_median if question == "p_median" else p_center
    begun = time.perf_counter()
    answer = model(problem)
    once_s = time.perf_counter() - begun
    took = timed(lambda: model(problem)) if once_s < LONG_S else Timed(once_s, once_s, 1)
    assert answer.objective is not None
    assert answer.bound is not None
    proven = answer.status == "optimal"
    right = answer.objective == optimum if proven else answer.bound <= optimum <= answer.objective
    yield Row(
        suite="siting",
        case=name,
        metric="time to proof" if proven else "time",
        unit="s",
        ours=took.wall_s,
        verified=right and not violations(problem, answer),
        quick=True,
        runs=took.runs,
        note=f"found {answer.objective:g}, published {optimum}, gap {answer.gap:.2g}",
    )


@case("siting", "county-mclp", quick=True)
def county_mclp(options: Options) -> Iterator[Row]:
    """5,000 points and 100 candidates: ours against one plain MIP over all rows, and greedy's loss."""
    problem = _planar(points=5000, sites=100, places=10)
    ours = maximal_covering(problem)
    plain_people = _plain_mclp(problem)
    took = alternating({"ours": lambda: maximal_covering(problem), "plain": lambda: _plain_mclp(problem)})
    yield Row(
        suite="siting",
        case="county-mclp",
        metric="time to proof",
        unit="s",
        ours=took["ours"].wall_s,
        peer="plain OR-Tools MIP",
        theirs=took["plain"].wall_s,
        asked=2.0,
        verified=ours.status == "optimal" and ours.objective == plain_people,
        quick=True,
        runs=took["ours"].runs,
        note=f"{ours.objective:,.0f} people, greedy {_greedy(problem):,}",
    )


def _planar(*, points: int, sites: int, places: int) -> SitingProblem:
    """A made-up county: half of the people in clusters, travel in straight lines (seed 7)."""
    rng = np.random.default_rng(7)
    centers = rng.random((12, 2))
    clustered = centers[rng.integers(0, 12, points // 2)] + rng.normal(0, 0.04, (points // 2, 2))
    at = np.vstack([clustered, rng.random((points - points // 2, 2))])
    site = rng.random((sites, 2))
    distance = np.hypot(at[:, None, 0] - site[None, :, 0], at[:, None, 1] - site[None, :, 1])
    return SitingProblem(
        response_s=np.rint(distance * 3600),
        people=rng.lognormal(3, 1, points).astype(np.int64) + 1,
        limit_s=np.full(points, 400.0),
        fixed=np.zeros(sites, np.bool_),
        places=places,
    )


def _plain_mclp(problem: SitingProblem) -> float:
    """The textbook program, a row for every demand point, nothing aggregated; people covered."""
    from ortools.math_opt.python import mathopt

    model = mathopt.Model()
    x = [model.add_binary_variable() for _ in range(problem.sites)]
    y = [model.add_variable(lb=0.0, ub=1.0) for _ in range(problem.rows)]
    for y_i, row in zip(y, problem.covers(), strict=True):
        model.add_linear_constraint(y_i <= mathopt.fast_sum([x[j] for j in np.flatnonzero(row)]))
    model.add_linear_constraint(mathopt.fast_sum(x) <= problem.may_open)
    model.maximize(mathopt.fast_sum([int(a) * y_i for a, y_i in zip(problem.people, y, strict=True)]))
    return float(round(mathopt.solve(model, mathopt.SolverType.HIGHS).objective_value()))


def _greedy(problem: SitingProblem) -> int:
    covers, left = problem.covers(), problem.people.copy()
    for _ in range(problem.may_open):
        left[covers[:, int((left @ covers).argmax())]] = 0
    return int(problem.people.sum() - left.sum())


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
