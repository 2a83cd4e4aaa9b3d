"""Packed cover sets, the lean problem, scenarios and the curve: the same as counting row by row."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer import _kernels as kernels
from optimizer._kernels import cache_folder
from optimizer.problem import Bools, Int64s
from optimizer.rules import Rule
from optimizer.siting.cover_bits import CoverRows, words_for
from optimizer.siting.coverage_curve import coverage_curve
from optimizer.siting.coverage_problem import CoverageProblem, GroupFloor
from optimizer.siting.coverage_search import Covered, most_covered
from optimizer.watch import Watch


def flags(rows: CoverRows) -> Bools:
    """Which site covers which group, unpacked."""
    covers = rows.groups().covers
    bits = np.arange(rows.sites)
    return ((covers[:, bits // 64] >> (bits % 64).astype(np.uint64)) & np.uint64(1)).astype(bool)


@settings(deadline=None, max_examples=60)
@given(st.data(), st.integers(0, 40), st.sampled_from([1, 3, 63, 64, 65, 130]))
def test_groups_are_the_distinct_rows_with_their_people(data: st.DataObject, n: int, m: int) -> None:
    """Whatever way the rows came in: flags, times or pairs, in one block or in two."""
    covers = data.draw(hnp.arrays(bool, (n, m), elements=st.sampled_from([False, False, True])))
    covers[n // 2 :] = covers[: n - n // 2]
    people = data.draw(hnp.arrays(np.int64, n, elements=st.integers(0, 9)))
    by_flags, by_times, by_pairs = CoverRows(m), CoverRows(m), CoverRows(m)
    by_flags.add(covers[: n // 3], people[: n // 3])
    by_flags.add(covers[n // 3 :], people[n // 3 :])
    by_times.add_times(np.where(covers, 5, 6).astype(np.int32), np.full(n, 5), people)
    row, site = np.nonzero(covers)
    by_pairs.add_pairs(row, site, people)
    for rows in (by_flags, by_times, by_pairs):
        groups, unpacked = rows.groups(), flags(rows)
        assert (unpacked[groups.group] == covers).all()
        assert len(np.unique(unpacked, axis=0)) == len(unpacked)
        assert groups.people.tolist() == [people[groups.group == g].sum() for g in range(len(groups.people))]


def test_more_distinct_sets_than_there_is_room_for_at_first() -> None:
    """Every number from 0 to 19,999 as a set of bits, twice."""
    number = np.tile(np.arange(20_000, dtype=np.uint64), 2)[:, None]
    rows = CoverRows(16)
    rows.add_words(number, np.ones(len(number)))
    groups = rows.groups()
    assert (groups.covers[:, 0] == np.arange(20_000)).all()
    assert (groups.people == 2).all()


def town(n: int, m: int, *, seed: int = 5, **changes: object) -> tuple[CoverageProblem, Bools, Int64s]:
    """Points and sites in a square; the lean problem, and the flags and people that it came from."""
    g = np.random.default_rng(seed)
    points, sites = g.random((n, 2)), g.random((m, 2))
    covers = np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1)) < 0.15
    people = g.integers(1, 99, n)
    rows = CoverRows(m)
    rows.add(covers, people)
    groups = rows.groups()
    given: dict[str, object] = {"fixed": np.zeros(m, bool), "places": 3, **changes}
    problem = CoverageProblem(covers=groups.covers, people=groups.people, **given)  # type: ignore[arg-type]  # a test's own words
    return problem, covers, people


def found(problem: CoverageProblem, *, gap: float = 0.0) -> Covered:
    """The answer, which must be there and carry its own value."""
    answer = most_covered(problem, gap=gap)
    assert answer is not None
    assert answer.value == pytest.approx(problem.value(answer.units))
    assert answer.value <= answer.bound
    return answer


def test_the_lean_problem_counts_what_the_rows_count() -> None:
    problem, covers, people = town(400, 12)
    best = max(people[covers[:, list(c)].any(axis=1)].sum() for c in combinations(range(12), 3))
    answer = found(problem)
    assert answer.value == answer.bound == best


def test_the_mean_over_scenarios_is_one_problem_of_stacked_rows() -> None:
    """Two states of the roads, open and with a site cut off, half as probable."""
    _, covers, people = town(300, 10)
    cut = covers.copy()
    cut[:, 4] = False
    rows = CoverRows(10)
    rows.add(covers, people * 2 / 3)
    rows.add(cut, people / 3)
    groups = rows.groups()
    answer = found(
        CoverageProblem(covers=groups.covers, people=groups.people, fixed=np.zeros(10, bool), places=3)
    )
    best = max(
        people[covers[:, list(c)].any(axis=1)].sum() * 2 / 3 + people[cut[:, list(c)].any(axis=1)].sum() / 3
        for c in combinations(range(10), 3)
    )
    assert answer.value == pytest.approx(best)


def test_a_gap_ends_the_search_early_and_the_bound_still_holds() -> None:
    problem, _, _ = town(3000, 60, places=8)
    proven, near = found(problem), found(problem, gap=0.05)
    assert proven.value == proven.bound
    assert near.value <= proven.value <= near.bound <= 1.05 * near.value + 1


def test_each_point_of_the_curve_is_the_best_for_its_number() -> None:
    problem, covers, people = town(500, 11, fixed=np.arange(11) == 3)
    curve = coverage_curve(problem, upto=4)
    for p, point in enumerate(curve):
        assert point is not None
        best = max(
            people[covers[:, [3, *c]].any(axis=1)].sum()
            for c in combinations([j for j in range(11) if j != 3], p)
        )
        assert point.value == point.bound == best
        assert point.units.sum() <= p + 1
        assert point.units[3] == 1


def test_the_curve_agrees_with_each_number_alone_and_rises() -> None:
    problem, _, _ = town(2000, 50)
    curve = coverage_curve(problem, upto=9)
    values = [point.value for point in curve if point is not None]
    alone = [found(town(2000, 50, places=p)[0]).value for p in range(10)]
    assert values == alone == sorted(values)


def test_a_curve_under_rules_says_where_none_keep_them() -> None:
    two = Rule(name="two", sites=np.arange(12), amount=np.ones(12), at_least=2.0)
    problem, covers, people = town(200, 12, rules=(two,))
    curve = coverage_curve(problem, upto=2)
    assert [point is None for point in curve] == [True, True, False]
    best = max(people[covers[:, list(c)].any(axis=1)].sum() for c in combinations(range(12), 2))
    assert curve[2] is not None
    assert curve[2].value == best


def test_a_stopped_curve_still_has_a_point_for_each_number() -> None:
    problem, _, people = town(600, 30)
    curve = coverage_curve(problem, upto=5, watch=Watch(60, lambda *_: True))
    values = [point.value for point in curve if point is not None]
    bounds = [point.bound for point in curve if point is not None]
    assert len(values) == 6
    assert values == sorted(values)
    assert bounds == sorted(bounds)
    assert values[0] == 0
    assert bounds[-1] <= people.sum()
    assert curve[5] is not None
    assert curve[5].stopped_by == "user"


def test_the_same_question_twice_is_the_same_answer() -> None:
    problem, _, _ = town(1500, 40, places=7, worth=(0.7, 0.21, 0.063), most=np.full(40, 2))
    one, other = found(problem), found(problem)
    assert one.units.tolist() == other.units.tolist()
    assert (one.value, one.bound) == (other.value, other.bound)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fixed": np.zeros(100, bool)}, "covers"),
        ({"worth": (0.5, 0.6)}, "worth"),
        ({"worth": ()}, "worth"),
        ({"most": np.zeros(12, np.int64)}, "most"),
        ({"places": 2, "fixed": np.ones(12, bool)}, "places"),
        ({"floors": (GroupFloor(name="f", weight=np.ones(1), people=1.0),)}, "floors"),
    ],
)
def test_impossible_lean_problems_are_refused_by_name(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        town(50, 12, **changes)  # type: ignore[arg-type]  # a test's own words


def test_rows_of_the_wrong_width_or_pairs_beyond_the_sites_are_refused() -> None:
    rows = CoverRows(70)
    assert words_for(70) == 2
    with pytest.raises(ValueError, match="covers"):
        rows.add_words(np.zeros((1, 1), np.uint64), np.ones(1))
    with pytest.raises(ValueError, match="pairs"):
        rows.add_pairs(np.array([0]), np.array([70]), np.ones(1))


def test_compiled_code_has_a_folder_that_can_be_written() -> None:
    assert cache_folder().is_dir()


def test_a_loop_that_calls_another_files_carries_what_that_was_compiled_from() -> None:
    """Else numba would go on with kept code after the other file has changed."""
    folder = Path(kernels.__file__).parent
    for source in folder.glob("*.py"):
        text = source.read_text(encoding="utf-8")
        called = set(re.findall(r"^from optimizer\._kernels\.(\w+) import", text, re.MULTILINE))
        for name in called - {"drill_arrays"}:  # tuples and settings of the compiler, no loops
            assert f"sha256(Path({name}.__file__).read_bytes())" in text, source.name
