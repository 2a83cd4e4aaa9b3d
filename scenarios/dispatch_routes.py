"""The teams that a plan sends, each with its road to the staging area under the closures in force."""

import numpy as np

from geo.route import Route as Driven
from optimizer.dispatch.plan import DispatchPlan as Answer
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.dispatch_plan import TeamSent
from scenarios.incident_models import IncidentScenario
from scenarios.route_plan import written


def teams_sent(scenario: IncidentScenario, inputs: DispatchInputs, answer: Answer) -> tuple[TeamSent, ...]:
    """Teams by arrival, then in the order of the region."""
    arrival_s = inputs.problem.arrival_s
    sent = [(team, inputs.slots[slot][0]) for team, slot in answer.slot_of.items()]
    sent.sort(key=lambda pair: (float(arrival_s[pair]), pair[0]))
    return tuple(_team(scenario, inputs, team, number) for team, number in sent)


def route_of(inputs: DispatchInputs, team: int, number: int) -> Driven:
    """The quickest open road from where a team stands to the staging area of an incident."""
    one, place = inputs.teams[team], inputs.staging[number]
    assert place is not None, "nobody is sent where there is no staging area"
    return inputs.travel[one.vehicle_class].route(
        np.array([one.lon, one.lat]), np.array([place.lon, place.lat])
    )


def _team(scenario: IncidentScenario, inputs: DispatchInputs, team: int, number: int) -> TeamSent:
    one, driven = inputs.teams[team], route_of(inputs, team, number)
    return TeamSent(
        id=one.id,
        name_zh=one.name_zh,
        name_en=one.name_en,
        force=one.force,
        mutual_aid=one.mutual_aid,
        people=one.people,
        vehicles=one.vehicles,
        vehicle_class=one.vehicle_class,
        lon=one.lon,
        lat=one.lat,
        incident_id=scenario.incidents[number].id,
        turnout_s=one.turnout_s,
        travel_s=float(inputs.travel_s[team, number]),
        arrival_s=float(inputs.problem.arrival_s[team, number]),
        route=written(driven),
    )
