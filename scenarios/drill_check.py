"""Verify a drill: the report is played again from the scenario inside it and compared figure by figure."""

from pathlib import Path

from geo.errors import Fault
from geo.region.region import Region
from scenarios.check import MOST_DIFFERENCES, CheckReport, region_of_plan, unequal
from scenarios.doctrine import doctrine_from
from scenarios.drill import drill, prepared
from scenarios.drill_models import DrillScenario
from scenarios.drill_report import DrillReport, read_drill_report
from scenarios.files import scenario_digest, scenario_from

_AGAIN = "Do not use the report; play the drill again."


def check_drill(plan_path: Path | str, region: Region | Path | str | None = None) -> CheckReport:
    """Verify a drill report; ``region`` where its run record does not say, or no longer lies, where it did.

    Raises
    ------
    InputError
        P101 to P103 no readable report, P104 no region to check against, and the faults of that region.
    """
    where, report = str(plan_path), read_drill_report(plan_path)
    content = report.inputs.scenario.content
    scenario = scenario_from(content, where=f"{where} inputs.scenario.content", model=DrillScenario)
    ground = region_of_plan(Path(plan_path), region)
    faults = _foreign(where, report, scenario, ground) or _differences(where, report, scenario, ground)
    return CheckReport(
        plan=where, faults=tuple(faults[:MOST_DIFFERENCES]), verified=("digests", "figures"), trusted=()
    )


def _foreign(where: str, report: DrillReport, scenario: DrillScenario, region: Region) -> list[Fault]:
    """Digests that do not fit: the report is of another region, or its scenario was changed."""
    stated = (
        ("P105", "region", report.inputs.region.digest, region.digest()),
        ("P106", "scenario", report.inputs.scenario.digest, scenario_digest(scenario)),
    )
    return [
        Fault(code=code, where=f"{where} inputs.{key}.digest", found=found, wanted=wanted, fix=_AGAIN)
        for code, key, found, wanted in stated
        if found != wanted
    ]


def _differences(where: str, report: DrillReport, scenario: DrillScenario, region: Region) -> list[Fault]:
    said = report.doctrine.content
    doctrine = None if said is None else doctrine_from(said, where=f"{where} doctrine.content")
    asked = scenario.drill.replications

    def as_far(phase: str, done: float, bound: float | None = None, incumbent: float | None = None) -> bool:
        return round(done * asked) >= report.replications

    played = drill(region, scenario, as_far, ready=prepared(region, scenario, doctrine))
    again = played.model_dump(mode="json") | {
        "status": report.status, "inputs": report.inputs.model_dump(mode="json"),
    }  # fmt: skip
    return [
        Fault(code="P109", where=f"{where} {key}", found=str(found)[:80], wanted=str(wanted)[:80], fix=_AGAIN)
        for key, found, wanted in unequal(report.model_dump(mode="json"), again, "")
    ]
