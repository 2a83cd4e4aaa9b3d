"""The reserve with many scenarios: 200 and 2,000 of them, on one worker and two, and on fresh ones."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from benchmarks.registry import Options, Row, case
from benchmarks.reserve_instances import pingluo, warm
from benchmarks.reserve_peers import plain_extensive, plain_form
from benchmarks.timing import timed
from optimizer.reserve.check import reserve_violations
from optimizer.reserve.evaluate import outcome, sampled
from optimizer.reserve.reserve_answer import ReserveAnswer
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.stochastic import stock_reserve

ROOT = Path(__file__).resolve().parent.parent
FRESH = 3_000
"""Scenarios that no plan was made for."""
FRESH_SEED = 12
NINE_MILLION = 440
"""Scenarios of Pingluo whose plain form has 9 million entries; each has fewer places than made-up ones."""


@case("reserve", "pingluo-200")
def many_unlimited(options: Options) -> Iterator[Row]:
    """200 drawn scenarios, any number of trucks, to 0.5 %."""
    yield _many("pingluo-200", 200, limited=False, gap=5e-3, asked_s=60.0)


@case("reserve", "pingluo-200-trucks")
def many_limited(options: Options) -> Iterator[Row]:
    """200 drawn scenarios, few trucks, to 1 %."""
    yield _many("pingluo-200-trucks", 200, limited=True, gap=1e-2, asked_s=180.0)


def _many(name: str, scenarios: int, *, limited: bool, gap: float, asked_s: float) -> Row:
    warm()
    problem = pingluo(scenarios, limited=limited).problem
    cpu, wall = process_time(), perf_counter()
    answer = stock_reserve(problem, relative_gap=gap, limit_s=2 * asked_s)
    cpu, wall = process_time() - cpu, perf_counter() - wall
    return Row(
        suite="reserve",
        case=name,
        metric=f"CPU time to {gap:.1%}",
        unit="s",
        ours=cpu if answer.gap is not None and answer.gap <= gap else None,
        asked=asked_s,
        verified=holds(problem, answer),
        runs=1,
        note=f"{_told(answer)}; wall {wall:.1f} s, CPU {cpu:.1f} s",
    )


@case("reserve", "pingluo-200-plain")
def many_plain(options: Options) -> Iterator[Row]:
    """The same 200 scenarios, any number of trucks, in the plain form to 0.5 %."""
    if not options.wants("highs"):
        return
    warm()
    problem = pingluo(200).problem
    answer = stock_reserve(problem, relative_gap=5e-3, limit_s=120.0)
    assert answer.objective is not None
    plain = plain_extensive(problem, limit_s=600.0, gap=5e-3 * answer.objective)
    found = "nothing" if plain.objective is None else f"{plain.objective:,.0f}"
    least = "none" if plain.bound is None else f"{plain.bound:,.0f}"
    yield Row(
        suite="reserve",
        case="pingluo-200-plain",
        metric="plain form in HiGHS, build and solve, CPU",
        unit="s",
        peer="plain form in HiGHS",
        theirs=plain.build_s + plain.solve_s,
        verified=plain.objective is None or plain.objective >= (answer.bound or 0.0) * (1 - 1e-5),
        runs=1,
        note=f"{plain.entries:,} entries; within 600 s found {found}, bound {least}; ours {_told(answer)}",
    )


@case("reserve", "pingluo-200-build")
def building(options: Options) -> Iterator[Row]:
    """The plain form with few trucks, every window of every delivery: 200, and 9 million entries."""
    for scenarios in (200, NINE_MILLION):
        problem = pingluo(scenarios, limited=True).problem
        took = timed(lambda problem=problem: plain_form(problem))  # type: ignore[misc]  # bound now
        _, program = plain_form(problem)
        once = np.unique(program.row * len(program.objective) + program.column)
        yield Row(
            suite="reserve",
            case="pingluo-200-build",
            metric=f"building the model of {scenarios} scenarios, CPU",
            unit="s",
            ours=took.cpu_s,
            asked=2.0,
            verified=len(once) == len(program.value) and bool(np.isfinite(program.value).all()),
            runs=took.runs,
            note=f"{len(program.value):,} entries, {len(program.row_lower):,} rows, "
            f"{len(program.objective):,} columns; wall {took.wall_s:.2f} s",
        )


@case("reserve", "pingluo-200-memory")
def memory(options: Options) -> Iterator[Row]:
    """Peak memory of a process that does nothing but solve 200 scenarios to 0.5 %."""
    command = [sys.executable, "-m", "benchmarks.reserve_peers", "200", "120"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    yield Row(
        suite="reserve",
        case="pingluo-200-memory",
        metric="peak memory",
        unit="MB",
        ours=told.get("peak_mb"),
        asked=2_000.0,
        runs=1,
        note=f"gap {told['gap']:.3%}" if told else done.stderr.strip()[-200:],
    )


@case("reserve", "pingluo-200-fresh")
def out_of_sample(options: Options) -> Iterator[Row]:
    """The plan made for 200 scenarios on 3,000 others, over what it costs on its own."""
    warm()
    inputs = pingluo(200)
    answer = stock_reserve(inputs.problem, relative_gap=5e-3, limit_s=120.0)
    assert answer.held is not None
    assert answer.outcome is not None
    question = inputs.problem.among(inputs.fresh(FRESH, FRESH_SEED).scenarios)
    then = outcome(question, answer.held)
    out = sampled(question, answer.held, then, question.scenarios).cost
    own = sampled(inputs.problem, answer.held, answer.outcome, inputs.problem.scenarios).cost
    yield Row(
        suite="reserve",
        case="pingluo-200-fresh",
        metric="cost on fresh scenarios over cost in the plan, more by",
        unit="%",
        ours=100 * (out.mean / own.mean - 1),
        asked=5.0,
        verified=not reserve_violations(question, answer.held, then) and holds(inputs.problem, answer),
        runs=1,
        note=f"plan {_interval(own.low, own.mean, own.high)}, {FRESH:,} fresh ones "
        f"{_interval(out.low, out.mean, out.high)}, 95 % intervals",
    )


@case("reserve", "pingluo-2000")
def thousands(options: Options) -> Iterator[Row]:
    """2,000 drawn scenarios to 1 % on two workers and on one: the same answer, sooner."""
    warm()
    problem = pingluo(2_000).problem
    walls, answers = [], []
    for workers in (2, 1):
        begun = perf_counter()
        answers.append(stock_reserve(problem, relative_gap=1e-2, limit_s=1_200.0, workers=workers))
        walls.append(perf_counter() - begun)
    two, one = answers
    same = two.objective == one.objective and two.bound == one.bound
    proven = two.gap is not None and two.gap <= 1e-2
    checked = holds(problem, two)
    yield _workers_row("wall time to 1.0%, 2 workers", walls, asked=600.0, found=two if proven else None,
                       checked=checked and same, note=_told(two))  # fmt: skip
    yield _workers_row("2 workers against 1", walls, asked=1.7, found=two if proven else None,
                       checked=checked and same, note="the same answer" if same else "ANOTHER answer",
                       on_ratio=True)  # fmt: skip


def _workers_row(
    metric: str,
    walls: list[float],
    *,
    asked: float,
    found: ReserveAnswer | None,
    checked: bool,
    note: str,
    on_ratio: bool = False,
) -> Row:
    return Row(
        suite="reserve",
        case="pingluo-2000",
        metric=metric,
        unit="s",
        ours=walls[0] if found else None,
        peer="1 worker",
        theirs=walls[1],
        asked=asked,
        asked_on="ratio" if on_ratio else "ours",
        verified=checked,
        runs=1,
        note=note,
    )


def holds(problem: ReserveProblem, answer: ReserveAnswer) -> bool:
    """Whether rules, deliveries and costs of an answer stand up to adding up, and the bound to the cost."""
    if answer.held is None or answer.objective is None or answer.bound is None:
        return False
    broken = reserve_violations(problem, answer.held, answer.outcome, answer.cost)
    return not broken and answer.bound <= answer.objective * (1 + 1e-9)


def _told(answer: ReserveAnswer) -> str:
    gap = "no gap" if answer.gap is None else f"gap {answer.gap:.3%}"
    return f"{answer.objective or float('nan'):,.0f} CNY, {gap}, {answer.status}"


def _interval(low: float, mean: float, high: float) -> str:
    return f"{mean:,.0f} ({low:,.0f} to {high:,.0f})"
