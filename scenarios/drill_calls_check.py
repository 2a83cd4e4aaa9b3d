"""One check of the calls of a drill, whether a file said them or the document itself holds them."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import numpy as np

from geo.errors import Fault, InputError
from scenarios.drill_calls_models import LoggedCall, RateRow
from scenarios.drill_models import DrillScenario, DrillSection

WEEK_H = 168
MOST_FAULTS = 50
MOST_CALLS = 2_000_000
"""Calls expected in one replication at most: each takes some hundred bytes."""
Where = Callable[[int], str]


def refuse_wrong_calls(scenario: DrillScenario, *, where: str) -> None:
    """Refuse what a drill says of its calls where it cannot be played.

    Calls of a file that was not read yet are passed over. ``where`` names the document for a person.

    Raises
    ------
    InputError
        S452 hours that are missing or said twice, S453 an unknown kind, S454 a place that is none, S468 a
        call outside the time of the drill, S476 more calls than can be played.
    """
    drill, read = scenario.drill, scenario.drill.calls.read
    said = f"{where} drill.calls.read".lstrip()
    faults: list[Fault] = []
    if read is not None and drill.calls.rates is not None:
        faults = rate_faults(read.rates, drill, file=said, where=lambda row: f"{said}.rates.{row}")
    elif read is not None:
        faults = log_faults(read.log, drill, where=lambda row: f"{said}.log.{row}")
    refuse_all(faults or _too_many(drill, f"{where} drill.calls".lstrip()))


def rate_faults(rows: tuple[RateRow, ...], drill: DrillSection, *, file: str, where: Where) -> list[Fault]:
    """What is wrong with a table of rates; ``where`` names a row by its number."""
    known = {kind.id for kind in drill.kinds}
    faults = [
        _unknown_kind(where(at), row.kind, known)
        for at, row in enumerate(rows)
        if row.kind not in known | {""}
    ]
    return faults or _mixed(rows, file) or _gaps(rows, file)


def log_faults(log: tuple[LoggedCall, ...], drill: DrillSection, *, where: Where) -> list[Fault]:
    """What is wrong with a log of calls; ``where`` names a call by its number."""
    known = {kind.id for kind in drill.kinds}
    faults = []
    for at, call in enumerate(log):
        if not (-180 <= call.lon <= 180 and -85 <= call.lat <= 85):
            found = f"{call.lon}, {call.lat}"
            faults.append(cell_fault("S454", f"{where(at)} lon, lat", found, "degrees, WGS84"))
        elif call.kind not in known | {""}:
            faults.append(_unknown_kind(where(at), call.kind, known))
        elif not 0 <= call.at_s < drill.length:
            wanted = "a time between start and end of the drill"
            faults.append(cell_fault("S468", f"{where(at)} at", _said(call.at_s, drill), wanted))
    return faults


def _said(at_s: float, drill: DrillSection) -> str:
    try:
        return (drill.starts + timedelta(seconds=at_s)).isoformat()
    except OverflowError:
        return f"{at_s:g} s after the start"


def hours_of(row: RateRow) -> tuple[int, ...]:
    """Hours of the week, Monday 0:00 = 0, that a row speaks of."""
    days = range(7) if row.weekday is None else (row.weekday - 1,)
    return tuple(24 * day + row.hour for day in days)


def cell_fault(code: str, where: str, found: object, wanted: str) -> Fault:
    """A fault of one cell."""
    return Fault(
        code=code, where=where, found=str(found)[:60] or "nothing", wanted=wanted, fix="Correct the cell."
    )


def refuse_all(faults: list[Fault]) -> None:
    """Raise the first ``MOST_FAULTS`` of them, if there are any."""
    if faults:
        raise InputError(faults[:MOST_FAULTS])


def _unknown_kind(where: str, kind: str, known: set[str]) -> Fault:
    return cell_fault("S453", f"{where} kind", kind, f"one of {', '.join(sorted(known))}")


def _mixed(rows: tuple[RateRow, ...], file: str) -> list[Fault]:
    """A row without kind (or township) speaks of all of them: beside rows with one, calls count twice."""
    faults = []
    for column, cells in (
        ("kind", [row.kind for row in rows]),
        ("township_id", [row.township for row in rows]),
    ):
        if any(cells) and not all(cells):
            found = f"{cells.count('')} rows without it beside {len(cells) - cells.count('')} with one"
            faults.append(cell_fault("S452", f"{file} {column}", found, "it in every row, or in none"))
    return faults


def _gaps(rows: tuple[RateRow, ...], file: str) -> list[Fault]:
    """Hours of the week that a kind and township say nothing of, or say twice."""
    faults = []
    by_group: dict[tuple[str, str], list[RateRow]] = {}
    for row in rows:
        by_group.setdefault((row.kind, row.township), []).append(row)
    if not rows:
        faults.append(cell_fault("S452", file, "no rows", "a rate for each hour"))
    for (kind, township), group in sorted(by_group.items()):
        said = Counter(hour for row in group for hour in hours_of(row))
        missing = [hour for hour in range(WEEK_H) if hour not in said]
        twice = [hour for hour in range(WEEK_H) if said[hour] > 1]
        for hours, words in ((missing, "missing"), (twice, "said twice")):
            if hours:
                first = f"weekday {hours[0] // 24 + 1}, hour {hours[0] % 24}"
                name = " ".join(part for part in (file, kind, township) if part)
                found = f"{len(hours)} hours {words}, first {first}"
                faults.append(cell_fault("S452", name, found, "each hour once"))
    return faults


def _too_many(drill: DrillSection, where: str) -> list[Fault]:
    """More calls than a replication can hold, in the mean of the weeks that the drill touches."""
    calls, read = drill.calls, drill.calls.read
    if calls.per_day is not None:
        weights = np.array(calls.weekdays)
        expected = calls.per_day * drill.length / 86_400 * float(weights.max() / weights.mean())
    elif calls.rates is not None and read is not None:
        by_hour = np.zeros(WEEK_H)
        for row in read.rates:
            by_hour[list(hours_of(row))] += row.calls_per_h
        weeks, rest_h = divmod(drill.length / 3600, WEEK_H)
        expected = float(weeks * by_hour.sum() + np.sort(by_hour)[::-1][: int(rest_h) + 2].sum())
    else:
        return []
    if expected <= MOST_CALLS:
        return []
    return [
        Fault(
            code="S476",
            where=where,
            found=f"about {expected:.3g} calls in one replication",
            wanted=f"at most {MOST_CALLS:,}",
            fix="Lower the rates, or shorten the drill.",
        )
    ]
