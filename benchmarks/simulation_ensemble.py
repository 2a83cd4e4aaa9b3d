"""Ensembles: how much sooner two workers end than one, the same bytes in both."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.registry import Options, Row, case
from geo.region.files import read_region
from scenarios.ensemble import ensemble
from scenarios.ensemble_models import EnsembleScenario
from scenarios.ensemble_store import MEMBERS
from scenarios.files import read_scenario
from scenarios.shipped import DATA, PINGLUO
from scenarios.task_pool import Processes

_RUNS = 3


@case("simulation", "ensemble-workers")
def workers(options: Options) -> Iterator[Row]:
    """The shipped thousand flood days, twice over: start of the workers and writing included."""
    yield _workers("ensemble-workers", times=1)


@case("simulation", "ensemble-workers-long")
def long_run(options: Options) -> Iterator[Row]:
    """Three times as many days, so that what each process needs to begin counts for less."""
    yield _workers("ensemble-workers-long", times=3)


def _workers(name: str, *, times: int) -> Row:
    region = read_region(PINGLUO)
    file = DATA / "flood-days.yaml"
    shipped = read_scenario(file, EnsembleScenario)
    more = {"replications": times * shipped.ensemble.replications}
    scenario = shipped.model_copy(update={"ensemble": shipped.ensemble.model_copy(update=more)})
    seconds: dict[int, list[float]] = {1: [], 2: []}
    bytes_seen = set()
    for _ in range(_RUNS):
        for count, took in seconds.items():
            with tempfile.TemporaryDirectory() as scratch:
                begun = perf_counter()
                ensemble(region, scenario, beside=file.parent, out=Path(scratch), engine=Processes(count))
                took.append(perf_counter() - begun)
                bytes_seen.add((Path(scratch) / MEMBERS).read_bytes())
    one, two = (sorted(took)[_RUNS // 2] for took in seconds.values())
    return Row(
        suite="simulation",
        case=name,
        metric=f"{scenario.ensemble.members:,} members, wall, 2 workers against 1",
        unit="s",
        ours=two,
        peer="1 worker",
        theirs=one,
        asked=1.8,
        asked_on="ratio",
        verified=len(bytes_seen) == 1,
        runs=_RUNS,
        note="verified: members.parquet is the same bytes in all runs",
    )
