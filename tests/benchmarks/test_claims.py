"""The README claims what was measured, and nothing else."""

from typing import Any

import pytest
import yaml

from benchmarks.claims import CLAIMS, claims_list
from benchmarks.results import published

LANGUAGES = ("en", "zh")


def _rows() -> dict[str, list[dict[str, Any]]]:
    return {suite: [dict(row) for row in rows] for suite, (rows, _) in published().items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_has_its_figures_from_one_row(language: str) -> None:
    claims = yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))
    said = claims_list(language).splitlines()
    assert len(said) == len(claims) > 0
    assert all("{" not in line and any(sign.isdigit() for sign in line) for line in said)


@pytest.mark.parametrize("change", [{"verified": False}, {"met": False}, {"case": "another"}])
def test_a_claim_whose_row_does_not_hold_stops_the_documents(change: dict[str, Any]) -> None:
    rows = _rows()
    claim = yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))[0]
    for row in rows[claim["suite"]]:
        if row["case"] == claim["case"] and row["peer"] == claim.get("peer", row["peer"]):
            row |= change
    with pytest.raises(ValueError, match="claim on"):
        claims_list("en", rows)


def test_figures_are_cut_to_what_a_measurement_says() -> None:
    rows = _rows()
    claim = yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))[0]
    for row in rows[claim["suite"]]:
        if row["case"] == claim["case"] and row["peer"] == claim.get("peer", row["peer"]):
            row |= {"ours": 12.34, "ratio": 5891.2, "unit": "ms"}
    line = claims_list("en", rows).splitlines()[0]
    assert "12 ms" in line
    assert "5,900 times" in line
