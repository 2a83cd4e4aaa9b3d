"""Use case: the goods of a reserve plan brought by the region's trucks in fresh scenarios, event by event."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.region.region import Region
from optimizer.drill.haulage import Haul, haul
from optimizer.drill.statistics import LEVEL
from optimizer.problem import Bools, Floats, Int64s
from optimizer.reserve.evaluate import outcome
from optimizer.reserve.reserve_answer import Holding, Outcome
from optimizer.watch import Watch
from scenarios.intervals import Interval, interval
from scenarios.reserve_draws import drawn
from scenarios.reserve_plan import ReservePlan
from scenarios.reserve_scenarios import Cases
from scenarios.reserve_simulation import (
    Compared,
    DepotQueue,
    ItemShort,
    ReserveSimulation,
    TownshipSupplied,
    TruckFleet,
)
from scenarios.reserve_test_models import ReserveTest, haulage_rules
from scenarios.stock_haulage import Haulage, haulage
from scenarios.stock_problem import StockInputs
from scenarios.stock_served import MUST, relief_window, served_whole

STREAM = 2
"""Second part of the seed of the scenarios of a test: others than those of ``generate`` and validation."""
PHASE = "tested by simulation"
LEAST = 2
"""Scenarios without which there is no interval."""
_TIME_DECIMALS = 1


@dataclass(frozen=True, slots=True, eq=False)
class _Played:
    """One scenario: its trips, what is short by place, item and window, when each place has what it must."""

    haul: Haul
    shortage: Floats
    whole_s: Floats
    states: int


def stock_trial(region: Region, inputs: StockInputs) -> Haulage | None:
    """Trucks and docks of the test that is asked for, before the plan is known (S436)."""
    return None if inputs.section.test is None else haulage(region, inputs, inputs.section.test)


def with_simulation(
    region: Region,
    inputs: StockInputs,
    plan: ReservePlan,
    held: Holding | None,
    trucks: Haulage | None,
    *,
    watch: Watch,
    scenarios: int | None = None,
) -> ReservePlan:
    """The plan with its test, where one is asked for and there is a plan to test."""
    if trucks is None or held is None or plan.cost is None:
        return plan
    found = simulation(region, inputs, plan, held, trucks, watch=watch, scenarios=scenarios)
    return plan.model_copy(update={"simulation": found})


def simulation(
    region: Region,
    inputs: StockInputs,
    plan: ReservePlan,
    held: Holding,
    trucks: Haulage,
    *,
    watch: Watch,
    scenarios: int | None = None,
) -> ReserveSimulation | None:
    """Play the deliveries of a plan in fresh scenarios.

    ``scenarios``: how many of those that are drawn are played, as a stopped run states them. ``None`` where
    the run is stopped before two.
    """
    asked = inputs.section.test or ReserveTest()
    often = asked.replications or haulage_rules().replications
    emergencies = drawn(inputs.maker.grounds, inputs.section.scenarios, count=often, seed=(plan.seed, STREAM))
    cases = inputs.maker.cases(emergencies)
    played: list[_Played] = []
    for number in range(often if scenarios is None else min(often, scenarios)):
        watch.tell(PHASE, number / often)
        if watch.stopped_by == "user":
            break
        played.append(_play(region, inputs, held, trucks, cases, number, seed=plan.seed))
    if len(played) < LEAST:
        return None
    counted = outcome(inputs.problem.among(cases.scenarios), held)
    return _simulation(region, inputs, plan, trucks, cases, counted, played)


def _play(
    region: Region,
    inputs: StockInputs,
    held: Holding,
    trucks: Haulage,
    cases: Cases,
    number: int,
    *,
    seed: int,
) -> _Played:
    problem = trucks.problem(region, inputs, held, cases, number, seed=seed)
    found = haul(problem)
    brought = np.stack([found.brought(len(cases.places), int(due)) for due in problem.due_ds], axis=2)
    shortage = np.maximum(0, problem.need - brought).astype(np.float64)
    must = np.array([inputs.rules.kind_of(item.id)[0] in MUST for item in inputs.items])
    at = relief_window(inputs.section.windows, inputs.rules)
    whole_s = _whole_s(found, problem.need[:, :, at] * must)
    return _Played(found, shortage, whole_s, len(problem.drive_ds))


def _whole_s(found: Haul, need: Int64s) -> Floats:
    """When each place has all of a need, shape (j, k), s; 0 without a need, ``inf`` = never."""
    left, whole_s = need.copy(), np.where(need.any(axis=1), np.inf, 0.0)
    over = np.flatnonzero(found.over_ds >= 0)
    for trip in over[np.argsort(found.over_ds[over], kind="stable")].tolist():
        place = int(found.place[trip])
        if not np.isinf(whole_s[place]):
            continue
        left[place] -= found.units[trip]
        if (left[place] <= 0).all():
            whole_s[place] = int(found.over_ds[trip]) / 10
    return whole_s


def _simulation(
    region: Region,
    inputs: StockInputs,
    plan: ReservePlan,
    trucks: Haulage,
    cases: Cases,
    counted: Outcome,
    played: Sequence[_Played],
) -> ReserveSimulation:
    count = len(played)
    shortage = np.zeros_like(counted.shortage)
    shortage[:count] = [one.shortage for one in played]
    then = replace(counted, shortage=shortage)
    people = inputs.section.people
    served = [_served(inputs, cases, one, count) for one in (counted, then)]
    met = [_met(cases, one, count) for one in (counted, then)]
    stated = sum(one.probability * one.served_whole for one in plan.scenarios)
    everybody = sum(one.probability for one in plan.scenarios if one.served_whole >= plan.people)
    return ReserveSimulation(
        scenarios=count,
        seed=plan.seed,
        level=LEVEL,
        drive_cv=trucks.drive_cv,
        handling_cv=trucks.handling_cv,
        source=haulage_rules().source,
        road_states=round(float(np.mean([one.states for one in played])), 2),
        served=_compared(stated, *served, most=people),
        everybody=_compared(everybody, *((one >= people).astype(float) for one in served), most=1.0),
        met=tuple(
            _compared(share, met[0][:, window], met[1][:, window], most=1.0)
            for window, share in enumerate(plan.service)
        ),
        townships=tuple(_townships(region, inputs, cases, played)),
        short=tuple(_short(inputs, counted, then, count)),
        depots=tuple(_queues(inputs, trucks, played)),
        fleets=tuple(_fleets(inputs, trucks, played)),
        trips=interval(np.array([float((one.haul.over_ds >= 0).sum()) for one in played])),
        held_up=interval(np.array([float(_held_up(one.haul)) for one in played])),
    )


def _compared(stated: float, counted: Floats, played: Floats, *, most: float) -> Compared:
    return Compared(
        stated=round(stated, 6),
        counted=_within(counted, most),
        played=_within(played, most),
        lost=interval(counted - played),
    )


def _within(observed: Floats, most: float) -> Interval:
    """An interval that ends where the figure itself does, at 0 and at ``most``."""
    found = interval(observed)
    if found.low is None or found.high is None:
        return found
    return found.model_copy(update={"low": max(0.0, found.low), "high": min(most, found.high)})


def _share(held: Bools) -> Interval:
    return _within(held.astype(np.float64), 1.0)


def _served(inputs: StockInputs, cases: Cases, then: Outcome, count: int) -> Floats:
    return np.array([served_whole(inputs, cases, then, number).sum() for number in range(count)], np.float64)


def _met(cases: Cases, then: Outcome, count: int) -> Floats:
    """Share of the needs met by scenario and window, mean over items with a need, shape (n, w)."""
    need = cases.scenarios.need[:count].sum(axis=1)
    short = then.shortage[:count].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(need > 0, 1 - short / need, np.nan)
    asked = (need > 0).sum(axis=1)
    return np.where(asked > 0, np.nansum(share, axis=1) / np.maximum(asked, 1), 1.0)


def _townships(
    region: Region, inputs: StockInputs, cases: Cases, played: Sequence[_Played]
) -> Iterator[TownshipSupplied]:
    """Townships in the order of their layer, those whose people leave home in some scenario."""
    relief_s = inputs.section.windows[relief_window(inputs.section.windows, inputs.rules)]
    column = {name: number for number, name in enumerate(cases.places)}
    times: dict[str, list[float]] = {}
    people: dict[str, list[int]] = {}
    for number, one in enumerate(played):
        shelters = inputs.maker.grounds.of(cases.emergencies[number]).shelters
        gone = cases.displaced[number]
        for row, (township, count) in enumerate(gone.by_township.items()):
            places = [column[shelters[s].id] for s in np.flatnonzero(gone.to_shelter[row]).tolist()]
            times.setdefault(township, []).append(float(one.whole_s[places].max(initial=0.0)))
            people.setdefault(township, []).append(count)
    for record in region.table("townships").to_dict("records"):
        name = str(record["id"])
        if name not in times:
            continue
        seconds = np.array(times[name])
        came = seconds[np.isfinite(seconds)]
        p50, p90, p95 = np.percentile(came, (50, 90, 95)).tolist() if len(came) else (None, None, None)
        yield TownshipSupplied(
            id=name,
            name_zh=str(record["name_zh"]),
            name_en=str(record["name_en"]),
            scenarios=len(seconds),
            people=round(float(np.mean(people[name])), 1),
            whole_share=_share(seconds <= relief_s),
            unmet_share=_share(np.isinf(seconds)),
            p50_s=_told(p50),
            p90_s=_told(p90),
            p95_s=_told(p95),
        )


def _short(inputs: StockInputs, counted: Outcome, then: Outcome, count: int) -> Iterator[ItemShort]:
    """Items of which something was short in either, in their order."""
    at = relief_window(inputs.section.windows, inputs.rules)
    rows = [one.shortage[:count, :, :, at].sum(axis=1) for one in (counted, then)]
    for number, item in enumerate(inputs.items):
        if any((row[:, number] > 1e-6).any() for row in rows):
            yield ItemShort(
                item_id=item.id, counted=interval(rows[0][:, number]), played=interval(rows[1][:, number])
            )


def _queues(inputs: StockInputs, trucks: Haulage, played: Sequence[_Played]) -> Iterator[DepotQueue]:
    for number, name in enumerate(inputs.hand.sources.depot_ids):
        waits, loads = [], []
        for one in played:
            mine = (one.haul.depot == number) & (one.haul.loading_ds >= 0)
            waits += ((one.haul.loading_ds[mine] - one.haul.at_dock_ds[mine]) / 10).tolist()
            loads.append(float(mine.sum()))
        if waits:
            yield DepotQueue(
                id=name,
                docks=int(trucks.docks[number]),
                loads=interval(np.array(loads)),
                wait_mean_s=_told(float(np.mean(waits))),
                wait_p95_s=_told(float(np.percentile(waits, 95))),
                wait_most_s=_told(max(waits)),
            )


def _fleets(inputs: StockInputs, trucks: Haulage, played: Sequence[_Played]) -> Iterator[TruckFleet]:
    until_ds = round(inputs.section.windows[relief_window(inputs.section.windows, inputs.rules)] * 10)
    for number, fleet in enumerate(trucks.fleets):
        mine = trucks.truck_fleet == number
        busy = [_busy_ds(one.haul, mine, until_ds) / (until_ds * fleet.trucks) for one in played]
        trips = [float((mine[one.haul.truck] & (one.haul.over_ds >= 0)).sum()) for one in played]
        yield TruckFleet(
            team_id=fleet.team.id,
            name_zh=fleet.team.name_zh,
            name_en=fleet.team.name_en,
            vehicle_class=fleet.vehicle.id,
            trucks=fleet.trucks,
            ready_s=inputs.rules.order.value + fleet.team.turnout_s,
            utilisation=interval(np.array(busy)),
            trips=interval(np.array(trips)),
        )


def _busy_ds(found: Haul, mine: Bools, until_ds: int) -> int:
    """Truck-time from order to hand-over up to a time."""
    over = np.where(found.over_ds >= 0, found.over_ds, until_ds)
    spans = np.minimum(over, until_ds) - np.minimum(found.ordered_ds, until_ds)
    return int(spans[mine[found.truck]].sum()) if len(found) else 0


def _held_up(found: Haul) -> int:
    """Loads that were loaded and never left."""
    return int(((found.loading_ds >= 0) & (found.left_ds < 0)).sum())


def _told(seconds: float | None) -> float | None:
    if seconds is None or not math.isfinite(seconds):
        return None
    return round(seconds, _TIME_DECIMALS)
