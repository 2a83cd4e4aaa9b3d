"""Questions of the reserve benchmarks: Pingluo's with any number of scenarios, and published programs."""

from functools import cache

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.stochastic import stock_reserve
from optimizer.reserve.two_stage import Stage, TwoStage
from scenarios.files import read_scenario
from scenarios.pingluo.times import shipped_region
from scenarios.reserve_models import Generate, ReserveScenario, Trucks
from scenarios.shipped import DATA
from scenarios.stock_problem import StockInputs, stock_inputs

SEED = 1
"""Of the scenarios drawn."""
TRUCKS = 1
"""Where trucks are limited: with two of them Pingluo's cost hardly rises, with one it nearly trebles."""


@cache
def pingluo(scenarios: int | None = None, *, limited: bool = False) -> StockInputs:
    """The shipped question with its own scenarios, or with so many drawn from them."""
    shipped = read_scenario(DATA / "reserve-1200.yaml", ReserveScenario)
    section = shipped.reserve.model_copy(
        update={
            "generate": None if scenarios is None else Generate(count=scenarios, seed=SEED),
            "trucks": Trucks(number=TRUCKS if limited else None),
        }
    )
    return stock_inputs(shipped_region(), shipped.model_copy(update={"reserve": section}))


@cache
def warm() -> None:
    """Compile and load what the cases use, on two scenarios."""
    for limited in (False, True):
        problem = pingluo(limited=limited).problem
        stock_reserve(problem.among(problem.scenarios.only([0, 1])), relative_gap=0.05)


def farmer() -> TwoStage:
    """Wheat, corn and beets on 500 acres at three yields: Birge & Louveaux (2011), section 1.1."""

    def stage(yield_factor: float) -> Stage:
        # bought wheat, corn; sold wheat, corn; sold beets at the quota's price and above it
        crop = np.diag(yield_factor * np.array([2.5, 3.0, 20.0]))
        first: Floats = np.vstack([crop * [1, 1, -1], np.zeros(3)])
        second: Floats = np.array(
            [[1.0, 0, -1, 0, 0, 0], [0, 1, 0, -1, 0, 0], [0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 1, 0]]
        )
        return Stage(
            cost=np.array([238.0, 210, -170, -150, -36, -10]),
            first=first,
            second=second,
            lower=np.array([200.0, 240, -np.inf, -np.inf]),
            upper=np.array([np.inf, np.inf, 0, 6000.0]),
        )

    return TwoStage(
        cost=np.array([150.0, 230, 260]),
        rows=np.ones((1, 3)),
        lower=np.array([-np.inf]),
        upper=np.array([500.0]),
        stages=(stage(0.8), stage(1.0), stage(1.2)),
        chance=(1 / 3, 1 / 3, 1 / 3),
    )
