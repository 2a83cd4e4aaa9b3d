"""Figures of a chemical park's fire-fighting infrastructure, each with source and certainty."""

from functools import cache
from typing import Annotated, Literal

import yaml
from pydantic import Field

from scenarios.model_base import Strict, Whole
from scenarios.shipped import DATA

Certainty = Literal["cited", "recalled", "assumed", "scenario"]
Above = Annotated[float, Field(gt=0)]


class ParkFigure(Strict):
    """One number, what it is, where it comes from and how sure that is."""

    name_zh: str
    name_en: str
    unit: str
    value: Above
    source: str
    certainty: Certainty


class BranchRow(Strict):
    """Foam branches beside a tank of at most this diameter, m, and for how long they work."""

    up_to_m: Above
    number: Annotated[Whole, Field(ge=0)]
    minutes: Above


class Branches(Strict):
    """Foam branches by diameter of the tank, smallest first."""

    name_zh: str
    name_en: str
    rows: tuple[BranchRow, ...]
    source: str
    certainty: Certainty

    def beside(self, diameter_m: float) -> BranchRow:
        """The row of a tank; of one larger than all rows, the last."""
        return next((row for row in self.rows if diameter_m <= row.up_to_m), self.rows[-1])


class ParkFigures(Strict):
    """What ``scenarios/data/park.yaml`` says; the comments of that file tell what each figure means."""

    muster_park: Literal[1]
    spacing_m: ParkFigure
    end_m: ParkFigure
    radius_m: ParkFigure
    both_sides_m: ParkFigure
    step_m: ParkFigure
    hours: ParkFigure
    two_ponds_above_m3: ParkFigure
    cooling_l_s_m: ParkFigure
    neighbour_l_s_m: ParkFigure
    soluble_l_min_m2: ParkFigure
    soluble_min: ParkFigure
    soluble_share: ParkFigure
    insoluble_l_min_m2: ParkFigure
    insoluble_min: ParkFigure
    insoluble_share: ParkFigure
    branch_l_min: ParkFigure
    branches: Branches
    pipes_m3: ParkFigure

    def single(self) -> dict[str, ParkFigure]:
        """All figures that are one number, by name, in the order of the file."""
        named = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: figure for name, figure in named.items() if isinstance(figure, ParkFigure)}

    def with_rules(self, rules: dict[str, float]) -> "ParkFigures":
        """The same with the figures that a scenario sets itself."""
        shipped = self.single()
        own = {
            name: shipped[name].model_copy(
                update={"value": value, "source": "scenario", "certainty": "scenario"}
            )
            for name, value in rules.items()
        }
        return self.model_copy(update=own)


@cache
def shipped_figures() -> ParkFigures:
    """The figures as shipped."""
    return ParkFigures.model_validate(yaml.safe_load((DATA / "park.yaml").read_text(encoding="utf-8")))
