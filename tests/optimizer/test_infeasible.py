"""Why there is no answer: conflicts impossible and irreducible, amounts least, by trying every choice."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import SitingProblem
from optimizer.rules import Floor
from optimizer.siting.asked import Asked
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.infeasible import Shortfall, why_infeasible
from optimizer.siting.median import p_median
from optimizer.siting.planning_rules import apart, budget, group
from optimizer.siting.set_covering import set_covering
from tests.optimizer.every_choice import covered_rows, subsets
from tests.optimizer.ruled import ruled_problems

Excess = Callable[[tuple[int, ...]], float]


def demands(problem: SitingProblem, asked: Asked) -> dict[tuple[str, str], Excess]:
    """By how much a choice misses each demand, by the plainest loops."""
    found: dict[tuple[str, str], Excess] = {}
    for rule in problem.rules:
        found["rule", rule.name] = rule.beyond
    if problem.places is not None:
        most = problem.places
        found["places", ""] = lambda chosen: max(0.0, float(len(chosen) - most))
    for floor in problem.floors:

        def missed(chosen: tuple[int, ...], floor: Floor = floor) -> float:
            inside = set(covered_rows(problem, chosen))
            people = sum(int(problem.people[i]) for i in floor.rows.tolist() if i in inside)
            return max(0.0, floor.people - people)

        found["floor", floor.name] = missed
    if asked.question == "lscp":
        found["coverage", ""] = lambda chosen: _uncovered(problem, asked, chosen)
    if asked.question == "p_median":
        found["service", ""] = lambda chosen: _unreached(problem, chosen)
    return found


def _uncovered(problem: SitingProblem, asked: Asked, chosen: tuple[int, ...]) -> float:
    inside = set(covered_rows(problem, chosen))
    if asked.share < 1:
        people = sum(int(problem.people[i]) for i in inside)
        return max(0.0, float(np.ceil(asked.share * problem.people.sum() - 1e-9)) - people)
    ever = covered_rows(problem, tuple(range(problem.sites)))
    return float(sum(max(1, int(problem.people[i])) for i in ever if i not in inside))


def _unreached(problem: SitingProblem, chosen: tuple[int, ...]) -> float:
    reach = np.isfinite(problem.response_s)
    lost = reach.any(axis=1) & ~reach[:, list(chosen)].any(axis=1) & (problem.people > 0)
    return float(problem.people[lost].sum())


QUESTIONS = [Asked(question="mclp"), Asked(question="lscp"), Asked(question="lscp", share=0.6)]
QUESTIONS += [Asked(question="p_median")]


@settings(deadline=None, max_examples=150)
@given(problem=ruled_problems(most_sites=4), asked=st.sampled_from(QUESTIONS), data=st.data())
def test_conflicts_are_impossible_irreducible_and_amounts_least(
    problem: SitingProblem, asked: Asked, data: st.DataObject
) -> None:
    """Against every choice of sites that has the fixed ones open."""
    if data.draw(st.booleans()):
        least = Floor(
            name="more", rows=np.arange(problem.rows), people=float(data.draw(st.integers(50, 400)))
        )
        problem = replace(problem, floors=(*problem.floors, least))
    fixed = tuple(np.flatnonzero(problem.fixed).tolist())
    choices = [fixed + more for more in subsets(problem.free.tolist())]
    excess = demands(problem, asked)
    possible = any(all(one(chosen) <= 1e-6 for one in excess.values()) for chosen in choices)
    why = why_infeasible(problem, asked)
    assert bool(why.conflicts) == bool(why.mend) == (not possible)
    assert why.stopped_by is None
    for conflict in why.conflicts:
        assert conflict.irreducible
        keys = [(one.kind, one.name) for one in conflict.demands]
        assert not _meet(choices, [excess[key] for key in keys])
        for one, key in zip(conflict.demands, keys, strict=True):
            others = [excess[other] for other in keys if other != key]
            assert _meet(choices, others)
            amounts = [excess[key](c) for c in choices if all(other(c) <= 1e-6 for other in others)]
            assert one.amount == pytest.approx(min(amounts), abs=1e-4)
    bent: dict[tuple[str, str], float] = {(one.kind, one.name): one.amount or 0.0 for one in why.mend}
    assert any(
        all(one(chosen) <= bent.get(key, 0.0) + 1e-4 for key, one in excess.items()) for chosen in choices
    )


def _meet(choices: list[tuple[int, ...]], excess: list[Excess]) -> bool:
    return any(all(one(chosen) <= 1e-6 for one in excess) for chosen in choices)


def line(**changes: object) -> SitingProblem:
    """Four villages with a site in each; 10, 20, 30, 40 people; nobody covers a neighbour."""
    fields: dict[str, object] = {
        "response_s": np.where(np.eye(4, dtype=bool), 0.0, 60.0),
        "people": np.array([10, 20, 30, 40]),
        "limit_s": np.full(4, 30.0),
        "fixed": np.zeros(4, bool),
    }
    return SitingProblem(**(fields | changes))  # type: ignore[arg-type]  # the dictionary mixes kinds on purpose


def named(shortfalls: tuple[Shortfall, ...]) -> dict[str, float | None]:
    return {one.name or one.kind: one.amount for one in shortfalls}


def test_by_hand_places_or_people_must_give_way() -> None:
    """Two sites cannot cover four villages: two more sites, or 30 people fewer in the smallest two."""
    problem = line(places=2)
    assert set_covering(problem).status == "infeasible"
    why = why_infeasible(problem, "lscp")
    assert [named(conflict.demands) for conflict in why.conflicts] == [{"places": 2.0, "coverage": 30.0}]
    assert why.conflicts[0].demands[1].rows == (0, 1)


def test_by_hand_a_budget_is_short_by_so_much_or_a_floor_by_so_many() -> None:
    """The floor of the last two villages needs two sites at 5 million; the budget pays for one and a bit."""
    spend = budget(6.8e6, opening=np.full(4, 5e6), closing=np.zeros(4), existing=np.zeros(4, bool))
    floor = Floor(name="township X", rows=np.array([2, 3]), people=60.0)
    problem = line(rules=(spend,), floors=(floor,))
    assert maximal_covering(problem).status == "infeasible"
    why = why_infeasible(problem, "mclp")
    assert named(why.conflicts[0].demands) == {"budget": pytest.approx(3.2e6), "township X": 20.0}
    assert why.conflicts[0].demands[1].rows == (2,)


def test_by_hand_two_conflicts_that_share_nothing_are_both_named() -> None:
    """Sites 0 and 1 are contradicted by one pair of rules, sites 2 and 3 by another."""
    problem = line(
        rules=(
            group("both of 0, 1", [0, 1], at_least=2),
            apart("apart: 0, 1", [0, 1]),
            group("both of 2, 3", [2, 3], at_least=2),
            apart("apart: 2, 3", [2, 3]),
            group("at most three", [0, 1, 2, 3], at_most=3),
        )
    )
    why = why_infeasible(problem, "mclp")
    assert sorted(sorted(named(conflict.demands)) for conflict in why.conflicts) == [
        ["apart: 0, 1", "both of 0, 1"],
        ["apart: 2, 3", "both of 2, 3"],
    ]
    assert len(why.mend) == 2


def test_by_hand_nobody_can_cover_a_village_without_a_road() -> None:
    """It is named as such, and is no conflict of rules."""
    response_s = line().response_s.copy()
    response_s[0] = np.inf
    why = why_infeasible(line(response_s=response_s), "lscp")
    assert (why.unreachable, why.conflicts) == ((0,), ())


def test_by_hand_room_for_everybody_is_short() -> None:
    """Two sites have room for 30 each, a hundred people want to be served: two more sites or 40 people."""
    problem = line(places=2, capacity=np.full(4, 30))
    assert p_median(problem).status == "infeasible"
    why = why_infeasible(problem, "p_median")
    assert named(why.conflicts[0].demands) == {"places": 2.0, "capacity": 40.0}


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_with_capacities_there_is_a_conflict_when_the_model_finds_no_answer(data: st.DataObject) -> None:
    """p-median with room: the explanation and the model agree on what is impossible."""
    problem = line(
        response_s=data.draw(hnp.arrays(float, (4, 4), elements=st.sampled_from([1.0, 60.0, np.inf]))),
        capacity=data.draw(hnp.arrays(np.int64, 4, elements=st.integers(0, 80))),
        places=data.draw(st.integers(1, 4)),
    )
    impossible = p_median(problem).status == "infeasible"
    assert bool(why_infeasible(problem, "p_median").conflicts) == impossible
