"""One siting run as the command line does it: read, solve, write; and what to say of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo.region.files import read_region
from optimizer.watch import Progress
from scenarios.drawn_file import with_drawn
from scenarios.fault_lines import led_to_lines
from scenarios.files import read_scenario, region_path
from scenarios.plan import PlanWarning, Site, SitingPlan, StandardServed
from scenarios.report.facts import Note
from scenarios.report.siting_page import siting_page
from scenarios.report.siting_reasons import reason_notes, site_names
from scenarios.report.tables import write_plan
from scenarios.report.write import PAGE, results_into, write_page
from scenarios.run_record import run_record
from scenarios.site import site
from scenarios.site_inputs import offered_ids
from scenarios.site_test_drill import with_test


@dataclass(frozen=True, slots=True)
class SiteRun:
    """A plan, the files written (the plan first) and its page."""

    plan: SitingPlan
    written: tuple[Path, ...]
    page: Path


def run_site(
    scenario_file: Path,
    region_file: Path | None,
    out: Path,
    progress: Progress | None,
    drawn: str | None = None,
    *,
    drill: str | None = None,
    replications: int | None = None,
) -> SiteRun:
    """Answer a siting scenario and write plan, tables and page into a folder.

    Parameters
    ----------
    drawn
        A plan drawn by hand, as ``with_drawn`` reads it.
    drill, replications
        A drill to test the plan by, and how often, in place of what the scenario says.

    Raises
    ------
    InputError
        For every fault of the scenario, the region or the folder.
    """
    started, begun = datetime.now(UTC), time.perf_counter()
    scenario = read_scenario(scenario_file)
    scenario = with_test(scenario, drill, replications, beside=Path() if drill else scenario_file.parent)
    where = region_file or region_path(scenario, scenario_file)
    region = read_region(where)
    if drawn is not None:
        scenario = with_drawn(scenario, drawn, offered_ids(region, scenario))
    with led_to_lines(scenario_file), results_into(out) as scratch:
        plan = site(region, scenario, progress)
        record = run_record(
            started=started, seconds=time.perf_counter() - begun, region=where, scenario=scenario_file
        )
        written = write_plan(plan, region, scratch, run=record)
        write_page(siting_page(plan, region), scratch / PAGE)
    return SiteRun(plan, tuple(out / file.name for file in written), out / PAGE)


def site_lines(plan: SitingPlan) -> Iterator[str]:
    """The plan in a few lines: proof, sites, service before and after, what is missing."""
    yield f"{plan.name_en or plan.name_zh or plan.question}: {plan.status}{_proof(plan)}"
    why = {reason.site: note.text.en for reason, note in zip(plan.reasons, _notes(plan), strict=True)}
    for site_ in plan.decisions.open:
        yield f"  open {_name(site_)}" + (f" - {why[site_.id]}" if site_.id in why else "")
    for before, after in zip(
        plan.measures.before.standards,
        plan.measures.after.standards if plan.measures.after else (),
        strict=False,
    ):
        zone = f" {before.zone}" if before.zone else ""
        yield (
            f"  {before.force}{zone} within {before.within_s / 60:g} min: "
            f"{before.covered:,} -> {after.covered:,} of {before.people:,} {_whom(before)}"
        )
    yield from _tested_lines(plan)
    for conflict in plan.further.conflicts:
        about = "one way out" if conflict.group == 0 else f"conflict {conflict.group}"
        yield f"  {about}: {conflict.text_en}"
    for warning in plan.warnings:
        yield f"  {warning.code} warning: {warning.text_en}{_how_many(warning)}"


def _tested_lines(plan: SitingPlan) -> Iterator[str]:
    """What the test by simulation says of each standard, and where it contradicts what was counted."""
    found = plan.simulation
    for one in found.standards if found else ():
        zone, played, counted = one.standard.zone or "", one.after, one.counted_after
        if played.mean is None or played.low is None or played.high is None or counted is None:
            continue
        verdict = "inside the interval" if played.holds(counted) else "OUTSIDE the interval"
        yield (
            f"  tested by simulation: {one.standard.force} {zone}".rstrip()
            + f", played {played.mean:.1%} ({played.low:.1%} to {played.high:.1%}),"
            + f" counted {counted:.1%}: {verdict}"
        )


def written_lines(run: SiteRun) -> Iterator[str]:
    """Where the results lie."""
    yield f"plan: {run.written[0]} (and {len(run.written) - 1} files beside it)"
    yield f"page: {run.page}"


def _proof(plan: SitingPlan) -> str:
    if plan.objective is None:
        return ""
    name, unit = plan.objective.name.replace("_", " "), plan.objective.unit
    figure = f", {name} {_exact(plan.objective.value)}" + ("" if name.endswith(unit) else f" {unit}")
    if plan.gap is not None and plan.gap > 0:
        figure += f", gap {plan.gap:.2%}"
    return figure + (f" (stopped by {plan.stopped_by})" if plan.stopped_by else "")


def _notes(plan: SitingPlan) -> tuple[Note, ...]:
    return reason_notes(plan, site_names(plan.decisions.open)).items


def _whom(served: StandardServed) -> str:
    return "people" if served.of is None else f"places of {served.of}"


def _exact(value: float) -> str:
    """All digits before the point: a rounded number of people would contradict the tables."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def _name(site_: Site) -> str:
    names = [name for name in (site_.name_zh, site_.name_en) if name]
    return " / ".join(names) or site_.id


def _how_many(warning: PlanWarning) -> str:
    counts = [f"{len(warning.records)} records"] if warning.records else []
    counts += [f"{warning.people:,} people"] if warning.people else []
    return f" ({', '.join(counts)})" if counts else ""
