"""The published JSON Schemas (2020-12) of scenario, plan and board files, made from their models."""

from typing import Any

from pydantic import BaseModel

from scenarios.board import Board
from scenarios.plan import SitingPlan
from scenarios.scenario_models import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """Schema of scenario files, as they are written."""
    return _schema(Scenario)


def plan_schema() -> dict[str, Any]:
    """Schema of siting plans."""
    return _schema(SitingPlan)


def board_schema() -> dict[str, Any]:
    """Schema of board files."""
    return _schema(Board)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema(mode="validation")}
