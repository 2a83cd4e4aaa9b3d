"""What emergencies do to the made-up county and to Pingluo: who leaves, where to, which roads are cut."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.errors import InputError
from geo.region.region import Region
from scenarios.files import read_scenario
from scenarios.reserve_draws import drawn
from scenarios.reserve_models import ReserveScenario
from scenarios.reserve_places import apportioned
from scenarios.shipped import DATA
from scenarios.stock_problem import StockInputs, stock_inputs
from tests.scenarios.reserve_county import flood, quake, reserve_county, reserve_scenario, shelters

FLOOD, QUAKE = 0, 1
WEST, EAST, WORK = 0, 1, 2
STORE, FAR = 0, -1


@pytest.fixture(scope="module")
def straight() -> StockInputs:
    return stock_inputs(reserve_county(), reserve_scenario())


@pytest.fixture(scope="module")
def shipped(pingluo: Region) -> StockInputs:
    return stock_inputs(pingluo, read_scenario(DATA / "reserve-1200.yaml", ReserveScenario))


@given(st.integers(0, 5_000), hnp.arrays(np.float64, st.integers(1, 8), elements=st.floats(0, 1e6)))
@settings(deadline=None)
def test_a_number_split_by_weights_is_whole_and_complete(total: int, weights: np.ndarray) -> None:
    parts = apportioned(total, weights)
    assert parts.sum() == total
    share = weights / weights.sum() if weights.sum() else np.full(len(weights), 1 / len(weights))
    assert (np.abs(parts - total * share) < 1 + 1e-6).all()


def test_those_in_the_water_leave_first_and_go_to_the_shelter_on_their_side(straight: StockInputs) -> None:
    """v5 alone lies in the water and has 100 people; v2 is nearer than v9."""
    assert straight.cases.displaced[FLOOD].by_township == {"east": 100}
    assert straight.cases.people[FLOOD].tolist() == [100, 0, 0]


def test_where_too_few_live_inside_the_nearest_leave_too() -> None:
    """150 people: the 100 of v5 and 50 of a village beside the water."""
    inputs = stock_inputs(reserve_county(), reserve_scenario(flood(probability=1.0), people=150))
    threat = inputs.maker.grounds.of(inputs.cases.emergencies[0]).threat
    assert threat.sum() == 150
    assert threat[5] == 100


def test_an_earthquake_is_felt_most_where_it_is(straight: StockInputs) -> None:
    threat = straight.maker.grounds.of(straight.cases.emergencies[QUAKE]).threat
    assert threat[8] == max(threat[:11])
    assert sum(straight.cases.displaced[QUAKE].by_township.values()) == 100


def test_water_cuts_the_road_and_nothing_else(straight: StockInputs) -> None:
    door_s = straight.problem.scenarios.door_s
    assert np.isinf([door_s[FLOOD, STORE, EAST], door_s[FLOOD, FAR, WEST]]).all()
    assert np.isfinite(door_s[FLOOD, STORE, WEST])
    assert np.isfinite(door_s[QUAKE]).all()


def test_time_to_the_door_is_loading_drive_and_unloading(straight: StockInputs) -> None:
    """866 m of secondary road at 60 km/h times 0.85; 600 s of loading, 1,800 s of unloading."""
    seconds = straight.problem.scenarios.door_s[QUAKE, STORE, WEST] - 600 - 1_800
    assert seconds == pytest.approx(866 / (60 * 0.85 / 3.6), rel=0.25)
    trip_s = straight.problem.scenarios.trip_s[QUAKE, STORE, WEST]
    assert trip_s == pytest.approx(600 + 1_800 + 2 * seconds)


def test_full_shelters_are_named_and_nobody_is_left_on_the_road() -> None:
    county = reserve_county(shelters=shelters(west=30, east=20))
    inputs = stock_inputs(county, reserve_scenario())
    assert inputs.cases.people.sum(axis=1).tolist() == [100, 100]
    assert [one.beyond for one in inputs.cases.displaced] == [50, 50]
    (warning,) = [one for one in inputs.warnings if one.code == "S429"]
    assert warning.people == 50


def test_stated_displaced_people_are_taken_as_they_are() -> None:
    said = reserve_scenario(flood(displaced={"town": 30, "east": 70}), quake())
    inputs = stock_inputs(reserve_county(), said)
    assert inputs.cases.displaced[FLOOD].by_township == {"town": 30, "east": 70}


@pytest.mark.parametrize(
    "changes", [{"displaced": {"nowhere": 100}}, {"lost_depots": ["nowhere"]}, {"close_roads": ["nowhere"]}]
)
def test_names_that_the_region_does_not_know_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InputError) as refused:
        stock_inputs(reserve_county(), reserve_scenario(flood(**changes), quake()))
    assert [fault.code for fault in refused.value.faults] == ["S423"]


def test_a_lost_depot_has_no_shelves_but_its_suppliers_deliver() -> None:
    inputs = stock_inputs(reserve_county(), reserve_scenario(flood(lost_depots=["store"]), quake()))
    usable = inputs.problem.scenarios.usable
    assert usable[FLOOD, STORE].tolist() == [0.0, 0.7, 0.8]
    assert usable[FLOOD, FAR, 0] == 1.0
    assert usable[QUAKE, FAR].tolist() == [0.8, 0.4, 0.5]


def test_drawn_emergencies_are_the_same_for_the_same_seed_and_others_for_another(
    straight: StockInputs,
) -> None:
    grounds, written = straight.maker.grounds, straight.section.scenarios
    one, again, other = (drawn(grounds, written, count=40, seed=seed) for seed in (1, 1, 2))
    assert one == again != other
    assert sum(emergency.probability for emergency in one) == pytest.approx(1)


def test_each_kind_is_drawn_as_often_as_it_is_probable(straight: StockInputs) -> None:
    for count in (5, 7, 40):
        found = drawn(straight.maker.grounds, straight.section.scenarios, count=count, seed=3)
        floods = sum(one.id.startswith("flood") for one in found)
        assert abs(floods - 0.6 * count) <= 1
        assert all(sum(one.displaced.values()) == 100 for one in found)


def test_shipped_emergencies_sum_to_the_people_and_reach_every_shelter_by_road_or_say_so(
    shipped: StockInputs,
) -> None:
    assert (shipped.cases.people.sum(axis=1) == 1200).all()
    for number, one in enumerate(shipped.cases.emergencies):
        with_people = shipped.cases.people[number] > 0
        reached = np.isfinite(shipped.problem.scenarios.door_s[number]).any(axis=0)
        assert reached[with_people].all(), one.id


def test_a_bridge_that_falls_makes_the_other_bank_farther(shipped: StockInputs) -> None:
    """An earthquake with the Taole bridge down and one without: Taole from the county depot."""
    ids, places = [one.id for one in shipped.cases.emergencies], shipped.cases.places
    taole = places.index("shelter-taole")
    door_s = shipped.problem.scenarios.door_s[:, 0, taole]
    assert door_s[ids.index("earthquake-bridges")] > door_s[ids.index("earthquake")] + 600


def test_fresh_scenarios_are_valid_and_felt_by_the_region(shipped: StockInputs) -> None:
    fresh = shipped.fresh(60, seed=11)
    assert (fresh.people.sum(axis=1) == 1200).all()
    assert len(fresh.scenarios) == 60
    replace(shipped.problem, scenarios=fresh.scenarios)  # refuses what does not fit
