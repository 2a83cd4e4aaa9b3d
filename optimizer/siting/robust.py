"""Sites that still serve people when roads are closed: mean, worst case or the mean of the worst cases."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from optimizer.problem import Floats, SitingAnswer, SitingProblem
from optimizer.siting.robust_search import RobustChoice, most_robust
from optimizer.siting.robust_task import least_mean, robust_task
from optimizer.solver import PROVEN_GAP
from optimizer.watch import Watch

Measure = Literal["mean", "worst", "cvar"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadState:
    """The roads in one state: as every day, or with some closed.

    Parameters
    ----------
    problem
        Times, people, limits and floors in this state; its floors hold in this state.
    probability
        More than 0; those of all states sum to 1.
    """

    name: str
    problem: SitingProblem
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustAnswer:
    """Sites, and how many people they cover in each state.

    Parameters
    ----------
    answer
        ``objective`` and ``bound`` are the measure, in people.
    covered
        People covered by state, in the order of the states.
    """

    answer: SitingAnswer
    measure: Measure
    tail: float
    covered: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOfRobustness:
    """What the robust plan costs on an ordinary day, and what the ordinary plan risks.

    Parameters
    ----------
    nominal_covered, robust_covered
        People that the nominal and the robust plan cover in the first state.
    nominal_measure, robust_measure
        The robust measure of both plans.
    """

    nominal_covered: int
    robust_covered: int
    nominal_measure: float
    robust_measure: float

    @property
    def price(self) -> int:
        """People no longer covered in the first state for the sake of the others."""
        return self.nominal_covered - self.robust_covered

    @property
    def gain(self) -> float:
        """What the measure gains by it."""
        return self.robust_measure - self.nominal_measure


def robust_covering(
    states: Sequence[RoadState],
    *,
    measure: Measure = "mean",
    tail: float = 0.1,
    watch: Watch | None = None,
) -> RobustAnswer:
    """Choose sites so that the most people are covered, measured over all states of the roads.

    max_x min_{q in Q} sum_s q_s C_s(x), with C_s(x) the people covered in state s and Q all weights of the
    states that sum to 1 with q_s <= probability (mean), <= 1 (worst case) or <= probability / tail (the mean
    over the worst ``tail`` of probability: CVaR at level 1 - tail); ``tail`` = 1 is the mean, a small one the
    worst case. Formulations and sources: ``optimizer.siting.robust_task``.

    Sites, fixed ones, ``places`` and rules are those of the first state, which should be the ordinary one;
    each state has its own times, people, limits and floors. Infeasible when no choice keeps rules and floors.

    Raises
    ------
    ValueError
        Probabilities that do not sum to 1, a tail outside 0 to 1, states with other sites, or capacities.
    """
    _checked(states, tail)
    watch = watch or Watch()
    problems = [state.problem for state in states]
    task = robust_task(problems, _most(states, measure, tail))
    found = most_robust(task, watch)
    if found is None:
        status: Literal["cancelled", "infeasible"] = "cancelled" if watch.stopped_by else "infeasible"
        answer = SitingAnswer(
            question="mclp",
            status=status,
            chosen=(),
            objective=None,
            bound=None,
            stopped_by=watch.stopped_by,
        )
        return RobustAnswer(answer=answer, measure=measure, tail=tail, covered=())
    return _answered(states, found, measure, tail)


def measured(states: Sequence[RoadState], chosen: tuple[int, ...], *, measure: Measure, tail: float) -> float:
    """The measure of any plan, from the arrays."""
    covered = np.array(covered_by_state(states, chosen), float)
    return float(least_mean(covered, _most(states, measure, tail)))


def covered_by_state(states: Sequence[RoadState], chosen: tuple[int, ...]) -> tuple[int, ...]:
    """People that these sites cover in each state."""
    return tuple(
        int(state.problem.people[state.problem.covers()[:, list(chosen)].any(axis=1)].sum())
        for state in states
    )


def price_of_robustness(
    states: Sequence[RoadState], robust: RobustAnswer, nominal: SitingAnswer
) -> PriceOfRobustness:
    """Both plans in the first state and by the robust measure; ``nominal`` answers the first state alone."""
    first = states[:1]

    def measure(chosen: tuple[int, ...]) -> float:
        return measured(states, chosen, measure=robust.measure, tail=robust.tail)

    return PriceOfRobustness(
        nominal_covered=covered_by_state(first, nominal.chosen)[0],
        robust_covered=covered_by_state(first, robust.answer.chosen)[0],
        nominal_measure=measure(nominal.chosen),
        robust_measure=measure(robust.answer.chosen),
    )


def stacked(states: Sequence[RoadState]) -> SitingProblem:
    """One problem whose coverage is the mean over the states, times a whole number, for any coverage model.

    Rows are those of all states, people times the probability as a whole number of ten-thousandths (or of a
    smaller common denominator); floors hold in their states.
    """
    weights = whole_weights(np.array([state.probability for state in states]))
    problems = [state.problem for state in states]
    start = np.cumsum([0, *(problem.rows for problem in problems)])
    return replace(
        problems[0],
        response_s=np.concatenate([problem.response_s for problem in problems]),
        people=np.concatenate([one.people * weight for one, weight in zip(problems, weights, strict=True)]),
        limit_s=np.concatenate([problem.limit_s for problem in problems]),
        floors=tuple(
            replace(floor, rows=floor.rows + start[s], people=floor.people * weights[s])
            for s, problem in enumerate(problems)
            for floor in problem.floors
        ),
    )


def whole_weights(probability: Floats) -> list[int]:
    """Whole numbers >= 1 in the proportion of probabilities, exact to a ten-thousandth at least."""
    for denominator in range(1, 10_000):
        scaled = probability * denominator
        if np.abs(scaled - np.rint(scaled)).max(initial=0.0) < 1e-9 * denominator:
            return [max(1, round(part)) for part in scaled.tolist()]
    return [max(1, round(part)) for part in (probability * 10_000).tolist()]


def _checked(states: Sequence[RoadState], tail: float) -> None:
    probability = [state.probability for state in states]
    if not states or min(probability) <= 0 or abs(sum(probability) - 1) > 1e-9:
        raise ValueError(f"states: want probabilities above 0 that sum to 1, got {sum(probability):g}")
    if not 0 < tail <= 1:
        raise ValueError(f"tail: want more than 0 and at most 1, got {tail}")
    first = states[0].problem
    for state in states:
        if not np.array_equal(state.problem.fixed, first.fixed):
            raise ValueError(f"state {state.name}: want the sites of state {states[0].name}")
        if state.problem.capacity is not None:
            raise ValueError(f"state {state.name}: robust covering does not count what a site can serve")


def _most(states: Sequence[RoadState], measure: Measure, tail: float) -> Floats:
    """Most weight of each state in the measure, shape (s,)."""
    probability = np.array([state.probability for state in states])
    if measure == "worst":
        return np.ones(len(states))
    return probability if measure == "mean" else np.minimum(1.0, probability / tail)


def _answered(
    states: Sequence[RoadState], found: RobustChoice, measure: Measure, tail: float
) -> RobustAnswer:
    first = states[0].problem
    opened = np.sort(np.concatenate([np.flatnonzero(first.fixed), first.free[found.chosen]]))
    chosen = tuple(opened.tolist())
    value = measured(states, chosen, measure=measure, tail=tail)
    proven = found.bound - value <= PROVEN_GAP * max(1.0, value)
    answer = SitingAnswer(
        question="mclp",
        status="optimal" if proven else "feasible",
        chosen=chosen,
        objective=value,
        bound=max(found.bound, value),
        unmet=tuple(np.flatnonzero(~first.covers().any(axis=1)).tolist()),
        stopped_by=None if proven else found.stopped_by,
    )
    return RobustAnswer(answer=answer, measure=measure, tail=tail, covered=covered_by_state(states, chosen))
