"""Reports filled from the record, numbered and frozen when they are issued."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.exercise import EXERCISE, exercise_of
from api.incidents import held_for
from api.local_time import zone_of
from api.problems import Problem
from api.procedure.log_words import REPORTS
from api.reports.ground import Ground
from api.reports.sections import sections
from api.schemas.reports import ReportAsked, ReportContent, ReportKind, Said
from api.store.procedure_tables import ReportRow
from api.store.tables import IncidentRow, PlanRow
from api.writing import Writing
from geo.region.region import Region
from scenarios.dispatch_plan import DispatchPlan
from scenarios.report.dispatch_words import HAZARDS
from scenarios.report.text import Text


def reports_of(session: Session, incident_id: str) -> Sequence[ReportRow]:
    """Reports of an incident in the order they were issued."""
    query = select(ReportRow).where(ReportRow.incident_id == incident_id).order_by(ReportRow.number)
    return session.scalars(query).all()


def draft(
    session: Session, region: Region, incident_id: str, asked: ReportAsked, at: datetime
) -> ReportContent:
    """The report as it would be issued now; raises ``Problem`` A118."""
    incident = session.get(IncidentRow, incident_id)
    if incident is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    zone = zone_of(region)
    ground = Ground(
        session=session, region=region, incident=incident, plan=_plan(session, incident_id), zone=zone,
        asked=asked,
    )  # fmt: skip
    away = zone.utcoffset(at)
    return ReportContent(
        incident_id=incident_id,
        kind=asked.kind,
        number=len(reports_of(session, incident_id)) + 1,
        title=_title(incident, asked.kind, exercise=exercise_of(session) is not None),
        to=asked.to,
        sender=asked.sender,
        author=asked.author,
        approver=asked.approver,
        phone=asked.phone,
        as_of=at,
        utc_offset_s=int(away.total_seconds()),
        sections=sections(ground),
    )


def issue_report(writing: Writing, region: Region, incident_id: str, asked: ReportAsked) -> ReportRow:
    """Issue a report: from now on nothing in it changes, whatever happens to the incident.

    Raises
    ------
    Problem
        A118 no such incident, A240 it is not this kind's turn, A241 a final report while orders go on.
    """
    content = draft(writing.session, region, incident_id, asked, writing.at)
    _refuse_turn(writing.session, incident_id, asked.kind)
    text = content.model_dump_json()
    row = ReportRow(
        id=writing.next_id("report"),
        incident_id=incident_id,
        kind=asked.kind,
        number=content.number,
        issued_at=writing.at,
        issued_by=writing.actor,
        content=text,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
    )
    writing.session.add(row)
    writing.record(
        "report.issued",
        row.id,
        incident_id=incident_id,
        kind=row.kind,
        number=row.number,
        content_hash=row.content_hash,
    )
    return row


def _refuse_turn(session: Session, incident_id: str, kind: ReportKind) -> None:
    """First once, then follow-ups, then one final report when the work is done."""
    kinds = [row.kind for row in reports_of(session, incident_id)]
    if "final" in kinds:
        raise Problem("A240", 409, f"the final report of {incident_id} has been issued", issued=kinds)
    if (kind == "first") == bool(kinds):
        wanted = "follow_up or final" if kinds else "first"
        raise Problem("A240", 409, f"{incident_id} wants a report of the kind {wanted}", issued=kinds)
    if kind == "final":
        orders = [order.id for order in held_for(session, incident_id)]
        if orders:
            raise Problem("A241", 409, f"{incident_id} has {len(orders)} orders that go on", orders=orders)


def _plan(session: Session, incident_id: str) -> tuple[PlanRow, DispatchPlan] | None:
    """The newest plan of an incident that was carried out, else the newest proposed."""
    rows = session.execute(select(PlanRow.id, PlanRow.status, PlanRow.incidents).order_by(PlanRow.id))
    mine = [(status != "proposed", name) for name, status, incidents in rows if incident_id in incidents]
    if not mine:
        return None
    row = session.get_one(PlanRow, max(mine)[1])
    return row, DispatchPlan.model_validate_json(row.document)


def _title(incident: IncidentRow, kind: ReportKind, *, exercise: bool) -> Said:
    report, hazard = incident.report, HAZARDS[incident.hazard]
    zh = report["name_zh"] or report["name_en"] or hazard.zh
    en = report["name_en"] or report["name_zh"] or hazard.en
    words = REPORTS[kind]
    mark = Text(f"【{EXERCISE.zh}】", f"{EXERCISE.en}: ") if exercise else Text("", "")
    return Said(zh=f"{mark.zh}关于{zh}的信息报告（{words.zh}）", en=f"{mark.en}{en}: {words.en}")
