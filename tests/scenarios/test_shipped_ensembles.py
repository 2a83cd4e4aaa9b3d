"""What docs/ensembles.md says came out of a shipped ensemble still comes out of it."""

from pathlib import Path

import pytest

from scenarios.ensemble_summary import Figure
from scenarios.shipped import DATA
from tests.scenarios.test_ensemble import _run

DOCS = (Path(__file__).parents[2] / "docs" / "ensembles.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_siting_plans_in_drills_come_out_as_told(tmp_path: Path) -> None:
    result = _run(DATA / "plans-in-drills.yaml", tmp_path)
    for one, name in zip(result.combinations, ("today", "`three-stations`", "`new-teams`"), strict=True):
        figures = {figure.name: figure for figure in one.figures}
        shares = _cell(figures["in_time_share"], 100, "%")
        times = [_cell(figures[f"response_{part}_s"], 1 / 60, "min") for part in ("mean", "p90")]
        assert f"| {' | '.join([name, shares, *times])} |" in DOCS


def _cell(figure: Figure, scale: float, unit: str) -> str:
    def said(value: float | None) -> str:
        assert value is not None
        return f"{abs(value) * scale:.1f}"

    mean = f"{said(figure.mean)} ± {said(figure.half_width)} {unit}"
    if figure.against_first is None:
        return mean
    more, half = figure.against_first
    return f"{mean} ({'+' if more > 0 else '−'}{said(more)} ± {said(half)})"
