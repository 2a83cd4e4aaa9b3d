"""Drawn routing questions: several depots, windows of two hours, capabilities."""

import numpy as np

from optimizer.routing.problem import RoutingProblem, Task, VehicleKind

_SIDE_M, _M_PER_S = 60_000, 12.5
_DEPOTS, _HOUR_DS = 5, 36_000
_SKILLS = ("pump", "winch")


def round_of_tasks(count: int, seed: int) -> RoutingProblem:
    """``count`` visits of 10 to 30 min within 10 h by a fifth as many vehicles of 5 depots.

    A square of 60 km crossed along its sides at 45 km/h; seven in ten visits begin within a window of two
    hours, three in ten need one of two capabilities that every third vehicle offers. Cost: time away, ticks
    of a decisecond, and a quarter of an hour for each vehicle that drives.
    """
    rng = np.random.default_rng([count, seed])
    xy = rng.integers(0, _SIDE_M, (_DEPOTS + count, 2))
    metres = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    travel = np.rint(metres / _M_PER_S * 10).astype(np.int64)[None]
    tasks = []
    for k in range(count):
        opens = int(rng.integers(1, 7)) * _HOUR_DS if rng.random() < 0.7 else -1
        needs = frozenset([_SKILLS[int(rng.integers(2))]]) if rng.random() < 0.3 else frozenset[str]()
        tasks.append(
            Task(
                id=f"visit {k}",
                place=_DEPOTS + k,
                load=(int(rng.integers(1, 5)),),
                service_ticks=int(rng.integers(10, 31)) * 600,
                earliest_ticks=max(0, opens),
                latest_ticks=opens + 2 * _HOUR_DS if opens >= 0 else 9 * _HOUR_DS,
                needs=needs,
            )
        )
    kinds = [(depot, skill) for depot in range(_DEPOTS) for skill in ("", *_SKILLS)]
    counts = np.bincount(np.arange(count // 5) % len(kinds), minlength=len(kinds))
    fleet = tuple(
        VehicleKind(
            id=f"depot {depot} {skill or 'plain'}",
            count=int(counts[k]),
            start=depot,
            end=depot,
            capacity=(25,),
            fixed_cost=9_000,
            cost_per_length=0,
            cost_per_tick=1,
            until_ticks=10 * _HOUR_DS,
            offers=frozenset([skill] if skill else []),
        )
        for k, (depot, skill) in enumerate(kinds)
    )
    return RoutingProblem(tasks=tuple(tasks), fleet=fleet, travel_ticks=travel, length=travel)
