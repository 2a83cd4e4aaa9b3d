"""A park plan written for people and programs: JSON, CSV, XLSX, GeoPackage, each whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd

from geo.region.atomic import replacing
from geo.region.geopackage import disk_errors
from geo.steady_files import steady_geopackages
from scenarios.park_plan import ParkPlan
from scenarios.plan_file import plan_text
from scenarios.report.assumptions import assumptions_table
from scenarios.report.park_tables import (
    fires_table,
    foam_table,
    hydrants_table,
    points_table,
    roads_table,
    sources_table,
)
from scenarios.report.siting_tables import Cell, Sheet
from scenarios.report.table import Table
from scenarios.report.tables import STEM, csv_text, write_workbook
from scenarios.report.text import Text, Value
from scenarios.report.write import writable
from scenarios.run_record import write_run_record


def write_park(plan: ParkPlan, folder: Path | str, *, run: dict[str, Any] | None = None) -> tuple[Path, ...]:
    """Write ``plan.json``, ``plan.xlsx``, ``plan.gpkg`` and one ``plan-TABLE.csv`` a table into a folder.

    JSON and CSV are the same bytes for the same plan. ``run`` is the run record, written beside the plan.
    Returns the files written, the plan first.

    Raises
    ------
    InputError
        P110 when the folder cannot be written.
    """
    folder = Path(folder)
    with writable(folder):
        return tuple(_written(plan, folder, run))


def park_sheets(plan: ParkPlan) -> tuple[Sheet, ...]:
    """All tables of a plan, as the page shows them."""
    tables = [hydrants_table(plan), roads_table(plan), points_table(plan), fires_table(plan.pond)]
    tables += [foam_table(plan.foam)] if plan.foam else []
    return tuple(map(_sheet, (*tables, sources_table(plan), assumptions_table(plan.assumptions))))


def _written(plan: ParkPlan, folder: Path, run: dict[str, Any] | None) -> Iterator[Path]:
    main, sheets = folder / f"{STEM}.json", park_sheets(plan)
    _write_text(main, plan_text(plan))
    yield main
    for sheet in sheets:
        file = folder / f"{STEM}-{sheet.id}.csv"
        _write_text(file, csv_text(sheet))
        yield file
    write_workbook(sheets, folder / f"{STEM}.xlsx")
    yield folder / f"{STEM}.xlsx"
    _write_geopackage(plan, folder / f"{STEM}.gpkg")
    yield folder / f"{STEM}.gpkg"
    if run is not None:
        yield write_run_record(main, run)


def _write_text(path: Path, text: str) -> None:
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="")


def _sheet(table: Table) -> Sheet:
    return Sheet(
        id=table.id,
        title=table.title,
        keys=tuple(column.id for column in table.columns),
        headers=tuple(column.title for column in table.columns),
        rows=tuple(tuple(map(_cell, row.cells)) for row in table.rows),
    )


def _cell(value: Value) -> Cell:
    """A value of the page in a cell: words in both languages, numbers as they are."""
    if isinstance(value, Text):
        zh, en = value.of("zh"), value.of("en")
        return zh if zh == en else f"{zh} / {en}"
    return value if isinstance(value, str | int | float) else None


def _write_geopackage(plan: ParkPlan, path: Path) -> None:
    """Layers ``hydrants`` and ``points``."""
    hydrants = gpd.GeoDataFrame(
        {
            "id": [one.id for one in plan.hydrants],
            "roads": [";".join(on.road for on in one.on) for one in plan.hydrants],
        },
        geometry=gpd.points_from_xy([o.lon for o in plan.hydrants], [o.lat for o in plan.hydrants]),
        crs="EPSG:4326",
    )
    points = gpd.GeoDataFrame(
        {
            "id": [one.id for one in plan.points],
            "hydrant": [one.hydrant for one in plan.points],
            "distance_m": [one.distance_m for one in plan.points],
        },
        geometry=gpd.points_from_xy([o.lon for o in plan.points], [o.lat for o in plan.points]),
        crs="EPSG:4326",
    )
    with replacing(path) as beside, disk_errors(path), steady_geopackages():
        beside.unlink(missing_ok=True)
        for name, layer in (("hydrants", hydrants), ("points", points)):
            layer.to_file(beside, layer=name, driver="GPKG", geometry_type="Point", engine="pyogrio")
