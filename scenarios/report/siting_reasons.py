"""Why each site, who stays short, what to look at: the words of the siting page."""

from scenarios.plan import PlanWarning, Shortage, Site, SiteReason, SitingPlan
from scenarios.report.facts import Note, Notes, Status
from scenarios.report.siting_map import KEEP, OPEN, site_name
from scenarios.report.siting_service import force_name, whom
from scenarios.report.text import Text

_SHOWN = 8
"""Records named in a warning; the plan file lists all."""


def status_of(plan: SitingPlan) -> Status:
    """Proven, stopped with a gap, or impossible."""
    if plan.status == "infeasible":
        return Status("bad", Text("按所给规则无可行方案", "No plan meets the rules as they stand"))
    if plan.status == "cancelled" or plan.gap is None:
        return Status("bad", Text("计算中止，未得方案", "Stopped before a plan was found"))
    if plan.status == "optimal":
        return Status("good", Text("已证明最优，差距为 0", "Proven optimal: no better choice exists"))
    gap = f"{plan.gap:.2%}"
    words = Text(f"可行方案，距最优不超过 {gap}", f"Feasible, at most {gap} from the optimum")
    return Status("warning", words)


def reason_notes(plan: SitingPlan, names: dict[str, Text]) -> Notes:
    """One note a chosen site, from the plan solved again without it."""
    kept = {site.id for site in plan.decisions.keep}
    return Notes(
        tuple(
            Note(
                _reason(plan, reason, names),
                names.get(reason.site, Text.same(reason.site)),
                (KEEP if reason.site in kept else OPEN, reason.site),
            )
            for reason in plan.reasons
        ),
        ordered=True,
    )


def _reason(plan: SitingPlan, reason: SiteReason, names: dict[str, Text]) -> Text:
    if reason.without is None:
        return Text("没有该站，则按同样规则无可行方案。", "Without it no plan meets the same rules.")
    if plan.objective is not None and reason.without == plan.objective.value:
        zh, en = "不设该站，另有同样好的方案", "Without it another plan is as good"
    elif _counts_people(plan):
        zh = f"不设该站，最优方案少 {reason.covered_lost:,} 人达标"
        en = f"Without it the best plan serves {reason.covered_lost:,} fewer people in time"
    else:
        found = plan.objective.value if plan.objective else 0.0
        zh, en = _worse(plan, reason.without - found)
    zh += _joined([names.get(one, Text.same(one)).of("zh") for one in reason.instead], "，改设", "、")
    en += _joined([names.get(one, Text.same(one)).of("en") for one in reason.instead], ", with ", ", ")
    if _counts_people(plan) and reason.alone is not None and plan.objective is not None:
        alone = round(plan.objective.value - reason.alone)
        zh += f"；若不以他站替代，则少 {alone:,} 人"
        en += f"; with nothing in its place, {alone:,} fewer"
    return Text(zh + "。", en + ".")


def _counts_people(plan: SitingPlan) -> bool:
    """Whether the objective is simply the people in time."""
    return plan.question == "mclp" and plan.further.robust is None and plan.curve.unit == "people"


def _worse(plan: SitingPlan, by: float) -> tuple[str, str]:
    """How much worse the best plan is without a site, in the question's measure."""
    if plan.question == "p_center":
        return (
            f"不设该站，最长到场增加 {by / 60:.1f} 分钟",
            f"Without it the longest response grows by {by / 60:.1f} min",
        )
    if plan.question == "p_median":
        people = sum(s.people for s in plan.measures.before.standards) or 1
        return (
            f"不设该站，平均到场增加 {by / people:.1f} 秒",
            f"Without it the mean response grows by {by / people:.1f} s",
        )
    unit = plan.objective.unit if plan.objective else ""
    if plan.question != "lscp":
        return f"不设该站，目标值变差 {abs(by):,.2f}", f"Without it the objective is worse by {abs(by):,.2f}"
    return f"不设该站，目标值增加 {by:,.0f} {unit}", f"Without it the plan needs {by:,.0f} {unit} more"


def _joined(words: list[str], before: str, between: str) -> str:
    return before + between.join(words) if words else ""


def shortage_notes(plan: SitingPlan, names: dict[str, Text]) -> Notes:
    """One note a township and standard that stays short."""
    return Notes(tuple(_shortage(one, names) for one in plan.shortages))


def _shortage(one: Shortage, names: dict[str, Text]) -> Note:
    force, minutes = force_name(one.force), f"{one.within_s / 60:g}"
    people = Text("人", "people") if one.of is None else Text("处", whom(one.of).en)
    zh = [f"{one.no_road:,} {people.zh}无路可达"] if one.no_road else []
    en = [f"{one.no_road:,} have no road"] if one.no_road else []
    if one.too_far:
        zh.append(f"{one.too_far:,} {people.zh}离所有站址过远")
        en.append(f"{one.too_far:,} are too far from every site")
    if one.not_chosen:
        best = names.get(one.best_site or "", Text.same(one.best_site or ""))
        zh.append(f"{one.not_chosen:,} {people.zh}可由未选站址服务（首选{best.of('zh')}）")
        en.append(f"{one.not_chosen:,} could be served by a site not chosen (best: {best.of('en')})")
    text = Text(
        f"{force.zh} {minutes} 分钟内未达 {one.people:,} {people.zh}：{'；'.join(zh)}。",
        f"{one.people:,} {people.en} not within {minutes} min of {force.en}: {'; '.join(en)}.",
    )
    name = Text(one.name_zh, one.name_en) if one.township_id else Text("未归乡镇", "no township")
    return Note(text, name)


def warning_notes(plan: SitingPlan) -> tuple[Note, ...]:
    """One note a warning, with its first records."""
    return tuple(Note(_warning(one), Text.same(one.code)) for one in plan.warnings)


def _warning(one: PlanWarning) -> Text:
    if not one.records:
        return Text(f"{one.text_zh}。", f"{one.text_en}.")
    listed = ", ".join(one.records[:_SHOWN])
    more = len(one.records) - _SHOWN
    zh, en = (f" 等 {len(one.records)} 条", f" and {more} more") if more > 0 else ("", "")
    zh_people = f"，共 {one.people:,} 人" if one.people is not None else ""
    en_people = f" ({one.people:,} people)" if one.people is not None else ""
    return Text(f"{one.text_zh}：{listed}{zh}{zh_people}。", f"{one.text_en}{en_people}: {listed}{en}.")


def site_names(sites: tuple[Site, ...]) -> dict[str, Text]:
    """Names by id."""
    return {site.id: site_name(site) for site in sites}
