"""The published JSON Schemas (2020-12) of all forms of files, from their models."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from geo.region.schema import region_schema
from scenarios.board import Board
from scenarios.dispatch_plan import DispatchPlan
from scenarios.doctrine import Doctrine
from scenarios.drill_models import DrillScenario
from scenarios.drill_report import DrillReport
from scenarios.ensemble_models import EnsembleScenario
from scenarios.incident_models import IncidentScenario
from scenarios.park_models import ParkScenario
from scenarios.park_plan import ParkPlan
from scenarios.plan import SitingPlan
from scenarios.reserve_models import ReserveScenario
from scenarios.reserve_plan import ReservePlan
from scenarios.scenario_models import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """Schema of scenario files, as they are written."""
    return _schema(Scenario)


def plan_schema() -> dict[str, Any]:
    """Schema of siting plans."""
    return _schema(SitingPlan)


def incident_schema() -> dict[str, Any]:
    """Schema of incident scenarios, as they are written."""
    return _schema(IncidentScenario)


def dispatch_plan_schema() -> dict[str, Any]:
    """Schema of dispatch plans."""
    return _schema(DispatchPlan)


def park_schema() -> dict[str, Any]:
    """Schema of park scenarios, as they are written."""
    return _schema(ParkScenario)


def park_plan_schema() -> dict[str, Any]:
    """Schema of park plans."""
    return _schema(ParkPlan)


def reserve_schema() -> dict[str, Any]:
    """Schema of reserve scenarios, as they are written."""
    return _schema(ReserveScenario)


def reserve_plan_schema() -> dict[str, Any]:
    """Schema of reserve plans."""
    return _schema(ReservePlan)


def drill_schema() -> dict[str, Any]:
    """Schema of drill scenarios, as they are written."""
    return _schema(DrillScenario)


def drill_report_schema() -> dict[str, Any]:
    """Schema of drill reports."""
    return _schema(DrillReport)


def ensemble_schema() -> dict[str, Any]:
    """Schema of ensemble scenarios, as they are written."""
    return _schema(EnsembleScenario)


def doctrine_schema() -> dict[str, Any]:
    """Schema of doctrine tables."""
    return _schema(Doctrine)


def board_schema() -> dict[str, Any]:
    """Schema of board files."""
    return _schema(Board)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema(mode="validation")}


FORMS: dict[str, Callable[[], dict[str, Any]]] = {
    "region": region_schema,
    "scenario": scenario_schema,
    "plan": plan_schema,
    "incident": incident_schema,
    "dispatch-plan": dispatch_plan_schema,
    "park": park_schema,
    "park-plan": park_plan_schema,
    "reserve": reserve_schema,
    "reserve-plan": reserve_plan_schema,
    "drill": drill_schema,
    "drill-report": drill_report_schema,
    "ensemble": ensemble_schema,
    "doctrine": doctrine_schema,
    "board": board_schema,
}
"""What makes the schema of each form of file, by the name that people use for it."""
