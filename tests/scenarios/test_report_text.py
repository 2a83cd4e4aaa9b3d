"""Words and numbers of a page."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.report.text import Change, Format, Text, Value, both, written


@pytest.mark.parametrize(
    ("value", "how", "zh", "en"),
    [
        (0.953, "percent", "95.3", "95.3"),
        (300.0, "minutes", "5.0", "5.0"),
        (36_000, "hours", "10.0", "10.0"),
        (274_206, "integer", "274,206", "274,206"),
        (12_345.0, "km", "12.3", "12.3"),
        (2_500_000.0, "yuan", "250.0", "250.0"),
        (-3.0, "integer", "\u22123", "\u22123"),
        (-0.01, "decimal", "0.0", "0.0"),
        (math.inf, "minutes", "不可达", "no road"),
        (None, "minutes", "–", "–"),
        (True, "text", "是", "yes"),
        (Change(0.5, 0.75), "percent", "50.0 → 75.0", "50.0 → 75.0"),
        (Change(math.inf, 600.0), "minutes", "不可达 → 10.0", "no road → 10.0"),
    ],
)
def test_a_value_is_written_as_people_read_it(value: Value, how: Format, zh: str, en: str) -> None:
    assert written(value, how) == Text(zh, en)


@settings(deadline=None)
@given(st.floats(-1e9, 1e9))
def test_a_written_number_reads_back_within_its_rounding(value: float) -> None:
    read = float(written(value, "decimal").en.replace(",", "").replace("\u2212", "-"))
    assert read == pytest.approx(value, abs=0.0501)


def test_words_without_a_translation_stand_for_both_languages() -> None:
    assert Text("陶乐", "").of("en") == "陶乐"
    assert Text("", "Taole").of("zh") == "Taole"


@settings(deadline=None)
@given(st.text(), st.text())
def test_words_never_become_markup(zh: str, en: str) -> None:
    bare = (
        both(Text(zh, en))
        .replace('<span lang="zh-CN">', "")
        .replace('<span lang="en">', "")
        .replace("</span>", "")
    )
    assert "<" not in bare
    assert '"' not in bare
