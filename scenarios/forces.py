"""Forces that siting knows: what houses them, what they drive, how soon they leave."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Force(BaseModel):
    """One family of teams; the file ``scenarios/data/forces.yaml`` says what each field means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name_zh: str
    name_en: str
    capability: str
    station_kinds: tuple[str, ...]
    vehicle_class: str
    turnout_s: Annotated[float, Field(ge=0)]
    source: str
    certainty: Literal["cited", "recalled", "assumed"]


@cache
def forces() -> dict[str, Force]:
    """The shipped forces by name."""
    text = files("scenarios").joinpath("data/forces.yaml").read_text(encoding="utf-8")
    return {name: Force(**fields) for name, fields in yaml.safe_load(text).items()}
