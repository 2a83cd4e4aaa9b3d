"""People relocated and supplied: a county small enough to follow by hand, and properties that always hold."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.vehicle_file import read_vehicle_classes
from scenarios.board import Board
from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import DispatchPlan, dispatch_json
from scenarios.items import shipped_items
from scenarios.relief_plan import Relief
from tests.scenarios.incident_county import leak, teams
from tests.scenarios.relief_county import (
    flood,
    flood_scenario,
    items,
    relief_county,
    relief_doctrine,
    shelters,
    stock,
    vehicles,
    water,
)


def relief_of(plan: DispatchPlan) -> Relief:
    assert plan.relief is not None
    return plan.relief


def plan_of(*incidents: Mapping[str, object], region: Any = None, **changes: object) -> DispatchPlan:
    rules = changes.pop("rules", None) or relief_doctrine()
    return dispatch(region or relief_county(), flood_scenario(*incidents, **changes), doctrine=rules)  # type: ignore[arg-type]  # a doctrine


def test_the_hand_solved_case() -> None:
    """100 people of v5, 45 without a car: one full bus, the others drive; v2 is nearer and gets full."""
    found = relief_of(plan_of())
    place = found.places[0]
    assert (place.people, place.without_car, place.by_bus, place.driving, place.left) == (100, 45, 45, 55, 0)
    assert {shelter.id: shelter.people for shelter in found.shelters} == {"west": 50, "east": 50}
    assert [(ride.people, ride.wave) for ride in found.evacuation.rides] == [(45, 1)]
    assert found.evacuation.status == "optimal"
    assert {item.item_id: (item.needed, item.sent, item.short) for item in needs(found)} == {
        "mat": (100, 100, 0),
        "crate": (76, 60, 16),  # 50 people, three days, 37.5 crates: 38 at each shelter
    }


def needs(found: Relief) -> Any:
    assert found.materials is not None
    return found.materials.items


def test_people_board_after_gathering_and_bus_times_are_driven_times() -> None:
    """The bus is at v5 before people have gathered (30 min): boarding 15 min, then the way to the shelter."""
    found = relief_of(plan_of())
    ride, convoy = found.evacuation.rides[0], found.convoys[0]
    assert convoy.from_id == "v5"
    drive_s = ride.arrival_s - 1800 - 900
    assert drive_s > 0
    car_s = [car.arrival_s for car in found.evacuation.cars if car.shelter_id == ride.shelter_id]
    assert all(arrival_s < ride.arrival_s for arrival_s in car_s)


def test_after_the_water_nobody_gets_out_by_road() -> None:
    """Water from the start on: no bus gets in; whoever cannot leave is counted, with the reason."""
    found = relief_of(plan_of(flood(water=[water(None)])))
    assert found.roads_until_s is None
    assert found.evacuation.by_bus == 0
    assert found.evacuation.people == 100 == found.evacuation.driving + found.evacuation.left
    assert found.places[0].why_left == "no_road"


def test_a_number_is_taken_from_the_zone_and_beyond() -> None:
    """30 of the 100; of 130 the 30 whom nobody knows gather at the same place, and it is said."""
    assert relief_of(plan_of(flood(relocate=30))).evacuation.people == 30
    plan = plan_of(flood(relocate=130))
    assert relief_of(plan).evacuation.people == 130
    assert [w.records for w in plan.warnings if w.code == "S260"] == [("flood",)]


def test_full_shelters_leave_people_and_say_so() -> None:
    """110 places for 130 people."""
    found = relief_of(plan_of(flood(relocate=130)))
    assert (found.evacuation.left, found.evacuation.least_left) == (20, 20)
    assert found.places[0].why_left == "shelters_full"
    assert all(shelter.people <= shelter.capacity for shelter in found.shelters)


def test_cold_asks_for_heated_shelters_and_winter_quantities() -> None:
    """The unheated shelter is left out and named; a person gets two mats."""
    region = relief_county(shelters=shelters(heated="no"))
    plan = plan_of(region=region, weather={"wind_from_deg": 270, "wind_m_s": 4, "temperature_c": 5})
    found = relief_of(plan)
    assert {shelter.id for shelter in found.shelters} == {"east"}
    assert found.evacuation.left == 40
    assert next(item for item in needs(found) if item.item_id == "mat").needed == 120
    assert [set(w.records) for w in plan.warnings if w.code == "S264"] == [{"west", "wet"}]


def test_what_is_short_names_the_nearest_source() -> None:
    """No stock at all: called from the supplier; stock at the end of no truck: no truck."""
    called = {
        "id": "a", "depot_id": "store", "item_id": "crate", "mode": "agreement", "quantity": 500,
        "lead_time_s": 40_000, "supplier": "shop",
    }  # fmt: skip
    found = relief_of(plan_of(region=relief_county(stock=stock(called, crates=0))))
    assert found.materials is not None
    short = found.materials.shortages[0]
    assert (short.code, short.item_id) == ("X311", "crate")
    assert short.nearest is not None
    assert (short.nearest.supplier, short.nearest.why, short.nearest.pieces) == ("shop", "lead_time", 500)
    bare = relief_of(plan_of(region=relief_county(teams=teams(*vehicles(trucks=0)))))
    assert bare.materials is not None
    assert bare.materials.trips == ()
    assert {one.nearest and one.nearest.why for one in bare.materials.shortages} == {"no_truck"}
    assert {shelter.materials_s for shelter in bare.shelters} == {None}


def test_the_source_of_a_shortage_is_timed_to_where_it_is_short() -> None:
    """A supplier who could serve the west in time is too late for the east."""
    called = {
        "id": "a", "depot_id": "store", "item_id": "crate", "mode": "agreement", "quantity": 500,
        "lead_time_s": 33_800, "supplier": "shop",
    }  # fmt: skip
    region = relief_county(stock=stock(called, crates=38))
    found = relief_of(plan_of(flood(water=[water("2026-07-01T22:00:00+08:00")]), region=region))
    assert found.materials is not None
    (short,) = (one for one in found.materials.shortages if one.item_id == "crate")
    assert short.nearest is not None
    assert short.nearest.hand_over_s is not None
    assert short.nearest.hand_over_s > found.due_s == 36_000
    assert (short.nearest.supplier, short.nearest.why) == ("shop", "lead_time")


def test_stock_under_agreement_is_called_off_in_time() -> None:
    """16 crates short, 10 promised within three hours: those come later, loaded after the lead time."""
    called = {
        "id": "a", "depot_id": "store", "item_id": "crate", "mode": "agreement", "quantity": 10,
        "lead_time_s": 10_800, "supplier": "shop",
    }  # fmt: skip
    tomorrow = flood(water=[water("2026-07-02T10:00:00+08:00")])
    found = relief_of(plan_of(tomorrow, region=relief_county(stock=stock(called))))
    crate = next(item for item in needs(found) if item.item_id == "crate")
    assert (crate.needed, crate.sent, crate.called, crate.short) == (76, 70, 10, 6)
    assert found.materials is not None
    assert [stage.source for stage in found.materials.deliveries] == ["stock", "agreement"]
    trips = found.materials.deliveries[1].trips
    assert all(trip.supplier == "shop" and trip.start_s >= 10_800 for trip in trips)
    assert [one.nearest for one in found.materials.shortages] == [None]


def test_expired_stock_is_not_sent() -> None:
    """Mats that expired the day before are named; those that expire today count."""
    old = {"id": "old", "depot_id": "store", "item_id": "mat", "mode": "physical", "quantity": 90}
    gone = stock({**old, "expires_on": "2026-06-30"}, mats=10)
    plan = plan_of(region=relief_county(stock=gone))
    assert next(item for item in needs(relief_of(plan)) if item.item_id == "mat").sent == 10
    assert [w.records for w in plan.warnings if w.code == "S263"] == [("old",)]
    today = relief_county(stock=stock({**old, "expires_on": "2026-07-01"}, mats=10))
    assert next(item for item in needs(relief_of(plan_of(region=today))) if item.item_id == "mat").sent == 100


def test_time_for_relief_runs_from_the_event() -> None:
    """Nine and a half hours after the event nothing can be handed over in the half hour that is left."""
    found = relief_of(plan_of(flood(event_at="2026-07-01T00:30:00+08:00")))
    assert found.due_s == 1800
    assert found.materials is not None
    assert found.materials.trips == ()
    with pytest.raises(Exception, match="S266"):
        flood_scenario(flood(event_at="2026-07-01T10:00:01+08:00"))


def test_an_item_due_sooner_is_marked_late() -> None:
    """Crates within five minutes: they come, late, and the warning names them."""
    plan = plan_of(rules=relief_doctrine(items_within={"crate": "5 min"}))
    crate = next(item for item in needs(relief_of(plan)) if item.item_id == "crate")
    assert crate.late_s is not None
    assert crate.late_s > 0
    assert [w.records for w in plan.warnings if w.code == "X312"] == [("crate",)]


def test_an_item_without_mass_is_refused_and_one_left_out_is_not() -> None:
    """A pump has no mass either, but nobody in a shelter needs it."""
    region = relief_county(items=items(mass_kg=None))
    with pytest.raises(InputError, match=r"S262.*mat"):
        plan_of(region=region)
    assert plan_of(region=region, rules=relief_doctrine(leave_out=["mat"])).relief is not None


def test_without_catalogue_the_shipped_one_says_what_is_short() -> None:
    plan = plan_of(region=relief_county(items=items().iloc[:0], stock=stock().iloc[:0]))
    short = {item.item_id: item.short for item in needs(relief_of(plan))}
    people = [item.rule for item in shipped_items() if item.rule and item.rule.per == "person"]
    assert {rule.id for rule in people if rule.quantity} & set(short)
    assert short["soap"] == 100
    assert relief_of(plan).evacuation.left == 0
    assert [w.code for w in plan.warnings if w.code == "S261"] == ["S261"]


def test_without_buses_only_drivers_leave() -> None:
    found = relief_of(plan_of(region=relief_county(teams=teams(*vehicles(buses=0)))))
    assert (found.evacuation.driving, found.evacuation.left) == (55, 45)
    assert found.places[0].why_left == "no_bus"


def test_without_being_asked_nothing_is_relocated_and_no_plan_changes() -> None:
    """A leak gives the same plan byte for byte whether the county has shelters, stock and trucks or not."""
    plan = dispatch(relief_county(), flood_scenario(leak()), doctrine=relief_doctrine())
    assert plan.relief is None
    assert not [w for w in plan.warnings if w.code in ("S260", "S264", "X310")]


def test_another_incident_without_relocation_changes_no_relief() -> None:
    """A collapse at v9 that takes none of the vehicles: people, buses, trucks and loads stay the same."""
    alone = relief_of(plan_of())
    house = {"id": "house", "hazard": "collapse", "level": "IV", "where": {"lon": 106.60, "lat": 38.9}}
    both = relief_of(plan_of(flood(), house))
    assert both == alone


def test_a_transport_team_sent_elsewhere_brings_no_vehicles() -> None:
    """Off duty: no buses. Under way for the plan in force: they still count when it is looked at again."""
    scenario, rules = flood_scenario(), relief_doctrine()
    first = dispatch(relief_county(), scenario, doctrine=rules)
    away = Board.model_validate({"muster": 1, "teams": [{"id": "bus-team", "status": "off_duty"}]})
    assert relief_of(dispatch(relief_county(), scenario, away, doctrine=rules)).buses == ()
    rolling = Board.model_validate({"muster": 1, "teams": [{"id": "bus-team", "status": "en_route"}]})
    assert relief_of(dispatch(relief_county(), scenario, rolling, doctrine=rules)).buses == ()
    again = relief_of(dispatch(relief_county(), scenario, rolling, doctrine=rules, present=first))
    assert [fleet.team_id for fleet in again.buses] == ["bus-team"]
    gone = dispatch(relief_county(), scenario, away, doctrine=rules, present=first)
    assert relief_of(gone).buses == ()


@settings(deadline=None, max_examples=12)
@given(
    relocate=st.one_of(st.just("all"), st.integers(1, 200)),
    buses=st.integers(0, 3),
    trucks=st.integers(0, 3),
    mats=st.integers(0, 300),
    crates=st.integers(0, 200),
    cold=st.booleans(),
)
def test_nobody_is_lost_nothing_is_made_up_and_no_truck_is_over_its_load(
    relocate: str | int, buses: int, trucks: int, mats: int, crates: int, cold: bool
) -> None:
    """Counted from the plan alone: people, seats, places, loads, stock, deadlines."""
    region = relief_county(teams=teams(*vehicles(buses, trucks)), stock=stock(mats=mats, crates=crates))
    weather = {"temperature_c": -5 if cold else 20}
    found = relief_of(plan_of(flood(relocate=relocate), region=region, weather=weather))
    people = found.evacuation
    assert people.people == (100 if relocate == "all" else relocate)
    assert people.people == people.by_bus + people.driving + people.left
    assert sum(shelter.people for shelter in found.shelters) == people.people - people.left
    assert all(0 < shelter.people <= shelter.capacity for shelter in found.shelters)
    assert all(0 < ride.people <= 45 and ride.bus <= buses for ride in people.rides)
    assert people.status == "optimal"
    loads: Counter[str] = Counter()
    for trip in found.materials.trips if found.materials else ():
        truck = read_vehicle_classes()[trip.vehicle_class]
        assert trip.mass_kg <= truck.load_kg
        assert trip.volume_m3 <= truck.load_m3
        assert trip.handed_over_s <= found.due_s
        assert trip.truck <= trucks
        loads.update({cargo.item_id: cargo.pieces for cargo in trip.load})
    assert loads["mat"] <= mats
    assert loads["crate"] <= crates
    for item in needs(found) if found.materials else ():
        assert item.needed == item.sent + item.short
        assert item.sent == loads[item.item_id]


def test_the_same_question_gives_the_same_bytes() -> None:
    first, second = plan_of(), plan_of()
    assert dispatch_json(first) == dispatch_json(second)
