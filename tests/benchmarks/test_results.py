"""Published results: rows replace those of their cases, and the page says what the rows say."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.page import figure, table
from benchmarks.ratio_chart import ratios_svg
from benchmarks.registry import Row
from benchmarks.results import Run, publish, published

RUN = Run(
    date="2026-01-01", commit="abc", system="Linux", processor="a", processors=2, memory_gb=8, load=0.1,
    python="3.12", versions={"numpy": "2"},
)  # fmt: skip


def _row(case: str, ours: float, **more: object) -> Row:
    values: dict[str, object] = {"suite": "siting", "case": case, "metric": "time", "unit": "s", "ours": ours}
    return Row(**(values | more))  # type: ignore[arg-type]  # keywords of a mixed dictionary


def test_a_new_run_replaces_the_rows_of_its_cases_only(tmp_path: Path) -> None:
    publish([_row("a", 1.0), _row("a", 2.0), _row("b", 3.0)], RUN, folder=tmp_path)
    publish([_row("a", 9.0)], replace(RUN, commit="def"), folder=tmp_path)
    rows, runs = published(tmp_path)["siting"]
    assert [(row["case"], row["ours"], runs[row["run"]]["commit"]) for row in rows] == [
        ("a", 9.0, "def"),
        ("b", 3.0, "abc"),
    ]


def test_a_run_of_which_no_row_is_left_is_forgotten(tmp_path: Path) -> None:
    publish([_row("a", 1.0)], RUN, folder=tmp_path)
    publish([_row("a", 2.0)], replace(RUN, load=3.0), folder=tmp_path)
    assert [run["load"] for run in published(tmp_path)["siting"][1].values()] == [3.0]


def test_a_skipped_case_keeps_what_was_published(tmp_path: Path) -> None:
    publish([_row("a", 1.0)], RUN, folder=tmp_path)
    publish([_row("a", 1.0, metric="skipped")], RUN, folder=tmp_path)
    assert published(tmp_path)["siting"][0][0]["metric"] == "time"


def test_the_table_shows_a_missed_figure_and_a_wrong_answer() -> None:
    row = json.loads(_row("a", 5.0, asked=2.0, verified=False).line()) | {"run": "1"}
    assert "| 2 (ours) | **no** | **wrong** |" in table([row])


def test_figures_keep_three_digits() -> None:
    assert [figure(one) for one in (None, 0.012345, 1234.5)] == ["", "0.0123", "1,234"]


def test_the_chart_marks_each_peer_and_what_was_asked() -> None:
    rows = [
        json.loads(_row("a", 1.0, peer=peer, theirs=theirs, asked=asked, asked_on="ratio").line())
        for peer, theirs, asked in (("greedy", 12.0, 10.0), ("plain", 0.5, None))
    ]
    drawing = ElementTree.fromstring(ratios_svg(rows))
    space = "{http://www.w3.org/2000/svg}"
    assert len(drawing.findall(f"{space}circle")) == 2
    assert len(drawing.findall(f"{space}rect")) == 1 + 2  # the ground behind all
    assert len([one for one in drawing.findall(f"{space}line") if one.get("stroke") == "#000"]) == 1


def test_rows_without_a_peer_give_no_chart() -> None:
    assert ratios_svg([json.loads(_row("a", 1.0).line())]) == ""
