"""Capacities by prices: a bound and good plans where the whole program with shared rows is too large.

For any prices v >= 0 per unit of load the total is at least that of the median with costs
c_ij a_i + v_j d_i and opening costs f_j - v_j s_j: the Lagrangian bound of the capacities (Sridharan 1995,
doi:10.1016/0377-2217(95)00042-O). The sites of each such median, with the rows shared among them by a
least-cost flow, are a plan. What room is worth in a plan (``room_prices``) proves it where few sites are
crowded; else prices follow the overload (subgradient steps of Polyak 1969).
"""

from dataclasses import replace

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.rules import Rule
from optimizer.siting.least_total import Engine, least_total
from optimizer.siting.median_problem import MedianAnswer, MedianProblem
from optimizer.siting.median_relaxation import decided
from optimizer.siting.room_prices import room_prices
from optimizer.solver import PROVEN_GAP
from optimizer.watch import Watch

_STEPS = 60
_PATIENCE = 4
_LIMIT = 2.0**40


class Priced:
    """Prices that rise where a site is crowded; keeps the best plan, the best bound and what it excludes."""

    def __init__(self, problem: MedianProblem, capacity: Floats, load: Floats) -> None:
        enough = Rule(
            name="capacity for all",
            sites=np.arange(len(capacity)),
            amount=capacity,
            at_least=float(load.sum()) if problem.unserved is None else -np.inf,
        )
        self.problem = replace(problem, rules=(*problem.rules, enough))
        self.capacity, self.load = capacity, load
        self.best = MedianAnswer(status="infeasible", chosen=(), total=np.inf, bound=-np.inf)
        self.bound = -np.inf
        self.closed: Bools = np.zeros(len(capacity), np.bool_)

    def search(self, start: MedianAnswer, watch: Watch) -> None:
        """From the sites and the bound without capacities until a plan is proven, or steps are tiny."""
        self.bound = start.bound
        self._offer(np.array(start.chosen, np.int64))
        self._prove(watch)
        first = self.best
        self._step(watch)
        if self.best is not first:
            self._prove(watch)

    def _prove(self, watch: Watch) -> None:
        """Bound by the prices of the best plan: its total, unless they make other sites the better ones."""
        if self.proven or watch.stopped_by or self.best.status == "infeasible":
            return
        price = plan_prices(self.problem, self.capacity, self.load, self.best)
        found = least_total(self._priced(price), known=self.best.chosen, watch=watch)
        self.bound = max(self.bound, found.bound)
        if found.chosen:
            self._offer(np.array(found.chosen, np.int64))

    def _step(self, watch: Watch) -> None:
        """Steps until the plan is proven, the step is tiny or time is out."""
        price, center, pace, waited = np.zeros(len(self.capacity)), np.zeros(len(self.capacity)), 1.0, 0
        for step in range(_STEPS):
            watch.tell("p-median with capacities", 0.2 + 0.6 * step / _STEPS, self.bound, self.best.total)
            if watch.stopped_by or self.proven:
                return
            found, overload = self._median(price, watch)
            if found is None:
                return
            if found > self.bound or step == 0:
                center, waited = price, 0
                self.bound = max(self.bound, found)
            else:
                waited += 1
            if waited >= _PATIENCE:
                pace, waited, price = pace / 2, 0, center
            target = self.best.total if np.isfinite(self.best.total) else 1.05 * abs(self.bound)
            square = float(overload @ overload)
            if square == 0 or pace < 0.01:
                return
            price = np.maximum(0.0, price + pace * (target - found) / square * overload)

    @property
    def proven(self) -> bool:
        """Whether the bound has met the plan."""
        total = self.best.total
        return bool(np.isfinite(total) and total - self.bound <= PROVEN_GAP * abs(total))

    def _median(self, price: Floats, watch: Watch) -> tuple[float | None, Floats]:
        """Bound of the median at these prices and the overload of its sites; offers their plan."""
        problem, priced = self.problem, self._priced(price)
        engine = Engine(priced, watch)
        solved = engine.bounded()
        if solved is None:
            return None, np.zeros(len(price))
        chosen, bound = solved
        self._offer(chosen)
        if np.isfinite(self.best.total):
            f = len(problem.free)
            room = replace(bound, bound=bound.bound + engine.base)
            limit = self.best.total * (1 - 1e-9)
            _, upper = decided(room, limit, np.zeros(f), np.ones(f), engine.keeping)
            self.closed[problem.free[upper < 0.5]] = True
        cost = priced.cost[:, chosen]
        served = cost.min(axis=1) < (np.inf if problem.unserved is None else problem.unserved)
        home = chosen[cost.argmin(axis=1)]
        overload: Floats = np.bincount(home[served], weights=self.load[served], minlength=len(price)).astype(
            float
        )
        overload[chosen] -= self.capacity[chosen]
        return engine.base + bound.bound, overload

    def _priced(self, price: Floats) -> MedianProblem:
        """The median without capacities at these prices of room."""
        problem = self.problem
        rate = self.load / np.maximum(problem.weight, 1e-12)
        opening = np.zeros(len(price)) if problem.opening is None else problem.opening
        return replace(
            problem,
            cost=problem.cost + rate[:, None] * price[None, :],
            opening=opening - price * self.capacity,
        )

    def _offer(self, chosen: Int64s) -> None:
        plan = shared_plan(self.problem, self.capacity, self.load, chosen)
        if plan is not None and plan.total < self.best.total:
            self.best = plan


def plan_prices(problem: MedianProblem, capacity: Floats, load: Floats, plan: MedianAnswer) -> Floats:
    """Worth of a unit of room at each site in a plan of ``shared_plan``, shape (m,), 0 at closed ones."""
    opened = np.array(plan.chosen, np.int64)
    place = np.full(len(capacity), -1)
    place[opened] = np.arange(len(opened))
    row, site, part = (np.array(one) for one in zip(*plan.shared, strict=True))
    cost = per_unit_of_load(problem, load, opened)
    served = np.zeros(cost.shape, np.bool_)
    served[row, place[site]] = load[row] > 0
    used = np.bincount(place[site], weights=part * load[row], minlength=len(opened))
    full = used >= capacity[opened] - 1e-9 * max(1.0, float(load.sum()))
    if problem.unserved is not None:
        left = 1.0 - np.bincount(row, weights=part, minlength=len(load))
        served[:, -1], full = (left > 1e-9) & (load > 0), np.append(full, False)
    price = np.zeros(len(capacity))
    price[opened] = room_prices(cost, served, full)[: len(opened)]
    return price


def per_unit_of_load(problem: MedianProblem, load: Floats, chosen: Int64s) -> Floats:
    """Cost of a unit of each row's load at each of these sites, and unserved where rows may be, (n, k)."""
    rate = problem.weight / np.maximum(load, 1e-12)
    cost = problem.cost[:, chosen] * rate[:, None]
    return cost if problem.unserved is None else np.column_stack([cost, problem.unserved * rate])


def shared_plan(
    problem: MedianProblem, capacity: Floats, load: Floats, chosen: Int64s
) -> MedianAnswer | None:
    """The rows shared among these sites by a flow of least cost; ``None`` where they do not suffice.

    Loads and capacities are counted in whole units: fine for people, and for others rounded to a millionth of
    the sum, so that what is said to be shared is then exact to that much.
    """
    from ortools.graph.python import min_cost_flow

    scale = 1.0 if _whole(load) and _whole(capacity) else 1e6 / max(1e-12, float(load.sum()))
    need = np.rint(load * scale).astype(np.int64)
    room = np.minimum(np.floor(capacity[chosen] * scale + 1e-9), _LIMIT).astype(np.int64)
    per_unit = per_unit_of_load(problem, load, chosen)
    if problem.unserved is not None:
        room = np.append(room, need.sum())
    n, k = per_unit.shape
    if room.sum() < need.sum():
        return None
    row, site = np.nonzero(np.isfinite(per_unit) & (need > 0)[:, None])
    cost = per_unit[row, site]
    fine = 1.0 if _whole(cost) else 1e9 / max(1e-12, float(cost.max(initial=0.0)))
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        row, n + site, need[row], np.rint(cost * fine).astype(np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        n + np.arange(k), np.full(k, n + k), room, np.zeros(k, np.int64)
    )
    flow.set_nodes_supplies(np.arange(n), need)
    flow.set_nodes_supplies(np.array([n + k]), np.array([-need.sum()]))
    if flow.solve() != flow.OPTIMAL:
        return None
    moved = flow.flows(arcs)
    used = moved > 0
    part = moved[used] / need[row[used]]
    opening = np.zeros(len(capacity)) if problem.opening is None else problem.opening
    total = opening[chosen].sum() + part @ (cost[used] * load[row[used]])
    idle = np.flatnonzero(need == 0)
    nearest = per_unit[idle].argmin(axis=1)
    total += float((per_unit[idle, nearest] * np.maximum(load[idle], 1e-12)).sum())
    rows, places = np.concatenate([row[used], idle]), np.concatenate([site[used], nearest])
    served = places < len(chosen)
    order = np.lexsort((places[served], rows[served]))
    parts = np.concatenate([part, np.ones(len(idle))])[served][order]
    return MedianAnswer(
        status="feasible",
        chosen=tuple(np.sort(chosen).tolist()),
        total=float(total),
        bound=-np.inf,
        shared=tuple(
            zip(
                rows[served][order].tolist(),
                chosen[places[served][order]].tolist(),
                parts.tolist(),
                strict=True,
            )
        ),
    )


def _whole(values: Floats) -> bool:
    return bool((values == np.rint(values)).all())
