"""Forces that siting knows: where they stand, which way they go, how soon."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Force(BaseModel):
    """One family of teams or facilities; ``scenarios/data/forces.yaml`` says what each field means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name_zh: str
    name_en: str
    site_zh: str = "站点"
    site_en: str = "stations"
    layer: Literal["stations", "depots", "shelters"] = "stations"
    station_kinds: tuple[str, ...] = ()
    capability: str = ""
    towards: Literal["people", "site"] = "people"
    turnout_column: str = ""
    vehicle_class: str
    turnout_s: Annotated[float, Field(ge=0)]
    source: str
    certainty: Literal["cited", "recalled", "assumed"]


@cache
def forces() -> dict[str, Force]:
    """The shipped forces by name."""
    text = files("scenarios").joinpath("data/forces.yaml").read_text(encoding="utf-8")
    return {name: Force(**fields) for name, fields in yaml.safe_load(text).items()}
