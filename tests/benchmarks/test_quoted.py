"""Documents quote published rows, each figure from one of them, and multiply them rightly."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks import quoted
from benchmarks.results import ROOT, published

FILE = Path(quoted.__file__).with_suffix(".yaml")


def rows() -> dict[str, list[dict[str, Any]]]:
    return {suite: [dict(row) for row in held] for suite, (held, _) in published().items()}


def made_up() -> dict[str, list[dict[str, Any]]]:
    """Every quoted row with a figure of its own: 10 s, 20 s ... by its place."""
    found: dict[str, list[dict[str, Any]]] = {}
    seen: dict[tuple[str, ...], dict[str, Any]] = {}
    for place, quote in enumerate(yaml.safe_load(FILE.read_text(encoding="utf-8"))["measured"]):
        name = quote["suite"], quote["case"], quote.get("metric", "2,000 members")
        row = seen.setdefault(
            name,
            {
                "suite": name[0], "case": name[1], "metric": name[2], "peer": quote.get("peer"), "unit": "s",
                "verified": None, "ours": None, "theirs": None, "ratio": None,
            },
        )  # fmt: skip
        row[quote.get("figure", "ours")] = 10.0 * (place + 1)
        if row not in found.setdefault(name[0], []):
            found[name[0]].append(row)
    return found


def test_every_figure_has_one_row_and_names_it() -> None:
    lines = quoted.measured_table().splitlines()[2:]
    assert len(lines) == len(yaml.safe_load(FILE.read_text(encoding="utf-8"))["measured"])
    cases = {row["case"] for held in rows().values() for row in held}
    assert all(line.split(") ")[-1].removesuffix(" |") in cases for line in lines)


def test_a_round_is_the_sum_of_its_commands_and_days() -> None:
    """Siting 10 s, reserve 50 s, drill 70 s, 2,000 days of 90 s / 2,000; two processors 100 times as fast."""
    held = made_up()
    assert quoted.county_round(held) == (10 + 50 + 70 + 90, 70, 80, 50)
    county, _, country = quoted.multiplied_table(held).splitlines()[2:5]
    assert county == "| a county | 1 | 3.7 min | 70 s | 70 s | 70 s |", "no sooner than its longest command"
    assert country == "| the country | 2,800 | 170 h | 100 min | 13 min | 96 s |"


@pytest.mark.parametrize("change", [{"verified": False}, {"case": "another"}, {"ours": None, "theirs": None}])
def test_a_quoted_row_that_is_wrong_or_gone_stops_the_documents(change: dict[str, Any]) -> None:
    held = made_up()
    for row in held["simulation"]:
        row |= change
    with pytest.raises(ValueError, match=r"published rows|nothing measured"):
        quoted.measured_table(held)


def test_how_soon_somebody_is_there_is_told_in_all_and_by_priority() -> None:
    lines = quoted.response_table().splitlines()[2:]
    assert [line.split(" | ")[0] for line in lines] == [
        "| all",
        "| high priority, 8 min",
        "| low priority, 12 min",
    ]
    calls = [int(line.split(" | ")[1].replace(",", "")) for line in lines]
    assert calls[0] == calls[1] + calls[2]
    with pytest.raises(ValueError, match="no published rows"):
        quoted.response_table({"simulation": []})


def test_the_shipped_county_is_as_large_as_the_paper_plan_says() -> None:
    folder = ROOT / "scenarios" / "data" / "pingluo"
    size_mb = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    assert f"{size_mb:.1f} MB on disk" in (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
