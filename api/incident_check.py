"""What a plan would refuse of an incident, said when it is reported: unknown substances, places off the map.

What is wrong for certain is refused; what is only not known yet is not: a report at three in the morning is
taken without a substance that the guidebook knows, and the plan then asks for distances.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from api.problems import of_faults
from api.schemas.incidents import IncidentReport
from geo.errors import Fault, InputError
from geo.region.region import Region
from scenarios.dispatch_hazards import incident_hazards
from scenarios.flood_hazards import drawn_areas
from scenarios.incident_models import Incident, IncidentScenario

NOT_KNOWN_YET = ("S211", "H102")
"""No substance said and none at the site; a substance for which somebody has to enter distances."""


def refuse_impossible(region: Region, report: IncidentReport, at: datetime) -> None:
    """Raise ``Problem`` with the codes of planning: S210, S212, S286, H101, H103 to H119."""
    incident = report.incident("incident").model_copy(update={"event_at": None})
    faults = [*_of_water(region, incident), *_of_place(region, report, incident, at)]
    if faults:
        raise of_faults(faults)


def _of_water(region: Region, incident: Incident) -> Iterator[Fault]:
    """Each area by itself: zones of fine outlines laid over each other take seconds, and plans lay them."""
    try:
        drawn_areas(region, incident.water, "incident.water")
    except InputError as refused:
        yield from refused.faults


def _of_place(region: Region, report: IncidentReport, incident: Incident, at: datetime) -> Iterator[Fault]:
    if incident.water and not incident.where.flood_zones:
        return
    scenario = IncidentScenario(
        muster=1,
        kind="incident",
        region=region.name,
        at=at,
        weather=report.weather,
        incidents=(incident.model_copy(update={"water": ()}),),
    )
    try:
        incident_hazards(region, scenario)
    except InputError as refused:
        for fault in refused.faults:
            if fault.code not in NOT_KNOWN_YET:
                yield replace(fault, where=fault.where.replace("incidents[0]", "incident"))
