"""Coverage left behind, its repair by a later team, and move-up, on a county checked by hand."""

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.dispatch.assign import assign
from optimizer.dispatch.check import violations
from optimizer.dispatch.coverage import Zones, coverage_left, repair
from optimizer.dispatch.move_up import move_up
from optimizer.dispatch.problem import DispatchProblem, Slot, Team

INF = float("inf")


def county() -> tuple[DispatchProblem, Zones]:
    """West has one engine, east two; the fire is 100 s from west and 130 s from east."""
    engine = {"fire": 1}
    problem = DispatchProblem(
        teams=(
            Team(id="west", capabilities=engine, station=0),
            Team(id="east 1", capabilities=engine, station=1),
            Team(id="east 2", capabilities=engine, station=1),
        ),
        slots=(Slot(incident=0, capability="fire"),),
        travel_s=np.array([[100.0], [130.0], [130.0]]),
    )
    zones = Zones(
        response_s=np.array([[60.0, 900.0], [900.0, 300.0]]),
        limit_s=np.array([300.0, 300.0]),
        people=np.array([800, 500]),
    )
    return problem, zones


def test_the_nearest_engine_leaves_the_west_bare() -> None:
    problem, zones = county()
    left = coverage_left(problem, assign(problem), zones)
    assert (left.before, left.after, left.lost) == ((0, 1), (1,), (0,))
    assert (left.people_before, left.people_after) == (1300, 500)


def test_thirty_seconds_later_keep_the_west_covered() -> None:
    problem, zones = county()
    repaired = repair(problem, zones, later_s=30)
    (trade,) = repaired.trades
    assert (trade.team, trade.zones, trade.people, trade.cost.arrival_s) == (0, (0,), 800, 30.0)
    assert repaired.plan.team_of in ((1,), (2,))
    assert repaired.coverage.lost == ()
    assert violations(problem, repaired.plan) == ()
    assert repair(problem, zones, later_s=29.9).trades == ()


def test_no_trade_leaves_a_slot_empty() -> None:
    problem, zones = county()
    three = replace(problem, slots=problem.slots * 3)
    assert repair(three, zones, later_s=INF).trades == ()


def test_the_idle_engine_of_the_east_moves_to_the_west() -> None:
    problem, zones = county()
    between_s = np.array([[0.0, 400.0], [400.0, 0.0]])
    moved = move_up(problem, assign(problem), zones, between_s=between_s, within_s=400, moves=1)
    (move,) = moved.moves
    assert (move.station, move.travel_s) == (0, 400.0)
    assert problem.teams[move.team].station == 1
    assert (moved.people_before, moved.people_after, moved.bound) == (500, 1300, 1300)
    too_far = move_up(problem, assign(problem), zones, between_s=between_s, within_s=399, moves=1)
    assert (too_far.moves, too_far.people_after) == ((), 500)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_no_other_relocation_covers_more_people(data: st.DataObject) -> None:
    stations, teams = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    times = st.integers(0, 9).map(float)
    homes = data.draw(st.lists(st.integers(0, stations - 1), min_size=teams, max_size=teams))
    problem = DispatchProblem(
        teams=tuple(Team(id=str(k), capabilities={"fire": 1}, station=s) for k, s in enumerate(homes)),
        slots=(),
        travel_s=np.empty((teams, 0)),
    )
    zones = Zones(
        response_s=data.draw(hnp.arrays(float, (3, stations), elements=times)),
        limit_s=np.full(3, 4.0),
        people=data.draw(hnp.arrays(np.int64, 3, elements=st.integers(0, 99))),
    )
    between_s = data.draw(hnp.arrays(float, (stations, stations), elements=times))
    moves = data.draw(st.integers(0, 2))
    found = move_up(problem, assign(problem), zones, between_s=between_s, within_s=5, moves=moves)
    best = 0
    for places in product(range(stations), repeat=teams):
        away = [(h, p) for h, p in zip(homes, places, strict=True) if h != p]
        if len(away) <= moves and all(between_s[h, p] <= 5 for h, p in away):
            best = max(best, int(zones.people[zones.near()[:, list(places)].any(axis=1)].sum()))
    assert found.people_after == found.bound == best
    assert len(found.moves) <= moves


def test_no_more_teams_move_than_allowed() -> None:
    """Three engines in one station, two bare zones of 300 and 200 people: one move covers the larger."""
    problem = DispatchProblem(
        teams=tuple(Team(id=str(k), capabilities={"fire": 1}, station=0) for k in range(3)),
        slots=(),
        travel_s=np.empty((3, 0)),
    )
    zones = Zones(
        response_s=np.where(np.eye(3, dtype=bool), 60.0, INF),
        limit_s=np.full(3, 300.0),
        people=np.array([100, 200, 300]),
    )
    near = np.full((3, 3), 200.0)
    plan = assign(problem)
    after = [
        move_up(problem, plan, zones, between_s=near, within_s=300, moves=moves).people_after
        for moves in range(4)
    ]
    assert after == [100, 400, 600, 600]
