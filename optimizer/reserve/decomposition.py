"""Many scenarios: the first stage and each scenario's deliveries apart, joined by cuts.

The second stage without truck limits separates by item, so that every trial gives one cut for each item and
group of scenarios; trials lie half-way between the best plan known and the cheapest by the cuts (in-out
separation, Ben-Ameur & Neto 2007, doi:10.1002/net.20174). Cuts after Benders (1962), doi:10.1007/BF01386316,
several for each trial as in Birge & Louveaux (1988), doi:10.1016/0377-2217(88)90159-2. Truck limits are
priced outside (``optimizer.reserve.truck_prices``): at fixed prices the second stage separates again, and
each set of prices is a round of cuts.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.cut_master import CutMaster, Trial
from optimizer.reserve.first_stage import SNAP, FirstStage, first_stage
from optimizer.reserve.recourse import Recourse, SecondStage
from optimizer.reserve.recourse_pool import Prices, RecoursePool
from optimizer.reserve.reserve_answer import Aim
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.risk import worst_chance
from optimizer.reserve.truck_prices import truck_prices
from optimizer.watch import Watch

MOST_GROUPS = 20
"""Groups of scenarios with cuts of their own: measured for 12 to 2,000 scenarios, 10 to 20 are alike."""
IN_OUT = 0.5
"""How far a trial lies from the best plan known towards the cheapest by the cuts."""
MOST_THETA = 1e4
"""Cost of bringing nothing in the program's money, at most: beyond, the simplex loses its digits."""
STALLED = 0.05
"""A round that closes less of the gap than this share gets prices where the cuts say the least is."""
MOST_STUCK = 3
"""Rounds in a row that raise no bound, after which there is nothing left to gain but digits."""
FIRST_ROUND_GAP = 0.2
"""Four times the relative gap to which the first round of prices is solved."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A first stage with its cost and a proven bound.

    ``values`` is ``None`` when no first stage keeps all rows, or when nothing was found in time; ``duals``
    are those of the first stage's rows with the whole choices fixed.
    """

    values: Floats | None
    objective: float
    bound: float
    duals: Floats
    infeasible: bool = False


def decompose(
    problem: ReserveProblem,
    watch: Watch,
    *,
    aim: Aim,
    relative_gap: float,
    workers: int = 1,
    cluster: str | None = None,
) -> tuple[FirstStage, Found]:
    """The best plan within a relative gap, or as far as ``watch`` lets it come."""
    stage = SecondStage.of(problem)
    first = first_stage(problem, stage.columns)
    with RecoursePool(stage, most_groups=MOST_GROUPS, workers=workers, cluster=cluster) as pool:
        return first, _Search(first, pool, watch, aim, relative_gap).found()


class _Search:
    """One question's search: rounds of cuts at fixed prices; then the same with whole choices fixed."""

    def __init__(
        self, first: FirstStage, pool: RecoursePool, watch: Watch, aim: Aim, relative_gap: float
    ) -> None:
        self._first, self._pool, self._watch = first, pool, watch
        self._gap = relative_gap / 2 if first.integer.any() else relative_gap
        scenarios = pool.scenarios
        unit = np.maximum(1.0, scenarios.need[:, :, :, -1].sum(axis=1).max(axis=0))
        bought = float(unit @ first.problem.items.hold_cost.max(axis=1))
        money = max(1.0, bought / 10, float(scenarios.probability @ pool.nothing_brought()) / MOST_THETA)
        at_risk = aim.kind == "cvar" and aim.cvar_weight > 0
        self._risk = aim if at_risk else None
        self._factor = 1 + aim.cvar_weight if at_risk else 1.0
        self._master = CutMaster(
            first, len(pool.members), unit=unit, money=money, factor=self._factor, joint=at_risk
        )
        self._chance = scenarios.probability
        self._weight = self._chance * self._factor
        self._truck_s = np.where(np.isfinite(scenarios.truck_s), scenarios.truck_s, 0.0)
        self._price = np.zeros(self._truck_s.shape)
        self._limited = bool(np.isfinite(scenarios.truck_s).any())
        self._priced = self._limited or at_risk
        self._proposed = self._price, self._weight
        self._bound = self._phase_bound = -np.inf
        self._objective = np.inf
        self._values: Floats | None = None
        self._infeasible = False
        self._duals = self._last_duals = self._cheapest = np.empty(0)

    def found(self) -> Found:
        """Search with the whole choices in between first, then with them whole."""
        self._master.start_round(self._constants())
        trial = self._next()
        if trial is None:
            return Found(None, np.inf, -np.inf, np.empty(0), infeasible=self._master.infeasible)
        objective, values = self._phase(trial.values)
        self._bound = self._phase_bound
        if self._whole(values):
            self._keep(objective, values)
        else:
            self._choose_whole()
        return Found(self._values, self._objective, self._bound, self._duals, infeasible=self._infeasible)

    def _next(self) -> Trial | None:
        trial = self._master.solve(self._watch.left_s)
        if trial is not None:
            self._phase_bound = max(self._phase_bound, trial.bound)
            self._last_duals, self._cheapest = trial.duals, trial.values
        return trial

    def _keep(self, objective: float, values: Floats) -> None:
        if objective < self._objective:
            self._objective, self._values, self._duals = objective, values, self._last_duals

    def _phase(self, start: Floats) -> tuple[float, Floats]:
        """Rounds until bound and cost are as close as asked, within the limits of the whole choices."""
        objective, values, stuck = np.inf, start, 0
        while True:
            apart = (objective - self._phase_bound) / objective if np.isfinite(objective) else FIRST_ROUND_GAP
            gap = max(self._gap / 3, apart / 4) if self._priced else self._gap
            before = self._phase_bound
            value, start = self._round(start, gap=gap)
            if self._priced:
                if np.isfinite(objective) and self._phase_bound - before <= STALLED * (objective - before):
                    start = self._cheapest
                value = self._exactly(start)
            if value < objective:
                objective, values = value, start
            if not self._priced or self._settled(objective) or stuck > MOST_STUCK:
                return objective, values
            stuck = stuck + 1 if self._phase_bound <= before else 0
            self._price, self._weight = self._proposed
            self._master.start_round(self._constants())

    def _settled(self, objective: float) -> bool:
        return self._close(objective, self._gap) or self._hopeless or self._watch.stopped_by is not None

    def _close(self, objective: float, gap: float, bound: float | None = None) -> bool:
        below = self._phase_bound if bound is None else bound
        return bool(np.isfinite(objective)) and objective - below <= gap * max(1.0, abs(objective))

    @property
    def _hopeless(self) -> bool:
        """Whether nothing within the present limits can be better than what is kept."""
        return self._phase_bound >= self._objective

    def _round(self, centre: Floats, *, gap: float) -> tuple[float, Floats]:
        """Cuts at the prices as they are until their own least is known within ``gap``; cost and values."""
        best, trial, step = np.inf, centre, IN_OUT
        while True:
            before = best, self._phase_bound
            value = self._look(trial)
            if value < best:
                best, centre = value, trial
            cheapest = self._next()
            self._watch.tell("plan", 0.0, bound=self._phase_bound, incumbent=best)
            if cheapest is None or self._close(best, gap) or self._hopeless or self._watch.stopped_by:
                return best, centre
            moved = best < before[0] or self._phase_bound > before[1]
            if not moved and step == 1:
                return best, centre
            step = IN_OUT if moved else 1.0
            trial = centre + step * (cheapest.values - centre)

    def _look(self, values: Floats) -> float:
        """Cost at the prices as they are; adds the cuts."""
        found = self._recourse(values)
        self._master.add(found)
        cost, _ = self._pool.by_scenario(found)
        return self._first_cost(values) + float(self._weight @ cost) - float(self._constants().sum())

    def _recourse(self, values: Floats) -> list[Recourse]:
        prices = Prices(weight=self._weight, truck=self._price, asked=np.ones(len(self._weight), np.bool_))
        return self._pool.recourse(self._first.quantity(values), prices)

    def _exactly(self, values: Floats) -> float:
        """Cost by the aim, under the limits on trucks; proposes the prices that are best there."""
        price, weight = self._price, self._weight
        if self._limited:
            found = truck_prices(
                self._pool,
                self._first.quantity(values),
                start=price,
                weight=weight,
                relative_gap=self._gap / 4,
                watch=self._watch,
            )
            price, by_scenario = found.price, found.upper
        else:
            by_scenario, _ = self._pool.by_scenario(self._recourse(values))
        if self._risk is not None:
            worst = worst_chance(by_scenario, self._chance, self._risk.cvar_level)
            weight = self._chance + self._risk.cvar_weight * worst
        self._proposed = price, weight
        return self._first_cost(values) + float(weight @ by_scenario)

    def _constants(self) -> Floats:
        """What the truck seconds there are take off at the prices, by group."""
        each = self._weight * (self._price * self._truck_s).sum(axis=1)
        return np.array([each[members].sum() for members in self._pool.members])

    def _first_cost(self, values: Floats) -> float:
        return self._factor * (float(self._first.objective @ values) + self._first.constant)

    def _whole(self, values: Floats) -> bool:
        at = values[self._first.whole]
        return bool((np.abs(at - np.rint(at)) <= SNAP).all())

    def _choose_whole(self) -> None:
        """Whole choices that are best by the cuts, what is best with them, and so on until they stay."""
        self._master.hold()
        tried: dict[bytes, float] = {}
        while True:
            self._master.fix(np.zeros(len(self._first)), self._first.upper)
            scale = max(1.0, min(abs(self._objective), abs(self._bound)))
            trial = self._master.solve(self._watch.left_s, whole_gap=self._gap / 2 * scale)
            if trial is None:
                self._infeasible = self._values is None and self._master.infeasible
                return
            self._bound = max(self._bound, min(trial.bound, self._objective))
            if self._close(self._objective, 2 * self._gap, self._bound):
                return
            choice = np.rint(trial.values[self._first.whole])
            if tried.get(choice.tobytes(), -np.inf) >= self._bound:
                return
            tried[choice.tobytes()] = self._bound
            self._try(choice)
            if self._watch.stopped_by:
                return

    def _try(self, choice: Floats) -> None:
        """The best plan with these whole choices."""
        low, high = np.zeros(len(self._first)), self._first.upper.copy()
        low[self._first.whole] = high[self._first.whole] = choice
        self._master.fix(low, high)
        trial = self._master.solve(self._watch.left_s)
        if trial is None:
            return
        self._phase_bound, self._last_duals = trial.bound, trial.duals
        self._keep(*self._phase(trial.values))
        self._master.hold()
