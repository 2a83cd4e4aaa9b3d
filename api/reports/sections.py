"""What a report says of an incident, section by section, each line with where and when it comes from."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from api.local_time import clock
from api.procedure.log import log_of
from api.reports.event_lines import event_lines
from api.reports.ground import Ground, by_hand, same_words, sourced
from api.reports.measure_lines import measure_lines, team_grid
from api.reports.people_lines import area_lines, people_lines
from api.schemas.reports import ReportGrid, ReportLine, ReportSection, Said
from api.store.procedure_tables import ReportRow
from scenarios.report.dispatch_words import capability_words


def sections(ground: Ground) -> tuple[ReportSection, ...]:
    """All sections of a report that have something to say; the first ones always stand."""
    event = _section("event", "一、事件概况", "1. What happened", event_lines(ground))
    people = _section("people", "二、人员情况", "2. People", people_lines(ground))
    area = _section("area", "三、影响范围", "3. Area", area_lines(ground))
    measures = _section(
        "measures", "四、已采取的措施", "4. Measures taken", measure_lines(ground), team_grid(ground)
    )
    needs = _section("needs", "五、缺口与需求", "5. What is short and wanted", _needs(ground))
    outlook = _section("outlook", "六、发展趋势与下一步工作", "6. Outlook and next steps", _outlook(ground))
    found = [event, people, area, measures, needs, outlook]
    if ground.asked.kind != "first":
        found.append(_section("timeline", "七、处置经过", "7. Course of events", _timeline(ground)))
    return tuple(found)


def _section(
    key: Any, zh: str, en: str, lines: Iterator[ReportLine], grid: ReportGrid | None = None
) -> ReportSection:
    return ReportSection(key=key, title=Said(zh=zh, en=en), lines=tuple(lines), grid=grid)


def _needs(ground: Ground) -> Iterator[ReportLine]:
    if ground.plan is not None:
        row, plan = ground.plan
        for short in plan.shortages:
            if short.incident_id == ground.incident.id:
                what = capability_words(short.capability, short.level)
                yield sourced(
                    f"缺 {what.zh} {short.count} 支", f"{short.count} short: {what.en}",
                    ground.from_plan, row.made_at,
                )  # fmt: skip
    yield from by_hand(ground.asked.needs)


def _outlook(ground: Ground) -> Iterator[ReportLine]:
    yield from by_hand([*ground.asked.trend, *ground.asked.next_steps])


def _timeline(ground: Ground) -> Iterator[ReportLine]:
    """Since the report before; all of it in the final one."""
    since = None
    if ground.asked.kind == "follow_up":
        query = select(ReportRow.issued_at).where(ReportRow.incident_id == ground.incident.id)
        since = ground.session.scalars(query.order_by(ReportRow.number.desc()).limit(1)).first()
    for line in log_of(ground.session, ground.incident.id):
        if since is None or line.written_at > since:
            time = clock(line.at, ground.zone)
            yield sourced(f"{time} {line.text.zh}", f"{time} {line.text.en}", same_words(line.by), line.at)
