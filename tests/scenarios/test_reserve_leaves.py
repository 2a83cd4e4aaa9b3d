"""Every figure of a reserve plan is changed, one after the other, and the check finds each change."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.errors import InputError
from scenarios.reserve_check import check_reserve
from scenarios.reserve_plan import ReservePlan, reserve_json
from scenarios.stock import stock
from tests.scenarios.reserve_county import flood, quake, reserve_county, reserve_scenario

Leaf = tuple[str | int, ...]
UNSEEN = {"inputs.scenario.content.region"}
"""Where the region lies is no part of the question; its digest is."""
A_SOLVERS = ("further.curve.*.",)
"""Figures of the curve hold each other within their gaps only."""


@pytest.fixture(scope="module")
def plan() -> ReservePlan:
    scarce = quake(suppliers={"agreement": 0.2, "capacity": 0.2})
    asked = {"compare": True, "curve": [0.1, 1.0, 4.0], "validate_on": 5, "budget": 9_000}
    shares = {"each_township": 0.2, "county": 0.1}
    return stock(reserve_county(), reserve_scenario(flood(), scarce, shares=shares, **asked))


def leaves(node: Any, path: Leaf = ()) -> Iterator[tuple[Leaf, Any]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from leaves(child, (*path, key))
    if not isinstance(node, (dict, list)):
        yield path, node


def kind_of(path: Leaf) -> str:
    return ".".join("*" if isinstance(key, int) else key for key in path)


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value * 1.01 + 0.01
    return 1 if value is None else f"{value}x"


def noticed(plan: ReservePlan, path: Leaf, file: Path) -> bool:
    content = json.loads(reserve_json(plan))
    at = content
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = changed(at[path[-1]])
    file.write_text(json.dumps(content), encoding="utf-8")
    try:
        return not check_reserve(file, reserve_county()).holds
    except InputError:
        return True


def first_of_each(plan: ReservePlan) -> dict[str, Leaf]:
    found: dict[str, Leaf] = {}
    for path, _ in leaves(json.loads(reserve_json(plan))):
        found.setdefault(kind_of(path), path)
    return found


@pytest.mark.slow
def test_no_changed_leaf_passes(plan: ReservePlan, tmp_path: Path) -> None:
    passed = {
        kind
        for kind, path in first_of_each(plan).items()
        if not kind.startswith(A_SOLVERS) and not noticed(plan, path, tmp_path / "plan.json")
    }
    assert passed == UNSEEN


def test_changed_figures_of_each_part_are_found(plan: ReservePlan, tmp_path: Path) -> None:
    """One figure of each part that the sweep of all of them goes through."""
    some = (
        "items.*.need", "items.*.held.physical", "decisions.depots.*.id", "decisions.depots.*.opened",
        "scenarios.*.sheltered.*.people", "binding.*.place", "further.knowing.vss",
        "further.compared.*.total", "further.validation.out_served.low",
        "further.rotation.years_donated_cny.*", "further.curve.*.factor",
    )  # fmt: skip
    known = first_of_each(plan)
    for kind in some:
        assert noticed(plan, known[kind], tmp_path / "plan.json"), kind


def test_an_objective_changed_together_with_its_bound_is_found(plan: ReservePlan, tmp_path: Path) -> None:
    """The gap stays right, and the plan would look cheaper than its own costs."""
    content = json.loads(reserve_json(plan))
    objective, bound = content["objective"]["value"], content["bound"]["value"]
    content["objective"]["value"] = round(objective / 2, 2)
    content["bound"]["value"] = round(bound / 2, 2)
    found, least = content["objective"]["value"], content["bound"]["value"]
    content["gap"] = round(abs(found - least) / max(1.0, found), 9)
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    wrong = [fault.where.split()[-1] for fault in check_reserve(file, reserve_county()).faults]
    assert "objective.value" in wrong


def test_a_point_of_the_curve_below_another_points_bound_is_found(plan: ReservePlan, tmp_path: Path) -> None:
    content = json.loads(reserve_json(plan))
    content["further"]["curve"][1]["penalty"] *= 0.5
    content["further"]["curve"][1]["spent"] = content["further"]["curve"][1]["first_stage"]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    found = [fault.where for fault in check_reserve(file, reserve_county()).faults]
    assert any("further.curve" in where for where in found)
