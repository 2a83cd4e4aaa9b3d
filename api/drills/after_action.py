"""The after-action report of a drill, in the form of the reports of incidents."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from sqlalchemy.orm import Session

from api.drills.course import KINDS, course, mean, minutes
from api.drills.scoring import scores
from api.exercise import EXERCISE, instant_of
from api.local_time import minute
from api.reports.ground import same_words, sourced
from api.schemas.drills import DrillScores
from api.schemas.reports import ReportContent, ReportGrid, ReportLine, ReportSection, Said
from api.store.drill_tables import DrillRow
from scenarios.report.text import Text

FIGURES: Mapping[str, Text] = {
    "to_plan_s": Text("至方案", "To plan"),
    "to_commit_s": Text("至下达", "To commit"),
    "slots_in_time": Text("按时", "In time"),
    "late_orders": Text("迟到队伍", "Late teams"),
    "missed": Text("未处置", "Missed"),
}
"""Figures of the scores as the tables of the report call them."""


def after_action(session: Session, drill: DrillRow, zone: timezone) -> ReportContent:
    """What was played, how it was answered, by which rules, and the course of events; until now."""
    found, at = scores(session, drill), instant_of(session)
    return ReportContent(
        incident_id=drill.id,
        kind="final",
        number=1,
        title=Said(
            zh=f"【{EXERCISE.zh}】{drill.title}评估报告",
            en=f"{EXERCISE.en}: after-action report of {drill.title}",
        ),
        to="",
        sender="",
        author="",
        approver="",
        phone="",
        as_of=at,
        utc_offset_s=int(zone.utcoffset(at).total_seconds()),
        sections=(
            _section("event", "一、演练概况", "1. The exercise", _overview(drill, at, zone)),
            _section("scores", "二、事件处置", "2. Incidents", _totals(found), _incidents(found)),
            _section("changes", "三、情况变化", "3. Changes", _missed(found), _changes(found)),
            _section("rules", "四、评分规则", "4. Rules of the figures", _rules(found)),
            _section("timeline", "五、演练经过", "5. Course of events", _timeline(session, drill, zone)),
        ),
    )


def _section(
    key: Any, zh: str, en: str, lines: Iterator[ReportLine], grid: ReportGrid | None = None
) -> ReportSection:
    return ReportSection(key=key, title=Said(zh=zh, en=en), lines=tuple(lines), grid=grid)


def _overview(drill: DrillRow, at: datetime, zone: timezone) -> Iterator[ReportLine]:
    yield sourced(f"区域：{drill.region}", f"Region: {drill.region}")
    start = minute(drill.starts_at, zone)
    yield sourced(f"演练时间：{start} 至 {minute(at, zone)}", f"Played from {start} to {minute(at, zone)}")
    real = f"{minute(drill.began_at, zone)} – {minute(drill.ended_at, zone)}"
    yield sourced(f"实际时间：{real}", f"In real time: {real}")
    yield sourced(f"情况注入 {len(drill.script)} 条", f"{len(drill.script)} injects")
    yield sourced(
        "全部队伍、指令和物资均为演练对象，未动用真实力量。",
        "All teams, orders and stock belong to the exercise; no real ones were touched.",
    )


def _totals(found: DrillScores) -> Iterator[ReportLine]:
    if not found.incidents:
        return
    plan = minutes(mean([one.to_plan_s for one in found.incidents]))
    commit = minutes(mean([one.to_commit_s for one in found.incidents]))
    slots, in_time = (sum(getattr(one, key) for one in found.incidents) for key in ("slots", "slots_in_time"))
    yield sourced(
        f"平均：注入至方案 {plan}，注入至下达 {commit}；{slots} 个任务位中 {in_time} 个按时到位。",
        f"On average {plan} to the plan, {commit} to the commit; {in_time} of {slots} slots in time.",
    )


def _incidents(found: DrillScores) -> ReportGrid | None:
    header = [
        ("注入", "Inject"),
        ("至方案（分:秒）", "To plan, min:s"),
        ("至下达（分:秒）", "To commit, min:s"),
        ("任务位", "Slots"),
        ("按时", "In time"),
        ("迟到队伍", "Late teams"),
    ]
    rows = [
        [
            one.inject,
            minutes(one.to_plan_s),
            minutes(one.to_commit_s),
            str(one.slots),
            str(one.slots_in_time),
            str(one.late_orders),
        ]
        for one in found.incidents
    ]
    return _grid(header, [[same_words(cell) for cell in row] for row in rows])


def _changes(found: DrillScores) -> ReportGrid | None:
    header = [
        ("注入", "Inject"),
        ("变化", "Change"),
        ("涉及处置中的事件", "Concerned"),
        ("至方案（分:秒）", "To plan, min:s"),
    ]
    yes, no = Said(zh="是", en="yes"), Said(zh="否", en="no")
    rows = [
        [
            same_words(one.inject),
            Said(zh=KINDS[one.kind].zh, en=KINDS[one.kind].en),
            yes if one.concerned else no,
            same_words(minutes(one.to_plan_s)),
        ]
        for one in found.changes
    ]
    return _grid(header, rows)


def _grid(header: Sequence[tuple[str, str]], rows: Sequence[Sequence[Said]]) -> ReportGrid | None:
    if not rows:
        return None
    return ReportGrid(header=tuple(Said(zh=zh, en=en) for zh, en in header), rows=tuple(map(tuple, rows)))


def _missed(found: DrillScores) -> Iterator[ReportLine]:
    names = "、".join(found.missed), ", ".join(found.missed)
    if found.missed:
        yield sourced(f"未处置的注入：{names[0]}", f"Missed injects: {names[1]}")
    else:
        yield sourced("没有未处置的注入", "No inject was missed")


def _rules(found: DrillScores) -> Iterator[ReportLine]:
    for rule in found.rules:
        title = FIGURES[rule.key]
        yield sourced(f"{title.zh}：{rule.text.zh}", f"{title.en}: {rule.text.en}")


def _timeline(session: Session, drill: DrillRow, zone: timezone) -> Iterator[ReportLine]:
    for one in course(session, drill):
        time = one.at.astimezone(zone).strftime("%H:%M:%S")
        source = same_words(one.actor)
        yield sourced(f"{time} {one.text.zh}", f"{time} {one.text.en}", source, one.at)
