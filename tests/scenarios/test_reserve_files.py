"""Reserve scenario files: what is refused, with which code and where."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from geo.errors import InputError
from scenarios.files import read_scenario
from scenarios.reserve_models import ReserveScenario
from scenarios.shipped import DATA
from tests.scenarios.reserve_county import flood, quake

SHIPPED = DATA / "reserve-1200.yaml"


def written(tmp_path: Path, **changes: Any) -> Path:
    """A scenario file of a flood and an earthquake with ``changes`` to the section ``reserve``."""
    section = {"counted_on": "2026-06-01", "scenarios": [flood(), quake()], **changes}
    content = {"muster": 1, "kind": "reserve", "region": "straight", "reserve": section}
    path = tmp_path / "reserve.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def codes(path: Path) -> list[str]:
    try:
        read_scenario(path, ReserveScenario)
    except InputError as refused:
        return [fault.code for fault in refused.faults]
    return []


def test_the_shipped_scenario_is_for_1200_people_and_12_emergencies_of_every_kind() -> None:
    said = read_scenario(SHIPPED, ReserveScenario).reserve
    assert said.people == 1200
    assert len(said.scenarios) == 12
    assert sum(one.probability for one in said.scenarios) == pytest.approx(1)
    assert {one.hazard for one in said.scenarios} == {
        "gully_flood", "river_flood", "ice_jam", "toxic_gas", "flammable_liquid", "collapse",
    }  # fmt: skip
    assert list(said.windows) == [7_200, 36_000, 86_400, 259_200]
    assert len(said.items) == 25


def test_a_plain_file_is_read(tmp_path: Path) -> None:
    assert read_scenario(written(tmp_path), ReserveScenario).reserve.people == 1200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scenarios": [flood(probability=0.5), quake(probability=0.4)]}, "S420"),
        ({"scenarios": [flood(probability=0.5), quake(probability=0.6)]}, "S420"),
        ({"scenarios": [flood(), quake(id="flood")]}, "S206"),
        ({"people": 100, "scenarios": [flood(displaced={"east": 99}), quake()]}, "S421"),
        ({"windows": ["10 h", "2 h"]}, "S422"),
        ({"windows": ["2 h", "2 h"]}, "S422"),
        ({"windows": ["2 fortnights"]}, "S108"),
        ({"objective": {"least": "service"}}, "S424"),
        ({"objective": {"least": "service", "service": [0.9]}}, "S424"),
        ({"objective": {"least": "cost", "service": [0.9, 0.9, 0.9, 0.9]}}, "S424"),
        ({"objective": {"least": "cost", "level": 0.5}}, "S424"),
        ({"objective": {"least": "profit"}}, "S110"),
        ({"scenarios": [flood(where={}), quake()]}, "S203"),
        ({"scenarios": [flood(), quake(where={"flood_zones": ["reach"]})]}, "S201"),
        ({"people": 0}, "S109"),
        ({"people": 1.5}, "S107"),
        ({"budget": -1}, "S109"),
        ({"agreement_share": 1.2}, "S109"),
        ({"scenarios": []}, "S107"),
        ({"stock": "all"}, "S105"),
        ({"shares": {"province": 0.1}}, "S105"),
        ({"trucks": {"vehicle_class": "truck", "number": -1}}, "S109"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, changes: dict[str, Any], code: str) -> None:
    assert code in codes(written(tmp_path, **changes))


def test_an_unknown_key_of_an_emergency_is_answered_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_scenario(written(tmp_path, scenarios=[flood(hazzard="x"), quake()]), ReserveScenario)
    (fault,) = refused.value.faults
    assert fault.code == "S105"
    assert "hazard" in fault.fix
    assert "reserve.yaml:" in fault.where


def test_a_siting_scenario_is_not_taken_for_a_reserve(tmp_path: Path) -> None:
    assert codes(DATA / "three-stations.yaml") == ["S111"]
