"""The report of a drill as a file: figures with their intervals. No clock and no machine in it."""

from pathlib import Path
from typing import Literal

from scenarios.dispatch_plan import OtherInput
from scenarios.intervals import Interval as Interval
from scenarios.model_base import Strict
from scenarios.plan import Inputs, LayerProvenance, PlanWarning
from scenarios.plan_file import plan_of, plan_text


class CallFigures(Strict):
    """Calls of one replication in the mean.

    ``slots``: teams asked for; ``short``: of these never sent. ``in_time``: share of calls with a first
    arrival within the time of their kind, of those that came that long before the end. Times run from the
    call to the first arrival, over calls that somebody came to; percentiles are those of a replication (or
    batch).
    """

    calls: Interval
    served: Interval
    lost: Interval
    open: Interval
    slots: Interval
    short: Interval
    in_time: Interval
    mean_s: Interval
    p50_s: Interval
    p90_s: Interval
    p95_s: Interval


class KindFigures(Strict):
    """One kind of call."""

    id: str
    name_zh: str
    name_en: str
    within_s: float
    figures: CallFigures


class TownshipFigures(Strict):
    """Calls from one township."""

    id: str
    name_zh: str
    name_en: str
    figures: CallFigures


class TeamFigures(Strict):
    """One team.

    ``on_duty``: share of the time on duty. ``utilisation``: time out on calls over the whole time;
    ``utilisation_on_duty``: over the time on duty (unit-hour utilisation), above 1 where calls outlast
    shifts. ``jobs``: calls answered.
    """

    id: str
    name_zh: str
    name_en: str
    mutual_aid: bool
    on_duty: float
    utilisation: Interval
    utilisation_on_duty: Interval
    jobs: Interval


class DrillReport(Strict):
    """What a drill found.

    ``status``: ``done``, or ``cancelled`` with the replications up to then. ``batches``: parts whose means
    give the intervals, 0 where replications do. ``road_states``: different states of the roads.
    """

    muster: Literal[1] = 1
    kind: Literal["drill"] = "drill"
    name_zh: str
    name_en: str
    status: Literal["done", "cancelled"]
    seed: int
    starts: str
    length_s: float
    warm_up_s: float
    engine: Literal["compiled", "exact"]
    dispatch: Literal["nearest", "flow"]
    move_up: Literal["none", "table", "optimised"]
    replications: int
    batches: int
    level: float
    road_states: int
    inputs: Inputs
    doctrine: OtherInput
    totals: CallFigures
    kinds: tuple[KindFigures, ...]
    townships: tuple[TownshipFigures, ...]
    teams: tuple[TeamFigures, ...]
    warnings: tuple[PlanWarning, ...]
    provenance: tuple[LayerProvenance, ...]

    @property
    def exit_code(self) -> int:
        """0 done, 1 cancelled."""
        return 0 if self.status == "done" else 1


def drill_json(report: DrillReport) -> str:
    """The report as JSON text, the same bytes for the same drill."""
    return plan_text(report)


def read_drill_report(path: Path | str) -> DrillReport:
    """Read a report; raises ``InputError`` P101 to P103."""
    return plan_of(path, DrillReport)
