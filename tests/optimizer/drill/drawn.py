"""Random small drills: few teams, short times, everything that the rules know."""

import numpy as np

from optimizer.drill.problem import (
    NO_ROAD_DS,
    Calls,
    ComplianceTable,
    DrillProblem,
    Drives,
    Fleet,
    Kinds,
)

HORIZON_DS = 3_000


def drawn(seed: int, *, calls: int = 40) -> tuple[DrillProblem, Calls]:
    """A drill in which calls queue, teams are taken from calls, roads close, shifts end and posts change."""
    rng = np.random.default_rng(seed)
    nodes, teams, kinds, states, modes = 7, int(rng.integers(1, 7)), 3, 2, 2
    slots = rng.integers(1, 4, kinds)
    problem = DrillProblem(
        fleet=_fleet(rng, nodes, teams, kinds, modes),
        kinds=Kinds(
            priority=rng.integers(0, 3, kinds),
            slot_from=np.concatenate([[0], np.cumsum(slots)]).astype(np.int64),
            eligible=rng.random((slots.sum(), teams)) < 0.7,
            weight=rng.integers(0, 4, slots.sum()),
            shortage_weight=rng.integers(1, 5, slots.sum()),
            within_ds=np.full(kinds, 100),
            recovery_ds=rng.integers(0, 3, kinds) * 20,
        ),
        drives=_drives(rng, states, modes, nodes),
        horizon_ds=HORIZON_DS,
        warm_up_ds=int(rng.integers(0, 2)) * 500,
        handling_ds=int(rng.integers(0, 3)) * 5,
        waits=bool(rng.random() < 0.8),
        give_up_ds=200 if rng.random() < 0.4 else None,
        free_returning=bool(rng.random() < 0.7),
        divert_gain_ds=int(rng.integers(0, 30)) if rng.random() < 0.6 else None,
        table=_table(rng, nodes, teams),
    )
    kind = rng.integers(0, kinds, calls)
    return problem, Calls(
        at_ds=np.sort(rng.integers(0, HORIZON_DS, calls)),
        kind=kind,
        node=rng.integers(0, nodes, calls),
        work_ds=rng.integers(0, 150, int(slots[kind].sum())),
        transport=rng.random(calls) < 0.3,
        handover_ds=rng.integers(0, 60, calls),
    )


def _fleet(rng: np.random.Generator, nodes: int, teams: int, kinds: int, modes: int) -> Fleet:
    changes = int(rng.integers(0, 2 * teams + 1))
    return Fleet(
        home=rng.integers(0, nodes, teams),
        turnout_ds=rng.integers(0, 3, teams) * 6,
        aid=rng.random(teams) < 0.25,
        mode=rng.integers(0, modes, (teams, kinds)),
        home_mode=rng.integers(0, modes, teams),
        on_duty=rng.random(teams) < 0.85,
        duty_at_ds=np.sort(rng.integers(1, HORIZON_DS, changes)),
        duty_team=rng.integers(0, teams, changes),
        duty_on=rng.random(changes) < 0.6,
    )


def _drives(rng: np.random.Generator, states: int, modes: int, nodes: int) -> Drives:
    drive_ds = rng.integers(0, 12, (states, modes, nodes, nodes)) * 7
    drive_ds[rng.random(drive_ds.shape) < 0.08] = NO_ROAD_DS
    drive_ds[:, :, np.arange(nodes), np.arange(nodes)] = 0
    return Drives(
        drive_ds=drive_ds.astype(np.int32),
        state_at_ds=np.array([900, 1_700]),
        state=np.array([1, 0]),
        hospital=rng.integers(-1, nodes, (states, modes, nodes)),
    )


def _table(rng: np.random.Generator, nodes: int, teams: int) -> ComplianceTable | None:
    if rng.random() < 0.5:
        return None
    posts = tuple(tuple(rng.integers(0, nodes, count).tolist()) for count in range(teams + 1))
    return ComplianceTable(group=rng.random(teams) < 0.8, posts=posts)
