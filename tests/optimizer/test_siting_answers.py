"""The curve, the reasons and the solver seam."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer._kernels.dominance import useful
from optimizer.problem import SitingProblem
from optimizer.program import Program
from optimizer.siting.cover_quotas import packed
from optimizer.siting.cover_sets import cover_sets, least_sets
from optimizer.siting.equals import quickest_of_equals
from optimizer.siting.marginal import marginal_curve
from optimizer.siting.questions import model_of
from optimizer.siting.reasons import reasons
from optimizer.solver import SolverError, solve
from optimizer.watch import Watch


def town(*, places: int) -> SitingProblem:
    """Sixty points and twelve sites in a square of 20 minutes; one site stands."""
    g = np.random.default_rng(3)
    points, sites = g.random((60, 2)), g.random((12, 2))
    return SitingProblem(
        response_s=np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1)) * 1200,
        people=g.integers(1, 500, 60),
        limit_s=np.full(60, 300.0),
        fixed=np.arange(12) == 4,
        places=places,
    )


@pytest.mark.parametrize("question", ["mclp", "p_median", "p_center"])
def test_the_curve_never_gets_worse_and_each_bound_holds(question: str) -> None:
    """More sites are never worse, and each point is its own proven optimum."""
    model = model_of(question)  # type: ignore[arg-type]  # a parametrised word, one of the questions
    curve = marginal_curve(town(places=4), model, upto=5)
    values = [point.answer.objective or 0.0 for point in curve]
    assert [point.opened for point in curve] == [0, 1, 2, 3, 4, 5]
    assert values == sorted(values, reverse=question != "mclp")
    assert all(point.answer.status == "optimal" for point in curve)


def test_a_reason_is_the_best_plan_without_the_site() -> None:
    """What is lost equals the optimum over the other sites, never less than nothing."""
    problem, model = town(places=4), model_of("mclp")
    answer = model(problem, Watch())
    found = reasons(problem, answer, model)
    assert [reason.columns for reason in found] == [(site,) for site in answer.chosen if site != 4]
    for reason in found:
        assert not set(reason.columns) & set(reason.without.chosen)
        others = np.delete(np.arange(12), reason.columns)
        without = SitingProblem(
            response_s=problem.response_s[:, others],
            people=problem.people,
            limit_s=problem.limit_s,
            fixed=problem.fixed[others],
            places=4,
        )
        assert reason.without.objective == model(without, Watch()).objective
        assert (reason.without.objective or 0) <= (answer.objective or 0)


def test_of_equal_choices_the_quicker_is_named() -> None:
    """Either site covers everybody; the second is nearer to most of them."""
    problem = SitingProblem(
        response_s=np.array([[100.0, 120.0], [200.0, 100.0], [200.0, 100.0]]),
        people=np.array([10, 10, 10]),
        limit_s=np.full(3, 300.0),
        fixed=np.zeros(2, bool),
        places=1,
    )
    assert model_of("mclp")(problem, Watch()).chosen == (1,)
    assert quickest_of_equals(problem, (0,)) == (1,)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_choosing_among_equals_never_costs_coverage_or_time(data: st.DataObject) -> None:
    """Coverage is no less, the sum of capped times no more, fixed sites stay."""
    n, m = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 5))
    problem = SitingProblem(
        response_s=data.draw(hnp.arrays(float, (n, m), elements=st.sampled_from([5.0, 9.0, 30.0, np.inf]))),
        people=data.draw(hnp.arrays(np.int64, n, elements=st.integers(0, 9))),
        limit_s=np.full(n, 10.0),
        fixed=np.arange(m) == 0,
        places=m,
    )
    chosen = tuple(sorted({0} | data.draw(st.sets(st.integers(0, m - 1)))))
    better = quickest_of_equals(problem, chosen)
    time = np.where(np.isinf(problem.response_s), 60.0, problem.response_s)

    def figures(sites: tuple[int, ...]) -> tuple[int, float]:
        covered = problem.people[problem.covers()[:, list(sites)].any(axis=1)].sum()
        return int(covered), float(problem.people @ time[:, list(sites)].min(axis=1))

    assert 0 in better
    assert len(better) == len(chosen)
    assert figures(better)[0] >= figures(chosen)[0]
    assert figures(better)[0] > figures(chosen)[0] or figures(better)[1] <= figures(chosen)[1]


def test_rows_with_the_same_sites_become_one_group() -> None:
    """Weights add up and each row knows its group."""
    covers = np.array([[1, 0], [0, 1], [1, 0], [0, 0]], bool)
    sets = cover_sets(covers, np.array([1, 2, 4, 8]))
    assert sorted(sets.people.tolist()) == [2, 5, 8]
    assert (sets.covers[sets.group] == covers).all()


def test_a_superset_is_dropped() -> None:
    """Only the least groups bind."""
    covers = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1]], bool)
    assert least_sets(covers).tolist() == [1, 2]


def test_a_site_goes_only_where_another_covers_as_much_for_no_more() -> None:
    """Kept: the trade-off between reach and cost, and what a rule asks to be open."""
    flags = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1]], bool)
    order = np.array([0, 2, 1])
    for cost, kept in (
        ([1.0, 1.0, 1.0], [0, 2]),
        ([1.0, 0.5, 1.0], [0, 1, 2]),
        ([1.0, -1.0, 1.0], [0, 1, 2]),
    ):
        assert np.flatnonzero(useful(packed(flags), np.array(cost)[:, None], order)).tolist() == kept


def program(**changes: object) -> Program:
    """Max x + y, x + 2 y <= 3, both whole and at most 2."""
    values: dict[str, object] = {
        "objective": np.ones(2),
        "lower": np.zeros(2),
        "upper": np.full(2, 2.0),
        "integer": np.ones(2, bool),
        "row": np.array([0, 0]),
        "column": np.array([0, 1]),
        "value": np.array([1.0, 2.0]),
        "row_lower": np.array([-np.inf]),
        "row_upper": np.array([3.0]),
        "maximize": True,
    }
    return Program(**(values | changes))  # type: ignore[arg-type]  # the dictionary mixes kinds on purpose


def test_a_solver_failure_speaks_plainly() -> None:
    """Crossed limits give the solver's text, not an AttributeError about a status object."""
    with pytest.raises(SolverError, match=r"bound|lower"):
        solve(program(lower=np.full(2, 5.0)), limit_s=5)


@pytest.mark.parametrize("engine", ["highs", "gscip"])
def test_whole_programs_are_solved_and_proven_by_either_engine(engine: str) -> None:
    """Both integer engines return the optimum with an equal bound."""
    found = solve(program(), limit_s=5, engine=engine)  # type: ignore[arg-type]  # a parametrised word
    assert (found.status, found.objective, round(found.bound, 6)) == ("optimal", 2.0, 2.0)


def test_an_impossible_program_is_infeasible() -> None:
    """A row that asks for more than the variables can give."""
    assert (
        solve(program(row_lower=np.array([7.0]), row_upper=np.array([9.0])), limit_s=5).status == "infeasible"
    )


def test_the_linear_engine_gives_the_fractional_optimum() -> None:
    """GLOP refuses whole variables, so the relaxation is asked for as such."""
    assert solve(program(integer=np.zeros(2, bool)), limit_s=5, engine="glop").objective == 2.5


def test_the_solver_writes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither engine prints to the terminal."""
    solve(program(), limit_s=5)
    solve(program(), limit_s=5, engine="gscip")
    assert capfd.readouterr() == ("", "")
