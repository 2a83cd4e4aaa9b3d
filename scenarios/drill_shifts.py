"""Who is on duty when: rosters of the region and shifts of the scenario as changes over the drill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from geo.errors import Fault, InputError
from geo.region.region import Region
from optimizer.problem import Bools, Int64s
from scenarios.drill_models import DrillScenario, Shift

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duty:
    """On duty at the start, shape (t,), and changes by time, shape (d,).

    ``outside``: ids of rosters that end before the drill begins, or begin when it is over.
    """

    on_duty: Bools
    at_ds: Int64s
    team: Int64s
    on: Bools
    outside: tuple[str, ...] = ()


def duty_of(region: Region, scenario: DrillScenario, teams: Sequence[str]) -> Duty:
    """Duty of teams in their order; a team that no roster and no shift names is always on duty.

    Raises
    ------
    InputError
        S458 a time of a roster that cannot be read, or an end that is not after its begin.
    """
    drill = scenario.drill
    ends = drill.starts + timedelta(seconds=drill.length)
    rostered = _rostered(region, drill.starts, ends) if drill.teams.rosters else []
    spans: dict[str, list[Span]] = {}
    for _, team, found in rostered:
        spans.setdefault(team, []).extend(found)
    for team in sorted({shift.team for shift in drill.teams.shifts}):
        mine = [shift for shift in drill.teams.shifts if shift.team == team]
        spans[team] = [span for shift in mine for span in _shift_spans(shift, drill.starts, ends)]
    on_duty = np.ones(len(teams), np.bool_)
    changes: list[tuple[int, int, bool]] = []
    for number, team in enumerate(teams):
        if team in spans:
            merged = _merged(spans[team])
            on_duty[number] = any(begin <= drill.starts < end for begin, end in merged)
            for begin, end in merged:
                changes += [(_ds(begin, drill.starts), number, True), (_ds(end, drill.starts), number, False)]
    within = sorted(change for change in changes if 0 < change[0] < drill.length * 10)
    return Duty(
        on_duty=on_duty,
        at_ds=np.array([at for at, _, _ in within], np.int64),
        team=np.array([team for _, team, _ in within], np.int64),
        on=np.array([on for _, _, on in within], np.bool_),
        outside=tuple(
            name
            for name, team, found in rostered
            if team in teams and not any(begin < ends and end > drill.starts for begin, end in found)
        ),
    )


def _ds(at: datetime, starts: datetime) -> int:
    return round((at - starts).total_seconds() * 10)


def _shift_spans(shift: Shift, starts: datetime, ends: datetime) -> list[Span]:
    """The shift on each of its days, from the day before the start on."""
    begin, end = _minutes(shift.start), _minutes(shift.end)
    day = starts.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    spans = []
    while day < ends:
        if day.isoweekday() in shift.weekdays:
            until = end if end > begin else end + 24 * 60
            spans.append((day + timedelta(minutes=begin), day + timedelta(minutes=until)))
        day += timedelta(days=1)
    return spans


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def _rostered(region: Region, starts: datetime, ends: datetime) -> list[tuple[str, str, list[Span]]]:
    """Roster, team and spans of each row of the layer ``rosters``: daily hours, or dates and times."""
    rows: list[tuple[str, str, list[Span]]] = []
    faults: list[Fault] = []
    for row in region.table("rosters").to_dict("records"):
        try:
            rows.append((str(row["id"]), str(row["team_id"]), _row_spans(row, starts, ends)))
        except ValueError:
            faults.append(
                Fault(
                    code="S458",
                    where=f"region {region.name}, rosters {row['id']}",
                    found=f"from {row['from']!r} to {row['to']!r}",
                    wanted="HH:MM, or a date and time, and the end after the begin",
                    fix="Correct the roster.",
                )
            )
    if faults:
        raise InputError(faults)
    return rows


def _row_spans(row: Mapping[object, object], starts: datetime, ends: datetime) -> list[Span]:
    begin, end = str(row["from"]).strip(), str(row["to"]).strip()
    if len(begin) <= 5 and ":" in begin:
        return _shift_spans(Shift(team=str(row["team_id"]), start=begin, end=end), starts, ends)
    at = [datetime.fromisoformat(text) for text in (begin, end)]
    first, last = (one if one.tzinfo else one.replace(tzinfo=starts.tzinfo) for one in at)
    if last <= first:
        raise ValueError("want the end after the begin")
    return [(first, last)]


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Spans that touch or overlap as one: a team that hands over to itself stays on duty."""
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
