"""Hazard zones as closures of roads."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from geo.closures import Closure
from geo.roads import RoadGraph
from geo.vehicles import VehicleClass
from scenarios.hazards.flood_depth import Curve, speed_share
from scenarios.hazards.zones import HazardZone


def closures_of(
    zones: Sequence[HazardZone],
    *,
    gas_from_level: int = 2,
    roads: RoadGraph | None = None,
    curve: Curve = "parabola",
    vehicles: Iterable[VehicleClass] = (),
) -> list[Closure]:
    """Closures that keep vehicles out of zones, in the order of the zones.

    Gas of level ``gas_from_level`` and graver closes roads to everybody; with ``roads`` also on bridges,
    which a polygon alone never hits. Water closes a road at and beyond the vehicle's wading limit and slows
    before it; with ``curve="pregnolato"`` one closure for each of ``vehicles`` follows that curve instead.
    Water leaves bridges open.
    """
    found = []
    for zone in zones:
        if zone.depth_m is None:
            if zone.level >= gas_from_level:
                found.append(_gas(zone, roads))
        elif curve == "parabola":
            found.append(_water(zone))
        else:
            found += [closure for vehicle in vehicles if (closure := _by_curve(zone, vehicle, curve))]
    return found


def _gas(zone: HazardZone, roads: RoadGraph | None) -> Closure:
    return Closure(
        id=zone.id,
        polygon=zone.polygon,
        edges=() if roads is None else _bridges_inside(zone, roads),
        closed=True,
        valid_from=zone.valid_from,
        valid_to=zone.valid_to,
    )


def _water(zone: HazardZone) -> Closure:
    return Closure(
        id=zone.id,
        polygon=zone.polygon,
        depth_m=zone.depth_m,
        valid_from=zone.valid_from,
        valid_to=zone.valid_to,
    )


def _by_curve(zone: HazardZone, vehicle: VehicleClass, curve: Curve) -> Closure | None:
    assert zone.depth_m is not None
    share = speed_share(zone.depth_m, wading_limit_m=vehicle.wading_limit_m, curve=curve)
    if share == 1:
        return None
    return Closure(
        id=f"{zone.id}-{vehicle.id}",
        polygon=zone.polygon,
        closed=share == 0,
        speed_factor=share if share > 0 else None,
        vehicle_classes=(vehicle.id,),
        valid_from=zone.valid_from,
        valid_to=zone.valid_to,
    )


def _bridges_inside(zone: HazardZone, roads: RoadGraph) -> tuple[int, ...]:
    bridges = np.flatnonzero(roads.bridge)
    lines = [shapely.linestrings(roads.shape_of(int(edge))) for edge in bridges]
    hit = shapely.intersects(zone.polygon, np.asarray(lines, object)) if lines else np.zeros(0, bool)
    return tuple(int(edge) for edge in bridges[hit])
