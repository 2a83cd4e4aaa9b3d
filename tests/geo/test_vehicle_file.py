"""Vehicle classes: the shipped file, a region's own, and every way to get one wrong."""

from dataclasses import fields
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.vehicle_file import read_vehicle_classes
from geo.vehicles import VehicleClass
from tests.conftest import ROOT
from tests.docs.markdown import blocks

GOOD = """
muster_vehicle_classes: 1
classes:
  car:
    name_zh: 轿车
    name_en: sedan
    sources: {other: test}
    max_speed_kmh: 100
    wading_limit_m: 0.25
    weight_t: 1.5
    height_m: 1.5
    speed_factor: {track: 0.5}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_vehicle_classes(written(folder, text))
    return [f"{fault.code} {fault.where}" for fault in caught.value.faults]


def test_the_shipped_classes_are_complete_and_sourced() -> None:
    classes = read_vehicle_classes()
    wanted = {
        "car",
        "fire_engine",
        "heavy_fire_engine",
        "hazmat_truck",
        "ambulance",
        "truck",
        "bus",
        "boat_carrier",
    }
    assert wanted <= set(classes)
    known = {field.name for field in fields(VehicleClass)} | {"other"}
    for name, vehicle in classes.items():
        assert vehicle.id == name
        assert vehicle.name_zh
        assert vehicle.name_en
        assert {part.split(": ")[0] for part in vehicle.source.split("; ") if ": " in part} <= known


def test_rescue_vehicles_may_more_and_wade_deeper_than_cars() -> None:
    classes = read_vehicle_classes()
    assert not classes["car"].may_contraflow
    assert classes["fire_engine"].may_contraflow
    assert classes["car"].wading_limit_m < classes["fire_engine"].wading_limit_m
    assert classes["fire_engine"].wading_limit_m < classes["boat_carrier"].wading_limit_m


def test_a_file_adds_to_the_shipped_classes_and_wins_on_equal_ids(tmp_path: Path) -> None:
    classes = read_vehicle_classes(written(tmp_path, GOOD))
    assert classes["car"].name_en == "sedan"
    assert classes["car"].speed_factor == {"track": 0.5}
    assert "fire_engine" in classes
    assert read_vehicle_classes()["car"].name_en == "car"


def test_the_example_of_the_document_is_a_whole_file(tmp_path: Path) -> None:
    (example,) = (b.text for b in blocks(ROOT / "docs" / "roads.md") if b.language == "yaml")
    assert read_vehicle_classes(written(tmp_path, example))["pickup"].wading_limit_m == 0.5


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("height_m: 1.5", "height_m: -1", "car.height_m"),
        ("height_m: 1.5", "height_m: .nan", "car.height_m"),
        ("height_m: 1.5", "height: 1.5", "car.height"),
        ("track: 0.5", "runway: 0.5", "car.speed_factor.runway"),
        ("track: 0.5", "track: 0", "car.speed_factor.track"),
        ("  car:", "  Car 1:", "classes.Car 1"),
        ("sources: {other: test}", "", "car.sources"),
        ("classes: 1", "classes: 2", "muster_vehicle_classes"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert any(
        f.startswith("V101 own.yaml") and f.endswith(place) for f in faults(tmp_path, GOOD.replace(old, new))
    )


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    wrong = GOOD.replace("weight_t: 1.5", "weight_t: 0").replace("max_speed_kmh: 100", "max_speed_kmh: fast")
    assert len(faults(tmp_path, wrong)) == 2


@pytest.mark.parametrize("text", ["classes: [", "a: b: c"])
def test_what_is_no_yaml_is_said_so(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text) == ["V102 own.yaml"]


def test_an_empty_file_and_another_encoding_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, "")[0].startswith("V101")
    path = tmp_path / "gb.yaml"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(InputError, match="V102"):
        read_vehicle_classes(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="V103"):
        read_vehicle_classes(tmp_path / "none.yaml")
