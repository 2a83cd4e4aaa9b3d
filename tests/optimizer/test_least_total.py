"""The engine of the p-median family against every choice, and its lists cut short against whole ones."""

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.rules import Rule
from optimizer.siting import nearest_sites as nearest_module
from optimizer.siting.keeping import keeping
from optimizer.siting.least_total import lacking, least_total
from optimizer.siting.median_problem import MedianProblem, Share
from optimizer.siting.median_swap import SwapSearch
from optimizer.siting.nearest_sites import NearestSites, nearest_sites
from optimizer.watch import Watch

COSTS = st.one_of(st.integers(0, 99).map(float), st.just(float("inf")))


@st.composite
def medians(draw: st.DrawFn) -> MedianProblem:
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    fixed = draw(hnp.arrays(bool, m, elements=st.sampled_from([False, False, True])))
    amount = draw(hnp.arrays(float, m, elements=st.integers(-2, 4)))
    at_most = float(draw(st.integers(0, 9)))
    people = draw(hnp.arrays(float, n, elements=st.integers(0, 9)))
    return MedianProblem(
        cost=draw(hnp.arrays(float, (n, m), elements=COSTS)),
        weight=draw(hnp.arrays(float, n, elements=st.integers(1, 9))),
        fixed=fixed,
        places=draw(st.one_of(st.none(), st.integers(int(fixed.sum()), m))),
        opening=draw(st.one_of(st.none(), hnp.arrays(float, m, elements=st.integers(-5, 200)))),
        rules=(Rule(name="budget", sites=np.arange(m), amount=amount, at_most=at_most),)
        if draw(st.booleans())
        else (),
        shares=(
            Share(
                covers=draw(hnp.arrays(bool, (n, m))),
                people=people,
                at_least=float(draw(st.integers(0, int(people.sum())))),
            ),
        )
        if draw(st.booleans())
        else (),
    )


def worth(problem: MedianProblem, opened: tuple[int, ...]) -> float | None:
    """Total of a choice by plain loops; ``None`` = not allowed."""
    if any(rule.beyond(opened) for rule in problem.rules):
        return None
    for share in problem.shares:
        covered = [
            a for a, row in zip(share.people, share.covers, strict=True) if any(row[j] for j in opened)
        ]
        if sum(covered) < share.at_least:
            return None
    total = sum(0.0 if problem.opening is None else problem.opening[j] for j in opened)
    for a, row in zip(problem.weight, problem.cost, strict=True):
        total += a * min((row[j] for j in opened), default=np.inf)
    return float(total) if np.isfinite(total) else None


def best(problem: MedianProblem) -> float | None:
    """The least total over every choice."""
    fixed = tuple(np.flatnonzero(problem.fixed).tolist())
    free = problem.free.tolist()
    more = chain.from_iterable(combinations(free, k) for k in range(problem.may_open + 1))
    return min((v for some in more if (v := worth(problem, fixed + some)) is not None), default=None)


@settings(deadline=None, max_examples=200)
@given(medians())
def test_no_other_choice_has_a_lower_total(problem: MedianProblem) -> None:
    answer, least = least_total(problem), best(problem)
    if least is None:
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.total == pytest.approx(least)
    assert worth(problem, answer.chosen) == pytest.approx(least)
    assert answer.bound == pytest.approx(least, abs=1.0)


def drawn(*, n: int, m: int, p: int, seed: int = 5) -> MedianProblem:
    """Random points in a square, a third of the pairs without a road beyond a distance."""
    g = np.random.default_rng(seed)
    rows, sites = g.random((n, 2)), g.random((m, 2))
    cost = np.hypot(*(rows[:, None] - sites[None]).transpose(2, 0, 1)).astype(np.float32)
    return MedianProblem(
        cost=cost, weight=g.integers(1, 50, n).astype(float), fixed=np.arange(m) == 2, places=p
    )


@pytest.mark.parametrize("listed", [1, 3, 8])
def test_short_lists_change_nothing(listed: int) -> None:
    """Totals, cuts and swaps fall back on the costs themselves where a list ends too early."""
    problem = drawn(n=400, m=30, p=5)
    whole = replace(nearest_sites(problem), group=np.arange(400) % 3, groups=3)
    short = replace(nearest_sites(problem, listed=listed), group=whole.group, groups=3)
    rng = np.random.default_rng(1)
    for _ in range(5):
        chosen = np.sort(rng.choice(29, 4, replace=False))
        assert short.total(chosen) == pytest.approx(whole.total(chosen))
        x = rng.random(29) * (rng.random(29) < 0.4)
        for ours, theirs in zip(short.cuts(x), whole.cuts(x), strict=True):
            assert ours == pytest.approx(theirs, rel=1e-6)
        assert swapped(problem, short, chosen).tolist() == swapped(problem, whole, chosen).tolist()


@pytest.mark.parametrize("threads", [1, 3])
def test_parts_of_rows_change_nothing(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, totals, cuts and swaps of parts side by side are those of all rows together."""
    problem = drawn(n=400, m=30, p=5)
    group, chosen = np.arange(400) % 3, np.array([1, 8, 20, 27])
    whole = replace(nearest_sites(problem, listed=6), group=group, groups=3)
    x = np.random.default_rng(1).random(29) * 0.4
    wanted = whole.total(chosen), whole.cuts(x), swapped(problem, whole, chosen)
    monkeypatch.setattr(nearest_module, "_PART", 70)
    monkeypatch.setattr("os.cpu_count", lambda: threads)
    parts = replace(nearest_sites(problem, listed=6), group=group, groups=3)
    assert len(nearest_module.by_parts(lambda part: part, 400)) == 6
    assert np.array_equal(parts.site, whole.site)
    assert np.array_equal(parts.value, whole.value)
    assert parts.total(chosen) == wanted[0]
    for ours, theirs in zip(parts.cuts(x), wanted[1], strict=True):
        assert ours == pytest.approx(theirs)
    assert swapped(problem, parts, chosen).tolist() == wanted[2].tolist()


def swapped(problem: MedianProblem, sites: NearestSites, chosen: np.ndarray) -> np.ndarray:
    return SwapSearch(sites, keeping(problem, None), np.zeros(sites.free_sites)).improve(chosen)


def test_a_swap_optimum_has_no_better_neighbour() -> None:
    """Tables kept up to date through many exchanges end where no exchange of one pair saves anything."""
    problem = drawn(n=300, m=25, p=6)
    sites = nearest_sites(problem)
    chosen = swapped(problem, sites, np.arange(5))
    total = sites.total(chosen)
    for out in chosen:
        for site in np.setdiff1d(np.arange(24), chosen):
            other = np.append(np.setdiff1d(chosen, [out]), site)
            assert sites.total(other) >= total * (1 - 1e-6)


def test_a_cut_is_tight_where_it_was_made_and_below_the_total_elsewhere() -> None:
    problem = drawn(n=200, m=20, p=4)
    sites = nearest_sites(problem)
    rng = np.random.default_rng(2)
    slope, constant = sites.cuts(rng.random(19) / 4)
    own = np.sort(rng.choice(19, 3, replace=False))
    tight_slope, tight = sites.cuts((np.isin(np.arange(19), own)).astype(float))
    assert tight[0] - tight_slope[0][own].sum() == pytest.approx(sites.total(own))
    for _ in range(50):
        other = rng.choice(19, 3, replace=False)
        for cut, right in ((slope[0], constant[0]), (tight_slope[0], tight[0])):
            assert right - cut[other].sum() <= sites.total(other) * (1 + 1e-9)


def test_a_row_that_lacks_some_sites_is_listed_as_such() -> None:
    problem = MedianProblem(
        cost=np.array([[1.0, 2.0, np.inf], [np.inf, 5.0, np.inf]]), weight=np.ones(2), fixed=np.zeros(3, bool)
    )
    found = lacking(problem)
    assert found is not None
    assert found.tolist() == [[True, True, False], [False, True, False]]


def test_sampled_rows_lead_to_the_same_optimum_as_all() -> None:
    """Above the size where the search starts on a sample the answer is still proven, and the same twice."""
    problem = drawn(n=21_000, m=30, p=6)
    answer, again = least_total(problem), least_total(problem)
    assert answer.status == "optimal"
    assert answer == again
    assert answer.total == pytest.approx(
        float(problem.weight @ problem.cost[:, list(answer.chosen)].min(axis=1)), rel=1e-6
    )


def test_a_search_stopped_at_once_still_gives_a_choice_and_a_bound() -> None:
    answer = least_total(drawn(n=500, m=60, p=8), watch=Watch(60, lambda *_: True))
    assert answer.stopped_by == "user"
    assert answer.chosen
    assert 0 < answer.bound <= answer.total


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weight": np.array([1.0])}, "weight"),
        ({"weight": np.array([-1.0, 1.0])}, "weight"),
        ({"places": 0, "fixed": np.array([True, False])}, "places"),
        ({"opening": np.zeros(3)}, "opening"),
    ],
)
def test_impossible_medians_are_refused_by_name(changes: dict[str, object], message: str) -> None:
    good: dict[str, object] = {"cost": np.ones((2, 2)), "weight": np.ones(2), "fixed": np.zeros(2, bool)}
    with pytest.raises(ValueError, match=message):
        MedianProblem(**{**good, **changes})  # type: ignore[arg-type]  # the dictionary mixes kinds on purpose
