"""A region, a scenario and a board made into a dispatch problem: zones, closures, teams, slots, times."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo.closures import Closure
from geo.region.region import Region
from geo.travel import TravelTimes
from optimizer.dispatch.problem import LONGEST_S, DispatchProblem, Scarce, Slot, Team
from optimizer.problem import Floats, Int64s
from scenarios.board import Board
from scenarios.board_closures import board_closures
from scenarios.dispatch_hazards import IncidentHazard, closing_zones, incident_hazards
from scenarios.dispatch_teams import ReadyTeam, ready_teams
from scenarios.doctrine import AskedSlot, Doctrine, HazardDoctrine, asked_slots
from scenarios.hazards.zone_closures import closures_of
from scenarios.hazards.zones import HazardZone
from scenarios.incident_models import IncidentScenario
from scenarios.plan import PlanWarning
from scenarios.region_travel import region_roads, travel_under
from scenarios.staging import Staging, Wanted, staging_areas
from scenarios.team_positions import near_roads


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DispatchInputs:
    """All that a dispatch rests on; ``t`` teams, ``i`` incidents, ``s`` slots.

    Parameters
    ----------
    hazards, rules, staging
        Zones, doctrine and staging area of each incident; ``None`` where no place can be used.
    closing
        Zones that close or slow roads, of all incidents.
    closures
        Those zones and the closures of the board, as the travel times know them.
    travel
        Travel times by vehicle class under these closures.
    slots
        Incident number and what is asked, in the order of the problem's slots.
    travel_s
        Drive of each team to each staging area, s, shape (t, i); ``inf`` = no road.
    problem
        What the models solve.
    board
        What was reported since the region file, if anything.
    """

    hazards: tuple[IncidentHazard, ...]
    rules: tuple[HazardDoctrine, ...]
    staging: tuple[Staging | None, ...]
    closing: tuple[HazardZone, ...]
    closures: tuple[Closure, ...]
    travel: Mapping[str, TravelTimes]
    teams: tuple[ReadyTeam, ...]
    slots: tuple[tuple[int, AskedSlot], ...]
    travel_s: Floats
    problem: DispatchProblem
    board: Board | None
    warnings: tuple[PlanWarning, ...]


def task_names(scenario: IncidentScenario, inputs: DispatchInputs) -> tuple[str, ...]:
    """Incident, capability and level of each slot, as orders write them."""
    return tuple(f"{scenario.incidents[at].id} {slot.capability} {slot.level}" for at, slot in inputs.slots)


def dispatch_inputs(
    region: Region,
    scenario: IncidentScenario,
    board: Board | None,
    doctrine: Doctrine,
    *,
    engaged: Collection[str] = (),
) -> DispatchInputs:
    """Read off a region all that a dispatch needs, travel times under the closures included.

    ``engaged``: ids of teams that carry out a plan which is looked at again.

    Raises
    ------
    InputError
        S209 to S213, H101 to H121 for hazards, and the faults of roads and travel times.
    """
    rules = tuple(doctrine.of(incident.hazard) for incident in scenario.incidents)
    hazards = incident_hazards(region, scenario)
    teams, warnings = ready_teams(
        region, board, doctrine.times, mutual_aid=scenario.mutual_aid, engaged=engaged
    )
    teams, away = near_roads(region, teams)
    closing = closing_zones(hazards, rules, scenario.at)
    closures = (*_closures(region, closing, rules), *board_closures(board, scenario.at))
    travel = travel_under(region, (team.vehicle_class for team in teams), closures)
    staging = _staging(region, travel, teams, hazards, closing, rules)
    slots = tuple(
        (number, slot)
        for number, (incident, rule) in enumerate(zip(scenario.incidents, rules, strict=True))
        for slot in asked_slots(rule, incident.level)
    )
    travel_s = _travel_s(travel, teams, staging)
    return DispatchInputs(
        hazards=hazards,
        rules=rules,
        staging=staging,
        closing=closing,
        closures=closures,
        travel=travel,
        teams=teams,
        slots=slots,
        travel_s=travel_s,
        problem=_problem(scenario, doctrine, teams, slots, travel_s),
        board=board,
        warnings=(*warnings, *away, *_cut_off(teams, travel_s, staging)),
    )


def _closures(
    region: Region, closing: Sequence[HazardZone], rules: Sequence[HazardDoctrine]
) -> tuple[Closure, ...]:
    """Zones as closures; which gas closes roads was decided when ``closing`` was chosen."""
    return tuple(closures_of(closing, gas_from_level=1, roads=region_roads(region)))


def _staging(
    region: Region,
    travel: Mapping[str, TravelTimes],
    teams: Sequence[ReadyTeam],
    hazards: Sequence[IncidentHazard],
    closing: Sequence[HazardZone],
    rules: Sequence[HazardDoctrine],
) -> tuple[Staging | None, ...]:
    return staging_areas(
        region_roads(region),
        travel,
        [(team.vehicle_class, team.lon, team.lat) for team in teams if team.available],
        wanted=[
            Wanted(lonlat=hazard.lonlat, downwind_deg=hazard.downwind_deg, rule=rule.staging)
            for hazard, rule in zip(hazards, rules, strict=True)
        ],
        zones=closing,
    )


def _travel_s(
    travel: Mapping[str, TravelTimes], teams: Sequence[ReadyTeam], staging: Sequence[Staging | None]
) -> Floats:
    travel_s = np.full((len(teams), len(staging)), np.inf)
    columns = [number for number, place in enumerate(staging) if place is not None]
    goals = np.array([(place.lon, place.lat) for place in staging if place is not None], np.float64)
    for vehicle, times in travel.items():
        rows = [number for number, team in enumerate(teams) if team.vehicle_class == vehicle]
        if rows and columns:
            origins = np.array([(teams[row].lon, teams[row].lat) for row in rows], np.float64)
            travel_s[np.ix_(rows, columns)] = times.matrix_s(origins, goals)
    return np.where(travel_s > LONGEST_S, np.inf, travel_s)  # water a hand below the wading limit


def _problem(
    scenario: IncidentScenario,
    doctrine: Doctrine,
    teams: Sequence[ReadyTeam],
    slots: Sequence[tuple[int, AskedSlot]],
    travel_s: Floats,
) -> DispatchProblem:
    """An incident is complete when all asked for are there, first alarm included: stage 2 shortens that."""
    priority = [doctrine.weight_of(incident.level) for incident in scenario.incidents]
    return DispatchProblem(
        teams=tuple(
            Team(
                id=team.id,
                capabilities=team.capabilities,
                turnout_s=team.turnout_s,
                available=team.available,
                mutual_aid=team.mutual_aid,
                people=team.people,
            )
            for team in teams
        ),
        slots=tuple(
            Slot(
                incident=number,
                capability=slot.capability,
                level=slot.level,
                alarm="full_complement",
                deadline_s=slot.within_s,
                priority=priority[number],
                weight=priority[number] * getattr(doctrine.arrival_weight, slot.complement),
                shortage_weight=slot.weight * priority[number],
            )
            for number, slot in slots
        ),
        travel_s=travel_s,
        people_wanted=_people_wanted(scenario, doctrine),
        scarce=tuple(Scarce(capability=row.capability, level=row.at) for row in doctrine.scarce),
    )


def _people_wanted(scenario: IncidentScenario, doctrine: Doctrine) -> Int64s | None:
    """Heads that the doctrine wants at each incident; ``None`` where it wants no number anywhere."""
    wanted = [doctrine.of(incident.hazard).people_wanted(incident.level) for incident in scenario.incidents]
    return np.array(wanted, np.int64) if any(wanted) else None


def _cut_off(
    teams: Sequence[ReadyTeam], travel_s: Floats, staging: Sequence[Staging | None]
) -> list[PlanWarning]:
    """Teams that no road leads from to any staging area."""
    if not any(place is not None for place in staging):
        return []
    lost = [
        team.id
        for team, row in zip(teams, travel_s, strict=True)
        if team.available and not np.isfinite(row).any()
    ]
    if not lost:
        return []
    zh, en = "队伍无道路可达任何集结点", "teams that no open road leads to any staging area"
    return [PlanWarning(code="S253", text_zh=zh, text_en=en, layer="teams", records=tuple(lost))]
