"""One dispatch run as the command line does it: read, solve, write; and what to say of it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.relief_lines import relief_lines
from geo.region.files import read_region
from geo.region.region import Region
from optimizer.watch import Progress
from scenarios.board import Board
from scenarios.board_file import read_board
from scenarios.depth_plan import DepthRun
from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import DispatchPlan, Order, SlotFilled, read_dispatch_plan
from scenarios.doctrine import Doctrine, read_doctrine
from scenarios.files import read_scenario, region_path
from scenarios.incident_models import IncidentScenario
from scenarios.refinement_plan import Refinement
from scenarios.report.dispatch_names import DispatchNames, dispatch_names, named_records
from scenarios.report.dispatch_page import dispatch_page
from scenarios.report.dispatch_tables import write_dispatch
from scenarios.report.write import PAGE, results_into, write_page
from scenarios.run_record import run_record


@dataclass(frozen=True, slots=True)
class DispatchRun:
    """A plan, the files written (the plan first), its page, and names in English."""

    plan: DispatchPlan
    names: DispatchNames
    written: tuple[Path, ...]
    page: Path


@dataclass(frozen=True, slots=True)
class Asked:
    """What a dispatch run reads."""

    scenario: IncidentScenario
    region: Region
    where: Path
    board: Board | None
    doctrine: Doctrine | None


def read_asked(scenario_file: Path, region_file: Path | None, board_file: Path | None) -> Asked:
    """Read the files of a run: scenario, region, board and doctrine, relative to the scenario file.

    Raises
    ------
    InputError
        For every fault of these files.
    """
    scenario = read_scenario(scenario_file, IncidentScenario)
    where = region_file or region_path(scenario, scenario_file)
    beside = scenario_file.parent
    board = board_file or (beside / scenario.board if scenario.board else None)
    return Asked(
        scenario=scenario,
        region=read_region(where),
        where=where,
        board=read_board(board) if board else None,
        doctrine=read_doctrine(beside / scenario.doctrine) if scenario.doctrine else None,
    )


def run_dispatch(
    scenario_file: Path,
    region_file: Path | None,
    board_file: Path | None,
    out: Path,
    progress: Progress | None,
    *,
    what_ifs: Sequence[str] = (),
    present: Path | None = None,
    sensitivity: bool = False,
    refine: bool = False,
) -> DispatchRun:
    """Answer an incident scenario and write plan, tables and page into a folder.

    Raises
    ------
    InputError
        For every fault of the scenario, the region, the board, the doctrine or the folder.
    """
    started, begun = datetime.now(UTC), time.perf_counter()
    asked = read_asked(scenario_file, region_file, board_file)
    in_force = read_dispatch_plan(present) if present else None
    with results_into(out) as scratch:
        plan = dispatch(
            asked.region,
            asked.scenario,
            asked.board,
            progress,
            doctrine=asked.doctrine,
            what_ifs=what_ifs,
            present=in_force,
            sensitivity=sensitivity,
            refine=refine,
        )
        record = run_record(
            started=started, seconds=time.perf_counter() - begun, region=asked.where, scenario=scenario_file
        )
        written = write_dispatch(plan, scratch, run=record)
        write_page(dispatch_page(plan, asked.region), scratch / PAGE)
    names = dispatch_names(plan, asked.region)
    return DispatchRun(plan, names, tuple(out / file.name for file in written), out / PAGE)


def dispatch_lines(run: DispatchRun) -> Iterator[str]:
    """The plan in a few lines: who comes when, what is short, what to look at."""
    plan = run.plan
    yield f"{plan.name_en or plan.name_zh}: {plan.status}"
    for incident in plan.decisions.incidents:
        place = incident.staging
        where = f"staging {place.distance_m / 1000:.1f} km off ({place.side})" if place else "no staging area"
        yield f"  {incident.id}: {incident.people:,} people in zones, {where}"
        slots = [slot for slot in plan.decisions.slots if slot.incident_id == incident.id and slot.team_id]
        for slot in sorted(slots, key=lambda slot: slot.arrival_s or 0.0):
            yield f"    {_slot_line(slot, run.names)}"
    for short in plan.shortages:
        nearest = (
            f"; nearest {_team(run.names, short.nearest.team_id)}, {short.nearest.why}"
            if short.nearest
            else ""
        )
        what = f"{short.count} x {short.capability} {short.level}"
        yield f"  {short.code} short: {short.incident_id} {what}{nearest}"
    if plan.relief:
        yield from relief_lines(plan.relief)
    yield from (_order_line(order, run.names) for order in plan.orders)
    yield from _cover_lines(plan, run.names)
    for one in plan.what_if:
        last = (one.last_arrival_s or 0) / 60, (one.last_arrival_then_s or 0) / 60
        yield (
            f"  what if {one.question}: {one.filled} -> {one.filled_then} slots filled, last arrival"
            f" {last[0]:.1f} -> {last[1]:.1f} min, {len(one.changes)} teams change"
        )
    yield from () if plan.refinement is None else (_refined_line(plan.refinement),)
    yield from map(_depth_line, plan.sensitivity)
    for warning in plan.warnings:
        yield f"  {warning.code} warning: {named_records(warning, run.names, 'en')}"


def _refined_line(found: Refinement) -> str:
    """What a refinement gained, and how much better a plan could be."""
    what = "s of weighted completion times" if found.measure == "completion" else "weighted people missing"
    return f"  refined: {found.exact:,.0f} -> {found.objective:,.0f} {what}, gap {found.gap:.1%}"


def _depth_line(run: DepthRun) -> str:
    """What another depth of the water would change."""
    return (
        f"  at {run.factor:g} times the depth: {run.people:,} people in the water, "
        f"{run.people_in_danger:,} in danger, {run.closed_to_some_m / 1000:.1f} km closed to some vehicles, "
        f"{run.closed_to_all_m / 1000:.1f} km to all; {run.short} slots short, last arrival "
        f"{(run.last_arrival_s or 0) / 60:.1f} min, {len(run.changed)} teams change"
    )


def _order_line(order: Order, names: DispatchNames) -> str:
    """What a team is told, and what that gains."""
    before, now = names.task(order.before).of("en"), names.task(order.task).of("en")
    task = f"{before} -> {now}" if order.order == "divert" else now if order.task else before
    told = f"  order: {order.order} {_team(names, order.team_id)}: {task}"
    if order.weighted_sooner_s is None:
        return told
    short = f", shortage {-order.shortage_gain:+d}" if order.shortage_gain else ""
    return f"{told} (weighted arrivals {-order.weighted_sooner_s:+,.0f} s{short})"


def _team(names: DispatchNames, name: str) -> str:
    return names.team(name).of("en")


def _cover_lines(plan: DispatchPlan, names: DispatchNames) -> Iterator[str]:
    cover = plan.cover
    lost = sum(one.covered_before - one.covered_after for one in cover.townships)
    if lost:
        yield f"  fire cover left behind: {lost:,} people fewer in time while the teams are away"
    for trade in cover.trades:
        yield (
            f"    keeping {_team(names, trade.team_id)} would cover {trade.people:,} people for"
            f" {trade.weighted_later_s:,.0f} s of weighted arrivals"
        )
    for move in cover.moves:
        to = names.place(move.to).of("en")
        yield f"    move up {_team(names, move.team_id)} to {to}, {move.travel_s / 60:.1f} min"


def _slot_line(slot: SlotFilled, names: DispatchNames) -> str:
    late = f", {slot.late_s / 60:.0f} min late" if slot.late_s else ""
    return (
        f"{(slot.arrival_s or 0) / 60:6.1f} min  {_team(names, slot.team_id)}:"
        f" {slot.capability} {slot.level}{late}"
    )


def reason_lines(run: DispatchRun) -> Iterator[str]:
    """Why each team: what the plan without it, solved again, looks like."""
    yield "why these teams (solved again without each):"
    for reason in run.plan.reasons:
        first = "first of all able; " if reason.nearest else ""
        if reason.instead:
            then = f"then {_team(run.names, reason.instead)}, {(reason.later_s or 0) / 60:+.1f} min"
        else:
            then = "then nobody"
        more = f", weighted shortage +{reason.shortage}" if reason.shortage > 0 else ""
        aid = f", {reason.aid_teams} more mutual aid" if reason.aid_teams > 0 else ""
        others = "other moves" if len(reason.moved) == 1 else "others move"
        moved = f", {len(reason.moved)} {others}" if reason.moved else ""
        yield f"  {_team(run.names, reason.team_id)}: {first}{then}{more}{aid}{moved}"


def written_lines(run: DispatchRun) -> Iterator[str]:
    """Where the results lie."""
    yield f"plan: {run.written[0]} (and {len(run.written) - 1} files beside it)"
    yield f"page: {run.page}"
