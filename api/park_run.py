"""One park run as the command line does it: read, solve, write; and what to say of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo.region.files import read_region
from optimizer.watch import Progress
from scenarios.fault_lines import led_to_lines
from scenarios.files import read_scenario, region_path
from scenarios.park import park
from scenarios.park_models import ParkScenario
from scenarios.park_plan import ParkPlan
from scenarios.report.park_files import write_park
from scenarios.report.park_page import park_page
from scenarios.report.write import PAGE, results_into, write_page
from scenarios.run_record import run_record

MOST_NAMED = 8
"""Records that one line names."""


@dataclass(frozen=True, slots=True)
class ParkRun:
    """A plan, the files written (the plan first) and its page."""

    plan: ParkPlan
    written: tuple[Path, ...]
    page: Path


def run_park(scenario_file: Path, region_file: Path | None, out: Path, progress: Progress | None) -> ParkRun:
    """Answer a park scenario and write plan, tables and page into a folder.

    Raises
    ------
    InputError
        For every fault of the scenario, the region or the folder.
    """
    started, begun = datetime.now(UTC), time.perf_counter()
    scenario = read_scenario(scenario_file, ParkScenario)
    where = region_file or region_path(scenario, scenario_file)
    region = read_region(where)
    with led_to_lines(scenario_file), results_into(out) as scratch:
        plan = park(region, scenario, progress)
        record = run_record(
            started=started, seconds=time.perf_counter() - begun, region=where, scenario=scenario_file
        )
        written = write_park(plan, scratch, run=record)
        write_page(park_page(plan, region), scratch / PAGE)
    return ParkRun(plan, tuple(out / file.name for file in written), out / PAGE)


def park_lines(run: ParkRun) -> Iterator[str]:
    """The plan in a few lines: hydrants with their proof, pond, foam station, warnings, files."""
    plan, pond = run.plan, run.plan.pond
    yield f"{plan.name_en or plan.name_zh or 'park'}: {plan.status}{_proof(plan)}"
    for row in plan.roads:
        yield (
            f"  {row.road} ({row.side}): {row.hydrants} hydrants on {row.length_m:,.0f} m, "
            f"at most {row.longest_gap_m:.1f} m apart, {row.end_m:.1f} m from an end"
        )
    if plan.points:
        farthest = max(plan.points, key=lambda point: point.distance_m)
        yield f"  farthest point: {farthest.id}, {farthest.distance_m:.1f} m from {farthest.hydrant}"
    ponds = ", as two" if pond.ponds == 2 else ""
    yield f"  pond: {pond.volume_m3:,.0f} m3{ponds}, {pond.hours:g} h of {pond.largest}"
    if plan.foam:
        yield (
            f"  foam station: {plan.foam.concentrate_m3:,.2f} m3 of concentrate, "
            f"{plan.foam.solution_m3:,.1f} m3 of solution for {plan.foam.largest}"
        )
    for warning in plan.warnings:
        yield f"  {warning.code} warning: {warning.text_en}{_which(warning.records)}"
    yield f"plan: {run.written[0]} (and {len(run.written) - 1} files beside it)"
    yield f"page: {run.page}"


def _which(records: tuple[str, ...]) -> str:
    """The first of the records that a warning is of; the plan names all."""
    more = len(records) - MOST_NAMED
    listed = ", ".join(records[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return f" ({listed})" if records else ""


def _proof(plan: ParkPlan) -> str:
    if plan.objective is None:
        return ""
    proof = "" if plan.bound is None or not plan.gap else f", at least {plan.bound.value:.0f} needed"
    return f", {plan.objective.value:.0f} hydrants{proof}"
