"""Times on the roads as they are when gullies flood or a bridge is cut: the states of a robust question."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.closures import Closure
from geo.errors import Fault, InputError
from geo.region.region import Region
from optimizer.problem import Floats
from scenarios.forces import Force
from scenarios.site_places import Sites
from scenarios.site_points import Points
from scenarios.site_response import order_to_arrival
from scenarios.siting_rules import Closed, Robust


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StateTimes:
    """The roads in one state.

    Parameters
    ----------
    probability
        Of this state, above 0; those of all states sum to 1.
    response_s
        By force: order to arrival of each site at each point, s, shape (points, sites).
    """

    name_zh: str
    name_en: str
    probability: float
    response_s: Mapping[str, Floats]


def road_states(
    region: Region,
    robust: Robust,
    asked: Mapping[str, Force],
    sites: Sites,
    points: Points,
    everyday_s: Mapping[str, Floats],
) -> tuple[StateTimes, ...]:
    """The everyday network first, with the probability that is left to 1, then each state of the scenario.

    Raises
    ------
    InputError
        S145 a flood zone or a road that the region has not, or a zone without a depth.
    """
    _refuse_unknown(region, robust)
    rest = round(1.0 - sum(state.probability for state in robust.states), 9)
    found = [StateTimes(name_zh="平时路网", name_en="every day", probability=rest, response_s=everyday_s)]
    for state in robust.states:
        closures = _closures(region, state)
        times_s = {
            name: order_to_arrival(region, force, sites, points, closures) for name, force in asked.items()
        }
        found.append(
            StateTimes(
                name_zh=state.name_zh,
                name_en=state.name_en,
                probability=state.probability,
                response_s=times_s,
            )
        )
    return tuple(found)


def _closures(region: Region, state: Closed) -> tuple[Closure, ...]:
    """Water over the zones of a state, and its roads cut."""
    zones = region.table("flood_zones").set_index("id")
    found = [
        Closure(
            id=one, polygon=zones.geometry[one], depth_m=float(zones["depth_m"][one]) * state.depth_factor
        )
        for one in state.flood_zones
    ]
    if state.roads:
        found.append(Closure(id="roads", road_ids=state.roads, closed=True))
    return tuple(found)


def _refuse_unknown(region: Region, robust: Robust) -> None:
    zones, roads = region.table("flood_zones"), set(region.table("roads")["id"])
    deep = {one for one, depth in zip(zones["id"], zones["depth_m"], strict=True) if depth > 0}
    faults = [
        Fault(
            code="S145",
            where=f"siting.robust.states[{number}].{key}",
            found=f"{one!r}",
            wanted=wanted,
            fix="Correct the id, or complete the record in the region.",
        )
        for number, state in enumerate(robust.states)
        for key, ids, known, wanted in (
            ("flood_zones", state.flood_zones, deep, "a flood zone of the region with a depth"),
            ("roads", state.roads, roads, "a record of the layer roads"),
        )
        for one in ids
        if one not in known
    ]
    if faults:
        raise InputError(faults)
