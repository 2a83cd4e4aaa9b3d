"""Evacuation: everybody is counted, the waves are as full as any, and people without a car go first."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.dispatch.evacuate import evacuate
from optimizer.dispatch.evacuation import EvacuationProblem, evacuation_violations

INF = float("inf")


@st.composite
def evacuations(draw: st.DrawFn) -> EvacuationProblem:
    people = draw(hnp.arrays(np.int64, 2, elements=st.integers(0, 4)))
    times = st.one_of(st.integers(1, 9).map(float), st.just(INF))
    buses = draw(st.sampled_from([[], [1], [2], [1, 1]]))
    k = len(buses)
    return EvacuationProblem(
        people=people,
        without_car=np.array([draw(st.integers(0, int(n))) for n in people]),
        capacity=draw(hnp.arrays(np.int64, 2, elements=st.integers(0, 4))),
        buses=np.array(buses, np.int64),
        seats=draw(hnp.arrays(np.int64, k, elements=st.integers(1, 3))),
        first_s=draw(hnp.arrays(float, (k, 2, 2), elements=times)),
        travel_s=draw(hnp.arrays(float, (k, 2, 2), elements=times)),
        back_s=draw(hnp.arrays(float, (k, 2, 2), elements=times)),
        drive_s=draw(hnp.arrays(float, (2, 2), elements=times)),
        boarding_s=1.0,
    )


def most_by_trial(problem: EvacuationProblem) -> tuple[int, int, int]:
    """Most people brought, most of them in the first wave, and then most drivers, over all plans."""
    ways = list(product(range(2), range(2)))
    options, seats = [], []
    for kind, buses in enumerate(problem.buses.tolist()):
        first = [w for w in ways if np.isfinite(problem.first_s[kind][w])]
        second = [w for w in ways if np.isfinite(problem.travel_s[kind][w])]
        both = [(w, v) for w in first for v in second if np.isfinite(problem.back_s[kind, w[1], v[0]])]
        options += [[(), *((w,) for w in first), *both]] * buses
        seats += [int(problem.seats[kind])] * buses
    return max(_reached(problem, plan, seats) for plan in product(*options))


Round = tuple[tuple[int, int], ...]


def _reached(problem: EvacuationProblem, plan: tuple[Round, ...], seats: list[int]) -> tuple[int, int, int]:
    """What one choice of trips reaches when its seats are filled by trying every way to fill them."""
    trips = [(b, w, way) for b, round_ in enumerate(plan) for w, way in enumerate(round_)]
    best = (-1, -1, -1)
    for loads in product(*(range(seats[b] + 1) for b, _, _ in trips)):
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
        if (sum(loads), one) >= best[:2]:
            best = max(best, (sum(loads), one, _drivers(problem, free)))
    return best


def _drivers(problem: EvacuationProblem, free: np.ndarray) -> int:
    cars = problem.people - problem.without_car
    ways = [(p, s) for p, s in product(range(2), range(2)) if np.isfinite(problem.drive_s[p, s])]
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


def one_bus(**changes: object) -> EvacuationProblem:
    """One bus with 10 seats, 20 people of whom 15 have no car, 100 s from a shelter for 18."""
    question: dict[str, object] = {
        "people": np.array([20]),
        "without_car": np.array([15]),
        "capacity": np.array([18]),
        "buses": np.array([1]),
        "seats": np.array([10]),
        "first_s": np.array([[[160.0]]]),
        "travel_s": np.array([[[100.0]]]),
        "back_s": np.array([[[90.0]]]),
        "drive_s": np.array([[70.0]]),
        "boarding_s": 10.0,
    }
    return EvacuationProblem(**{**question, **changes})  # type: ignore[arg-type]  # as listed above


def test_the_second_wave_starts_where_the_first_ended() -> None:
    """There at 160 s; 90 s back, 10 s to board and 100 s on the way: there again at 360 s."""
    plan = evacuate(one_bus())
    assert [(t.wave, t.people, t.arrival_s) for t in plan.trips] == [(1, 10, 160.0), (2, 5, 360.0)]
    assert plan.driving == ((0, 0, 3),)
    assert (plan.left, plan.left_without_car, plan.least_left) == ((2,), (0,), 2)


def test_three_buses_of_a_kind_share_people_evenly() -> None:
    """40 people without a car, three buses of 15: 14, 13 and 13, no second wave."""
    many = one_bus(people=np.array([40]), without_car=np.array([40]), capacity=np.array([60]))
    plan = evacuate(replace(many, buses=np.array([3]), seats=np.array([15])))
    assert [(t.bus, t.wave, t.people) for t in plan.trips] == [(0, 1, 14), (1, 1, 13), (2, 1, 13)]
    assert plan.left == (0,)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"people": 11}, "11 people on 10 seats"),
        ({"arrival_s": 100.0}, "is there at 160 s"),
        ({"bus": 1}, "there are 1"),
        ({"wave": 2}, "without a first"),
    ],
)
def test_the_check_finds_what_is_wrong_with_a_trip(change: dict[str, object], words: str) -> None:
    problem = one_bus(without_car=np.array([10]))
    plan = evacuate(problem)
    assert len(plan.trips) == 1
    broken = replace(plan, trips=(replace(plan.trips[0], **change),))  # type: ignore[arg-type]  # its fields
    assert any(words in sentence for sentence in evacuation_violations(problem, broken))


def test_the_check_misses_nobody() -> None:
    """A person fewer among those left, or one more at the shelter, is found."""
    problem = one_bus()
    plan = evacuate(problem)
    assert evacuation_violations(problem, plan) == ()
    assert "not everybody is counted" in evacuation_violations(problem, replace(plan, left=(1,)))
    more = replace(plan, driving=((0, 0, 4),), left=(1,))
    assert "a shelter is over its capacity" in evacuation_violations(problem, more)


def test_nodes_that_run_out_are_said() -> None:
    """The plan still counts everybody, and says why it is not proven."""
    rng = np.random.default_rng(1)
    k, p, s = 2, 8, 6
    problem = EvacuationProblem(
        people=rng.integers(20, 90, p),
        without_car=rng.integers(5, 20, p),
        capacity=rng.integers(10, 90, s),
        buses=np.array([3, 4]),
        seats=np.array([17, 11]),
        first_s=rng.integers(10, 90, (k, p, s)).astype(float),
        travel_s=rng.integers(10, 90, (k, p, s)).astype(float),
        back_s=rng.integers(10, 90, (k, s, p)).astype(float),
        drive_s=rng.integers(10, 90, (p, s)).astype(float),
    )
    plan = evacuate(problem, most_nodes=1)
    assert evacuation_violations(problem, plan) == ()
    assert (plan.status, plan.stopped_by) in [("feasible", "size"), ("optimal", None)]


def test_without_any_shelter_nobody_can_leave_and_that_is_proven() -> None:
    """No column at all: the bound is everybody, and a plan that states less of it does not hold."""
    nowhere = one_bus(
        capacity=np.empty(0, np.int64),
        first_s=np.empty((1, 1, 0)),
        travel_s=np.empty((1, 1, 0)),
        back_s=np.empty((1, 0, 1)),
        drive_s=np.empty((1, 0)),
    )
    plan = evacuate(nowhere)
    assert (plan.left, plan.least_left, plan.status) == ((20,), 20, "optimal")
    assert evacuation_violations(nowhere, plan) == ()
    assert evacuation_violations(nowhere, replace(plan, least_left=0)) != ()
