"""The audit: what was changed by whom, and whether the record of it holds."""

import json
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from api.audit import verify
from api.deps import Reading, needs
from api.schemas.edge import Rows, problems
from api.schemas.plans import AuditRecords, AuditShown, AuditVerified
from api.store.tables import AuditRow

router = APIRouter(prefix="/audit", tags=["audit"], dependencies=[needs("administer")])


@router.get("", responses=problems())
def audit(
    session: Reading,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="the last number of the page before")] = 0,
    limit: Rows = 200,
    subject: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = None,
) -> AuditRecords:
    """Rows of the audit, oldest first."""
    query = select(AuditRow).where(AuditRow.number > after).order_by(AuditRow.number).limit(limit + 1)
    rows = session.scalars(query if subject is None else query.where(AuditRow.subject == subject)).all()
    following = rows[limit - 1].number if len(rows) > limit else None
    return AuditRecords(items=tuple(map(_shown, rows[:limit])), next=following)


@router.get("/verification", responses=problems())
def verification(session: Reading) -> AuditVerified:
    """Recompute the whole chain."""
    found = verify(session)
    return AuditVerified(
        holds=not found.faults, rows=found.rows, number=found.number, hash=found.hash, faults=found.faults
    )


def _shown(row: AuditRow) -> AuditShown:
    return AuditShown(
        number=row.number,
        at=row.at,
        actor=row.actor,
        request_id=row.request_id,
        action=row.action,
        subject=row.subject,
        detail=json.loads(row.detail),
        hash=row.hash,
    )
