"""A plan written for people and programs: JSON, CSV, XLSX, GeoPackage, each whole or not at all."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.region.atomic import replacing
from geo.region.geopackage import disk_errors
from geo.region.region import Region
from geo.steady_files import steady_geopackages, workbook_bytes
from scenarios.plan import Site, SitingPlan, plan_json
from scenarios.point_service import PointService, point_service
from scenarios.report.siting_tables import Sheet, siting_sheets
from scenarios.report.write import writable
from scenarios.run_record import write_run_record

STEM = "plan"
_FORMULA = ("=", "+", "-", "@")
"""A spreadsheet takes text that starts so for a formula."""


def write_plan(
    plan: SitingPlan, region: Region, folder: Path | str, *, run: dict[str, Any] | None = None
) -> tuple[Path, ...]:
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
        return _write(plan, point_service(plan, region), folder, run)


def _write(
    plan: SitingPlan, service: PointService, folder: Path, run: dict[str, Any] | None
) -> tuple[Path, ...]:
    sheets = siting_sheets(plan)
    main = folder / f"{STEM}.json"
    _write_text(main, plan_json(plan))
    written = [main]
    for sheet in sheets:
        written.append(folder / f"{STEM}-{sheet.id}.csv")
        _write_text(written[-1], csv_text(sheet))
    written += [folder / f"{STEM}.xlsx", folder / f"{STEM}.gpkg"]
    write_workbook(sheets, written[-2])
    write_geopackage(plan, service, written[-1])
    if run is not None:
        written.append(write_run_record(main, run))
    return tuple(written)


def _write_text(path: Path, text: str) -> None:
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="")


def csv_text(sheet: Sheet) -> str:
    """A table as CSV with byte-order mark, which spreadsheets open rightly; keys in the first row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.keys)
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return "\ufeff" + text.getvalue()


def _harmless(cell: Any) -> Any:
    """Text that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def write_workbook(sheets: Sequence[Sheet], path: Path) -> None:
    """All tables as one XLSX, a sheet each, with headers in both languages."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for sheet in sheets:
        page = book.create_sheet(sheet.title.zh[:31])
        page.append([header.zh for header in sheet.headers])
        page.append([header.en for header in sheet.headers])
        for row in sheet.rows:
            page.append([_harmless(cell) for cell in row])
        page.freeze_panes = "A3"
        for column, header in zip(page.columns, sheet.headers, strict=True):
            page.column_dimensions[column[0].column_letter].width = max(12, 2 * len(header.zh))
    with replacing(path) as beside:
        beside.write_bytes(workbook_bytes(book))  # whole: on a full disk openpyxl leaves generators hanging


def write_geopackage(plan: SitingPlan, service: PointService, path: Path) -> None:
    """Layers ``sites_open``, ``sites_keep``, ``sites_close`` and ``demand`` with its service."""
    layers = {f"sites_{key}": _site_layer(getattr(plan.decisions, key)) for key in ("open", "keep", "close")}
    layers["demand"] = _demand_layer(service)
    with replacing(path) as beside, disk_errors(path), steady_geopackages():
        beside.unlink(missing_ok=True)
        for name, layer in layers.items():
            layer.to_file(beside, layer=name, driver="GPKG", geometry_type="Point", engine="pyogrio")


def _site_layer(sites: Sequence[Site]) -> gpd.GeoDataFrame:
    rows = [site.model_dump() for site in sites]
    table = pd.DataFrame(rows, columns=list(Site.model_fields))
    table["cost"] = table["cost"].astype(float)
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")


def _demand_layer(service: PointService) -> gpd.GeoDataFrame:
    points = service.points
    return gpd.GeoDataFrame(
        {
            "id": points["id"],
            "name_zh": points["name_zh"],
            "name_en": points["name_en"],
            "people": points["people"].to_numpy(np.int64),
            "township_id": points["township_id"],
            "force": list(service.force),
            "within_s": service.within_s,
            "before_s": _seconds(service.before_s),
            "after_s": _seconds(service.after_s),
            "in_time_before": service.covered_before,
            "in_time_after": service.covered_after,
        },
        geometry=points.geometry,
        crs="EPSG:4326",
    )


def _seconds(times_s: "np.ndarray[Any, np.dtype[np.float64]]") -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Missing where nobody arrives: GeoPackage has no infinity."""
    return np.where(np.isfinite(times_s), times_s, np.nan)
