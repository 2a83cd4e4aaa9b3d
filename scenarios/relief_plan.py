"""Relief as it stands in a plan file: who is taken where, what shelters need, which trucks bring it."""

from typing import Literal

from scenarios.model_base import Strict
from scenarios.route_plan import Route

ReliefStatus = Literal["optimal", "feasible"]
WhyLeft = Literal["", "no_bus", "no_road", "no_shelter", "shelters_full"]


class FleetTeam(Strict):
    """Vehicles of one team that count for relief, whether the plan uses them or not."""

    team_id: str
    name_zh: str
    name_en: str
    vehicle_class: str
    vehicles: int
    ready_s: float


class AssemblyPlace(Strict):
    """Where people of one incident gather, and what becomes of all of them.

    ``people`` is the sum of ``by_bus``, ``driving`` and ``left``; ``without_car`` of those who need a bus
    ``left_without_car`` stay; ``last_s`` from the order until the last of those brought is at a shelter.
    """

    id: str
    incident_id: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    people: int
    without_car: int
    by_bus: int
    driving: int
    left: int
    left_without_car: int
    why_left: WhyLeft
    last_s: float | None


class ShelterUse(Strict):
    """A shelter that takes people in; from the order until all are there and all material is handed over."""

    id: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    capacity: int
    heated: bool
    people: int
    people_s: float | None
    materials_s: float | None


class BusRide(Strict):
    """One trip of one bus; ``bus`` counts those of the team from 1."""

    team_id: str
    vehicle_class: str
    bus: int
    wave: Literal[1, 2]
    place_id: str
    shelter_id: str
    people: int
    arrival_s: float


class OwnCars(Strict):
    """People who drive themselves from a place to a shelter."""

    place_id: str
    shelter_id: str
    people: int
    arrival_s: float


class EvacuationPlan(Strict):
    """People to their shelters; ``least_left``: that many any plan leaves behind.

    ``second_wave_later``: the second wave drives only on roads that stay open.
    """

    status: ReliefStatus
    stopped_by: str | None
    people: int
    by_bus: int
    first_wave: int
    driving: int
    left: int
    least_left: int
    last_arrival_s: float | None
    second_wave_later: bool
    rides: tuple[BusRide, ...]
    cars: tuple[OwnCars, ...]


class ItemNeed(Strict):
    """One item: pieces needed, sent (``called`` of them from suppliers) and short; times from the order.

    ``quantity_per`` one ``per``, with the season in it; ``due_s`` hand-over by, inclusive; ``late_s`` beyond.
    """

    item_id: str
    name_zh: str
    name_en: str
    unit: str
    per: str
    quantity_per: float
    needed: int
    sent: int
    called: int
    short: int
    due_s: float
    handed_over_s: float | None
    late_s: float | None
    source: str


class Cargo(Strict):
    """Pieces of one item."""

    item_id: str
    pieces: int


class TruckTrip(Strict):
    """One trip: from loading on until it has handed over; ``truck`` counts those of the team from 1.

    ``supplier`` brings what it loads to the depot, ``lead_time_s`` after the order; empty for its own.
    """

    team_id: str
    vehicle_class: str
    truck: int
    depot_id: str
    supplier: str
    lead_time_s: float
    shelter_id: str
    start_s: float
    handed_over_s: float
    mass_kg: float
    volume_m3: float
    load: tuple[Cargo, ...]


class ItemSource(Strict):
    """The nearest source of what is short: stock that no truck brings, or what a supplier promised."""

    depot_id: str
    supplier: str
    mode: str
    pieces: int
    hand_over_s: float | None
    why: Literal["no_truck", "no_road", "lead_time"]


class ItemShortage(Strict):
    """Pieces of an item that do not come; ``nearest`` is missing where nobody has any."""

    code: str
    item_id: str
    name_zh: str
    name_en: str
    unit: str
    short: int
    nearest: ItemSource | None


class DeliveryStage(Strict):
    """Trips from one source: the shelves first, then stock under agreement for what they do not hold.

    ``bound_s``: no plan that brings as much hands over its last piece sooner. ``short_weight``: pieces that
    the source holds or promised and no truck brings, scarce items counting more; ``least_short_weight``: that
    much any plan leaves. ``roads_later``: trucks drive only on roads that stay open; else all is handed over
    while the roads are as now.
    """

    source: Literal["stock", "agreement"]
    status: ReliefStatus
    stopped_by: str | None
    last_s: float | None
    bound_s: float
    roads_later: bool
    short_weight: int
    least_short_weight: int
    trips: tuple[TruckTrip, ...]


class MaterialsPlan(Strict):
    """What the shelters get, item by item, and in which deliveries."""

    status: ReliefStatus
    last_s: float | None
    items: tuple[ItemNeed, ...]
    deliveries: tuple[DeliveryStage, ...]
    shortages: tuple[ItemShortage, ...]

    @property
    def trips(self) -> tuple[TruckTrip, ...]:
        """Trips of all deliveries."""
        return tuple(trip for stage in self.deliveries for trip in stage.trips)


class Convoy(Strict):
    """Vehicles on the same road with the same task; ``last_s`` from the order until the last is there."""

    id: str
    task: Literal["evacuation", "own_cars", "materials"]
    vehicle_class: str
    from_id: str
    to_id: str
    trips: int
    people: int
    pieces: int
    last_s: float
    route: Route


class Relief(Strict):
    """People relocated and supplied; all times from the order.

    ``due_s``: hand-over of everything by, inclusive; ``roads_until_s``: until then the roads are as now,
    missing where nothing closes; ``cold``: winter quantities, heated shelters.
    """

    due_s: float
    roads_until_s: float | None
    cold: bool
    days: int
    household: int
    trucks: tuple[FleetTeam, ...]
    buses: tuple[FleetTeam, ...]
    places: tuple[AssemblyPlace, ...]
    shelters: tuple[ShelterUse, ...]
    evacuation: EvacuationPlan
    materials: MaterialsPlan | None
    convoys: tuple[Convoy, ...]

    @property
    def teams(self) -> frozenset[str]:
        """Ids of the teams that drive."""
        return frozenset(fleet.team_id for fleet in (*self.trucks, *self.buses))
