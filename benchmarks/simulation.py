"""Drills: a year of a real city and of a county, by both engines; a thousand flood days."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from statistics import median

import numpy as np

from benchmarks import county_round as county_round  # its cases register when it is imported
from benchmarks import simulation_ensemble as simulation_ensemble  # the same
from benchmarks.edmonton import Edmonton, edmonton
from benchmarks.registry import Options, Row, case
from geo.region.files import read_region
from optimizer.drill.figures import FIELDS, Replicated, replicated
from optimizer.drill.problem import Calls
from optimizer.drill.simulate import Engine, Policy, simulate
from optimizer.problem import Floats
from scenarios.drill import Drill, prepared, replicate
from scenarios.drill_models import DrillScenario
from scenarios.files import read_scenario
from scenarios.shipped import DATA, PINGLUO

_RUNS = 5
_NO_DATA = "no data: give --data"


@case("simulation", "edmonton-year-compiled")
def edmonton_compiled(options: Options) -> Iterator[Row]:
    """A year of the Edmonton model, compiled engine, one core, warm; percentiles in the note."""
    yield from _edmonton(options, "edmonton-year-compiled", "compiled", "nearest", asked=0.2)


@case("simulation", "edmonton-year-flow")
def edmonton_flow(options: Options) -> Iterator[Row]:
    """The same year by the exact engine, flow dispatch."""
    yield from _edmonton(options, "edmonton-year-flow", "exact", "flow", asked=30.0)


@case("simulation", "edmonton-response")
def edmonton_response(options: Options) -> Iterator[Row]:
    """How soon somebody is there in that year, in all and by priority; no time is measured."""
    if options.data is None:
        yield Row(suite="simulation", case="edmonton-response", metric="all", unit="min", note=_NO_DATA)
        return
    model = edmonton(options.data / "networks" / "edmonton")
    calls = model.source.draw(model.problem, seed=0, replication=0)
    found = _measured(model, calls, "compiled", "nearest")
    part = found.parts[0]
    for name, figures in (
        ("all", part.total),
        ("high priority, 8 min", part.kinds[0]),
        ("low priority, 12 min", part.kinds[1]),
    ):
        yield Row(
            suite="simulation",
            case="edmonton-response",
            metric=f"{name}: 90th percentile",
            unit="min",
            ours=_known(figures)["p90_s"] / 60,
            verified=_conserves(found),
            runs=1,
            note=f"{_known(figures)['calls']:,.0f} calls, {_response(figures)}; not validated",
        )


@case("simulation", "pingluo-year-exact", quick=True)
def pingluo_year(options: Options) -> Iterator[Row]:
    """A year of Pingluo, about 3,000 calls, exact engine with flow dispatch."""
    ready = _pingluo("drill-year", engine="exact", dispatch="flow")
    seconds = _cpu_s(partial(replicate, ready, 0))
    found = replicate(ready, 0)
    yield Row(
        suite="simulation",
        case="pingluo-year-exact",
        metric="one year, CPU",
        unit="s",
        ours=seconds,
        asked=5.0,
        verified=_conserves(found),
        quick=True,
        runs=_RUNS,
        note=_figures(found),
    )


@case("simulation", "flood-days-1000")
def flood_days(options: Options) -> Iterator[Row]:
    """1,000 replications of a Pingluo flood day on 2 workers, exact engine, start of workers included."""
    ready = _pingluo("drill-flood-day")
    replicate(ready, 0)
    begun = time.perf_counter()
    with ProcessPoolExecutor(
        2, mp_context=get_context("spawn"), initializer=_keep, initargs=(ready,)
    ) as pool:
        found = list(pool.map(_replicate_kept, range(1000), chunksize=25))
    yield Row(
        suite="simulation",
        case="flood-days-1000",
        metric="1,000 flood days on 2 workers, wall",
        unit="s",
        ours=time.perf_counter() - begun,
        asked=120.0,
        verified=all(map(_conserves, found)),
        runs=1,
        note=f"{np.mean([one.parts[0].total[0] for one in found]):.1f} calls a day",
    )


_kept: list[Drill] = []


def _keep(ready: Drill) -> None:
    """What a worker plays again and again."""
    _kept[:] = [ready]


def _replicate_kept(number: int) -> Replicated:
    return replicate(_kept[0], number)


def _pingluo(name: str, **changes: object) -> Drill:
    scenario = read_scenario(DATA / f"{name}.yaml", DrillScenario)
    section = scenario.drill.model_copy(update=changes)
    return prepared(read_region(PINGLUO), scenario.model_copy(update={"drill": section}))


def _edmonton(options: Options, name: str, engine: Engine, policy: Policy, *, asked: float) -> Iterator[Row]:
    if options.data is None:
        yield Row(suite="simulation", case=name, metric="one year", unit="s", note=_NO_DATA)
        return
    model = edmonton(options.data / "networks" / "edmonton")
    calls = model.source.draw(model.problem, seed=0, replication=0)
    seconds = _cpu_s(partial(simulate, model.problem, calls, engine=engine, policy=policy))
    found = _measured(model, calls, engine, policy)
    yield Row(
        suite="simulation",
        case=name,
        metric=f"one year, {len(calls):,} calls, CPU",
        unit="s",
        ours=seconds,
        asked=asked,
        verified=_conserves(found),
        runs=_RUNS,
        note=_figures(found),
    )


def _measured(model: Edmonton, calls: Calls, engine: Engine, policy: Policy) -> Replicated:
    run = simulate(model.problem, calls, engine=engine, policy=policy)
    nowhere = np.full(model.problem.drives.nodes, -1, np.int64)
    return replicated(model.problem, calls, run, area=nowhere, areas=0)


def _cpu_s(work: Callable[[], object]) -> float:
    """Median CPU time after one run that is not counted."""
    work()
    seconds = []
    for _ in range(_RUNS):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return median(seconds)


def _conserves(found: Replicated) -> bool:
    """Whether calls add up in every part: served, lost or open, by kind as in all."""
    return all(
        part.total[0] == part.total[1:4].sum() and np.allclose(part.kinds[:, :4].sum(axis=0), part.total[:4])
        for part in found.parts
    )


def _figures(found: Replicated) -> str:
    out = found.utilisation.mean()
    return f"{_response(found.parts[0].total)}, teams out {out:.1%}; not validated: no published output"


def _response(figures: Floats) -> str:
    told = _known(figures)
    return (
        f"in time {told['in_time']:.1%}, mean {told['mean_s'] / 60:.2f} min, percentiles 50/90/95"
        f" {told['p50_s'] / 60:.2f}/{told['p90_s'] / 60:.2f}/{told['p95_s'] / 60:.2f} min"
    )


def _known(figures: Floats) -> dict[str, float]:
    return dict(zip(FIELDS, figures.tolist(), strict=True))
