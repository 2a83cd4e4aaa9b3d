"""Figures of a run: parts add up to the whole, the end flatters nobody, intervals stay possible."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer.drill.figures import FIELDS, duty_share, replicated
from optimizer.drill.log import Event
from optimizer.drill.simulate import simulate
from optimizer.drill.statistics import estimate
from tests.optimizer.drill.drawn import drawn


@pytest.mark.parametrize("seed", range(8))
def test_time_out_and_jobs_by_part_add_up_to_the_whole(seed: int) -> None:
    """The whole is counted by the clock, the parts are read from its log."""
    problem, calls = drawn(seed)
    run = simulate(problem, calls, log=True)
    none = np.full(problem.drives.nodes, -1)
    found = replicated(problem, calls, run, area=none, areas=0, batches=7)
    assert found.parts_utilisation.mean(axis=0) == pytest.approx(found.utilisation)
    assert found.parts_jobs.sum(axis=0).tolist() == found.jobs.tolist()
    assert (found.parts_utilisation <= 1 + 1e-9).all()
    one = replicated(problem, calls, run, area=none, areas=0)
    assert np.array_equal(one.parts_utilisation[0], one.utilisation)


@pytest.mark.parametrize("seed", range(4))
def test_in_time_is_of_all_calls_that_came_so_long_before_the_end(seed: int) -> None:
    problem, calls = drawn(seed)
    run = simulate(problem, calls)
    found = replicated(problem, calls, run, area=np.full(problem.drives.nodes, -1), areas=0)
    first, within = run.first_arrival_ds(), problem.kinds.within_ds[calls.kind]
    asked = (calls.at_ds >= problem.warm_up_ds) & (calls.at_ds + within < problem.horizon_ds)
    held = asked & (first >= 0) & (first - calls.at_ds <= within)
    share = found.parts[0].total[FIELDS.index("in_time")]
    assert asked.any()
    assert share == pytest.approx(held.sum() / asked.sum())


@pytest.mark.parametrize("seed", range(4))
def test_the_share_on_duty_is_that_of_every_instant(seed: int) -> None:
    problem, _ = drawn(seed)
    fleet = problem.fleet
    on, held = fleet.on_duty.copy(), np.zeros(len(fleet))
    changes = list(zip(fleet.duty_at_ds, fleet.duty_team, fleet.duty_on, strict=True))
    for instant in range(problem.horizon_ds):
        while changes and changes[0][0] <= instant:
            _, team, now = changes.pop(0)
            on[team] = now
        held += on & (instant >= problem.warm_up_ds)
    assert duty_share(problem) == pytest.approx(held / (problem.horizon_ds - problem.warm_up_ds))


def test_an_interval_is_cut_at_what_is_possible() -> None:
    found = estimate(np.array([0.1, 0.9]), least=0.0, most=1.0)
    assert (found.mean, found.low, found.high) == (0.5, 0.0, 1.0)
    free = estimate(np.array([0.1, 0.9]))
    assert free.low is not None
    assert free.low < 0


def test_a_patient_goes_to_the_hospital_of_the_vehicle_that_carries() -> None:
    """The hospital of each mode of driving is the node of its number."""
    seen = set()
    for seed in range(30):
        problem, calls = drawn(seed)
        states, modes, nodes, _ = problem.drives.drive_ds.shape
        hospital = np.tile(np.arange(modes)[None, :, None], (states, 1, nodes))
        problem = replace(problem, drives=replace(problem.drives, hospital=hospital))
        log = simulate(problem, calls, log=True).log
        for *_, team, node in log[log[:, 1] == Event.HOSPITAL].tolist():
            assert node == problem.fleet.home_mode[team]
            seen.add(node)
    assert len(seen) > 1
