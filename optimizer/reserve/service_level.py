"""What a level of service costs: the cheapest plan that meets it.

The level is a row over all scenarios; priced at lambda for each window's share it leaves a question of
expected cost with penalties lambda x share of one unit, which ``optimizer.reserve.decomposition`` solves.
With a plan's cost C and shares short s,

    max over lambda >= 0 of min over plans of C + lambda (s - allowed)

is reached by cuts (Kelley 1960, doi:10.1137/0108053); the program of cuts mixes the plans found into one that
meets the level, because quantities may be mixed (Dantzig & Wolfe 1960, doi:10.1287/opre.8.1.101). Whole
choices cannot: the mixed plan is enlarged and opened as far as any part of it needs, so that its gap may
stay open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Floats, Status
from optimizer.program import Rows
from optimizer.reserve.decomposition import decompose
from optimizer.reserve.evaluate import cost_split, mixed_outcome, outcome
from optimizer.reserve.first_stage import SNAP
from optimizer.reserve.reserve_answer import Aim, Binding, Holding, Outcome, ReserveAnswer
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.service import service_met, service_weight
from optimizer.solver import SolverError, solve
from optimizer.watch import Watch

MOST_ROUNDS = 40
"""Prices tried at most."""
TOWARDS = 0.5
"""How far the next prices lie from the best known towards the best by the cuts."""
DEAREST = 100.0
"""A unit short costs at most so many times the dearest way to hold and use it."""
MET = 1e-4
"""Share of service that may be missing of a level that counts as met."""
SHARE = 1e-6
"""Share below which a plan is no part of a mixture."""


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    held: Holding
    then: Outcome
    spent: float
    short: Floats


def least_cost_at_service(
    problem: ReserveProblem,
    aim: Aim,
    watch: Watch,
    *,
    relative_gap: float,
    workers: int = 1,
    cluster: str | None = None,
) -> ReserveAnswer:
    """The cheapest plan whose expected service is at least the aim's in each window."""
    return _Search(problem, aim, watch, relative_gap, workers, cluster).answer()


class _Search:
    def __init__(
        self,
        problem: ReserveProblem,
        aim: Aim,
        watch: Watch,
        relative_gap: float,
        workers: int,
        cluster: str | None,
    ) -> None:
        self._problem, self._watch, self._gap, self._workers = problem, watch, relative_gap, workers
        self._aim, self._cluster = aim, cluster
        self._weight = service_weight(problem.scenarios)
        self._allowed = 1 - np.array(aim.service)
        dearest = (problem.items.hold_cost + problem.items.use_cost).max(axis=1, keepdims=True)
        weight = np.where(self._weight > 0, self._weight, np.inf)
        asked = self._allowed < 1
        self._cap = np.where(asked, (DEAREST * dearest / weight).max(axis=0), 0.0)
        self._price = np.where(asked, np.minimum((problem.penalty / weight).max(axis=0), self._cap), 0.0)
        self._plans: list[_Plan] = []
        self._bound = -np.inf
        self._best = self._price

    def answer(self) -> ReserveAnswer:
        """Try prices until the mixture's cost is close to the bound."""
        shares, missing = np.empty(0), 0.0
        for turn in range(MOST_ROUNDS):
            nothing = self._try(self._price)
            if nothing is not None:
                return nothing
            objective, shares, price, missing = self._mixed()
            self._watch.tell("service", turn / MOST_ROUNDS, bound=self._bound, incumbent=objective)
            if objective - self._bound <= self._gap / 2 * max(1.0, abs(objective)) or self._watch.stopped_by:
                break
            self._price = self._best + TOWARDS * (price - self._best)
        return self._told(shares, missing)

    def _try(self, price: Floats) -> ReserveAnswer | None:
        """The plan at a price; what went wrong when there is none."""
        priced = replace(self._problem, penalty=self._weight * price)
        first, found = decompose(
            priced,
            self._watch,
            aim=Aim(),
            relative_gap=self._gap / 4,
            workers=self._workers,
            cluster=self._cluster,
        )
        if found.values is None:
            status: Status = "infeasible" if found.infeasible else "cancelled"
            return ReserveAnswer(
                status=status, held=None, objective=None, bound=None, stopped_by=self._watch.stopped_by
            )
        bound = found.bound - float(price @ self._allowed)
        if bound > self._bound:
            self._bound, self._best = bound, price
        held = first.holding(found.values)
        then = outcome(priced, held, workers=self._workers)
        cost = cost_split(priced, held, then)
        short = 1 - service_met(self._problem.scenarios, then.shortage)
        self._plans.append(_Plan(held, then, cost.total - cost.penalty, short))
        return None

    def _mixed(self) -> tuple[float, Floats, Floats, float]:
        """Cost, shares and prices of the cheapest mixture, and the service that it misses at the caps."""
        plans, windows = self._plans, len(self._allowed)
        count = len(plans)
        money = max(1.0, max(plan.spent for plan in plans))
        rows = Rows()
        rows.add_one(np.arange(count), np.ones(count), lower=1.0, upper=1.0)
        for window in range(windows):
            short = np.array([plan.short[window] for plan in plans])
            columns, values = np.append(np.arange(count), count + window), np.append(short, -1.0)
            rows.add_one(columns, values, lower=-np.inf, upper=float(self._allowed[window]))
        objective = np.concatenate([[plan.spent for plan in plans], self._cap]) / money
        free = np.full(count + windows, np.inf)
        answer = solve(
            rows.program(objective, upper=free, integer=np.zeros(len(free), np.bool_)),
            limit_s=np.inf,
            engine="glop",
        )
        if answer.status != "optimal":
            raise SolverError(f"service: the solver ended {answer.status}")
        price = np.maximum(0.0, -answer.duals[1:]) * money
        return answer.objective * money, answer.values[:count], price, float(answer.values[count:].max())

    def _told(self, shares: Floats, missing: float) -> ReserveAnswer:
        parts = [(float(a), plan) for a, plan in zip(shares, self._plans, strict=True) if a > SHARE]
        held = _mixed_holding(parts)
        then = mixed_outcome(self._problem, [(share, plan.then) for share, plan in parts])
        cost = cost_split(self._problem, held, then)
        objective = cost.total - cost.penalty
        close = objective - self._bound <= self._gap * max(1.0, abs(objective))
        binding = tuple(
            Binding(kind="service", place=str(window), price=float(price))
            for window, price in enumerate(self._best)
            if price > 0
        )
        stopped_by = None if close else self._watch.stopped_by
        if missing > MET and stopped_by is None:
            return ReserveAnswer(status="infeasible", held=None, objective=None, bound=None, binding=binding)
        return ReserveAnswer(
            status="optimal" if close and missing <= MET else "feasible",
            held=held,
            objective=objective,
            bound=min(self._bound, objective),
            cost=cost,
            outcome=then,
            binding=binding,
            stopped_by=stopped_by,
        )


def _mixed_holding(parts: Sequence[tuple[float, _Plan]]) -> Holding:
    total = sum(share for share, _ in parts)
    steps = sum((share / total * plan.held.steps for share, plan in parts), np.zeros(1))
    return Holding(
        quantity=sum((share / total * plan.held.quantity for share, plan in parts), np.zeros(1)),
        steps=np.ceil(steps - SNAP).astype(np.int64),
        opened=np.any([plan.held.opened for _, plan in parts], axis=0),
    )
