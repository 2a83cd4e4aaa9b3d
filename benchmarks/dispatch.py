"""Dispatch: exact plans by flows, sums of completion times, what-ifs, deliveries; peers in the same run."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.dispatch_instances import county, relief
from benchmarks.dispatch_peers import cp_sat, highs, measured, nearest_first
from benchmarks.registry import Options, Row, case
from benchmarks.timing import alternating
from geo.region.files import read_region
from geo.region.region import Region
from optimizer.dispatch.assign import assign
from optimizer.dispatch.check import violations
from optimizer.dispatch.choices import choices_of
from optimizer.dispatch.deliver import deliver
from optimizer.dispatch.delivery import delivery_violations
from optimizer.dispatch.problem import DispatchProblem
from optimizer.dispatch.refine import refine_complement
from optimizer.dispatch.stages import fill
from optimizer.dispatch.what_if import WhatIf
from optimizer.watch import Watch
from scenarios.dispatch import dispatch
from scenarios.dispatch_check import check_dispatch
from scenarios.dispatch_plan import DispatchPlan, dispatch_json
from scenarios.files import read_scenario
from scenarios.incident_models import IncidentScenario
from scenarios.shipped import DATA, PINGLUO

SAMPLES = 1000
"""Runs that a 99th percentile needs at least."""


def _cpu_ms(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3


def _percentile(options: Options, name: str, teams: int, incidents: int, asked_ms: float) -> Row:
    """99th percentile of the exact plan over 20 counties, each run on fresh arrays."""
    runs = 100 if options.quick else SAMPLES
    problems = [county(teams, incidents, seed) for seed in range(20)]
    right = all(not violations(problem, assign(problem)) for problem in problems)
    times = [_cpu_ms(lambda p=problems[k % 20]: assign(p)) for k in range(runs)]  # type: ignore[misc]  # bound now
    cpu, wall = np.percentile(np.array(times), 99, axis=0)
    return Row(
        suite="dispatch",
        case=name,
        metric=f"exact plan p99 of {runs}, CPU",
        unit="ms",
        ours=float(cpu),
        asked=asked_ms if runs >= SAMPLES else None,
        verified=right,
        quick=True,
        runs=runs,
        note=f"median {median(t[0] for t in times):.1f} ms CPU; wall p99 {wall:.1f} ms",
    )


@case("dispatch", "plan-50x5", quick=True)
def plan_small(options: Options) -> Iterator[Row]:
    """50 teams, 5 incidents."""
    yield _percentile(options, "plan-50x5", 50, 5, 50.0)


@case("dispatch", "plan-500x50", quick=True)
def plan_large(options: Options) -> Iterator[Row]:
    """500 teams, 50 incidents."""
    yield _percentile(options, "plan-500x50", 500, 50, 400.0)


@case("dispatch", "stage1-500x50", quick=True)
def stage_one(options: Options) -> Iterator[Row]:
    """Stage 1 alone, model building included, against HiGHS, CP-SAT and greedy on the same choices."""
    choices = choices_of(county(500, 50, 0))
    best = measured(choices, fill(choices))
    works: dict[str, Callable[[], object]] = {"ours": lambda: fill(choices)}
    if options.wants("highs"):
        works["highs"] = lambda: highs(choices)
    took = alternating(works, runs=3)
    if "highs" in took:
        yield Row(
            suite="dispatch",
            case="stage1-500x50",
            metric="stage 1, build and solve",
            unit="s",
            ours=took["ours"].wall_s,
            peer="MathOpt HiGHS",
            theirs=took["highs"].wall_s,
            asked=50.0,
            asked_on="ratio",
            verified=measured(choices, highs(choices)) == best,
            quick=True,
            runs=3,
            note=f"CPU {took['ours'].cpu_s * 1e3:.1f} ms against {took['highs'].cpu_s * 1e3:.0f} ms",
        )
    if options.wants("cp-sat"):
        begun = time.perf_counter()
        used, proven = cp_sat(choices, limit_s=10.0)
        found = f"shortage, arrival {measured(choices, used)}" if len(used) else "no plan"
        yield Row(
            suite="dispatch",
            case="stage1-500x50",
            metric="stage 1, build and solve",
            unit="s",
            ours=took["ours"].wall_s,
            peer="plain CP-SAT",
            theirs=time.perf_counter() - begun,
            quick=True,
            runs=1,
            note=f"CP-SAT {'proven' if proven else 'stopped after 10 s'}: {found}; ours {best}",
        )
    if options.wants("greedy"):
        theirs = measured(choices, nearest_first(choices))
        yield Row(
            suite="dispatch",
            case="stage1-500x50",
            metric="weighted arrival",
            unit="weighted s",
            ours=best[1] / 10,
            peer="nearest-first greedy",
            theirs=theirs[1] / 10,
            verified=best <= theirs,
            quick=True,
            runs=1,
            note=f"weighted shortage: ours {best[0]}, greedy {theirs[0]}",
        )


@case("dispatch", "sum-100x10", quick=True)
def sum_small(options: Options) -> Iterator[Row]:
    """Least sum of full-complement times to proof, median and worst over the seeds."""
    took = []
    for seed in range(options.seeds):
        problem = county(100, 10, seed)
        refine_complement(problem, watch=Watch(limit_s=20.0))
        begun = time.process_time()
        refined = refine_complement(problem, watch=Watch(limit_s=20.0))
        took.append((time.process_time() - begun, refined.gap, not violations(problem, refined.plan)))
    seconds = [one[0] for one in took]
    yield Row(
        suite="dispatch",
        case="sum-100x10",
        metric="time to proof, CPU, median of seeds",
        unit="s",
        ours=median(seconds),
        asked=0.5,
        verified=all(one[2] for one in took),
        quick=True,
        runs=len(took),
        note=f"worst {max(seconds):.2f} s; proven {sum(one[1] == 0 for one in took)} of {len(took)}",
    )


@case("dispatch", "sum-500x50", quick=True)
def sum_large(options: Options) -> Iterator[Row]:
    """Plan and proven gap of the same sum where no search is affordable."""
    rows = [_refined(county(500, 50, seed)) for seed in range(options.seeds)]
    for metric, unit, column, asked in (
        ("plan with bound, CPU", "s", 0, 1.0),
        ("proven gap", "%", 1, 18.0),
    ):
        values = [row[column] for row in rows]
        yield Row(
            suite="dispatch",
            case="sum-500x50",
            metric=metric,
            unit=unit,
            ours=median(values),
            asked=asked,
            verified=all(row[2] for row in rows),
            quick=True,
            runs=len(rows),
            note=f"worst of the seeds {max(values):.2f}",
        )


def _refined(problem: DispatchProblem) -> tuple[float, float, bool]:
    begun = time.process_time()
    refined = refine_complement(problem, watch=Watch(limit_s=10.0))
    return time.process_time() - begun, refined.gap * 100, not violations(problem, refined.plan)


@case("dispatch", "what-if-50x5", quick=True)
def what_if(options: Options) -> Iterator[Row]:
    """Every team removed in turn, each an exact plan; checked against planning afresh without it."""
    problem = county(50, 5, 0)
    state = WhatIf(problem)
    plans = state.without_each()
    times = np.array([_cpu_ms(lambda: WhatIf(problem).without_each()) for _ in range(20)])  # nothing kept
    yield Row(
        suite="dispatch",
        case="what-if-50x5",
        metric="plan and all 50 what-ifs, CPU",
        unit="ms",
        ours=float(np.median(times[:, 0])),
        asked=50.0,
        verified=all(
            plan.measures == assign(_without(problem, team)).measures for team, plan in enumerate(plans)
        ),
        quick=True,
        runs=len(times),
        note=f"wall {np.median(times[:, 1]):.1f} ms; {len(state.used)} teams sent",
    )


@case("dispatch", "leak-to-plan", quick=True)
def leak_to_plan(options: Options) -> Iterator[Row]:
    """Chlorine leak to complete plan on Pingluo, warm: zones, closures, staging, teams, routes, reasons.

    The wind turns with each run, so that no run finds the zones or the closed roads of another.
    """
    runs = 24
    region = read_region(PINGLUO)
    leak = read_scenario(DATA / "incidents" / "chlorine-leak.yaml", IncidentScenario)
    scenarios = [_wind_from(leak, 360 * k / runs) for k in range(runs)]
    dispatch(region, leak)  # compiles, loads, warms
    plans: list[DispatchPlan] = []
    times = [_cpu_ms(lambda one=one: plans.append(dispatch(region, one))) for one in scenarios]  # type: ignore[misc]  # bound now
    cpu, wall = np.median(np.array(times), axis=0) / 1e3
    yield Row(
        suite="dispatch",
        case="leak-to-plan",
        metric="leak to complete plan, CPU, median",
        unit="s",
        ours=float(cpu),
        asked=0.3,
        verified=all(_verified(plan, region) for plan in plans),
        quick=True,
        runs=runs,
        note=f"wall {wall:.3f} s; worst {max(t[0] for t in times) / 1e3:.3f} s CPU; all plans checked",
    )


def _wind_from(scenario: IncidentScenario, degrees: float) -> IncidentScenario:
    weather = scenario.weather.model_copy(update={"wind_from_deg": degrees})
    return scenario.model_copy(update={"weather": weather})


def _verified(plan: DispatchPlan, region: Region) -> bool:
    """Whether the check of plan files finds nothing wrong."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        path.write_text(dispatch_json(plan), encoding="utf-8")
        return check_dispatch(path, region).holds


def _without(problem: DispatchProblem, team: int) -> DispatchProblem:
    teams = tuple(replace(t, available=k != team) for k, t in enumerate(problem.teams))
    return replace(problem, teams=teams)


@case("dispatch", "relief-1200")
def relief_goods(options: Options) -> Iterator[Row]:
    """1,200 people, 13 shelters, 5 depots, 20 trucks: a plan in 1 s, its gap in 10 s."""
    for limit_s, metric, asked in (
        (1.0, "unmet pieces after 1 s", 0.0),
        (10.0, "last-arrival gap after 10 s", 5.0),
    ):
        answers = []
        for seed in range(options.seeds):
            problem = relief(seed)
            answer = deliver(problem, watch=Watch(limit_s=limit_s))
            answers.append((answer, not delivery_violations(problem, answer)))
        unmet = [float(sum(map(sum, answer.unmet))) for answer, _ in answers]
        gaps = [answer.gap * 100 for answer, _ in answers]
        yield Row(
            suite="dispatch",
            case="relief-1200",
            metric=metric,
            unit="pieces" if limit_s == 1 else "%",
            ours=max(unmet if limit_s == 1 else gaps),
            asked=asked,
            verified=all(right for _, right in answers),
            runs=len(answers),
            note=f"worst of the seeds; last hand-over {max(a.last_s for a, _ in answers) / 60:.0f} min, "
            f"proven {sum(a.status == 'optimal' for a, _ in answers)} of {len(answers)}",
        )
