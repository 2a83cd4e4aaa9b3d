"""Jobs in the store: asked for, taken up, ended. Every step is one transaction with its row in the audit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.keys import Principal
from api.problems import Problem
from api.processes import PROCESSES
from api.roles import may
from api.store.job_tables import JobResultRow, JobRow
from api.writing import Writing

UNFINISHED = ("accepted", "running")
LANE = "slow lane"
"""Who the audit names for what becomes of a job by itself."""
MOST_ATTEMPTS = 2
"""Processes that may die of one job."""


@dataclass(frozen=True, slots=True)
class Known:
    """How far a search is: step, share done 0 to 1, best value and bound so far, their relative distance."""

    phase: str = ""
    done: float = 0.0
    bound: float | None = None
    value: float | None = None
    gap: float | None = None


def ask(
    writing: Writing, process: str, asked: dict[str, Any], caller: Principal, *, waiting: int, each: int
) -> JobRow:
    """A new job.

    Raises
    ------
    Problem
        A203 more than ``waiting`` jobs wait, A204 the key has more than ``each`` unfinished jobs.
    """
    session = writing.session
    if _count(session, JobRow.status == "accepted") >= waiting:
        raise Problem("A203", 429, f"{waiting} jobs wait already", retry_after_s=60)
    if _count(session, JobRow.status.in_(UNFINISHED), JobRow.key_id == caller.key_id) >= each:
        raise Problem(
            "A204", 429, f"this key has {each} unfinished jobs; cancel one or wait", retry_after_s=60
        )
    row = JobRow(
        id=writing.next_id("job"),
        process=process,
        status="accepted",
        asked=json.dumps(asked, ensure_ascii=False),
        key_id=caller.key_id,
        made_at=writing.at,
        made_by=writing.actor,
        changed_at=writing.at,
        attempts=0,
        handed_back=0,
        phase="",
        done=0.0,
    )
    session.add(row)
    _record(writing, "asked", row)
    return row


def _count(session: Session, *conditions: Any) -> int:
    return session.scalar(select(func.count()).select_from(JobRow).where(*conditions)) or 0


def visible(session: Session, job_id: str, caller: Principal) -> JobRow:
    """A job of this key, or any for an admin; raises ``Problem`` A118 for others, as if there was none."""
    row = session.get(JobRow, job_id)
    if row is None or not (row.key_id == caller.key_id or may(caller.role, "administer")):
        raise Problem("A118", 404, f"no job {job_id}")
    return row


def result(session: Session, row: JobRow) -> str:
    """What a job found.

    Raises
    ------
    Problem
        A205 it has not ended, A206 it was cancelled, or the problem it failed with.
    """
    if row.status == "successful":
        return session.get_one(JobResultRow, row.id).document
    if row.problem is not None:
        found = json.loads(row.problem)
        raise Problem(found["code"], 422, found["detail"], **found["facts"])
    if row.status == "dismissed":
        raise Problem("A206", 404, f"{row.id} was cancelled; it has no result")
    raise Problem("A205", 404, f"{row.id} is {row.status}; there is no result yet", retry_after_s=5)


def take_up(writing: Writing, job_id: str) -> JobRow | None:
    """Say that a process begins with a job; ``None`` where it is not to be done any more."""
    row = writing.session.get(JobRow, job_id)
    if row is None or row.status != "accepted":
        return None
    row.status, row.started_at, row.attempts = "running", writing.at, row.attempts + 1
    _know(row, Known())
    _record(writing, "started", row)
    return row


def succeed(writing: Writing, job_id: str, document: str, known: Known) -> None:
    """Keep what a job found, and what follows from it; nothing where it was cancelled meanwhile."""
    row = _running(writing, job_id)
    if row is None:
        return
    writing.session.add(JobResultRow(job_id=row.id, document=document))
    row.plan_id = PROCESSES[row.process].keep(writing, row, document)
    _know(row, known)
    _finish(writing, row, "successful")


def fail(writing: Writing, job_id: str, code: str, detail: str, **facts: Any) -> None:
    """End a job that cannot be done, and say why."""
    row = _running(writing, job_id)
    if row is None:
        return
    row.problem = json.dumps({"code": code, "detail": detail, "facts": facts}, ensure_ascii=False)
    _finish(writing, row, "failed")


def give_back(writing: Writing, job_id: str, *, why: str) -> bool:
    """Put a job whose process is gone back into the queue; whether it will be tried again.

    ``why``: ``handed back`` by a server that ended, or ``worker lost``; of the latter there may be one.
    """
    row = _running(writing, job_id)
    if row is None:
        return False
    if why == "handed back":
        row.handed_back += 1
    elif row.attempts - row.handed_back >= MOST_ATTEMPTS:
        fail(writing, job_id, "A207", f"the process of {job_id} ended unasked, twice")
        return False
    row.status, row.changed_at = "accepted", writing.at
    _record(writing, why.replace(" ", "_"), row)
    return True


def dismiss(writing: Writing, job_id: str, caller: Principal) -> JobRow:
    """Cancel a job; raises ``Problem`` A118 or, where it has ended, A208."""
    row = visible(writing.session, job_id, caller)
    if row.status not in UNFINISHED:
        raise Problem("A208", 409, f"{job_id} has ended: {row.status}", job_status=row.status)
    _finish(writing, row, "dismissed")
    return row


def unfinished(session: Session, status: str) -> Sequence[str]:
    """Jobs that wait or run, oldest first."""
    return session.scalars(select(JobRow.id).where(JobRow.status == status).order_by(JobRow.id)).all()


def _running(writing: Writing, job_id: str) -> JobRow | None:
    row = writing.session.get(JobRow, job_id)
    return row if row is not None and row.status == "running" else None


def _finish(writing: Writing, row: JobRow, status: str) -> None:
    row.status, row.ended_at, row.changed_at = status, writing.at, writing.at
    _record(writing, "ended", row)


def _know(row: JobRow, known: Known) -> None:
    row.phase, row.done = known.phase, known.done
    row.value, row.bound, row.gap = known.value, known.bound, known.gap


def _record(writing: Writing, what: str, row: JobRow) -> None:
    row.changed_at = writing.at
    writing.record(
        f"job.{what}",
        row.id,
        process=row.process,
        status=row.status,
        key_id=row.key_id,
        plan_id=row.plan_id,
    )
