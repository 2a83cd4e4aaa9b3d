"""What one replication says of the standards of a siting plan: who was reached in time, how soon."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.region.region import Region
from optimizer.drill.log import DrillRun
from optimizer.drill.problem import Calls
from optimizer.problem import Bools, Floats, Int64s
from scenarios.drill import Drill
from scenarios.drill_inputs import asked_rows
from scenarios.scenario_models import Standard

FIELDS = ("calls", "unmet", "in_time", "p50_s", "p90_s", "p95_s")
PERCENTILES = (50, 90, 95)
_NEVER_DS = 2**62


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StandardCalls:
    """Which calls of a drill a standard speaks of.

    Parameters
    ----------
    rows
        Rows of the drill's kinds that ask for the capability of the force, shape (r,).
    places
        Places of calls that the standard holds for, shape (p,).
    limit_ds
        From the order to the first arrival, inclusive.
    """

    rows: Bools
    places: Bools
    limit_ds: int


def standard_calls(
    ready: Drill, region: Region, standards: Sequence[Standard], capabilities: Sequence[str]
) -> tuple[StandardCalls | None, ...]:
    """The calls of each standard; ``None`` where no call of the drill tells anything of it."""
    zone_of = dict(zip(region.table("townships")["id"], region.table("townships")["zone"], strict=True))
    places = ready.inputs.places
    zones = np.array([zone_of.get(one, "") for one in places.townships] + [""], dtype=object)[places.township]
    where = ready.scenario.drill.calls.where
    asked = rows_by_capability(ready)
    found: list[StandardCalls | None] = []
    for standard, capability in zip(standards, capabilities, strict=True):
        rows = asked == capability
        here = standard.of is None and (where.layer == "demand" or ready.scenario.drill.calls.log is not None)
        here |= standard.of is not None and standard.of == where
        held = np.asarray(zones == standard.zone) if standard.zone else np.ones(len(zones), np.bool_)
        told = here and bool(capability) and bool(rows.any()) and bool(held.any())
        calls = StandardCalls(rows=rows, places=held, limit_ds=round(standard.within_s * 10))
        found.append(calls if told else None)
    return tuple(found)


def rows_by_capability(ready: Drill) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Capability that each row of the drill's kinds asks for, shape (r,)."""
    kinds = ready.scenario.drill.kinds
    return np.array(
        [capability for kind in kinds for capability, *_ in asked_rows(kind, ready.doctrine)], dtype=object
    )


def responses_of(ready: Drill, calls: Calls, run: DrillRun, standard: StandardCalls) -> tuple[Floats, Bools]:
    """Seconds from the order to the first arrival of the force by call, NaN = never, shape (n,).

    Beside it whether the standard speaks of the call and it came early enough to tell if it was in time.
    """
    problem = ready.inputs.problem
    if not len(calls):
        return np.empty(0), np.empty(0, np.bool_)
    counts = np.diff(run.first)
    row = np.arange(run.first[-1]) - np.repeat(run.first[:-1], counts)
    row += np.repeat(problem.kinds.slot_from[calls.kind], counts)
    asked = standard.rows[row]
    arrived = np.where(asked & (run.arrived_ds >= 0), run.arrived_ds, _NEVER_DS)
    first = np.minimum.reduceat(arrived, run.first[:-1])
    came = first < _NEVER_DS
    ordered = calls.at_ds + problem.handling_ds
    spoken = np.logical_or.reduceat(asked, run.first[:-1]) & standard.places[calls.node]
    spoken &= calls.at_ds >= problem.warm_up_ds
    known = came | (ordered + standard.limit_ds < problem.horizon_ds)
    return np.where(came, (first - ordered) / 10, np.nan), spoken & known


def figures(response_s: Floats, known: Bools, limit_ds: int) -> Floats:
    """``FIELDS`` of some calls, those that cannot be judged left out; NaN where there is none."""
    mine = response_s[known]
    came = mine[~np.isnan(mine)]
    in_time = float((np.rint(came * 10) <= limit_ds).sum()) / len(mine) if len(mine) else np.nan
    times = np.percentile(came, PERCENTILES).tolist() if len(came) else [np.nan] * len(PERCENTILES)
    return np.array([len(mine), len(mine) - len(came), in_time, *times], np.float64)


def by_township(ready: Drill, calls: Calls) -> Int64s:
    """Township of each call, -1 = none, shape (n,)."""
    return ready.inputs.places.township[calls.node] if len(calls) else np.empty(0, np.int64)
