"""The shipped catalogue of relief material (应急物资储备目录) and the people that it is worked out for."""

from functools import cache
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from scenarios.shipped import DATA

Above = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Least = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CatalogueRow(_Strict):
    """One item or standard; the head of ``scenarios/data/items.yaml`` says what each field means."""

    id: str
    name_zh: str
    name_en: str
    unit: str
    mass_kg: Above | None = None
    volume_m3: Above | None = None
    shelf_life_d: Annotated[int, Field(ge=1)] | None = None
    storage_class: Literal["dry", "frost_free", "hazardous", "open", "bulk"] | None = None
    gb38565_code: str | None = None
    per: Literal["person", "household", "incident", "day"]
    quantity_per: Least | None = None
    one_for: Above | None = None
    winter_factor: Least = 1.0
    hazards: str = ""
    unit_cost: Least | None = None
    certainty: Literal["high", "medium", "low"]
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _one_quantity(self) -> Self:
        if (self.quantity_per is None) == (self.one_for is None):
            raise ValueError(f"{self.id}: want one of quantity_per and one_for")
        return self

    @property
    def quantity(self) -> float:
        """Units per person, household, incident or person and day."""
        return 1 / self.one_for if self.one_for else self.quantity_per or 0.0

    def record(self) -> dict[str, Any]:
        """The row as a record of the layer ``items``; empty fields are left out."""
        told = self.model_dump(exclude={"one_for"}, exclude_none=True)
        return {**told, "quantity_per": self.quantity}


class PlanningPeople(_Strict):
    """A number of people, days or incidents that needs are worked out for, and where it comes from."""

    value: Annotated[int, Field(ge=0)]
    source: str
    note: str = ""


class PlanningSeason(_Strict):
    """The season that needs are worked out for."""

    value: Literal["winter", "summer"]
    source: str
    note: str = ""


class Planning(_Strict):
    """What needs are worked out for when nothing else is asked."""

    people: PlanningPeople
    days: PlanningPeople
    household_size: PlanningPeople
    season: PlanningSeason
    incidents: PlanningPeople


class Catalogue(_Strict):
    """Items to hold, standards a place must meet, and what they are worked out for."""

    muster_items: Literal[1]
    planning: Planning
    items: tuple[CatalogueRow, ...]
    standards: tuple[CatalogueRow, ...]


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue as shipped with the program."""
    told = yaml.safe_load((DATA / "items.yaml").read_text("utf-8"))
    defaults = told.pop("defaults")
    for section in ("items", "standards"):
        told[section] = [{**defaults, **row} for row in told[section]]
    return Catalogue.model_validate(told)
