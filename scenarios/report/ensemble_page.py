"""The page of an ensemble: what each combination gives on average, how far runs spread, what differs."""

import json
from collections.abc import Iterator

from scenarios.ensemble import EnsembleResult
from scenarios.ensemble_base import PLAN, TODAY
from scenarios.ensemble_summary import Combination, Figure
from scenarios.report.chart import Axis, BarChart, Bars, Chart, LineChart, Series
from scenarios.report.ensemble_words import STATUSES, figure_format, figure_text
from scenarios.report.facts import Fact, Note, Notes, Paragraph, Status
from scenarios.report.page import Page, Section
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import UNITS, Text, scaled

REFRESH_S = 5
_MOST_BARS = 40
_PLUS_MINUS = Text("均值的置信半宽", "± of the mean")


def ensemble_page(result: EnsembleResult) -> Page:
    """Everything about an ensemble, in both languages; a partial one is loaded again every few seconds."""
    section = result.scenario.ensemble
    sections = tuple(_sections(result))
    return Page(
        kind="ensemble",
        title=_title(result),
        subtitle=Text("同一情景多次计算", "One scenario, many times"),
        status=_status(result),
        facts=(
            Fact(Text("已完成", "Runs done"), result.done, "integer"),
            Fact(Text("共计", "Runs in all"), section.members, "integer"),
            Fact(Text("组合", "Combinations"), section.combinations, "integer"),
            Fact(Text("每组次数", "Replications of each"), section.replications, "integer"),
        ),
        sections=(*_method(result), *sections),
        inputs=(
            Fact(Text("情景", "Scenario"), section.scenario),
            Fact(Text("区域", "Region"), result.scenario.region),
            Fact(Text("随机种子", "Seed"), str(result.scenario.seed)),
            *(
                Fact(_path_text(result, path), _word(value))
                for path, value in result.values(0).items()
                if path not in result.swept
            ),
        ),
        refresh_s=None if result.whole else REFRESH_S,
    )


def _title(result: EnsembleResult) -> Text:
    named = result.scenario.name_zh or result.scenario.name_en
    zh, en = result.scenario.name_zh or named, result.scenario.name_en or named
    return Text(zh, en) if named else Text("情景集合", "Ensemble")


def _status(result: EnsembleResult) -> Status:
    failed = sum(
        count for one in result.combinations for status, count in one.statuses.items() if _faulty(status)
    )
    if not result.whole:
        return Status("warning", Text("计算中，以下为部分结果", "Running: these are partial results"))
    if failed:
        return Status(
            "warning",
            Text(
                f"已完成，其中 {failed} 次取值无效", f"Done; {failed} runs had values that make no scenario"
            ),
        )
    return Status("good", Text("已全部完成", "All runs are done"))


def _faulty(status: str) -> bool:
    """Whether a status is the code of a fault, such as S109."""
    return len(status) == 4 and status[0].isupper() and status[1:].isdecimal()


def _method(result: EnsembleResult) -> Iterator[Section]:
    section = result.scenario.ensemble
    level = f"{section.confidence:.0%}"
    yield Section(
        "method",
        Text("如何阅读", "How to read this"),
        (
            Paragraph(
                Text(
                    f"每个组合计算 {section.replications} 次；“±”为均值 {level} 置信区间的半宽（t 分布）。"
                    "各组合使用相同的随机数，因此“与第一组之差”比两个区间相减更准确。",
                    f"Each combination was run {section.replications} times; ± is half of the {level}"
                    " confidence interval of the mean (Student's t). All combinations meet the same chance,"
                    " so that the difference from the first is sharper than two intervals compared.",
                )
            ),
            _endings(result),
        ),
    )


def _endings(result: EnsembleResult) -> Table:
    statuses = sorted({status for one in result.combinations for status in one.statuses})
    return Table(
        "endings",
        Text("计算结果状态", "How the runs ended"),
        (
            *_value_columns(result),
            Column("runs", Text("次数", "Runs"), "integer"),
            *(
                Column(f"status-{status or 'none'}", STATUSES.get(status, Text.same(status)), "integer")
                for status in statuses
            ),
        ),
        tuple(
            Row((*_values(result, one), one.runs, *(one.statuses.get(status, 0) for status in statuses)))
            for one in result.combinations
        ),
    )


def _sections(result: EnsembleResult) -> Iterator[Section]:
    names = dict.fromkeys(figure.name for one in result.combinations for figure in one.figures)
    same: dict[str, float] = {}
    for name in names:
        found = [(one, _figure(one, name)) for one in result.combinations]
        known = [(one, figure) for one, figure in found if figure is not None]
        if len({end for _, figure in known for end in (figure.least, figure.most)}) == 1:
            same[name] = known[0][1].mean
            continue
        chart = _chart(result, name, known)
        parts: list[Chart | Table] = [] if chart is None else [chart]
        yield Section(f"figure-{name}", figure_text(name), (*parts, _table(result, name, found)))
    if same:
        facts = Notes(tuple(Note(_fixed(name, value)) for name, value in same.items()))
        yield Section("same", Text("各次结果相同", "The same in every run"), (facts,))


def _fixed(name: str, value: float) -> Text:
    how = figure_format(name)
    words, unit = figure_text(name), UNITS[how]
    number = f"{scaled(value, how):,.4g}"
    return Text(f"{words.zh}：{number}{unit.zh}", f"{words.en}: {number} {unit.en}".rstrip())


def _figure(combination: Combination, name: str) -> Figure | None:
    return next((figure for figure in combination.figures if figure.name == name), None)


def _table(result: EnsembleResult, name: str, found: list[tuple[Combination, Figure | None]]) -> Table:
    how = figure_format(name)
    heads = {
        "mean": Text("均值", "Mean"),
        "half": _PLUS_MINUS,
        "p05": Text("5% 分位", "5th percentile"),
        "p50": Text("中位数", "Median"),
        "p95": Text("95% 分位", "95th percentile"),
        "least": Text("最小", "Least"),
        "most": Text("最大", "Most"),
        "versus": Text("与第一组之差", "Against the first"),
        "versus-half": Text("差的 ±", "± of the difference"),
    }
    return Table(
        f"table-{name}",
        Text("各组合", "By combination"),
        (*_value_columns(result), *(Column(key, title, how) for key, title in heads.items())),
        tuple(Row((*_values(result, one), *_cells(figure))) for one, figure in found),
    )


def _cells(figure: Figure | None) -> tuple[float | None, ...]:
    if figure is None:
        return (None,) * 9
    versus, half = figure.against_first or (None, None)
    return (
        figure.mean, figure.half_width, figure.p05, figure.p50, figure.p95, figure.least, figure.most,
        versus, half,
    )  # fmt: skip


def _value_columns(result: EnsembleResult) -> tuple[Column, ...]:
    paths = result.swept or ("",)
    return tuple(
        Column(f"value-{number}", _path_text(result, path) if path else Text("组合", "Combination"))
        for number, path in enumerate(paths)
    )


def _path_text(result: EnsembleResult, path: str) -> Text:
    vary = next(one for one in result.scenario.ensemble.vary if one.path == path)
    return Text(vary.name_zh or vary.name_en or path, vary.name_en or vary.name_zh or path)


def _values(result: EnsembleResult, one: Combination) -> tuple[Text, ...]:
    values = result.values(one.number)
    words = (_plan(result, values[path]) if path == PLAN else _word(values[path]) for path in result.swept)
    return tuple(words) or (Text.same(str(one.number + 1)),)


def _plan(result: EnsembleResult, value: object) -> Text:
    if value == TODAY:
        return Text("现状", "Today")
    named = result.plan_names.get(str(value))
    return Text(*named) if named else Text.same(str(value))


def _word(value: object) -> Text:
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, dict | list):
        return Text.same(json.dumps(value, ensure_ascii=False))
    return Text.same(f"{value:g}" if isinstance(value, float) else str(value))


def _together(words: tuple[Text, ...]) -> Text:
    return Text(" · ".join(word.zh for word in words), " · ".join(word.en for word in words))


def _chart(result: EnsembleResult, name: str, found: list[tuple[Combination, Figure]]) -> Chart | None:
    if len(found) < 2:
        return None
    how, title = figure_format(name), figure_text(name)
    swept = result.swept
    numbers = [result.values(one.number)[swept[0]] if swept else None for one, _ in found]
    if len(swept) == 1 and all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        return _lines(name, _path_text(result, swept[0]), [float(n) for n in numbers if n is not None], found)
    if len(found) > _MOST_BARS:
        return None
    return BarChart(
        f"chart-{name}",
        title,
        tuple(_together(_values(result, one)) for one, _ in found),
        Axis(Text("均值", "Mean"), how),
        (Bars(Text("均值", "Mean"), tuple(figure.mean for _, figure in found)),),
    )


def _lines(name: str, swept: Text, at: list[float], found: list[tuple[Combination, Figure]]) -> LineChart:
    how = figure_format(name)
    order = sorted(range(len(at)), key=lambda place: at[place])
    x = tuple(at[place] for place in order)

    def curve(title: Text, key: str, tone: str) -> Series:
        y = tuple(float(getattr(found[place][1], key)) for place in order)
        return Series(title, x, y, tone=tone)  # type: ignore[arg-type]  # one of the tones

    return LineChart(
        f"chart-{name}",
        figure_text(name),
        Axis(swept, "decimal", from_zero=False),
        Axis(figure_text(name), how, from_zero=False),
        (
            curve(Text("均值", "Mean"), "mean", "after"),
            curve(Text("5% 分位", "5th percentile"), "p05", "before"),
            curve(Text("95% 分位", "95th percentile"), "p95", "bound"),
        ),
    )
