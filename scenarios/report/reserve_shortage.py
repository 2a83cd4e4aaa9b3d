"""The shortage heat map: scenario by window by item, as the share of the need that is short."""

import re
from collections import defaultdict

from scenarios.report.heat import HeatMap, HeatRow
from scenarios.report.reserve_words import Names, window_text
from scenarios.report.text import Text
from scenarios.reserve_plan import ReservePlan, ScenarioResult

MOST_ROWS = 24
"""Scenarios shown one by one; more are put together by the event that they are drawn from."""


def heat_maps(plan: ReservePlan, names: Names) -> tuple[HeatMap, ...]:
    """One map a window; items and scenarios with nothing short in any window are left out."""
    short = {one.item_id for result in plan.scenarios for one in result.short}
    items = [one.id for one in plan.items if one.id in short]
    if not items:
        return ()
    rows = [row for row in _rows(plan, names) if any(one.short for one in row[1])]
    return tuple(
        HeatMap(
            id=f"short-{number}",
            title=Text(
                f"{window_text(end).zh}末短缺占需求的百分比",
                f"Short at the end of {window_text(end).en}, % of the need",
            ),
            columns=tuple(short_name(names.items[one]) for one in items),
            rows=tuple(HeatRow(title, _shares(results, end, items)) for title, results in rows),
            note=_NOTE if number == len(plan.windows_s) - 1 else None,
        )
        for number, end in enumerate(plan.windows_s)
    )


_NOTE = Text(
    "圆点：不短缺。未列出的情景和物资在任何时限都不短缺；数量见表格文件“短缺表”。",
    "Dots: nothing short. Scenarios and items not listed lack nothing; units stand in the spreadsheet.",
)
_ASIDE = re.compile(r"\s*[（(].*?[）)]")


def short_name(name: Text) -> Text:
    """A name without what stands in brackets: the head of a column is narrow."""
    return Text(_ASIDE.sub("", name.of("zh")), _ASIDE.sub("", name.of("en")))


def _rows(plan: ReservePlan, names: Names) -> list[tuple[Text, list[ScenarioResult]]]:
    if len(plan.scenarios) <= MOST_ROWS:
        return [(names.scenarios[one.id], [one]) for one in plan.scenarios]
    kinds: dict[str, list[ScenarioResult]] = defaultdict(list)
    for one in plan.scenarios:
        kinds[one.kind].append(one)
    return [
        (Text(f"{group[0].name_zh}（{len(group)} 例）", f"{group[0].name_en} ({len(group)} draws)"), group)
        for group in kinds.values()
    ]


def _shares(results: list[ScenarioResult], end: float, items: list[str]) -> tuple[float | None, ...]:
    """Mean share short over the scenarios of a row."""
    total = sum(one.probability for one in results)
    found: dict[str, float] = defaultdict(float)
    for result in results:
        for one in result.short:
            if one.window_s == end and one.needed > 0:
                weight = result.probability / total if total else 1 / len(results)
                found[one.item_id] += weight * one.short / one.needed
    return tuple(found.get(item, 0.0) for item in items)
