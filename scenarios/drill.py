"""Use case: play calls through a region's teams and roads, many times, and tell what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geo.region.region import Region
from optimizer.drill.figures import Replicated, replicated
from optimizer.drill.log import DrillRun
from optimizer.drill.problem import Calls
from optimizer.drill.simulate import simulate
from optimizer.watch import Progress
from scenarios.dispatch_teams import ReadyTeam
from scenarios.doctrine import Doctrine, shipped_doctrine
from scenarios.drill_inputs import DrillInputs, drill_inputs
from scenarios.drill_models import DrillScenario
from scenarios.drill_posts import posts_by_cover
from scenarios.drill_report import DrillReport
from scenarios.drill_summary import drill_report


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drill:
    """A drill made ready: everything a replication needs, to be handed to other processes whole."""

    scenario: DrillScenario
    doctrine: Doctrine
    inputs: DrillInputs


def drill(
    region: Region,
    scenario: DrillScenario,
    progress: Progress | None = None,
    *,
    doctrine: Doctrine | None = None,
    ready: Drill | None = None,
) -> DrillReport:
    """Simulate a drill scenario on a region, replication by replication.

    Same region, scenario and seed: same report, byte for byte. Two scenarios of one seed that differ in teams
    or rules see the same calls.

    Parameters
    ----------
    progress
        Hears of each replication as (phase, share done); returning ``True`` ends the drill with those played.
    ready
        What ``prepared`` made of the same region and scenario.

    Raises
    ------
    InputError
        As ``scenarios.drill_inputs``.
    """
    ready = ready or prepared(region, scenario, doctrine)
    played: list[Replicated] = []
    for number in range(scenario.drill.replications):
        if progress is not None and progress("replications", number / scenario.drill.replications) and played:
            break
        played.append(replicate(ready, number))
    done = len(played) == scenario.drill.replications
    status: Literal["done", "cancelled"] = "done" if done else "cancelled"
    return drill_report(region, scenario, ready.inputs, played, doctrine=ready.doctrine, status=status)


def prepared(
    region: Region,
    scenario: DrillScenario,
    doctrine: Doctrine | None = None,
    *,
    crews: Sequence[ReadyTeam] | None = None,
) -> Drill:
    """Read off the region what every replication of a scenario shares; raises as ``drill``.

    ``crews``: teams that take part in place of those that the scenario asks for.
    """
    rules = doctrine or shipped_doctrine()
    return Drill(scenario=scenario, doctrine=rules, inputs=drill_inputs(region, scenario, rules, crews=crews))


def replicate(ready: Drill, number: int) -> Replicated:
    """Figures of one replication; depends on its arguments alone."""
    section, inputs = ready.scenario.drill, ready.inputs
    batches = section.batches if section.replications == 1 else 1
    calls, run = play(ready, number, log=batches > 1)
    return replicated(
        inputs.problem,
        calls,
        run,
        area=inputs.places.township,
        areas=len(inputs.places.townships),
        batches=batches,
    )


def play(ready: Drill, number: int, *, log: bool = False) -> tuple[Calls, DrillRun]:
    """The calls of one replication and what became of them."""
    section = ready.scenario.drill
    calls = _calls(ready, number)
    moves = section.move_up.policy == "optimised"
    station = posts_by_cover(ready.inputs, ready.scenario, ready.doctrine) if moves else None
    run = simulate(
        ready.inputs.problem, calls, engine=section.engine, policy=section.dispatch, station=station, log=log
    )
    return calls, run


def _calls(ready: Drill, number: int) -> Calls:
    """Calls by chance, or those of a log with what it does not say drawn."""
    inputs, seed = ready.inputs, ready.scenario.seed
    if inputs.logged is None:
        return inputs.source.draw(inputs.problem, seed=seed, replication=number)
    at_ds, kind, node = inputs.logged
    shares = np.cumsum([one.share for one in ready.scenario.drill.kinds])
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(number, 99))))
    drawn = np.searchsorted(shares, stream.random(len(kind)) * shares[-1], side="right")
    kind = np.where(kind < 0, np.minimum(drawn, len(shares) - 1), kind)
    return inputs.source.calls_at(inputs.problem, at_ds, kind, node, seed=seed, replication=number)
