"""Deliveries: allowed, counted to the last piece, and the least last hand-over by trying all plans."""

from itertools import combinations_with_replacement, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.dispatch.deliver import deliver
from optimizer.dispatch.delivery import Delivery, DeliveryProblem, Good, Truck, delivery_violations
from optimizer.watch import Watch


@st.composite
def deliveries(draw: st.DrawFn) -> DeliveryProblem:
    """Two depots, two shelters, one good by the piece, trucks of one or two pieces."""
    times = st.one_of(st.integers(1, 9).map(float), st.just(float("inf")))
    truck = st.tuples(st.integers(0, 1), st.integers(1, 2), st.sampled_from([None, 0.0, 3.0]))
    trucks = draw(st.lists(truck, min_size=0, max_size=2))
    return DeliveryProblem(
        goods=(Good(id="tent", mass_kg=1),),
        trucks=tuple(
            Truck(id=str(k), depot=d, load_kg=kg, elsewhere=() if other is None else ((1 - d, other),))
            for k, (d, kg, other) in enumerate(trucks)
        ),
        stock=draw(hnp.arrays(np.int64, (2, 1), elements=st.integers(0, 3))),
        demand=draw(hnp.arrays(np.int64, (2, 1), elements=st.integers(0, 2))),
        travel_s=draw(hnp.arrays(float, (2, 2), elements=times)),
        loading_s=np.array([1.0, 2.0]),
        unloading_s=np.array([0.0, 1.0]),
        deadline_s=draw(st.sampled_from([12.0, 30.0, 1000.0])),
    )


def best_by_trial(problem: DeliveryProblem) -> tuple[int, float]:
    """Least pieces unmet by the deadline, and for that the least last hand-over, over all sets of trips."""
    choices: list[list[Choice]] = []
    for truck in problem.trucks:
        ways = [[s for s in range(2) if np.isfinite(problem.travel_s[d, s])] for d, _ in truck.depots]
        choices.append(
            [
                (depot, ready_s, trips)
                for (depot, ready_s), shelters in zip(truck.depots, ways, strict=True)
                for n in range(5)
                for trips in combinations_with_replacement(shelters, n)
            ]
        )
    found = []
    for chosen in product(*choices):
        lasts = [_last(problem, *one) for one in chosen]
        if max(lasts, default=0.0) <= problem.deadline_s:
            found.append((_unmet(problem, chosen), max(lasts, default=0.0)))
    return min(found)


Choice = tuple[int, float, tuple[int, ...]]


def _last(problem: DeliveryProblem, depot: int, ready_s: float, shelters: tuple[int, ...]) -> float:
    if not shelters:
        return 0.0
    out, back = problem.out_ds[depot] / 10, problem.back_ds[depot] / 10
    return ready_s + float(sum(out[s] + back[s] for s in shelters) - max(back[s] for s in shelters))


def _unmet(problem: DeliveryProblem, chosen: tuple[Choice, ...]) -> int:
    """Pieces missing when each depot sends as much as the trips carry; all ways to split the stock."""
    room = np.zeros((2, 2), int)
    for truck, (depot, _, shelters) in zip(problem.trucks, chosen, strict=True):
        for shelter in shelters:
            room[depot, shelter] += int(truck.load_kg)
    demand, stock = problem.demand[:, 0], problem.stock[:, 0]
    best = int(demand.sum())
    for sent in product(
        *(range(min(int(room[d, s]), int(demand[s])) + 1) for d in range(2) for s in range(2))
    ):
        way = np.array(sent).reshape(2, 2)
        if (way.sum(axis=1) <= stock).all() and (way.sum(axis=0) <= demand).all():
            best = min(best, int(demand.sum() - way.sum()))
    return best


@settings(deadline=None, max_examples=40)
@given(deliveries())
def test_no_other_trips_bring_more_or_hand_over_the_last_piece_sooner(problem: DeliveryProblem) -> None:
    delivery = deliver(problem)
    unmet, last_s = best_by_trial(problem)
    assert delivery_violations(problem, delivery) == ()
    assert sum(map(sum, delivery.unmet)) == unmet == delivery.unmet_bound
    assert delivery.status == "optimal"
    assert delivery.last_s == delivery.bound_s
    assert abs(delivery.last_s - last_s) < 1e-6


def county(seed: int = 0) -> DeliveryProblem:
    """1,200 people: a tent for four and two quilts each; 13 shelters, 5 depots, 20 trucks."""
    rng = np.random.default_rng(seed)
    people = rng.multinomial(1200, np.ones(13) / 13)
    return DeliveryProblem(
        goods=(Good(id="tent", mass_kg=60, volume_m3=0.3), Good(id="quilt", mass_kg=3, volume_m3=0.03)),
        trucks=tuple(
            Truck(id=f"t{k}", depot=k % 5, load_kg=float(rng.choice([1500, 3000])), load_m3=12)
            for k in range(20)
        ),
        stock=np.column_stack([np.full(5, 90), np.full(5, 600)]),
        demand=np.column_stack([-(-people // 4), 2 * people]),
        travel_s=rng.integers(600, 4800, (5, 13)).astype(float),
        loading_s=np.full(5, 900.0),
        unloading_s=np.full(13, 900.0),
        deadline_s=36_000.0,
    )


def test_twelve_hundred_people_are_counted_and_no_truck_is_over_its_load() -> None:
    problem = county()
    delivery = deliver(problem, watch=Watch(limit_s=4))
    assert delivery_violations(problem, delivery) == ()
    assert sum(map(sum, delivery.unmet)) == 0
    assert delivery.bound_s <= delivery.last_s <= 36_000


def test_what_is_missing_in_stock_is_unmet_and_proven() -> None:
    problem = county()
    short = DeliveryProblem(
        goods=problem.goods,
        trucks=problem.trucks,
        stock=problem.stock // 2,
        demand=problem.demand,
        travel_s=problem.travel_s,
        loading_s=problem.loading_s,
        unloading_s=problem.unloading_s,
    )
    delivery = deliver(short, watch=Watch(limit_s=4))
    assert delivery_violations(short, delivery) == ()
    missing = np.maximum(0, short.demand.sum(axis=0) - short.stock.sum(axis=0)).sum()
    assert sum(map(sum, delivery.unmet)) == missing == delivery.unmet_bound


def test_the_check_finds_an_overloaded_truck_and_a_false_time() -> None:
    problem = county()
    delivery = deliver(problem, watch=Watch(limit_s=2))
    first = delivery.trips[0]
    heavy = type(first)(
        truck=first.truck,
        depot=first.depot,
        shelter=first.shelter,
        start_s=first.start_s,
        handed_over_s=first.handed_over_s - 60,
        pieces=(90, 600),
    )
    told = delivery_violations(
        problem,
        Delivery(
            trips=(heavy, *delivery.trips[1:]),
            status="feasible",
            last_s=delivery.last_s,
            bound_s=delivery.bound_s,
            unmet=delivery.unmet,
            unmet_bound=0,
        ),
    )
    assert any("over its load" in sentence for sentence in told)
    assert any("cannot keep its times" in sentence for sentence in told)


def test_a_piece_that_nobody_can_bring_in_time_does_not_delay_the_others() -> None:
    """One truck of one piece, shelters 5 s and 3 s away, 12 s in all: the nearer is served, at 5 s."""
    problem = DeliveryProblem(
        goods=(Good(id="tent", mass_kg=1),),
        trucks=(Truck(id="t", depot=0, load_kg=1),),
        stock=np.array([[2]]),
        demand=np.array([[1], [1]]),
        travel_s=np.array([[5.0, 3.0]]),
        loading_s=np.array([1.0]),
        unloading_s=np.array([0.0, 1.0]),
        deadline_s=12,
    )
    delivery = deliver(problem)
    assert (delivery.last_s, delivery.bound_s, delivery.unmet, delivery.status) == (
        5,
        5,
        ((1,), (0,)),
        "optimal",
    )
