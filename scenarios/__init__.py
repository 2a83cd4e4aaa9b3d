"""Files in, problems out, plans back; hazards; the use cases, one file and one function each.

The names below are loaded at first use, so that importing this package stays cheap. A use case has the
name of its module and is imported from there: ``from scenarios.site import site``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.check import check_plan
    from scenarios.files import read_scenario
    from scenarios.plan import SitingPlan, read_plan
    from scenarios.report.siting_page import siting_page
    from scenarios.report.tables import write_plan
    from scenarios.report.write import write_page
    from scenarios.scenario_models import Scenario

__all__ = [
    "Scenario",
    "SitingPlan",
    "check_plan",
    "read_plan",
    "read_scenario",
    "siting_page",
    "write_page",
    "write_plan",
]

_HOME = {
    "Scenario": "scenarios.scenario_models",
    "SitingPlan": "scenarios.plan",
    "check_plan": "scenarios.check",
    "read_plan": "scenarios.plan",
    "read_scenario": "scenarios.files",
    "siting_page": "scenarios.report.siting_page",
    "write_page": "scenarios.report.write",
    "write_plan": "scenarios.report.tables",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
