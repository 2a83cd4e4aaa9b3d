"""Relief of a plan verified without a solver: the trips that it states, held against the region."""

from collections.abc import Iterator, Sequence

import numpy as np

from geo.errors import Fault
from geo.region.region import Region
from optimizer.dispatch.delivery import Delivery, Trip, delivery_violations
from optimizer.dispatch.evacuation import BusTrip, Evacuation, evacuation_violations
from optimizer.dispatch.plan import DispatchPlan as Answer
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.dispatch_plan import DispatchPlan
from scenarios.doctrine import Doctrine
from scenarios.evacuation import EvacuationCase
from scenarios.incident_models import IncidentScenario
from scenarios.materials import MaterialsCase
from scenarios.relief import ReliefSetting, ReliefSolved, Supply, asks_for_relief, relief_setting
from scenarios.relief_plan import DeliveryStage, EvacuationPlan, MaterialsPlan, TruckTrip

FIX = "Do not use the plan; compute it again."
Verified = tuple[ReliefSolved | None, tuple[Fault, ...]]


def stated_relief(
    where: str,
    plan: DispatchPlan,
    region: Region,
    scenario: IncidentScenario,
    doctrine: Doctrine,
    inputs: DispatchInputs,
    answer: Answer,
) -> Verified:
    """The answers that a plan states, as the solver would have given them, and what they break.

    Faults: P107 a name that does not count, P108 trips that cannot be or do not count everybody.
    """
    said, asked = plan.relief, asks_for_relief(scenario)
    if said is None or not asked:
        missing = _fault("P108", f"{where} relief", "none" if asked else "some", "as the scenario asks")
        return None, (missing,) if asked or said else ()
    setting = relief_setting(region, scenario, doctrine, inputs, answer, engaged=said.teams)
    people = setting.evacuation(second_wave_later=said.evacuation.second_wave_later)
    if unknown := tuple(_unknown(f"{where} relief.evacuation", said.evacuation, people)):
        return None, unknown
    evacuation = _evacuation(said.evacuation, people)
    if broken := evacuation_violations(people.problem, evacuation):
        return None, tuple(_broken(f"{where} relief.evacuation", broken))
    supplies, wrong = _supplies(f"{where} relief.materials", said.materials, setting, people, evacuation)
    if wrong:
        return None, wrong
    return ReliefSolved(setting=setting, people=people, evacuation=evacuation, supplies=supplies), ()


def _supplies(
    where: str,
    said: MaterialsPlan | None,
    setting: ReliefSetting,
    people: EvacuationCase,
    evacuation: Evacuation,
) -> tuple[tuple[Supply, ...], tuple[Fault, ...]]:
    """The stated deliveries one after the other: each starts from what the one before has brought."""
    stages = said.deliveries if said else ()
    found: list[Supply] = []
    for stage in stages:
        case = _case(found, setting, people, evacuation, roads_later=stage.roads_later)
        if case is None:
            return (), (_fault("P108", where, "a delivery", "none, as there is nothing to bring"),)
        trips = [_truck_trip(case, trip) for trip in stage.trips]
        known = [trip for trip in trips if trip is not None]
        if len(known) < len(trips):
            wanted = "trucks, depots and items that count"
            return (), (_fault("P107", f"{where}.deliveries", "an unknown name", wanted),)
        delivery = _delivery(case, stage, known)
        if broken := delivery_violations(case.problem, delivery):
            return (), tuple(_broken(where, broken))
        found.append(Supply(case, delivery))
    if len(found) < 2 and _case(found, setting, people, evacuation, roads_later=False) is not None:
        return (), (_fault("P108", where, f"{len(found)} deliveries", "one more, as material is short"),)
    return tuple(found), ()


def _case(
    found: Sequence[Supply],
    setting: ReliefSetting,
    people: EvacuationCase,
    evacuation: Evacuation,
    *,
    roads_later: bool,
) -> MaterialsCase | None:
    """What the next delivery has to bring: from the shelves, then from suppliers; ``None`` = no further."""
    if not found:
        return setting.materials(people, evacuation, roads_later=roads_later)
    return setting.called_off(found[0], roads_later=roads_later) if len(found) == 1 else None


def _unknown(where: str, said: EvacuationPlan, case: EvacuationCase) -> Iterator[Fault]:
    """Names of trips that are no place, shelter or bus of the case."""
    places = {place.id for place in case.places}
    shelters = {shelter.id for shelter in case.shelters}
    buses = {bus.team_id for bus in case.buses}
    named = [(ride.team_id, buses) for ride in said.rides]
    named += [pair for ride in said.rides for pair in ((ride.place_id, places), (ride.shelter_id, shelters))]
    named += [pair for cars in said.cars for pair in ((cars.place_id, places), (cars.shelter_id, shelters))]
    for name, known in named:
        if name not in known:
            yield _fault("P107", where, name, ", ".join(sorted(known)))


def _evacuation(said: EvacuationPlan, case: EvacuationCase) -> Evacuation:
    """The stated trips and cars as the solver gives them; who stays follows from them."""
    place = {one.id: row for row, one in enumerate(case.places)}
    shelter = {one.id: row for row, one in enumerate(case.shelters)}
    kind = {bus.team_id: number for number, bus in enumerate(case.buses)}
    trips = tuple(
        BusTrip(
            kind=kind[ride.team_id],
            bus=ride.bus - 1,
            wave=ride.wave,
            place=place[ride.place_id],
            shelter=shelter[ride.shelter_id],
            people=ride.people,
            arrival_s=ride.arrival_s,
        )
        for ride in said.rides
    )
    driving = tuple((place[one.place_id], shelter[one.shelter_id], one.people) for one in said.cars)
    left, left_bus = case.problem.people.copy(), case.problem.without_car.copy()
    for trip in trips:
        left[trip.place] -= trip.people
        left_bus[trip.place] -= trip.people
    for at, _, people in driving:
        left[at] -= people
    return Evacuation(
        trips=trips,
        driving=driving,
        left=tuple(left.tolist()),
        left_without_car=tuple(left_bus.tolist()),
        least_left=said.least_left,
        status=said.status,
        stopped_by=said.stopped_by,
    )


def _truck_trip(case: MaterialsCase, said: TruckTrip) -> Trip | None:
    """A stated trip in numbers; ``None`` where it names something that does not count."""
    trucks = {(case.fleets[fleet].team_id, one + 1): row for row, (fleet, one) in enumerate(case.truck_of)}
    depots = {(one.id, one.supplier, one.ready_s): row for row, one in enumerate(case.stock.depots)}
    depot = depots.get((said.depot_id, said.supplier, said.lead_time_s))
    shelters = {one.id: row for row, one in enumerate(case.shelters)}
    goods = [good.id for good in case.problem.goods]
    load = {cargo.item_id: cargo.pieces for cargo in said.load}
    truck = trucks.get((said.team_id, said.truck))
    known = said.shelter_id in shelters and set(load) <= set(goods)
    if truck is None or depot is None or not known:
        return None
    return Trip(
        truck=truck,
        depot=depot,
        shelter=shelters[said.shelter_id],
        start_s=said.start_s,
        handed_over_s=said.handed_over_s,
        pieces=tuple(load.get(good, 0) for good in goods),
    )


def _delivery(case: MaterialsCase, said: DeliveryStage, trips: Sequence[Trip]) -> Delivery:
    unmet = case.problem.demand.copy()
    for trip in trips:
        unmet[trip.shelter] -= np.array(trip.pieces, np.int64)
    return Delivery(
        trips=tuple(trips),
        status=said.status,
        last_s=said.last_s or 0.0,
        bound_s=said.bound_s,
        unmet=tuple(tuple(row) for row in unmet.tolist()),
        unmet_bound=said.least_short_weight,
        stopped_by=said.stopped_by,
    )


def _broken(where: str, sentences: Sequence[str]) -> Iterator[Fault]:
    return (_fault("P108", where, sentence, "trips that hold") for sentence in sentences)


def _fault(code: str, where: str, found: str, wanted: str) -> Fault:
    return Fault(code=code, where=where, found=found[:80], wanted=wanted[:80], fix=FIX)
