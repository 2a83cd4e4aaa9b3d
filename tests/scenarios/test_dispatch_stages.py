"""The stages of a dispatch plan: an incident is complete when all asked for are there."""

from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import DispatchPlan
from scenarios.incident_models import IncidentScenario
from tests.scenarios.incident_county import doctrine, incident_county, incident_scenario, slot


def test_the_worst_of_a_class_is_the_last_complete_incident_of_it(
    shipped: tuple[IncidentScenario, DispatchPlan],
) -> None:
    """By priority, highest first: what stage 2 shortens is what the incidents of the plan say."""
    plan = shipped[1]
    complete = {one.incident_id: one.complement_s or 0.0 for one in plan.measures.incidents}
    classes = sorted({one.priority for one in plan.decisions.incidents}, reverse=True)
    assert plan.measures.worst_complement_s == tuple(
        max(complete[one.id] for one in plan.decisions.incidents if one.priority == priority)
        for priority in classes
    )


def test_first_alarm_teams_belong_to_the_full_complement() -> None:
    """Only first-alarm teams asked for: the incident is complete with the last of them."""
    plan = dispatch(incident_county(), incident_scenario(), doctrine=doctrine(slot("hazmat", 2, first=2)))
    (measures,) = plan.measures.incidents
    assert measures.first_alarm_s == measures.complement_s == plan.measures.worst_complement_s[0]
    assert measures.first_arrival_s is not None
    assert measures.complement_s is not None
    assert measures.first_arrival_s < measures.complement_s
