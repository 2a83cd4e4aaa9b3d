"""The tables of a drill for spreadsheets: totals, kinds, townships, teams."""

from collections.abc import Iterable, Iterator
from typing import Any

from scenarios.drill_report import CallFigures, DrillReport, Interval
from scenarios.report.siting_tables import Sheet
from scenarios.report.text import Text

FIGURES = {
    "calls": Text("呼叫数", "calls"),
    "served": Text("已处置", "served"),
    "lost": Text("无人响应", "lost"),
    "open": Text("结束时未完", "open at the end"),
    "slots": Text("需要队次", "teams asked for"),
    "short": Text("缺少队次", "teams never sent"),
    "in_time": Text("按时到场比例", "share in time"),
    "mean_s": Text("平均响应（秒）", "mean response, s"),
    "p50_s": Text("响应中位数（秒）", "median response, s"),
    "p90_s": Text("响应 90% 分位（秒）", "90th percentile, s"),
    "p95_s": Text("响应 95% 分位（秒）", "95th percentile, s"),
}
_ENDS = (("", Text("", "")), ("_low", Text("下限", " low")), ("_high", Text("上限", " high")))


def drill_sheets(report: DrillReport) -> tuple[Sheet, ...]:
    """All tables of a report; each figure with the ends of its interval."""
    return (
        _sheet("totals", Text("合计", "Totals"), _named(), [("", "", "", *_cells(report.totals))]),
        _sheet(
            "kinds",
            Text("按呼叫类型", "By kind of call"),
            _named(),
            ((one.id, one.name_zh, one.name_en, *_cells(one.figures)) for one in report.kinds),
        ),
        _sheet(
            "townships",
            Text("按乡镇", "By township"),
            _named(),
            ((one.id, one.name_zh, one.name_en, *_cells(one.figures)) for one in report.townships),
        ),
        _teams(report),
    )


def _sheet(name: str, title: Text, headers: dict[str, Text], rows: Iterable[tuple[Any, ...]]) -> Sheet:
    return Sheet(id=name, title=title, keys=tuple(headers), headers=tuple(headers.values()), rows=tuple(rows))


def _named() -> dict[str, Text]:
    names = {
        "id": Text("编号", "id"),
        "name_zh": Text("名称", "name, Chinese"),
        "name_en": Text("英文名", "name"),
    }
    return names | {key: words for name, title in FIGURES.items() for key, words in _three(name, title)}


def _three(name: str, title: Text) -> Iterator[tuple[str, Text]]:
    for end, words in _ENDS:
        yield f"{name}{end}", Text(title.zh + words.zh, title.en + words.en)


def _cells(figures: CallFigures) -> Iterator[float | None]:
    for name in FIGURES:
        yield from _ends(getattr(figures, name))


def _ends(one: Interval) -> tuple[float | None, float | None, float | None]:
    return one.mean, one.low, one.high


def _teams(report: DrillReport) -> Sheet:
    headers = {
        "id": Text("编号", "id"),
        "name_zh": Text("队伍", "team, Chinese"),
        "name_en": Text("英文名", "team"),
        "mutual_aid": Text("跨区增援", "mutual aid"),
        "on_duty": Text("在岗时间比例", "share of time on duty"),
        **dict(_three("utilisation", Text("出动占用比例", "share of time out"))),
        **dict(_three("utilisation_on_duty", Text("在岗时占用比例", "share of duty out"))),
        **dict(_three("jobs", Text("出动次数", "calls answered"))),
    }
    rows = (
        (one.id, one.name_zh, one.name_en, one.mutual_aid, one.on_duty, *_ends(one.utilisation),
         *_ends(one.utilisation_on_duty), *_ends(one.jobs))
        for one in report.teams
    )  # fmt: skip
    return _sheet("teams", Text("队伍", "Teams"), headers, rows)
