"""Siting at scale: a million points, peers on one instance, curves, closed roads; each answer checked."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from json import loads
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from benchmarks.registry import Options, Row, case
from benchmarks.siting_instances import UNIT, Planar, barriers, cut_by, planar
from optimizer.problem import Int64s
from optimizer.siting.center import CenterProblem, p_center
from optimizer.siting.cover_bits import CoverGroups, CoverRows
from optimizer.siting.coverage_core import core_of
from optimizer.siting.coverage_curve import coverage_curve
from optimizer.siting.coverage_partition import split
from optimizer.siting.coverage_prices import priced
from optimizer.siting.coverage_problem import CoverageProblem
from optimizer.siting.coverage_search import Covered, most_covered, most_units
from optimizer.siting.coverage_wander import nearness, wandered
from optimizer.siting.coverage_windows import CoverageWindows
from optimizer.siting.least_total import least_total
from optimizer.siting.median_problem import MedianProblem
from optimizer.siting.set_covering import least_covering
from optimizer.watch import Watch

ROOT = Path(__file__).resolve().parent.parent
PEERS_PYTHON = ROOT / ".venv-peers" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
_PEER_LIMIT_S = 300.0
_SCENARIOS = 20


def measured(work: Callable[[], object]) -> tuple[float, float, object]:
    """Processor seconds, wall seconds and the answer of one call."""
    cpu, wall = process_time(), perf_counter()
    answer = work()
    return process_time() - cpu, perf_counter() - wall, answer


def warm() -> None:
    """Compile and load what the cases use, on a small instance."""
    small = planar(2_000, 40, places=5, limit=0.15)
    most_covered(coverage(small))
    coverage_curve(coverage(small), upto=3)
    _warm_windows(coverage(small))
    most_covered(coverage(small, worth=(0.7, 0.21), most=2))
    least_total(median(small))
    p_center(center(small))
    least_covering(everybody(small))


def _warm_windows(problem: CoverageProblem) -> None:
    """A curve of so few entries does without prices, longer searches and windows."""
    core = core_of(problem, problem.fixed.astype(np.int64), most_units(problem))
    none = np.zeros(len(core.columns), np.int64)
    wandered(replace(core, places=5), nearness(core), none, rounds=2, seed=1)
    priced(replace(core, places=5), 1.0, rounds=2)
    windows = CoverageWindows(core, split(core, 4))
    rents = windows.first_rents(0.1 * core.people, 5)
    windows.lower(rents, 5, 1.0, solves=1, enough=0.0, watch=Watch())


def coverage(
    instance: Planar,
    *,
    worth: tuple[float, ...] = (1.0,),
    most: int | None = None,
    groups: CoverGroups | None = None,
) -> CoverageProblem:
    """Who is covered, as packed cover sets."""
    found = instance.groups() if groups is None else groups
    m = len(instance.sites)
    return CoverageProblem(
        covers=found.covers,
        people=found.people,
        fixed=np.zeros(m, np.bool_),
        places=instance.places,
        worth=worth,
        most=None if most is None else np.full(m, most),
    )


def median(instance: Planar) -> MedianProblem:
    """Waiting, in whole units."""
    return MedianProblem(
        cost=instance.times(),
        weight=instance.people.astype(float),
        fixed=np.zeros(len(instance.sites), np.bool_),
        places=instance.places,
    )


def center(instance: Planar) -> CenterProblem:
    """The longest way, in whole units."""
    return CenterProblem(
        time_ds=instance.times(), fixed=np.zeros(len(instance.sites), np.bool_), places=instance.places
    )


def everybody(instance: Planar) -> CoverageProblem:
    """Everybody whom some site reaches, to be covered by the fewest."""
    groups = instance.groups()
    reached = groups.covers.any(axis=1)
    return CoverageProblem(
        covers=groups.covers[reached],
        people=groups.people[reached],
        fixed=np.zeros(len(instance.sites), np.bool_),
    )


def _coverage_row(name: str, found: Covered, problem: CoverageProblem, cpu_s: float, **more: object) -> Row:
    gap = (found.bound - found.value) / max(1.0, found.value)
    holds = abs(problem.value(found.units) - found.value) <= 1e-6 * found.value
    beaten = _greedy(problem)
    right = holds and found.bound >= beaten - 1e-6 and problem.keeps(found.units)
    note = f"{found.value:,.1f}, bound {found.bound:,.1f}, gap {gap:.4%}, greedy {beaten:,.0f}"
    return Row(
        suite="siting", case=name, metric="CPU time to gap", unit="s", ours=cpu_s, verified=right, runs=1,
        note=f"{note}; {more.pop('also', '')}".rstrip("; "), **more,  # type: ignore[arg-type]  # Row's own fields
    )  # fmt: skip


def _greedy(problem: CoverageProblem) -> float:
    """What adding the best unit again and again gives: a plan that no bound may fall below."""
    units = np.zeros(problem.sites, np.int64)
    most = np.ones(problem.sites, np.int64) if problem.most is None else problem.most
    bits = np.unpackbits(problem.covers.view(np.uint8), axis=1, bitorder="little")[:, : problem.sites]
    times = np.zeros(len(problem.people), np.int64)
    worth = np.append(problem.worth, 0.0)
    for _ in range(problem.places or 0):
        gain = (problem.people * worth[np.minimum(times, len(problem.worth))]) @ bits
        gain[units >= most] = -1.0
        j = int(gain.argmax())
        units[j] += 1
        times += bits[:, j]
    return problem.value(units)


@case("siting", "mclp-10k")
def mclp_10k(options: Options) -> Iterator[Row]:
    """10,000 x 200 against spopt with CBC and HiGHS: the same covers, the same optimum."""
    warm()
    instance = planar(10_000, 200, places=15, limit=0.12)
    problem = coverage(instance)
    walls = []
    for _ in range(3):
        cpu_s, wall_s, found = measured(lambda: most_covered(coverage(instance)))
        walls.append(wall_s)
    assert isinstance(found, Covered)
    wall_s = float(np.median(walls))
    yield _coverage_row("mclp-10k", found, problem, cpu_s, also="building included", asked=None)
    for peer in ("spopt+CBC", "spopt+HiGHS"):
        yield _against(instance, peer, wall_s, found.value) if options.wants(peer) else _left(peer)


def _left(peer: str) -> Row:
    return Row(suite="siting", case="mclp-10k", metric="wall time", unit="s", peer=peer, note="not asked for")


def _against(instance: Planar, peer: str, ours_s: float, people: float) -> Row:
    """One peer on the same instance, building included on both sides."""
    asked = 30.0 if peer == "spopt+CBC" else None
    row = {
        "suite": "siting",
        "case": "mclp-10k",
        "metric": "wall time, building included",
        "unit": "s",
        "peer": peer,
    }
    if not PEERS_PYTHON.exists():
        return Row(**row, note="peers not installed: bench --peers-setup")  # type: ignore[arg-type]  # literal keys
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "instance.npz"
        times = np.vstack([block for _, block in instance.blocks()])
        np.savez(file, times=times, people=instance.people, limit=instance.limit, places=instance.places)
        command = [str(PEERS_PYTHON), "-m", "benchmarks.siting_peers", str(file), peer, str(_PEER_LIMIT_S)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return Row(**row, note=f"failed: {done.stderr.strip().splitlines()[-1][:120]}")  # type: ignore[arg-type]  # literal keys
    said = loads(done.stdout)
    equal = abs(said["people"] - people) < 0.5
    return Row(
        **row,  # type: ignore[arg-type]  # literal keys
        ours=ours_s,
        theirs=said["build_s"] + said["solve_s"],
        asked=asked,
        asked_on="ratio",
        verified=equal if said["optimal"] and equal else said["people"] <= people + 0.5,
        runs=3,
        note=f"theirs {said['people']:,.0f} people, ours {people:,.0f}"
        + ("" if equal else ": stopped without the optimum, yet called optimal" if said["optimal"] else ""),
    )


@case("siting", "mclp-1m")
def mclp_1m(options: Options) -> Iterator[Row]:
    """A million points, 500 candidates: cover sets from blocks of times, then gap 0.1 % and the optimum."""
    warm()
    instance = planar(1_000_000, 500, places=20, limit=0.10)
    before = _peak_mb()
    groups, build_s = instance.timed_groups()
    problem = coverage(instance, groups=groups)
    for gap, asked in ((0.001, 10.0), (0.0, None)):
        cpu_s, wall_s, found = measured(lambda gap=gap: most_covered(problem, gap=gap))  # type: ignore[misc]  # bound now
        assert isinstance(found, Covered)
        yield _coverage_row(
            "mclp-1m" if gap else "mclp-1m-optimum", found, problem, cpu_s, asked=asked,
            also=f"wall {wall_s:.2f} s; cover sets from given times {build_s:.2f} s CPU,"
            f" {len(groups.people):,} groups",
        )  # fmt: skip
    yield Row(
        suite="siting", case="mclp-1m", metric="memory above the points", unit="MB", ours=_peak_mb() - before,
        runs=1, note="peak of the process less its peak before",
    )  # fmt: skip


@case("siting", "mclp-10m")
def mclp_10m(options: Options) -> Iterator[Row]:
    """Ten million points, 1,000 candidates."""
    warm()
    instance = planar(10_000_000, 1_000, places=20, limit=0.10)
    groups, build_s = instance.timed_groups()
    problem = coverage(instance, groups=groups)
    cpu_s, wall_s, found = measured(lambda: most_covered(problem, gap=0.001))
    assert isinstance(found, Covered)
    yield _coverage_row(
        "mclp-10m",
        found,
        problem,
        cpu_s,
        also=f"wall {wall_s:.2f} s; cover sets from given times {build_s:.2f} s CPU",
    )


@case("siting", "mexclp-100k")
def mexclp_100k(options: Options) -> Iterator[Row]:
    """Expected coverage of 100,000 points, units busy 30 % of the time, at most two at a site."""
    warm()
    instance = planar(100_000, 500, places=20, limit=0.10)
    worth = tuple(0.7 * 0.3**k for k in range(20))
    problem = coverage(instance, worth=worth, most=2)
    cpu_s, wall_s, found = measured(lambda: most_covered(problem, gap=0.001))
    assert isinstance(found, Covered)
    yield _coverage_row("mexclp-100k", found, problem, cpu_s, asked=20.0, also=f"wall {wall_s:.2f} s")


@case("siting", "median-100k")
def median_100k(options: Options) -> Iterator[Row]:
    """p-median of 100,000 points, times given."""
    warm()
    yield _median("median-100k", planar(100_000, 500, places=20, limit=0.10), asked=10.0)


@case("siting", "median-1m")
def median_1m(options: Options) -> Iterator[Row]:
    """p-median of a million points, times given."""
    warm()
    yield _median("median-1m", planar(1_000_000, 500, places=20, limit=0.10), asked=None)


def _median(name: str, instance: Planar, *, asked: float | None) -> Row:
    problem = median(instance)
    cpu_s, wall_s, found = measured(lambda: least_total(problem))
    chosen: Int64s = np.array(found.chosen)  # type: ignore[attr-defined]  # the answer of least_total
    total, bound = found.total, found.bound  # type: ignore[attr-defined]  # the answer of least_total
    again = float(problem.weight @ problem.cost[:, chosen].min(axis=1).astype(float))
    gap = (total - bound) / total
    return Row(
        suite="siting", case=name, metric="CPU time to gap", unit="s", ours=cpu_s, asked=asked, runs=1,
        verified=abs(again - total) <= 1e-9 * total and bound <= total * (1 + 1e-9) and gap <= 0.001,
        note=f"{total:,.0f}, bound {bound:,.0f}, gap {gap:.4%}, wall {wall_s:.1f} s",
    )  # fmt: skip


@case("siting", "center-10k")
def center_10k(options: Options) -> Iterator[Row]:
    """p-center of 10,000 points, proven."""
    warm()
    yield _center("center-10k", planar(10_000, 200, places=15, limit=0.12), asked=5.0)


@case("siting", "center-100k")
def center_100k(options: Options) -> Iterator[Row]:
    """p-center of 100,000 points, an aim."""
    warm()
    yield _center("center-100k", planar(100_000, 500, places=20, limit=0.10), asked=None)


def _center(name: str, instance: Planar, *, asked: float | None) -> Row:
    problem = center(instance)
    cpu_s, wall_s, answer = measured(lambda: p_center(problem, watch=Watch(120)))
    chosen = list(answer.chosen)  # type: ignore[attr-defined]  # the answer of p_center
    longest = int(problem.time_ds[:, chosen].min(axis=1).max()) / 10
    objective, bound = answer.objective, answer.bound  # type: ignore[attr-defined]  # the answer of p_center
    return Row(
        suite="siting", case=name, metric="CPU time to proof", unit="s", ours=cpu_s, runs=1,
        asked=asked,
        verified=objective == longest and bound <= longest and (asked is None or bound == longest),
        note=f"{longest * 10 / UNIT:.6f}, bound {bound * 10 / UNIT:.6f}, wall {wall_s:.1f} s",
    )  # fmt: skip


@case("siting", "lscp-100k")
def lscp_100k(options: Options) -> Iterator[Row]:
    """The fewest of 500 sites for everybody whom one reaches, 100,000 points."""
    warm()
    problem = everybody(planar(100_000, 500, places=20, limit=0.10))
    cpu_s, wall_s, choice = measured(lambda: least_covering(problem, watch=Watch(180)))
    units = np.zeros(problem.sites, np.int64)
    units[choice.chosen] = 1  # type: ignore[attr-defined]  # the answer of least_covering
    all_in = bool((problem.times_covered(units) > 0).all())
    proven = choice.status == "optimal"  # type: ignore[attr-defined]  # the answer of least_covering
    yield Row(
        suite="siting", case="lscp-100k", metric="CPU time to proof", unit="s", ours=cpu_s, asked=60.0,
        runs=1, verified=all_in and proven, note=f"{int(units.sum())} sites, wall {wall_s:.1f} s",
    )  # fmt: skip


@case("siting", "states-100k")
def closed_roads(options: Options) -> Iterator[Row]:
    """20 states of the roads: some cut by a barrier each, or all times changed; mean coverage."""
    warm()
    instance = planar(100_000, 500, places=20, limit=0.10)
    for name, rows, gap, asked in (
        ("states-local", _local_states, 0.001, 10.0),
        ("states-all-times", _changed_states, 0.005, 60.0),
    ):
        groups = rows(instance)
        problem = coverage(instance, groups=groups)
        cpu_s, wall_s, found = measured(lambda gap=gap, problem=problem: most_covered(problem, gap=gap))  # type: ignore[misc]  # bound now
        assert isinstance(found, Covered)
        yield _coverage_row(
            name, found, problem, cpu_s, asked=asked,
            also=f"wall {wall_s:.2f} s; {len(groups.people):,} groups",
        )  # fmt: skip


def _local_states(instance: Planar) -> CoverGroups:
    """The ordinary state, and one for each barrier; every state weighs the same."""
    rows = CoverRows(len(instance.sites))
    for barrier in (None, *barriers(_SCENARIOS - 1, seed=7)):
        for start, block in instance.blocks():
            covers = block <= instance.limit
            if barrier is not None:
                points = instance.points[start : start + len(block)]
                covers &= ~cut_by(points, instance.sites, barrier)
            rows.add(covers, instance.people[start : start + len(block)])
    return rows.groups()


def _changed_states(instance: Planar) -> CoverGroups:
    """Every time changes in every state, by a factor of its point and one of its site."""
    rows, rng = CoverRows(len(instance.sites)), np.random.default_rng(7)
    for _ in range(_SCENARIOS):
        of_site = rng.uniform(0.8, 1.5, len(instance.sites))
        for start, block in instance.blocks():
            of_point = rng.uniform(0.9, 1.2, (len(block), 1))
            rows.add(
                block * of_point * of_site <= instance.limit, instance.people[start : start + len(block)]
            )
    return rows.groups()


def _peak_mb() -> float:
    """Most memory of this process so far; not known on Windows."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
