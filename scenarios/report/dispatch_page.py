"""The page of a dispatch plan."""

from geo.region.region import Region
from scenarios.dispatch_plan import DispatchPlan
from scenarios.report.depth_table import depth_table
from scenarios.report.dispatch_map import dispatch_map
from scenarios.report.dispatch_names import DispatchNames, dispatch_names, named_records
from scenarios.report.dispatch_reasons import cover_notes, reason_notes, shortage_notes, zone_notes
from scenarios.report.dispatch_service import (
    cover_table,
    incidents_table,
    minute_words,
    orders_table,
    places_table,
    slots_table,
    timeline,
    what_if_table,
    zones_table,
)
from scenarios.report.facts import Fact, Note, Paragraph, Status
from scenarios.report.page import Page, Section
from scenarios.report.refinement_table import refinement_tables
from scenarios.report.region_layers import provenance_table
from scenarios.report.relief_notes import proven_words, relief_facts, relief_shortages, undone_words
from scenarios.report.relief_tables import relief_tables, relief_timeline
from scenarios.report.relief_words import relief_names
from scenarios.report.text import Text


def dispatch_page(plan: DispatchPlan, region: Region) -> Page:
    """Everything a command center reads of a plan, on one page in both languages."""
    return Page(
        kind="dispatch",
        title=Text(plan.name_zh, plan.name_en)
        if plan.name_zh or plan.name_en
        else Text("调度方案", "Dispatch"),
        subtitle=_subtitle(plan),
        status=_status(plan),
        notice=_notice(region),
        facts=_facts(plan),
        map_layers=dispatch_map(plan, region),
        map_frame=_frame(plan),
        sections=tuple(section for section in _sections(plan, region) if section.parts),
        warnings=_warnings(plan, dispatch_names(plan, region)),
        provenance=provenance_table(region),
        inputs=(
            Fact(Text("区域", "Region"), plan.inputs.region.name),
            Fact(Text("区域摘要", "Region digest"), plan.inputs.region.digest[:16]),
            Fact(Text("情景摘要", "Scenario digest"), plan.inputs.scenario.digest[:16]),
            Fact(Text("态势板摘要", "Board digest"), plan.inputs.board.digest[:16] or None),
            Fact(Text("力量编成表摘要", "Doctrine digest"), plan.inputs.doctrine.digest[:16]),
        ),
        attribution=Text.same(region.about("attribution")),
        map_review_number=region.about("map_review_number"),
    )


def _subtitle(plan: DispatchPlan) -> Text:
    incidents, teams = len(plan.decisions.incidents), len(plan.decisions.teams)
    return Text(
        f"{minute_words(plan.at)}，{incidents} 起事件，派出 {teams} 支队伍",
        f"{minute_words(plan.at)}: {incidents} incident{'s' if incidents > 1 else ''},"
        f" {teams} team{'s' if teams != 1 else ''} sent",
    )


def _status(plan: DispatchPlan) -> Status:
    """What is proven of the teams, and whether people or materials stay short."""
    status, undone = _team_status(plan), undone_words(plan.relief) if plan.relief else None
    if undone is None:
        return status
    return Status("warning", Text(f"{status.text.zh}；{undone.zh}", f"{status.text.en}; {undone.en}"))


def _team_status(plan: DispatchPlan) -> Status:
    short = sum(shortage.count for shortage in plan.shortages)
    if short:
        proven = plan.status == "optimal"
        words = Text(
            f"{'已证明最优' if proven else '可行'}，仍缺 {short} 支队伍",
            f"{'Proven optimal' if proven else 'Feasible'}; {short} teams short",
        )
        return Status("warning", words)
    if plan.status == "feasible":
        words = Text(
            "在现行方案上调整，仅作有足够收益的改变", "The plan in force, changed where it gains enough"
        )
        return Status("good", words)
    if plan.refinement is not None and plan.refinement.objective < plan.refinement.exact:
        return Status("good", Text("编成齐全，已优化", "Every slot is filled; refined"))
    return Status("good", Text("已证明最优，编成齐全", "Proven optimal; every slot is filled"))


def _notice(region: Region) -> Text | None:
    zh, en = region.about("notice_zh"), region.about("notice_en")
    return Text(zh, en) if zh or en else None


def _facts(plan: DispatchPlan) -> tuple[Fact, ...]:
    measures = plan.measures.incidents
    first = [one.first_arrival_s for one in measures if one.first_arrival_s is not None]
    last = [slot.arrival_s for slot in plan.decisions.slots if slot.arrival_s is not None]
    asked, in_time = sum(one.asked for one in measures), sum(one.in_time for one in measures)
    return (
        Fact(Text("区内人口", "People in zones"), sum(i.people for i in plan.decisions.incidents), "integer"),
        Fact(Text("最先到场", "First arrival"), min(first, default=None), "minutes"),
        Fact(Text("全部到场", "Last arrival"), max(last, default=None), "minutes"),
        Fact(Text("按时到场", "In time"), f"{in_time} / {asked}"),
        Fact(Text("跨区增援", "Mutual aid"), plan.measures.aid_teams, "integer"),
        *(relief_facts(plan.relief) if plan.relief else ()),
    )


def _frame(plan: DispatchPlan) -> tuple[float, float, float, float] | None:
    """Around incidents, staging areas and the roads driven, with a twentieth to each side for symbols."""
    points = [(i.lon, i.lat) for i in plan.decisions.incidents]
    points += [(i.staging.lon, i.staging.lat) for i in plan.decisions.incidents if i.staging]
    points += [point for team in plan.decisions.teams for point in team.route.geometry]
    if plan.relief:
        points += [(place.lon, place.lat) for place in plan.relief.places]
        points += [(shelter.lon, shelter.lat) for shelter in plan.relief.shelters]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    wide, high = max(lons) - min(lons), max(lats) - min(lats)
    if wide < 1e-6 or high < 1e-6:
        return None
    return min(lons) - wide / 20, min(lats) - high / 20, max(lons) + wide / 20, max(lats) + high / 20


def _sections(plan: DispatchPlan, region: Region) -> tuple[Section, ...]:
    names = dispatch_names(plan, region)
    reasons, shortages, notes = reason_notes(plan, names), shortage_notes(plan), zone_notes(plan)
    chart, places = timeline(plan), places_table(plan)
    cover, repairs = cover_table(plan), cover_notes(plan, names)
    return (
        Section("incidents", Text("事件", "Incidents"), (incidents_table(plan),)),
        Section("teams", Text("派谁去、何时到", "Who comes, and when"), (slots_table(plan), *chart)),
        Section("shortages", Text("缺口", "What is short"), (shortages,) if shortages.items else ()),
        *_relief(plan, region),
        Section("reasons", Text("派遣理由", "Why these teams"), (_how(), reasons) if reasons.items else ()),
        Section(
            "cover",
            Text("留守覆盖与移防", "Cover left behind"),
            (*cover, *((repairs,) if repairs.items else ())),
        ),
        Section("orders", Text("命令", "Orders"), orders_table(plan, names)),
        Section("what-if", Text("假设分析", "What if"), what_if_table(plan, names)),
        Section("refinement", Text("优化", "Refinement"), refinement_tables(plan)),
        Section("depth", Text("水深敏感性", "Other depths of the water"), depth_table(plan)),
        Section("zones", Text("危险区", "Zones"), (*zones_table(plan), *((notes,) if notes.items else ()))),
        Section("places", Text("区内重点目标", "Key places inside"), places),
    )


def _relief(plan: DispatchPlan, region: Region) -> tuple[Section, ...]:
    """People relocated and supplied; nothing where nobody is."""
    if plan.relief is None:
        return ()
    names = relief_names(plan.relief, region)
    short = relief_shortages(plan.relief, names)
    parts = (
        proven_words(plan.relief),
        *((short,) if short.items else ()),
        *relief_timeline(plan.relief, names),
        *relief_tables(plan.relief, names),
    )
    return (Section("relief", Text("人员转移与物资保障", "People relocated and supplied"), parts),)


def _how() -> Paragraph:
    return Paragraph(
        Text(
            "以下各条均为去掉该队后重新求解所得。",
            "Each line comes from solving again without the team.",
        )
    )


def _warnings(plan: DispatchPlan, names: DispatchNames) -> tuple[Note, ...]:
    return tuple(
        Note(
            Text(named_records(warning, names, "zh"), named_records(warning, names, "en")),
            Text.same(warning.code),
        )
        for warning in plan.warnings
    )
