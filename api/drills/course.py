"""The course of a drill: everything that happened in its world, by the clock of the exercise."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.drills.script import GIVEN
from api.drills.world import SEED
from api.procedure.log import team_names
from api.procedure.log_words import Names, said
from api.schemas.drills import DrillEvent
from api.schemas.reports import Said
from api.store.drill_tables import DrillRow
from api.store.tables import AuditRow
from scenarios.report.text import Text

CLOCK: Mapping[str, Text] = {
    "clock.started": Text("演练开始", "Exercise started"),
    "clock.paused": Text("演练暂停", "Exercise paused"),
    "clock.resumed": Text("演练继续", "Exercise goes on"),
    "clock.ended": Text("演练结束", "Exercise ended"),
}
KINDS: Mapping[str, Text] = {
    "incident": Text("事件报告", "incident reported"),
    "closure": Text("道路封闭", "roads closed"),
    "team_out": Text("队伍失能", "team out"),
    "wind": Text("风向变化", "wind shift"),
    "message": Text("通知", "message"),
}


def course(
    session: Session, drill: DrillRow, *, after: int = 0, limit: int | None = None
) -> list[DrillEvent]:
    """Events in the order in which they were written down."""
    query = select(AuditRow).where(AuditRow.request_id != SEED, AuditRow.number > after)
    rows = session.scalars(query.order_by(AuditRow.number).limit(limit))
    names = team_names(session)
    return [_event(row, drill, names) for row in rows]


def _event(row: AuditRow, drill: DrillRow, names: Names) -> DrillEvent:
    detail, at = json.loads(row.detail), datetime.fromisoformat(row.at)
    text = _words(row, detail, names)
    return DrillEvent(
        number=row.number,
        at=at,
        after_s=0.0 if drill.starts_at is None else (at - drill.starts_at) / timedelta(seconds=1),
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        text=Said(zh=text.zh, en=text.en),
        detail=detail,
    )


def _words(row: AuditRow, detail: dict[str, Any], names: Names) -> Text:
    if row.action != GIVEN:
        return CLOCK.get(row.action) or said(row.action, row.subject, detail, names)
    kind, more = KINDS[detail["kind"]], str(detail.get("text") or detail.get("without_effect") or "")
    zh, en = (f"：{more}", f": {more}") if more else ("", "")
    return Text(f"注入 {row.subject}（{kind.zh}）{zh}", f"Inject {row.subject}, {kind.en}{en}")


def minutes(seconds: float | None) -> str:
    """Seconds as minutes and seconds, a dash for none."""
    return "—" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of those that are there."""
    there = [one for one in values if one is not None]
    return sum(there) / len(there) if there else None
