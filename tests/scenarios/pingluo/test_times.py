"""The table of drives in a page."""

import pytest

from scenarios.pingluo.times import BEGIN, END, Drive, with_table

DRIVE = Drive(name_zh="甲", name_en="A", straight_m=9000, road_m=12_000, travel_s=900)


def test_only_what_stands_between_the_marks_is_renewed() -> None:
    page = with_table(f"before\n{BEGIN}\nold\n{END}\nafter\n", [DRIVE])
    assert page.startswith("before\n" + BEGIN)
    assert page.endswith(END + "\nafter\n")
    assert "| 甲 A | 9.0 | 12.0 | 15.0 | 48.0 |" in page
    assert "old" not in page
    assert with_table(page, [DRIVE]) == page


@pytest.mark.parametrize("page", ["", BEGIN, END, END + BEGIN])
def test_a_page_without_both_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="lacks"):
        with_table(page, [DRIVE])
