"""A reserve plan written for people and programs: JSON, CSV, XLSX, GeoPackage, each whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.region.atomic import replacing
from geo.region.geopackage import disk_errors
from geo.steady_files import steady_geopackages
from scenarios.report.reserve_sheets import reserve_sheets
from scenarios.report.tables import STEM, csv_text, write_workbook
from scenarios.report.write import writable
from scenarios.reserve_plan import DepotLine, PlaceServed, ReservePlan, reserve_json
from scenarios.run_record import write_run_record


def write_reserve(
    plan: ReservePlan, folder: Path | str, *, run: dict[str, Any] | None = None
) -> tuple[Path, ...]:
    """Write ``plan.json``, ``plan.xlsx``, ``plan.gpkg`` and one ``plan-TABLE.csv`` a table into a folder.

    All of them are the same bytes for the same plan. Returns the files written, the plan first.

    Raises
    ------
    InputError
        P110 when the folder cannot be written.
    """
    folder = Path(folder)
    with writable(folder):
        return tuple(_write(plan, folder, run))


def _write(plan: ReservePlan, folder: Path, run: dict[str, Any] | None) -> Iterator[Path]:
    sheets = reserve_sheets(plan)
    texts = {f"{STEM}.json": reserve_json(plan)}
    texts |= {f"{STEM}-{sheet.id}.csv": csv_text(sheet) for sheet in sheets}
    for name, text in texts.items():
        with replacing(folder / name) as beside:
            beside.write_text(text, encoding="utf-8", newline="")
        yield folder / name
    write_workbook(sheets, folder / f"{STEM}.xlsx")
    yield folder / f"{STEM}.xlsx"
    _geopackage(plan, folder / f"{STEM}.gpkg")
    yield folder / f"{STEM}.gpkg"
    if run is not None:
        yield write_run_record(folder / f"{STEM}.json", run)


def _geopackage(plan: ReservePlan, path: Path) -> None:
    """Layers ``depots``, ``stock`` (a point for each holding) and ``places`` (served, by scenario)."""
    where = {one.id: (one.lon, one.lat) for one in plan.decisions.depots}
    stock = [
        {**one.model_dump(), "lon": where[one.depot_id][0], "lat": where[one.depot_id][1]}
        for one in plan.decisions.held
    ]
    places = [
        {"scenario_id": one.id, **place.model_dump(exclude={"met"}), **_met(plan, place)}
        for one in plan.scenarios
        for place in one.places
    ]
    depots = pd.DataFrame(
        [one.model_dump() for one in plan.decisions.depots], columns=list(DepotLine.model_fields)
    )
    layers = {"depots": depots, "stock": pd.DataFrame(stock), "places": pd.DataFrame(places)}
    with replacing(path) as beside, disk_errors(path), steady_geopackages():
        beside.unlink(missing_ok=True)
        for name, table in layers.items():
            if len(table):
                points = gpd.points_from_xy(table["lon"], table["lat"])
                layer = gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")
                layer.to_file(beside, layer=name, driver="GPKG", geometry_type="Point", engine="pyogrio")


def _met(plan: ReservePlan, place: PlaceServed) -> dict[str, float]:
    return {f"met_{end / 3600:g}h": share for end, share in zip(plan.windows_s, place.met, strict=True)}
