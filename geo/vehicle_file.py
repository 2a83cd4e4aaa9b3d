"""Files of vehicle classes: the shipped one, and one a region may bring along."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.errors import Fault, InputError, refuse
from geo.region.layers import ROAD_CLASSES
from geo.vehicles import VehicleClass

SHIPPED = "vehicle_classes.yaml"

RoadClass = Annotated[str, Field(pattern=f"^({'|'.join(ROAD_CLASSES)})$")]
Factor = Annotated[float, Field(gt=0, le=5)]
Speed = Annotated[float, Field(gt=0, le=200)]
Amount = Annotated[float, Field(ge=0)]


class _Entry(BaseModel):
    """One class as a file writes it; what is left out has the default of ``VehicleClass``."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    name_zh: str
    name_en: str
    sources: dict[str, str]
    speed_factor: dict[RoadClass, Factor] = {}
    default_factor: Factor = 1.0
    priority_factor: Factor = 1.0
    max_speed_kmh: Speed
    wading_limit_m: Annotated[float, Field(gt=0, le=5)]
    weight_t: Annotated[float, Field(gt=0, le=200)]
    height_m: Annotated[float, Field(gt=0, le=10)]
    may_contraflow: bool = False
    contraflow_factor: Annotated[float, Field(gt=0, le=1)] = 0.5
    may_use_private: bool = False
    may_pass_barriers: bool = False
    may_use_ferries: bool = True
    may_ignore_turns: bool = False
    off_road_kmh: Speed = 5.0
    load_kg: Amount = 0.0
    load_m3: Amount = 0.0
    seats: Annotated[int, Field(ge=0)] = 0


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    muster_vehicle_classes: Literal[1]
    classes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], _Entry]


def read_vehicle_classes(path: str | Path | None = None) -> dict[str, VehicleClass]:
    """Vehicle classes by id: the shipped ones, and those of a file, which come first on equal ids.

    Raises
    ------
    InputError
        V101 with all values of the file that cannot be used, V102 for a file that is no YAML, V103 for one
        that is not there.
    """
    shipped = dict(_shipped())
    if path is None:
        return shipped
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as missing:
        raise refuse(
            "V103",
            where=str(path),
            found=missing.strerror or "no readable file",
            wanted="a file of vehicle classes",
            fix="Check the path, or leave it out to use the shipped classes.",
        ) from missing
    except UnicodeDecodeError as wrong:
        raise _no_yaml(path.name, "text that is not UTF-8") from wrong
    return {**shipped, **_classes(text, where=path.name)}


@cache
def _shipped() -> dict[str, VehicleClass]:
    return _classes((files("geo") / "data" / SHIPPED).read_text(encoding="utf-8"), where=SHIPPED)


def _classes(text: str, *, where: str) -> dict[str, VehicleClass]:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        raise _no_yaml(where, " ".join(str(wrong).split())) from wrong
    try:
        entries = _File.model_validate(content).classes
    except ValidationError as wrong:
        raise InputError(_fault(where, error) for error in wrong.errors()) from wrong
    return {name: _vehicle_class(name, entry) for name, entry in entries.items()}


def _vehicle_class(name: str, entry: _Entry) -> VehicleClass:
    fields: dict[str, Any] = entry.model_dump(exclude={"sources"})
    return VehicleClass(
        id=name, source="; ".join(f"{field}: {text}" for field, text in entry.sources.items()), **fields
    )


def _no_yaml(where: str, found: str) -> InputError:
    return refuse(
        "V102",
        where=where,
        found=found,
        wanted="YAML in UTF-8",
        fix="Compare the file with the shipped geo/data/vehicle_classes.yaml.",
    )


def _fault(where: str, error: Any) -> Fault:
    keys = [str(key) for key in error["loc"] if key != "[key]"]
    return Fault(
        code="V101",
        where=f"{where} {'.'.join(keys)}".rstrip(),
        found="nothing" if error["type"] == "missing" else repr(error["input"])[:60],
        wanted=error["msg"],
        fix="Correct the value; the fields are explained in geo/data/vehicle_classes.yaml.",
    )
