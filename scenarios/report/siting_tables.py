"""The tables of a siting plan: the same rows for spreadsheets and for the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.plan import Served, SitingPlan
from scenarios.report.text import Text

Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: ``id`` names its file, ``keys`` its columns for programs, ``headers`` for people."""

    id: str
    title: Text
    keys: tuple[str, ...]
    headers: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]


_SERVED = (
    ("people", Text("人口", "people")),
    ("covered_before", Text("原达标人口", "people in time before")),
    ("covered_after", Text("方案达标人口", "people in time after")),
    ("share_before", Text("原达标率", "share in time before")),
    ("share_after", Text("方案达标率", "share in time after")),
    ("mean_before_s", Text("原平均到场（秒）", "mean response before, s")),
    ("mean_after_s", Text("方案平均到场（秒）", "mean response after, s")),
    ("worst_before_s", Text("原最长到场（秒）", "longest response before, s")),
    ("worst_after_s", Text("方案最长到场（秒）", "longest response after, s")),
)


def siting_sheets(plan: SitingPlan) -> tuple[Sheet, ...]:
    """All tables of a plan, in the order in which a reader wants them."""
    return (
        _sites(plan), _standards(plan), _townships(plan), _limits(plan), _curve(plan), _reasons(plan),
        _shortages(plan), _provenance(plan), _assumptions(plan), *_tested(plan),
    )  # fmt: skip


def _sheet(
    id_: str, title: Text, columns: Sequence[tuple[str, Text]], rows: Sequence[Sequence[Cell]]
) -> Sheet:
    return Sheet(
        id=id_,
        title=title,
        keys=tuple(key for key, _ in columns),
        headers=tuple(header for _, header in columns),
        rows=tuple(tuple(row) for row in rows),
    )


def _sites(plan: SitingPlan) -> Sheet:
    columns = (
        ("decision", Text("决定", "decision")),
        ("id", Text("编号", "id")),
        ("name_zh", Text("名称", "Chinese name")),
        ("name_en", Text("英文名称", "English name")),
        ("lon", Text("经度", "longitude")),
        ("lat", Text("纬度", "latitude")),
        ("township_id", Text("所属乡镇", "township")),
        ("cost", Text("费用（元）", "cost, CNY")),
    )
    rows = [
        (decision, s.id, s.name_zh, s.name_en, s.lon, s.lat, s.township_id, s.cost)
        for decision in ("open", "keep", "close")
        for s in getattr(plan.decisions, decision)
    ]
    return _sheet("sites", Text("站点", "Sites"), columns, rows)


def _pair(before: Served, after: Served | None) -> tuple[Cell, ...]:
    """The figures of ``_SERVED``."""
    return (
        before.people,
        before.covered,
        after and after.covered,
        before.share,
        after and after.share,
        before.mean_response_s,
        after and after.mean_response_s,
        before.worst_response_s,
        after and after.worst_response_s,
    )  # type: ignore[return-value]  # `after and x` is None or the figure


def _standards(plan: SitingPlan) -> Sheet:
    columns = (
        ("force", Text("力量", "force")),
        ("zone", Text("区域类型", "zone")),
        ("within_s", Text("时限（秒）", "limit, s")),
        *_SERVED,
    )
    before = plan.measures.before.standards
    after = plan.measures.after.standards if plan.measures.after else [None] * len(before)
    rows = [(b.force, b.zone, b.within_s, *_pair(b, a)) for b, a in zip(before, after, strict=True)]
    return _sheet("standards", Text("达标情况（按时限）", "Service by standard"), columns, rows)


def _townships(plan: SitingPlan) -> Sheet:
    columns = (
        ("township_id", Text("乡镇编号", "township")),
        ("name_zh", Text("乡镇", "Chinese name")),
        ("name_en", Text("英文名称", "English name")),
        ("force", Text("力量", "force")),
        ("within_s", Text("时限（秒）", "limit, s")),
        *_SERVED,
    )
    before = plan.measures.before.townships
    after = plan.measures.after.townships if plan.measures.after else [None] * len(before)
    rows = [
        (b.id, b.name_zh, b.name_en, b.force, b.within_s, *_pair(b, a))
        for b, a in zip(before, after, strict=True)
    ]
    return _sheet("townships", Text("达标情况（按乡镇）", "Service by township"), columns, rows)


def _limits(plan: SitingPlan) -> Sheet:
    columns = (
        ("force", Text("力量", "force")),
        ("within_s", Text("时限（秒）", "limit, s")),
        ("people", Text("人口", "people")),
        ("covered_before", Text("原可达人口", "people reached before")),
        ("covered_after", Text("方案可达人口", "people reached after")),
        ("share_before", Text("原占比", "share before")),
        ("share_after", Text("方案占比", "share after")),
    )
    before = plan.measures.before.limits
    after = plan.measures.after.limits if plan.measures.after else [None] * len(before)
    rows = [
        (b.force, b.within_s, b.people, b.covered, a.covered if a else None, b.share, a.share if a else None)
        for b, a in zip(before, after, strict=True)
    ]
    return _sheet("limits", Text("其他时限内可达人口", "People within further limits"), columns, rows)


def _curve(plan: SitingPlan) -> Sheet:
    columns = (
        ("open", Text("新增站数", "new sites")),
        ("status", Text("状态", "status")),
        (
            "objective",
            Text(f"目标值（{plan.curve.name}）", f"objective: {plan.curve.name}, {plan.curve.unit}"),
        ),
        ("bound", Text("已证明的界", "proven bound")),
        ("covered", Text("达标人口", "people in time")),
        ("mean_response_s", Text("平均到场（秒）", "mean response, s")),
        ("sites", Text("新增站点", "new sites, ids")),
    )
    rows = [
        (p.open, p.status, p.objective, p.bound, p.covered, p.mean_response_s, " ".join(p.sites))
        for p in plan.curve.points
    ]
    return _sheet("curve", Text("边际价值", "What each further site is worth"), columns, rows)


def _reasons(plan: SitingPlan) -> Sheet:
    columns = (
        ("site", Text("站点", "site")),
        ("status", Text("状态", "status")),
        ("alone", Text("去掉且不替换的目标值", "objective when nothing replaces it")),
        ("without", Text("去掉后的最优目标值", "best objective without it")),
        ("bound", Text("已证明的界", "proven bound")),
        ("covered_lost", Text("减少的达标人口", "people no longer in time")),
        ("instead", Text("替代站点", "sites that come in")),
    )
    rows = [
        (r.site, r.status, r.alone, r.without, r.bound, r.covered_lost, " ".join(r.instead))
        for r in plan.reasons
    ]
    return _sheet("reasons", Text("选址理由", "What is lost without each site"), columns, rows)


def _shortages(plan: SitingPlan) -> Sheet:
    columns = (
        ("code", Text("代码", "code")),
        ("township_id", Text("乡镇编号", "township")),
        ("name_zh", Text("乡镇", "Chinese name")),
        ("name_en", Text("英文名称", "English name")),
        ("force", Text("力量", "force")),
        ("within_s", Text("时限（秒）", "limit, s")),
        ("people", Text("未达标人口", "people not in time")),
        ("no_road", Text("无路可达", "no road")),
        ("too_far", Text("离所有站址过远", "too far from every site")),
        ("not_chosen", Text("所需站址未选", "in reach of a site not chosen")),
        ("best_site", Text("最佳后续站址", "best further site")),
    )
    rows = [
        (s.code, s.township_id, s.name_zh, s.name_en, s.force, s.within_s, s.people, s.no_road, s.too_far,
         s.not_chosen, s.best_site)
        for s in plan.shortages
    ]  # fmt: skip
    return _sheet("shortages", Text("缺口", "Who stays without service in time"), columns, rows)


def _provenance(plan: SitingPlan) -> Sheet:
    columns = (
        ("layer", Text("图层", "layer")),
        ("source", Text("来源", "source")),
        ("records", Text("记录数", "records")),
    )
    rows = [(p.layer, source, count) for p in plan.provenance for source, count in p.sources.items()]
    return _sheet("provenance", Text("数据来源", "Where the records come from"), columns, rows)


def _assumptions(plan: SitingPlan) -> Sheet:
    columns = (
        ("name", Text("参数", "figure")),
        ("text_zh", Text("说明", "Chinese")),
        ("text_en", Text("英文说明", "English")),
        ("value", Text("取值", "value")),
        ("unit", Text("单位", "unit")),
        ("source", Text("来源", "source")),
        ("certainty", Text("可靠程度", "certainty")),
    )
    rows = [(a.name, a.text_zh, a.text_en, a.value, a.unit, a.source, a.certainty) for a in plan.assumptions]
    return _sheet("assumptions", Text("参数与假定", "Figures no record gives"), columns, rows)


def _tested(plan: SitingPlan) -> tuple[Sheet, ...]:
    """What the test by simulation says by township; nothing without one."""
    if plan.simulation is None:
        return ()
    columns = (
        ("township_id", Text("乡镇编号", "township")),
        ("name_zh", Text("乡镇", "Chinese name")),
        ("name_en", Text("英文名称", "English name")),
        ("force", Text("力量", "force")),
        ("within_s", Text("时限（秒）", "limit, s")),
        ("counted_before", Text("原达标率（所计）", "share counted before")),
        ("counted_after", Text("方案达标率（所计）", "share counted after")),
        *(
            (f"{key}_{side}{end}", Text(f"{side_zh}{zh}{end_zh}", f"{en}, {side_en}{end_en}"))
            for key, zh, en in _PLAYED
            for side, side_zh, side_en in (("before", "现状", "today"), ("after", "方案", "plan"))
            for end, end_zh, end_en in (
                ("", "", ""),
                ("_low", "（下限）", ", low"),
                ("_high", "（上限）", ", high"),
            )
        ),
    )
    rows = [
        (
            one.id, one.name_zh, one.name_en, one.force, one.within_s, one.counted_before, one.counted_after,
            *(
                cell
                for key, _, _ in _PLAYED
                for side in (one.before, one.after)
                for cell in (getattr(side, key).mean, getattr(side, key).low, getattr(side, key).high)
            ),
        )
        for one in plan.simulation.townships
    ]  # fmt: skip
    return (_sheet("tested", Text("模拟检验（按乡镇）", "Tested by simulation"), columns, rows),)


_PLAYED = (
    ("calls", "呼叫数", "calls"),
    ("unmet", "无人到场", "never reached"),
    ("in_time", "及时率", "share in time"),
    ("p50_s", "响应中位数（秒）", "median, s"),
    ("p90_s", "响应 90% 分位（秒）", "90th percentile, s"),
    ("p95_s", "响应 95% 分位（秒）", "95th percentile, s"),
)
