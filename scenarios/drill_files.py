"""Tables of call rates and logs of calls, CSV or XLSX, read once and kept with the drill they belong to.

Rate table: ``hour`` (0 to 23) and ``calls_per_h``; ``weekday`` (1 = Monday), ``kind`` and ``township_id``
where rates differ by them. Log: ``at`` (with time zone, or local time of the drill), ``lon``, ``lat``,
``kind``.
Chinese headers 小时, 每小时起数, 星期, 类型, 乡镇, 时间, 经度, 纬度 mean the same.
"""

import hashlib
import math
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import Fault, InputError, refuse
from scenarios.drill_calls_check import cell_fault, log_faults, rate_faults, refuse_all, refuse_wrong_calls
from scenarios.drill_calls_models import MOST_PER_H, CallsRead, LoggedCall, RateRow
from scenarios.drill_models import DrillScenario

_HEADERS = {
    "小时": "hour",
    "每小时起数": "calls_per_h",
    "星期": "weekday",
    "类型": "kind",
    "乡镇": "township_id",
    "时间": "at",
    "经度": "lon",
    "纬度": "lat",
}
Where = Callable[[str], str]


def with_calls_read(scenario: DrillScenario, beside: Path, *, where: Where) -> DrillScenario:
    """The drill with what its file of calls says, relative to the folder ``beside``.

    ``where`` names a key of the section ``calls`` for a person, e.g. with its line.

    Raises
    ------
    InputError
        S450 no such file or columns, S451 a rate that is none, S452 hours that are missing or said twice,
        S453 an unknown kind, S454 a call that cannot be read, S468 a call outside the time of the drill, S476
        more calls than can be played; F102 to F111 as tables.
    """
    calls = scenario.drill.calls
    name = calls.rates or calls.log
    if name is None:
        return scenario
    key = "rates" if calls.rates else "log"
    path = beside / name
    frame = _frame(path, where(key), ("hour", "calls_per_h") if key == "rates" else ("at", "lon", "lat"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    read = (
        CallsRead(file=name, digest=digest, rates=_rates(frame, path.name, scenario))
        if key == "rates"
        else CallsRead(file=name, digest=digest, log=_log(frame, path.name, scenario))
    )
    section = scenario.drill.model_copy(update={"calls": calls.model_copy(update={"read": read})})
    found = scenario.model_copy(update={"drill": section})
    refuse_wrong_calls(found, where=where(key).removesuffix(f"drill.calls.{key}").rstrip())
    return found


def _frame(path: Path, where: str, wanted: tuple[str, ...]) -> pd.DataFrame:
    """The cells as text under our names of the columns."""
    from geo.region.delimited import read_csv
    from geo.region.workbook import read_sheets, sheet_frame

    if not path.is_file():
        raise _file_fault(where, f"{path.name!r}, where nothing is", "a CSV or XLSX file")
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        frame = sheet_frame(next(iter(dict(read_sheets(path)).values()), []))
    else:
        frame = read_csv(path)
    frame = frame.rename(columns={name: _HEADERS.get(str(name), str(name)) for name in frame.columns})
    if twice := [name for name in sorted(_HEADERS.values()) if list(frame.columns).count(name) > 1]:
        raise _file_fault(where, f"{path.name} with {', '.join(twice)} more than once", "each column once")
    if missing := [name for name in wanted if name not in frame.columns]:
        raise _file_fault(where, f"{path.name} without {', '.join(missing)}", f"columns {', '.join(wanted)}")
    return frame


def _file_fault(where: str, found: str, wanted: str) -> InputError:
    return refuse("S450", where=where, found=found, wanted=wanted, fix="Correct the file or its name.")


def _rates(frame: pd.DataFrame, file: str, scenario: DrillScenario) -> tuple[RateRow, ...]:
    rows: list[RateRow] = []
    lines: list[int] = []
    faults: list[Fault] = []
    for line, record in _records(frame):
        hour, rate = _number(record.get("hour")), _number(record.get("calls_per_h"))
        weekday, at = _number(record.get("weekday")), f"{file}:{line}"
        if rate is None or not 0 <= rate <= MOST_PER_H:
            wanted = f"a number from 0 to {MOST_PER_H:,}"
            faults.append(cell_fault("S451", f"{at} calls_per_h", record.get("calls_per_h"), wanted))
        elif hour is None or hour not in range(24):
            faults.append(cell_fault("S452", f"{at} hour", record.get("hour"), "an hour from 0 to 23"))
        elif weekday not in (None, *range(1, 8)) or (weekday is None and _text(record.get("weekday"))):
            faults.append(
                cell_fault("S452", f"{at} weekday", record.get("weekday"), "1 (Monday) to 7, or nothing")
            )
        else:
            lines.append(line)
            rows.append(
                RateRow(
                    weekday=None if weekday is None else int(weekday),
                    hour=int(hour),
                    kind=_text(record.get("kind")),
                    township=_text(record.get("township_id")),
                    calls_per_h=rate,
                )
            )
    told = tuple(rows)
    refuse_all(
        faults or rate_faults(told, scenario.drill, file=file, where=lambda row: f"{file}:{lines[row]}")
    )
    return told


def _log(frame: pd.DataFrame, file: str, scenario: DrillScenario) -> tuple[LoggedCall, ...]:
    calls: list[LoggedCall] = []
    lines: list[int] = []
    faults: list[Fault] = []
    for line, record in _records(frame):
        at_s = _since(record.get("at"), scenario.drill.starts)
        lon, lat = _number(record.get("lon")), _number(record.get("lat"))
        if at_s is None:
            wanted = "a date and time, 2026-07-22T19:40:00"
            faults.append(cell_fault("S454", f"{file}:{line} at", record.get("at"), wanted))
        elif lon is None or lat is None:
            found = f"{record.get('lon')}, {record.get('lat')}"
            faults.append(cell_fault("S454", f"{file}:{line} lon, lat", found, "degrees, WGS84"))
        else:
            lines.append(line)
            calls.append(LoggedCall(at_s=at_s, kind=_text(record.get("kind")), lon=lon, lat=lat))
    told = tuple(calls)
    refuse_all(faults + log_faults(told, scenario.drill, where=lambda call: f"{file}:{lines[call]}"))
    return told


def _records(frame: pd.DataFrame) -> Iterable[tuple[int, dict[Any, Any]]]:
    """Line of each row in its file, the header row being 1, and its cells."""
    return (
        (int(position) + 2, record)
        for position, record in zip(frame.index, frame.to_dict("records"), strict=True)
    )


def _since(cell: Any, starts: datetime) -> float | None:
    try:
        at = cell if isinstance(cell, datetime) else datetime.fromisoformat(str(cell).strip())
        return ((at if at.tzinfo else at.replace(tzinfo=starts.tzinfo)) - starts).total_seconds()
    except (ValueError, OverflowError):
        return None


def _number(cell: Any) -> float | None:
    try:
        value = float(str(cell).strip())
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _text(cell: Any) -> str:
    return "" if cell is None or (isinstance(cell, float) and math.isnan(cell)) else str(cell).strip()
