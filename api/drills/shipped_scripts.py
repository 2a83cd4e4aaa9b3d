"""Exercises that come with Muster, ready to be made into drills."""

from functools import cache
from pathlib import Path

from api.drills.control import refuse_unfit
from api.problems import Problem
from api.schemas.drills import DrillScript
from geo.region.region import Region
from scenarios.shipped import DATA

EXERCISES = DATA / "exercises"


def scripts_for(region: Region) -> tuple[DrillScript, ...]:
    """Exercises whose places, roads and teams the region knows, by name."""
    return tuple(one for one in _all(EXERCISES) if one.region == region.name and _fits(one, region))


@cache
def _all(folder: Path) -> tuple[DrillScript, ...]:
    return tuple(DrillScript.model_validate_json(file.read_bytes()) for file in sorted(folder.glob("*.json")))


def _fits(one: DrillScript, region: Region) -> bool:
    try:
        refuse_unfit(one.drill, region)
    except Problem:
        return False
    return True
