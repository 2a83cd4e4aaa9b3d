"""A dispatch plan written for people and programs: JSON, CSV, XLSX, GeoPackage, each whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry import LineString, Point, shape

from geo.region.atomic import replacing
from geo.steady_files import steady_geopackages
from scenarios.dispatch_plan import DispatchPlan, dispatch_json
from scenarios.report.relief_sheets import relief_shapes, relief_sheets
from scenarios.report.siting_tables import Cell, Sheet
from scenarios.report.tables import STEM, csv_text, write_workbook
from scenarios.report.text import Text
from scenarios.report.write import writable
from scenarios.run_record import write_run_record


def write_dispatch(
    plan: DispatchPlan, folder: Path | str, *, run: dict[str, Any] | None = None
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


def _write(plan: DispatchPlan, folder: Path, run: dict[str, Any] | None) -> Iterator[Path]:
    sheets = dispatch_sheets(plan)
    texts = {f"{STEM}.json": dispatch_json(plan)}
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


def dispatch_sheets(plan: DispatchPlan) -> tuple[Sheet, ...]:
    """All tables of a plan."""
    sheets = (_slots(plan), _teams(plan), _shortages(plan), _zones(plan), _reasons(plan), _cover(plan))
    return sheets if plan.relief is None else (*sheets, *relief_sheets(plan.relief))


def _sheet(name: str, title: Text, headers: dict[str, Text], rows: list[tuple[Cell, ...]]) -> Sheet:
    return Sheet(id=name, title=title, keys=tuple(headers), headers=tuple(headers.values()), rows=tuple(rows))


_INCIDENT = {"incident_id": Text("事件", "incident")}
_ASKED = {
    "capability": Text("能力", "capability"),
    "level": Text("级别", "level"),
    "complement": Text("批次", "alarm"),
}


def _slots(plan: DispatchPlan) -> Sheet:
    headers = {
        **_INCIDENT,
        **_ASKED,
        "within_s": Text("时限（秒）", "due, s"),
        "team_id": Text("队伍", "team"),
        "arrival_s": Text("到达（秒）", "arrival, s"),
        "late_s": Text("迟到（秒）", "late, s"),
        "source": Text("来源", "source"),
    }
    return _sheet("slots", Text("任务", "Slots"), headers, _rows(plan.decisions.slots, headers))


def _teams(plan: DispatchPlan) -> Sheet:
    headers = {
        "id": Text("编号", "id"),
        "name_zh": Text("名称", "Chinese name"),
        "name_en": Text("英文名称", "English name"),
        **_INCIDENT,
        "force": Text("力量", "force"),
        "people": Text("人数", "people"),
        "vehicles": Text("车辆", "vehicles"),
        "turnout_s": Text("出动（秒）", "turnout, s"),
        "travel_s": Text("行车（秒）", "drive, s"),
        "arrival_s": Text("到达（秒）", "arrival, s"),
    }
    rows = [
        (*row, team.route.length_m, "; ".join(team.route.streets))
        for row, team in zip(_rows(plan.decisions.teams, headers), plan.decisions.teams, strict=True)
    ]
    headers |= {"length_m": Text("里程（米）", "length, m"), "streets": Text("途经", "streets")}
    return _sheet("teams", Text("派出队伍", "Teams sent"), headers, rows)


def _shortages(plan: DispatchPlan) -> Sheet:
    headers = {
        "code": Text("代码", "code"),
        **_INCIDENT,
        "capability": _ASKED["capability"],
        "level": _ASKED["level"],
        "count": Text("缺少", "short"),
    }
    rows = [
        (
            *row,
            one.nearest.team_id if one.nearest else None,
            one.nearest.arrival_s if one.nearest else None,
            one.nearest.why if one.nearest else None,
        )
        for row, one in zip(_rows(plan.shortages, headers), plan.shortages, strict=True)
    ]
    headers |= {
        "nearest": Text("最近来源", "nearest source"),
        "nearest_arrival_s": Text("其到达（秒）", "its arrival, s"),
        "why": Text("原因", "why"),
    }
    return _sheet("shortages", Text("缺口", "Shortages"), headers, rows)


def _zones(plan: DispatchPlan) -> Sheet:
    headers = {
        "id": Text("编号", "id"),
        "kind": Text("种类", "kind"),
        "level": Text("等级", "level"),
        "people": Text("区内人口", "people inside"),
        "reach_m": Text("范围（米）", "reach, m"),
        "depth_m": Text("水深（米）", "depth, m"),
        "valid_from": Text("自", "from"),
        "valid_to": Text("至", "to"),
        "formula": Text("依据", "basis"),
        "certainty": Text("可靠程度", "certainty"),
    }
    zones = [zone for incident in plan.decisions.incidents for zone in incident.zones]
    return _sheet("zones", Text("危险区", "Zones"), headers, _rows(zones, headers))


def _reasons(plan: DispatchPlan) -> Sheet:
    headers = {
        "team_id": Text("队伍", "team"),
        "instead": Text("接替队伍", "taken by"),
        "later_s": Text("晚（秒）", "later, s"),
        "shortage": Text("加权缺口增加", "weighted shortage more"),
        "aid_teams": Text("增援", "more mutual aid"),
        "weighted_later_s": Text("加权到达变化（秒）", "weighted arrival more, s"),
    }
    return _sheet("reasons", Text("理由", "Reasons"), headers, _rows(plan.reasons, headers))


def _cover(plan: DispatchPlan) -> Sheet:
    headers = {
        "id": Text("乡镇", "township"),
        "name_zh": Text("名称", "Chinese name"),
        "name_en": Text("英文名称", "English name"),
        "within_s": Text("时限（秒）", "within, s"),
        "people": Text("人口", "people"),
        "covered_before": Text("原达标人口", "people in time before"),
        "covered_after": Text("派出后达标人口", "people in time with the plan"),
    }
    return _sheet(
        "cover", Text("留守覆盖", "Cover left behind"), headers, _rows(plan.cover.townships, headers)
    )


def _rows(records: Any, headers: dict[str, Text]) -> list[tuple[Cell, ...]]:
    return [tuple(getattr(record, key) for key in headers) for record in records]


def _geopackage(plan: DispatchPlan, path: Path) -> None:
    """Layers ``zones``, ``routes``, ``teams``, ``staging``, ``incidents`` and those of relief; none empty."""
    with replacing(path) as beside, steady_geopackages():
        beside.unlink(missing_ok=True)
        further = relief_shapes(plan.relief) if plan.relief else {}
        for name, (rows, shapes) in (_layers(plan) | further).items():
            if rows:
                table = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
                table.to_file(beside, layer=name, driver="GPKG", engine="pyogrio")


def _layers(plan: DispatchPlan) -> dict[str, tuple[list[dict[str, Any]], list[Any]]]:
    incidents, teams = plan.decisions.incidents, plan.decisions.teams
    staged = [i for i in incidents if i.staging is not None]
    zones = [zone for incident in incidents for zone in incident.zones]
    listed = {"polygon", "notes"}
    return {
        "zones": ([z.model_dump(exclude=listed) for z in zones], [shape(z.polygon) for z in zones]),
        "routes": (
            [{"team_id": t.id, "length_m": t.route.length_m, "arrival_s": t.arrival_s} for t in teams],
            [LineString(t.route.geometry) for t in teams],
        ),
        "teams": ([t.model_dump(exclude={"route"}) for t in teams], [Point(t.lon, t.lat) for t in teams]),
        "staging": (
            [{"incident_id": i.id, "side": i.staging.side, "street": i.staging.street} for i in staged],  # type: ignore[union-attr]  # only those that have one
            [Point(i.staging.lon, i.staging.lat) for i in staged],  # type: ignore[union-attr]  # as above
        ),
        "incidents": (
            [{"id": i.id, "hazard": i.hazard, "level": i.level, "people": i.people} for i in incidents],
            [Point(i.lon, i.lat) for i in incidents],
        ),
    }
