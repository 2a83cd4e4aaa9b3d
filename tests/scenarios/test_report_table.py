"""Tables of a page."""

import math

import pytest

from scenarios.report.table import Column, Row, Table, table_html
from scenarios.report.text import Change, Text

NAME = Column("name", Text.same("name"))


def one_cell(column: Column, value: float | Change | None) -> str:
    return table_html(Table("t", Text.same("t"), (NAME, column), (Row((Text.same("a"), value)),)))


def test_a_row_of_the_wrong_length_is_refused_with_its_number() -> None:
    with pytest.raises(ValueError, match="table t, row 2: 1 cells for 2 columns"):
        Table("t", Text.same("t"), (NAME, NAME), (Row(("a", "b")), Row(("a",))))


def test_the_unit_stands_in_the_heading() -> None:
    html = one_cell(Column("s", Text("到场", "Response"), "minutes"), 300.0)
    assert '<span class="unit"><span lang="zh-CN">分钟</span><span lang="en">min</span></span>' in html
    assert ">5.0</td>" in html


@pytest.mark.parametrize(
    ("better", "change", "verdict"),
    [
        ("higher", Change(1.0, 2.0), "better"),
        ("higher", Change(2.0, 1.0), "worse"),
        ("lower", Change(math.inf, 1.0), "better"),
        ("lower", Change(1.0, 2.0), "worse"),
        ("lower", Change(1.0, 1.0), "same"),
        ("lower", Change(1.04, 1.01), "same"),  # written 1.0 -> 1.0
        (None, Change(1.0, 2.0), "same"),
        ("lower", Change(None, 2.0), "same"),
    ],
)
def test_a_change_is_judged_by_the_way_its_column_wants(better: object, change: Change, verdict: str) -> None:
    column = Column("x", Text.same("x"), "decimal", better=better)  # type: ignore[arg-type] # parametrised
    assert f'<span class="{verdict}">' in one_cell(column, change)


def test_bars_are_a_share_of_the_largest_value_and_none_for_the_unreachable() -> None:
    column = Column("x", Text.same("x"), "minutes", bar=True)
    rows = tuple(Row(("a", value)) for value in (100.0, 50.0, math.inf, None))
    html = table_html(Table("t", Text.same("t"), (NAME, column), rows))
    assert html.count("width:") == 2
    assert "width:100.0%" in html
    assert "width:50.0%" in html


def test_a_row_names_its_place_on_the_map() -> None:
    row = Row(("a",), feature=('lay"er', "f&1"))
    html = table_html(Table("t", Text.same("t"), (NAME,), (row,)))
    assert 'data-layer="lay&quot;er" data-feature="f&amp;1"' in html
