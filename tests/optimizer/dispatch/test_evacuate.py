"""Evacuation: everybody is counted, the waves are as full as any, and people without a car go first."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.dispatch.evacuate import EvacuationProblem, evacuate, evacuation_violations

INF = float("inf")


@st.composite
def evacuations(draw: st.DrawFn) -> EvacuationProblem:
    people = draw(hnp.arrays(np.int64, 2, elements=st.integers(0, 4)))
    times = st.one_of(st.integers(1, 9).map(float), st.just(INF))
    buses = draw(st.integers(0, 2))
    return EvacuationProblem(
        people=people,
        without_car=np.array([draw(st.integers(0, int(n))) for n in people]),
        capacity=draw(hnp.arrays(np.int64, 2, elements=st.integers(0, 4))),
        seats=draw(hnp.arrays(np.int64, buses, elements=st.integers(1, 3))),
        first_s=draw(hnp.arrays(float, (buses, 2), elements=times)),
        travel_s=draw(hnp.arrays(float, (2, 2), elements=times)),
    )


def most_by_trial(problem: EvacuationProblem) -> tuple[int, int, int]:
    """Most people brought, most of them in the first wave, and then most drivers, over all plans."""
    ways = [(p, s) for p, s in product(range(2), range(2)) if np.isfinite(problem.travel_s[p, s])]
    buses = range(len(problem.seats))
    first = [[w for w in ways if np.isfinite(problem.first_s[b, w[0]])] for b in buses]
    both = [[(w, v) for w in first[b] for v in ways if (v[0], w[1]) in ways] for b in buses]
    options = [[(), *((w,) for w in first[b]), *both[b]] for b in buses]
    return max(_reached(problem, plan, ways) for plan in product(*options))


def _reached(problem, plan, ways) -> tuple[int, int, int]:  # type: ignore[no-untyped-def]  # tuples of tuples
    """What one choice of trips reaches when its seats are filled by trying every way to fill them."""
    trips = [(b, w, way) for b, round_ in enumerate(plan) for w, way in enumerate(round_)]
    best = (-1, -1, -1)
    for loads in product(*(range(int(problem.seats[b]) + 1) for b, _, _ in trips)):
        carried = {(b, w): load for (b, w, _), load in zip(trips, loads, strict=True)}
        if any(w == 1 and not carried[b, 0] for b, w, _ in trips):
            continue  # a second wave follows a first with people
        bus, free = np.zeros(2, int), problem.capacity.copy()
        for (_, _, (p, s)), load in zip(trips, loads, strict=True):
            bus[p] += load
            free[s] -= load
        if (bus > problem.without_car).any() or (free < 0).any():
            continue
        one = sum(load for (_, w, _), load in zip(trips, loads, strict=True) if w == 0)
        if (sum(loads), one) < best[:2]:
            continue
        best = max(best, (sum(loads), one, _drivers(problem, free, ways)))
    return best


def _drivers(problem: EvacuationProblem, free: np.ndarray, ways: list[tuple[int, int]]) -> int:
    cars = problem.people - problem.without_car
    most = 0
    for sent in product(*(range(int(min(cars[p], free[s])) + 1) for p, s in ways)):
        there, away = np.zeros(2, int), np.zeros(2, int)
        for (p, s), n in zip(ways, sent, strict=True):
            away[p] += n
            there[s] += n
        if (away <= cars).all() and (there <= free).all():
            most = max(most, sum(sent))
    return most


@settings(deadline=None, max_examples=30)
@given(evacuations())
def test_no_other_plan_brings_more_people_in_the_order_of_the_stages(problem: EvacuationProblem) -> None:
    plan = evacuate(problem)
    assert evacuation_violations(problem, plan) == ()
    assert plan.status == "optimal"
    brought = sum(trip.people for trip in plan.trips)
    first = sum(trip.people for trip in plan.trips if trip.wave == 1)
    driving = sum(people for _, _, people in plan.driving)
    assert (brought, first, driving) == most_by_trial(problem)
    assert plan.least_left == problem.people.sum() - brought - driving == sum(plan.left)


def test_the_second_wave_starts_where_the_first_ended() -> None:
    """One bus with 10 seats, 15 people 100 s from the shelter: there at 160 s, and again 210 s later."""
    problem = EvacuationProblem(
        people=np.array([20]),
        without_car=np.array([15]),
        capacity=np.array([18]),
        seats=np.array([10]),
        first_s=np.array([[50.0]]),
        travel_s=np.array([[100.0]]),
        boarding_s=10.0,
    )
    plan = evacuate(problem)
    assert [(t.wave, t.people, t.arrival_s) for t in plan.trips] == [(1, 10, 160.0), (2, 5, 370.0)]
    assert plan.driving == ((0, 0, 3),)
    assert (plan.left, plan.left_without_car, plan.least_left) == ((2,), (0,), 2)
