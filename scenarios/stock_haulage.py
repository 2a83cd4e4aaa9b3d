"""The deliveries of one emergency as a problem of trucks, docks and roads that change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import numpy as np

from geo.closures import Closure
from geo.errors import refuse
from geo.region.region import Region
from geo.vehicle_file import read_vehicle_classes
from geo.vehicles import VehicleClass
from optimizer.drill.arrivals import Spread
from optimizer.drill.haulage import FACTORS, HaulProblem
from optimizer.drill.problem import NO_ROAD_DS, Int32s
from optimizer.problem import Floats, Int64s
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import PHYSICAL
from scenarios.dispatch_teams import ReadyTeam, ready_teams
from scenarios.doctrine import shipped_doctrine
from scenarios.region_travel import region_travel
from scenarios.reserve_ground import road_closures
from scenarios.reserve_models import Emergency
from scenarios.reserve_scenarios import Cases
from scenarios.reserve_test_models import ReserveTest, haulage_rules
from scenarios.stock_problem import StockInputs

WEIGHTS = ("vital", "basic", "useful")
TRIPS = 64
"""Trips of a truck whose times differ by chance; later ones repeat them."""
_WHOLE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Trucks of one team."""

    team: ReadyTeam
    vehicle: VehicleClass
    trucks: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Haulage:
    """What all scenarios of a test share.

    Parameters
    ----------
    fleets
        Trucks of the region's own teams.
    truck_fleet
        Number of the fleet of each truck, shape (t,).
    vehicles
        Classes, in the order of the tables of drives.
    docks
        By depot, shape (d,).
    drive, handling
        Factors by chance, mean 1.
    """

    fleets: tuple[Fleet, ...]
    truck_fleet: Int64s
    vehicles: tuple[str, ...]
    docks: Int64s
    drive_cv: float
    handling_cv: float
    _drives: dict[str, tuple[Int32s, Int64s]]

    def problem(
        self, region: Region, inputs: StockInputs, held: Holding, cases: Cases, number: int, *, seed: int
    ) -> HaulProblem:
        """The deliveries of one scenario; what is by chance hangs on seed and number alone."""
        emergency, sources = cases.emergencies[number], inputs.hand.sources
        nodes = self._nodes(inputs, cases, emergency)
        drive_ds, state_at_ds = self._roads(region, inputs, emergency, nodes)
        depots, fleets = len(sources.depot_ids), len(self.fleets)
        loading_s = np.zeros(depots)
        loading_s[sources.depot] = sources.loading_s
        vehicles = [fleet.vehicle for fleet in self.fleets]
        ready_s = [inputs.rules.order.value + fleet.team.turnout_s for fleet in self.fleets]
        return HaulProblem(
            **_batches(inputs, held, cases, number),
            need=np.rint(cases.scenarios.need[number]).astype(np.int64),
            due_ds=_ds(np.array(inputs.section.windows)),
            rank=np.array([WEIGHTS.index(inputs.rules.kind_of(one.id)[0]) for one in inputs.items], np.int64),
            volume_m3=np.asarray(inputs.problem.items.volume_m3, np.float64),
            mass_kg=np.asarray(inputs.problem.items.mass_kg, np.float64),
            truck_node=depots + self.truck_fleet,
            truck_mode=np.array([self.vehicles.index(one.id) for one in vehicles], np.int64)[
                self.truck_fleet
            ],
            truck_ready_ds=_ds(np.array(ready_s))[self.truck_fleet],
            load_m3=np.array([one.load_m3 or np.inf for one in vehicles])[self.truck_fleet],
            load_kg=np.array([one.load_kg or np.inf for one in vehicles])[self.truck_fleet],
            depot_node=np.arange(depots),
            docks=self.docks,
            loading_ds=_ds(loading_s),
            unloading_ds=round(inputs.rules.unloading.value * 10),
            place_node=depots + fleets + np.arange(len(cases.places)),
            drive_ds=drive_ds,
            state_at_ds=state_at_ds,
            state=np.arange(1, len(state_at_ds) + 1),
            factor=self._factors(seed, number),
        )

    def _factors(self, seed: int, number: int) -> Floats:
        """Factors by truck and trip: of drives, loading, unloading."""
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(number, 7))))
        uniform = stream.random((len(self.truck_fleet), TRIPS, FACTORS))
        found = np.ones_like(uniform)
        for column, cv in enumerate((self.drive_cv, self.handling_cv, self.handling_cv)):
            if cv > 0:
                spread = Spread("lognormal", 100.0, cv)
                found[..., column] = np.maximum(1, spread.drawn_ds(uniform[..., column])) / 1000
        return found

    def _nodes(self, inputs: StockInputs, cases: Cases, emergency: Emergency) -> Floats:
        """Depots, homes of the fleets, shelters in the order of the places, and where work is done."""
        region, site = inputs.maker.grounds.region, inputs.maker.grounds.of(emergency).site
        table = region.placed("shelters")
        return np.vstack(
            [
                inputs.hand.sources.lonlat.reshape(-1, 2),
                np.array([(one.team.lon, one.team.lat) for one in self.fleets]).reshape(-1, 2),
                np.column_stack([table.geometry.x, table.geometry.y]).reshape(-1, 2),
                np.array([site]),
            ]
        )

    def _roads(
        self, region: Region, inputs: StockInputs, emergency: Emergency, nodes: Floats
    ) -> tuple[Int32s, Int64s]:
        """Drives under each state of the roads, and when states change; worked out once for like events."""
        said = {"hazard", "where", "at", "weather", "depth_factor", "close_roads"}
        key = emergency.model_dump_json(include=said)
        if key not in self._drives:
            closures = inputs.maker.grounds.of(emergency).closures
            changes, states = road_changes(emergency, closures, inputs.section.windows[-1])
            cut = road_closures(emergency)
            tables = np.array(
                [[_drives(region, one, (*state, *cut), nodes) for one in self.vehicles] for state in states]
            )
            self._drives[key] = (tables, changes)
        return self._drives[key]


def haulage(region: Region, inputs: StockInputs, asked: ReserveTest) -> Haulage:
    """The trucks and docks of a region.

    Raises
    ------
    InputError
        S436 no team of the region that brings trucks.
    """
    rules, shipped = shipped_doctrine(), haulage_rules()
    teams, _ = ready_teams(region, None, rules.times, mutual_aid=False)
    fleets = _fleets(teams, rules.relief.capability, rules.relief.trucks, inputs.section.trucks.number)
    if not fleets:
        raise refuse(
            "S436",
            where=f"region {region.name}, layer teams",
            found=f"no placed team with {rules.relief.capability} and vehicles of the classes"
            f" {', '.join(rules.relief.trucks)}",
            wanted="teams that bring the trucks which deliveries are played with",
            fix="Add transport teams with their vehicles, or leave the test out.",
        )
    levels = region.placed("depots").set_index("id")["level"].astype(str)
    docks = [asked.docks or shipped.docks[levels[one]] for one in inputs.hand.sources.depot_ids]  # type: ignore[index]  # a level by the layer
    return Haulage(
        fleets=fleets,
        truck_fleet=np.repeat(np.arange(len(fleets)), [one.trucks for one in fleets]),
        vehicles=tuple(sorted({one.vehicle.id for one in fleets})),
        docks=np.array(docks, np.int64),
        drive_cv=shipped.drive_cv if asked.drive_cv is None else asked.drive_cv,
        handling_cv=shipped.handling_cv if asked.handling_cv is None else asked.handling_cv,
        _drives={},
    )


def _fleets(
    teams: Sequence[ReadyTeam], capability: str, classes: Sequence[str], most: int | None
) -> tuple[Fleet, ...]:
    """Fleets in the order of the region, those that roll soonest first where only so many trucks count."""
    known: Mapping[str, VehicleClass] = read_vehicle_classes()
    able = [
        team
        for team in teams
        if team.capabilities.get(capability, 0) > 0 and team.vehicles > 0 and team.vehicle_class in classes
    ]
    left = sum(team.vehicles for team in able) if most is None else most
    trucks: dict[str, int] = {}
    for team in sorted(able, key=lambda one: one.turnout_s):
        trucks[team.id] = min(left, team.vehicles)
        left -= trucks[team.id]
    return tuple(
        Fleet(team=team, vehicle=known[team.vehicle_class], trucks=trucks[team.id])
        for team in able
        if trucks[team.id]
    )


def road_changes(
    emergency: Emergency, closures: Sequence[Closure], until_s: float
) -> tuple[Int64s, list[tuple[Closure, ...]]]:
    """When the roads change, ds from the event, and what is closed from the event and from each change on.

    An end is inclusive, as closures say it: roads open a decisecond later.
    """
    ends = emergency.at + timedelta(seconds=until_s)
    tick = timedelta(seconds=0.1)
    times = {one.valid_from for one in closures if one.valid_from is not None}
    times |= {one.valid_to + tick for one in closures if one.valid_to is not None}
    within = sorted(at for at in times if emergency.at < at <= ends)
    states = [tuple(one for one in closures if one.in_force(at)) for at in (emergency.at, *within)]
    kept = [0] + [n + 1 for n, (one, other) in enumerate(pairwise(states)) if one != other]
    seconds = [(within[n - 1] - emergency.at).total_seconds() for n in kept[1:]]
    return _ds(np.array(seconds, np.float64)), [states[n] for n in kept]


def _drives(region: Region, vehicle: str, closures: tuple[Closure, ...], nodes: Floats) -> Int32s:
    """Deciseconds between all nodes, destination first."""
    seconds = region_travel(region, vehicle).with_closures(closures).matrix_s(nodes, nodes).T
    return np.where(np.isfinite(seconds), np.rint(seconds * 10), NO_ROAD_DS).astype(np.int32)


def _batches(inputs: StockInputs, held: Holding, cases: Cases, number: int) -> dict[str, Int64s]:
    """What is there after the event, whole units, by depot, item and when it stands ready."""
    problem, depot = inputs.problem, inputs.hand.sources.depot
    there = held.quantity * cases.scenarios.usable[number][:, None, :]
    found: dict[tuple[int, int, int], int] = {}
    for source, item, mode in np.argwhere(there > 0).tolist():
        shares = np.cumsum(problem.ready_share[mode]) if mode != PHYSICAL else np.ones(1)
        units = np.diff(np.floor(there[source, item, mode] * shares + _WHOLE), prepend=0.0)
        for ready_s, more in zip(problem.ready_s[source, mode].tolist(), units.tolist(), strict=False):
            key = (int(depot[source]), item, round(ready_s * 10))
            found[key] = found.get(key, 0) + int(more)
    rows = np.array([(*key, units) for key, units in sorted(found.items()) if units], np.int64).reshape(-1, 4)
    names = ("batch_depot", "batch_item", "batch_ready_ds", "batch_units")
    return {name: rows[:, column] for column, name in enumerate(names)}


def _ds(seconds: Floats) -> Int64s:
    return np.rint(seconds * 10).astype(np.int64)
