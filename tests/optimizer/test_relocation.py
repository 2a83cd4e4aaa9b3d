"""Moves: the cheapest way from today's sites to tomorrow's, against every matching."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.relocation import relocatable
from tests.optimizer.every_choice import allowed, subsets

EXISTING = np.array([True, True, False, False])
COSTS = st.integers(0, 9).map(float)


def problem(**changes: object) -> SitingProblem:
    fields: dict[str, object] = {
        "response_s": np.where(np.eye(4, dtype=bool), 0.0, 60.0),
        "people": np.array([10, 20, 30, 40]),
        "limit_s": np.full(4, 30.0),
        "fixed": np.zeros(4, bool),
    }
    return SitingProblem(**(fields | changes))  # type: ignore[arg-type]  # the dictionary mixes kinds on purpose


def cheapest(opened: set[int], opening: np.ndarray, closing: np.ndarray, moving: np.ndarray) -> float:
    """Least cost of getting from sites 0 and 1 to the opened ones, by trying every matching."""
    gone, come = [k for k in (0, 1) if k not in opened], [j for j in (2, 3) if j in opened]
    best = np.inf
    for size in range(min(len(gone), len(come)) + 1):
        for leave in permutations(gone, size):
            for take in permutations(come, size):
                moved = sum(moving[k, j] for k, j in zip(leave, take, strict=True))
                closed = sum(closing[k] for k in gone if k not in leave)
                best = min(best, moved + closed + sum(opening[j] for j in come if j not in take))
    return best


@settings(deadline=None, max_examples=60)
@given(
    opening=hnp.arrays(float, 4, elements=COSTS),
    closing=hnp.arrays(float, 4, elements=COSTS),
    moving=hnp.arrays(float, (2, 4), elements=st.one_of(COSTS, st.just(np.inf))),
    budget=st.integers(0, 20),
)
def test_a_set_of_sites_is_within_the_budget_when_its_cheapest_matching_is(
    opening: np.ndarray, closing: np.ndarray, moving: np.ndarray, budget: int
) -> None:
    """Some choice of columns opens exactly these sites, and costs what the best matching costs."""
    moves = relocatable(
        problem(),
        existing=EXISTING,
        opening=opening,
        closing=closing,
        moving={0: moving[0], 1: moving[1]},
        budget=float(budget),
    )
    spent: dict[tuple[int, ...], float] = {}
    for chosen in allowed(moves.problem):
        answer = SitingAnswer(question="mclp", status="feasible", chosen=chosen, objective=None, bound=None)
        sites = moves.open_sites(answer)
        assert len(moves.moves(answer)) == len(set(moves.moves(answer)))
        spent[sites] = min(spent.get(sites, np.inf), moves.spent(answer))
    wanted = {
        sites: cost
        for sites in subsets(range(4))
        if (cost := cheapest(set(sites), opening, closing, moving)) <= budget
    }
    assert spent == pytest.approx(wanted)


def test_a_move_is_taken_where_it_is_cheaper_than_closing_and_opening() -> None:
    """Budget 6 pays for moving site 0 to 3 (5), not for closing (2) and opening (9)."""
    moves = relocatable(
        problem(places=2),
        existing=EXISTING,
        opening=np.full(4, 9.0),
        closing=np.full(4, 2.0),
        moving={0: 5.0},
        budget=6.0,
    )
    choices = [
        SitingAnswer(question="mclp", status="feasible", chosen=chosen, objective=None, bound=None)
        for chosen in allowed(moves.problem)
    ]
    best = max(choices, key=lambda answer: sum(moves.whole.people[list(moves.open_sites(answer))]))
    assert (moves.moves(best), moves.open_sites(best), moves.spent(best)) == (((0, 3),), (1, 3), 5.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"moving": {2: 1.0}}, "existing sites"),
        ({"moving": {0: -1.0}}, "costs >= 0"),
        ({"opening": np.full(4, -1.0)}, "costs >= 0"),
    ],
)
def test_moves_of_nonsense_are_refused(changes: dict[str, object], message: str) -> None:
    fields: dict[str, object] = {"opening": np.ones(4), "closing": np.ones(4), "moving": {}}
    with pytest.raises(ValueError, match=message):
        relocatable(problem(), existing=EXISTING, **(fields | changes))  # type: ignore[arg-type]  # mixed on purpose
