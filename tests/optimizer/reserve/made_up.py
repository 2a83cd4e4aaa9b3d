"""Counties that do not exist: questions about the reserve of any size, from a seed."""

import numpy as np

from optimizer.reserve.reserve_problem import Depots, Items, LeastRule, ReserveProblem, Scenarios

H = 3600.0
WINDOWS_S = np.array([2.0, 10.0, 24.0, 72.0]) * H
BY_WINDOW = np.array(
    [[0.3, 1, 1, 1], [0, 1, 1, 1], [0.1, 0.4, 0.7, 1], [0, 0, 1, 1], [0.2, 0.6, 1, 1]]
)  # share of a need that is due by the end of each window


def made_up(
    *,
    seed: int = 1,
    townships: int = 13,
    villages: int = 3,
    items: int = 25,
    scenarios: int = 12,
    shelters: int = 13,
    first_scenario: int = 0,
    trucks: float = np.inf,
    budget_share: float = 0.75,
    steps: int = 8,
) -> ReserveProblem:
    """A county depot, a depot for each township, some village depots; ``trucks`` are at work all the time."""
    r = np.random.default_rng(seed)
    depots = 1 + townships + villages
    xy = np.vstack([np.array([[25.0, 25.0]]), r.uniform(0, 50, (depots - 1, 2))])
    home = 1 + np.arange(shelters) % max(townships, 1)
    shelter_xy = xy[home] + r.normal(0, 3, (shelters, 2))
    km = np.linalg.norm(xy[:, None] - shelter_xy[None], axis=2) * 1.35
    volume = r.uniform(0.002, 0.05, items)
    price = r.uniform(8, 400, items)
    per_person = r.choice([0.25, 0.5, 1, 1, 1, 2, 3], items)
    shape = BY_WINDOW[r.integers(0, len(BY_WINDOW), items)]
    most = np.zeros((depots, items, 3))
    most[:, :, 0] = 5000
    most[: 1 + townships, :, 1] = np.where(r.random((1 + townships, items)) < 0.6, 3000, 0)
    makers = np.array([0, min(3, depots - 1), min(7, depots - 1)])
    made = r.choice(items, (items + 1) // 2, replace=False)
    most[makers[:, None], made[None, :], 2] = 4000
    in_hand = np.zeros_like(most)
    in_hand[0, :, 0] = np.rint(100 * per_person * r.random(items))
    in_hand[0, :, 1] = np.where(most[0, :, 1] > 0, 50, 0)
    ready_s = np.zeros((depots, 3, 3))
    ready_s[:, 0] = 0.3 * H
    ready_s[:, 1] = 3 * H
    ready_s[:, 2] = np.array([24, 36, 48]) * H
    least = tuple(
        LeastRule(
            id=f"township {t}",
            depots=np.arange(depots) == t,
            modes=np.array([True, False, False]),
            least=0.01 * 1200 * per_person,
        )
        for t in range(1, townships + 1)
    )
    step = np.full(depots, 10.0)
    return ReserveProblem(
        depots=Depots(
            ids=tuple(f"d{d}" for d in range(depots)),
            floor_m2=np.r_[120.0, np.full(townships, 12.0), np.full(villages, 5.0)],
            volume_m3=np.r_[240.0, np.full(townships, 24.0), np.full(villages, 10.0)],
            load_kg_m2=np.full(depots, 500.0),
            step_m2=step,
            step_m3=2 * step,
            most_steps=np.full(depots, steps),
            step_cost=np.full(depots, 9000.0),
            opening_cost=np.r_[np.zeros(1 + townships), np.full(villages, 4000.0)],
        ),
        items=Items(
            ids=tuple(f"i{k}" for k in range(items)),
            volume_m3=volume,
            mass_kg=volume * r.uniform(100, 400, items),
            floor_m2=volume / 1.5,
            hold_cost=price[:, None] * np.array([1.0, 0.18, 0.06]),
            use_cost=price[:, None] * np.array([0.0, 0.85, 1.0]),
            move_cost=0.02 * price,
            value=price,
        ),
        scenarios=made_up_scenarios(
            range(first_scenario, first_scenario + scenarios),
            km=km,
            shape=shape,
            per_person=per_person,
            trucks=trucks,
        ),
        in_hand=in_hand,
        most=most,
        ready_s=ready_s,
        ready_share=np.array([[1, 0, 0], [1, 0, 0], [0.3, 0.3, 0.4]]),
        windows_s=WINDOWS_S,
        penalty=price[:, None] * r.uniform(1, 3, (items, 1)) * np.array([[4, 6, 3, 2.0]]),
        truck_m3=6.0,
        truck_kg=5000.0,
        truck_cost_s=200 / H,
        budget=budget_share * 1.15 * 1200 * float(price @ per_person),
        agreement_share=0.15,
        least=least,
    )


def made_up_scenarios(
    seeds: range, *, km: np.ndarray, shape: np.ndarray, per_person: np.ndarray, trucks: float
) -> Scenarios:
    """Some people at some shelters, slow and cut roads, lost depots, suppliers that deliver part."""
    depots, shelters = km.shape
    door, trip, usable, need = [], [], [], []
    for seed in seeds:
        r = np.random.default_rng([7, seed])
        active = r.choice(shelters, int(r.integers(min(3, shelters), min(10, shelters) + 1)), replace=False)
        people = np.zeros(shelters)
        people[active] = r.dirichlet(np.full(len(active), 2.0)) * 1200 * r.uniform(0.5, 1)
        drive = km / 35 * np.where(r.random(km.shape) < 0.3, r.uniform(1.5, 6, km.shape), 1)
        cut = r.random(km.shape) < 0.15
        door.append(np.where(cut, np.inf, (drive + 0.5) * H))
        trip.append((2 * drive + 0.5) * H)
        there = np.ones((depots, 3))
        there[:, 0] = r.random(depots) >= 0.12
        there[0, 0] = r.random() >= 0.05
        there[:, 1:] = np.where(r.random((depots, 2)) < 0.2, r.choice([0, 0.5], (depots, 2)), 1)
        usable.append(there)
        need.append(people[:, None, None] * per_person[None, :, None] * shape[None])
    n = len(seeds)
    length = np.diff(WINDOWS_S, prepend=0)
    return Scenarios(
        ids=tuple(f"s{seed}" for seed in seeds),
        probability=np.full(n, 1 / n),
        door_s=np.array(door),
        trip_s=np.array(trip),
        usable=np.array(usable),
        need=np.array(need),
        truck_s=np.tile(trucks * length, (n, 1)),
    )
