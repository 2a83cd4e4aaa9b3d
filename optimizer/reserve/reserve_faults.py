"""Refuse arrays of a reserve question that do not fit together, all reasons at once."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from optimizer.reserve.reserve_problem import ReserveProblem, Scenarios


def refuse_reserve(problem: "ReserveProblem") -> None:
    """Check shapes, signs and sums.

    Raises
    ------
    ValueError
        With every reason, one a line.
    """
    if wrong := [*_shapes(problem)] or [*_numbers(problem), *_rules(problem), *_scenarios(problem)]:
        raise ValueError("\n".join(wrong))


def _shapes(problem: "ReserveProblem") -> Iterator[str]:
    depots, items = len(problem.depots.ids), len(problem.items.ids)
    modes, windows = 3, len(problem.windows_s)
    batches = problem.ready_share.shape[-1]
    by_depot = (
        "floor_m2",
        "volume_m3",
        "load_kg_m2",
        "step_m2",
        "step_m3",
        "most_steps",
        "step_cost",
        "opening_cost",
    )
    wanted: list[tuple[Any, str, tuple[Any, ...]]] = [(problem.depots, name, (depots,)) for name in by_depot]
    wanted += [
        (problem.items, name, (items,)) for name in ("volume_m3", "mass_kg", "floor_m2", "move_cost", "value")
    ]
    wanted += [(problem.items, name, (items, modes)) for name in ("hold_cost", "use_cost")]
    wanted += [(problem, name, (depots, items, modes)) for name in ("in_hand", "most")]
    wanted += [
        (problem, "ready_s", (depots, modes, batches)),
        (problem, "ready_share", (modes, batches)),
        (problem, "penalty", (items, windows)),
    ]
    n, shelters = len(problem.scenarios), problem.scenarios.need.shape[1:2]
    wanted += [(problem.scenarios, name, (n, depots, *shelters)) for name in ("door_s", "trip_s")]
    wanted += [
        (problem.scenarios, "probability", (n,)),
        (problem.scenarios, "usable", (n, depots, modes)),
        (problem.scenarios, "need", (n, *shelters, items, windows)),
        (problem.scenarios, "truck_s", (n, windows)),
    ]
    for owner, name, shape in wanted:
        if (found := getattr(owner, name).shape) != shape:
            yield f"{name}: want shape {shape}, got {found}"


def _numbers(problem: "ReserveProblem") -> Iterator[str]:
    finite = {
        "in_hand": problem.in_hand, "most": problem.most, "penalty": problem.penalty,
        "ready_s": problem.ready_s,
        "hold_cost": problem.items.hold_cost, "use_cost": problem.items.use_cost,
        "move_cost": problem.items.move_cost, "value": problem.items.value,
        "mass_kg": problem.items.mass_kg, "item volume_m3": problem.items.volume_m3,
        "item floor_m2": problem.items.floor_m2, "step_cost": problem.depots.step_cost,
        "opening_cost": problem.depots.opening_cost, "most_steps": problem.depots.most_steps,
        "step_m2": problem.depots.step_m2, "step_m3": problem.depots.step_m3,
    }  # fmt: skip
    for name, values in finite.items():
        if not (np.isfinite(values).all() and values.min(initial=0) >= 0):
            yield f"{name}: want finite numbers >= 0"
    for name in ("floor_m2", "volume_m3", "load_kg_m2"):
        if not (getattr(problem.depots, name) >= 0).all():
            yield f"{name}: want numbers >= 0 or inf"
    if not ((np.diff(problem.windows_s) > 0).all() and problem.windows_s.min(initial=1) > 0):
        yield f"windows_s: want ascending seconds > 0, got {problem.windows_s.tolist()}"
    if (problem.ready_share < 0).any() or not np.allclose(problem.ready_share.sum(axis=1), 1):
        yield f"ready_share: want shares that sum to 1, got {problem.ready_share.tolist()}"
    if not (
        problem.truck_m3 > 0 and problem.truck_kg > 0 and problem.truck_cost_s >= 0 and problem.budget >= 0
    ):
        yield "want truck_m3 and truck_kg > 0, truck_cost_s and budget >= 0"
    if not 0 <= problem.agreement_share <= 1:
        yield f"agreement_share: want 0 to 1, got {problem.agreement_share}"


def _rules(problem: "ReserveProblem") -> Iterator[str]:
    depots, items, modes = problem.shape
    for rule in problem.least:
        if (rule.depots.shape, rule.modes.shape, rule.least.shape) != ((depots,), (modes,), (items,)):
            yield f"{rule.id}: want shapes {(depots,)}, {(modes,)} and {(items,)}"
        elif not (np.isfinite(rule.least).all() and rule.least.min(initial=0) >= 0):
            yield f"{rule.id}: want least >= 0"


def _scenarios(problem: "ReserveProblem") -> Iterator[str]:
    from optimizer.reserve.reserve_problem import PROBABILITY_SLACK

    scenarios: Scenarios = problem.scenarios
    if not len(scenarios):
        yield "scenarios: want at least one"
    total = scenarios.probability.sum()
    if scenarios.probability.min(initial=0) < 0 or not abs(total - 1) <= PROBABILITY_SLACK:
        yield f"probability: want numbers >= 0 that sum to 1, got {total}"
    if np.isnan(scenarios.door_s).any() or scenarios.door_s.min(initial=0) < 0:
        yield "door_s: want seconds >= 0 or inf"
    if not (scenarios.trip_s[np.isfinite(scenarios.door_s)] > 0).all():
        yield "trip_s: want seconds > 0 wherever a shelter is reached"
    if not ((scenarios.usable >= 0) & (scenarios.usable <= 1)).all():
        yield "usable: want shares 0 to 1"
    if not np.isfinite(scenarios.need).all() or scenarios.need.min(initial=0) < 0:
        yield "need: want finite units >= 0"
    if (np.diff(scenarios.need, axis=3) < 0).any():
        yield "need: want units that never fall from window to window"
    if np.isnan(scenarios.truck_s).any() or scenarios.truck_s.min(initial=0) < 0:
        yield "truck_s: want seconds >= 0 or inf"
