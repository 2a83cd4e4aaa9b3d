"""Made-up counties for the dispatch benchmarks, as in published comparisons of dispatch models.

60 x 60 km, Manhattan distance at 45 km/h, turnout 1 to 10 min, 6 capabilities (1 to 3 a team, levels 1 to 3),
2 to 6 slots an incident, priorities 1, 2, 4 or 8, about 60 % of incidents in clusters.
"""

import numpy as np

from optimizer.dispatch.delivery import DeliveryProblem, Good, Truck
from optimizer.dispatch.problem import DispatchProblem, Slot, Team

CAPABILITIES = ("fire", "hazmat", "water_rescue", "road_rescue", "medical", "pumping")


def county(teams: int, incidents: int, seed: int) -> DispatchProblem:
    """A dispatch question of a given size."""
    rng = np.random.default_rng(seed)
    home = rng.random((teams, 2)) * 60
    centers = rng.random((max(1, incidents // 8), 2)) * 60
    near = np.clip(
        centers[rng.integers(0, len(centers), incidents)] + rng.normal(0, 4, (incidents, 2)), 0, 60
    )
    at = np.where(rng.random((incidents, 1)) < 0.6, near, rng.random((incidents, 2)) * 60)
    travel_s = np.abs(home[:, None] - at[None]).sum(axis=2) / 45 * 3600
    return DispatchProblem(
        teams=tuple(_team(rng, index) for index in range(teams)),
        slots=tuple(slot for incident in range(incidents) for slot in _slots(rng, incident)),
        travel_s=travel_s,
    )


def _team(rng: np.random.Generator, index: int) -> Team:
    held = rng.choice(CAPABILITIES, int(rng.integers(1, 4)), replace=False)
    return Team(
        id=f"team {index}",
        capabilities={str(name): int(rng.integers(1, 4)) for name in held},
        turnout_s=float(rng.integers(60, 601)),
    )


def _slots(rng: np.random.Generator, incident: int) -> list[Slot]:
    priority = int(2 ** rng.integers(0, 4))
    return [
        Slot(
            incident=incident,
            capability=str(rng.choice(CAPABILITIES)),
            level=int(rng.integers(1, 3)),
            priority=priority,
            weight=priority,
            shortage_weight=priority,
        )
        for _ in range(int(rng.integers(2, 7)))
    ]


def relief(seed: int) -> DeliveryProblem:
    """1,200 people in 13 shelters, 5 depots, 20 trucks of three loads, two goods, 10 h."""
    rng = np.random.default_rng(seed)
    travel_s = rng.integers(10, 80, (5, 13)).astype(np.float64) * 60
    people = rng.multinomial(1200, np.ones(13) / 13)
    load = rng.choice([200, 400, 800], 20)
    home = rng.integers(0, 5, 20)
    return DeliveryProblem(
        goods=(Good(id="shelter set", mass_kg=4), Good(id="quilt", mass_kg=1)),
        trucks=tuple(Truck(id=f"t{k}", depot=int(home[k]), load_kg=float(load[k])) for k in range(20)),
        stock=np.column_stack([rng.multinomial(n, np.ones(5) / 5) for n in (1500, 3200)]),
        demand=np.column_stack([people, 2 * people]),
        travel_s=travel_s,
        loading_s=np.full(5, 900.0),
        unloading_s=np.full(13, 900.0),
        deadline_s=36_000.0,
    )
