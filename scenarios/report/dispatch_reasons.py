"""Why each team goes, and what is short: the words of the dispatch page."""

from scenarios.dispatch_plan import DispatchPlan, MovedUp, SlotShortage, TeamReason
from scenarios.report.dispatch_map import STAGING, TEAMS, team_words
from scenarios.report.dispatch_names import DispatchNames
from scenarios.report.dispatch_words import WHY, capability_words, named
from scenarios.report.facts import Note, Notes
from scenarios.report.hazard_words import hazard_words
from scenarios.report.text import Text


def reason_notes(plan: DispatchPlan, names: DispatchNames) -> Notes:
    """One note a team, from the plan solved again without it."""
    sent = {team.id: team_words(team) for team in plan.decisions.teams}
    return Notes(
        tuple(
            Note(_reason(reason, names), sent[reason.team_id], (TEAMS, reason.team_id))
            for reason in plan.reasons
        )
    )


def _reason(reason: TeamReason, names: DispatchNames) -> Text:
    zh = ["能完成该任务的队伍中最先到达"] if reason.nearest else []
    en = ["first to arrive of all that can do the task"] if reason.nearest else []
    if reason.instead:
        other = names.team(reason.instead)
        later_min = (reason.later_s or 0.0) / 60
        zh.append(f"不派该队则由{other.of('zh')}接替，{_later_zh(later_min)}")
        en.append(f"without it {other.of('en')} takes the task, {_later_en(later_min)}")
    else:
        zh.append("不派该队则该任务无人接替")
        en.append("without it nobody takes the task")
    if reason.shortage > 0:
        zh.append(f"加权缺口增加 {reason.shortage}")
        en.append(f"the weighted shortage grows by {reason.shortage}")
    if reason.aid_teams > 0:
        zh.append(f"须另请 {reason.aid_teams} 支跨区增援")
        aid = _count(reason.aid_teams, "more mutual-aid team is", "more mutual-aid teams are")
        en.append(f"{aid} needed")
    if reason.moved:
        zh.append(f"并改变 {len(reason.moved)} 支其他队伍的任务")
        others = _count(len(reason.moved), "other team changes its task", "other teams change their task")
        en.append(f"and {others}")
    return Text("；".join(zh) + "。", _sentence("; ".join(en)))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _later_zh(minutes: float) -> str:
    return f"晚 {minutes:.1f} 分钟" if minutes >= 0 else f"早 {-minutes:.1f} 分钟（但别处更晚或更缺）"


def _later_en(minutes: float) -> str:
    if minutes >= 0:
        return f"{minutes:.1f} min later"
    return f"{-minutes:.1f} min sooner, at a loss elsewhere"


def shortage_notes(plan: DispatchPlan) -> Notes:
    """One note a kind of slot that stays empty."""
    incidents = {incident.id: named(incident) for incident in plan.decisions.incidents}
    return Notes(
        tuple(
            Note(_shortage(one), incidents[one.incident_id], (STAGING, one.incident_id))
            for one in plan.shortages
        )
    )


def _shortage(one: SlotShortage) -> Text:
    what = capability_words(one.capability, one.level)
    zh = f"缺{what.zh} {one.count} 支"
    en = f"{one.count} short of {what.en}"
    if one.nearest is None:
        return Text(
            f"{zh}；本区域及协议邻县均无此能力。", f"{en}; nobody here or among the neighbours has it."
        )
    who, why = named_source(one), WHY[one.nearest.why]
    when = "" if one.nearest.arrival_s is None else f"{one.nearest.arrival_s / 60:.1f}"
    zh += f"；最近来源 {who.zh}" + (f"（{when} 分钟）" if when else "") + f"，{why.zh}。"
    en += f"; nearest source {who.en}" + (f" ({when} min)" if when else "") + f", {why.en}."
    return Text(zh, en)


def named_source(one: SlotShortage) -> Text:
    """Name of the nearest source, or its id."""
    assert one.nearest is not None
    zh, en = one.nearest.name_zh, one.nearest.name_en
    return Text(zh, en) if zh or en else Text.same(one.nearest.team_id)


def cover_notes(plan: DispatchPlan, names: DispatchNames) -> Notes:
    """Teams that could stay, and idle teams that should move up."""
    notes = [
        Note(
            Text(
                f"留守可保 {one.people:,} 人达标，代价为加权到达增加 {one.weighted_later_s:,.0f} 秒。",
                f"Kept back it covers {one.people:,} people;"
                f" weighted arrivals grow by {one.weighted_later_s:,.0f} s.",
            ),
            names.team(one.team_id),
            (TEAMS, one.team_id),
        )
        for one in plan.cover.trades
    ]
    notes += [Note(_move(one, names.place(one.to)), names.team(one.team_id)) for one in plan.cover.moves]
    return Notes(tuple(notes), Text("补救建议", "What would repair it"))


def _move(one: MovedUp, to: Text) -> Text:
    people, minutes = f"{one.people_before:,} → {one.people_after:,}", one.travel_s / 60
    return Text(
        f"建议移防至{to.of('zh')}，行车 {minutes:.1f} 分钟；全部移防后达标人口 {people}。",
        f"Move up to {to.of('en')}, {minutes:.1f} min; all moves together cover {people} people.",
    )


def zone_notes(plan: DispatchPlan) -> Notes:
    """What was assumed about each hazard."""
    return Notes(
        tuple(
            Note(hazard_words(note), named(incident))
            for incident in plan.decisions.incidents
            for note in incident.notes
        ),
        Text("推定与限制", "Assumed, and where it ends"),
    )
