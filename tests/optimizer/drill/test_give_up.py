"""Calls that give up: who waits how long, who still comes, what a call with several slots gives up."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer.drill.log import DrillRun, Event, Outcome
from optimizer.drill.problem import Calls, DrillProblem
from optimizer.drill.simulate import Engine, Policy, simulate
from tests.optimizer.drill.closed_forms import Zones, zoned

ENGINES: list[tuple[Engine, Policy]] = [("compiled", "nearest"), ("exact", "nearest"), ("exact", "flow")]
pytestmark = pytest.mark.parametrize("engine", ENGINES)


def drill(
    at_ds: list[int], work_ds: list[int], *, teams: int = 1, slots: int = 1, handling_ds: int = 0
) -> tuple[DrillProblem, Calls]:
    """Calls at node 1, teams at node 0, 10 ds away; calls give up 100 ds after the order time."""
    drive_ds = np.array([[0.0, 10.0], [10.0, 0.0]])
    zones, rng = Zones(drive_ds, np.zeros(teams, np.int64)), np.random.default_rng(0)
    problem, calls = zoned(zones, rng, between_ds=1, work_ds=1, calls=len(at_ds), waits=True)
    kinds = replace(
        problem.kinds,
        slot_from=np.array([0, slots]),
        eligible=np.ones((slots, teams), np.bool_),
        weight=np.ones(slots, np.int64),
        shortage_weight=np.ones(slots, np.int64),
    )
    return (
        replace(
            problem, kinds=kinds, horizon_ds=2_000, warm_up_ds=0, handling_ds=handling_ds, give_up_ds=100
        ),
        replace(calls, at_ds=np.array(at_ds), node=np.ones(len(at_ds), np.int64), work_ds=np.array(work_ds)),
    )


def played(engine: tuple[Engine, Policy], problem: DrillProblem, calls: Calls) -> DrillRun:
    return simulate(problem, calls, engine=engine[0], policy=engine[1], log=True)


def events(run: DrillRun, call: int) -> list[tuple[int, str]]:
    return [(at, Event(event).name) for at, event, of, *_ in run.log.tolist() if of == call]


@pytest.mark.parametrize(
    ("free_ds", "ends"),
    [(119, Outcome.SERVED), (120, Outcome.SERVED), (121, Outcome.LOST)],
)
def test_a_team_that_becomes_free_at_the_very_moment_still_goes(
    engine: tuple[Engine, Policy], free_ds: int, ends: Outcome
) -> None:
    """The second call comes in at 15 and is handled until 20; it gives up at 120."""
    problem, calls = drill([0, 15], [free_ds - 15, 5], handling_ds=5)
    run = played(engine, problem, calls)
    assert run.outcome.tolist() == [Outcome.SERVED, ends]
    if ends == Outcome.LOST:
        assert events(run, 1) == [(20, "CALL"), (20, "WAIT"), (120, "SHORT"), (120, "LOST")]
    else:
        assert (free_ds, "ORDER") in events(run, 1)


def test_who_is_under_way_still_comes_however_long_the_drive(engine: tuple[Engine, Policy]) -> None:
    problem, calls = drill([0, 0], [105, 5], teams=2)
    far = np.array([[0, 500], [500, 0]], np.int32)[None, None]
    run = played(engine, replace(problem, drives=replace(problem.drives, drive_ds=far)), calls)
    assert run.outcome.tolist() == [Outcome.SERVED, Outcome.SERVED]
    assert run.arrived_ds.tolist() == [500, 500]


def test_a_call_gives_up_the_slots_to_which_nobody_is_under_way(engine: tuple[Engine, Policy]) -> None:
    """Two slots and one team: the team works on, the other slot is short, and the call is served."""
    problem, calls = drill([0], [300, 300], slots=2)
    run = played(engine, problem, calls)
    assert [one for one in events(run, 0) if one[1] in ("SHORT", "SERVED")] == [
        (100, "SHORT"),
        (310, "SERVED"),
    ]
    assert sorted(run.team_of.tolist()) == [-1, 0]


def test_a_call_whose_team_is_taken_after_its_patience_gives_up_at_once(
    engine: tuple[Engine, Policy],
) -> None:
    """A graver call at 150 takes the only team, on its way for 500 ds, from a call that waited since 0."""
    problem, calls = drill([0, 150], [5, 5])
    two = replace(
        problem.kinds,
        priority=np.array([0, 1]),
        slot_from=np.array([0, 1, 2]),
        eligible=np.ones((2, 1), np.bool_),
        weight=np.ones(2, np.int64),
        shortage_weight=np.ones(2, np.int64),
        within_ds=np.full(2, 100),
        recovery_ds=np.zeros(2, np.int64),
    )
    far = np.array([[0, 500], [500, 0]], np.int32)[None, None]
    problem = replace(
        problem,
        kinds=two,
        fleet=replace(problem.fleet, mode=np.zeros((1, 2), np.int64)),
        drives=replace(problem.drives, drive_ds=far),
        divert_gain_ds=0,
    )
    run = played(engine, problem, replace(calls, kind=np.array([0, 1])))
    assert run.outcome.tolist() == [Outcome.LOST, Outcome.SERVED]
    assert events(run, 0)[-3:] == [(150, "DIVERT"), (150, "SHORT"), (150, "LOST")]
    assert run.arrived_ds.tolist() == [-1, 500]
