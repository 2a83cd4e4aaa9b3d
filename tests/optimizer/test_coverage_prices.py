"""Bounds by prices and the longer search, against every choice on tiny instances."""

from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.siting.cover_bits import CoverRows
from optimizer.siting.coverage_core import Core, core_of
from optimizer.siting.coverage_curve import coverage_curve
from optimizer.siting.coverage_master import CoverageMaster
from optimizer.siting.coverage_prices import limits_of, priced
from optimizer.siting.coverage_problem import CoverageProblem
from optimizer.siting.coverage_search import most_units
from optimizer.siting.coverage_wander import nearness, wandered
from optimizer.watch import Watch

SITES = 7


@st.composite
def problems(draw: st.DrawFn) -> CoverageProblem:
    """Up to 25 rows, 7 sites, one of them perhaps fixed, one or two covers worth something."""
    covers = draw(hnp.arrays(bool, (draw(st.integers(1, 25)), SITES)))
    people = draw(hnp.arrays(np.int64, len(covers), elements=st.integers(0, 9)))
    rows = CoverRows(SITES)
    rows.add(covers, people)
    groups = rows.groups()
    fixed = np.arange(SITES) == draw(st.integers(0, SITES))
    return CoverageProblem(
        covers=groups.covers,
        people=groups.people,
        fixed=fixed,
        places=int(fixed.sum()) + draw(st.integers(1, 3)),
        most=np.full(SITES, draw(st.integers(1, 2))),
        worth=draw(st.sampled_from([(1.0,), (0.7, 0.21), (0.5, 0.5)])),
    )


def best_of_every_choice(problem: CoverageProblem) -> float:
    """The value of the best units, by trying all."""
    further = (problem.places or 0) - int(problem.fixed.sum())
    best = 0.0
    for sites in combinations_with_replacement(range(SITES), further):
        units = problem.fixed + np.bincount(sites, minlength=SITES)
        if (units <= most_units(problem)).all():
            best = max(best, problem.value(units))
    return best


def core(problem: CoverageProblem) -> Core:
    return core_of(problem, problem.fixed.astype(np.int64), most_units(problem))


@settings(deadline=None, max_examples=80)
@given(problems(), st.integers(1, 80))
def test_no_choice_is_worth_more_than_any_prices_say(problem: CoverageProblem, rounds: int) -> None:
    left, best = core(problem), best_of_every_choice(problem)
    found = priced(left, best - left.base, rounds=rounds)
    assert left.base + found.bound >= best - 1e-6


@settings(deadline=None, max_examples=60)
@given(problems(), st.floats(0, 1.2), st.integers(0, 40))
def test_any_prices_bound_every_number_of_units(problem: CoverageProblem, share: float, rounds: int) -> None:
    """Prices drawn, and prices found for one number, bound the best of every other number too."""
    left = core(problem)
    found = priced(left, best_of_every_choice(problem) - left.base, rounds=rounds)
    drawn = limits_of(left, share * left.people)
    sought = limits_of(left, found.price)
    assert len(drawn) == left.most.sum() + 1
    for further in range(min(4, len(drawn))):
        best = best_of_every_choice(replace(problem, places=int(problem.fixed.sum()) + further))
        assert best <= left.base + min(drawn[further], sought[further]) + 1e-6
    if rounds:
        assert sought[left.places] <= found.bound + 1e-6


@settings(deadline=None, max_examples=60)
@given(problems())
def test_cuts_of_prices_bound_at_least_as_low_as_the_prices_and_still_bound(problem: CoverageProblem) -> None:
    """With the cuts of the prices alone the relaxation is at or below the limit of the prices."""
    left, best = core(problem), best_of_every_choice(problem)
    found = priced(left, best - left.base, rounds=20)
    master = CoverageMaster(left)
    master.cut_priced(found.price)
    master.relax(np.zeros(len(left.columns), np.int64), best - left.base, Watch(), slack=0.0)
    assert left.base + master.bound >= best - 1e-6
    assert master.bound <= found.bound + 1e-4


@settings(deadline=None, max_examples=60)
@given(problems(), st.integers(0, 5))
def test_the_longer_search_finds_the_best_of_a_tiny_instance(problem: CoverageProblem, seed: int) -> None:
    left = core(problem)
    nothing = np.zeros(len(left.columns), np.int64)
    added = wandered(left, nearness(left), nothing, rounds=60, seed=seed)
    assert (added <= left.most).all()
    assert added.sum() <= left.places
    assert abs(problem.value(left.units(added)) - best_of_every_choice(problem)) < 1e-6


def test_a_curve_whose_relaxation_is_weak_keeps_its_bounds_and_its_gap() -> None:
    """The three edges of each of five triangles: halves of corners cover all, whole ones two of three."""
    corner = np.arange(15)
    covers = np.zeros((15, 15), bool)
    covers[corner, corner] = covers[corner, corner // 3 * 3 + (corner + 1) % 3] = True
    rows = CoverRows(15)
    rows.add(covers, np.full(15, 10))
    groups = rows.groups()
    problem = CoverageProblem(covers=groups.covers, people=groups.people, fixed=np.zeros(15, bool))
    exact = [20.0 * min(p, 5) + 10.0 * min(max(0, p - 5), 5) for p in range(12)]
    for gap in (0.0, 0.05, 0.3):
        curve = coverage_curve(problem, upto=11, gap=gap)
        for value, point in zip(exact, curve, strict=True):
            assert point is not None
            assert point.value <= value <= point.bound
            assert point.bound - point.value <= max(gap * point.value, 1e-6)
