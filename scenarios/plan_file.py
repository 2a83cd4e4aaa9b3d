"""Plan files of every kind: JSON out, the same bytes for the same plan; JSON in, every fault named."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from scenarios.json_file import JsonKind, json_content, json_model
from scenarios.json_text import json_text

Plan = TypeVar("Plan", bound=BaseModel)
PLAN = JsonKind(
    missing="P101",
    damaged="P102",
    value="P103",
    called="a plan file",
    damaged_fix="Compute the plan again; the file is damaged.",
    value_fix="Compute the plan again with this version.",
)


def plan_text(plan: BaseModel) -> str:
    """A plan as JSON text, the same bytes for the same plan."""
    return json_text(plan.model_dump(mode="json")) + "\n"


def plan_of(path: Path | str, kind: type[Plan]) -> Plan:
    """Read a plan of one kind.

    Raises
    ------
    InputError
        P101 no such file, P102 not JSON, P103 not a plan of this kind and format (each fault).
    """
    return json_model(json_content(path, PLAN), PLAN, kind, where=str(path))
