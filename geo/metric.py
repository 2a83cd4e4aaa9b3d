"""What driving an arc costs a vehicle: integer deciseconds, or impassable."""

import numpy as np

from geo.roads import CLOSED, PRIVATE, Bools, Floats, Int32s, RoadGraph
from geo.vehicles import VehicleClass

IMPASSABLE = 2**30
"""Weight of an arc that may not be driven, deciseconds (34 years); two of them still fit an int32."""

NO_CONTRAFLOW = ("motorway", "motorway_link")
"""Classes that nobody drives against the traffic."""


def arc_weights_ds(roads: RoadGraph, vehicle: VehicleClass) -> Int32s:
    """Driving time of each arc for a vehicle class, deciseconds, shape (2 e,), closures not counted.

    Speed is ``min(free speed * class factor * priority factor, max_speed_kmh)``, on ferries the free speed
    alone, and times ``contraflow_factor`` against a one-way road. Time is rounded to the nearest decisecond,
    halves up; an edge longer than nothing costs at least 1, so that no detour is free. ``IMPASSABLE`` stands
    where the vehicle may not drive, and where it would need ``IMPASSABLE`` or longer.
    """
    seconds = roads.length_m / (_speed_kmh(roads, vehicle) / 3.6)
    usable = usable_edges(roads, vehicle)
    weights_ds = np.full(2 * roads.edges, IMPASSABLE, np.int32)
    for side, allowed in enumerate((roads.forward, roads.backward)):
        against = ~allowed & _may_contraflow(roads, vehicle)
        side_s = np.where(against, seconds / vehicle.contraflow_factor, seconds)
        side_ds = np.minimum(np.floor(side_s * 10 + 0.5), IMPASSABLE)
        side_ds = np.where(roads.length_m > 0, np.maximum(side_ds, 1), side_ds)
        weights_ds[side::2] = np.where((allowed | against) & usable, side_ds, IMPASSABLE)
    return weights_ds


def usable_edges(roads: RoadGraph, vehicle: VehicleClass) -> Bools:
    """Edges the vehicle may use in at least one direction, whatever is closed today, shape (e,).

    Weight and height limits are inclusive: a vehicle of exactly the limit passes. ``CLOSED`` edges, barriers
    among them, are for vehicles that may pass barriers.
    """
    usable = (vehicle.weight_t <= roads.max_weight_t) & (vehicle.height_m <= roads.max_height_m)
    usable &= roads.forward | roads.backward
    if not vehicle.may_use_private:
        usable &= roads.access != PRIVATE
    if not vehicle.may_pass_barriers:
        usable &= roads.access != CLOSED
    if not vehicle.may_use_ferries:
        usable &= ~roads.ferry
    return usable


def forbidden_turns(roads: RoadGraph, vehicle: VehicleClass) -> Int32s:
    """Turns the vehicle may not make, as arcs (from, to), shape (k, 2); none where it may ignore them."""
    return roads.turns[:0] if vehicle.may_ignore_turns else roads.turns


def _speed_kmh(roads: RoadGraph, vehicle: VehicleClass) -> Floats:
    by_class = [vehicle.speed_factor.get(name, vehicle.default_factor) for name in roads.road_classes]
    factor = np.array(by_class, np.float64)[roads.road_class] * vehicle.priority_factor
    return np.where(roads.ferry, roads.speed_kmh, np.minimum(roads.speed_kmh * factor, vehicle.max_speed_kmh))


def _may_contraflow(roads: RoadGraph, vehicle: VehicleClass) -> Bools:
    allowed = [vehicle.may_contraflow and name not in NO_CONTRAFLOW for name in roads.road_classes]
    return np.array(allowed, np.bool_)[roads.road_class] & ~roads.ferry
