"""dispatch(): what if, cover left behind, and a plan in force replanned."""

import pytest

from geo.errors import InputError
from geo.region.region import Region
from scenarios.board import Board
from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import DispatchPlan
from scenarios.incident_models import IncidentScenario
from tests.scenarios.incident_county import (
    doctrine,
    doctrine_with,
    incident_county,
    incident_scenario,
    leak,
    sent,
    slot,
)
from tests.scenarios.straight_county import LAT, LONS


def test_what_if_is_the_plan_without_the_team() -> None:
    """Answered from the same state, and equal to a plan with that team off duty."""
    asked = doctrine(slot("hazmat", 2, first=1, more=1))
    plan = dispatch(incident_county(), incident_scenario(), doctrine=asked, what_ifs=["without t1"])
    away = Board.model_validate({"muster": 1, "teams": [{"id": "t1", "status": "off_duty"}]})
    other = dispatch(incident_county(), incident_scenario(), away, doctrine=asked)
    answer = plan.what_if[0]
    assert answer.shortage_then == other.measures.shortage > answer.shortage == plan.measures.shortage
    assert answer.filled_then == len(other.decisions.teams)
    assert [(one.team_id, one.after) for one in answer.changes if one.team_id == "t1"] == [("t1", "")]


def test_what_if_a_road_closes_or_the_wind_turns() -> None:
    """Equal to the plan of a board with that closure, and of a scenario with that wind."""
    asked = doctrine(slot("hazmat", 2, first=1, more=1))
    far = leak(distances={"isolate_m": 300, "protect_m": 3000, "source": "drill"})
    plan = dispatch(
        incident_county(), incident_scenario(far), doctrine=asked, what_ifs=["close r1", "wind +180"]
    )
    shut = Board.model_validate({"muster": 1, "closures": [{"id": "c", "road_ids": ["r1"]}]})
    closed = dispatch(incident_county(), incident_scenario(far), shut, doctrine=asked)
    turned = dispatch(
        incident_county(),
        incident_scenario(far, weather={"wind_from_deg": 90, "wind_m_s": 4}),
        doctrine=asked,
    )
    for answer, other in zip(plan.what_if, (closed, turned), strict=True):
        last = max((team.arrival_s for team in other.decisions.teams), default=None)
        assert (answer.shortage_then, answer.last_arrival_then_s) == (other.measures.shortage, last)


@pytest.mark.parametrize(
    ("question", "code"),
    [("what now", "S218"), ("without ghost", "S219"), ("close nowhere", "S219"), ("wind +x", "S218")],
)
def test_bad_what_ifs_are_refused(question: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        dispatch(incident_county(), incident_scenario(), what_ifs=[question])


def test_the_wind_cannot_turn_where_it_is_unknown() -> None:
    with pytest.raises(InputError, match="S219"):
        dispatch(incident_county(), incident_scenario(weather={}), what_ifs=["wind +45"])


def test_cover_left_behind_is_counted_by_hand() -> None:
    """t0 alone covers the west of the closed road; when it goes, its townships lose all it covered."""
    asked = doctrine(slot("fire", 2, first=1))
    plan = dispatch(incident_county(), incident_scenario(), doctrine=asked)
    assert sent(plan) == {"t0": "fire"}
    town = next(one for one in plan.cover.townships if one.id == "town")
    assert (town.people, town.covered_before, town.covered_after) == (400, 400, 0)


def test_moves_never_cover_fewer_people(shipped: tuple[IncidentScenario, DispatchPlan]) -> None:
    """Each proposal names an idle team, and all together cover more."""
    plan = shipped[1]
    busy = {team.id for team in plan.decisions.teams}
    for move in plan.cover.moves:
        assert move.team_id not in busy
        assert move.people_after > move.people_before
    for trade in plan.cover.trades:
        assert trade.team_id in busy
        assert trade.people > 0


def moving(*statuses: dict[str, object]) -> Board:
    return Board.model_validate({"muster": 1, "teams": list(statuses)})


def orders(plan: DispatchPlan) -> dict[str, str]:
    return {order.team_id: order.order for order in plan.orders}


def test_replanning_the_same_situation_holds_everybody() -> None:
    """No order but to go on; the plan stays."""
    asked = doctrine(slot("hazmat", 2, first=1, more=1))
    first = dispatch(incident_county(), incident_scenario(), doctrine=asked)
    again = dispatch(incident_county(), incident_scenario(), doctrine=asked, present=first)
    assert orders(again) == {"t0": "hold", "t1": "hold"}
    assert again.decisions.slots == first.decisions.slots
    assert (again.status, again.gap) == ("feasible", 0.0)


def test_replanning_fills_the_slot_of_a_team_that_breaks_down() -> None:
    """t1 falls out: t0 takes the only hazmat slot; the shortage it saves is the stated gain."""
    asked = doctrine(slot("hazmat", 2, first=1))
    first = dispatch(incident_county(), incident_scenario(), doctrine=asked)
    assert sent(first) == {"t1": "hazmat"}
    board = moving({"id": "t1", "status": "off_duty"})
    again = dispatch(incident_county(), incident_scenario(), board, doctrine=asked, present=first)
    assert orders(again) == {"t0": "send", "t1": "release"}
    gains = {order.team_id: order.shortage_gain for order in again.orders}
    assert (gains["t0"] or 0) > 0


def test_replanning_does_not_turn_a_team_around_for_little() -> None:
    """t0 is on its way and a minute from the place; t1 at its base would be later, and is not sent."""
    asked = doctrine(slot("hazmat", 2, first=1))
    board = moving({"id": "t1", "status": "off_duty"})
    first = dispatch(incident_county(), incident_scenario(), board, doctrine=asked)
    assert sent(first) == {"t0": "hazmat"}
    near = moving({"id": "t0", "status": "en_route", "position": [LONS[3], LAT]})
    again = dispatch(incident_county(), incident_scenario(), near, doctrine=asked, present=first)
    assert orders(again) == {"t0": "hold"}


def test_a_team_on_the_scene_keeps_its_task() -> None:
    """Though a nearer team is free."""
    asked = doctrine(slot("hazmat", 2, first=1))
    first = dispatch(
        incident_county(), incident_scenario(), moving({"id": "t1", "status": "off_duty"}), doctrine=asked
    )
    there = moving({"id": "t0", "status": "on_scene"})
    again = dispatch(incident_county(), incident_scenario(), there, doctrine=asked, present=first)
    assert orders(again) == {"t0": "hold"}


def test_an_incident_that_ends_sets_its_teams_free() -> None:
    """The second incident is over; its team is released, the others hold."""
    asked = doctrine_with(
        doctrine(slot("hazmat", 3, first=1)), "collapse", slot("medical", 2, first=1), slot("fire", 2, more=1)
    )
    house = {"id": "house", "hazard": "collapse", "level": "IV", "where": {"lon": LONS[1], "lat": LAT}}
    first = dispatch(incident_county(), incident_scenario(leak(), house), doctrine=asked)
    assert sent(first).keys() == {"t0", "t1", "t2"}
    again = dispatch(incident_county(), incident_scenario(), doctrine=asked, present=first)
    assert orders(again) == {"t1": "hold", "t0": "release", "t2": "release"}


def test_a_plan_in_force_elsewhere_or_beside_what_ifs_is_refused(pingluo: Region) -> None:
    plan = dispatch(incident_county(), incident_scenario())
    with pytest.raises(InputError, match="S221"):
        dispatch(pingluo, incident_scenario(), present=plan)
    with pytest.raises(InputError, match="S220"):
        dispatch(incident_county(), incident_scenario(), present=plan, what_ifs=["without t0"])
