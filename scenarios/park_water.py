"""Sizes of a park's fire-water pond and foam station, by the rules; arithmetic only.

Pond: the largest fire for ``hours``. A fire area takes its design flow all that time; a tank fire takes
water to cool the tank and its neighbours all that time, and the water in the foam solution once (GB 50160,
8.4.4). Foam station: the tank whose solution on its surface, from the branches beside it and in the pipes is
the most (GB 55036-2022, 5.0.4).
"""

import math
from collections.abc import Sequence

from scenarios.park_figures import ParkFigures
from scenarios.park_models import FireArea, ParkTank
from scenarios.park_plan import FireWater, FoamStation, Pond, TankFoam

_L_S_TO_M3_H = 3.6


def pond_of(areas: Sequence[FireArea], tanks: Sequence[ParkTank], figures: ParkFigures) -> Pond:
    """The pond and every fire that it was sized by, the largest first; of equals the one named first."""
    hours = figures.hours.value
    fires = [_area_water(area, hours) for area in areas]
    fires += [_tank_water(tank, figures) for tank in tanks]
    fires.sort(key=lambda fire: -fire.volume_m3)
    volume_m3 = fires[0].volume_m3
    return Pond(
        volume_m3=volume_m3,
        ponds=2 if volume_m3 > figures.two_ponds_above_m3.value else 1,
        hours=hours,
        largest=fires[0].id,
        fires=tuple(fires),
    )


def foam_of(tanks: Sequence[ParkTank], figures: ParkFigures) -> FoamStation | None:
    """The foam station and every tank that it was sized by, the largest first; none without tanks."""
    if not tanks:
        return None
    found = sorted((tank_foam(tank, figures) for tank in tanks), key=lambda foam: -foam.solution_m3)
    most = max(found, key=lambda foam: foam.concentrate_m3)
    return FoamStation(
        solution_m3=found[0].solution_m3,
        concentrate_m3=most.concentrate_m3,
        flow_l_s=max(foam.flow_l_s for foam in found),
        largest=found[0].id,
        largest_concentrate=most.id,
        tanks=tuple(found),
    )


def tank_foam(tank: ParkTank, figures: ParkFigures) -> TankFoam:
    """Foam for the fire of one tank."""
    rate, minutes, share = (
        figures.single()[f"{tank.liquid}_{key}"].value for key in ("l_min_m2", "min", "share")
    )
    area_m2 = math.pi * tank.diameter_m**2 / 4
    branches = figures.branches.beside(tank.diameter_m)
    branch_l_min = branches.number * figures.branch_l_min.value
    surface_m3 = area_m2 * rate * minutes / 1000
    branches_m3 = branch_l_min * branches.minutes / 1000
    solution_m3 = surface_m3 + branches_m3 + figures.pipes_m3.value
    return TankFoam(
        id=tank.id,
        name_zh=tank.name_zh,
        name_en=tank.name_en,
        liquid=tank.liquid,
        diameter_m=tank.diameter_m,
        surface_m2=round(area_m2, 1),
        surface_m3=round(surface_m3, 2),
        branches_m3=round(branches_m3, 2),
        pipes_m3=figures.pipes_m3.value,
        solution_m3=round(solution_m3, 2),
        concentrate_m3=round(solution_m3 * share, 3),
        flow_l_s=round((area_m2 * rate + branch_l_min) / 60, 1),
        source=tank.source,
    )


def _area_water(area: FireArea, hours: float) -> FireWater:
    return FireWater(
        id=area.id,
        name_zh=area.name_zh,
        name_en=area.name_en,
        kind="fire_area",
        flow_l_s=area.flow_l_s,
        foam_m3=0.0,
        volume_m3=round(area.flow_l_s * hours * _L_S_TO_M3_H, 1),
        source=area.source,
    )


def _tank_water(tank: ParkTank, figures: ParkFigures) -> FireWater:
    """Cooling for the whole time, and the water of the foam solution."""
    around_m = math.pi * tank.diameter_m
    neighbours_l_s = tank.neighbours * around_m / 2 * figures.neighbour_l_s_m.value
    flow_l_s = around_m * figures.cooling_l_s_m.value + neighbours_l_s
    foam = tank_foam(tank, figures)
    water_m3 = foam.solution_m3 - foam.concentrate_m3
    return FireWater(
        id=tank.id,
        name_zh=tank.name_zh,
        name_en=tank.name_en,
        kind="tank",
        flow_l_s=round(flow_l_s, 1),
        foam_m3=round(water_m3, 1),
        volume_m3=round(flow_l_s * figures.hours.value * _L_S_TO_M3_H + water_m3, 1),
        source=tank.source,
    )
