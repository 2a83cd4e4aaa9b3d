"""What the README says was measured: sentences written from published rows; none says more than its row."""

from pathlib import Path
from typing import Any

import yaml

from benchmarks.results import published

CLAIMS = Path(__file__).with_name("claims.yaml")


def claims_list(language: str, rows: dict[str, list[dict[str, Any]]] | None = None) -> str:
    """The claims as a Markdown list, each with a link to its suite.

    Parameters
    ----------
    language
        ``en`` or ``zh``.
    rows
        Rows by suite; those published with the documents when left out.

    Raises
    ------
    ValueError
        A claim without its row, or whose row was not checked or misses what was asked.
    """
    found = {suite: held[0] for suite, held in published().items()} if rows is None else rows
    claims = yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))
    return "\n".join(f"- {_sentence(claim, _row(claim, found), language)}" for claim in claims)


def _row(claim: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    said = ("case", "metric", "peer")
    fit = [
        row
        for row in rows.get(claim["suite"], [])
        if all(row[key] == claim[key] for key in said if key in claim)
    ]
    if len(fit) != 1:
        raise ValueError(f"{len(fit)} published rows for the claim on {claim['suite']} {claim['case']}")
    if fit[0]["verified"] is False or fit[0]["met"] is False:
        raise ValueError(f"the row of the claim on {claim['suite']} {claim['case']} does not hold")
    return fit[0]


def _sentence(claim: dict[str, Any], row: dict[str, Any], language: str) -> str:
    figures = {key: _figure(row[key]) for key in ("ours", "ratio", "theirs", "asked") if row[key] is not None}
    if row["unit"] in ("s", "ms"):
        figures["ours"] = f"{figures['ours']} {row['unit']}"
    text = claim[language].format(**figures)
    return f"{text} ([{claim['suite']}](docs/benchmarks.md#{claim['suite']}))"


def _figure(value: float) -> str:
    """Two figures that count, thousands apart: a measurement on a shared machine says no more."""
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
