"""Vehicles for relief: what the transport teams bring, from where and when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from geo.vehicle_file import read_vehicle_classes
from geo.vehicles import VehicleClass
from optimizer.dispatch.plan import DispatchPlan as Answer
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.dispatch_teams import ReadyTeam
from scenarios.doctrine import ReliefRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Vehicles of one class that start together.

    ``ready_s``: from the order until they roll.
    """

    team_id: str
    name_zh: str
    name_en: str
    vehicle: VehicleClass
    vehicles: int
    lon: float
    lat: float
    ready_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleets:
    """Trucks and buses, in the order of the region's teams."""

    trucks: tuple[Fleet, ...]
    buses: tuple[Fleet, ...]


def fleets_of(
    inputs: DispatchInputs, answer: Answer, rule: ReliefRule, *, engaged: Collection[str] = ()
) -> Fleets:
    """Vehicles of the county's own teams that can drive them and are not sent elsewhere.

    A team counts that is available and idle, or that fills a slot of the same capability; ``engaged`` teams
    drive for a plan that is looked at again and count unless off duty.
    """
    busy = {
        team for team, slot in answer.slot_of.items() if inputs.slots[slot][1].capability != rule.capability
    }
    idle = [
        team
        for number, team in enumerate(inputs.teams)
        if number not in busy
        and not team.mutual_aid
        and (team.available or (team.id in engaged and team.status != "off_duty"))
    ]
    able = [team for team in idle if team.capabilities.get(rule.capability, 0) > 0 and team.vehicles > 0]
    return Fleets(trucks=_of_classes(able, rule.trucks), buses=_of_classes(able, rule.buses))


def _of_classes(teams: Sequence[ReadyTeam], classes: Sequence[str]) -> tuple[Fleet, ...]:
    known = read_vehicle_classes()
    return tuple(
        Fleet(
            team_id=team.id,
            name_zh=team.name_zh,
            name_en=team.name_en,
            vehicle=known[team.vehicle_class],
            vehicles=team.vehicles,
            lon=team.lon,
            lat=team.lat,
            ready_s=team.turnout_s,
        )
        for team in teams
        if team.vehicle_class in classes
    )
