"""Bounds by windows, against every choice on tiny instances and against the relaxation on a larger one."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, product
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from benchmarks.siting_instances import planar
from optimizer._kernels.cover_windows import most_profit
from optimizer._kernels.window_climb import choices_near, climbed, turned
from optimizer.problem import Bools, Int64s
from optimizer.siting import coverage_curve as curve_module
from optimizer.siting import coverage_windows as windows_module
from optimizer.siting.coverage_core import Core
from optimizer.siting.coverage_curve import coverage_curve
from optimizer.siting.coverage_partition import split
from optimizer.siting.coverage_prices import priced
from optimizer.siting.coverage_problem import CoverageProblem
from optimizer.siting.coverage_windows import CoverageWindows, counted_once
from optimizer.warm_program import WarmProgram
from optimizer.watch import Watch
from tests.optimizer.coverage_examples import SITES, core, covers_of, problem_of, problems, triangles


@settings(deadline=None, max_examples=120)
@given(problems(), st.data())
def test_a_window_makes_at_most_its_limit_and_what_its_sites_say(
    problem: CoverageProblem, data: st.DataObject
) -> None:
    """The kernel's limit holds for every choice, however early it stops, and its choice makes its value."""
    left = core(problem)
    k, covers = len(left.columns), covers_of(left)
    rent = data.draw(hnp.arrays(np.float64, k, elements=st.floats(-10, 30)))
    share = data.draw(st.floats(0, 1))
    slack, nodes = data.draw(st.sampled_from([0.0, 3.0])), data.draw(st.sampled_from([1, 3, 10_000]))
    opened, key = np.zeros(k, np.bool_), data.draw(st.sampled_from([np.arange(1, k + 1), np.ones(k)]))
    others = np.full((3, k), -1, np.int8)
    limit, value, _, seen = most_profit(
        left.start, left.site, left.people, rent, key.astype(np.uint64), slack, nodes, 20, 5,
        share * left.people, opened, others,
    )  # fmt: skip
    assert bool((others[:seen] >= 0).all())
    assert bool((others[seen:] < 0).all())
    profits = [
        float(left.people @ covers[:, np.array(choice, np.bool_)].any(axis=1) - rent @ np.array(choice))
        for choice in product((0, 1), repeat=k)
    ]
    own = float(left.people @ covers[:, opened].any(axis=1) - rent @ opened)
    assert abs(own - value) <= 1e-6
    assert value - 1e-6 <= max(profits) <= limit + 1e-6
    assert nodes < 10_000 or limit <= max(profits) + slack + 1e-6


@pytest.mark.parametrize("seed", [51, 141, 142, 149])
@pytest.mark.parametrize("slack", [2.0, 10.0, 20.0])
@pytest.mark.parametrize("nodes", [1, 3, 10_000])
def test_a_limit_counts_what_was_left_unlooked_at(seed: int, slack: float, nodes: int) -> None:
    """Twelve sites where climbing misses the best choice: the search may, within its slack, its limit not."""
    random = np.random.default_rng(seed)
    covers = random.random((40, 12)) < random.choice([0.15, 0.25, 0.35])
    covers = covers[covers.any(axis=1)]
    people = random.integers(1, 50, len(covers)).astype(float)
    reach = (covers * people[:, None]).sum(axis=0)
    rent = random.uniform(0.1, 0.6) * reach * random.uniform(0.8, 1.2, 12)
    start = np.concatenate([[0], np.cumsum(covers.sum(axis=1))]).astype(np.uint32)
    opened = np.zeros(12, np.bool_)
    limit, value, _, _ = most_profit(
        start, np.nonzero(covers)[1].astype(np.uint32), people, rent, np.arange(1, 13, dtype=np.uint64),
        slack, nodes, 20, 5, 0.5 * people, opened, np.zeros((0, 12), np.int8),
    )  # fmt: skip
    most = max(
        float(people @ covers[:, np.array(choice, np.bool_)].any(axis=1) - rent @ np.array(choice))
        for choice in product((0, 1), repeat=12)
    )
    assert value <= most + 1e-6
    assert most <= limit + 1e-6


@settings(deadline=None, max_examples=120)
@given(problems(), st.data())
def test_climbing_ends_where_no_turn_and_no_swap_makes_more(
    problem: CoverageProblem, data: st.DataObject
) -> None:
    """The profit returned is that of the choice, no lower than at first, and no single change raises it."""
    left = core(problem)
    k, covers = len(left.columns), covers_of(left)
    rent = data.draw(hnp.arrays(np.float64, k, elements=st.integers(-10, 30)))
    first = data.draw(hnp.arrays(np.bool_, k))

    def profit(choice: Bools) -> float:
        return float(left.people @ covers[:, choice].any(axis=1) - rent @ choice)

    opened = first.copy()
    begin, group = turned(left.start, left.site, k)
    made = climbed(left.start, left.site, begin, group, left.people, rent, opened)
    assert made == pytest.approx(profit(opened))
    assert made >= profit(first) - 1e-6
    for i, j in product(range(k), repeat=2):
        changed = opened.copy()
        changed[i] = not changed[i]
        if i != j and opened[i] != opened[j]:
            changed[j] = not changed[j]
        assert profit(changed) <= made + 1e-6
    factor = data.draw(hnp.arrays(np.float64, (3, k), elements=st.floats(0, 2)))
    choices, cover = np.full((6, k), -1, np.int8), np.zeros(6)
    choices_near(left.start, left.site, left.people, rent, factor, first, choices, cover)
    for one, people in zip(choices, cover, strict=True):
        assert people == pytest.approx(left.people @ covers[:, one > 0].any(axis=1))
    at_rents = [profit(one > 0) for one in choices[1::2]]
    for site in range(k):
        for one, profits in zip(choices[1::2] > 0, at_rents, strict=True):
            assert profit(one ^ (np.arange(k) == site)) <= profits + 1e-6


def most_added(problem: CoverageProblem, left: Core) -> list[float]:
    """The most that any 0, 1, ... columns add, by trying all."""
    k = len(left.columns)
    return [
        max(
            problem.value(left.units(np.isin(np.arange(k), chosen).astype(np.int64)))
            for chosen in combinations(range(k), places)
        )
        - left.base
        for places in range(k + 1)
    ]


@settings(deadline=None, max_examples=120)
@given(
    problems(),
    st.integers(1, 4),
    st.integers(1, 6),
    st.floats(0, 1),
    st.sampled_from([0.9, 1.0]),
    st.booleans(),
)
def test_no_choice_of_any_size_is_worth_more_than_the_windows_say(
    problem: CoverageProblem, windows: int, rounds: int, share: float, asked: float, both: bool
) -> None:
    left = core(problem)
    divisions = [split(left, windows), split(left, windows, between=True)][: 1 + both]
    found, best = CoverageWindows(left, *divisions), most_added(problem, left)
    for count in (2, 1):
        most = best[min(count, len(left.columns))]
        rents = found.first_rents(share * left.people, count)
        found.lower(rents, count, most, solves=rounds, enough=asked * most, watch=Watch())
    for window in found.windows:
        assert window.cover(window.choices) == pytest.approx(window.covers, abs=1e-6)
        assert window.mix.sum() == pytest.approx(1.0)
    for most, limit in zip(best, found.limits, strict=True):
        assert most <= limit + 1e-6


def noted(monkeypatch: pytest.MonkeyPatch, *steps: str) -> list[str]:
    """The names of these steps of windows, one after another, as they are taken."""
    seen: list[str] = []
    for step in steps:
        monkeypatch.setattr(CoverageWindows, step, _noting(step, getattr(CoverageWindows, step), seen))
    return seen


def _noting(step: str, true: Callable[..., Any], seen: list[str]) -> Callable[..., Any]:
    def taken(windows: CoverageWindows, *given: Any) -> Any:
        seen.append(step)
        return true(windows, *given)

    return taken


def test_rents_move_and_windows_are_solved_before_the_limit_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps in which the rents move come first and are many; few solves reach enough."""
    seen = noted(monkeypatch, "_moved", "_limit")
    random = np.random.default_rng(1)
    problem = problem_of(random.random((60, SITES)) < 0.35, random.integers(1, 50, 60))
    left = core(problem)
    most = most_added(problem, left)[3]
    label = split(left, 3)
    enough = max(1.003 * mixed(left, [label], 3), most)
    windows = CoverageWindows(left, label)
    rents = windows.first_rents(0.3 * left.people, 3)
    windows.lower(rents, 3, most, solves=9, enough=enough, watch=Watch())
    assert most <= windows.limits[3] <= enough
    assert seen.count("_moved") > seen.count("_limit") >= 1
    assert seen[0] == "_moved"


def test_whole_sites_in_windows_bound_below_the_relaxation() -> None:
    """Three sites for two triangles: 6 groups in halves, 5 in whole sites; windows know."""
    left = replace(core(triangles(2)), places=3)
    prices = priced(left, 50.0, rounds=400)
    windows = CoverageWindows(left, split(left, 2))
    rents = windows.first_rents(prices.price, 3)
    windows.lower(rents, 3, 50.0, solves=30, enough=50.0, watch=Watch())
    assert prices.bound >= 60.0 - 1e-6
    assert windows.limits[3] <= 50.0 + 0.1


def test_a_look_that_solves_nothing_lowers_no_limit_and_shares_the_places() -> None:
    """Only what climbing finds steers then: a hint where to search, no bound."""
    left = core(triangles(4))
    windows = CoverageWindows(left, split(left, 2))
    rents = windows.first_rents(0.5 * left.people, 4)
    rents = windows.lower(rents, 4, 80.0, solves=0, enough=80.0, watch=Watch())
    assert windows.limits.tolist() == [left.room] * (len(left.columns) + 1)
    assert np.maximum(0.0, windows.shares).sum() == pytest.approx(4.0, rel=0.05)
    windows.lower(rents, 4, 80.0, solves=2, enough=80.0, watch=Watch())
    assert windows.limits[4] < left.room


def mixed(left: Core, divisions: list[Int64s], places: int) -> float:
    """The most that mixes of all choices of all windows make, as a linear program (Dantzig & Wolfe 1960)."""
    k = len(left.columns)
    covers = covers_of(left)
    every = np.array(list(product((0, 1), repeat=k)), np.bool_)
    own = [label == w for label in divisions for w in np.unique(label)]
    cover = [
        np.array([left.people[groups][covers[groups][:, one].any(axis=1)].sum() for one in every])
        / len(divisions)
        for groups in own
    ]
    size, count = len(every), len(own)
    program = WarmProgram(
        np.concatenate([-np.concatenate(cover), np.zeros(k)]),
        lower=np.zeros(size * count + k),
        upper=np.ones(size * count + k),
    )
    for w in range(count):
        mix = np.arange(w * size, (w + 1) * size)
        program.add(np.zeros(size, np.int64), mix, np.ones(size), row_lower=np.ones(1), row_upper=np.ones(1))
        for j in range(k):
            at = np.append(mix, size * count + j)
            amount = np.append(every[:, j].astype(float), -1.0)
            program.add(
                np.zeros(size + 1, np.int64), at, amount, row_lower=np.array([-np.inf]), row_upper=np.zeros(1)
            )
    sites = np.arange(size * count, size * count + k)
    program.add(
        np.zeros(k, np.int64), sites, np.ones(k), row_lower=np.zeros(1), row_upper=np.array([float(places)])
    )
    solved = program.solve(30.0)
    assert solved.status == "optimal"
    program.close()
    return float(np.concatenate(cover) @ solved.values[: size * count])


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_rents_come_to_the_best_that_the_windows_can_say(seed: int, both: bool) -> None:
    """Against the linear program over all choices of all windows, whose value no rents go below."""
    random = np.random.default_rng(seed)
    left = core(problem_of(random.random((60, SITES)) < 0.35, random.integers(1, 50, 60)))
    divisions = [split(left, 3), split(left, 3, between=True)][: 1 + both]
    for places in (2, 3):
        least = mixed(left, divisions, places)
        windows = CoverageWindows(left, *divisions)
        rents = windows.first_rents(0.3 * left.people, places)
        windows.lower(rents, places, 0.9 * least, solves=80, enough=least, watch=Watch())
        assert least - 1e-6 <= windows.limits[places] <= least * 1.003


def test_climbing_ends_where_equal_sites_differ_by_rounding() -> None:
    """Sums and differences of large amounts leave 1e-8 over: no reason to change places for ever."""
    people = np.array([53573744.410669275, 104011.72366788132, 72199488.15427232])
    choices, cover = np.zeros((4, 3), np.int8), np.zeros(4)
    choices_near(
        np.array([0, 2, 5, 7], np.uint32), np.array([0, 1, 0, 1, 2, 0, 1], np.uint32), people,
        np.full(3, 38279.3615402257), np.ones((2, 3)), np.zeros(3, np.bool_), choices, cover,
    )  # fmt: skip
    assert choices.sum(axis=1).tolist() == [1, 1, 1, 1]
    assert cover == pytest.approx(people.sum())


def test_windows_forget_choices_and_stay_true(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for 12 choices each, mixes and covers stay what they are, and limits hold."""
    monkeypatch.setattr(windows_module, "_KEPT", 12)
    forgetting = Mock(wraps=windows_module._Window.forget)
    monkeypatch.setattr(windows_module._Window, "forget", lambda *given: forgetting(*given))
    random = np.random.default_rng(4)
    left = core(problem_of(random.random((60, SITES)) < 0.35, random.integers(1, 50, 60)))
    label = split(left, 2)
    windows = CoverageWindows(left, label)
    least = mixed(left, [label], 3)
    for places in (3, 2, 3):
        rents = windows.first_rents(0.3 * left.people, places)
        rents = windows.lower(rents, places, 0.9 * least, solves=40, enough=0.9 * least, watch=Watch())
    assert forgetting.call_count > 10
    for window, own in zip(windows.windows, rents.by_window, strict=True):
        most, mixing = window.profits(own).max(), int((window.mix > 0).sum())
        window.forget(own)
        assert len(window.covers) <= max(12, mixing)
        assert window.profits(own).max() == most
        assert window.cover(window.choices) == pytest.approx(window.covers, abs=1e-6)
        assert int((window.mix > 0).sum()) == mixing
        assert window.mix.sum() == pytest.approx(1.0)
    assert least - 1e-6 <= windows.limits[3] <= 1.01 * least


def test_more_places_than_sites_and_nobody_to_cover() -> None:
    left = core(triangles(1))
    windows = CoverageWindows(left, split(left, 1))
    windows.lower(windows.first_rents(left.people, 9), 9, 30.0, solves=9, enough=29.0, watch=Watch())
    assert windows.limits[-1] == pytest.approx(30.0, rel=0.01)
    assert windows.limits[0] < left.room
    nobody = core(problem_of(np.eye(SITES, dtype=np.bool_), np.ones(SITES, np.int64), worth=(0.0,)))
    windows = CoverageWindows(nobody, split(nobody, 2))
    windows.lower(windows.first_rents(nobody.people, 1), 1, 0.0, solves=3, enough=-1.0, watch=Watch())
    assert windows.limits.max() == 0


def test_windows_are_left_to_what_counts_once() -> None:
    covers = np.ones((3, SITES), np.bool_)
    assert counted_once(core(problem_of(covers, np.ones(3, np.int64))))
    assert not counted_once(core(problem_of(covers, np.ones(3, np.int64), worth=(0.7, 0.21))))


def test_a_curve_with_windows_is_bounded_whatever_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """With windows the bounds stand above the proven optima, the same on one or more threads."""
    instance = planar(1_500, 30, places=5, limit=0.15)
    groups = instance.groups()
    problem = CoverageProblem(covers=groups.covers, people=groups.people, fixed=np.zeros(30, np.bool_))
    proven = coverage_curve(problem, upto=8)
    monkeypatch.setattr(curve_module, "_SMALL", 0)
    monkeypatch.setattr(curve_module, "_CUTS", 0)
    limited = noted(monkeypatch, "_limit")
    curves = []
    for threads in (1, 3):
        monkeypatch.setattr("os.cpu_count", lambda threads=threads: threads)
        curves.append(coverage_curve(problem, upto=8, gap=1e-5))
    assert limited
    assert [(a.value, a.bound) for a in curves[0] if a] == [(b.value, b.bound) for b in curves[1] if b]
    for point, best in zip(curves[0], proven, strict=True):
        assert point is not None
        assert best is not None
        assert point.value <= best.value <= point.bound


def test_a_watch_that_has_stopped_leaves_windows_unsolved_and_limits_as_they_are() -> None:
    left = core(triangles(4))
    windows = CoverageWindows(left, split(left, 2))
    rents = windows.first_rents(0.5 * left.people, 4)
    windows._limit(rents.by_window, 0.0, Watch(0.0))
    assert windows.limits.tolist() == [left.room] * (len(left.columns) + 1)
    windows._limit(rents.by_window, 0.0, Watch())
    assert windows.limits[0] < left.room


def test_rents_of_sites_that_pay_too_little_are_raised_to_the_rent() -> None:
    """Also where amounts of both signs nearly cancel: then each by its amount, not by a huge factor."""
    left = core(problem_of(np.ones((2, 4), np.bool_) * [[1, 1, 0, 1], [1, 0, 1, 1]], np.array([5, 7])))
    windows = CoverageWindows(left, np.array([0, 1]))
    own = [
        np.array([{0: 1000.0, 1: 4.0, 3: 9.0}[int(c)] for c in windows.windows[0].columns]),
        np.array([{0: -999.0, 2: 0.0, 3: 9.0}[int(c)] for c in windows.windows[1].columns]),
    ]
    even = windows._even(own, 10.0)
    assert windows._by_column(even).tolist() == pytest.approx([10.0, 10.0, 0.0, 18.0])
    assert max(float(np.abs(a - b).max()) for a, b in zip(own, even, strict=True)) < 10.0
