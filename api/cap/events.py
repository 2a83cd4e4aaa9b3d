"""The table of alerts: which hazard, level and zone an alert of others becomes."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from api.cap.reading import Info
from scenarios.incident_models import IncidentHazard, IncidentLevel

LEVELS: tuple[IncidentLevel, ...] = ("I", "II", "III", "IV")


@cache
def table() -> dict[str, Any]:
    """The file ``events.yaml``."""
    text = files("api.cap").joinpath("events.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def hazard_of(info: Info) -> IncidentHazard | None:
    """The hazard that an alert is about, by its words; ``None`` for others."""
    said = " ".join((info.parameters.get("hazard", ""), info.event, *info.codes, info.headline)).lower()
    for row in table()["hazards"]:
        if any(word in said for word in row["words"]):
            hazard: IncidentHazard = row["hazard"]
            return hazard
    return None


def level_of(info: Info) -> IncidentLevel:
    """The level of an alert: by its severity, a step milder for what is still to come or over."""
    rules = table()
    step = LEVELS.index(rules["levels"][info.severity]) + rules["urgency_steps"][info.urgency]
    return LEVELS[int(min(step, len(LEVELS) - 1))]


def zone_level_of(info: Info) -> int:
    """How grave its area is, 1 to 3."""
    return int(table()["zone_levels"][info.severity])


def closes_roads(info: Info) -> bool:
    """Whether others must not drive through its area."""
    rules = table()
    told = set(info.responses) & set(rules["closing_responses"])
    return bool(told) and info.severity in rules["closing_severities"]
