"""What stands beside the decisions of a dispatch plan is verified too, as far as it needs no solver."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.region.region import Region
from scenarios.board import Board
from scenarios.dispatch import dispatch
from scenarios.dispatch_check import check_dispatch
from scenarios.dispatch_plan import DispatchPlan, dispatch_json
from scenarios.doctrine import Doctrine
from tests.scenarios.incident_county import doctrine, incident_county, incident_scenario, leak, slot, teams
from tests.scenarios.straight_county import LAT, LONS

Change = Callable[[Any], None]


def engine(name: str, at: int) -> dict[str, object]:
    return {
        "id": name, "force": "professional", "people": 6, "capabilities": "fire:2", "turnout_s": 60,
        "vehicle_class": "fire_engine", "lon": LONS[at], "lat": LAT, "source": "assumed",
    }  # fmt: skip


def rules() -> Doctrine:
    """An engine and a medical team are asked for; a station covers what lies within three minutes."""
    table = doctrine(slot("fire", first=1), slot("medical", more=1)).model_dump(mode="json")
    table["cover"].update({"turnout": 60, "town_within": 180, "outskirts_within": 180, "moves": 1})
    return Doctrine.model_validate(table)


RULES = rules()


@pytest.fixture(scope="module")
def county() -> Region:
    """Two engines at v0 and one at v4, which goes and leaves its surroundings bare."""
    return incident_county(teams=teams(engine("spare", 0), engine("near", 4)))


@pytest.fixture(scope="module")
def plan(county: Region) -> DispatchPlan:
    return dispatch(county, incident_scenario(), doctrine=RULES)


@pytest.fixture(scope="module")
def again(county: Region, plan: DispatchPlan) -> DispatchPlan:
    """The engine sent first breaks down, the others go on."""
    broken = next(s.team_id for s in plan.decisions.slots if s.capability == "fire")
    board = Board.model_validate({"muster": 1, "teams": [{"id": broken, "status": "off_duty"}]})
    return dispatch(county, incident_scenario(), board, doctrine=RULES, present=plan)


def faults(plan: DispatchPlan, county: Region, folder: Path, change: Change) -> str:
    content = json.loads(dispatch_json(plan))
    change(content)
    (folder / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    return "; ".join(f"{one.code} {one.found}" for one in check_dispatch(folder / "plan.json", county).faults)


def test_there_is_something_to_verify(
    plan: DispatchPlan, again: DispatchPlan, county: Region, tmp_path: Path
) -> None:
    """A move, reasons with another team instead, and orders of two kinds; all of them hold as they are."""
    assert plan.cover.moves
    assert any(reason.instead for reason in plan.reasons)
    assert {order.order for order in again.orders} == {"send", "hold", "release"}
    assert not faults(plan, county, tmp_path, lambda content: None)
    assert not faults(again, county, tmp_path, lambda content: None)


MOVE: dict[str, Any] = {"team_id": "t1", "to": "ghost", "lon": 1.0, "lat": 1.0, "travel_s": 1.0,
                        "people_before": 1, "people_after": 1}  # fmt: skip


@pytest.mark.parametrize("key", sorted(MOVE))
def test_every_figure_of_a_move_is_found(
    plan: DispatchPlan, county: Region, tmp_path: Path, key: str
) -> None:
    def change(content: Any) -> None:
        content["cover"]["moves"][0][key] = MOVE[key]

    assert "P109" in faults(plan, county, tmp_path, change)


def test_more_moves_than_the_doctrine_allows_are_found(
    plan: DispatchPlan, county: Region, tmp_path: Path
) -> None:
    def change(content: Any) -> None:
        content["cover"]["moves"] *= 2

    assert "may not move up" in faults(plan, county, tmp_path, change)


REASON: dict[str, tuple[Any, str]] = {
    "team_id": ("aid", "not one reason"),
    "instead": ("ghost", "nobody is called ghost"),
    "later_s": (1.0, "later, not 1.0"),
    "moved": (["ghost"], "nobody is called ghost"),
}


@pytest.mark.parametrize("key", sorted(REASON))
def test_what_a_reason_says_of_teams_and_arrivals_is_found(
    plan: DispatchPlan, county: Region, tmp_path: Path, key: str
) -> None:
    value, told = REASON[key]

    def change(content: Any) -> None:
        content["reasons"][0][key] = value

    assert told in faults(plan, county, tmp_path, change)


def test_a_reason_left_out_or_turned_round_is_found(
    plan: DispatchPlan, county: Region, tmp_path: Path
) -> None:
    def nearest(content: Any) -> None:
        content["reasons"][0]["nearest"] = not content["reasons"][0]["nearest"]

    assert "first of all" in faults(plan, county, tmp_path, nearest)
    assert "not one reason" in faults(plan, county, tmp_path, lambda content: content["reasons"].clear())


@pytest.mark.parametrize(
    ("key", "value"),
    [("task", "leak fire 3"), ("task", ""), ("order", "divert"), ("order", "release"), ("team_id", "aid")],
)
def test_an_order_that_the_plan_does_not_give_is_found(
    again: DispatchPlan, county: Region, tmp_path: Path, key: str, value: str
) -> None:
    def change(content: Any) -> None:
        sent = next(order for order in content["orders"] if order["order"] == "send")
        sent[key] = value

    assert "P109" in faults(again, county, tmp_path, change)


def test_a_team_without_an_order_is_found(again: DispatchPlan, county: Region, tmp_path: Path) -> None:
    def change(content: Any) -> None:
        content["orders"] = [order for order in content["orders"] if order["order"] != "send"]

    assert "no order for" in faults(again, county, tmp_path, change)


def test_the_second_incident_keeps_its_own_reasons(county: Region, tmp_path: Path) -> None:
    """Two leaks at once: reasons are compared with arrivals at the incident that the team goes to."""
    second = leak(id="other", where={"lon": LONS[8], "lat": LAT})
    both = dispatch(county, incident_scenario(leak(), second), doctrine=RULES)
    assert len({slot.incident_id for slot in both.decisions.slots if slot.team_id}) == 2
    assert not faults(both, county, tmp_path, lambda content: None)
