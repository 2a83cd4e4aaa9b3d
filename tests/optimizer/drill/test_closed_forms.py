"""The compiled engine against M/M/c, Erlang's loss formula, calls that give up and the hypercube.

2,000 replications each, every case with seeds of its own. There are nine tests of a mean; for a chance of
1 % that any of them fails although the engine is right, each may fail with 0.01 / 9, two-sided: 3.26 standard
errors (Bonferroni).
"""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from optimizer.drill.log import Outcome
from optimizer.drill.simulate import simulate
from tests.optimizer.drill.closed_forms import (
    Zones,
    erlang_b,
    erlang_c,
    gives_up,
    hypercube,
    queue,
    zoned,
)

REPLICATIONS = 2_000
TESTS = 9
LIMIT = NormalDist().inv_cdf(1 - 0.01 / TESTS / 2)


def held(observed: list[float], true: float) -> bool:
    """Whether a mean lies within the corrected limit of what it should be, and within 1 % of it."""
    found = np.array(observed)
    error = found.std(ddof=1) / np.sqrt(len(found))
    return bool(abs(found.mean() - true) <= LIMIT * error) and abs(found.mean() / true - 1) < 0.01


@pytest.mark.parametrize(
    ("servers", "load", "first_seed"), [(3, 2.0, 10_000), (8, 6.0, 20_000), (16, 10.0, 30_000)]
)
def test_the_share_of_calls_that_wait_is_erlangs(servers: int, load: float, first_seed: int) -> None:
    waited = []
    for seed in range(first_seed, first_seed + REPLICATIONS):
        problem, calls = queue(
            servers, between_ds=20_000 / load, work_ds=20_000, calls=900, seed=seed, waits=True
        )
        run = simulate(problem, calls)
        counted = (calls.at_ds >= problem.warm_up_ds) & (run.ordered_ds >= 0)
        waited.append(float((run.ordered_ds - calls.at_ds > 0)[counted].mean()))
    assert held(waited, erlang_c(servers, load))


@pytest.mark.parametrize(("servers", "load", "first_seed"), [(2, 1.5, 40_000), (5, 4.0, 50_000)])
def test_the_share_of_calls_lost_is_erlangs(servers: int, load: float, first_seed: int) -> None:
    lost = []
    for seed in range(first_seed, first_seed + REPLICATIONS):
        problem, calls = queue(
            servers, between_ds=20_000 / load, work_ds=20_000, calls=900, seed=seed, waits=False
        )
        run = simulate(problem, calls)
        lost.append(float((run.outcome == Outcome.LOST)[calls.at_ds >= problem.warm_up_ds].mean()))
    assert held(lost, erlang_b(servers, load))


@pytest.mark.parametrize(
    ("servers", "load", "patience", "first_seed"), [(1, 0.8, 0.5, 70_000), (3, 3.6, 0.25, 80_000)]
)
def test_the_share_of_calls_that_give_up_is_that_of_a_queue_with_fixed_patience(
    servers: int, load: float, patience: float, first_seed: int
) -> None:
    """The second queue would grow without end if nobody gave up."""
    lost, work_ds = [], 20_000
    give_up_ds = round(patience * work_ds)
    for seed in range(first_seed, first_seed + REPLICATIONS):
        problem, calls = queue(
            servers, between_ds=work_ds / load, work_ds=work_ds, calls=900, seed=seed, waits=True
        )
        run = simulate(replace(problem, give_up_ds=give_up_ds), calls)
        known = (calls.at_ds >= problem.warm_up_ds) & (calls.at_ds + give_up_ds < problem.horizon_ds)
        lost.append(float((run.outcome == Outcome.LOST)[known].mean()))
    assert held(lost, gives_up(servers, load, patience))


def test_the_formula_of_calls_that_give_up_has_the_known_ends() -> None:
    for servers, load in ((1, 0.5), (3, 3.0), (4, 5.5)):
        assert gives_up(servers, load, 0.0) == pytest.approx(erlang_b(servers, load))
        assert gives_up(servers, load, 200.0) == pytest.approx(max(0.0, 1 - servers / load), abs=1e-2)


def test_units_are_busy_as_the_hypercube_says() -> None:
    """Three units, four zones with orders of preference of their own; the first and the last unit."""
    drive = np.array([[0, 2, 1, 1], [2, 0, 1, 2], [1, 1, 0, 1], [1, 2, 1, 0]], float)
    drive[3, 0], drive[0, 3] = 1, 2
    home = np.array([0, 1, 2])
    order = np.argsort(drive[:, home], axis=1, kind="stable")
    work_ds, between_ds = 40_000.0, 25_000.0
    true = hypercube(np.full(4, 1 / between_ds / 4), order, work_ds)
    busy = []
    for seed in range(60_000, 60_000 + REPLICATIONS):
        rng = np.random.default_rng(seed)
        problem, calls = zoned(
            Zones(drive, home), rng, between_ds=between_ds, work_ds=work_ds, calls=900, waits=False
        )
        busy.append(simulate(problem, calls).busy_ds / (problem.horizon_ds - problem.warm_up_ds))
    assert held([float(one[0]) for one in busy], float(true[0]))
    assert held([float(one[2]) for one in busy], float(true[2]))
