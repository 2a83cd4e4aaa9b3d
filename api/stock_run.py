"""One reserve run as the command line does it: read, solve, write; and what to say of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo.region.files import read_region
from geo.region.ledger import read_ledger, with_ledger
from geo.region.region import Region
from optimizer.watch import Progress
from scenarios.fault_lines import led_to_lines
from scenarios.files import read_scenario, region_path
from scenarios.report.reserve_files import write_reserve
from scenarios.report.reserve_page import reserve_page
from scenarios.report.write import PAGE, results_into, write_page
from scenarios.reserve_models import ReserveScenario, plan_alone, with_test
from scenarios.reserve_plan import Binding, ReservePlan
from scenarios.run_record import run_record
from scenarios.stock import stock

MOST_LIMITS = 6
"""Limits named in the summary; the page names more."""


@dataclass(frozen=True, slots=True)
class StockRun:
    """A plan, the files written (the plan first) and its page."""

    plan: ReservePlan
    written: tuple[Path, ...]
    page: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLedger:
    """A county's own stock in place of the region's; ``mapping`` where its headers are its own."""

    file: Path
    mapping: Path | None = None

    def into(self, region: Region) -> Region:
        """The region with this stock; raises ``InputError`` as ``read_ledger`` and ``with_ledger``."""
        return with_ledger(region, read_ledger(self.file, mapping=self.mapping, layer="stock"))


def run_stock(
    scenario_file: Path,
    region_file: Path | None,
    out: Path,
    progress: Progress | None,
    *,
    ledger: OwnLedger | None = None,
    quick: bool = False,
    test: int | None = None,
    workers: int = 1,
    cluster: str | None = None,
) -> StockRun:
    """Answer a reserve scenario and write plan, tables and page into a folder.

    Parameters
    ----------
    quick
        The plan alone: no comparison with other rules, no curve, no fresh scenarios.
    test
        Scenarios in which the deliveries of the plan are played, in place of what the scenario says.
    workers, cluster
        Who computes the scenarios: see ``stock``.

    Raises
    ------
    InputError
        For every fault of the scenario, the region, the ledger or the folder.
    """
    started, begun = datetime.now(UTC), time.perf_counter()
    scenario = read_scenario(scenario_file, ReserveScenario)
    if quick:
        scenario = plan_alone(scenario)
    if test is not None:
        scenario = with_test(scenario, test)
    where = region_file or region_path(scenario, scenario_file)
    region = read_region(where)
    if ledger is not None:
        region = ledger.into(region)
    with led_to_lines(scenario_file), results_into(out) as scratch:
        plan = stock(region, scenario, progress, workers=workers, cluster=cluster)
        record = run_record(
            started=started, seconds=time.perf_counter() - begun, region=where, scenario=scenario_file
        )
        if ledger is not None:
            record["ledger"] = str(ledger.file.resolve())
            record["mapping"] = None if ledger.mapping is None else str(ledger.mapping.resolve())
        written = write_reserve(plan, scratch, run=record)
        write_page(reserve_page(plan, region), scratch / PAGE)
    return StockRun(plan, tuple(out / file.name for file in written), out / PAGE)


def stock_lines(plan: ReservePlan) -> Iterator[str]:
    """The plan in a few lines: proof, cost, what to do, who is served, what stays short."""
    gap = "" if plan.gap is None else f", gap {plan.gap:.3%}"
    stopped = f" (stopped by {plan.stopped_by})" if plan.stopped_by else ""
    yield f"{plan.name_en or plan.name_zh or 'reserve'}: {plan.status}{gap}{stopped}"
    if plan.cost is not None:
        yield (
            f"  before the event {plan.cost.first_stage:,.0f} CNY, in all {plan.cost.total:,.0f} expected,"
            f" of it penalties {plan.cost.penalty:,.0f}"
        )
        yield f"  {_doing(plan)}"
        yield from _served_lines(plan)
        yield from _beside_lines(plan)
    for short in plan.shortages:
        what = short.item_id or short.place_id
        amount = f" {short.units:,.0f} units" if short.units else ""
        listed = f" ({', '.join(short.scenarios[:4])})" if short.scenarios else ""
        yield f"  {short.code} short: {what + ': ' if what else ''}{short.text_en}{amount}{listed}"
    for warning in plan.warnings:
        yield f"  {warning.code} warning: {warning.text_en}: {', '.join(warning.records[:8])}"


def _doing(plan: ReservePlan) -> str:
    """How many lines of the list say what."""
    words = {"add": "to add", "move_in": "moved", "lapse": "to let lapse", "keep": "to keep"}
    counts = {action: sum(move.action == action for move in plan.decisions.moves) for action in words}
    return ", ".join(f"{counts[action]} lines {word}" for action, word in words.items() if counts[action])


def _served_lines(plan: ReservePlan) -> Iterator[str]:
    hours = f"{plan.relief_window_s / 3600:g} h"
    full = [one for one in plan.scenarios if one.served_whole >= plan.people]
    yield f"  everybody fully served within {hours} in {len(full)} of {len(plan.scenarios)} scenarios"
    rest = sorted(
        (one for one in plan.scenarios if one.served_whole < plan.people), key=lambda one: one.served_whole
    )
    for one in rest[:4]:
        yield f"    {one.name_en or one.name_zh or one.id}: {one.served_whole:,} of {plan.people:,} people"


def _beside_lines(plan: ReservePlan) -> Iterator[str]:
    """What holds the plan back, and how it fares on scenarios that it was not made for."""
    limits = dict.fromkeys(_limit(one) for one in plan.binding if one.kind != "in_hand")
    if limits:
        yield f"  held back by: {', '.join(list(limits)[:MOST_LIMITS])}"
    found = plan.further.validation
    if found is not None and found.out_cost.low is not None and found.out_cost.high is not None:
        yield (
            f"  on {found.scenarios:,} fresh scenarios {found.out_cost.mean:,.0f} CNY"
            f" ({found.out_cost.low:,.0f} to {found.out_cost.high:,.0f}),"
            f" {found.out_served.mean:,.0f} people fully served"
        )


def _limit(one: Binding) -> str:
    place = one.place.partition("/")[0]
    return f"{one.kind} {place}".replace("_", " ").strip()


def written_lines(run: StockRun) -> Iterator[str]:
    """Where the results lie."""
    yield f"plan: {run.written[0]} (and {len(run.written) - 1} files beside it)"
    yield f"page: {run.page}"
