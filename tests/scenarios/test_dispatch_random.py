"""Plans for counties drawn at random, held against plain counting, the check, and the same question again."""

import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from geo.vehicle_file import read_vehicle_classes
from scenarios.board import Board
from scenarios.dispatch import dispatch
from scenarios.dispatch_check import check_dispatch
from scenarios.dispatch_inputs import dispatch_inputs
from scenarios.dispatch_plan import DispatchPlan, dispatch_json
from tests.conftest import ROOT
from tests.scenarios.random_county import Drawn, drawn

SEEDS = range(12)


@cache
def question(seed: int) -> Drawn:
    return drawn(seed)


@cache
def plan_of(seed: int) -> DispatchPlan:
    one = question(seed)
    return dispatch(one.region, one.scenario, one.board, doctrine=one.doctrine)


def holds(plan: DispatchPlan, seed: int, folder: Path) -> None:
    (folder / "plan.json").write_text(dispatch_json(plan), encoding="utf-8")
    assert check_dispatch(folder / "plan.json", question(seed).region).faults == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_check_passes_and_weighted_shortage_is_the_least_of_all(seed: int, tmp_path: Path) -> None:
    """Every way to send teams is tried; none leaves less short."""
    one, plan = question(seed), plan_of(seed)
    holds(plan, seed, tmp_path)
    inputs = dispatch_inputs(one.region, one.scenario, one.board, one.doctrine)
    problem = inputs.problem
    able = [
        [None, *(t for t, team in enumerate(problem.teams) if team.available
                 and team.capabilities.get(slot.capability, 0) >= slot.level
                 and problem.travel_s[t, slot.incident] < float("inf"))]
        for slot in problem.slots
    ]  # fmt: skip
    least = min(
        sum(s.shortage_weight for s, t in zip(problem.slots, choice, strict=True) if t is None)
        for choice in product(*able)
        if len([t for t in choice if t is not None]) == len({t for t in choice if t is not None})
    )
    assert plan.measures.shortage == plan.bound.value == least


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_is_counted_and_no_shelter_or_bus_is_over_full(seed: int) -> None:
    one, relief = question(seed), plan_of(seed).relief
    assert relief is not None
    for incident in one.scenario.incidents:
        people = sum(place.people for place in relief.places if place.incident_id == incident.id)
        if isinstance(incident.relocate, int):
            assert people == incident.relocate
    seats, rides, into = read_vehicle_classes()["bus"].seats, relief.evacuation.rides, Counter[str]()
    for ride in rides:
        assert 0 < ride.people <= seats
        into[ride.shelter_id] += ride.people
    for cars in relief.evacuation.cars:
        into[cars.shelter_id] += cars.people
    for shelter, people in into.items():
        assert people <= one.record("shelters", shelter)["capacity_people"]
    assert sum(into.values()) + relief.evacuation.left == sum(place.people for place in relief.places)
    trips = Counter((ride.team_id, ride.bus) for ride in rides)
    assert max(trips.values(), default=0) <= 2
    assert max((bus for _, bus in trips), default=0) <= one.record("teams", "bus")["vehicles"]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_truck_is_over_its_load_and_no_depot_gives_what_it_has_not(seed: int) -> None:
    one, relief = question(seed), plan_of(seed).relief
    assert relief is not None
    has: Counter[tuple[str, str, str]] = Counter()
    for row in one.records["stock"]:
        if not row["expires_on"]:
            has[row["depot_id"], row["item_id"], row["mode"]] += row["quantity"]
    for moved in one.board.stock:
        has[moved.depot_id, moved.item_id, moved.mode] += int(moved.quantity)
    truck = read_vehicle_classes()["truck"]
    for stage in relief.materials.deliveries if relief.materials else ():
        for trip in stage.trips:
            loads = [(one.record("items", cargo.item_id), cargo.pieces) for cargo in trip.load]
            assert sum(item["mass_kg"] * pieces for item, pieces in loads) <= truck.load_kg + 1e-6
            assert sum(item.get("volume_m3", 0) * pieces for item, pieces in loads) <= truck.load_m3 + 1e-6
            assert trip.handed_over_s <= relief.due_s
            assert stage.source == "stock" or trip.start_s >= 7200
            mode = "physical" if stage.source == "stock" else "agreement"
            for cargo in trip.load:
                has[trip.depot_id, cargo.item_id, mode] -= cargo.pieces
                assert has[trip.depot_id, cargo.item_id, mode] >= 0


@pytest.mark.parametrize("seed", SEEDS)
def test_looked_at_again_nobody_turns_and_on_the_scene_everybody_stays(seed: int, tmp_path: Path) -> None:
    """Nothing new: all hold. Then the first team is there, another breaks down: the first stays."""
    one, plan = question(seed), plan_of(seed)
    same = dispatch(one.region, one.scenario, one.board, doctrine=one.doctrine, present=plan)
    assert {order.order for order in same.orders} <= {"hold"}
    before = {slot.team_id: slot for slot in plan.decisions.slots if slot.team_id}
    if len(before) < 2:
        return
    there, broken, *_ = before
    told = [status for status in one.board.teams if status.id not in (there, broken)]
    news = [{"id": there, "status": "on_scene"}, {"id": broken, "status": "off_duty"}]
    content = one.board.model_dump(mode="json")
    content["teams"] = [*(status.model_dump(mode="json") for status in told), *news]
    board = Board.model_validate_json(json.dumps(content))
    again = dispatch(one.region, one.scenario, board, doctrine=one.doctrine, present=plan)
    after = {slot.team_id: slot for slot in again.decisions.slots if slot.team_id}
    assert broken not in after
    assert after[there].incident_id == before[there].incident_id
    assert after[there].capability == before[there].capability
    holds(again, seed, tmp_path)


@pytest.mark.slow
def test_the_same_bytes_whatever_the_order_of_sets() -> None:
    """Three runs with other seeds for the hashes of strings give one and the same plan."""
    program = (
        "import sys; from tests.scenarios.test_dispatch_random import plan_of, dispatch_json;"
        "sys.stdout.buffer.write(dispatch_json(plan_of(3)).encode())"
    )
    found = {_said(program, seed) for seed in ("0", "1", "77")}
    assert found == {dispatch_json(plan_of(3)).encode()}


def _said(program: str, hash_seed: str) -> bytes:
    around = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, env=around, capture_output=True, check=True).stdout
