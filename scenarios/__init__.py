"""Files in, problems out, plans back; hazards; the use cases, one file and one function each.

The names below are loaded at first use, so that importing this package stays cheap. A use case has the
name of its module and is imported from there: ``from scenarios.site import site``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.board_file import read_board
    from scenarios.check import check_plan
    from scenarios.dispatch_check import check_dispatch
    from scenarios.dispatch_plan import DispatchPlan, read_dispatch_plan
    from scenarios.doctrine import read_doctrine, shipped_doctrine
    from scenarios.files import read_scenario
    from scenarios.incident_models import IncidentScenario
    from scenarios.plan import SitingPlan, read_plan
    from scenarios.report.dispatch_page import dispatch_page
    from scenarios.report.dispatch_tables import write_dispatch
    from scenarios.report.siting_page import siting_page
    from scenarios.report.tables import write_plan
    from scenarios.report.write import write_page
    from scenarios.scenario_models import Scenario

__all__ = [
    "DispatchPlan",
    "IncidentScenario",
    "Scenario",
    "SitingPlan",
    "check_dispatch",
    "check_plan",
    "dispatch_page",
    "read_board",
    "read_dispatch_plan",
    "read_doctrine",
    "read_plan",
    "read_scenario",
    "shipped_doctrine",
    "siting_page",
    "write_dispatch",
    "write_page",
    "write_plan",
]

_HOME = {
    "DispatchPlan": "scenarios.dispatch_plan",
    "IncidentScenario": "scenarios.incident_models",
    "Scenario": "scenarios.scenario_models",
    "SitingPlan": "scenarios.plan",
    "check_dispatch": "scenarios.dispatch_check",
    "check_plan": "scenarios.check",
    "dispatch_page": "scenarios.report.dispatch_page",
    "read_board": "scenarios.board_file",
    "read_dispatch_plan": "scenarios.dispatch_plan",
    "read_doctrine": "scenarios.doctrine",
    "read_plan": "scenarios.plan",
    "read_scenario": "scenarios.files",
    "shipped_doctrine": "scenarios.doctrine",
    "siting_page": "scenarios.report.siting_page",
    "write_dispatch": "scenarios.report.dispatch_tables",
    "write_page": "scenarios.report.write",
    "write_plan": "scenarios.report.tables",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
