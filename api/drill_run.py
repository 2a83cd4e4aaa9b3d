"""One drill as the command line does it: read, simulate, write; and what to say of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo.region.files import read_region
from optimizer.watch import Progress
from scenarios.doctrine import Doctrine, read_doctrine
from scenarios.drill import drill, prepared
from scenarios.drill_models import DrillScenario
from scenarios.drill_report import DrillReport, Interval
from scenarios.drill_trace import trace
from scenarios.fault_lines import led_to_lines
from scenarios.files import read_scenario, region_path
from scenarios.report.drill_files import write_drill
from scenarios.report.drill_page import drill_page
from scenarios.report.drill_replay import HOURS, refuse_hours, replay_of
from scenarios.report.replay_block import replay_block
from scenarios.report.write import PAGE, results_into, write_page
from scenarios.run_record import run_record


@dataclass(frozen=True, slots=True)
class DrillRun:
    """A report, the files written (the report first) and its page."""

    report: DrillReport
    written: tuple[Path, ...]
    page: Path


def run_drill(
    scenario_file: Path,
    region_file: Path | None,
    out: Path,
    progress: Progress | None,
    *,
    replications: int | None = None,
    replay_from_h: float | None = None,
    replay_hours: float = HOURS,
) -> DrillRun:
    """Play a drill scenario and write report, tables, trace and page into a folder.

    Parameters
    ----------
    replications
        In place of the scenario's own number.
    replay_from_h, replay_hours
        Hours of the first replication that the page replays; those with the most calls without a begin.

    Raises
    ------
    InputError
        For every fault of the scenario, the region or the folder.
    """
    started, begun = datetime.now(UTC), time.perf_counter()
    scenario = read_scenario(scenario_file, DrillScenario)
    if replications is not None:
        section = scenario.drill.model_copy(update={"replications": replications})
        scenario = scenario.model_copy(update={"drill": section})
    refuse_hours(replay_from_h, replay_hours, scenario.drill.length)
    where = region_file or region_path(scenario, scenario_file)
    region = read_region(where)
    with led_to_lines(scenario_file), results_into(out) as scratch:
        ready = prepared(region, scenario, _doctrine(scenario, scenario_file))
        report = drill(region, scenario, progress, ready=ready)
        record = run_record(
            started=started, seconds=time.perf_counter() - begun, region=where, scenario=scenario_file
        )
        rows = trace(ready)
        replay = replay_of(ready, rows, region, from_h=replay_from_h, hours=replay_hours)
        written = write_drill(report, ready, rows, scratch, run=record)
        write_page(drill_page(report, region, replay=replay_block(replay, scenario)), scratch / PAGE)
    return DrillRun(report, tuple(out / file.name for file in written), out / PAGE)


def _doctrine(scenario: DrillScenario, path: Path) -> Doctrine | None:
    return None if scenario.doctrine is None else read_doctrine(path.parent / scenario.doctrine)


def drill_lines(report: DrillReport) -> Iterator[str]:
    """The report in a few lines: calls, response, busiest teams."""
    totals = report.totals
    runs = f"{report.replications} replications" if not report.batches else f"{report.batches} batches"
    yield f"{report.name_en or report.name_zh or 'drill'}: {report.status}, {runs}, engine {report.engine}"
    yield (
        f"  calls {_number(totals.calls)}, served {_number(totals.served)}, lost {_number(totals.lost)},"
        f" open {_number(totals.open)}, teams never sent {_number(totals.short)}"
    )
    yield (
        f"  in time {_number(totals.in_time, 100)} %, response {_number(totals.mean_s, 1 / 60)} min,"
        f" 90th percentile {_number(totals.p90_s, 1 / 60)} min"
    )
    busiest = sorted(report.teams, key=lambda one: -(one.utilisation.mean or 0.0))[:3]
    for team in busiest:
        yield f"  {team.id}: out {_number(team.utilisation, 100)} % of the time"
    for warning in report.warnings:
        yield f"  {warning.code} warning: {warning.text_en}: {', '.join(warning.records[:8])}"


def _number(one: Interval, factor: float = 1.0) -> str:
    if one.mean is None:
        return "-"
    if one.low is None or one.high is None:
        return f"{one.mean * factor:,.1f}"
    return f"{one.mean * factor:,.1f} ± {(one.high - one.low) / 2 * factor:.1f}"


def written_lines(run: DrillRun) -> Iterator[str]:
    """Where the results lie."""
    yield f"report: {run.written[0]} (and {len(run.written) - 1} files beside it)"
    yield f"page: {run.page}"
