"""``muster ensemble``: what it says and how it ends."""

from pathlib import Path

import pytest

from api.cli import main
from tests.scenarios.small_ensemble import write_siting, write_small


def test_an_ensemble_says_what_came_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_siting(tmp_path, replications=2)
    assert main(["ensemble", str(file), "--workers", "1", "--out", str(tmp_path / "out"), "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "2 of 2 runs" in said
    assert (tmp_path / "out" / "members.parquet").exists()
    assert (tmp_path / "out" / "ensemble.html").exists()


def test_an_ensemble_whose_members_are_all_faulty_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no member could be run there is nothing to read: the codes say why."""
    vary = [{"path": "incidents.0.where.lon", "values": [150.0]}]
    file = write_small(tmp_path, vary=vary, replications=2)
    ended = main(["ensemble", str(file), "--workers", "1", "--out", str(tmp_path / "out"), "--quiet"])
    said = capsys.readouterr().out
    assert ended == 2
    assert "not one member could be run" in said
