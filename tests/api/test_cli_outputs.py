"""Where results go: never over an input, never over somebody else's files, whatever the terminal can show."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli import main
from geo.region.files import write_region
from scenarios.schemas import DIALECT, FORMS
from scenarios.shipped import DATA
from tests.scenarios.straight_county import straight_county


@pytest.fixture
def region(tmp_path: Path) -> Path:
    write_region(straight_county(), tmp_path / "county")
    return tmp_path / "county"


def test_a_map_never_takes_the_place_of_the_region(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip of the keyboard after --map would cost the county its data."""
    file = tmp_path / "county.gpkg"
    assert main(["region", "convert", str(region), str(file)]) == 0
    before = file.read_bytes()
    assert main(["region", "show", str(file), "--map", str(file)]) == 2
    assert "F306" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_a_result_never_takes_the_place_of_the_ledger_it_is_made_from(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "ledger.xlsx"
    assert main(["region", "convert", str(region), str(ledger)]) == 0
    before = ledger.read_bytes()
    arguments = ["region", "ledger", str(region), str(ledger), "--layer", "depots", "--out", str(ledger)]
    assert main(arguments) == 2
    assert "F307" in capsys.readouterr().err
    assert ledger.read_bytes() == before


def test_files_of_somebody_else_are_not_removed(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder with a file named like a layer is no region yet; nothing in it is touched."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "contacts.csv").write_text("my friends")
    assert main(["region", "convert", str(region), str(tmp_path / "mine")]) == 2
    assert "F114" in capsys.readouterr().err
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["contacts.csv"]
    for _ in range(2):
        assert main(["region", "convert", str(region), str(tmp_path / "again")]) == 0, (
            "a region is written over"
        )


@pytest.mark.skipif(os.name == "nt", reason="the folder's rights are set the POSIX way")
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_the_right_to_write_is_f110(region: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    assert main(["region", "convert", str(region), str(tmp_path / "locked" / "county.gpkg")]) == 2


def test_a_geopackage_that_cannot_be_written_is_f110(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The writer of GeoPackages has errors of its own for a disk that refuses."""
    name = "c" * 250 + ".gpkg"  # the file system takes it, the longer name of the temporary file it does not
    assert main(["region", "convert", str(region), str(tmp_path / name)]) == 2
    assert "F110" in capsys.readouterr().err


def test_output_that_cannot_show_chinese_shows_numbers(region: Path, tmp_path: Path) -> None:
    """As on a Western Windows console; the run ends well all the same."""
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "api.cli", "schema", "region"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u" in done.stdout


def test_every_form_has_its_schema_and_the_help_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A form that help leaves out is found by nobody."""
    assert main(["schema", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert f"{', '.join(list(FORMS)[:-1])} or {list(FORMS)[-1]}." in told
    for form in FORMS:
        assert main(["schema", form]) == 0
        assert json.loads(capsys.readouterr().out)["$schema"] == DIALECT


def test_ctrl_c_is_told_and_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stopped while the plan is computed: a line, the code of a stopped program, no folder."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.site_run.site", stopped)
    assert main(["site", str(DATA / "three-stations.yaml"), "--out", str(tmp_path / "plan")]) == 130
    assert capsys.readouterr().err.endswith("stopped; earlier results are untouched\n")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_full_at_the_last_file_leaves_the_old_results_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Plan, tables and page of one folder always belong together."""
    out = tmp_path / "plan"
    arguments = ["site", str(DATA / "three-stations.yaml"), "--out", str(out)]
    assert main(arguments) == 0
    for file in out.iterdir():
        file.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(out))

    monkeypatch.setattr("api.site_run.write_page", full)
    assert main(arguments) == 2
    assert "P110" in capsys.readouterr().err
    assert {file.read_bytes() for file in out.iterdir()} == {b"old"}


def test_a_place_that_cannot_be_a_folder_is_refused_before_the_computation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody waits for a plan that cannot be kept."""
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setattr("api.site_run.site", lambda *_: pytest.fail("computed for nothing"))
    assert main(["site", str(DATA / "three-stations.yaml"), "--out", str(tmp_path / "taken")]) == 2
    assert "P110" in capsys.readouterr().err
