"""The reserve: published programs, Pingluo with few and many scenarios, rules of thumb beside it."""

import json
from collections.abc import Iterator
from time import perf_counter, process_time

import numpy as np

from benchmarks.registry import Options, Row, case
from benchmarks.reserve_instances import farmer, pingluo, warm
from benchmarks.reserve_peers import plain_extensive
from benchmarks.reserve_scale import holds  # whose cases register when it is imported
from optimizer.reserve.compare import Rival, mean_scenario, rival_of, rivals
from optimizer.reserve.reserve_answer import ReserveAnswer
from optimizer.reserve.stochastic import stock_reserve
from optimizer.reserve.two_stage import mean_and_risk, newsvendor, transport, worth

OPTIMAL = 1e-4
"""Relative gap at which an answer counts as optimal."""


@case("reserve", "published", quick=True)
def published(options: Options) -> Iterator[Row]:
    """Farmer with VSS and EVPI, its CVaR form, the ESUPS transport, the newsvendor: largest distance."""
    file = options.data / "verification" / "hazard_and_reserve_cases.json" if options.data else None
    if file is None or not file.exists():
        yield Row(suite="reserve", case="published", metric="distance", unit="-", note="file not there")
        return
    cases = {one["id"]: one for one in json.loads(file.read_text("utf-8"))["cases"]}
    yield _distance("farmer", _farmer(cases["farmer"]["expected"]), cases["farmer"]["tolerance"]["abs"])
    wanted, inputs = cases["farmer_cvar"]["expected"], cases["farmer_cvar"]["inputs"]
    found = mean_and_risk(farmer(), level=inputs["alpha"], weight=inputs["weight"])
    off = max(abs(found.mean - wanted["E_cost"]), abs(found.costs.max() - wanted["worst_cost"]))
    yield _distance("farmer with CVaR", off, cases["farmer_cvar"]["tolerance"]["abs"])
    bucket = cases["esups_bucket_single"]
    supply, hours = zip(*bucket["inputs"]["supply_time_h"], strict=True)
    hours_asked = bucket["expected"]["objective_item_hours"]
    off = abs(transport(supply, hours, bucket["inputs"]["demand"]) - hours_asked)
    yield _distance("ESUPS transport", off, bucket["tolerance"]["rel"] * hours_asked)
    news = cases["newsvendor"]
    ordered = newsvendor(mean=1200, deviation=300, under=news["inputs"]["cu"], over=news["inputs"]["co"])
    off = abs(ordered - news["expected"]["q"])
    yield _distance("newsvendor", off, news["tolerance"]["rel"] * news["expected"]["q"])


def _farmer(wanted: dict[str, float]) -> float:
    found = worth(farmer())
    names = ("RP", "EV", "EEV", "VSS", "WS", "EVPI")
    return max(abs(float(getattr(found, name.lower())) - wanted[name]) for name in names)


def _distance(what: str, off: float, within: float) -> Row:
    return Row(
        suite="reserve",
        case="published",
        metric=f"{what}: distance from what is published",
        unit="-",
        ours=off,
        asked=within,
        verified=off <= within,
        quick=True,
        runs=1,
    )


@case("reserve", "pingluo-12", quick=True)
def few_unlimited(options: Options) -> Iterator[Row]:
    """12 scenarios, 25 items, 17 depots, any number of trucks; beside the plain form in HiGHS."""
    yield from _few("pingluo-12", options, limited=False, asked_s=5.0)


@case("reserve", "pingluo-12-trucks")
def few_limited(options: Options) -> Iterator[Row]:
    """The same with few trucks."""
    yield from _few("pingluo-12-trucks", options, limited=True, asked_s=30.0)


def _few(name: str, options: Options, *, limited: bool, asked_s: float) -> Iterator[Row]:
    warm()
    problem = pingluo(limited=limited).problem
    cpu, wall = process_time(), perf_counter()
    answer = stock_reserve(problem, relative_gap=OPTIMAL, limit_s=4 * asked_s)
    cpu, wall = process_time() - cpu, perf_counter() - wall
    assert answer.objective is not None
    gap = np.inf if answer.gap is None else answer.gap
    plain = None
    if options.wants("highs"):
        limit_s = 10 * asked_s
        plain = plain_extensive(problem, limit_s=limit_s, gap=OPTIMAL * answer.objective)
    agreed = plain is None or _agreed(answer, plain.objective, plain.bound)
    yield Row(
        suite="reserve",
        case=name,
        metric="CPU time to the optimum",
        unit="s",
        ours=cpu if gap <= OPTIMAL else None,
        peer="plain form in HiGHS" if plain else None,
        theirs=plain.build_s + plain.solve_s if plain else None,
        asked=asked_s,
        verified=holds(problem, answer) and agreed,
        quick=not limited,
        runs=1,
        note=f"{answer.objective:,.0f} CNY, gap {gap:.4%}, {answer.status}; wall {wall:.2f} s"
        + (f"; plain {plain.objective or np.nan:,.0f}, {plain.entries:,} entries" if plain else ""),
    )


def _agreed(answer: ReserveAnswer, objective: float | None, bound: float | None) -> bool:
    """Whether neither cost lies below the other's proven bound; a solver's tolerance is no difference."""
    assert answer.objective is not None
    assert answer.bound is not None
    slack = 1e-5 * abs(answer.objective)
    above = objective is None or objective >= answer.bound - slack
    return above and (bound is None or answer.objective >= bound - slack)


@case("reserve", "pingluo-rules", quick=True)
def rules_of_thumb(options: Options) -> Iterator[Row]:
    """How much worse planning for the mean is, and all in the county depot, and the same everywhere."""
    warm()
    problem = pingluo().problem
    answer = stock_reserve(problem, relative_gap=OPTIMAL)
    assert answer.held is not None
    assert answer.cost is not None
    mean = stock_reserve(problem.among(mean_scenario(problem.scenarios)), relative_gap=OPTIMAL)
    ours = rival_of(problem, "plan", answer.held)
    others = [*rivals(problem, answer.held)]
    if mean.held is not None:
        others.append(rival_of(problem, "plan for the mean", mean.held))
    for other in others:
        yield from _worse(ours, other, checked=holds(problem, answer))


def _worse(ours: Rival, other: Rival, *, checked: bool) -> Iterator[Row]:
    """Expected cost and expected penalty of shortages; more than the plan's, or the plan is not the best."""
    pairs = (
        ("cost in all, expected", ours.cost.total, other.cost.total),
        ("of it penalties", ours.cost.penalty, other.cost.penalty),
    )
    for metric, mine, theirs in pairs:
        yield Row(
            suite="reserve",
            case="pingluo-rules",
            metric=metric,
            unit="CNY",
            ours=mine,
            peer=other.name,
            theirs=theirs,
            verified=checked and other.cost.total >= ours.cost.total * (1 - OPTIMAL),
            quick=True,
            runs=1,
            note=f"needs met by window: ours {_met(ours)}, theirs {_met(other)}",
        )


def _met(rival: Rival) -> str:
    return " ".join(f"{share:.1%}" for share in rival.service.tolist())
