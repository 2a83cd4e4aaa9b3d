"""The table of figures that no record of the region gives, on the page of any plan."""

from collections.abc import Sequence

from scenarios.plan import Assumption
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text

_CERTAINTY = {
    "cited": Text("有出处", "cited"),
    "recalled": Text("待核对原文", "to be checked against the original"),
    "assumed": Text("推定", "assumed"),
    "scenario": Text("情景指定", "set by the scenario"),
    "unstated": Text("未注明", "not stated"),
}


def assumptions_table(assumptions: Sequence[Assumption]) -> Table:
    """One row a figure: what it is, its value, where it comes from, how sure that is."""
    columns = (
        Column("name", Text("参数", "Figure")),
        Column("value", Text("取值", "Value")),
        Column("source", Text("来源", "Source")),
        Column("certainty", Text("可靠程度", "Certainty")),
    )
    rows = tuple(map(_assumption, assumptions))
    return Table("assumptions", Text("没有记录给出的参数", "Figures that no record gives"), columns, rows)


def _assumption(one: Assumption) -> Row:
    certainty = _CERTAINTY.get(one.certainty, Text.same(one.certainty))
    return Row((Text(one.text_zh, one.text_en), f"{one.value} {one.unit}".strip(), one.source, certainty))
