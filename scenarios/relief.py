"""People of an incident relocated and supplied: the questions put together and answered."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import numpy as np

from geo.region.region import Region
from optimizer.dispatch.delivery import Delivery
from optimizer.dispatch.evacuation import Evacuation
from optimizer.dispatch.plan import DispatchPlan as Answer
from scenarios.call_offs import call_off_case
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.doctrine import Doctrine, ReliefRule
from scenarios.evacuation import EvacuationCase, evacuation_case, people_at, solve_evacuation
from scenarios.incident_models import IncidentScenario
from scenarios.materials import MaterialsCase, materials_case, solve_materials
from scenarios.plan import PlanWarning
from scenarios.relief_fleet import Fleets, fleets_of
from scenarios.relief_needs import Item, basic_relief
from scenarios.relief_places import Assembly, Shelter, assembly_points, is_cold, usable_shelters
from scenarios.relief_roads import ReliefRoads, relief_roads
from scenarios.relief_stock import Stock, stock_of


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """One delivery: what it has to bring, and how."""

    case: MaterialsCase
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReliefSetting:
    """All that relief rests on before anything is decided.

    ``since_event_s``: from the first event until the order; ``gather_s``: until people stand at the bus.
    """

    rule: ReliefRule
    cold: bool
    since_event_s: float
    gather_s: float
    places: tuple[Assembly, ...]
    shelters: tuple[Shelter, ...]
    fleets: Fleets
    roads: ReliefRoads
    items: tuple[Item, ...]
    stock: Stock
    warnings: tuple[PlanWarning, ...]

    def evacuation(self, *, second_wave_later: bool = False) -> EvacuationCase:
        """The evacuation as a problem."""
        return evacuation_case(
            self.places,
            self.shelters,
            self.fleets.buses,
            self.roads,
            self.rule,
            gather_s=self.gather_s,
            second_wave_later=second_wave_later,
        )

    def materials(
        self, case: EvacuationCase, found: Evacuation, *, roads_later: bool = False
    ) -> MaterialsCase | None:
        """The supply of the shelters that people are in; ``None`` without a catalogue or without people."""
        people = people_at(case, found)
        used = np.flatnonzero(people)
        if not self.items or not len(used):
            return None
        return materials_case(
            [self.shelters[number] for number in used],
            people[used],
            self.items,
            self.stock,
            self.fleets.trucks,
            self.roads,
            self.rule,
            since_event_s=self.since_event_s,
            roads_later=roads_later,
        )

    def called_off(self, first: Supply, *, roads_later: bool) -> MaterialsCase | None:
        """What suppliers have to bring after the first delivery; ``None`` where none can."""
        return call_off_case(first.case, first.delivery, self.roads, self.rule, roads_later=roads_later)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReliefSolved:
    """Both questions with their answers; ``supplies``: from the shelves, then from suppliers, if any."""

    setting: ReliefSetting
    people: EvacuationCase
    evacuation: Evacuation
    supplies: tuple[Supply, ...]


def asks_for_relief(scenario: IncidentScenario) -> bool:
    """Whether any incident relocates people."""
    return any(incident.relocate is not None for incident in scenario.incidents)


def solve_relief(
    region: Region,
    scenario: IncidentScenario,
    doctrine: Doctrine,
    inputs: DispatchInputs,
    answer: Answer,
    *,
    engaged: Collection[str] = (),
) -> ReliefSolved | None:
    """Relocate and supply people, where the scenario asks for it.

    People first: the shelters they reach are what the trucks have to supply. Trucks first count on the roads
    of now; where the last would hand over after they close, all drive on the roads that stay. ``engaged``:
    teams that drive for a plan that is looked at again.

    Raises
    ------
    InputError
        S262 an item without a mass, S213 an unknown vehicle class of the doctrine.
    """
    if not asks_for_relief(scenario):
        return None
    setting = relief_setting(region, scenario, doctrine, inputs, answer, engaged=engaged)
    people, evacuation = solve_evacuation(setting.evacuation())
    return ReliefSolved(
        setting=setting,
        people=people,
        evacuation=evacuation,
        supplies=tuple(_supplies(setting, people, evacuation)),
    )


def _supplies(setting: ReliefSetting, people: EvacuationCase, evacuation: Evacuation) -> Iterator[Supply]:
    """From the shelves; then, where that leaves something short, stock under agreement."""

    def on_shelf(later: bool) -> MaterialsCase | None:
        return setting.materials(people, evacuation, roads_later=later)

    first = _in_time(on_shelf, setting.roads.until_s)
    if first is None:
        return
    yield first

    def called(later: bool) -> MaterialsCase | None:
        return setting.called_off(first, roads_later=later or first.case.roads_later)

    second = _in_time(called, setting.roads.until_s)
    if second is not None:
        yield second


def _in_time(question: Callable[[bool], MaterialsCase | None], until_s: float) -> Supply | None:
    """On the roads of now where all is handed over before they close, else on the roads that stay."""
    case = question(False)
    if case is None:
        return None
    found = Supply(case, solve_materials(case))
    if case.roads_later or found.delivery.last_s <= until_s:
        return found
    later = question(True)
    assert later is not None, "as before"
    return Supply(later, solve_materials(later))


def relief_setting(
    region: Region,
    scenario: IncidentScenario,
    doctrine: Doctrine,
    inputs: DispatchInputs,
    answer: Answer,
    *,
    engaged: Collection[str] = (),
) -> ReliefSetting:
    """What relief rests on, read off the region, the scenario and the teams that are left."""
    rule = doctrine.relief
    cold = is_cold(scenario, rule)
    places, unknown = assembly_points(region, scenario, inputs.hazards, rule)
    shelters, unused = usable_shelters(region, inputs.hazards, cold=cold)
    fleets = fleets_of(inputs, answer, rule, engaged=engaged)
    items = basic_relief(region, rule, cold=cold)
    stock = stock_of(region, items, rule, inputs.board, on=scenario.at.date())
    vehicles = {fleet.vehicle.id for fleet in (*fleets.trucks, *fleets.buses)} | {rule.car}
    return ReliefSetting(
        rule=rule,
        cold=cold,
        since_event_s=_since_event_s(scenario),
        gather_s=doctrine.times.clearance,
        places=places,
        shelters=shelters,
        fleets=fleets,
        roads=relief_roads(region, inputs, vehicles, at=scenario.at, within_s=rule.within),
        items=items,
        stock=stock,
        warnings=(*unknown, *unused, *stock.warnings),
    )


def _since_event_s(scenario: IncidentScenario) -> float:
    """From the first event that relocates people until the order; the earliest sets the time for all."""
    events = [one.event_at or scenario.at for one in scenario.incidents if one.relocate is not None]
    return max((scenario.at - event).total_seconds() for event in events)
