"""What is kept between questions: bounded, and never in the way of what has changed."""

from typing import Any

import numpy as np
import pytest
import shapely

from geo.closures import Closure
from geo.errors import InputError
from geo.region.region import Region
from scenarios.board import Board
from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import dispatch_json
from scenarios.incident_models import IncidentScenario
from scenarios.kept import Kept
from scenarios.kept_travel import KeptTravel, closed_ground
from scenarios.region_travel import closed_travel, region_travel
from tests.scenarios.incident_county import incident_county, incident_scenario, leak
from tests.scenarios.straight_county import LAT, LONS

PLACES = np.array([(LONS[at], LAT) for at in (0, 4, 9)])


def test_the_newest_answers_are_kept_within_their_weight() -> None:
    """A key is made once while it is kept; those not used for longest go first, the newest never."""
    made: list[str] = []
    kept: Kept[str] = Kept(2)

    def ask(key: str, weight: float = 1.0) -> str:
        return kept.of(key, lambda: made.append(key) or key, weight=weight)  # type: ignore[func-returns-value]  # noted, then given

    assert [ask(key) for key in "abaca"] == list("abaca")
    assert made == ["a", "b", "c"]
    assert ask("b") == "b"
    assert made == ["a", "b", "c", "b"]
    ask("heavy", 9.0)
    assert len(kept) == 1
    ask("heavy", 9.0)
    assert made[-2:] == ["b", "heavy"]


def test_what_raises_is_asked_again() -> None:
    """No failure is kept, nor a place for it."""
    kept: Kept[float] = Kept(2)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            kept.of("a", lambda: 1 / 0)
    assert kept.of("a", lambda: 2.0) == 2.0


_AREA = shapely.box(LONS[6] + 0.001, LAT - 0.01, LONS[7] - 0.001, LAT + 0.01)


def _closure(**changes: Any) -> Closure:
    return Closure(**{"id": "shut", "polygon": _AREA, "closed": True, **changes})


def test_kept_times_are_those_of_the_same_roads_and_nobody_can_spoil_them() -> None:
    """Matrices and routes as without keeping, after one was written over and under other closures."""
    plain = region_travel(incident_county(), "fire_engine")
    kept = KeptTravel(plain)
    first = kept.matrix_s(PLACES, PLACES)
    first[:] = -1
    shut = kept.with_closures((_closure(),))
    for travel, asked in ((kept, plain), (shut, plain.with_closures((_closure(),)))):
        np.testing.assert_array_equal(travel.matrix_s(PLACES, PLACES), asked.matrix_s(PLACES, PLACES))
        np.testing.assert_array_equal(travel.matrix_s(PLACES[:1], PLACES), asked.matrix_s(PLACES[:1], PLACES))
        one, other = travel.route(PLACES[0], PLACES[2]), asked.route(PLACES[0], PLACES[2])
        assert (one.travel_s, one.reached) == (other.travel_s, other.reached)
        assert kept.route(PLACES[0], PLACES[1]) is kept.route(PLACES[0], PLACES[1])
    assert np.isinf(shut.matrix_s(PLACES, PLACES)[0, 2])
    assert np.isfinite(kept.matrix_s(PLACES, PLACES)[0, 2])


def test_rows_that_are_kept_serve_any_order_and_share_of_the_places() -> None:
    """A place asked for before is not asked for again, whatever else is; faults keep their numbers."""
    plain = region_travel(incident_county(), "fire_engine")
    kept, chance = KeptTravel(plain), np.random.default_rng(0)
    places = np.array([(lon, LAT) for lon in LONS])
    for _ in range(20):
        some, others = (chance.permutation(places)[: chance.integers(1, len(places))] for _ in range(2))
        np.testing.assert_array_equal(kept.matrix_s(some, others), plain.matrix_s(some, others))
        np.testing.assert_array_equal(kept.matrix_s(some, places), plain.matrix_s(some, places))
    with pytest.raises(InputError, match="point 1"):
        kept.matrix_s(np.array([PLACES[0], (500.0, 0.0)]), places)


@pytest.mark.parametrize(
    "change",
    [
        {"closed": False, "speed_factor": 0.5},
        {"closed": False, "depth_m": 0.3},
        {"polygon": shapely.box(LONS[2], LAT - 0.01, LONS[3], LAT + 0.01)},
        {"polygon": None, "road_ids": ("r1",)},
        {"vehicle_classes": ("boat_carrier",)},
    ],
)
def test_closures_that_do_otherwise_are_told_apart(change: dict[str, Any]) -> None:
    """Names, times and order change nothing on the ground; all else does."""
    assert closed_ground([_closure(), _closure(**change)]) == closed_ground(
        [_closure(**change, id="other"), _closure(id="more")]
    )
    assert closed_ground([_closure()]) != closed_ground([_closure(**change)])
    county = incident_county()
    same = closed_travel(county, "fire_engine", (_closure(),))
    assert closed_travel(county, "fire_engine", (_closure(id="again"),)) is same
    assert closed_travel(county, "fire_engine", (_closure(**change),)) is not same


def _board(**changes: Any) -> Board:
    return Board.model_validate({"muster": 1, "at": "2026-01-15T02:10:00+08:00", **changes})


def _team(name: str, status: str = "available", **more: Any) -> dict[str, Any]:
    return {"id": name, "status": status, **more}


_SHUT = {"id": "shut", "polygon": shapely.geometry.mapping(_AREA)}
_LATER = {"valid_from": "2027-01-01T00:00:00+08:00"}
_STATES: tuple[tuple[Board | None, IncidentScenario], ...] = (
    (None, incident_scenario()),
    (_board(), incident_scenario()),
    (_board(closures=[_SHUT | _LATER]), incident_scenario()),
    (_board(closures=[_SHUT]), incident_scenario()),
    (_board(closures=[_SHUT | {"depth_m": 0.2}]), incident_scenario()),
    (_board(teams=[_team("t0", "off_duty")]), incident_scenario()),
    (_board(teams=[_team("t0", "returning")]), incident_scenario()),
    (_board(teams=[_team("t0", position=[LONS[9], LAT])]), incident_scenario()),
    (_board(teams=[_team("t0", "returning", position=[LONS[9], LAT])]), incident_scenario()),
    (None, incident_scenario(leak(level="II"))),
    (None, incident_scenario(leak(id="other"))),
    (None, incident_scenario(leak(where={"lon": LONS[8], "lat": LAT}))),
    (None, incident_scenario(leak(distances={"isolate_m": 900, "source": "drill"}))),
    (None, incident_scenario(leak(), weather={"wind_from_deg": 90.0, "wind_m_s": 2.0})),
    (None, incident_scenario(mutual_aid=False)),
    (None, incident_scenario()),
)


def _plan(region: Region, board: Board | None, scenario: IncidentScenario) -> str:
    return dispatch_json(dispatch(region, scenario, board))


def test_a_plan_after_many_others_is_the_plan_of_a_machine_that_knows_nothing_yet() -> None:
    """Closures, their times, positions, statuses, reports and wind: each changes the plan at once.

    Nothing is kept from one region to another, so that a region made anew stands for a process just begun.
    """
    known = incident_county()
    texts = [_plan(known, *state) for state in _STATES]
    assert texts == [_plan(incident_county(), *state) for state in _STATES]
    assert texts == [_plan(known, *state) for state in _STATES]
    assert len(set(texts)) == len(_STATES) - 1  # the last asks what the first asked
