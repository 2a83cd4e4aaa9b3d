"""A drill written for people and programs: JSON, CSV, XLSX and the trace, each whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.region.atomic import replacing
from scenarios.drill import Drill
from scenarios.drill_report import DrillReport, drill_json
from scenarios.drill_trace import COLUMNS, Cells, trace_json
from scenarios.report.drill_sheets import drill_sheets
from scenarios.report.siting_tables import Sheet
from scenarios.report.tables import STEM, csv_text, write_workbook
from scenarios.report.text import Text
from scenarios.report.write import writable
from scenarios.run_record import write_run_record

TRACE = "trace"


def write_drill(
    report: DrillReport,
    ready: Drill,
    rows: tuple[Cells, ...],
    folder: Path | str,
    *,
    run: dict[str, Any] | None = None,
) -> tuple[Path, ...]:
    """Write ``plan.json``, ``plan.xlsx``, a ``plan-TABLE.csv`` a table, and the trace of one replication.

    JSON and CSV are the same bytes for the same drill; ``rows``: as ``scenarios.drill_trace.trace`` gives
    them. Returns the files written, the report first.

    Raises
    ------
    InputError
        P110 when the folder cannot be written.
    """
    folder = Path(folder)
    with writable(folder):
        return tuple(_write(report, ready, rows, folder, run))


def _write(
    report: DrillReport,
    ready: Drill,
    rows: tuple[Cells, ...],
    folder: Path,
    run: dict[str, Any] | None,
) -> Iterator[Path]:
    sheets = drill_sheets(report)
    headers = tuple(Text.same(name) for name in COLUMNS)
    events = Sheet(id=TRACE, title=Text("过程", "Trace"), keys=COLUMNS, headers=headers, rows=rows)
    texts = {f"{STEM}.json": drill_json(report)}
    texts |= {f"{STEM}-{sheet.id}.csv": csv_text(sheet) for sheet in sheets}
    texts |= {f"{TRACE}.csv": csv_text(events), f"{TRACE}.json": trace_json(ready, rows)}
    for name, text in texts.items():
        with replacing(folder / name) as beside:
            beside.write_text(text, encoding="utf-8", newline="")
        yield folder / name
    write_workbook(sheets, folder / f"{STEM}.xlsx")
    yield folder / f"{STEM}.xlsx"
    if run is not None:
        yield write_run_record(folder / f"{STEM}.json", run)
