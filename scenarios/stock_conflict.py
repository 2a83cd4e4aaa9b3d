"""Rules of a reserve question that exclude each other: the fewest that no plan keeps together."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from optimizer.reserve.columns import columns
from optimizer.reserve.first_stage import first_stage
from optimizer.reserve.reserve_answer import Binding
from optimizer.reserve.reserve_problem import LeastRule, ReserveProblem
from optimizer.solver import solve

Relax = Callable[[ReserveProblem], ReserveProblem]
_LIMIT_S = 10.0


def conflicting(problem: ReserveProblem) -> tuple[Binding, ...]:
    """An irreducible set of rules that no plan keeps: these alone leave none, any fewer of them leave one.

    Empty where the rules leave plans, so that only a service level can be what is asked too much. Rules are
    tried one after the other (deletion filter; Chinneck & Dravnieks 1991, doi:10.1287/ijoc.3.2.157).
    """
    if keeps_rules(problem):
        return ()
    found: list[Binding] = []
    for limit, without in _limits(problem):
        looser = without(problem)
        if keeps_rules(looser):
            found.append(limit)
        else:
            problem = looser
    return tuple(found)


def keeps_rules(problem: ReserveProblem) -> bool:
    """Whether any plan keeps the rules about what is held, whatever becomes of it."""
    first = first_stage(problem, columns(problem))
    program = first.rows.program(
        np.zeros(len(first)), upper=np.asarray(first.upper, np.float64), integer=first.integer
    )
    return solve(program, limit_s=_LIMIT_S).status != "infeasible"


def _limits(problem: ReserveProblem) -> Iterator[tuple[Binding, Relax]]:
    """Each limit with the question without it; what is tried first is dropped where either would do."""
    yield _limit("most"), _anything
    yield _limit("room"), _roomy
    yield _limit("agreement_share"), lambda one: replace(one, agreement_share=0.0)
    for rule in problem.least:
        yield _limit("least", rule.id), lambda one, name=rule.id: _without(one, name)  # type: ignore[misc]  # bound now
    yield _limit("budget"), lambda one: replace(one, budget=np.inf)


def _limit(kind: str, place: str = "") -> Binding:
    return Binding(kind=kind, place=place, price=0.0)


def _roomy(problem: ReserveProblem) -> ReserveProblem:
    endless = np.full(problem.shape[0], np.inf)
    depots = replace(problem.depots, floor_m2=endless, volume_m3=endless, load_kg_m2=endless)
    return replace(problem, depots=depots)


def _without(problem: ReserveProblem, rule_id: str) -> ReserveProblem:
    kept: tuple[LeastRule, ...] = tuple(rule for rule in problem.least if rule.id != rule_id)
    return replace(problem, least=kept)


def _anything(problem: ReserveProblem) -> ReserveProblem:
    """Any number of every item at every depot, in every way."""
    much = problem.scenarios.need.sum() + problem.in_hand.sum() + 1
    return replace(problem, most=np.maximum(problem.most, much))
