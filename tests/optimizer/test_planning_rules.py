"""Each rule builder says in lines what a planner means, for every choice of five sites."""

from collections.abc import Callable

import numpy as np
import pytest

from optimizer.rules import Rule
from optimizer.siting.planning_rules import apart, budget, group, requires, together
from tests.optimizer.every_choice import subsets

MEANINGS: dict[str, tuple[tuple[Rule, ...], Callable[[set[int]], bool]]] = {
    "apart": ((apart("a", [1, 3, 4]),), lambda c: len(c & {1, 3, 4}) <= 1),
    "pair": (together("t", [0, 2]), lambda c: (0 in c) == (2 in c)),
    "three together": (together("t", [0, 2, 4]), lambda c: len(c & {0, 2, 4}) in (0, 3)),
    "needs": (requires("r", 3, [0, 1]), lambda c: 3 not in c or {0, 1} <= c),
    "at most": ((group("g", [0, 1, 2], at_most=2),), lambda c: len(c & {0, 1, 2}) <= 2),
    "at least": ((group("g", [0, 1, 2], at_least=2),), lambda c: len(c & {0, 1, 2}) >= 2),
    "exactly": ((group("g", [0, 4], at_least=1, at_most=1),), lambda c: len(c & {0, 4}) == 1),
}


@pytest.mark.parametrize("meaning", MEANINGS)
def test_a_rule_allows_just_what_it_says(meaning: str) -> None:
    """Each of the 32 choices is kept or broken as the words are."""
    rules, holds = MEANINGS[meaning]
    assert len({rule.name for rule in rules}) == len(rules)
    for chosen in subsets(range(5)):
        assert all(rule.beyond(chosen) == 0 for rule in rules) == holds(set(chosen)), chosen


def test_a_budget_pays_for_what_opens_and_what_closes() -> None:
    """Sites 0 and 1 stand; the excess of a choice is what it costs beyond the budget."""
    opening, closing = np.array([0, 0, 30.0, 40, 50]), np.array([5.0, 7, 0, 0, 0])
    rule = budget(60, opening=opening, closing=closing, existing=np.arange(5) < 2)
    for chosen in subsets(range(5)):
        cost = sum(opening[j] for j in chosen if j > 1) + sum(closing[k] for k in (0, 1) if k not in chosen)
        assert rule.beyond(chosen) == pytest.approx(max(0.0, cost - 60))


def test_negative_costs_are_refused() -> None:
    """A cost below 0 would be an income, which no budget means."""
    with pytest.raises(ValueError, match="costs >= 0"):
        budget(1, opening=np.array([-1.0]), closing=np.zeros(1), existing=np.zeros(1, bool))
