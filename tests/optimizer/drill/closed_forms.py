"""Queues whose answers are known in closed form, as drills and as formulas."""

import numpy as np
from numpy.typing import NDArray

from optimizer.drill.problem import Calls, DrillProblem, Drives, Fleet, Kinds


def erlang_b(servers: int, load: float) -> float:
    """Share of calls lost where none may wait (Erlang 1917), by its recursion."""
    lost = 1.0
    for count in range(1, servers + 1):
        lost = load * lost / (count + load * lost)
    return lost


def erlang_c(servers: int, load: float) -> float:
    """Share of calls that wait in M/M/c."""
    lost = erlang_b(servers, load)
    return lost / (1 - load / servers * (1 - lost))


def gives_up(servers: int, load: float, patience: float) -> float:
    """Share of calls lost in M/M/c where each waits ``patience`` at most, in mean times of work.

    Density of the wait that a call is offered (it adds work only if that is within its patience): ``load *
    last * exp(-(servers - load) * w)`` up to the patience, falling by ``exp(-servers * w)`` beyond, with
    ``last`` the chance that all but one are busy (Barrer 1957, doi:10.1287/opre.5.5.650). Patience 0 is
    Erlang's loss formula, endless patience loses nobody.
    """
    below = [1.0]
    for count in range(servers - 1, 0, -1):
        below.append(below[-1] * count / load)
    spare = servers - load
    stays = load * (patience if spare == 0 else -np.expm1(-spare * patience) / spare)
    leaves = load * np.exp(-spare * patience) / servers
    return float(leaves / (sum(below) + stays + leaves))


def hypercube(rates: NDArray[np.float64], order: NDArray[np.int64], mean: float) -> NDArray[np.float64]:
    """Share of time each unit is busy, calls of zone z going to the first free unit of ``order[z]``.

    No call waits. Stationary law of the chain of busy sets (Larson 1974,
    doi:10.1016/0305-0548(74)90076-8), solved as linear equations.
    """
    units = order.shape[1]
    states = 2**units
    flow = np.zeros((states, states))
    for state in range(states):
        for unit in range(units):
            if state >> unit & 1:
                flow[state, state & ~(1 << unit)] += 1 / mean
        for zone, rate in enumerate(rates):
            free = [unit for unit in order[zone] if not state >> unit & 1]
            if free:
                flow[state, state | 1 << free[0]] += rate
    flow -= np.diag(flow.sum(axis=1))
    equations = np.vstack([flow.T, np.ones(states)])
    share = np.linalg.lstsq(equations, np.append(np.zeros(states), 1.0), rcond=None)[0]
    return np.array([sum(share[s] for s in range(states) if s >> unit & 1) for unit in range(units)])


def queue(
    servers: int, *, between_ds: float, work_ds: float, calls: int, seed: int, waits: bool
) -> tuple[DrillProblem, Calls]:
    """M/M/c, or M/M/c/c where nobody waits: no drives, exponential times."""
    rng = np.random.default_rng(seed)
    zones = Zones(np.zeros((1, 1)), np.zeros(servers, np.int64))
    return zoned(zones, rng, between_ds=between_ds, work_ds=work_ds, calls=calls, waits=waits)


class Zones:
    """Zones and where units stand; ``drive`` decides who is nearer, and takes next to no time."""

    def __init__(self, drive: NDArray[np.float64], home: NDArray[np.int64]) -> None:
        self.drive, self.home = drive, home


def zoned(
    zones: Zones, rng: np.random.Generator, *, between_ds: float, work_ds: float, calls: int, waits: bool
) -> tuple[DrillProblem, Calls]:
    units = len(zones.home)
    at_ds = np.rint(np.cumsum(rng.exponential(between_ds, calls))).astype(np.int64)
    work = np.rint(rng.exponential(work_ds, calls)).astype(np.int64)
    node = rng.integers(0, len(zones.drive), calls)
    problem = DrillProblem(
        fleet=Fleet(
            home=zones.home,
            turnout_ds=np.zeros(units, np.int64),
            aid=np.zeros(units, np.bool_),
            mode=np.zeros((units, 1), np.int64),
            home_mode=np.zeros(units, np.int64),
            on_duty=np.ones(units, np.bool_),
        ),
        kinds=Kinds(
            priority=np.zeros(1, np.int64),
            slot_from=np.array([0, 1]),
            eligible=np.ones((1, units), np.bool_),
            weight=np.ones(1, np.int64),
            shortage_weight=np.ones(1, np.int64),
            within_ds=np.array([100]),
            recovery_ds=np.zeros(1, np.int64),
        ),
        drives=Drives(drive_ds=zones.drive[None, None].astype(np.int32)),
        horizon_ds=int(at_ds[-1]) + 1,
        warm_up_ds=int(at_ds[calls // 10]),
        waits=waits,
    )
    return problem, Calls(
        at_ds=at_ds,
        kind=np.zeros(calls, np.int64),
        node=node,
        work_ds=work,
        transport=np.zeros(calls, np.bool_),
        handover_ds=np.zeros(calls, np.int64),
    )
