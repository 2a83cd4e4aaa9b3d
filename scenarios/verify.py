"""The check of a plan, whatever its kind."""

import json
from pathlib import Path

from geo.region.region import Region
from scenarios.check import CheckReport, check_plan
from scenarios.dispatch_check import check_dispatch
from scenarios.drill_check import check_drill
from scenarios.park_check import check_park
from scenarios.reserve_check import check_reserve


def verify(plan_path: Path | str, region: Region | Path | str | None = None) -> CheckReport:
    """Verify a plan by the check of its kind; a file that says no kind is checked as a siting plan.

    Raises
    ------
    InputError
        P101 to P104 as ``check_plan``, ``check_dispatch``, ``check_drill``, ``check_park`` and
        ``check_reserve``.
    """
    checks = {
        "dispatch": check_dispatch,
        "drill": check_drill,
        "park": check_park,
        "reserve": check_reserve,
    }
    return checks.get(_kind(Path(plan_path)), check_plan)(plan_path, region)


def _kind(path: Path) -> str:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return ""
    return str(content.get("kind", "")) if isinstance(content, dict) else ""
