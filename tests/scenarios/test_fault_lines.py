"""Faults found while a scenario is answered name the file and the line of the key."""

from pathlib import Path

import pytest

from geo.errors import Fault, InputError
from scenarios.fault_lines import led_to_lines

TEXT = """muster: 1
kind: siting
region: county
siting:
  standards:
    - {force: fire}
    - force: hazmat
      zone: town
  rules:
    apart: [[a, b]]
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("siting.rules.apart", 10),
        ("siting.standards[1].zone", 8),
        ("siting.standards[1] weight", 7),
        ("siting.rules.groups (west)", 9),
        ("siting.standards[9]", 5),
    ],
)
def test_a_key_of_the_file_gets_its_line(tmp_path: Path, where: str, line: int) -> None:
    """The line of the key, or of the nearest thing around it that is written down."""
    assert led(tmp_path, where) == f"{tmp_path / 'asked.yaml'}:{line} {where}"


@pytest.mark.parametrize("where", ["--drawn", "region 'county'", "depots.csv row 3", "", "drill.kinds fire"])
def test_what_is_no_key_of_the_file_stays(tmp_path: Path, where: str) -> None:
    """Faults of other files, of options and of other scenarios are left alone."""
    assert led(tmp_path, where) == where


def led(tmp_path: Path, where: str) -> str:
    """Where a fault stands after it was led to the lines of the file."""
    path = tmp_path / "asked.yaml"
    path.write_text(TEXT, encoding="utf-8")
    fault = Fault(code="S143", where=where, found="x", wanted="y", fix="Z.")
    with pytest.raises(InputError) as told, led_to_lines(path):
        raise InputError([fault])
    return told.value.faults[0].where
