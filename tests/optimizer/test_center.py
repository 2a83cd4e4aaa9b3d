"""p-center with rules and floors against every choice, by hand, and from bare times."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from optimizer.problem import SitingProblem
from optimizer.rules import Floor, Rule
from optimizer.siting.center import CenterProblem, p_center
from optimizer.siting.center_search import NEVER, CenterTimes, least_radius
from optimizer.siting.rule_lines import rule_lines
from optimizer.watch import Watch
from tests.optimizer.ruled import allowed, ruled_problems


def _longest(problem: SitingProblem, opened: tuple[int, ...]) -> float:
    """Longest response of all rows that any site reaches, by plain loops; ``inf`` = never."""
    anyone = [i for i in range(problem.rows) if np.isfinite(problem.response_s[i]).any()]
    return max((min((problem.response_s[i, j] for j in opened), default=np.inf) for i in anyone), default=0.0)


@settings(deadline=None, max_examples=200)
@given(ruled_problems())
def test_no_allowed_choice_has_a_shorter_longest_response(problem: SitingProblem) -> None:
    """The best of all choices that keep to rules, floors and places, with its own value as bound."""
    longest = {opened: _longest(problem, opened) for opened in allowed(problem)}
    longest = {opened: time for opened, time in longest.items() if np.isfinite(time)}
    answer = p_center(problem)
    if not longest:
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.objective == answer.bound == pytest.approx(min(longest.values()))
    assert longest[answer.chosen] == pytest.approx(answer.objective)


def _line(**changes: object) -> SitingProblem:
    """Five villages on a road, 2 minutes apart, a site in each."""
    at = np.arange(5) * 120.0
    base = SitingProblem(
        response_s=abs(at[:, None] - at[None, :]),
        people=np.array([10, 20, 30, 40, 50]),
        limit_s=np.full(5, 60.0),
        fixed=np.zeros(5, np.bool_),
        places=2,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # any field by name


def test_by_hand_rules_and_floors_lengthen_the_longest_response() -> None:
    assert p_center(_line()).objective == 120
    only_east = Rule(name="none in the west", sites=np.arange(3), amount=np.ones(3), at_most=0.0)
    assert p_center(_line(rules=(only_east,))).objective == 360
    ends = Floor(name="ends", rows=np.array([0, 4]), people=60.0)
    answer = p_center(_line(floors=(ends,)))
    assert (answer.chosen, answer.objective) == ((0, 4), 240)


def test_bare_times_give_the_answer_of_the_whole_problem() -> None:
    """32-bit deciseconds, one village cut off: the same sites, seconds and unmet rows."""
    response_s = _line().response_s.copy()
    response_s[2] = np.inf
    time_ds = np.where(np.isinf(response_s), NEVER, response_s * 10).astype(np.int32)
    bare = p_center(CenterProblem(time_ds=time_ds, fixed=np.zeros(5, np.bool_), places=2))
    assert bare == p_center(_line(response_s=response_s))
    assert bare.unmet == (2,)


def test_rows_left_out_never_change_the_answer() -> None:
    """With and without leaving out rows that decide nothing the optimum is the same."""
    g = np.random.default_rng(5)
    points, sites = g.random((400, 2)), g.random((30, 2))
    time_ds = np.rint(np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1)) * 9000).astype(np.int32)
    fixed = np.arange(30) == 3
    times = CenterTimes(time=time_ds, fixed=fixed, places=6, lines=rule_lines((), fixed, 6))
    whole, fewer = (least_radius(times, Watch(), many=many) for many in (400, 0))
    assert whole.radius == whole.bound == fewer.radius == fewer.bound


def test_capacities_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="capacity"):
        p_center(_line(capacity=np.full(5, 50)))
