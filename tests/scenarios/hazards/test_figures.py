"""Shipped figures: sources named, codes listed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scenarios.hazards.figures import ORDER, figure, least_certain, source, table

ROOT = Path(__file__).resolve().parents[3]
TABLES = sorted(path.stem for path in (ROOT / "scenarios" / "data" / "hazards").glob("*.yaml"))


def entries(value: Any) -> list[dict[str, Any]]:
    found = []
    if isinstance(value, dict):
        found = [value] if "certainty" in value else []
        value = list(value.values())
    if isinstance(value, list):
        found += [entry for item in value for entry in entries(item)]
    return found


@pytest.mark.parametrize("name", TABLES)
def test_every_table_grades_its_figures(name: str) -> None:
    found = entries(table(name))
    assert found
    for entry in found:
        grades = entry["certainty"] if isinstance(entry["certainty"], list) else [entry["certainty"]]
        assert set(grades) <= set(ORDER), entry
        assert "source" in entry or "source" in table(name), entry


def test_every_code_of_the_module_has_its_row_and_no_row_is_idle() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "scenarios/hazards").glob("*.py"))
    used = set(re.findall(r'"(H1\d\d)"', code))
    rows = yaml.safe_load((ROOT / "docs/errors.d/hazards.yaml").read_text(encoding="utf-8"))
    assert [row["code"] for row in rows] == sorted(used)
    assert all(set(row) == {"code", "title_en", "title_zh", "remedy_en", "remedy_zh"} for row in rows)


def test_a_result_is_no_surer_than_its_weakest_figure() -> None:
    assert least_certain("high", "recalled", "medium") == "recalled"


def test_sources_are_spelled_out() -> None:
    assert figure("shelter", "air_changes_per_h").certainty == "recalled"
    assert source("flood", "aidr").startswith("AIDR")
    assert source("flood", "a sentence of its own") == "a sentence of its own"
