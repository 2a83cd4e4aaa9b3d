"""Two-stage linear programs of any kind, small and dense: what knowing more is worth.

    min  c x + sum_n p_n q_n y_n   s.t. lower <= A x <= upper,  lower_n <= T_n x + W_n y_n <= upper_n,  x,
    y >= 0

solved in one piece. RP is its optimum; EV replaces the scenarios by their mean; EEV is what EV's first stage
costs over the scenarios; WS is the mean of the optima of each scenario alone. VSS = EEV - RP and EVPI = RP
- WS (Birge & Louveaux 2011, section 4, doi:10.1007/978-1-4614-0237-4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from optimizer.problem import Floats
from optimizer.program import Program, Rows
from optimizer.solver import Solution, SolverError, solve


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """Costs and rows of one scenario's second stage.

    Parameters
    ----------
    cost
        By second-stage variable, shape (y,).
    first, second
        T and W, shapes (r, x) and (r, y).
    lower, upper
        By row, shape (r,).
    """

    cost: Floats
    first: Floats
    second: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoStage:
    """A two-stage linear program.

    Parameters
    ----------
    cost
        By first-stage variable, shape (x,).
    rows, lower, upper
        Of the first stage, shapes (r, x), (r,), (r,).
    chance
        Of each stage, sum 1.
    """

    cost: Floats
    rows: Floats
    lower: Floats
    upper: Floats
    stages: tuple[Stage, ...]
    chance: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worth:
    """Objectives and first stages of a program and of its mean, and what each kind of knowledge is worth."""

    rp: float
    chosen: Floats
    ev: float
    chosen_by_mean: Floats
    eev: float
    ws: float

    @property
    def vss(self) -> float:
        """Value of the stochastic solution."""
        return self.eev - self.rp

    @property
    def evpi(self) -> float:
        """Expected value of perfect information."""
        return self.rp - self.ws


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AtRisk:
    """Plan of least mean + weight x CVaR: its first stage, mean cost and cost by scenario."""

    objective: float
    chosen: Floats
    mean: float
    costs: Floats


def worth(program: TwoStage) -> Worth:
    """What the scenarios and knowing them are worth.

    Raises
    ------
    SolverError
        A program has no optimum.
    """
    size = len(program.cost)
    rp = _solved(program)
    mean = replace(program, stages=(_mean(program),), chance=(1.0,))
    ev = _solved(mean)
    eev = _solved(program, fixed=ev.values[:size])
    ws = [_solved(replace(program, stages=(one,), chance=(1.0,))).objective for one in program.stages]
    return Worth(
        rp=rp.objective,
        chosen=rp.values[:size],
        ev=ev.objective,
        chosen_by_mean=ev.values[:size],
        eev=eev.objective,
        ws=float(np.dot(program.chance, ws)),
    )


def mean_and_risk(program: TwoStage, *, level: float, weight: float) -> AtRisk:
    """Least mean cost + ``weight`` x mean of the dearest 1 - ``level`` of the costs.

    Rockafellar & Uryasev (2000), doi:10.21314/JOR.2000.038.

    Raises
    ------
    SolverError
        The program has no optimum.
    """
    answer = _solved(program, level=level, weight=weight)
    size, costs = len(program.cost), []
    at = size
    for stage in program.stages:
        second = answer.values[at : at + len(stage.cost)]
        costs.append(float(program.cost @ answer.values[:size] + stage.cost @ second))
        at += len(stage.cost)
    return AtRisk(
        objective=answer.objective,
        chosen=answer.values[:size],
        mean=float(np.dot(program.chance, costs)),
        costs=np.array(costs),
    )


def transport(supply: Sequence[float], hours: Sequence[float], demand: float) -> float:
    """Least item-hours that bring ``demand`` units from supplies at different distances.

    Raises
    ------
    SolverError
        The supplies are less than the demand.
    """
    rows = Rows()
    rows.add_one(np.arange(len(supply)), np.ones(len(supply)), lower=demand, upper=demand)
    continuous = np.zeros(len(supply), np.bool_)
    return _optimal(
        rows.program(np.array(hours, float), upper=np.array(supply, float), integer=continuous)
    ).objective


def newsvendor(*, mean: float, deviation: float, under: float, over: float) -> float:
    """Quantity of least expected cost for a normal demand: F^-1(under / (under + over)).

    ``under`` and ``over`` cost a unit too few and one too many; Arrow, Harris & Marschak (1951),
    doi:10.2307/1906813.
    """
    return NormalDist(mean, deviation).inv_cdf(under / (under + over))


def _mean(program: TwoStage) -> Stage:
    """The one scenario whose numbers are the expected ones."""

    def of(name: str) -> Floats:
        return sum(
            (p * getattr(stage, name) for p, stage in zip(program.chance, program.stages, strict=True) if p),
            np.zeros(1),
        )

    return Stage(**{name: of(name) for name in Stage.__dataclass_fields__})


def _solved(
    program: TwoStage, *, fixed: Floats | None = None, level: float | None = None, weight: float = 0.0
) -> Solution:
    size = len(program.cost)
    rows = Rows()
    _enter(rows, program.rows, np.arange(size), program.lower, program.upper)
    objective, at = [program.cost], size
    columns = []
    for chance, stage in zip(program.chance, program.stages, strict=True):
        own = at + np.arange(len(stage.cost))
        _enter(rows, np.hstack([stage.first, stage.second]), np.concatenate([np.arange(size), own]),
               stage.lower, stage.upper)  # fmt: skip
        objective.append(chance * stage.cost)
        columns.append(own)
        at += len(own)
    lower, upper = np.zeros(at), np.full(at, np.inf)
    if fixed is not None:
        lower[:size] = upper[:size] = fixed
    if level is not None:
        lower, upper = np.append(lower, -np.inf), np.append(upper, np.inf)
        lower, upper = (
            np.append(lower, np.zeros(len(columns))),
            np.append(upper, np.full(len(columns), np.inf)),
        )
        objective += [np.array([weight]), weight / (1 - level) * np.array(program.chance)]
        for number, (own, stage) in enumerate(zip(columns, program.stages, strict=True)):
            line = np.concatenate([-program.cost, -stage.cost, [1.0, 1.0]])
            rows.add_one(
                np.concatenate([np.arange(size), own, [at, at + 1 + number]]), line, lower=0.0, upper=np.inf
            )
    costs = np.concatenate(objective)
    return _optimal(rows.program(costs, lower=lower, upper=upper, integer=np.zeros(len(costs), np.bool_)))


def _enter(rows: Rows, matrix: Floats, columns: np.ndarray, lower: Floats, upper: Floats) -> None:
    row, column = np.nonzero(matrix)
    rows.add(len(matrix), row, columns[column], matrix[row, column], lower=lower, upper=upper)


def _optimal(program: Program) -> Solution:
    answer = solve(program, limit_s=np.inf, engine="glop")
    if answer.status != "optimal":
        raise SolverError(f"two-stage program: the solver ended {answer.status}")
    return answer
