"""Reports of an incident, and its sheets on paper."""

import json
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.deps import Answer, Reading, Served, Writes, needs
from api.exercise import instant_of
from api.local_time import zone_of
from api.problems import Problem
from api.reports.docx_file import report_docx
from api.reports.form import Paper, page
from api.reports.issue import draft, issue_report, reports_of
from api.reports.map_sheet import map_sheet
from api.reports.order_sheets import order_sheet, order_sheets
from api.reports.page import report_page
from api.reports.roster_page import roster
from api.schemas.edge import RecordId, problems
from api.schemas.reports import (
    ReportAsked,
    ReportContent,
    ReportKind,
    ReportRecord,
    ReportRecords,
    ReportShown,
)
from api.store.procedure_tables import ReportRow
from api.store.tables import IncidentRow
from api.writing import Writing
from scenarios.report.text import Language, Text

router = APIRouter(tags=["reports"], dependencies=[needs("read")])
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCX_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}
}
HTML_PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
Lang = Annotated[Language, Query(description="the language shown first")]
Sheet = Annotated[Paper, Query(description="paper that the print asks for")]


@router.get("/incidents/{incident_id}/reports", responses=problems(404))
def reports(incident_id: RecordId, session: Reading) -> ReportRecords:
    """The reports of an incident, in the order they were issued."""
    if session.get(IncidentRow, incident_id) is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    return ReportRecords(items=tuple(map(_record, reports_of(session, incident_id))))


@router.get("/incidents/{incident_id}/reports/draft", responses=problems(404))
def drafted(
    incident_id: RecordId, session: Reading, service: Served, kind: ReportKind = "first"
) -> ReportContent:
    """The next report as the record alone would fill it now; nothing is kept."""
    return draft(session, service.region, incident_id, ReportAsked(kind=kind), instant_of(session))


@router.post(
    "/incidents/{incident_id}/reports",
    status_code=201,
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=ReportShown,
)
def issue(incident_id: RecordId, asked: ReportAsked, service: Served, write: Writes) -> Response:
    """Issue a report: filled from the record, numbered, and frozen."""

    def action(writing: Writing) -> Answer:
        row = issue_report(writing, service.region, incident_id, asked)
        return Answer(body=_shown(row), status=201, location=f"/reports/{row.id}")

    return write.do(action)


@router.get("/reports/{report_id}", responses=problems(404), response_model=ReportShown)
def report(report_id: RecordId, session: Reading) -> Response:
    """An issued report, its content as it was issued."""
    return Response(_shown(_row(session, report_id)), media_type="application/json")


@router.get("/reports/{report_id}/docx", responses={**problems(404), **DOCX_FILE}, response_class=Response)
def report_file(report_id: RecordId, session: Reading, language: Lang = "zh") -> Response:
    """An issued report as a file for word processors; the same report gives the same bytes."""
    row = _row(session, report_id)
    name = f"{row.incident_id}-{row.number:02d}-{language}.docx"
    return Response(
        report_docx(_content(row), language),
        media_type=DOCX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/reports/{report_id}/page", responses={**problems(404), **HTML_PAGE}, response_class=Response)
def printed(report_id: RecordId, session: Reading, language: Lang = "zh") -> Response:
    """An issued report as a page to print, in both languages."""
    return report_page(_content(_row(session, report_id)), language)


@router.get(
    "/orders/{order_id}/sheet",
    dependencies=[needs("call")],
    responses={**problems(404), **HTML_PAGE},
    response_class=Response,
)
def sheet(order_id: RecordId, session: Reading, service: Served, language: Lang = "zh") -> Response:
    """The order sheet of one team, to print on A4."""
    body = order_sheet(session, service.region, order_id, zone_of(service.region))
    return page(body, title=Text("出动指令单", "Order sheet"), kind="order", language=language)


@router.get(
    "/incidents/{incident_id}/sheets",
    dependencies=[needs("call")],
    responses={**problems(404), **HTML_PAGE},
    response_class=Response,
)
def sheets(incident_id: RecordId, session: Reading, service: Served, language: Lang = "zh") -> Response:
    """The order sheets of all teams on an incident, one page a team."""
    body = order_sheets(session, service.region, incident_id, zone_of(service.region))
    return page(body, title=Text("出动指令单", "Order sheets"), kind="orders", language=language)


@router.get(
    "/incidents/{incident_id}/roster",
    dependencies=[needs("call")],
    responses={**problems(404), **HTML_PAGE},
    response_class=Response,
)
def roster_sheet(
    incident_id: RecordId, session: Reading, service: Served, language: Lang = "zh", paper: Sheet = "A4"
) -> Response:
    """Who is sent, who is on duty now, whom to call; to print."""
    body = roster(session, incident_id, instant_of(session), zone_of(service.region))
    title = Text("值班与联络表", "Roster and calls")
    return page(body, title=title, kind="roster", language=language, paper=paper)


@router.get(
    "/incidents/{incident_id}/map", responses={**problems(404, 409), **HTML_PAGE}, response_class=Response
)
def incident_map(
    incident_id: RecordId, session: Reading, service: Served, language: Lang = "zh", paper: Sheet = "A4"
) -> Response:
    """The map of an incident, to print; with the field for the map review number (审图号)."""
    body = map_sheet(
        session, service.region, incident_id, instant_of(session), zone_of(service.region), paper=paper
    )
    title = Text("处置图", "Incident map")
    return page(body, title=title, kind="map", language=language, paper=paper, landscape=True)


def _row(session: Session, report_id: str) -> ReportRow:
    row = session.get(ReportRow, report_id)
    if row is None:
        raise Problem("A118", 404, f"no report {report_id}")
    return row


def _content(row: ReportRow) -> ReportContent:
    return ReportContent.model_validate(json.loads(row.content))


def _record(row: ReportRow) -> ReportRecord:
    return ReportRecord(
        id=row.id,
        incident_id=row.incident_id,
        kind=cast(ReportKind, row.kind),
        number=row.number,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        content_hash=row.content_hash,
    )


def _shown(row: ReportRow) -> str:
    """A report with its content byte for byte as it was issued."""
    return f'{_record(row).model_dump_json()[:-1]},"content":{row.content}}}'
