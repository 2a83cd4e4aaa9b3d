"""Rules and floors: what a choice keeps, by how much it does not, and what is left when sites go."""

import numpy as np
import pytest

from optimizer.problem import SitingProblem
from optimizer.rules import Floor, Rule


def _budget(at_most: float) -> Rule:
    return Rule(name="budget", sites=np.array([0, 2, 3]), amount=np.array([5.0, 7.0, 1.0]), at_most=at_most)


def test_a_rule_says_by_how_much_it_is_broken() -> None:
    assert _budget(8.0).beyond((2, 3)) == 0.0
    assert _budget(8.0).beyond((0, 2, 3)) == pytest.approx(5.0)
    assert Rule(name="both", sites=np.array([1]), amount=np.array([1.0]), at_least=1.0).beyond(
        ()
    ) == pytest.approx(1.0)


def test_a_rule_among_fewer_sites_counts_as_if_the_others_were_closed() -> None:
    kept = np.array([1, 2, 3])
    fewer = _budget(8.0).among(kept)
    assert fewer.sites.tolist() == [1, 2]
    for chosen in ((0,), (1,), (0, 1, 2)):
        assert fewer.beyond(chosen) == _budget(8.0).beyond(kept[list(chosen)].tolist())


def test_a_rule_of_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="each site once"):
        Rule(name="twice", sites=np.array([1, 1]), amount=np.ones(2))
    with pytest.raises(ValueError, match="at_least <= at_most"):
        Rule(name="none", sites=np.array([1]), amount=np.ones(1), at_least=2.0, at_most=1.0)


def test_rules_and_floors_name_sites_and_rows_that_exist() -> None:
    with pytest.raises(ValueError, match="sites below 3"):
        _problem(rules=(_budget(1.0),))
    with pytest.raises(ValueError, match="rows below 2"):
        _problem(floors=(Floor(name="t", rows=np.array([2]), people=1.0),))


def _problem(*, rules: tuple[Rule, ...] = (), floors: tuple[Floor, ...] = ()) -> SitingProblem:
    return SitingProblem(
        response_s=np.ones((2, 3)),
        people=np.ones(2, np.int64),
        limit_s=np.ones(2),
        fixed=np.zeros(3, np.bool_),
        rules=rules,
        floors=floors,
    )
