"""Tables and the timeline of a dispatch page: who comes when, against which deadline."""

from collections.abc import Sequence

from scenarios.dispatch_plan import ChangedTask, DispatchPlan, SlotFilled, Zone
from scenarios.report.chart import Axis, BarChart, Bars
from scenarios.report.dispatch_map import INCIDENTS, STAGING, TEAMS, team_words
from scenarios.report.dispatch_names import DispatchNames
from scenarios.report.dispatch_words import (
    ACTIONS,
    COMPLEMENTS,
    HAZARDS,
    ORDERS,
    SIDES,
    ZONES,
    capability_words,
    named,
)
from scenarios.report.hazard_words import certainty_words, hazard_words
from scenarios.report.table import Column, Row, RowStyle, Table
from scenarios.report.text import Change, Language, Text

NOBODY = Text("缺", "short")


def incidents_table(plan: DispatchPlan) -> Table:
    """One row an incident."""
    measures = {one.incident_id: one for one in plan.measures.incidents}
    columns = (
        Column("incident", Text("事件", "Incident")),
        Column("hazard", Text("种类", "Kind")),
        Column("level", Text("级别", "Level")),
        Column("people", Text("区内人口", "People inside"), "integer"),
        Column("filled", Text("到位 / 需要", "Filled / asked")),
        Column("first", Text("首到", "First arrival"), "minutes"),
        Column("complete", Text("到齐", "All there"), "minutes"),
        Column("staging", Text("集结点", "Staging")),
        Column("distance", Text("距事件", "From the incident"), "km"),
    )
    rows = []
    for incident in plan.decisions.incidents:
        found, place = measures[incident.id], incident.staging
        last = [t for t in (found.first_alarm_s, found.complement_s) if t is not None]
        rows.append(
            Row(
                (
                    named(incident),
                    HAZARDS[incident.hazard],
                    incident.level,
                    incident.people,
                    f"{found.filled} / {found.asked}",
                    found.first_arrival_s,
                    max(last, default=None),
                    SIDES[place.side] if place else Text("无", "none"),
                    place.distance_m if place else None,
                ),
                feature=(INCIDENTS, incident.id),
            )
        )
    return Table("incidents-table", Text("事件一览", "Incidents at a glance"), columns, tuple(rows))


def slots_table(plan: DispatchPlan) -> Table:
    """One row a slot, by incident and arrival; those nobody fills at the end of their incident."""
    incidents = {incident.id: named(incident) for incident in plan.decisions.incidents}
    teams = {team.id: team_words(team) for team in plan.decisions.teams}
    order = list(incidents)
    slots = sorted(
        plan.decisions.slots,
        key=lambda s: (order.index(s.incident_id), s.arrival_s is None, s.arrival_s or 0.0),
    )
    columns = (
        Column("incident", Text("事件", "Incident")),
        Column("team", Text("队伍", "Team")),
        Column("capability", Text("能力", "Capability")),
        Column("alarm", Text("批次", "Alarm")),
        Column("arrival", Text("到达", "Arrival"), "minutes", bar=True),
        Column("within", Text("时限", "Due"), "minutes"),
        Column("late", Text("迟到", "Late by"), "minutes"),
    )
    return Table(
        "slots-table",
        Text("任务与到场时间", "Slots and arrivals"),
        columns,
        tuple(_slot(slot, incidents, teams) for slot in slots),
        Text(
            "时间自下达命令起算，含出动与行车；时限含边界；能力级别 1 至 3。",
            "Times run from the order, turnout and drive; limits are inclusive; capability levels 1 to 3.",
        ),
    )


def _slot(slot: SlotFilled, incidents: dict[str, Text], teams: dict[str, Text]) -> Row:
    style: RowStyle = "warning" if not slot.team_id or slot.late_s else "plain"
    return Row(
        (
            incidents[slot.incident_id],
            teams[slot.team_id] if slot.team_id else NOBODY,
            capability_words(slot.capability, slot.level),
            COMPLEMENTS[slot.complement],
            slot.arrival_s,
            slot.within_s,
            slot.late_s or None,
        ),
        style,
        (TEAMS, slot.team_id) if slot.team_id else (STAGING, slot.incident_id),
    )


def timeline(plan: DispatchPlan) -> tuple[BarChart, ...]:
    """Arrivals against deadlines, the earliest first; nothing where nobody comes."""
    teams = {team.id: team_words(team) for team in plan.decisions.teams}
    filled = sorted((s for s in plan.decisions.slots if s.team_id), key=lambda s: s.arrival_s or 0.0)
    if not filled:
        return ()
    return (
        BarChart(
            id="timeline",
            title=Text("到场时间与时限", "Arrivals against deadlines"),
            categories=tuple(
                Text(
                    f"{teams[s.team_id].zh} · {capability_words(s.capability, s.level).zh}",
                    f"{teams[s.team_id].en} · {capability_words(s.capability, s.level).en}",
                )
                for s in filled
            ),
            value=Axis(Text("下达命令后", "After the order"), "minutes"),
            bars=(
                Bars(Text("到达", "arrival"), tuple(s.arrival_s for s in filled), "after"),
                Bars(Text("时限", "due"), tuple(s.within_s for s in filled), "before"),
            ),
        ),
    )


def cover_table(plan: DispatchPlan) -> tuple[Table, ...]:
    """Townships whose cover the plan changes; no table where none does."""
    columns = (
        Column("township", Text("乡镇", "Township")),
        Column("people", Text("人口", "People"), "integer"),
        Column("within", Text("时限", "Within"), "minutes"),
        Column("covered", Text("达标人口", "People in time"), "integer", better="higher"),
    )
    rows = tuple(
        Row((named(t), t.people, t.within_s, Change(t.covered_before, t.covered_after)), "warning")
        for t in plan.cover.townships
        if t.covered_before != t.covered_after
    )
    title = Text("派出后消防覆盖下降的乡镇", "Townships that lose fire cover while teams are away")
    return (Table("cover-table", title, columns, rows),) if rows else ()


def what_if_table(plan: DispatchPlan, names: DispatchNames) -> tuple[Table, ...]:
    """One row a question; no table where none was asked."""
    columns = (
        Column("question", Text("假设", "Question")),
        Column("filled", Text("到位任务", "Slots filled"), "integer", better="higher"),
        Column("shortage", Text("加权缺口", "Weighted shortage"), "integer", better="lower"),
        Column("last", Text("全部到场", "Last arrival"), "minutes", better="lower"),
        Column("changes", Text("改变任务的队伍", "Teams that change")),
    )
    rows = tuple(
        Row(
            (
                one.question,
                Change(one.filled, one.filled_then),
                Change(one.shortage, one.shortage_then),
                Change(one.last_arrival_s, one.last_arrival_then_s),
                _changes(one.changes, names),
            )
        )
        for one in plan.what_if
    )
    title = Text("假设分析（各按新条件重新求解）", "What if (each solved again)")
    return (Table("what-if-table", title, columns, rows),) if rows else ()


def _changes(changes: Sequence[ChangedTask], names: DispatchNames) -> Text:
    """Each team that does something else, with what it did and what it does then."""

    def told(language: Language) -> str:
        return "; ".join(
            f"{names.team(one.team_id).of(language)}: {names.task(one.before).of(language)}"
            f" → {names.task(one.after).of(language)}"
            for one in changes
        )

    return Text(told("zh") or "-", told("en") or "-")


def orders_table(plan: DispatchPlan, names: DispatchNames) -> tuple[Table, ...]:
    """What each team is told when a plan is looked at again; no table otherwise."""
    columns = (
        Column("order", Text("命令", "Order")),
        Column("team", Text("队伍", "Team")),
        Column("before", Text("原任务", "Before")),
        Column("task", Text("现任务", "Now")),
        Column("gain", Text("加权到达提前（秒）", "Weighted arrivals sooner, s"), "integer"),
    )
    rows = tuple(
        Row(
            (
                ORDERS[one.order],
                names.team(one.team_id),
                names.task(one.before),
                names.task(one.task),
                one.weighted_sooner_s,
            ),
            "plain" if one.order == "hold" else "good",
        )
        for one in plan.orders
    )
    return (Table("orders-table", Text("重新规划的命令", "Orders"), columns, rows),) if rows else ()


def zones_table(plan: DispatchPlan) -> tuple[Table, ...]:
    """One row a zone; no table where there is none."""
    columns = (
        Column("zone", Text("危险区", "Zone")),
        Column("valid", Text("时段", "In force")),
        Column("people", Text("区内人口", "People inside"), "integer"),
        Column("reach", Text("范围", "Reach"), "km"),
        Column("depth", Text("水深（米）", "Depth, m")),
        Column("closes", Text("封闭道路", "Closes roads")),
        Column("basis", Text("依据", "Basis")),
        Column("certainty", Text("可靠程度", "Certainty")),
    )
    rows = tuple(
        Row(
            (
                Text(f"{named(i).zh} {ZONES[z.kind].zh}", f"{named(i).en}: {ZONES[z.kind].en}"),
                _valid(z),
                z.people,
                z.reach_m,
                None if z.depth_m is None else f"{z.depth_m:g}",
                z.closes_roads,
                _basis(z),
                certainty_words(z.certainty),
            )
        )
        for i in plan.decisions.incidents
        for z in i.zones
    )
    return (Table("zones-table", Text("危险区一览", "Zones at a glance"), columns, rows),) if rows else ()


def _basis(zone: Zone) -> Text:
    formula, before = hazard_words(zone.formula), f"{zone.threshold} · " if zone.threshold else ""
    return Text(f"{before}{formula.zh}", f"{before}{formula.en}")


def _valid(zone: Zone) -> Text | None:
    """From when until when, to the minute; nothing for a zone without limits."""
    if zone.valid_from is None and zone.valid_to is None:
        return None
    begins, ends = minute_words(zone.valid_from), minute_words(zone.valid_to)
    if begins[:4] == ends[:4]:
        ends = ends[5:]
    return Text.same(f"{begins} – {ends}".strip())


def minute_words(instant: str | None) -> str:
    """A time of a plan to the minute, as clocks on the spot show it."""
    return "" if instant is None else instant[:16].replace("T", " ")


def places_table(plan: DispatchPlan) -> tuple[Table, ...]:
    """Key places inside zones with advice; no table where there is none."""
    columns = (
        Column("place", Text("目标", "Place")),
        Column("zone", Text("所在危险区", "Zone")),
        Column("cloud", Text("云团到达", "Cloud there in"), "minutes"),
        Column("action", Text("建议", "Advice")),
        Column("reason", Text("理由", "Reason")),
    )
    rows = tuple(
        Row((named(p), zones[p.zone], p.cloud_s, ACTIONS[p.action], Text(p.reason_zh, p.reason_en)))
        for i in plan.decisions.incidents
        for zones in [{z.id: ZONES[z.kind] for z in i.zones}]
        for p in i.key_places
    )
    return (Table("places-table", Text("重点目标", "Key places"), columns, rows),) if rows else ()
