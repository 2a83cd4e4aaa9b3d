"""The run record beside a plan, ``PLAN.run.json``: times, machine, versions, paths; no part of the plan."""

import json
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from geo.region.atomic import replacing

PACKAGES = ("muster", "ortools", "numpy", "geopandas", "shapely", "numba")


def run_record(
    *, started: datetime, seconds: float, region: Path | str | None, scenario: Path | str | None
) -> dict[str, Any]:
    """What a run was: ``started`` with its time zone, ``seconds`` it took, files it read."""
    return {
        "started": started.astimezone(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "region": None if region is None else str(Path(region).resolve()),
        "scenario": None if scenario is None else str(Path(scenario).resolve()),
        "python": platform.python_version(),
        "system": platform.platform(),
        "versions": {name: installed_version(name) for name in PACKAGES},
    }


def installed_version(name: str) -> str | None:
    """Version of a package; ``None`` where it runs from a folder without having been installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def record_path(plan: Path) -> Path:
    """Where the run record of a plan lies."""
    return plan.with_suffix(".run.json")


def write_run_record(plan: Path, record: dict[str, Any]) -> Path:
    """Write the run record beside a plan."""
    path = record_path(plan)
    with replacing(path) as beside:
        beside.write_text(
            json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
        )
    return path


def recorded_region(plan: Path) -> Path | None:
    """The region that the run record of a plan names; ``None`` without a readable record."""
    return _recorded(plan, "region")


def recorded_scenario(plan: Path) -> Path | None:
    """The scenario file that the run record of a plan names; ``None`` without a readable record."""
    return _recorded(plan, "scenario")


def _recorded(plan: Path, key: str) -> Path | None:
    try:
        named = json.loads(record_path(plan).read_text(encoding="utf-8"))[key]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Path(named) if isinstance(named, str) else None
